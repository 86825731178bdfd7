from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "账号与审计"

    def ready(self) -> None:
        from accounts import frame
        from accounts.actions import messages, offices  # noqa: F401  messages registers its outbox topic
        from regions import dependents

        frame.register()
        dependents.register("accounts", offices.offices_of, hand_over=offices.hand_over_offices)
