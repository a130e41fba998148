"""People, organizations, factors, sessions, waiting changes, security log."""

from accounts.models.changes import KeptForm, MailedLink, PendingChange
from accounts.models.email_changes import EmailChange
from accounts.models.factors import (
    SIGN_IN,
    RecoveryCode,
    RecoveryDevice,
    SmsDevice,
    recovery_code_digest,
    sign_in_subject,
)
from accounts.models.opened_records import OpenedRecord
from accounts.models.organizations import Organization
from accounts.models.security_log import SecurityEvent
from accounts.models.sessions import KnownBrowser, Session
from accounts.models.undos import Undo
from accounts.models.users import User, fold_email

__all__ = [
    "SIGN_IN",
    "EmailChange",
    "KeptForm",
    "KnownBrowser",
    "MailedLink",
    "OpenedRecord",
    "Organization",
    "PendingChange",
    "RecoveryCode",
    "RecoveryDevice",
    "SecurityEvent",
    "Session",
    "SmsDevice",
    "Undo",
    "User",
    "fold_email",
    "recovery_code_digest",
    "sign_in_subject",
]
