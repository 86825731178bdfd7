"""A form as a browser would send it back untouched: hidden fields, answers already there, ticks."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    """Every form of a page: its address and its fields."""

    def __init__(self):
        super().__init__()
        self.forms, self.select, self.area = [], None, None

    def handle_starttag(self, tag, pairs):
        said = dict(pairs)
        name, value = said.get("name"), said.get("value") or ""
        if tag == "form":
            self.forms.append((said.get("action") or "", {}))
        if not self.forms:
            return
        fields = self.forms[-1][1]
        if tag == "select":
            self.select = name
        if tag == "option" and self.select and "selected" in said:
            fields.setdefault(self.select, []).append(value)
        if tag == "textarea" and name:
            self.area = name
            fields[name] = [""]
        if tag == "input" and name and _counts(said):
            fields.setdefault(name, []).append(value or ("on" if said.get("type") == "checkbox" else ""))

    def handle_data(self, data):
        if self.area:
            fields = self.forms[-1][1]
            fields[self.area] = [fields[self.area][0] + data]

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = None
        if tag == "select":
            self.select = None


def _counts(said: dict) -> bool:
    kind = said.get("type", "text")
    return kind not in ("submit", "button", "image", "file", "reset") and (
        kind not in ("radio", "checkbox") or "checked" in said
    )


def form_in(response, address: str, *, wants: str = "") -> dict:
    """The fields of the page's form that is sent to that address (or to the page itself); {} where there is none."""
    reader = _Forms()
    reader.feed(response.content.decode())
    sent_here = [fields for action, fields in reader.forms if action.split("?")[0] in (address.split("?")[0], "")]
    return next((fields for fields in sent_here if wants in fields or not wants), {})
