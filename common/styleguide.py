"""/styleguide/ (development only): every component with long names, empty, with errors and busy."""

from datetime import date
from decimal import Decimal

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.components import due_phrase, grade_tag, groups_of_four, tag
from common.forms import (
    ConditionalForm,
    DateInput,
    HouseForm,
    IdInput,
    MoneyInput,
    MonthField,
    MultipleChoiceCards,
    OpinionTextarea,
    PhoneInput,
    RequiredIf,
    ShowIf,
    UnitInput,
    YesNoField,
)

PARTS = {
    "foundation": "地基",
    "wall": "墙体",
    "beam": "梁柱",
    "floor": "楼板",
    "roof": "屋面",
    "other": "其他，或者说不清",
}
LONG_VILLAGE = "某某彝族回族傣族自治县某某街道办事处某某社区居民委员会第十二村民小组"


class ApplySample(HouseForm, forms.Form):
    """A villager's questions."""

    name = forms.CharField(label="您的姓名", max_length=50)
    id_number = forms.CharField(label="身份证号码", widget=IdInput(), help_text="18位，最后一位可能是X")
    phone = forms.CharField(label="联系电话", widget=PhoneInput())
    parts = forms.MultipleChoiceField(
        label="房子哪里有危险？",
        help_text="可以选多个",
        choices=PARTS.items(),
        widget=MultipleChoiceCards(drawings={key: f"img/risk/{key}.svg" for key in PARTS}),
    )
    on_behalf = YesNoField(label="是不是替别人申请？")
    description = forms.CharField(label="说说房子的情况", required=False, max_length=1000, widget=OpinionTextarea())


class AcceptSample(ConditionalForm, forms.Form):
    """区县受理, as an example of conditions (domain §4.4)."""

    had_policy = YesNoField(label="之前是否享受农村危房改造的政策")
    policy_date = MonthField(label="享受政策时间")
    policy_amount = forms.DecimalField(label="享受政策金额", max_digits=12, decimal_places=2, widget=MoneyInput())
    is_low_income = YesNoField(label="是否为县（市、区）级民政局及乡村振兴局认定的低收入群体")
    area = forms.DecimalField(label="房屋面积", required=False, widget=UnitInput(unit="㎡"))
    visited_on = forms.DateField(label="入户日期", required=False, widget=DateInput())
    conclusion = forms.ChoiceField(
        label="受理结论", choices=[("accept", "通过"), ("reject", "不通过")], widget=forms.RadioSelect
    )
    opinion = forms.CharField(
        label="受理意见",
        required=False,
        max_length=1000,
        widget=OpinionTextarea(phrases=("情况属实，予以受理。", "所报材料不全，请补充后重新申请。"), is_pushed=True),
    )

    CONDITIONS = (
        ShowIf("policy_date", had_policy=True),
        ShowIf("policy_amount", had_policy=True),
        RequiredIf("opinion", conclusion="reject"),
        RequiredIf("opinion", conclusion="accept", had_policy=True),
        RequiredIf("opinion", conclusion="accept", is_low_income=False),
    )


class FilterSample(HouseForm, forms.Form):
    """Filters above a list."""

    kind = forms.ChoiceField(
        label="工单类型", choices=[("", "全部工单"), ("0", "未超时"), ("1", "已超时")], required=False
    )
    state = forms.ChoiceField(label="工单状态", choices=[("", "全部状态"), ("a", "待区县受理")], required=False)
    name = forms.CharField(label="申请人姓名", required=False)


TIMELINE = [
    {"title": "群众申请", "state": "done", "meta": "6月30日（周二） · 网上申请 · 张*三"},
    {
        "title": "区县受理",
        "state": "done",
        "result": tag("ok", "通过"),
        "meta": f"7月2日（周四） · 某某县住房和城乡建设局 · {LONG_VILLAGE}",
        "note": "情况属实，予以受理。\n请等候认定。",
    },
    {"title": "区县认定", "state": "now", "due": "最迟7月16日（周四）答复", "meta": "某某县住房和城乡建设局"},
    {"title": "乡镇组织评议", "state": "next"},
    {"title": "公示", "state": "next"},
]
STOPPED = [
    {"title": "群众申请", "state": "done", "meta": "6月30日（周二）"},
    {
        "title": "区县受理",
        "state": "stopped",
        "result": tag("danger", "不通过"),
        "meta": "7月2日（周四） · 某某县住房和城乡建设局",
        "note": "户籍不在本县，请向户籍所在地申请。",
    },
]
COLUMNS = [
    "工单号",
    "申请人",
    "房屋所在地",
    {"label": "申请时间", "kind": "date"},
    {"label": "当前环节", "kind": "tag"},
    {"label": "剩余时间", "kind": "tag"},
    {"label": "补助（元）", "kind": "number"},
]


def _rows() -> list[dict]:
    names = ("张*三", "买买提·吐尔逊·阿卜杜热合曼", "李*", "欧*娜")
    places = ("甲村民委员会", LONG_VILLAGE, "乙社区", "某某镇丙村")
    dues = (due_phrase(None, 2), due_phrase(0), due_phrase(1), due_phrase(7))
    rows = []
    for number, (name, place, due) in enumerate(zip(names, places, dues, strict=True), 1):
        cells = [
            groups_of_four(f"99010126070200000{number}"),
            name,
            place,
            "2026-07-02",
            "待区县受理",
            due,
            "12,300.00",
        ]
        rows.append({"url": f"#row-{number}", "cells": cells})
    return rows


PHOTO = "/static/img/risk/wall.svg"
PHOTOS = [
    {"uid": "1", "url": PHOTO, "thumb": PHOTO, "caption": "2026-06-30 09:12（照片自带时间） 无位置", "delete_url": "#"},
    {"uid": "2", "url": PHOTO.replace("wall", "roof"), "thumb": PHOTO.replace("wall", "roof"), "delete_url": "#"},
]


def _context(**extra) -> dict:
    return {
        "timeline": TIMELINE,
        "stopped": STOPPED,
        "photos": PHOTOS,
        "long_village": LONG_VILLAGE,
        "grades": [grade_tag(letter) for letter in "ABCD"],
        "amount": Decimal("20500.6"),
        "day": date(2026, 10, 16),
        **extra,
    }


def page(request: HttpRequest) -> HttpResponse:
    """The villager density; ?errors=1 shows the form refused."""
    form = ApplySample({"id_number": "12"}) if request.GET.get("errors") else ApplySample()
    facts = [("姓名", "张三", "#"), ("房屋所在地", LONG_VILLAGE, "#"), ("房屋情况", "", "#")]
    card = {
        "title": "农村危房改造",
        "url": "#",
        "tags": [tag("plain", "正在办理")],
        "facts": [("工单号", groups_of_four("990101260702000001")), ("当前环节", "待区县认定")],
    }
    return render(request, "styleguide/villager.html", _context(form=form, facts=facts, cards=[card], none=[]))


def staff(request: HttpRequest) -> HttpResponse:
    """The staff density; ?errors=1 shows the form refused."""
    form = (
        AcceptSample({"had_policy": "true", "policy_amount": "很多"}) if request.GET.get("errors") else AcceptSample()
    )
    nav = [
        {"label": "待办", "url": "#", "count": 12, "is_current": True},
        *({"label": label, "url": "#", "count": None, "is_current": False} for label in ("已办", "回头看", "监测")),
    ]
    pages = Paginator(range(2361), 20)
    return render(
        request,
        "styleguide/staff.html",
        _context(
            form=form,
            survey=AcceptSample(prefix="survey"),
            filters=FilterSample({"name": "张"}),
            columns=COLUMNS,
            rows=_rows(),
            total=["", "", "", "", "", "", "49,200.00"],
            none=[],
            page=pages.page(7),
            nav=nav,
            person_name="王小明",
            office_name="某某县住房和城乡建设局",
            logout_url="#",
            messages_url="#",
            unread_count=3,
            crumbs=[("工作台", "#"), ("业务办理", "#"), ("工单990101261113000001", "")],
            tabs=[
                {"label": "全部", "url": "#", "count": 118, "is_current": True},
                {"label": "已超时", "url": "#", "count": 2},
            ],
            facts=[
                ("姓名", "张三"),
                ("身份证号码", "990101********0016"),
                ("房屋所在地", LONG_VILLAGE),
                ("身份类别", ""),
            ],
            sections=[
                ("one", "一、基本情况", ("had_policy", "policy_date", "policy_amount")),
                ("two", "二、结论", ("conclusion",)),
            ],
            tasks=[
                {"title": "户情", "url": "#", "state": tag("ok", "已完成")},
                {"title": "安全鉴定", "url": "#", "state": "填写中"},
            ],
            others=[("return", "回退")],
        ),
    )
