import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured

from common.forms import (
    ANY,
    ChoiceCards,
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
    house_formfield,
)


class Acceptance(ConditionalForm, forms.Form):
    had_policy = YesNoField(label="之前是否享受政策")
    policy_date = MonthField(label="享受政策时间")
    policy_amount = forms.DecimalField(label="享受政策金额", min_value=1, decimal_places=2, widget=MoneyInput())
    conclusion = forms.ChoiceField(
        label="受理结论", choices=[("yes", "通过"), ("no", "不通过")], widget=forms.RadioSelect
    )
    opinion = forms.CharField(label="受理意见", required=False, max_length=10, widget=OpinionTextarea(limit=10))
    parts = forms.MultipleChoiceField(label="部位", choices=[("a", "墙体"), ("b", "屋面")], required=False)
    part_note = forms.CharField(label="部位说明")

    CONDITIONS = (
        ShowIf("policy_date", had_policy=True),
        ShowIf("policy_amount", had_policy=True),
        ShowIf("part_note", parts=["b"]),
        RequiredIf("opinion", conclusion="no"),
        RequiredIf("opinion", conclusion="yes", had_policy=True),
        RequiredIf("opinion", policy_amount=ANY),
    )


def refused(**data) -> dict:
    return {name: errors[0] for name, errors in Acceptance(data).errors.items()}


def test_hidden_answers_become_nothing_and_raise_no_error():
    form = Acceptance({"had_policy": "false", "policy_date": "2021-06", "policy_amount": "很多", "conclusion": "yes"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["policy_date"] is None
    assert form.cleaned_data["policy_amount"] is None
    assert form.cleaned_data["part_note"] == ""


def test_shown_questions_are_required_in_plain_words():
    assert refused(had_policy="true", conclusion="yes") == {
        "policy_date": "请填写享受政策时间",
        "policy_amount": "请填写享受政策金额",
        "opinion": "请填写受理意见",
    }


def test_missing_yes_no_is_not_no():
    assert refused(conclusion="yes") == {"had_policy": "请选择之前是否享受政策"}


@pytest.mark.parametrize(
    "data", [{"conclusion": "no", "had_policy": "false"}, {"conclusion": "yes", "had_policy": "true"}]
)
def test_required_if_rows_are_alternatives(data):
    assert "opinion" in refused(**data)


def test_opinion_of_spaces_only_is_missing():
    assert refused(had_policy="false", conclusion="no", opinion=" 　\n ") == {"opinion": "请填写受理意见"}


def test_one_of_several_ticks_shows_the_next_question():
    form = Acceptance({"had_policy": "false", "conclusion": "yes", "parts": ["a", "b"]})
    assert form.errors == {"part_note": ["请填写部位说明"]}


def test_draft_demands_nothing_but_still_refuses_nonsense():
    form = Acceptance({"had_policy": "true", "policy_amount": "很多", "opinion": "先写着"}, strict=False)
    assert form.errors == {"policy_amount": ["享受政策金额请填写数字，不要带单位"]}
    assert form.valid_data["opinion"] == "先写着"
    assert "policy_amount" not in form.valid_data


def test_draft_marks_the_same_questions_as_required():
    attrs = Acceptance(strict=False).condition_attrs("policy_date")
    assert attrs["data-required-when-shown"] == "1"
    assert "is-required" in str(Acceptance(strict=False)["conclusion"].as_field_group())


def test_hidden_trigger_hides_what_hangs_on_it():
    class Chain(ConditionalForm, forms.Form):
        first = YesNoField(label="甲")
        second = YesNoField(label="乙")
        third = forms.CharField(label="丙")
        CONDITIONS = (ShowIf("second", first=True), ShowIf("third", second=True))

    form = Chain({"first": "false", "second": "true", "third": "留着的旧答案"})
    assert form.is_valid()
    assert form.cleaned_data == {"first": False, "second": None, "third": ""}


def test_table_that_names_an_unknown_field_is_refused():
    class Wrong(ConditionalForm, forms.Form):
        note = forms.CharField()
        CONDITIONS = (ShowIf("note", nobody=True),)

    with pytest.raises(ImproperlyConfigured, match="nobody"):
        Wrong()


def test_condition_attributes_carry_the_prefix_of_the_form():
    html = str(Acceptance(prefix="accept")["policy_date"].as_field_group())
    assert 'data-show-if="[{&quot;accept-had_policy&quot;: [&quot;true&quot;]}]"' in html


class Everything(HouseForm, forms.Form):
    text = forms.CharField(label="详细地址", max_length=5, min_length=2)
    whole = forms.IntegerField(label="家庭成员人数", min_value=1, max_value=30, widget=UnitInput(unit="人", whole=True))
    money = forms.DecimalField(label="补助金", max_digits=5, decimal_places=2, widget=MoneyInput())
    day = forms.DateField(label="鉴定时间", widget=DateInput())
    month = MonthField(label="享受政策时间")
    choice = forms.ChoiceField(label="结构类型", choices=[("a", "砖混")])
    several = forms.MultipleChoiceField(label="风险部位", choices=[("a", "墙体")], widget=MultipleChoiceCards())
    agree = forms.BooleanField(label="我已认真阅读")
    paper = forms.FileField(label="鉴定表")
    mail = forms.EmailField(label="邮箱")
    own = forms.CharField(label="姓名", error_messages={"required": "自己的话"})


def test_missing_answers_are_asked_for_by_their_labels():
    assert {name: errors[0] for name, errors in Everything({}).errors.items()} == {
        "text": "请填写详细地址",
        "whole": "请填写家庭成员人数",
        "money": "请填写补助金",
        "day": "请填写鉴定时间",
        "month": "请填写享受政策时间",
        "choice": "请选择结构类型",
        "several": "请选择风险部位",
        "agree": "请勾选“我已认真阅读”",
        "paper": "请上传鉴定表",
        "mail": "请填写邮箱",
        "own": "自己的话",
    }


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("text", "一二三四五六", "详细地址最多 5 个字，现在有 6 个字"),
        ("text", "一", "详细地址至少 2 个字，现在有 1 个字"),
        ("whole", "三", "家庭成员人数请填写数字，不要带单位"),
        ("whole", "31", "家庭成员人数不能大于 30"),
        ("whole", "0", "家庭成员人数不能小于 1"),
        ("money", "1.234", "补助金最多保留 2 位小数"),
        ("money", "1234.5", "补助金的整数部分最多 3 位"),
        ("day", "2026-02-30", "鉴定时间请按“2026-10-16”的样子填写"),
        ("month", "2026-13", "享受政策时间请按“2021-06”的样子填写"),
        ("choice", "z", "结构类型不在可选范围内，请重新选择"),
        ("several", "z", "风险部位不在可选范围内，请重新选择"),
        ("mail", "不是邮箱", "邮箱格式不正确，请核对"),
        ("text", "a\x00b", "详细地址含有无法识别的字符，请重新填写"),
    ],
)
def test_wrong_answers_are_named_in_plain_chinese(name, typed, message):
    assert Everything({name: [typed] if name == "several" else typed}).errors[name] == [message]


def tidied(widget, typed):
    return widget.value_from_datadict({"x": typed}, {}, "x")


@pytest.mark.parametrize(
    ("widget", "typed", "kept"),
    [
        (MoneyInput(), "１，２００．５０元", "1200.50"),
        (MoneyInput(), "3000 块钱", "3000"),
        (UnitInput(unit="㎡"), "86.5平方米", "86.5"),
        (UnitInput(unit="㎡"), "86.5 ㎡", "86.5"),
        (UnitInput(whole=True), "４人", "4"),
        (PhoneInput(), "+86 154-0000-0001", "15400000001"),
        (IdInput(), "990101 1952 0314 001６", "990101195203140016"),
        (DateInput(), "2026年1月5日", "2026-01-05"),
        (DateInput(), "2026/1/5", "2026-01-05"),
        (DateInput(), "20260105", "2026-01-05"),
        (DateInput(), "２０２６．１．５", "2026-01-05"),
        (DateInput(), "去年", "去年"),
        (MonthField.widget(), "2021年6月", "2021-06"),
        (MonthField.widget(), "202106", "2021-06"),
        (OpinionTextarea(), "一\r\n二", "一\n二"),
        (MoneyInput(), None, None),
    ],
)
def test_typing_habits_are_forgiven(widget, typed, kept):
    assert tidied(widget, typed) == kept


def test_cleaned_values_have_their_types():
    form = Acceptance(
        {
            "had_policy": "true",
            "policy_date": "2021年6月",
            "policy_amount": "1,200元",
            "conclusion": "no",
            "opinion": "不符",
        }
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["had_policy"] is True
    assert form.cleaned_data["policy_date"] == dt.date(2021, 6, 1)
    assert form.cleaned_data["policy_amount"] == Decimal("1200")


def test_line_breaks_count_as_the_counter_counts_them():
    assert "opinion" not in refused(had_policy="false", conclusion="no", opinion="一二三四\r\n六七八九十")
    assert "opinion" in refused(had_policy="false", conclusion="no", opinion="一二三四\r\n六七八九十超")


def test_nothing_is_chosen_beforehand():
    assert "checked" not in str(Acceptance()["had_policy"])
    assert str(Acceptance(initial={"had_policy": False})["had_policy"]).count("checked") == 1


def test_field_group_ties_label_hint_error_and_control_together():
    class One(HouseForm, forms.Form):
        name = forms.CharField(label="姓名", help_text="与身份证一致")

    html = One({})["name"].as_field_group()
    assert '<label class="field__label" for="id_name">' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert " required" not in html.replace("is-required", "")


def test_choices_are_a_fieldset_with_its_own_description():
    html = Acceptance({})["had_policy"].as_field_group()
    assert html.strip().startswith("<fieldset")
    assert 'aria-describedby="id_had_policy_error"' in html
    assert "<legend" in html


def test_error_links_lead_to_the_first_control():
    assert Acceptance({}).error_links == [
        ("id_had_policy_0", "请选择之前是否享受政策"),
        ("id_conclusion_0", "请选择受理结论"),
    ]


def test_label_changed_by_a_subclass_is_the_one_shown():
    class Later(HouseForm, forms.Form):
        name = forms.CharField(label="姓名")

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields["name"].label = "户主姓名"

    assert Later()["name"].label == "户主姓名"


def test_opinion_box_never_cuts_a_pasted_text():
    html = str(Acceptance()["opinion"])
    assert "maxlength" not in html
    assert "0</output>/10" in html


def test_opinion_box_shows_phrases_and_the_red_note():
    class Pushed(HouseForm, forms.Form):
        opinion = forms.CharField(widget=OpinionTextarea(phrases=("情况属实。",), is_pushed=True))

    html = str(Pushed()["opinion"])
    assert 'data-phrase="情况属实。"' in html
    assert "注意：该内容将推送至申请人，请真实填写" in html


def test_cards_carry_their_drawings():
    class Parts(HouseForm, forms.Form):
        part = forms.ChoiceField(choices=[("wall", "墙体")], widget=ChoiceCards(drawings={"wall": "img/risk/wall.svg"}))

    html = str(Parts()["part"])
    assert "img/risk/wall" in html
    assert 'type="radio"' in html


def test_unit_stands_beside_the_number():
    assert "元</span>" in str(Acceptance()["policy_amount"])
    assert 'inputmode="decimal"' in str(Acceptance()["policy_amount"])


def test_model_booleans_are_asked_yes_or_no():
    from django.db import models

    asked = house_formfield(models.BooleanField("是否代办"))
    assert isinstance(asked, YesNoField)
    assert (asked.required, asked.label) == (True, "是否代办")
    assert isinstance(house_formfield(models.DateField("鉴定时间")).widget, DateInput)
