"""Background work. The broker only carries what the outbox and the timers can say again, so it may lose everything."""

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning
from django.conf import settings

from config.schedule import beat_schedule
from config.settings.addresses import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

# Said about root, whose danger is a pickled message; only JSON is accepted here.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("anju")
app.conf.update(
    broker_url=broker(settings.REDIS_URL),
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    # A killed worker's task comes back; tasks are idempotent, so twice is harmless and never is not.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    # Read by a worker of its own, the only process that holds the model.
    task_routes={"households.tasks.read_cards": {"queue": "ocr"}},
    task_time_limit=900,
    task_soft_time_limit=840,
    # Longer than any task may run, or a slow one would be handed out a second time.
    broker_transport_options={"visibility_timeout": 1200, "socket_connect_timeout": 0.5, "socket_keepalive": True},
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=0.5,
    task_publish_retry=False,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    enable_utc=True,
    timezone=settings.TIME_ZONE,
    beat_schedule=beat_schedule(),
    beat_schedule_filename=str(settings.VAR_DIR / "beat-schedule"),
)
app.autodiscover_tasks()
