from accounts.models.audit import AuditEntry, AuditLink, AuditPending
from accounts.models.login import KnownDevice, LoginAttempt, PasswordHistory
from accounts.models.message import Message
from accounts.models.office import Office
from accounts.models.outbox import OutboxEntry
from accounts.models.privacy import Consent, UnmaskLog
from accounts.models.sms import SmsCode, SmsMessage
from accounts.models.submission import Submission
from accounts.models.user import User

__all__ = [
    "AuditEntry",
    "AuditLink",
    "AuditPending",
    "Consent",
    "KnownDevice",
    "LoginAttempt",
    "Message",
    "Office",
    "OutboxEntry",
    "PasswordHistory",
    "SmsCode",
    "SmsMessage",
    "Submission",
    "UnmaskLog",
    "User",
]
