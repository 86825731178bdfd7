"""Forms about people: one's own real-name data, the PIN, family members, whom a cadre helps (domain §3.1, §3.4)."""

from django import forms

from applicants import notices
from applicants.forms.fields import address_field, agreement
from common.forms import DigitsField, HouseForm, IdNumberField, MobileField, PersonNameField, PhoneInput
from households.choices import Relation
from regions.forms import RegionField

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


class ConsentForm(HouseForm, forms.Form):
    """申请须知: the tick."""

    agree = agreement("请确认", READ)
