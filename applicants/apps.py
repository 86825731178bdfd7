from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    name = "applicants"
    verbose_name = "群众端"

    def ready(self):
        from applicants import frame

        frame.register()
