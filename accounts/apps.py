from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "账号与审计"

    def ready(self) -> None:
        from accounts import frame, handover
        from accounts.actions import audit, messages, offices, regions  # noqa: F401  messages registers its outbox topic
        from common.admin import register_journal
        from regions import calendar_changed, dependents, enabling, tree_changed

        frame.register()
        dependents.register("accounts", offices.offices_of, hand_over=offices.hand_over_offices)
        enabling.register(regions.missing_accounts)
        handover.register("accounts", regions.last_deciding)
        enabling.witness(regions.witness_enabling)
        tree_changed.register(regions.witness_tree)
        calendar_changed.witness(regions.witness_calendar)
        register_journal(audit.record)
