from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "账号与审计"

    def ready(self) -> None:
        from accounts import frame
        from accounts.actions import messages  # noqa: F401  its outbox topic registers itself

        frame.register()
