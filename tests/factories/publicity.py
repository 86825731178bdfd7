"""Notices that run, objections to them, and photos of the board, made by the actions that people use."""

from renovation.actions.publicity import register_objection
from renovation.choices import CaseState
from renovation.models import Case, Objection, Publicity
from tests.factories.renovation import World, make_case


def make_noticed(world: World, **options) -> tuple[Case, Publicity]:
    """A case of the world whose notice went up today, and that notice."""
    case = make_case(world, CaseState.IN_PUBLICITY, **options)
    return case, Publicity.objects.get(case=case)


def object_to(case: Case, *, by, **fields) -> Objection:
    """An objection to the running notice, with a name unless the fields say otherwise."""
    said = {"is_anonymous": False, "name": "岑溪月", "phone": "15400008888", "content": "他家在镇上有一套新房"}
    return register_objection(case=case, by=by, **{**said, **fields})
