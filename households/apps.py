from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "households"
    verbose_name = "农户台账"

    def ready(self):
        from households.queries import regions_in_use
        from regions import dependents

        dependents.register("农户台账", regions_in_use)
