"""Closed lists of the accounts app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RoleType(TextChoices):
    """What a user may do in the organization before role groups are asked."""

    ADMINISTRATOR = "administrator", _("Administrator")
    STANDARD = "standard_user", _("Standard user")


class HourClock(TextChoices):
    """Which hour clock a person reads."""

    CULTURE = "culture", _("As the culture says")
    TWELVE = "12", _("12-hour")
    TWENTY_FOUR = "24", _("24-hour")


class SecurityEventKind(TextChoices):
    """What can happen to one's account: source, subject, action."""

    SIGNED_IN = "account:session:begun", _("Signed in")
    SIGNED_OUT = "account:session:ended", _("Signed out")
    SESSION_ENDED = "account:browser:signed_out", _("One browser signed out")
    SESSIONS_ENDED = "account:sessions:ended", _("Other sessions ended")
    BROWSER_FORGOTTEN = "account:browser:forgotten", _("Browser forgotten")
    BROWSERS_FORGOTTEN = "account:browsers:forgotten", _("All browsers forgotten")
    PASSWORD_WRONG = "account:password:wrong", _("Wrong password")
    PASSWORD_LOCKED = "account:password:locked", _("Too many wrong passwords")
    PASSWORD_RESET_ASKED = "account:password:reset_asked", _("Password reset asked for")
    PASSWORD_CHANGED = "account:password:changed", _("Password changed")
    CODE_SENT = "account:code:sent", _("Code sent")
    CODE_WRONG = "account:code:wrong", _("Wrong code")
    RECOVERY_CODE_USED = "account:recovery_code:used", _("Recovery code used")
    RECOVERY_CODES_MADE = "account:recovery_codes:made", _("Recovery codes made")
    EMAIL_CHANGE_ASKED = "account:email:change_asked", _("New e-mail address asked for")
    EMAIL_CHANGED = "account:email:changed", _("E-mail address changed")
    NUMBER_PROPOSED = "account:number:proposed", _("New cell number typed")
    NUMBER_CHANGED = "account:number:changed", _("Cell number changed")
    NUMBER_REMOVED = "account:number:removed", _("Cell number removed")
    CHANGE_UNDONE = "account:change:undone", _("Change of address or number undone")
    TWO_FACTOR_ON = "account:two_factor:on", _("2FA turned on")
    TWO_FACTOR_OFF = "account:two_factor:off", _("2FA turned off")
    PROOF_GIVEN = "account:proof:given", _("Identity confirmed")
    PROFILE_CHANGED = "account:profile:changed", _("Profile changed")
    RETURN_PROTECTION_CHANGED = "account:return_protection:changed", _("Return protection changed")
    LOG_EXPORTED = "account:log:exported", _("Log exported")
    MARK_ADDED = "account:mark:added", _("Signature mark added")
    MARK_DELETED = "account:mark:deleted", _("Signature mark deleted")
    LICENSE_RENEWED = "license:period:renewed", _("License renewed by itself")
    SUPPORT_OPENED = "support:account:opened", _("Record opened by support")
    SUPPORT_CHANGED = "support:account:changed", _("Changed by support")
    SUPPORT_UNLOCKED = "support:account:unlocked", _("Sign-in unlocked by support")
    SUPPORT_RESET_TWO_FACTOR = "support:two_factor:reset", _("2FA reset by support")
    SUPPORT_SENT_FIRST_LINK = "support:first_link:sent", _("Link for the first password sent again by support")
    SUPPORT_STARTED_RESET = "support:password:reset_started", _("Password reset started by support")
    SUPPORT_ENDED_SESSIONS = "support:sessions:ended", _("All sessions ended by support")
