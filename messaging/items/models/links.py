"""How a person outside gets at an item: the link, the proof it asks, and the browser it was opened in."""

from django.db import models

from messaging.items.choices import LinkEnd
from messaging.items.limits import BROWSER_CHARACTERS, BROWSERS_KNOWN_AN_HOUR, HINT_MOST_CHARACTERS
from messaging.items.models.items import Participant


class Link(models.Model):
    """One secret link: what recognizes its secret, and what the secret opens.

    Wrap and gate key go when the link ends; the recognizer stays, so that the right person is told why it ended.
    """

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="links")
    number = models.PositiveSmallIntegerField()
    locator = models.BinaryField(max_length=16, unique=True)
    salt = models.BinaryField(max_length=32)
    recognizer = models.BinaryField(max_length=32)
    policy = models.TextField()
    wrap = models.BinaryField(max_length=60, null=True)
    gate_key_sealed = models.BinaryField(max_length=120, null=True)
    week_on = models.DateField()
    amendment = models.TextField(blank=True)
    amendment_tag = models.BinaryField(max_length=32, null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=10, choices=LinkEnd, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "number"], name="items_link_in_order"),
            models.UniqueConstraint(
                fields=["participant"], condition=models.Q(ended_at=None), name="items_link_one_lives"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(wrap=None, gate_key_sealed=None),
                name="items_link_ended_opens_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"

    @property
    def is_done(self) -> bool:
        """Tell whether its person did by it what was asked; one made afterwards opens what came of that."""
        done_at = self.participant.done_at
        return done_at is not None and self.made_at < done_at and self.ended_by != LinkEnd.REPLACED


class Gate(models.Model):
    """The proof that one link asks: what is compared, and how often it was missed.

    A code by text message is not here but in the codes of the machinery; its misses are counted here too.
    """

    link = models.OneToOneField(Link, on_delete=models.PROTECT, primary_key=True, related_name="gate")
    code_salt = models.BinaryField(max_length=16, null=True)
    code_digest = models.BinaryField(max_length=32, null=True)
    password_hash = models.CharField(max_length=200, blank=True)
    hint = models.CharField(max_length=HINT_MOST_CHARACTERS, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    misses = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"gate of link {self.link_id}"


class OpenSession(models.Model):
    """One browser that gave a link's secret, and how far it has come.

    The secret is sealed under a key that only the browser's cookie gives: neither the row nor the cookie opens
    anything alone.
    """

    digest = models.BinaryField(max_length=32, primary_key=True)
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="open_sessions")
    secret_sealed = models.BinaryField(max_length=100)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    reply_proven_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"open session of link {self.link_id}"


class LinkCheck(models.Model):
    """How often a link was fetched in one hour: by a mail filter, by somebody who left, or by who then opened it.

    `is_automatic` says that all were programs' as far as they can be told, `automatic_checks` how many were.
    `browsers` holds digests of those that might be people's, one behind the other, until the link ends; `is_opened`
    says that one of them opened the link afterwards.
    """

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="checks")
    hour_at = models.DateTimeField()
    checks = models.PositiveIntegerField(default=0)
    is_automatic = models.BooleanField(default=False)
    automatic_checks = models.PositiveIntegerField(default=0, db_default=0)
    browsers = models.CharField(max_length=BROWSERS_KNOWN_AN_HOUR * BROWSER_CHARACTERS, blank=True, default="")
    is_opened = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "hour_at"], name="items_linkcheck_once_an_hour")]

    def __str__(self) -> str:
        return f"{self.checks} checks of link {self.link_id}"
