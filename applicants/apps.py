from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    name = "applicants"
    verbose_name = "群众端"

    def ready(self):
        from applicants import frame
        from applicants.models import Recording
        from households.registries import own_attachments

        frame.register()
        own_attachments("recording", lambda user: Recording.objects.visible_to(user))
