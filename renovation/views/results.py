"""What the later steps found and decided, as plain rows for the case page (domain §4.6–4.11, §7.4)."""

from django.template.loader import render_to_string
from django.utils.html import format_html

from common.components.records import amount
from common.templatetags.anju import cn_date, cn_datetime
from households.models import Attachment
from regions.options import labels
from renovation.choices import Conclusion, FundLevel, Slot
from renovation.forms import STEP_FORMS
from renovation.forms.inspection import SUBSIDY_LIST
from renovation.models import Case
from renovation.queries.nodes import last_event
from renovation.views import blocks
from renovation.workflow import WORKFLOW

# Moves that send a case back: who it comes to has to read why.
RETURNS = ("fail_audit", "return_to_review", "uphold_objection", "return_to_audit", "fail_inspection", "reopen_review")
# Shown in blocks of their own on top.
ELSEWHERE = (Slot.RISK, Slot.EXTRA, Slot.CONSENT, Slot.APPRAISAL)


def returned(case: Case) -> dict | None:
    """Who sent the case back to this step, when and why; None when it came the ordinary way (domain §4.3)."""
    event = last_event(case) if case.is_open else None
    if event is None or event.move not in RETURNS:
        return None
    who = "，".join(filter(None, [event.office_name, event.by_name]))
    label = WORKFLOW.find(event.from_state, event.move).label
    return {"title": f"{label}：{who}，{cn_datetime(event.at)}", "reason": event.opinion}


def review_facts(case: Case) -> list[tuple]:
    """评议 as it stands; empty before the first one."""
    if not case.review_conclusion:
        return []
    return [
        ("评议结论", Conclusion(case.review_conclusion).label),
        ("评议日期", cn_date(case.review_date, "year")),
        ("家庭成员人数", f"{case.family_size}人" if case.family_size else ""),
        ("现住房面积", _area(case.house_area)),
        ("现住房建造年代", case.get_era_display()),
        ("现住房结构类型", case.get_structure_archive_display()),
        ("家庭是否有退役军人", yes_or_no(case.has_veteran)),
        ("家庭是否有残疾人", yes_or_no(case.has_disabled)),
        ("拟改造方式", case.get_proposed_method_display()),
        ("公示地点/方式", case.publicity_place),
    ]


def project_facts(case: Case) -> list[tuple[str, list[tuple]]]:
    """The project, stage by stage, as far as it has come: (title, facts)."""
    project = case.project_or_none()
    if project is None:
        return []
    stages = [("列入计划", _plan(project))]
    if project.start_date:
        stages.append(("实施", _works(project)))
    if project.completion_date:
        stages.append(("竣工", _completion(project)))
    if project.accepted_on:
        stages.append(("验收和资金", _acceptance(project)))
    if project.terminated_on or project.cancel_reason:
        ending = [("终止日期", cn_date(project.terminated_on, "year")), ("取消原因", project.cancel_reason)]
        ending += [("已拨资金处理", project.get_recovery_display()), ("资金处理说明", project.recovery_reason)]
        stages.append(("终止", [row for row in ending if row[1]]))
    return stages


def _plan(project) -> list[tuple]:
    return [
        ("列入计划年度", f"{project.plan_year}年"),
        ("改造类型", project.get_type_display()),
        ("改造方式", project.get_method_display() or project.get_proposed_method_display()),
        ("同步实施节能改造", yes_or_no(project.energy_saving)),
        ("同步实施无障碍改造", yes_or_no(project.accessibility)),
        ("审批时间", cn_date(project.approved_on, "year")),
    ]


def _works(project) -> list[tuple]:
    rows = [
        ("开工日期", cn_date(project.start_date, "year")),
        ("建设方式", project.get_build_mode_display()),
        ("施工方", project.get_builder_kind_display()),
    ]
    if project.artisan_id:
        rows.append(("工匠", project.artisan.name))
    if project.builder_name:
        rows += [("施工企业", project.builder_name), ("统一社会信用代码", project.builder_uscc)]
    return rows


def _completion(project) -> list[tuple]:
    rows = [
        ("竣工日期", cn_date(project.completion_date, "year")),
        ("改造后房屋结构类型", project.get_after_structure_display()),
        ("改造后房屋面积", _area(project.after_area)),
        ("改造后房屋产权", project.get_after_ownership_display()),
        ("旧房处置", project.get_old_house_disposal_display()),
    ]
    return rows + ([("改造后层数", f"{project.after_floors}层")] if project.after_floors else [])


def _acceptance(project) -> list[tuple]:
    known = labels(SUBSIDY_LIST)
    lines = {line.level: line.amount for line in project.lines.all()}
    return [
        ("验收时间", cn_date(project.accepted_on, "year")),
        ("验收人", project.inspector),
        ("享受补助资金类型", "、".join(known.get(code, code) for code in project.subsidy_types)),
        *((f"{level.label}补助金", in_yuan(lines[level])) for level in FundLevel if level in lines),
        ("各级政府补助合计", in_yuan(project.government_total)),
        ("农户其他自筹金", in_yuan(project.self_raised)),
        ("农户贷款", in_yuan(project.loan)),
        ("总投资", in_yuan(project.total, in_words=True)),
    ]


def amendments(case: Case) -> list[list[tuple]]:
    """Each change of the township's opinion: both versions and both signatures (domain §4.8)."""
    return [
        [
            ("原意见", blocks.paragraphs(one.original)),
            ("原审核人", f"{one.original_office_name}，{one.original_by_name}"),
            ("修改后的意见", blocks.paragraphs(one.amended)),
            ("修改人", f"{one.office_name}，{one.by_name}，{cn_datetime(one.at)}"),
        ]
        for one in case.amendments.all()
    ]


def files_by_step(files: dict[str, list[Attachment]], *, may_download: bool) -> list[dict]:
    """The files of every later step that has some: photos as a grid, papers as links."""
    groups = []
    for step in WORKFLOW.steps:
        form = STEP_FORMS.get(step.form)
        for upload in form.UPLOADS if form else ():
            rows = files.get(upload.slot) or []
            if not rows or upload.slot in ELSEWHERE:
                continue
            pictures = [row for row in rows if not row.is_paper]
            groups.append(
                {
                    "title": f"{step.title} · {upload.slot.label}",
                    "label": upload.slot.label,
                    "photos": blocks.photos(pictures, may_download=may_download),
                    "papers": blocks.papers([row for row in rows if row.is_paper]),
                }
            )
    return groups


def yes_or_no(value: bool | None) -> str:
    """是, 否, or nothing for what is not known."""
    return "" if value is None else "是" if value else "否"


def in_yuan(value, *, in_words: bool = False) -> str:
    """「12,000.00元」, with 大写 where money is decided."""
    return render_to_string("components/amount.html", amount(value, in_words))


def _area(value) -> str:
    return format_html("{}平方米", f"{value:f}".rstrip("0").rstrip(".")) if value else ""
