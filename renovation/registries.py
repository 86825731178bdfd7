"""What the case tells the floors below it (architecture: registration)."""


def connect() -> None:
    """Called once from AppConfig.ready(): files of a case follow its visibility, calendar changes move its clock."""
    from households.registries import own_attachments
    from regions import calendar_changed
    from renovation.actions.clock import recompute_later
    from renovation.models import Case

    own_attachments("case", Case.objects.visible_to)
    calendar_changed.register(recompute_later)
