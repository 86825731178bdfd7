"""What a notice to the village (公示) says: exactly the fields of an allow-list, nothing else of the case (§15.3)."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from accounts.models import Office
from accounts.queries import handling_office
from common.clock import database_now
from common.disclosure import forbidden_number
from households.models import Attachment
from households.queries import category_labels
from regions import names
from regions.placenames import core
from renovation.choices import Conclusion, PublicityState, Slot
from renovation.models import Case, Objection, Publicity

# Key → label. Keys outside this table are in no notice, on no page and on no sheet.
FIELDS = {
    "title": "标题",
    "holder": "户主姓名",
    "place": "村组",
    "category": "保障对象类别",
    "grade": "房屋鉴定等级",
    "method": "拟改造方式",
    "conclusion": "评议结论",
    "review_date": "评议日期",
    "starts_on": "公示开始",
    "ends_on": "公示截止",
    "office": "异议受理单位",
    "phone": "异议受理电话",
    "how": "异议反映方式",
    "supervising_phone": "监督电话",
    "seal": "公示单位",
    "village_seal": "公示村",
}
# What the table of the notice shows of the household; the rest is its head, its foot and where to object.
ROW = ("holder", "place", "category", "grade", "method", "conclusion", "review_date")
OBJECTING = ("office", "phone", "how", "supervising_phone")
TITLE = ("农村危房改造", "拟保障对象公示")
PHONES = ("phone", "supervising_phone")
PROVISIONAL = "（末日遇法定节假日的顺延）"

# A group told by its number: 「3组12号」 and 「上坝村第三村民小组」 give it, a lane or a house number does not.
_GROUP = re.compile(r"(第?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:村民小组|村小组|小组|组|社))(?![织区团会保])")
_DOOR = re.compile(r"[号室栋幢楼院巷]|单元|门牌")


@dataclass(frozen=True)
class Posting:
    """One notice about to go up: the case, the unit that answers for it, from when to when."""

    case: Case
    office: Office
    starts_on: date
    ends_on: date
    is_provisional: bool = False
    village_offices: list[Office] = field(default_factory=list)


def content_of(posting: Posting) -> dict[str, str]:
    """The words of the notice by key of FIELDS; '' where the case or the unit has nothing (see `fault_in`)."""
    case, office = posting.case, posting.office
    county = handling_office(case.county_id, "county")
    village = core(names.short_name(case.region_id))
    above = names.short_name(case.township_id or case.county_id)
    seals = [one.seal_name or one.name for one in posting.village_offices]
    return {
        "title": above + village + "".join(TITLE),
        "holder": case.household.head.name if case.household_id else case.applicant_name,
        "place": village + _group(case, village),
        "category": _category(case),
        "grade": case.get_grade_display() if case.grade else "",
        "method": case.get_proposed_method_display() if case.proposed_method else "",
        "conclusion": Conclusion.PASS.label,
        "review_date": _words(case.review_date) if case.review_date else "",
        "starts_on": _words(posting.starts_on),
        "ends_on": _words(posting.ends_on) + (PROVISIONAL if posting.is_provisional else ""),
        "office": office.name,
        "phone": office.phone,
        "how": f"公示期内可以当面、打电话或者书面向{office.name}反映，也可以不留姓名。",
        "supervising_phone": office.supervising_phone or (county.supervising_phone if county else ""),
        "seal": office.seal_name or office.name,
        "village_seal": seals[0] if seals else above + village,
    }


def _category(case: Case) -> str:
    """The recognised categories of the household, or what the county answered at 受理; never a health or disability."""
    labels = category_labels(case.applicant_id_index)
    return "、".join(labels) if labels else ("低收入群体" if case.is_low_income else "一般农户")


def _group(case: Case, village: str) -> str:
    """The group inside the village, only where it is written as one: never a lane, a yard or a house number."""
    known = case.household.village_group.strip() if case.household_id else ""
    if known and not _DOOR.search(known):
        return known
    address = unicodedata.normalize("NFKC", case.house_address).replace(" ", "")
    for name in (names.short_name(case.region_id), village):
        address = address.partition(name)[2] if name and name in address else address
    found = _GROUP.match(address)
    return found[1] if found else ""


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def fault_in(content: dict[str, str], *, place: str, allowed: list[str]) -> str | None:
    """Why these words may not be posted: a field that is empty, or one that gives away a number; None when they may.

    `place` is where it will hang; `allowed` are the telephones of the units, the only numbers a notice may show.
    """
    for key, label in FIELDS.items():
        if not content[key]:
            return f"公示内容缺少{label}，不能公示。请先在单位资料或评议内容中补齐"
    texts = {FIELDS[key]: text for key, text in content.items()} | {"公示地点/方式": place}
    for label, text in texts.items():
        if kind := forbidden_number(text, allowed):
            return f"公示内容的“{label}”中含有{kind}，不能公示，请修改后再提交"
    return None


def canonical(content: dict) -> str:
    """The one way to write a sealed copy down: sorted keys, no spaces."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(content: dict) -> str:
    """SHA-256 of the sealed copy, kept beside it for the audit."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def rows_of(notice: Publicity, keys: tuple[str, ...]) -> list[tuple[str, str]]:
    """(label, words) of the sealed copy, in that order; nothing but keys of the allow-list.

    Empty once the case was forgotten: of its notices the dates and the digest stay (domain §15.2).
    """
    return [(FIELDS[key], notice.content[key]) for key in keys if key in notice.content]


def title_parts(notice: Publicity) -> list[str]:
    """The title in the pieces between which a narrow screen may break it."""
    return [notice.content["title"].removesuffix("".join(TITLE)), *TITLE]


def until(notice: Publicity) -> str:
    """「2026年12月3日」: the last day in force; a calendar that changed may have moved it behind the posted one."""
    return _words(notice.ends_on)


def is_longer_than_posted(notice: Publicity) -> bool:
    """Whether the calendar moved the end behind the day that the sheets in the village name."""
    return not notice.content.get("ends_on", until(notice)).startswith(until(notice))


def at_address(token: str) -> Publicity | None:
    """The notice with that public address, whoever asks; None when there is none."""
    return Publicity.objects.filter(token=token).first()


def is_public(notice: Publicity) -> bool:
    """Whether anybody may read it now: from its posting to the end of its last day, and never after."""
    return notice.state == PublicityState.OPEN and not notice.is_over()


def village_offices(case: Case) -> list[Office]:
    """The units of the village the house lies in: whoever hangs the sheet up."""
    return list(Office.objects.filter(region_id=case.region_id, level="village").order_by("id"))


def objections_of(case: Case) -> QuerySet[Objection]:
    """All objections to any notice of the case, newest first; the caller has the case from `visible_to`."""
    return Objection.objects.filter(publicity__case=case).select_related("publicity").order_by("-id")


def earlier_photos(case: Case) -> QuerySet[Attachment]:
    """Photos of the boards of earlier rounds: the slot itself always holds those of the present one."""
    slots = [earlier_slot(number) for number in case.publicities.values_list("round", flat=True)]
    return Attachment.objects.filter(owner_uid=case.uid, slot__in=slots).order_by("id")


def earlier_slot(number: int) -> str:
    """Where the photos of that round go when a new round begins."""
    return f"{Slot.NOTICE}_{number}"


def due_to_end() -> list[int]:
    """Ids of the cases whose notice is over and has no objection waiting, the longest over first."""
    waiting = Objection.objects.filter(closed_at__isnull=True).values("publicity__case_id")
    over = Publicity.objects.filter(state=PublicityState.OPEN, ends_at__lte=database_now())
    return list(over.exclude(case_id__in=waiting).order_by("ends_at").values_list("case_id", flat=True))
