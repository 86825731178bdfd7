"""Twenty rows on a page with a login and all middleware: ours against the way most Django projects are written."""

from collections.abc import Iterator

from django.db import connection
from django.forms.renderers import DjangoTemplates
from django.http import HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.urls import include, path

from bench import data
from bench.result import Result, cpu_milliseconds
from renovation.forms.filters import WHOLE_LIFE, SearchForm
from renovation.models import Case

ROWS = 20
TIMES = 30
# The columns of our list, each cell by the way of attributes and filters, Django's own form, in our own frame.
ORDINARY = """{% extends "base/staff.html" %}{% block title %}工单查询{% endblock %}
{% block main %}<h1>工单查询</h1><form>{{ form.as_p }}<button>查询</button></form>
<table class="table"><tbody>{% for case in cases %}<tr>
<td>{{ forloop.counter }}</td><td>农村危房改造</td><td><a href="/staff/cases/{{ case.uid }}/">{{ case.number }}</a></td>
<td>{{ case.applicant_name }}</td><td>{{ case.region.parent.name }}{{ case.region.name }}</td>
<td>{{ case.submitted_at|date:"Y-m-d H:i" }}</td><td>{{ case.get_state_display }}</td>
<td>{{ case.due_at|timeuntil }}</td><td>{{ case.office.name }}</td>
<td><a href="/staff/cases/{{ case.uid }}/">查看</a></td></tr>
{% endfor %}</tbody></table>
<p>共 {{ total }} 件</p>{% endblock %}"""


def ordinary(request):
    """Instances with everything they point to, a Django template, an exact count."""
    cases = Case.objects.visible_to(request.user).exclude(state="draft")
    shown = cases.select_related("region__parent__parent", "office", "filed_by", "claim").order_by(
        "-submitted_at", "-id"
    )
    form = SearchForm(request.GET, states=WHOLE_LIFE, renderer=DjangoTemplates())
    said = {"cases": shown[:ROWS], "total": cases.count(), "form": form}
    return HttpResponse(template.render(said, request))


template = engines["django"].from_string(ORDINARY)
urlpatterns = [path("ordinary/", ordinary), path("", include("config.urls"))]


def measure(cases: int) -> Iterator[Result]:
    officer = data.fill(cases)
    browser = Client()
    browser.force_login(officer)
    with override_settings(ROOT_URLCONF="bench.measures.page"):
        ours, other = (_rate(browser, address) for address in ("/staff/cases/search/", "/ordinary/"))
    words = "≥ 1.7 × the ordinary way"
    is_met = ours >= 1.7 * other
    yield Result("page_20_rows_logged_in", ours, "requests/s CPU", other, "select_related + templates", words, is_met)


def _rate(browser, address: str) -> float:
    """Requests a second of processor time of the web process; the database's own work is not in it."""
    assert browser.get(address).status_code == 200
    connection.ensure_connection()
    return 1000 / cpu_milliseconds(lambda: browser.get(address), TIMES)
