import datetime as dt
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.template import Context, TemplateSyntaxError, engines
from django.test import RequestFactory

from common.amounts import capital_amount
from common.clock import freeze
from common.forms import tokens


def draw(text: str, **values) -> str:
    return engines["django"].from_string("{% load anju %}" + text).template.render(Context(values)).strip()


@pytest.fixture
def issuer():
    before = list(tokens._issuer)
    tokens.register_issuer(lambda request, purpose: f"{purpose}-{request.path}")
    yield
    tokens._issuer[:] = before


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("'990101195203140016'|mask_id", "990101********0016"),
        ("'15400000001'|mask_phone", "154****0001"),
        ("'张小三'|mask_name", "张*三"),
        ("None|mask_id", ""),
        ("day|cn_date", "10月16日（周五）"),
        ("day|cn_date:'year'", "2026年10月16日（周五）"),
        ("day|cn_date:'plain'", "2026-10-16"),
        ("None|cn_date", ""),
        ("late|cn_date", "10月17日（周六）"),
        ("next_year|cn_date", "2027年8月5日（周四）"),
        ("late|cn_datetime", "2026-10-17 00:30"),
        ("1234567.5|yuan", "1,234,567.50"),
        ("0|yuan", "0.00"),
        ("None|yuan", ""),
    ],
)
def test_filters(expression, shown):
    late = dt.datetime(2026, 10, 16, 16, 30, tzinfo=dt.UTC)
    days = {"day": dt.date(2026, 10, 16), "late": late, "next_year": dt.date(2027, 8, 5)}
    with freeze(late):
        assert draw("{{ " + expression + " }}", **days) == shown


def test_number_in_groups_is_copied_without_spaces():
    html = draw("{{ number|group4 }}", number="990101260702000001")
    groups = "".join(f"<span>{group}</span>" for group in ("9901", "0126", "0702", "0000", "01"))
    assert html == f'<span class="number-groups">{groups}</span>'


@pytest.mark.parametrize(
    ("left", "late", "shown"),
    [
        ("7", 0, "剩7个工作日"),
        ("1", 0, "剩1个工作日"),
        ("0", 0, "今天到期"),
        ("None", 2, "超时2天"),
        ("3", 2, "超时2天"),
    ],
)
def test_due_phrase(left, late, shown):
    assert f">{shown}</span>" in draw("{% due_phrase " + f"{left} {late}" + " %}")


def test_due_phrase_of_a_case_without_limit_is_empty():
    assert draw("{% due_phrase None %}") == ""


def test_tag_says_its_state_in_words_and_escapes_them():
    assert draw("{% tag 'warn' words %}", words="<b>") == '<span class="tag tag--warn">&lt;b&gt;</span>'


def test_tag_of_an_unknown_kind_is_refused():
    with pytest.raises(TemplateSyntaxError, match="pink"):
        draw("{% tag 'pink' '词' %}")


def test_grade_tags():
    assert "D级 严重受损" in draw("{% grade_tag 'D' %}")
    assert "未鉴定" in draw("{% grade_tag '' %}")


def test_submit_token_comes_from_the_registered_issuer(issuer):
    request = RequestFactory().get("/apply/")
    html = draw("{% submit_token 'submit_case' %}", request=request)
    assert html == '<input type="hidden" name="submit_token" value="submit_case-/apply/">'


def test_step_form_holds_token_csrf_and_the_block(issuer):
    from common.styleguide import AcceptSample

    request = RequestFactory().get("/x/")
    html = draw(
        "{% step_form form '提交' 'accept' %}<p>附件</p>{% endstep_form %}",
        form=AcceptSample({}),
        request=request,
        csrf_token="secret",
    )
    assert 'name="csrfmiddlewaretoken" value="secret"' in html
    assert 'value="accept-/x/"' in html
    assert "<p>附件</p>" in html
    assert "data-error-summary" in html


def test_person_line_is_masked_whatever_it_is_given():
    html = draw("{% person_line name='张小三' id_number='990101195203140016' phone='15400000001' is_public=True %}")
    assert "张*三" in html
    assert "990101195203140016" not in html
    assert "15400000001" not in html


def test_facts_left_empty_read_not_filled_in():
    html = draw("{% fact_rows rows %}", rows=[("姓名", ""), ("人数", 0)])
    assert "未填写" in html
    assert "<dd>0</dd>" in html


def test_table_numbers_go_on_over_pages_and_cells_are_escaped():
    html = draw(
        "{% data_table caption='表' columns=columns rows=rows start=21 total=total %}",
        columns=["姓名", {"label": "金额", "kind": "number"}],
        rows=[{"url": "/a/", "cells": ["<i>", "1"]}, ["李", "2"]],
        total=["", "3"],
    )
    assert ">21<" in html
    assert ">22<" in html
    assert "&lt;i&gt;" in html
    assert 'data-href="/a/"' in html
    assert "合计" in html


def test_row_with_a_cell_too_many_is_refused():
    with pytest.raises(ValueError, match="zip"):
        draw("{% data_table caption='表' columns=columns rows=rows %}", columns=["姓名"], rows=[["李", "2"]])


def test_empty_table_says_why():
    html = draw(
        "{% data_table caption='表' columns=columns rows=rows empty=empty %}",
        columns=["a"],
        rows=[],
        empty={"title": "都办完了"},
    )
    assert "都办完了" in html
    assert "<table" not in html


def test_pager_keeps_the_filters():
    page = Paginator(range(100), 20).page(3)
    html = draw("{% pager page base %}", page=page, base="name=%E5%BC%A0&state=&")
    assert 'href="?name=%E5%BC%A0&amp;state=&amp;page=4"' in html
    assert 'type="hidden" name="name" value="张"' in html
    assert "共100条，20条/页" in html


def test_timeline_of_an_unknown_state_is_refused():
    with pytest.raises(KeyError):
        draw("{% timeline items %}", items=[{"title": "受理", "state": "maybe"}])


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("20500", "贰万零伍佰元整"),
        ("1000100", "壹佰万零壹佰元整"),
        ("100000000", "壹亿元整"),
        ("100010000", "壹亿零壹万元整"),
        ("100000001", "壹亿零壹元整"),
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("-12", "负壹拾贰元整"),
    ],
)
def test_capital_amount(amount, words):
    """The first five are the examples of the rules themselves."""
    assert capital_amount(Decimal(amount)) == words


def test_amount_too_large_for_words_is_refused():
    with pytest.raises(ValueError, match="大写"):
        capital_amount(Decimal(10) ** 16)
