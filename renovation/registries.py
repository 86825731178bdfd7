"""What the case tells the floors below it (architecture: registration)."""

from accounts.permissions import Can


def connect() -> None:
    """Called once from AppConfig.ready(): files of a case follow its visibility, calendar changes move its clock."""
    from households.registries import own_attachments
    from regions import calendar_changed, tree_changed
    from renovation.actions.clock import recompute_later
    from renovation.actions.tree import follow_tree

    own_attachments("case", visible_with_files)
    calendar_changed.register(recompute_later)
    tree_changed.register(follow_tree)


def visible_with_files(user):
    """The cases whose files the user may open: 三员 see no photo either, however they got its address."""
    from renovation.models import Case

    may_read = user.is_authenticated and (user.is_villager or user.can(Can.READ_RECORDS))
    return Case.objects.visible_to(user) if may_read else Case.objects.none()
