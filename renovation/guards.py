"""May this happen to this case? Each guard takes the case and answers None or the Chinese reason why not."""

from datetime import date, timedelta

from django.utils.timezone import localtime

from common.clock import database_now
from households.choices import ClaimState, Grade, HouseholdStatus
from renovation.choices import CaseState, Slot

MAX_RISK_PHOTOS = 9
# The villager may ask the county once, within seven days, to look again (decision 22).
SECOND_LOOK_DAYS = timedelta(days=7)
NOT_ASKED_AGAIN = "申请人没有提出复核申请，或复核已经答复"


def claim_is_not_pushed_aside(case) -> str | None:
    """Nobody else was met with the applicant's ID number (decision 17)."""
    if case.claim is not None and case.claim.state == ClaimState.SUPERSEDED:
        return "您登记的身份信息需要当面核对，请携带身份证到村委会办理"
    return None


def applicant_is_named(case) -> str | None:
    """The applicant's name, ID and phone are filled in (domain §3.4)."""
    if not (case.applicant_name and case.applicant_id_number and case.applicant_phone):
        return "请填写申请人姓名、身份证号码和联系电话"
    return None


def village_is_chosen(case) -> str | None:
    """The house lies in a village (V19)."""
    return "请选择到行政村" if case.region_id is None else None


def house_is_located(case) -> str | None:
    """The house lies in a village and has an address (domain §3.4, V19)."""
    if case.region_id is None:
        return "请选择到行政村"
    return None if case.house_address else "请填写房屋详细地址"


def addresses_are_given(case) -> str | None:
    """Where the applicant lives and is registered (domain §3.4: both required)."""
    given = (
        case.residence_region_id and case.residence_address and case.registered_region_id and case.registered_address
    )
    return None if given else "请填写居住地址和户籍地址"


def county_takes_cases(case) -> str | None:
    """The county of the house has switched on-line applications on (decision 19)."""
    if case.region_id is not None and not case.county_is_open():
        return "本县尚未开通网上申请，请联系村委会"
    return None


def notice_is_agreed(case) -> str | None:
    """The notice was read and ticked (domain §3.3)."""
    return None if case.notice_agreed_at else "请先阅读并同意申请须知"


def risks_are_described(case) -> str | None:
    """At least one damaged part is named (domain §3.5)."""
    return None if case.risk_parts else "请选择房屋问题部位"


def has_risk_photos(case) -> str | None:
    """One to nine photos of the danger are on the server (domain §3.5)."""
    count = case.files(Slot.RISK).count()
    if count == 0:
        return "请至少上传1张房屋安全隐患点照片"
    return None if count <= MAX_RISK_PHOTOS else f"房屋安全隐患点照片最多{MAX_RISK_PHOTOS}张"


def has_no_open_case(case) -> str | None:
    """No other case of the same ID or the same household is under way (domain §3.5, §19.24).

    The number is told only to the account that filed it or to the person proven (decision 25).
    """
    other = case.open_duplicate()
    if other is None:
        return None
    is_own = other.filed_by_id == case.filed_by_id
    is_proven = bool(case.claim and case.claim.is_confirmed and other.applicant_id_index == case.applicant_id_index)
    if is_own or is_proven:
        return f"您已有正在办理的农村危房改造申请（工单号{other.number}），请勿重复提交"
    return "该人员的申请请到村委会或乡镇查询"


def has_appraisal_files(case) -> str | None:
    """The appraisal sheet is uploaded, one to nine files (domain §4.5)."""
    count = case.files(Slot.APPRAISAL).count()
    if count == 0:
        return "请上传鉴定表"
    return None if count <= 9 else "鉴定表最多9个文件"


def _files(slot: Slot):
    """A guard: that purpose has at least one file (the 必填 marks of domain §4.6–4.11)."""

    def is_there(case) -> str | None:
        return None if case.files(slot).exists() else f"请上传{slot.label}"

    is_there.__name__ = f"has_{slot.value}"
    is_there.__doc__ = f"There is at least one file: {slot.label}."
    return is_there


def publicity_is_over(case) -> str | None:
    """The seven days of the running notice have passed (domain §4.2)."""
    notice = case.last_publicity()
    return None if notice is not None and notice.is_over() else "公示期未满"


def has_no_open_objection(case) -> str | None:
    """No objection to the notice waits for its answer (DQ47)."""
    return "公示期间有异议尚未处理" if case.open_objections().exists() else None


def has_open_objection(case) -> str | None:
    """An objection waits for its answer (domain §4.2: 异议成立)."""
    return None if case.open_objections().exists() else "没有待处理的异议"


def was_publicised(case) -> str | None:
    """The last notice ran its seven days to the end (DQ47)."""
    notice = case.last_publicity()
    return None if notice is not None and notice.has_ended else "公示未满7天，不能审核通过"


def family_exists(case) -> str | None:
    """The household was not cancelled by death meanwhile (DQ06)."""
    household = case.household
    if household is not None and household.status == HouseholdStatus.CANCELLED_DEATH:
        return "该户已登记为死亡销户，请终止工单"
    return None


def house_is_dangerous(case) -> str | None:
    """Only C and D may be renovated (DQ37)."""
    return None if case.grade in (Grade.C, Grade.D) else "鉴定等级为A级、B级的房屋不能列入危房改造"


def has_project(case) -> str | None:
    """The approval opened or linked a project of the register (domain §2.4)."""
    return None if case.project_or_none() is not None else "该工单没有对应的改造项目，请联系管理员"


def is_asked_to_look_again(case) -> str | None:
    """The villager's one request to look again waits for its answer (decision 22)."""
    return None if case.open_second_look() is not None else NOT_ASKED_AGAIN


def second_look_until(case) -> date:
    """The last day, midnight included, on which the applicant may ask the county to look again (decision 22)."""
    return localtime(case.closed_at + SECOND_LOOK_DAYS).date()


def may_be_looked_at_again(case) -> str | None:
    """The applicant may ask the county to look again at a failed review: once, in time, with nothing else under way."""
    if case.state != CaseState.REVIEW_FAILED:
        return "只有评议不通过的申请可以请区县再看一次"
    if hasattr(case, "second_look"):
        return "您已经请区县看过一次，不能再提出"
    if database_now().date() > second_look_until(case):
        return "已经超过7天，不能再请区县复核"
    if case.open_duplicate() is not None:
        return "您已有正在办理的申请，不能再请区县复核这一份"
    return None


REVIEWED = (_files(Slot.SITE), _files(Slot.REVIEW_RESULT))
PUBLICISED = (publicity_is_over, has_no_open_objection)
AUDITED = (was_publicised, has_no_open_objection, _files(Slot.NOTICE))
APPROVED = (family_exists, house_is_dangerous)
STARTED = (has_project, _files(Slot.BEFORE), _files(Slot.AGREEMENT))
FINISHED_WORKS = (has_project, _files(Slot.DURING), _files(Slot.AFTER))
INSPECTED = (has_project, family_exists, _files(Slot.INSPECTION), _files(Slot.INSPECTION_SUPPORT))

APPLICATION = (
    claim_is_not_pushed_aside,
    notice_is_agreed,
    applicant_is_named,
    house_is_located,
    county_takes_cases,
    addresses_are_given,
    risks_are_described,
    has_risk_photos,
    has_no_open_case,
)
