"""People, organizations, factors, sessions, waiting changes, security log."""

from accounts.models.changes import KeptForm, MailedLink, PendingChange
from accounts.models.email_changes import EmailChange
from accounts.models.factors import RecoveryCode, RecoveryDevice, SmsDevice
from accounts.models.organizations import Organization
from accounts.models.security_log import SecurityEvent
from accounts.models.sessions import KnownBrowser, Session
from accounts.models.users import User, fold_email

__all__ = [
    "EmailChange",
    "KeptForm",
    "KnownBrowser",
    "MailedLink",
    "Organization",
    "PendingChange",
    "RecoveryCode",
    "RecoveryDevice",
    "SecurityEvent",
    "Session",
    "SmsDevice",
    "User",
    "fold_email",
]
