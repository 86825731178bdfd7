"""Answers that each form takes as they are: where the walks by chance through a form begin, one or two steps off."""

from common.clock import today
from regions.models import Region
from tests.factories import steps
from tests.factories.people import make_id_number
from tests.factories.renovation import acceptance, appraisal
from tests.renovation import step_answers

PHONE = "15400000001"
ADDRESS = "三组十二号"
SECRET = {"old_password": "Old-4711-Spruce", "new_password": "New-4712-Spruce!", "repeated": "New-4712-Spruce!"}
AGREED = {"consent": "on"}
SAYS = "墙体开裂，屋面漏雨"
PAYMENT = {"paid_on": today().isoformat(), "amount": "6000", "payee": "张石山", "bank_last4": "0123"}
PERSON = {"name": "张石山", "id_number": make_id_number("19510203", 7)}
OF_ADMIN = {
    "admin.CalendarDay": {"date": "2031-05-01", "kind": "holiday", "name": "劳动节", "source": "国办通知"},
    "admin.RegionEdit": {"kind": "add", "level": "village", "name": "新村", "code": "990101100299", "reason": "批复"},
    "admin.OptionItem": {"list_code": "trade", "code": "welder", "label": "焊工", "order": "9", "active": "on"},
    "admin.Region": {"order": "3", "national_code": "", "case_enabled": ""},
    "admin.User": {"username": "tester-77", "display_name": "测试员", "new_phone": PHONE, "duties": ["decide"]},
    "admin.Office": {"level": "village", "name": "上坝村村民委员会", "short_name": "上坝村委会", "phone": PHONE},
    "admin.Artisan": {
        "name": "李师傅", "new_id_number": make_id_number("19700101", 8), "new_phone": PHONE,
        "trades": ["mason"], "person_types": ["other"],
    },
    "admin.DeadlineRule": {"step": "pending_appraisal", "amount": "5", "warn_before": "1"},
    "admin.LadderRung": {"code": "R77", "offset": "7", "target": "unit", "order": "77", "is_active": "on"},
}  # fmt: skip
RIGHT = {
    "accounts.forms.CodeForm": {"code": "123456"},
    "accounts.forms.DayForm": {"day": "2026-01-05"},
    "accounts.forms.FirstLoginForm": {"display_name": "测试员", "position": "科员", "phone": PHONE, **SECRET},
    "accounts.forms.NewPasswordForm": SECRET,
    "accounts.forms.PhoneForm": {"phone": PHONE},
    "accounts.forms.ReasonForm": {"reason": SAYS},
    "accounts.forms.StaffLoginForm": {"username": "530128101201", "password": "Old-4711-Spruce"},
    "applicants.forms.answers.ApplicantForOtherForm": {
        "applicant_name": "张石山", "applicant_id_number": PERSON["id_number"], "applicant_phone": PHONE,
    },
    "applicants.forms.answers.ApplicantForm": {"applicant_phone": PHONE},
    "applicants.forms.answers.DescriptionForm": {"risk_description": SAYS},
    "applicants.forms.answers.HouseAddressForm": {
        "house_address": ADDRESS, "lon": "102.5", "lat": "25.5", "crs": "WGS-84",
    },
    "applicants.forms.answers.PartsForm": {"risk_parts": ["wall", "roof"]},
    "applicants.forms.answers.ResidenceForm": {"lives_here": "true", "registered_here": "true"},
    "applicants.forms.persons.AgentForm": {"agent_name": "张石山", "agent_phone": PHONE, "authorised": "on"},
    "applicants.forms.persons.ConsentForm": {"agree": "on"},
    "applicants.forms.persons.MemberForm": PERSON | AGREED | {"relation": "10"},
    "applicants.forms.persons.NewPinForm": {"pin": "4711", "repeated": "4711"},
    "applicants.forms.persons.PersonForm": PERSON | AGREED | {"home_address": ADDRESS},
    "applicants.forms.persons.PinForm": {"pin": "4711"},
    "applicants.forms.service.RateForm": {"stars": "1", "reason": SAYS, "comment": ""},
    "applicants.forms.service.SecondLookForm": {"reason": SAYS},
    "regions.views._Question": {"q": "shangba", "level": "village"},
    "renovation.forms.filters.CaseFilterForm": {"kind": "late", "name": "张"},
    "renovation.forms.filters.SearchForm": {"name": "张", "since": "2026-01-01", "region": "990101000000"},
    "renovation.forms.filters.StatisticsForm": {"since": "2026-01-01", "until": "2026-12-31"},
    "renovation.forms.objection.AnswerForm": {"answer": SAYS},
    "renovation.forms.objection.ObjectionForm": {
        "is_anonymous": "false", "name": "李邻居", "phone": PHONE, "content": SAYS,
    },
    "renovation.forms.payment.PaymentForm": PAYMENT,
    "renovation.forms.payment.PaymentRemovalForm": {"reason": "金额有误"},
    "renovation.forms.reason.ReasonForm": {"choice": "其他", "words": "电话核实"},
    "renovation.forms.returns.ReopeningForm": {"opinion": SAYS},
    "renovation.forms.returns.ReturnForm": {"opinion": SAYS},
    "renovation.forms.returns.UpheldObjectionForm": {"opinion": SAYS},
    "renovation.forms.service.AskPhotosForm": {"words": SAYS},
    "renovation.forms.service.KeepReviewForm": {"opinion": SAYS},
    "renovation.forms.termination.TerminationForm": {
        "reason": "given_up", "opinion": SAYS, "recovery": "recover", "recovery_reason": "没有完工",
    },
    "workbench.forms.MetForm": {"met": "on"},
}  # fmt: skip
OF_STEPS = {
    "renovation.forms.acceptance.AcceptanceForm": acceptance,
    "renovation.forms.appraisal.AppraisalForm": appraisal,
    "renovation.forms.review.ReviewForm": steps.review,
    "renovation.forms.audit.TownshipAuditForm": steps.audit,
    "renovation.forms.approval.ApprovalForm": step_answers.approval,
    "renovation.forms.implementation.ImplementationForm": steps.implementation,
    "renovation.forms.completion.CompletionForm": steps.completion,
    "renovation.forms.inspection.InspectionForm": step_answers.inspection,
}

# Whose "region" is no village: of the whole nation, a tree key, anywhere.
NO_ROWS = {
    "admin.CalendarDay", "renovation.forms.filters.SearchForm", "renovation.forms.filters.StatisticsForm",
    "regions.views._Question",
}  # fmt: skip


def right(name: str, desk, fields) -> dict:
    """The right answers for the form of that name; places and offices are those of the desk."""
    if name in OF_STEPS:
        return OF_STEPS[name]()
    given = dict(RIGHT.get(name) or OF_ADMIN.get(name) or {})
    village: Region = desk.world.village
    rows = {"region": village.pk, "home_region": village.pk, "parent": village.parent_id}
    rows["office"] = desk.world.cadre.office_id
    if name == "admin.DeadlineRule":
        rows["region"] = desk.world.county.pk
    if name == "admin.RegionEdit":
        rows["region"] = ""
    if name in NO_ROWS:
        rows = {}
    return {one: str(pk) for one, pk in rows.items() if one in fields} | given
