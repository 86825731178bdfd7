"""Cases of the demo county, made at moments in the past by the people's own actions."""

import random
from dataclasses import dataclass
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from common.clock import freeze, now
from households.actions.attachments import add_photo
from households.actions.claims import claim_identity
from households.choices import RiskPart
from households.middleware import scope_of
from renovation.choices import Slot
from renovation.models import Case, CaseMember
from workbench.demo.people import phone_number, somebody
from workbench.demo.pictures import house_photo
from workbench.demo.plan import moments
from workbench.demo.scenes import Scenes

RISKS = ("墙体开裂，下雨时屋面漏水。", "土墙外倾，梁柱虫蛀，雨天不敢住人。", "地基下沉，墙角裂缝可以伸进手掌。")


@dataclass(frozen=True)
class Phone:
    """A line of the printed list: whose phone it is, and how far the case has come."""

    number: str
    name: str
    place: str
    state: str


class Applicants:
    """Invented villagers with their phones; each may apply once at a time."""

    def make(self, seed: int, village) -> User:
        """A phone account that speaks for one claimed person of that village."""
        account = User(username=f"demo-phone-{seed}", level="villager", phone=phone_number(seed))
        account.set_unusable_password()
        account.save()
        who = somebody(seed, youngest=1975)
        claim = claim_identity(
            by=account, name=who.name, id_number=who.id_number, home_region=village, home_address=f"{seed % 9 + 1}组"
        )
        account.act_as(scope_of(claim))
        account.claim = claim
        return account


class Story(Scenes):
    """Brings one case of one villager to a state, day by day."""

    def __init__(self, seed: int, villager: User, village, officers: dict[str, User]):
        self.seed, self.villager, self.village, self.officers = seed, villager, village, officers
        self.draw = random.Random(f"anju-case-{seed}")

    def play(self, happened: str, waited: int) -> Case:
        """The case after all that, the last of it so many days ago."""
        acts = happened.split()
        times = moments(acts, waited, self.village, self.draw) if acts else [now()]
        with freeze(times[0]):
            self.case = self._draft()
        for act, at in zip(acts, times, strict=False):
            with freeze(at):
                getattr(self, act)()
        return self.case

    def _draft(self) -> Case:
        claim = self.villager.claim
        case = Case(
            claim=claim,
            filed_by=self.villager,
            applicant_name=claim.name,
            applicant_id_number=claim.id_number,
            applicant_phone=self.villager.phone,
            house_address=f"{self.seed % 9 + 1}组{self.seed % 40 + 1}号",
            residence_region=self.village,
            registered_region=self.village,
            risk_parts=self.draw.sample([part for part in RiskPart.values if part != RiskPart.OTHER], 2),
            risk_description=self.draw.choice(RISKS),
            notice_version="演示",
            notice_agreed_at=now(),
        )
        case.residence_address = case.registered_address = case.house_address
        case.bind_region(self.village)
        case.save()
        spouse = somebody(self.seed + 300, youngest=1975)
        CaseMember(case=case, name=spouse.name, id_number=spouse.id_number, relation="10").save()
        for number in range(self.draw.randint(1, 3)):
            self._photo(case, number)
        return case

    def _photo(self, case: Case, number: int) -> None:
        upload = SimpleUploadedFile("photo.jpg", house_photo(self.seed * 10 + number), "image/jpeg")
        add_photo(by=self.villager, owner_kind="case", owner=case, slot=Slot.RISK, client_id=uuid4(), upload=upload)
