from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "regions"
    verbose_name = "行政区划与日历"
    default_auto_field = "django.db.models.AutoField"

    def ready(self):
        from regions import checks  # noqa: F401
