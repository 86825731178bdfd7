"""Periodic work, one line each. Every task is idempotent and claims its rows, so a second beat does no harm."""

SECOND = 1.0
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

EVERY = {
    "accounts.tasks.dispatch_outbox": 2 * SECOND,
    "accounts.tasks.chain_audit": 3 * SECOND,
    "accounts.tasks.anchor_audit": HOUR,
    "accounts.tasks.sweep_accounts": HOUR,
    # What is read is exact without it; it only keeps what is added at reading small.
    "regions.tasks.fold_counters": SECOND,
    "renovation.tasks.run_ladder": 30 * SECOND,
    "renovation.tasks.close_publicities": 30 * SECOND,
    "renovation.tasks.recompute_stragglers": 10 * MINUTE,
    "households.tasks.sweep_files": HOUR,
    "households.tasks.sweep_cards": MINUTE,
    "renovation.tasks.delete_old_drafts": HOUR,
    "renovation.tasks.forget_old_cases": DAY,
    "renovation.tasks.forget_positions": DAY,
    "renovation.tasks.remind_ratings": HOUR,
    "config.tasks.clear_sessions": DAY,
}


def beat_schedule() -> dict:
    """Celery's form of the table. A tick that waited too long is dropped: the next one does its work."""
    return {
        task: {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 10 * SECOND)}}
        for task, seconds in EVERY.items()
    }
