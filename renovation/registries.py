"""What the case tells the floors below it (architecture: registration)."""

from accounts.permissions import Can


def connect() -> None:
    """Called once from AppConfig.ready(): files of a case follow its visibility, calendar changes move its clock."""
    from households.registries import own_attachments
    from regions import calendar_changed, dependents, tree_changed
    from renovation.actions.clock import recompute_later
    from renovation.actions.tree import follow_tree

    own_attachments("case", visible_with_files)
    calendar_changed.register(recompute_later)
    tree_changed.register(follow_tree)
    dependents.register("工单", cases_in, hand_over=dependents.moves_along)


def cases_in(region) -> str | None:
    """Why a division cannot be closed (domain §9.2): somebody still has to act on cases there."""
    from renovation.models import Case

    count = Case.objects.open().filter(region_key__range=region.key_range).count()
    return f"本区划下有{count}件未办结工单" if count else None


def visible_with_files(user):
    """The cases whose files the user may open: 三员 see no photo either, however they got its address."""
    from renovation.models import Case

    may_read = user.is_authenticated and (user.is_villager or user.can(Can.READ_RECORDS))
    return Case.objects.visible_to(user) if may_read else Case.objects.none()
