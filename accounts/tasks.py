from celery import shared_task

from accounts.actions import audit, outbox


@shared_task
def dispatch_outbox() -> int:
    return outbox.dispatch_outbox()


@shared_task
def handle_outbox(entry_id: int) -> bool:
    return outbox.handle(entry_id)


@shared_task
def chain_audit() -> int:
    return audit.chain_audit()
