from django.apps import AppConfig


class LookbackConfig(AppConfig):
    name = "lookback"
    verbose_name = "回头看"

    def ready(self):
        from lookback.cube import CUBE
        from regions import cubes

        cubes.register(CUBE)
