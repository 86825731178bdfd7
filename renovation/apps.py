from django.apps import AppConfig


class RenovationConfig(AppConfig):
    name = "renovation"
    verbose_name = "危房改造"

    def ready(self):
        from renovation import registries

        registries.connect()
