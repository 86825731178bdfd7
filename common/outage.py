"""Whether an error says that the database is away for a moment, and nothing about the request."""

from django.db import DatabaseError, InterfaceError, OperationalError


def is_database_away(error: BaseException | None) -> bool:
    """True for a lost or refused connection, also when the server died in the middle of a statement."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    # The driver then knows no more than the bare class; Django's own bare errors have no driver's error behind them.
    return type(error) is DatabaseError and error.__cause__ is not None
