"""What stands on the case page, block by block, as plain rows for the components (domain §4.3 detail page)."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join

from common import masking
from common.components import tag
from common.templatetags.anju import cn_date, cn_datetime, yuan
from households.choices import RiskPart
from households.models import Attachment
from households.queries import category_labels
from regions import names
from renovation.choices import CaseState
from renovation.forms import STEP_FORMS
from renovation.models import Case, CaseNode
from renovation.queries.casefile import members_of
from renovation.queries.nodes import timeline
from renovation.queries.todo import last_day
from renovation.views.people import name_for
from renovation.workflow import WORKFLOW

STATE_TONES = {
    CaseState.NOT_ACCEPTED: "danger",
    CaseState.APPRAISAL_FAILED: "danger",
    CaseState.REVIEW_FAILED: "danger",
    CaseState.APPROVAL_REJECTED: "danger",
    CaseState.WITHDRAWN: "plain",
    CaseState.TERMINATED: "plain",
    CaseState.COMPLETED: "ok",
}
UNMATCHED = "未匹配到低收入群体库"
TIME_SOURCES = {"camera": "相机记录", "browser": "浏览器记录", "typed": "手工填写"}


MEMBER_COLUMNS = ({"label": "姓名"}, {"label": "与申请人关系"}, {"label": "身份证号码"})


def state_tag(case: Case) -> str:
    """The state as a tag; open states are plain, because the due date beside it carries the colour."""
    return tag(STATE_TONES.get(case.state, "soft" if not case.is_open else "plain"), case.get_state_display())


def applicant_facts(case: Case, user) -> list[tuple]:
    """Block 1, 申请人信息: numbers masked, each with its own 【查看完整】."""
    labels = category_labels(case.applicant_id_index)
    rows = [
        ("姓名", name_for(user, case.applicant_name)),
        ("身份证号码", _masked(case, user, "id_number", masking.mask_id_number(case.applicant_id_number))),
        ("联系电话", _masked(case, user, "phone", masking.mask_phone(case.applicant_phone))),
        ("房屋所在地", names.full_name(case.region_id)),
        ("详细地址", case.house_address),
        ("身份类别", "、".join(labels) if labels else UNMATCHED),
        ("居住地址", _address(case.residence_region_id, case.residence_address)),
        ("户籍地址", _address(case.registered_region_id, case.registered_address)),
    ]
    if case.on_behalf:
        helper = format_html("{}（{}）", case.agent_name, case.get_agent_relation_display() or "代办人")
        rows.append(("代办人", helper))
        if case.agent_phone:
            phone = _masked(case, user, "agent_phone", masking.mask_phone(case.agent_phone))
            rows.append(("代办人电话", phone))
    return rows


def _masked(case: Case, user, what: str, text: str, member=None) -> str:
    if not text:
        return ""
    number = format_html('<span class="number-groups">{}</span>', text)
    if not user.can("unmask"):
        return number
    args = [case.uid, what] if member is None else [case.uid, member]
    url = reverse("renovation:reveal" if member is None else "renovation:reveal_member", args=args)
    return format_html('{} <a href="{}">查看完整</a>', number, url)


def _address(region_id, text: str) -> str:
    return f"{names.full_name(region_id)}{text}" if region_id or text else ""


def member_rows(case: Case, user) -> list[dict]:
    """共同生活家庭成员 for a small table: name, relation, masked number."""
    return [
        {
            "cells": (
                name_for(user, member.name),
                member.get_relation_display(),
                _masked(case, user, "member", masking.mask_id_number(member.id_number), member=member.uid),
            )
        }
        for member in members_of(case)
    ]


def detail_facts(case: Case) -> list[tuple]:
    """Block 2, 详细内容."""
    return [
        ("申请时间", cn_datetime(case.submitted_at)),
        ("房屋风险部位", "、".join(RiskPart(part).label for part in case.risk_parts)),
        ("问题描述", case.risk_description),
    ]


def photos(rows: list[Attachment], *, may_download: bool) -> list[dict]:
    """Photos for the grid: thumbnail, full size, and when, where and how we know."""
    return [
        {
            "url": reverse("households:file", args=[row.uid]),
            "thumb": reverse("households:thumb", args=[row.uid]),
            "caption": photo_caption(row),
            "download_url": reverse("households:file", args=[row.uid]) if may_download else "",
        }
        for row in rows
    ]


def photo_caption(row: Attachment) -> str:
    """「2026-10-12 09:30 拍摄（相机记录）；位置 25.556200, 102.471100（相机记录）」; what is unknown is said."""
    taken = "拍摄时间不详"
    if row.taken_at:
        taken = f"{cn_datetime(row.taken_at)}拍摄（{TIME_SOURCES.get(row.taken_source, '来源不详')}）"
    if row.lon is None or row.lat is None:
        return f"{taken}；无位置"
    return f"{taken}；位置{row.lat}, {row.lon}（{TIME_SOURCES.get(row.position_source, '来源不详')}）"


def papers(rows: list[Attachment]) -> list[dict]:
    """Papers as links: number, kind, size and when they came."""
    return [
        {
            "url": reverse("households:file", args=[row.uid]),
            "label": f"第{number}份 {paper_words(row)}",
            "at": cn_datetime(row.uploaded_at),
        }
        for number, row in enumerate(rows, 1)
    ]


def paper_words(row: Attachment) -> str:
    """「PDF 1.6 MB」."""
    return f"{'PDF' if row.content_type == 'application/pdf' else '图片'} {size_words(row.size)}"


def size_words(size: int) -> str:
    """「820 KB」 or 「1.6 MB」."""
    return f"{size / 1048576:.1f} MB" if size >= 1048576 else f"{max(1, size // 1024)} KB"


def previous_step(case: Case, nodes: list[CaseNode]) -> dict:
    """Block 3: who did what before it came here; the application itself when nothing was handled yet."""
    handled = [node for node in nodes if node.handled_at]
    if not handled:
        filer = case.applicant_name
        rows = [("提交人", f"{case.agent_name}（代{filer}办理）" if case.on_behalf else filer)]
        if case.on_behalf and case.filed_by.office_id:
            rows.append(("代办单位", case.filed_by.office.name))
        return {"title": "群众申请", "facts": [*rows, ("提交时间", cn_datetime(case.submitted_at))]}
    return {"title": WORKFLOW.step(handled[-1].code).title, "facts": node_facts(handled[-1])}


def node_facts(node: CaseNode) -> list[tuple]:
    """One step as facts: 处理部门, 处理人, 处理时间, 结论/等级, 意见."""
    late = tag("danger", "超时") if node.is_overdue else ""
    handled = format_html("{} {}", cn_datetime(node.handled_at), late) if node.handled_at else "办理中"
    return [
        ("处理部门", node.office_name),
        ("处理人", node.handler_name or "尚未办理"),
        ("处理时间", handled),
        ("结论/等级", node.conclusion or "—"),
        ("意见", paragraphs(node.opinion)),
    ]


def paragraphs(opinion: str) -> str:
    """An opinion with the line breaks it was written with; 「无」 for none."""
    return format_html('<span class="pre">{}</span>', opinion) if opinion else "无"


def all_steps(nodes: list[CaseNode]) -> list[dict]:
    """查看全部环节: every stay in a step with its dates and the answers given in that round."""
    return [
        {
            "title": WORKFLOW.step(node.code).title + (f"（第{node.round}轮）" if node.round > 1 else ""),
            "tag": _node_tag(node),
            "facts": [
                ("收到时间", cn_datetime(node.received_at)),
                ("办理期限", cn_date(node.due_on, "year") + ("（暂定）" if node.is_provisional else "")),
                *node_facts(node),
                *answers_of(node),
            ],
            "seq": node.seq,
        }
        for node in nodes
    ]


def _node_tag(node: CaseNode) -> str:
    if not node.handled_at:
        return tag("warn", "办理中")
    return tag("danger", "超时办理") if node.is_overdue else tag("ok", "按时办理")


def answers_of(node: CaseNode) -> list[tuple]:
    """The form's answers kept with the node, in the words of the form that asked them."""
    form_class = STEP_FORMS.get(_form_of(node))
    if form_class is None or not node.payload:
        return []
    return in_order(form_class(), node.payload)


def _form_of(node: CaseNode) -> str:
    """The small form behind a button of its own, else the step's."""
    step = WORKFLOW.step(node.code)
    taken = next((move for move in step.moves if move.name == node.move), None)
    return taken.form if taken is not None and taken.form else step.form


def in_order(form, answers: dict) -> list[tuple]:
    """The given answers in the order of the form's questions; conclusion and opinion stand elsewhere."""
    return [
        (form.fields[name].label, in_words(form.fields[name], answers[name]))
        for name in form.fields
        if name not in ("conclusion", "opinion") and answers.get(name) not in (None, "", [])
    ]


def in_words(field, value) -> str:
    """An answer as people read it: 是/否, the label of a choice, an amount with thousands."""
    if isinstance(value, bool) or value in ("true", "false"):
        return "是" if value in (True, "true") else "否"
    choices = dict(getattr(field, "choices", ()) or ())
    if isinstance(value, (list, tuple)):
        return "、".join(str(choices.get(one, one)) for one in value)
    if choices:
        return str(choices.get(value, value))
    unit = getattr(field.widget, "unit", "")
    if unit == "元" and yuan(value):
        return f"{yuan(value)}元"
    return f"{value}{unit}"


_ITEM_STATES = {"done": "done", "now": "now", "next": "next", "ended": "stopped"}


def timeline_items(case: Case) -> list[dict]:
    """The whole way for the aside: done, going on, still to come."""
    items = []
    for step in timeline(case):
        meta = " · ".join(filter(None, [cn_datetime(step.at), step.office, step.handler]))
        due = ""
        if step.status == "now" and step.due_on:
            due = f"最迟{cn_date(step.due_on)}" + ("（暂定）" if step.is_provisional else "")
        tags = [tag("plain", step.conclusion)] if step.conclusion else []
        tags += [tag("danger", "超时")] if step.is_late else []
        result = format_html_join(" ", "{}", ((one,) for one in tags))
        title = step.title + (f"（第{step.round}轮）" if step.round > 1 else "")
        items.append({"title": title, "state": _ITEM_STATES[step.status], "meta": meta, "due": due, "result": result})
    return items


def due_words(case: Case) -> str:
    """「最迟10月16日（周五）」 of the open step; empty for an ended case."""
    if case.due_at is None:
        return ""
    return f"最迟{cn_date(last_day(case.due_at))}"


def consequences(case: Case) -> list[tuple[str, str]]:
    """What each answer of the present step leads to: (「受理·通过」, 「待区县认定」)."""
    rows = []
    for move in WORKFLOW.offered(case.state):
        # What the review said is no choice of the audit (decision 22).
        if move.when and case.review_conclusion in move.when.get("review", (case.review_conclusion,)):
            target = CaseState(move.to).label
            rows.append((move.label, target if WORKFLOW.step(move.to).is_open else f"{target}，工单办结"))
    return rows
