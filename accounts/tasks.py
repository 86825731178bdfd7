from celery import shared_task

from accounts.actions import anchors, audit, outbox, sweep


@shared_task
def dispatch_outbox() -> int:
    return outbox.dispatch_outbox()


@shared_task
def handle_outbox(entry_id: int) -> bool:
    return outbox.handle(entry_id)


@shared_task
def chain_audit() -> int:
    return audit.chain_audit()


@shared_task
def anchor_audit() -> int:
    return anchors.anchor_heads()


@shared_task
def sweep_accounts() -> dict[str, int]:
    return sweep.sweep()
