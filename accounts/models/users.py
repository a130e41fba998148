"""A person with an account."""

import unicodedata
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.encoding import punycode
from django.utils.translation import gettext_lazy as _

from accounts.choices import HourClock, RoleType
from accounts.limits import EMAIL_MOST_CHARACTERS, NAME_MOST_CHARACTERS
from accounts.models.organizations import Organization
from core import keys
from core.crypto.sealing import seal, unseal
from core.cultures import Habits
from core.sms.numbers import international, number_digest

NUMBER_PLACE = "accounts_user:cell_number:{pk}"


def fold_email(email: str) -> str:
    """Return the form by which two spellings of one address are the same: NFKC, case folded, trimmed.

    A domain beyond ASCII takes the form in which browsers send it and mail goes to it. One that has none stays, and so
    does one that would be too long for its column.
    """
    folded = unicodedata.normalize("NFKC", email).strip().casefold()
    local, at, domain = folded.rpartition("@")
    if not at or domain.isascii() or len(folded) > EMAIL_MOST_CHARACTERS:
        return folded
    try:
        # As Django encodes the domain of a mail: one form for two domains would open an account to the other's owner.
        encoded = local + at + punycode(domain)
    except UnicodeError:
        return folded
    return encoded if len(encoded) <= EMAIL_MOST_CHARACTERS else folded


class UserManager(BaseUserManager["User"]):
    """Finds users by their folded address."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email_key=fold_email(username or ""))

    def with_email(self, email: str) -> "User | None":
        """Return the user of an address in any spelling, or None."""
        return self.select_related("organization").filter(email_key=fold_email(email)).first()


class User(AbstractBaseUser):
    """A person with an account: belongs to one organization; support staff belongs to none."""

    email_key = models.CharField(max_length=EMAIL_MOST_CHARACTERS, unique=True)
    email = models.CharField(_("Email"), max_length=EMAIL_MOST_CHARACTERS)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="users", verbose_name=_("organization")
    )
    role_type = models.CharField(_("role type"), max_length=20, choices=RoleType, default=RoleType.STANDARD)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(_("active"), default=True)
    first_name = models.CharField(max_length=NAME_MOST_CHARACTERS)
    last_name = models.CharField(max_length=NAME_MOST_CHARACTERS)
    cell_number_sealed = models.BinaryField(max_length=80, null=True)
    cell_number_digest = models.BinaryField(max_length=32, null=True, db_index=True)
    cell_number_proven_at = models.DateTimeField(null=True)
    two_factor_enabled = models.BooleanField(_("2FA"), default=False)
    default_sms_country = models.CharField(max_length=2, default="CA")
    time_zone = models.CharField(max_length=64, default="America/Toronto")
    date_culture = models.CharField(max_length=32, default="en-CA")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="en")
    hour_clock = models.CharField(max_length=10, choices=HourClock, default=HourClock.CULTURE)
    iso_dates = models.BooleanField(default=False)
    is_warned_of_unread = models.BooleanField(default=True)
    is_zone_offered = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email_key"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_staff=True, organization=None) | Q(is_staff=False, organization__isnull=False),
                name="accounts_user_staff_has_no_organization",
            ),
            models.CheckConstraint(
                condition=Q(two_factor_enabled=False) | Q(cell_number_proven_at__isnull=False),
                name="accounts_user_two_factor_needs_proven_number",
            ),
            models.CheckConstraint(
                condition=Q(cell_number_proven_at=None) | Q(cell_number_sealed__isnull=False),
                name="accounts_user_proven_number_exists",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded address beside the one that was typed."""
        self.email_key = fold_email(self.email)
        super().save(*args, **kwargs)

    @property
    def is_administrator(self) -> bool:
        return self.role_type == RoleType.ADMINISTRATOR and not self.is_staff

    @property
    def initials(self) -> str:
        return (self.first_name[:1] + self.last_name[:1]).upper() or self.email[:1].upper()

    @property
    def cell_number(self) -> str:
        """The cell number in E.164 form, or nothing."""
        if self.cell_number_sealed is None:
            return ""
        place = NUMBER_PLACE.format(pk=self.pk)
        return unseal(keys.derived("cell numbers"), bytes(self.cell_number_sealed), place=place).decode()

    @property
    def proven_number(self) -> str:
        """The cell number in E.164 form where it was confirmed, or nothing."""
        return self.cell_number if self.cell_number_proven_at else ""

    @property
    def cell_number_shown(self) -> str:
        """The cell number in international form, or nothing."""
        return international(self.cell_number) if self.cell_number_sealed is not None else ""

    def keep_cell_number(self, e164: str, *, proven_at: datetime | None) -> None:
        """Put a number on this row, sealed; the caller saves."""
        if not e164:
            self.cell_number_sealed = self.cell_number_digest = self.cell_number_proven_at = None
            return
        place = NUMBER_PLACE.format(pk=self.pk)
        self.cell_number_sealed = seal(keys.derived("cell numbers"), e164.encode(), place=place)
        self.cell_number_digest = number_digest(e164)
        self.cell_number_proven_at = proven_at

    @property
    def habits(self) -> Habits:
        """How this person wants dates, times and numbers."""
        return Habits(
            culture=self.date_culture, zone=self.time_zone, hour_clock=self.hour_clock, iso_dates=self.iso_dates
        )

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_short_name(self) -> str:
        return self.first_name or self.email

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        """Tell whether support staff may do a thing in the support pages; nobody else may do any."""
        return self.is_active and self.is_staff and perm in settings.SUPPORT_PERMISSIONS

    def has_module_perms(self, app_label: str) -> bool:
        prefix = f"{app_label}."
        return self.is_active and self.is_staff and any(p.startswith(prefix) for p in settings.SUPPORT_PERMISSIONS)
