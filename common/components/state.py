"""How things stand: tags, time left, timelines, banners, progress."""

from django import template
from django.utils.html import format_html

from common.components.tags import component, register

TAG_KINDS = ("ok", "soft", "warn", "danger", "plain")


@register.simple_tag
def tag(kind: str, text: str) -> str:
    """State as word + shape + colour; kind is ok, soft, warn, danger or plain."""
    if kind not in TAG_KINDS:
        raise template.TemplateSyntaxError(f"tag kind {kind!r} is none of {TAG_KINDS}")
    return format_html('<span class="tag tag--{}">{}</span>', kind, text)


GRADES = {
    "A": ("ok", "A级 结构安全"),
    "B": ("soft", "B级 基本安全"),
    "C": ("warn", "C级 局部危险"),
    "D": ("danger", "D级 严重受损"),
}


@register.simple_tag
def grade_tag(grade: str) -> str:
    """The house grade as a tag; `grade` is a letter A to D (other values show 「未鉴定」)."""
    return tag(*GRADES.get(str(grade).upper(), ("plain", "未鉴定")))


@register.simple_tag
def due_phrase(workdays_left: int | None, days_late: int = 0, unit: str = "个工作日") -> str:
    """「剩2个工作日」, 「今天到期」 or 「超时2天」 from given numbers; the calendar lives in regions."""
    if days_late:
        return tag("danger", f"超时{days_late}天")
    if workdays_left is None:
        return ""
    if workdays_left == 0:
        return tag("warn", "今天到期")
    return tag("warn" if workdays_left <= 1 else "plain", f"剩{workdays_left}{unit}")


STATE_WORDS = {"done": "已完成", "now": "正在办理", "next": "还没开始", "stopped": "已结束"}


@component("timeline")
def timeline(items) -> dict:
    """`items`: dicts {title, state: done|now|next|stopped, meta (when · where · who), result (a tag), due, note}."""
    blank = {"meta": "", "result": "", "due": "", "note": ""}
    return {"items": [{**blank, **item, "state_word": STATE_WORDS[item["state"]]} for item in items]}


@component("job_progress")
def job_progress(title: str, done: int, total: int, url: str, text: str = "") -> dict:
    """Progress of a background job; `url` answers {done, total, text, finished_url}."""
    return {"title": title, "done": done, "total": total or 1, "url": url, "text": text or f"已处理 {done} / {total}"}


@component("banner")
def banner(kind: str, text: str, title: str = "", url: str = "", link: str = "") -> dict:
    """A note in the page; kind ok, warn, danger or plain. Danger is announced at once."""
    return {"kind": kind, "text": text, "title": title, "url": url, "link": link}


@component("empty_state")
def empty_state(title: str, text: str = "", url: str = "", label: str = "") -> dict:
    """Says why there is nothing and what to do."""
    return {"title": title, "text": text, "url": url, "label": label}
