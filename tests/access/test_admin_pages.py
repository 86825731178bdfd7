"""Django's admin as its users meet it: in Chinese, grouped, never counted to the end, every write in the trail."""

import ast
import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions.outbox import topics
from accounts.audit_words import ACTIONS, TOPICS, action_words, change_words, kind_words
from accounts.choices import Duty
from accounts.models import AuditEntry
from common.admin import ReadOnlyAdmin
from regions.models import CalendarDay, OptionItem
from renovation.workflow import WORKFLOW
from tests.access.test_admin_doors import DOORS, each_page, expected, pages, rows  # noqa: F401
from tests.factories.accounts import make_user
from tests.house import sources

pytestmark = pytest.mark.django_db
WORDS = re.compile(r"[A-Za-z]{3,}")
# Words that are no language: file formats, codes that people typed, our own invented accounts.
NO_LANGUAGE = re.compile(r"^(access|csv|xlsx|CSV|XLSX|test|before|due|plus|tiler|STD|ASM)$")


class Interface(HTMLParser):
    """The words of headings, labels, heads of columns, buttons, links and options of a page."""

    TOLD = {"title", "h1", "h2", "h3", "label", "th", "button", "a", "option", "caption", "legend", "p"}

    def __init__(self):
        super().__init__()
        self.open, self.words = [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in self.TOLD:
            self.open.append(tag)
        if tag == "input" and given.get("type") in ("submit", "button"):
            self.words.append(given.get("value", ""))
        self.words += [given[name] for name in ("placeholder", "aria-label", "title") if given.get(name)]

    def handle_endtag(self, tag):
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]

    def handle_data(self, data):
        if self.open and data.strip():
            self.words.append(data.strip())


def foreign_words(text: str) -> set[str]:
    reader = Interface()
    reader.feed(re.sub(r"<script.*?</script>|<td.*?</td>|<tbody.*?</tbody>", "", text, flags=re.S))
    return {word for line in reader.words for word in WORDS.findall(line) if not NO_LANGUAGE.match(word)}


@pytest.fixture
def nation(town):
    """A system administrator of the whole country, who may edit what counties only read."""
    return make_user(office=town.users["ministry"].office, duties=[Duty.SYSTEM_ADMIN])


@pytest.mark.parametrize("persona", ["system", "security", "auditor", "county"])
def test_every_page_speaks_chinese(town, rows, persona):  # noqa: F811
    foreign, client = {}, town.client(persona)
    for model, page, path, is_home in each_page(rows):
        has_links = not isinstance(admin.site._registry[apps.get_model(model)], ReadOnlyAdmin)
        if "<" not in page or (is_home and has_links):
            answer = client.get(path)
            words = foreign_words(answer.content.decode()) if answer.status_code == 200 else set()
            if words:
                foreign[path] = words
    index = client.get("/admin/")
    assert foreign | ({"/admin/": words} if (words := foreign_words(index.content.decode())) else {}) == {}


def test_index_is_grouped_by_what_people_do(town):
    text = town.client("system").get("/admin/").content.decode()
    assert [name for name in ("危房改造", "行政区划与日历", "账号与审计") if name not in text] == []
    assert "auth" not in re.findall(r'href="/admin/(\w+)/"', text)


@pytest.mark.parametrize("model", list(DOORS))
def test_no_list_counts_or_reads_a_whole_table(town, model):
    """At 665,000 regions a count costs more than the page; a filter must not ask a log for its distinct values."""
    admin_of = next(iter(DOORS[model]["see"] & {"system", "security", "auditor", "county"}))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert town.client(admin_of).get(f"/admin/{model.replace('.', '/')}/").status_code == 200
    table = model.replace(".", "_")
    about = [query["sql"] for query in asked if f'FROM "{table}"' in query["sql"]]
    assert about
    assert [sql for sql in about if "COUNT(" in sql and "LIMIT 10001" not in sql] == []
    assert [sql for sql in about if sql.startswith("SELECT DISTINCT") and "calendarday" not in sql] == []


def written(action: str):
    return AuditEntry.objects.filter(action=action).order_by("-pk").first()


def test_every_write_to_an_option_is_in_the_trail(town, nation, client):
    client.force_login(nation)
    said = {"list_code": "trade", "code": "mason", "label": "石匠", "order": 5, "active": "on", "source_mark": "STD"}
    field = OptionItem._meta.get_field("list_code")
    said["list_code"] = field.choices[0][0] if field.choices else "trade"
    assert client.post("/admin/regions/optionitem/add/", said).status_code == 302
    item = OptionItem.objects.get(code="mason")
    entry = written("admin.add")
    assert (entry.actor, entry.target_kind, entry.target_id) == (nation, "regions.optionitem", str(item.pk))
    assert client.post(f"/admin/regions/optionitem/{item.pk}/change/", said | {"label": "瓦匠"}).status_code == 302
    assert written("admin.change").changes == {"label": ["石匠", "瓦匠"]}
    assert "名称：石匠 → 瓦匠" in change_words(written("admin.change").changes, "regions.optionitem")


def test_calendar_writes_are_in_the_trail_once_each(town):
    client, county = town.client("system"), town.users["system"].region
    said = {"date": "2027-05-06", "kind": "holiday", "name": "花山节", "region": county.pk, "source": "县政府通知"}
    before = AuditEntry.objects.count()
    assert client.post("/admin/regions/calendarday/add/", said).status_code == 302
    assert AuditEntry.objects.count() == before + 1
    assert written("calendar.change").changes == {"2027-05-06": ["", "放假 花山节（县政府通知）"]}
    day = CalendarDay.objects.get(name="花山节")
    assert client.post(f"/admin/regions/calendarday/{day.pk}/delete/", {"post": "yes"}).status_code == 302
    assert AuditEntry.objects.count() == before + 2


def test_proposed_and_dropped_divisions_are_in_the_trail(town, rows):  # noqa: F811
    client, edit = town.client("county"), rows["regions.regionedit"][0]
    said = {
        "kind": "add", "parent": edit.parent_id, "level": "township", "name": "新溪乡", "code": "990101910000",
        "order": 9, "reason": "省政府批复",
    }  # fmt: skip
    assert client.post("/admin/regions/regionedit/add/", said).status_code == 302
    assert written("admin.add").changes["name"][1] == "新溪乡"
    client.post("/admin/regions/regionedit/", {"action": "drop", "_selected_action": [edit.pk]})
    assert written("admin.change").target_id == str(edit.pk)


def test_administrators_of_a_county_read_what_belongs_to_the_country(town, nation, client):
    for path in ("regions/optionitem", "renovation/ladderrung"):
        assert town.client("system").get(f"/admin/{path}/").status_code == 200
        assert town.client("system").get(f"/admin/{path}/add/").status_code == 403
    client.force_login(nation)
    assert client.get("/admin/renovation/ladderrung/add/").status_code == 200
    assert client.get("/admin/regions/calendarday/import/").status_code == 200


def test_limits_of_the_neighbour_cannot_be_set(town):
    said = {"step": "pending_appraisal", "region": town.users["neighbour"].region.pk, "amount": 2, "warn_before": 1}
    answer = town.client("system").post("/admin/renovation/deadlinerule/add/", said)
    assert "只能设置本辖区内区县的办理时限" in answer.content.decode()


def test_every_code_of_the_trail_has_words():
    literal = {
        keyword.value.value
        for name, tree in sources.trees().items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "action" and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str)
    }
    moves = {f"case.{move.name}" for step in WORKFLOW.steps for move in step.moves}
    assert literal
    assert {code for code in literal | moves if code not in ACTIONS and "." in code} == set(), "accounts/audit_words.py"
    assert {topic for topic in topics() if topic not in TOPICS} == set()


def test_words_of_the_trail_hide_nothing():
    assert (action_words("login"), action_words("x.y")) == ("登录", "x.y")
    assert (kind_words("renovation.case"), kind_words("gone.model"), kind_words("")) == ("工单", "gone.model", "—")
    assert change_words({"state": ["draft", "withdrawn"]}, "renovation.case") == "当前环节：草稿 → 已撤回"
    assert change_words({"a": True, "b": {"c": 1}}) == "a：是；b：c 1"
