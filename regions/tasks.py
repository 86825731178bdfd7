from celery import shared_task

from regions.cubes import registered
from regions.cubes.folding import fold


@shared_task
def fold_counters() -> int:
    return sum(fold(cube) for cube in registered())
