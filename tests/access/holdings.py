"""What belongs to whom in the town: for every kind of object in the table, the same thing in three hands.

`home` is the villager's, `lane` another villager's of the same village, `next door` one of the neighbour county. The
FURTHER places lie in the next village, in the next township, and in another province.
"""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions.messages import send
from accounts.models import Message
from common.clock import now, today
from common.masking import mask_id_number
from households.choices import Relation
from households.models import Attachment
from renovation.actions import drafts
from renovation.actions.extra_photos import add_extra_photo
from renovation.actions.payments import record_payment
from renovation.actions.service import ask_second_look, request_photos
from renovation.choices import CaseState, Slot
from renovation.models import BehalfNotice, Case, CaseMember, CaseNode, Payment
from tests.access.people import HOME, NEXT_DOOR, OTHER_PROVINCE, Town, town_villager
from tests.factories.accounts import make_user
from tests.factories.people import make_id_number, photo_bytes
from tests.factories.projects import make_project
from tests.factories.publicity import make_noticed, object_to
from tests.factories.regions import enable, make_region
from tests.factories.renovation import World, attach_appraisal, make_case, make_draft
from tests.factories.steps import attach

PLACES = {"home": ("villager", HOME), "lane": ("other", HOME), "next door": ("next door", NEXT_DOOR)}
FURTHER = {
    "sibling village": ("崆峒鹂", "990101100202"),
    "other town": ("峄阳鸥", "990101200201"),
    "other province": ("邛崃鹞", "980101100201"),
}
# Who may see the object of `home` at all; whoever is not named answers as if it did not exist.
READERS = ("village", "township", "county", "city", "province", "ministry", "reader", "auditor")
SEEN_BY = {
    "draft": ("villager",),
    "agents_draft": ("village",),
    "villagers_case": ("villager",),
    "officers_case": READERS,
    "officers_second_look": READERS,
    "officers_behalf": READERS,
    "officers_member": READERS,
    "officers_paper": READERS,
    "officers_notice": READERS,
    # Who objects is not for the village to know.
    "objection": tuple(name for name in READERS if name != "village"),
    "officers_payment": READERS,
    "photo": ("villager", *READERS),
    "claim": ("village", "township", "county"),
    "persons_claim": ("villager",),
    "villagers_message": ("villager",),
    "officers_message": ("county",),
}
# A villager next door may stand in the same city or province as an officer of these floors.
ABOVE_BOTH = ("city", "province", "ministry")


def furnish(town: Town) -> None:
    """Give every place one object of each kind, full of words that stand nowhere else."""
    for place, (persona, county) in PLACES.items():
        names = ("county", "township", "village") if county == HOME else ("neighbour", "next township", "next cadre")
        _Place(town, place, persona, town.village(county), [town.users[name] for name in names]).furnish()


def furnish_further(town: Town) -> None:
    """The same three times more, in villages from which no persona comes."""
    for code, level, name, parent in OTHER_PROVINCE:
        town.regions[code] = make_region(code, level, name, town.regions[parent])
    enable(town.regions["980101000000"])
    for place, (name, code) in FURTHER.items():
        village = town.regions[code]
        town.users[place] = town_villager(town, place, name, village)
        is_home = village.key[:6] == HOME[:6]
        officer = town.users["county"] if is_home else make_user(region=village.parent.parent)
        clerk = make_user(region=village.parent)
        _Place(town, place, place, village, [officer, clerk, make_user(region=village)]).furnish()


class _Place:
    def __init__(self, town: Town, place: str, persona: str, village, staff):
        self.town, self.place, self.village = town, place, village
        self.villager, self.claim = town.users[persona], town.claims[persona]
        self.mark = self.claim.name
        self.officer, self.clerk, self.cadre = staff
        town.places[place], town.officers[place] = village, self.officer
        self.world = World(town.regions, self.officer.region, self.village, self.officer, self.clerk, self.cadre, None)

    def furnish(self) -> None:
        case = self.marked(make_case(self.world, villager=self.villager))
        draft = self.marked(make_draft(self.villager, self.village))
        added = self.asked_for_photos(case)
        failed = self.looked_at_again()
        second = town_villager(self.town, f"second {self.place}", f"{self.mark}叔", self.village)
        appraised = self.marked(make_case(self.world, CaseState.PENDING_APPRAISAL, villager=second))
        sheet = attach_appraisal(appraised, by=self.officer)
        fourth = town_villager(self.town, f"fourth {self.place}", f"{self.mark}嫂", self.village)
        noticed, objection, board = self.noticed(fourth)
        behalf = drafts.start_draft_for(
            by=self.cadre, helper=drafts.Helper(f"{self.mark}代", self.cadre.phone), notice_version="2026-1"
        )
        photos = {owner: Attachment.objects.get(owner_uid=owner.uid, slot=Slot.RISK) for owner in (case, draft)}
        answered = {"<slug:slug>": "parts", "<slug:what>": "id_number", "<slug:name>": "terminate", "<int:seq>": 1}
        filed = answered | {"version": case.version, "<uuid:uid>": case.uid, "<uuid:member>": self.member(case).uid}
        filed["<uuid:photo>"] = added.uid
        self.town.values[self.place] = {
            "draft": answered
            | {"<uuid:uid>": draft.uid, "<uuid:member>": self.member(draft).uid, "<uuid:photo>": photos[draft].uid},
            "agents_draft": answered | {"<uuid:uid>": behalf.uid},
            "villagers_case": filed,
            "officers_case": filed,
            "officers_second_look": {"<uuid:uid>": failed.uid},
            "officers_behalf": {"<uuid:uid>": self.disowned().uid},
            "officers_member": filed,
            "officers_paper": answered
            | {
                "version": appraised.version,
                "<uuid:uid>": appraised.uid,
                "<slug:slot>": Slot.APPRAISAL,
                "<uuid:file>": sheet.uid,
            },
            "officers_notice": answered
            | {"<uuid:uid>": noticed.uid, "<uuid:file>": board.uid, "<slug:kind>": "village"},
            "objection": answered | {"<uuid:uid>": noticed.uid, "<uuid:objection>": objection.uid},
            "officers_payment": answered | {"<uuid:uid>": appraised.uid, "<uuid:payment>": self.payment(appraised).uid},
            "photo": answered | {"<uuid:uid>": photos[case].uid},
            "claim": answered | {"<uuid:uid>": self.claim.uid},
            "persons_claim": answered | {"<uuid:uid>": self.claim.uid},
            "villagers_message": {"<int:pk>": self.message(self.claim.uid)},
            "officers_message": {"<int:pk>": self.message(self.officer.uid)},
        }
        claims = [self.claim, second.claim, fourth.claim]
        self.town.canaries[self.place] = self.canaries([case, draft, appraised, failed, noticed], claims)

    def noticed(self, villager) -> tuple:
        """A case whose notice runs, an objection to it, a photo of the board."""
        case, _ = make_noticed(self.world, villager=villager)
        said = {"name": f"{self.mark}邻", "content": f"{self.mark}有意见"}
        objection = object_to(case, by=self.world.township_officer, **said)
        return case, objection, attach(case, Slot.NOTICE, by=self.cadre)

    def marked(self, case: Case) -> Case:
        """The same case with words of this place in every column that people fill."""
        words = {name: f"{self.mark}的{name}" for name in ("house_address", "residence_address", "registered_address")}
        Case.objects.filter(pk=case.pk).update(**words, risk_description=f"{self.mark}家墙裂")
        CaseNode.objects.filter(case=case, handled_at__isnull=False).update(opinion=f"{self.mark}意见")
        return Case.objects.get(pk=case.pk)

    def asked_for_photos(self, case: Case):
        """The officer asks the villager for photos of the case; the villager's first one, in answer."""
        request_photos(case=case, by=self.officer, words=f"{self.mark}家再拍一张")
        upload = SimpleUploadedFile("photo.jpg", photo_bytes(len(self.place)), "image/jpeg")
        return add_extra_photo(case=case, by=self.villager, upload=upload, client_id=uuid4())

    def disowned(self) -> Case:
        """Filed by the cadre, and the person says that nobody asked them."""
        account = town_villager(self.town, f"fifth {self.place}", f"{self.mark}婶", self.village)
        case = make_case(self.world, villager=account)
        Case.objects.filter(pk=case.pk).update(on_behalf=True, filed_by=self.cadre, agent_name=f"{self.mark}代")
        BehalfNotice.objects.create(case=case, is_told=True, disowned_at=now(), words=f"{self.mark}没有同意")
        return case

    def looked_at_again(self) -> Case:
        """A failed review of which the county is asked to look again."""
        account = town_villager(self.town, f"third {self.place}", f"{self.mark}婶", self.village)
        case = self.marked(make_case(self.world, CaseState.REVIEW_FAILED, villager=account))
        ask_second_look(case=case, by=account, reason=f"{self.mark}家没有别的房子")
        return case

    def member(self, case: Case) -> CaseMember:
        return case.members.create(
            name=f"{self.mark}儿", relation=Relation.values[0], id_number=make_id_number("19800202")
        )

    def payment(self, case: Case) -> Payment:
        paid = {"paid_on": today(), "amount": 6000, "payee": f"{self.mark}妻", "bank_last4": "0123"}
        return record_payment(project=make_project(case), by=self.officer, **paid)

    def message(self, recipient) -> int:
        send(recipient=recipient, kind="N01", text=f"{self.mark}的消息", link="/")
        return Message.objects.latest("pk").pk

    def canaries(self, cases, claims) -> set[str]:
        numbers = {claim.id_number for claim in claims} | {
            one.id_number for case in cases for one in case.members.all()
        }
        found = {self.mark, *numbers, *(mask_id_number(number) for number in numbers)}
        found |= {case.number for case in cases if case.number}
        return found | {account.phone for account in (self.villager,)}
