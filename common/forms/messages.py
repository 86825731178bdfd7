"""Plain Chinese messages for Django's built-in field errors; each starts with the words of the label."""

from functools import cache

from django import forms
from django.core import validators

from common.forms.fields import MonthField

# Percent placeholders are filled by Django's ValidationError, {label} by us.
PLAIN = {
    "max_length": "{label}最多 %(limit_value)d 个字，现在有 %(show_value)d 个字",
    "min_length": "{label}至少 %(limit_value)d 个字，现在有 %(show_value)d 个字",
    "max_value": "{label}不能大于 %(limit_value)s",
    "min_value": "{label}不能小于 %(limit_value)s",
    "step_size": "{label}应为 %(limit_value)s 的倍数",
    "max_digits": "{label}最多 %(max)s 位数字",
    "max_decimal_places": "{label}最多保留 %(max)s 位小数",
    "max_whole_digits": "{label}的整数部分最多 %(max)s 位",
    "invalid_choice": "{label}不在可选范围内，请重新选择",
    "invalid_list": "{label}请重新选择",
    "invalid_pk_value": "{label}不在可选范围内，请重新选择",
    "incomplete": "{label}没有填完整",
    "unique": "{label}已存在，请核对",
    "null_characters_not_allowed": "{label}含有无法识别的字符，请重新填写",
    "empty": "{label}是空文件，请重新选择",
    "missing": "{label}没有选到文件，请重新选择",
    "contradiction": "{label}请只选上传或清除其中一项",
    "invalid_image": "{label}不是能识别的图片，请重新选择",
    "overflow": "{label}超出范围，请核对",
    "invalid_extension": "{label}的文件类型不对，请上传 %(allowed_extensions)s",
}

# Order matters: DateTimeField and DecimalField are tried before their parents.
INVALID = (
    (forms.DateTimeField, "{label}请按“2026-10-16 09:30”的样子填写"),
    (MonthField, "{label}请按“2021-06”的样子填写"),
    (forms.DateField, "{label}请按“2026-10-16”的样子填写"),
    (forms.TimeField, "{label}请按“09:30”的样子填写"),
    ((forms.IntegerField, forms.FloatField, forms.DecimalField), "{label}请填写数字，不要带单位"),
    (forms.FileField, "{label}没有上传成功，请重新选择文件"),
    (forms.Field, "{label}格式不正确，请核对"),
)

CHOOSING = (forms.ChoiceField, forms.ModelChoiceField, forms.NullBooleanField)


def required_message(field: forms.Field, label: str) -> str:
    """The sentence for a missing answer: 「请填写…」, 「请选择…」, 「请上传…」 or 「请勾选…」."""
    if isinstance(field, forms.FileField):
        return f"请上传{label}"
    if isinstance(field, forms.BooleanField) and not isinstance(field, forms.NullBooleanField):
        return f"请勾选“{label}”"
    chooses = isinstance(field, CHOOSING) or field.widget.use_fieldset or hasattr(field.widget, "choices")
    return f"请选择{label}" if chooses else f"请填写{label}"


def speak_plainly(field: forms.Field, label: str) -> None:
    """Replace Django's own messages on a form's field; messages the form's author wrote stay."""
    label = label.replace("%", "％").replace("*", "").strip(" ：:？?") or "此项"
    defaults = _django_defaults(type(field))

    def put(code: str, message: str) -> None:
        if str(field.error_messages.get(code, "")) in defaults.get(code, {""}):
            field.error_messages[code] = message

    put("required", required_message(field, label))
    put("invalid", next(text for kind, text in INVALID if isinstance(field, kind)).format(label=label))
    for code, text in PLAIN.items():
        put(code, text.format(label=label))
    # Validators take their message from error_messages by code; these two differ from the field's own wording.
    if any(isinstance(v, validators.MaxLengthValidator) for v in field.validators) and isinstance(
        field, forms.FileField
    ):
        field.error_messages["max_length"] = f"{label}的文件名太长，请改短后再上传"


@cache
def _django_defaults(field_class: type[forms.Field]) -> dict[str, set[str]]:
    """Messages that came with the field's class, by code: only those may be replaced."""
    found: dict[str, set[str]] = {}
    for kind in field_class.__mro__:
        if kind.__module__.startswith(("django.", "common.forms.")):
            for code, message in getattr(kind, "default_error_messages", {}).items():
                found.setdefault(code, {""}).add(str(message))
    return found
