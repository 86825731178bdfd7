"""The frame around the content of a page."""

from common.components.tags import component


@component("page_head")
def page_head(title: str, note: str = "", action_url: str = "", action_label: str = "") -> dict:
    """Title of a page with at most one main action."""
    return {"title": title, "note": note, "action_url": action_url, "action_label": action_label}


@component("breadcrumb")
def breadcrumb(crumbs) -> dict:
    """`crumbs`: pairs (label, url); the last one is the page itself (its url may be empty)."""
    return {"crumbs": crumbs}


@component("back_link")
def back_link(url: str, label: str = "返回") -> dict:
    """「‹ 返回」 on top of a villager's page."""
    return {"url": url, "label": label}


@component("step_count")
def step_count(step: int, total: int, name: str = "") -> dict:
    """「第3步/共9步」."""
    return {"step": step, "total": total, "name": name}


@component("question_head")
def question_head(title: str, hint: str = "") -> dict:
    """The heading of a villager's page: the question, and how to answer it."""
    return {"title": title, "hint": hint}


@component("tabs")
def tabs(items, label: str = "页签") -> dict:
    """`items`: dicts {label, url, count (or None), is_current}."""
    return {"tabs": [{"count": None, "is_current": False, **item} for item in items], "label": label}


@component("task_list")
def task_list(tasks) -> dict:
    """Sections of a long form: dicts {title, url, state (a tag or 「已完成」)}."""
    return {"tasks": [{"url": "", "state": "", **task} for task in tasks]}


@component("photo_viewer")
def photo_viewer() -> dict:
    """Style and script of the photo viewer: for the scripts block of pages with `{% photo_grid %}`."""
    return {}


@component("photo_upload")
def photo_upload() -> dict:
    """Scripts of `{% photo_slot %}`: for the scripts block."""
    return {}
