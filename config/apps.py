from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Binds the Celery application in every process: a shared task must never fall back to a broker on localhost."""

    name = "config"
    verbose_name = "安居"

    def ready(self) -> None:
        from config import celery  # noqa: F401
