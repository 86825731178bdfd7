import sys

from celery import shared_task
from celery.signals import worker_process_init

from households.actions import cards, sweeping


@shared_task
def sweep_files() -> int:
    return sweeping.sweep_files()


@shared_task
def sweep_cards() -> int:
    return cards.sweep()


@shared_task(soft_time_limit=120, time_limit=150)
def read_cards() -> int:
    return cards.read_waiting()


def call_reader() -> None:
    """Tell the worker of the queue `ocr` that a photo waits; it reads all it finds, so a lost call costs little."""
    read_cards.apply_async(expires=60)


@worker_process_init.connect
def make_ready(**_) -> None:
    """Only the worker that listens to `ocr` loads the model; it runs in the child that will read."""
    if "ocr" in sys.argv:
        from households.idcard.read import warm_up

        warm_up()
