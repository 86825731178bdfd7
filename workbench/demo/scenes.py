"""What can happen to a case of the demo county: each scene is one act of one person, with the answers given."""

from decimal import Decimal
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from common.clock import now
from households.actions.attachments import add_paper, add_photo
from renovation.actions import payments, publicity, service
from renovation.actions.moves import perform_move
from renovation.choices import USUAL_METHOD, Slot
from renovation.forms import STEP_FORMS
from renovation.models import Case
from renovation.workflow import TOWNSHIP, WORKFLOW
from workbench.demo.pictures import house_photo, new_house_photo, paper

NOT_IN_RANGE = "经核查，申请人在县城有安全住房，不属于本项政策范围。"
OWNS_ANOTHER = "经民主评议，该户在县城另有安全住房，不列为拟保障对象。"
PICTURES = {
    Slot.SITE: house_photo,
    Slot.BEFORE: house_photo,
    Slot.DURING: new_house_photo,
    Slot.AFTER: new_house_photo,
}


class Scenes:
    """The acts of one case; whoever tells the story sets `seed`, `villager`, `officers` and `case`."""

    seed: int
    villager: User
    officers: dict[str, User]
    case: Case

    def submit(self):
        self._press("submit", by=self.villager)

    def withdraw(self):
        self._press("withdraw", by=self.villager)

    def accept(self):
        self._step(conclusion="pass", had_policy="false", is_low_income="true", opinion="经核查，符合条件，同意受理。")

    def refuse(self):
        self._step(conclusion="fail", had_policy="false", is_low_income="false", opinion=NOT_IN_RANGE)

    def appraise(self, grade: str = ""):
        grade = grade or "CD"[self.seed % 2]
        words = f"经现场鉴定，房屋评定为{grade}级。"
        self._step(grade=grade, era="2", structure_archive="4", appraised_on=_today(), opinion=words)

    def find_safe(self):
        self.appraise("B")

    def review(self):
        words = "经村民代表会议民主评议，同意列为拟保障对象。"
        place = "村务公开栏张贴，村民微信群"
        self._review(conclusion="pass", proposed_method=self._method(), publicity_place=place, opinion=words)

    def fail_review(self):
        self._review(conclusion="fail", opinion=OWNS_ANOTHER)

    def object(self):
        words = "听说该户在县城买过房，请再核实。"
        publicity.register_objection(
            case=self.case, by=self._officer(), is_anonymous=True, name="", phone="", content=words
        )

    def dismiss(self):
        answer = "经走访和查询不动产登记，该户名下没有其他住房，异议不成立。"
        publicity.dismiss_objection(objection=self.case.open_objections().get(), by=self._officer(), answer=answer)

    def uphold(self):
        self._press("uphold_objection", opinion="经核实，家庭成员人数有误，退回重新评议。")

    def end_notice(self):
        self.case = perform_move(self.case, "end_publicity", by=None).case

    def audit(self):
        self._step(conclusion="pass", opinion="经审核，申请材料齐全，评议和公示程序规范，同意上报。")

    def fail_audit(self):
        self._step(conclusion="fail", opinion="评议结果图片缺少村民代表签名，请重新组织评议。")

    def confirm_failure(self):
        self._step(conclusion="pass", opinion="经审核，同意评议结论。")

    def ask_second_look(self):
        reason = "县城的房子是儿子买的，我一个人住在村里的老房子里，请再看一看。"
        service.ask_second_look(case=self.case, by=self.villager, reason=reason)

    def reopen(self):
        self._press("reopen_review", by=self.officers["county"], opinion="经复核，县城住房属于其子，同意重新组织评议。")

    def approve(self):
        visit = (
            {"home_visit": "true", "visit_note": "入户查看，情况属实。"} if self.seed % 2 else {"home_visit": "false"}
        )
        plan = {"plan_year": now().year, "type": "renovation", "proposed_method": self._method()}
        plan |= {"energy_saving": "false", "accessibility": "true" if self.seed % 3 == 0 else "false"}
        self._step(conclusion="pass", opinion="经审批，同意列入改造计划。", **visit, **plan)

    def reject(self):
        words = "经审批，该户已享受易地搬迁政策，不予列入改造计划。"
        self._step(conclusion="fail", home_visit="true", visit_note="入户查看，已无人居住。", opinion=words)

    def return_to_audit(self):
        self._press("return_to_audit", opinion="公示照片看不清公示日期，请补充后重新上报。")

    def start(self):
        self._step(method=self._method(), start_date=_today(), build_mode="self", builder_kind="self")

    def finish(self):
        house = {"after_structure": "8", "after_area": "54", "after_floors": "1", "after_ownership": "family"}
        old = "not_concerned" if self._method() == "repair" else "demolished"
        self._step(completion_date=_today(), old_house_disposal=old, **house)

    def inspect(self):
        funds = {"fund_central": "15000", "fund_province": "8000", "fund_city": "0", "fund_county": "2000"}
        own = {"self_raised": "21000", "loan": "10000", "subsidy_types": ["central_renovation"]}
        who = {"accepted_on": _today(), "inspector": "县住建局验收组"}
        self._step(conclusion="pass", opinion="经验收，房屋质量合格，资料齐全，同意办结。", **who, **funds, **own)

    def fail_inspection(self):
        self._step(conclusion="fail", opinion="屋面排水坡度不够，檐口渗水，请整改后重新提交验收。")

    def pay(self):
        who = {"by": self.officers["county"], "payee": self.case.applicant_name, "bank_last4": "0000"}
        payments.record_payment(project=self.case.project, paid_on=now().date(), amount=Decimal(15000), **who)

    def rate(self):
        service.rate_case(case=self.case, by=self.villager, stars=5, comment="房子结实，干部常来看，谢谢。")

    def complain(self):
        reason = "等了很久，中间没有人告诉我进度。"
        service.rate_case(case=self.case, by=self.villager, stars=2, reason=reason)

    def terminate(self):
        self._press("terminate", by=self.officers["county"], reason="moved_out", opinion="申请人全家户口已迁往外县。")

    def _review(self, **answers):
        family = {"family_size": "3", "has_veteran": "false", "has_disabled": "false", "house_area": "76", "era": "2"}
        self._step(review_date=_today(), **family, **answers)

    def _method(self) -> str:
        return str(USUAL_METHOD[self.case.grade])

    def _officer(self) -> User:
        """Whoever works for the unit whose turn it is."""
        if self.case.office.level == TOWNSHIP:
            return User.objects.filter(office=self.case.office).order_by("pk").first()
        return self.officers["county"]

    def _step(self, **answers) -> None:
        officer = self._officer()
        service.note_viewing(case=self.case, by=officer)
        form = _checked(STEP_FORMS[self.case.step.form](answers, instance=self.case))
        for upload in form.uploads():
            if upload.is_required(form.cleaned_data):
                self._file(upload, by=officer)
        move = WORKFLOW.chosen(self.case.state, form.cleaned_data)
        self.case = perform_move(self.case, move.name, by=officer, form=form).case

    def _press(self, move: str, *, by: User | None = None, **answers) -> None:
        name = WORKFLOW.find(self.case.state, move).form
        form = _checked(STEP_FORMS[name](answers, instance=self.case)) if name else None
        self.case = perform_move(self.case, move, by=by or self._officer(), form=form).case

    def _file(self, wanted, *, by: User) -> None:
        seed = self.seed * 100 + list(Slot).index(wanted.slot) + 20 * self.case.version
        upload = SimpleUploadedFile("file.jpg", PICTURES.get(wanted.slot, paper)(seed), "image/jpeg")
        add = add_photo if wanted.is_photo else add_paper
        add(by=by, owner_kind="case", owner=self.case, slot=wanted.slot, client_id=uuid4(), upload=upload)


def _today() -> str:
    return now().date().isoformat()


def _checked(form):
    if not form.is_valid():
        raise ValueError(form.errors.as_json())
    return form
