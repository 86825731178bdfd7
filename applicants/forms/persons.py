"""Forms about people: one's own real-name data, the PIN, family members, whom a cadre helps (domain §3.1, §3.4)."""

from django import forms

from applicants import notices
from applicants.forms.fields import address_field, agreement
from common.forms import (
    ChoiceCards,
    CleanTextField,
    DigitsField,
    HouseForm,
    IdNumberField,
    MobileField,
    OpinionTextarea,
    PersonNameField,
    PhoneInput,
)
from households.choices import Relation
from regions.forms import RegionField
from renovation.choices import AgentRelation

WRONG_PIN = "4位数字密码不正确，请输入4个数字"
READ = "我已认真阅读以上内容，并同意以上条款"
# Whom people live with most; the rest of the national list follows.
_USUAL = ("10", "20", "30", "51", "52", "38", "28", "41", "42", "43", "44", "71", "73", "75", "77")
_LABELS = dict(Relation.choices) | {"20": "之子", "30": "之女"}
RELATIONS = [
    ("", "请选择"),
    ("常用", [(code, _LABELS[code]) for code in _USUAL]),
    ("其他", [(code, label) for code, label in _LABELS.items() if code not in (*_USUAL, "02")]),
]


class PersonForm(HouseForm, forms.Form):
    """实名信息: asked once for each person of a phone."""

    name = PersonNameField()
    id_number = IdNumberField()
    home_region = RegionField(label="家庭住址")
    home_address = address_field("详细住址", "村民小组和门牌，例如“3组12号”")
    consent = agreement("隐私政策和用户协议", "我已阅读并同意隐私政策和用户协议")


class PinForm(HouseForm, forms.Form):
    """Four digits."""

    pin = DigitsField(
        length=4,
        message=WRONG_PIN,
        label="4位数字密码",
        widget=PhoneInput({"autocomplete": "off", "inputmode": "numeric", "maxlength": 4, "class": "wide-12 pin"}),
    )


class NewPinForm(PinForm):
    """A new PIN, twice."""

    repeated = DigitsField(
        length=4,
        message=WRONG_PIN,
        label="再输一次",
        widget=PhoneInput({"autocomplete": "off", "inputmode": "numeric", "maxlength": 4, "class": "wide-12 pin"}),
    )

    def clean(self):
        data = super().clean()
        if data.get("pin") and data.get("repeated") and data["pin"] != data["repeated"]:
            self.add_error("repeated", "再输一次的数字和上面不一样")
        return data


class MemberForm(HouseForm, forms.Form):
    """共同生活家庭成员."""

    name = PersonNameField()
    id_number = IdNumberField()
    relation = forms.ChoiceField(label="与申请人关系", choices=RELATIONS)
    consent = agreement("家人的同意", notices.FAMILY.title)


class AgentForm(HouseForm, forms.Form):
    """代办: who fills in for somebody, and that the person wants it (domain §15.2)."""

    agent_name = PersonNameField(label="代办人姓名")
    agent_phone = MobileField(label="代办人电话")
    authorised = agreement("本人的授权", notices.AGENT.title)


class RelativeForm(HouseForm, forms.Form):
    """代办 on the own phone: a relative or neighbour, whose name the phone knows already."""

    agent_relation = forms.ChoiceField(
        label="您是申请人的什么人？",
        choices=[(one.value, one.label) for one in AgentRelation if one != AgentRelation.VILLAGE_CADRE],
        widget=ChoiceCards,
        error_messages={"required": "请选择您是申请人的什么人"},
    )
    agent_phone = MobileField(label="您的电话")
    authorised = agreement("本人的授权", notices.AGENT.title)


class AgainForm(HouseForm, forms.Form):
    """再代办一户: everything of the helper stays, the authority is another person's."""

    authorised = agreement("下一位本人的授权", notices.AGENT.title)


class TailForm(HouseForm, forms.Form):
    """The last four of an ID number: who says no is the person, not whoever holds the phone."""

    tail = forms.RegexField(
        r"^\s*\d{3}[\dXx]\s*$",
        label="您的身份证号码最后4位",
        widget=PhoneInput({"autocomplete": "off", "inputmode": "text", "maxlength": 4, "class": "wide-12 pin"}),
        error_messages={"required": "请输入身份证号码最后4位", "invalid": "请输入身份证号码最后4位，最后一位可以是X"},
    )


class DisownForm(TailForm):
    """「我没有同意」, with a word if the person likes."""

    words = CleanTextField(
        label="想说什么？", required=False, max_length=500, widget=OpinionTextarea({"rows": 3}, limit=500)
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tail"].widget = forms.HiddenInput()


class ConsentForm(HouseForm, forms.Form):
    """申请须知: the tick."""

    agree = agreement("请确认", READ)
