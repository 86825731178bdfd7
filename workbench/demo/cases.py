"""Cases of the demo county in every state that exists, made at moments in the past by the people's own actions."""

import random
from datetime import timedelta
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from common.clock import freeze, now
from households.actions.attachments import add_paper, add_photo
from households.actions.claims import claim_identity
from households.choices import RiskPart
from households.middleware import scope_of
from renovation.actions.moves import perform_move
from renovation.choices import CaseState, Slot
from renovation.forms import STEP_FORMS
from renovation.models import Case, CaseMember
from renovation.workflow import WORKFLOW
from workbench.demo.people import phone_number, somebody
from workbench.demo.pictures import appraisal_sheet, house_photo

# state, days since submission: some are late, some near their date, some fresh.
PLAN = (
    (CaseState.DRAFT, 0),
    (CaseState.PENDING_ACCEPTANCE, 0),
    (CaseState.PENDING_ACCEPTANCE, 1),
    (CaseState.PENDING_ACCEPTANCE, 2),
    (CaseState.PENDING_ACCEPTANCE, 3),
    (CaseState.PENDING_ACCEPTANCE, 6),
    (CaseState.PENDING_ACCEPTANCE, 9),
    (CaseState.PENDING_APPRAISAL, 5),
    (CaseState.PENDING_APPRAISAL, 9),
    (CaseState.PENDING_APPRAISAL, 13),
    (CaseState.PENDING_APPRAISAL, 24),
    (CaseState.PENDING_REVIEW, 8),
    (CaseState.PENDING_REVIEW, 16),
    (CaseState.PENDING_REVIEW, 30),
    (CaseState.NOT_ACCEPTED, 12),
    (CaseState.APPRAISAL_FAILED, 20),
    (CaseState.WITHDRAWN, 15),
)
RISKS = ("墙体开裂，下雨时屋面漏水。", "土墙外倾，梁柱虫蛀，雨天不敢住人。", "地基下沉，墙角裂缝可以伸进手掌。")


class Applicants:
    """Invented villagers with their phones; each may apply once at a time."""

    def __init__(self):
        self.phones: list[tuple[str, str, str]] = []

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
        self.phones.append((phone_number(seed), who.name, village.full_name))
        return account


class Story:
    """Brings one case of one villager to a state, day by day."""

    def __init__(self, seed: int, villager: User, village, officers: dict[str, User]):
        self.seed, self.villager, self.village, self.officers = seed, villager, village, officers
        self.draw = random.Random(f"anju-case-{seed}")

    def play(self, state: str, days_ago: int) -> Case:
        """The case in that state, submitted that many days ago."""
        start = now() - timedelta(days=days_ago, hours=self.draw.randint(0, 3), minutes=self.draw.randint(0, 59))
        with freeze(start):
            case = self._draft()
            if state != CaseState.DRAFT:
                case = perform_move(case, "submit", by=self.villager).case
        if state in (CaseState.DRAFT, CaseState.PENDING_ACCEPTANCE):
            return case
        with freeze(start + timedelta(days=1, hours=2)):
            if state == CaseState.WITHDRAWN:
                return perform_move(case, "withdraw", by=self.villager).case
            case = self._accept(case, passes=state != CaseState.NOT_ACCEPTED)
        if state in (CaseState.NOT_ACCEPTED, CaseState.PENDING_APPRAISAL):
            return case
        with freeze(start + timedelta(days=6, hours=3)):
            return self._appraise(case, "B" if state == CaseState.APPRAISAL_FAILED else self.draw.choice("CD"))

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

    def _accept(self, case: Case, *, passes: bool) -> Case:
        words = "经核查，符合申请条件，同意受理。" if passes else "经核查，申请人在县城有安全住房，不属于本项政策范围。"
        answers = {"conclusion": "pass" if passes else "fail", "had_policy": "false", "opinion": words}
        return self._step(case, {**answers, "is_low_income": "true" if passes else "false"})

    def _appraise(self, case: Case, grade: str) -> Case:
        officer = self.officers["county"]
        upload = SimpleUploadedFile("sheet.jpg", appraisal_sheet(self.seed), "image/jpeg")
        add_paper(by=officer, owner_kind="case", owner=case, slot=Slot.APPRAISAL, client_id=uuid4(), upload=upload)
        answers = {"grade": grade, "era": "2", "structure_archive": "4", "appraised_on": now().date().isoformat()}
        return self._step(case, {**answers, "opinion": f"经现场鉴定，房屋评定为{grade}级。"})

    def _step(self, case: Case, answers: dict) -> Case:
        form = STEP_FORMS[case.step.form](answers, instance=case)
        if not form.is_valid():
            raise ValueError(form.errors.as_json())
        move = WORKFLOW.chosen(case.state, form.cleaned_data)
        return perform_move(case, move.name, by=self.officers["county"], form=form).case
