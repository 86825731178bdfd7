from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Tools without tables and without domain words."""

    name = "common"
    verbose_name = "公共"
