from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "households"
    verbose_name = "农户台账"

    def ready(self):
        from households.actions.tree import follow_tree, hand_over_claims
        from households.queries import regions_in_use
        from regions import dependents, tree_changed

        dependents.register("农户台账", regions_in_use, hand_over=hand_over_claims)
        tree_changed.register(follow_tree)
