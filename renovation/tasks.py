from celery import shared_task

from renovation.actions import clock, expiry, ladder, publicity, retention, service


@shared_task
def run_ladder() -> int:
    # What ended by itself must not be called late.
    publicity.close_due_publicities()
    return ladder.climb_ladder()


@shared_task
def close_publicities() -> int:
    return publicity.close_due_publicities()


@shared_task
def recompute_stragglers() -> int:
    return clock.recompute_stragglers()


@shared_task
def delete_old_drafts() -> int:
    return expiry.delete_old_drafts()


@shared_task
def forget_old_cases() -> int:
    return retention.forget_old_cases()


@shared_task
def remind_ratings() -> int:
    return service.remind_ratings()


@shared_task
def forget_positions() -> int:
    return retention.forget_positions()
