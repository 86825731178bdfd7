from django.apps import AppConfig


class ArtisansConfig(AppConfig):
    name = "artisans"
    verbose_name = "乡村建设工匠"

    def ready(self):
        from artisans.tree import artisans_in, follow_tree, hand_over_artisans
        from regions import dependents, tree_changed

        dependents.register("工匠", artisans_in, hand_over=hand_over_artisans)
        tree_changed.register(follow_tree)
