"""The application as rows to read: the check-answers page, the villager's detail page, the cadre's page."""

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from applicants.forms.answers import part_name
from common.components import groups_of_phone
from common.masking import group_of_four, mask_id_number
from regions.names import full_names
from renovation.choices import Slot
from renovation.models import Case

LINE_BREAK = SafeString("<br>")


def rows_of(case: Case, *, can_change: bool = False) -> list[tuple[str, list[tuple]]]:
    """Sections (title, rows); with `can_change` each row carries the address that leads back to the check page."""
    places = full_names([case.region_id, case.residence_region_id, case.registered_region_id])

    def place(region_id, address) -> str:
        return f"{places.get(region_id, '')}{address}"

    def change(slug: str) -> str:
        return f"{reverse('applicants:page', args=[case.uid, slug])}?from=check" if can_change else ""

    own = "applicant" if not case.claim_id or case.on_behalf else ""
    helper = _helper(case, change("photos")) if case.on_behalf else []
    return [
        (
            "申请人",
            [
                ("姓名", case.applicant_name, change(own) if own else ""),
                ("身份证号码", _id_number(case, can_change), change(own) if own else ""),
                ("联系电话", groups_of_phone(case.applicant_phone), change("applicant")),
                *helper,
                ("家庭成员", _members(case), change("members")),
            ],
        ),
        (
            "房屋",
            [
                ("房屋所在地", places.get(case.region_id, ""), change("region")),
                ("详细地址", case.house_address, change("address")),
                ("房屋位置", "已记下" if case.lon is not None else "没有记下（不影响申请）", change("address")),
                ("居住地址", place(case.residence_region_id, case.residence_address), change("residence")),
                ("户籍地址", place(case.registered_region_id, case.registered_address), change("residence")),
            ],
        ),
        (
            "危险情况",
            [
                ("问题部位", "、".join(part_name(part) for part in case.risk_parts), change("parts")),
                ("情况描述", case.risk_description, change("description")),
                ("照片", f"{case.files(Slot.RISK).count()}张", change("photos")),
            ],
        ),
    ]


def _helper(case: Case, change_url: str) -> list[tuple]:
    count = case.files(Slot.CONSENT).count()
    return [
        ("代办人", f"{case.agent_name}（{case.get_agent_relation_display()}）"),
        ("委托书", f"{count}张照片" if count else "没有拍照（选填）", change_url),
    ]


def _id_number(case: Case, can_change: bool) -> str:
    """Masked, but for the cadre who has just typed it and must compare it with the card."""
    if can_change and case.on_behalf:
        return group_of_four(case.applicant_id_number)
    return mask_id_number(case.applicant_id_number) if case.applicant_id_number else ""


def _members(case: Case) -> str:
    lines = ((f"{one.name}（{one.get_relation_display()}）",) for one in case.members.all())
    return format_html_join(LINE_BREAK, "{}", lines) or "没有填写"


def photos_of(case: Case, slot: Slot = Slot.RISK) -> list[dict]:
    """The applicant's photos of that purpose for the photo grid, oldest first."""
    return [
        {"url": reverse("households:file", args=[one.uid]), "thumb": reverse("households:thumb", args=[one.uid])}
        for one in case.files(slot)
    ]
