from celery import shared_task

from households.actions import sweeping


@shared_task
def sweep_files() -> int:
    return sweeping.sweep_files()
