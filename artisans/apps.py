from django.apps import AppConfig


class ArtisansConfig(AppConfig):
    name = "artisans"
    verbose_name = "乡村建设工匠"
