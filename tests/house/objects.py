"""Objects for the neighbour's test of tests/access_matrix.yaml: whose they are, and who lives next door."""

from accounts.actions.messages import send
from accounts.models import Message
from households.choices import Relation
from households.models import Attachment
from renovation.choices import CaseState, Slot
from tests.factories.accounts import make_phone_account
from tests.factories.people import make_id_number
from tests.factories.renovation import World, attach_appraisal, make_case, make_draft, make_villager

NEXT_DOOR = "990102100201"


def neighbour_of(world: World):
    """A villager of the next county, with a person of their own."""
    return make_villager(world.regions[NEXT_DOOR], "李松林", id_number=make_id_number("19600101"))


def draft(world: World):
    """A draft with a photo and a family member, for the pages of its applicant."""
    villager = make_villager(world.village)
    case = make_draft(villager, world.village)
    photo = Attachment.objects.get(owner_uid=case.uid)
    values = {"<uuid:uid>": case.uid, "<slug:slug>": "parts", "<uuid:photo>": photo.uid}
    return values | {"<uuid:member>": _member(case).uid}, villager, neighbour_of(world)


def _member(case):
    return case.members.create(name="张小山", relation=Relation.values[0], id_number=make_id_number("19800202"))


def villagers_case(world: World):
    """A submitted case, for the pages of its applicant."""
    villager = make_villager(world.village)
    return {"<uuid:uid>": make_case(world, villager=villager).uid}, villager, neighbour_of(world)


def officers_case(world: World):
    """A submitted case, for the county's officer."""
    case = make_case(world)
    return {"<uuid:uid>": case.uid, "<int:seq>": 1}, world.officer, world.stranger


def officers_member(world: World):
    """A family member of a submitted case."""
    case = make_case(world)
    return {"<uuid:uid>": case.uid, "<uuid:member>": _member(case).uid}, world.officer, world.stranger


def officers_paper(world: World):
    """The appraisal sheet that a step asks for."""
    case = make_case(world, CaseState.PENDING_APPRAISAL)
    sheet = attach_appraisal(case, by=world.officer)
    values = {"<uuid:uid>": case.uid, "<slug:slot>": Slot.APPRAISAL, "<uuid:file>": sheet.uid}
    return values, world.officer, world.stranger


def photo(world: World):
    """A photo of a submitted case, for the county's officer."""
    case = make_case(world)
    return {"<uuid:uid>": Attachment.objects.get(owner_uid=case.uid).uid}, world.officer, world.stranger


def claim(world: World):
    """A claimed person that waits for the village to confirm it."""
    return {"<uuid:uid>": make_villager(world.village).claim.uid}, world.cadre, world.stranger


def persons_claim(world: World):
    """A person of a phone, for that phone."""
    villager = make_villager(world.village)
    return {"<uuid:uid>": villager.claim.uid}, villager, make_phone_account()


def villagers_message(world: World):
    villager = make_villager(world.village)
    return _message(villager), villager, neighbour_of(world)


def officers_message(world: World):
    return _message(world.officer), world.officer, world.stranger


def _message(user):
    send(recipient=user.acting_uid, kind="N01", text="您的申请已提交", link="/")
    return {"<int:pk>": Message.objects.latest("pk").pk}
