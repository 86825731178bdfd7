from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Tools without tables and without domain words."""

    name = "common"
    verbose_name = "公共"

    def ready(self):
        from common import admin  # noqa: F401 - registers its check
