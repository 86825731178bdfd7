from celery import shared_task

from common.sessions import SessionStore


@shared_task
def clear_sessions() -> None:
    """Removes sessions that ended; the table would otherwise keep everyone who ever looked in."""
    SessionStore.clear_expired()
