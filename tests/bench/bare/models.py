"""Four small tables around Django's own user; one row or one indexed look-up each."""
# ruff: noqa: DJ008 (nobody reads these rows)

from typing import Any, ClassVar

from django.conf import settings
from django.db import models


class Row(models.Model):
    """Names the manager, because type checks know only the models of the portal's own settings."""

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True


class Tariff(Row):
    """What a subscription costs and gives."""

    name = models.CharField(max_length=40)
    calls_per_month = models.IntegerField()


class Subscription(Row):
    """One person's right to call."""

    holder = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE)
    tariff = models.ForeignKey(Tariff, models.PROTECT)
    ends_at = models.DateTimeField()


class Habits(Row):
    """How one person likes things."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE)
    number = models.CharField(max_length=20)
    is_listed = models.BooleanField(default=False)
    country = models.CharField(max_length=2, default="CA")
    zone = models.CharField(max_length=60, default="America/Toronto")
    culture = models.CharField(max_length=10, default="fr-CA")


class MonthOfCalls(Row):
    """How often one person called in a month."""

    caller = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    month = models.CharField(max_length=7)
    calls = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "month"], name="one_row_a_month")]


class Call(Row):
    """One call."""

    caller = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False)
    called_at = models.DateTimeField()
    about = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["caller", "-called_at", "-id"], name="calls_of_a_caller")]
