"""How a step's form stands on the page: its questions, the slots for files among them, totals below the amounts."""

from django.templatetags.static import static
from django.urls import reverse

from renovation.queries.casefile import is_of_earlier_round
from renovation.views import blocks

PAPER_TYPES, PHOTO_TYPES = ".pdf,image/jpeg,image/png", "image/*,.heic,.heif"
# Shown apart, below the questions, and only when the answers raise doubts.
APART = "warning_note"


def rows_of(form, slots: list[dict]) -> list[dict]:
    """The form from top to bottom: {field}, {fold, field}, {slot} or {sums}.

    Files stand below the question that calls for them, else before the opinion, else at the end.
    """
    if form is None:
        return []
    rows, waiting = [], list(slots)
    last_amount = [name for _, names in form.SUMS for name in names][-1:]
    for bound in form:
        if bound.name == APART:
            continue
        if bound.name == "opinion":
            rows += [{"slot": waiting.pop(0)} for _ in list(waiting)]
        rows.append({"field": bound, "fold": form.FOLDED.get(bound.name, "")})
        below = [slot for slot in waiting if slot["below"] == bound.name]
        rows += [{"slot": slot} for slot in below]
        waiting = [slot for slot in waiting if slot not in below]
        if bound.name in last_amount:
            rows.append({"sums": [{"label": label, "names": " ".join(names)} for label, names in form.SUMS]})
    return rows + [{"slot": slot} for slot in waiting]


def slot_of(case, upload, files, *, began, errors, suffix: str) -> dict:
    """One slot: what is wanted, what this round has brought, and what earlier rounds brought and keep."""
    unit = "张" if upload.is_photo else "份"
    return {
        "slot": upload.slot.value,
        "label": upload.slot.label,
        "url": reverse("renovation:upload", args=[case.uid, upload.slot.value]) + suffix,
        "files": [stored(case, row, suffix) for row in files if not is_of_earlier_round(row, began)],
        "earlier": [stored(case, row, suffix) for row in files if is_of_earlier_round(row, began)],
        "errors": errors,
        "is_required": upload.minimum > 0 and not upload.is_always_shown,
        "condition_attrs": upload.condition_attrs(),
        "below": upload.below,
        "is_photo": upload.is_photo,
        "unit": unit,
        "maximum": upload.maximum,
        "hint": _hint(upload, unit),
        "accept": PHOTO_TYPES if upload.is_photo else PAPER_TYPES,
        "button": "选择照片" if upload.is_photo else "选择文件",
    }


def _hint(upload, unit: str) -> str:
    count = f"{upload.minimum}到{upload.maximum}{unit}" if upload.minimum else f"最多{upload.maximum}{unit}"
    return f"{count}，手机拍摄的照片可直接上传" if upload.is_photo else f"{count}，PDF、JPG或PNG，每份不超过10MB"


def stored(case, row, suffix: str) -> dict:
    """One stored file of a slot, with the address that takes it away."""
    return {
        "uid": row.uid,
        "url": reverse("households:file", args=[row.uid]),
        "thumb": thumb_of(row),
        "label": blocks.paper_words(row) if row.is_paper else "",
        "delete_url": reverse("renovation:remove_file", args=[case.uid, row.slot, row.uid]) + suffix,
    }


def thumb_of(row) -> str:
    """The photo itself, small; a paper is sealed and shows a sheet."""
    return static("img/paper.svg") if row.is_paper else reverse("households:thumb", args=[row.uid])
