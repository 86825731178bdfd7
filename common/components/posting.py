"""Forms that post."""

from django.forms import BoundField
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from common.components.records import prepare_facts
from common.components.tags import component, register
from common.forms import tokens


@register.simple_tag
def field_facts(field: BoundField) -> dict:
    """What templates/forms/field.html needs to know beyond Django's BoundField: css classes, condition attributes."""
    asked = getattr(field.field, "asked", field.field.required)
    conditions = getattr(field.form, "condition_attrs", None)
    css = ["field", f"field--{field.widget_type}"]
    css += ["has-error"] if field.errors else []
    css += ["is-required"] if asked else []
    attrs = flatatt(conditions(field.name)) if conditions else ""
    return {"css": " ".join(css), "condition_attrs": mark_safe(attrs)}  # noqa: S308  flatatt has escaped it


@component("error_summary")
def error_summary(form=None, links: list[tuple[str, str]] | None = None, title: str = "有内容需要修改") -> dict:
    """Errors of a bound form (or given links: pairs of control id and message); takes focus. Empty: nothing."""
    if links is None:
        links = form.error_links if form is not None and form.is_bound else []
    return {"links": links, "title": title}


@component("photo_slot")
def photo_slot(
    slot: str,
    label: str,
    upload_url: str,
    photos=(),
    minimum: int = 0,
    maximum: int = 9,
    hint: str = "",
    errors=(),
    button: str = "拍照或选照片",
    accept: str = "image/*",
) -> dict:
    """Upload of one slot, one request a photo; stands inside a form with a csrf token.

    `photos`: dicts {uid, url, thumb, delete_url}. Server: POST file, client_id, slot → {ok, uid, number, thumb, url,
    delete_url} or {error}; without JavaScript the same post comes without client_id and wants a redirect back.
    """
    hint = hint or (f"{minimum}到{maximum}张" if minimum else f"最多{maximum}张") + "，每张会自动压缩后上传"
    photos = [{"delete_url": "", **photo} for photo in photos]
    return {
        "slot": slot,
        "label": label,
        "upload_url": upload_url,
        "photos": photos,
        "minimum": minimum,
        "maximum": maximum,
        "hint": hint,
        "errors": errors,
        "button": button,
        "accept": accept,
    }


def _posting(context, purpose: str) -> dict:
    """What a template with a POST form reads from the page: csrf and submit token."""
    token = ""
    if purpose:
        token = format_html(
            '<input type="hidden" name="submit_token" value="{}">', tokens.issue(context["request"], purpose)
        )
    return {"csrf_token": context.get("csrf_token", ""), "token": token}


def _keep_key(context, autosave_url: str) -> str:
    """Whose words in which page's form: the key under which the tab keeps what was typed; '' for nobody.

    The address of the autosave names the version that was seen: words typed over an older one never come back.
    """
    request = context.get("request")
    user = getattr(request, "user", None)
    return f"{user.uid}:{autosave_url or request.path}" if user is not None and user.is_authenticated else ""


@register.simple_block_tag(takes_context=True)
def step_form(
    context,
    content,
    form,
    button: str,
    purpose: str = "",
    action: str = "",
    cancel_url: str = "",
    cancel_label: str = "返回",
    limit: str = "",
    consequence: str = "",
    autosave_url: str = "",
    name: str = "",
    others=(),
    has_summary: bool = True,
) -> str:
    """A whole POST form: summary, fields, the block's content (photo slots …), buttons.

    `purpose` adds a submit token; `others`: pairs (name, label) of further buttons; `autosave_url` turns on autosave;
    `has_summary=False` where the page itself shows the errors above its heading.
    """
    return render_to_string(
        "components/step_form.html",
        {
            **_posting(context, purpose),
            "form": form,
            "content": content,
            "button": button,
            "action": action,
            "cancel_url": cancel_url,
            "cancel_label": cancel_label,
            "limit": limit,
            "consequence": consequence,
            "autosave_url": autosave_url,
            "keep": _keep_key(context, autosave_url),
            "name": name,
            "others": others,
            "is_multipart": form.is_multipart(),
            "links": form.error_links if form.is_bound and has_summary else [],
        },
    )


@component("section_form")
def section_form(form, sections) -> dict:
    """The fields of a long form in sections: `sections` are (key, 标题, field names); unknown names are an error."""
    prepared = [
        {"key": key, "title": title, "fields": [form[name] for name in names]} for key, title, names in sections
    ]
    return {"sections": prepared, "hidden": form.hidden_fields()}


@register.simple_block_tag(takes_context=True)
def confirm_page(
    context,
    content,
    title: str,
    button: str,
    cancel_url: str,
    facts=(),
    warning: str = "",
    kind: str = "warn",
    purpose: str = "",
    action: str = "",
    cancel_label: str = "不，返回",
) -> str:
    """A page of its own for an act that cannot be undone. kind: warn or danger; the block's content: hidden fields."""
    return render_to_string(
        "components/confirm_page.html",
        {
            **_posting(context, purpose),
            "content": content,
            "title": title,
            "button": button,
            "cancel_url": cancel_url,
            "facts": prepare_facts(facts),
            "warning": warning,
            "kind": kind,
            "action": action,
            "cancel_label": cancel_label,
        },
    )
