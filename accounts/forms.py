from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator

from accounts.actions.accounts import suggest_username
from accounts.actions.offices import FIELDS, may_edit
from accounts.choices import Duty
from accounts.models import Office, User
from accounts.passwords import length_words, longest
from common.forms import CleanTextField, DigitsField, HouseForm, MobileField, PersonNameField, PhoneInput
from common.forms.widgets import DateInput, TidyInput

USERNAME = RegexValidator(r"^[A-Za-z0-9_-]{4,32}$", "系统账号为4~32位字母、数字、“-”或“_”，建议使用行政区划编码")


class PasswordInput(forms.PasswordInput):
    """A password box with 【显示】 (static/js/password.js); pasting is allowed (L-04)."""

    def __init__(self, autocomplete: str):
        super().__init__({"autocomplete": autocomplete, "data-password": "", "maxlength": 64, "spellcheck": "false"})


class CodeInput(TidyInput):
    """Digits of a text message; phones offer to fill them in."""

    keyboard = "numeric"

    def __init__(self):
        super().__init__({"autocomplete": "one-time-code", "maxlength": 8})


class StaffLoginForm(HouseForm, forms.Form):
    username = CleanTextField(
        label="系统账号",
        max_length=64,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    # Not stripped: a space may be one of the signs.
    password = forms.CharField(label="密码", max_length=128, strip=False, widget=PasswordInput("current-password"))
    captcha = CleanTextField(
        label="验证码", max_length=10, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(self, *args, question: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        if question:
            # Judged by the view, not by the form: shown as asked for, yet never an error of its own.
            self.fields["captcha"].asked = True
            self["captcha"].help_text = f"填写图中的字母和数字；看不清时，也可以回答：{question}"
        else:
            del self.fields["captcha"]


class NewPasswordForm(HouseForm, forms.Form):
    """Old password, new password twice; the rules themselves are judged by the action."""

    old_password = forms.CharField(
        label="原密码", max_length=128, strip=False, widget=PasswordInput("current-password")
    )
    new_password = forms.CharField(
        label="新密码",
        max_length=128,
        strip=False,
        widget=PasswordInput("new-password"),
    )
    repeated = forms.CharField(label="确认新密码", max_length=128, strip=False, widget=PasswordInput("new-password"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rule = f"{length_words()}，必需包含数字、大写字母、小写字母、字符；不能包含账号、手机号"
        self.fields["new_password"].help_text = rule

    @property
    def longest(self) -> int:
        """For the list of rules that is ticked while one types."""
        return longest()

    def clean(self):
        data = super().clean()
        if data.get("new_password") and data.get("repeated") and data["new_password"] != data["repeated"]:
            self.add_error("repeated", "两次输入的新密码不一致")
        return data


class FirstLoginForm(NewPasswordForm):
    """请完善用户信息 (domain §9.1)."""

    display_name = PersonNameField(max_length=30)
    position = CleanTextField(label="职位", max_length=50)
    phone = MobileField(label="手机号", max_length=11)

    field_order = ["display_name", "position", "phone", "old_password", "new_password", "repeated"]


class PhoneForm(HouseForm, forms.Form):
    phone = MobileField(
        widget=PhoneInput({"autocomplete": "tel"}),
        error_messages={"required": "请填写手机号码"},
    )


class CodeForm(HouseForm, forms.Form):
    code = DigitsField(label="验证码", length=6, message="验证码是6位数字", widget=CodeInput)


class AccountForm(HouseForm, forms.ModelForm):
    """编辑账号 in the admin pages; the writing is done by actions.accounts.

    The phone is never shown in full there: it is typed anew to be changed (domain §15.1).
    """

    duties = forms.MultipleChoiceField(label="职责", choices=Duty, widget=forms.CheckboxSelectMultiple)
    display_name = CleanTextField(label="用户姓名", max_length=100)
    new_phone = MobileField(label="更改联系电话", required=False)

    class Meta:
        model = User
        fields = ["office", "display_name", "duties"]

    def __init__(self, *args, by: User, grantable, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Office.objects.managed_by(by)
        self.fields["office"].required = True
        held = self.instance.duties if self.instance.pk else ()
        self.fields["duties"].choices = [(d.value, d.label) for d in Duty if d in grantable or d in held]


class NewAccountForm(AccountForm):
    """新增账号."""

    username = CleanTextField(
        label="系统账号",
        required=False,
        validators=[USERNAME],
        help_text="留空时自动使用行政区划编码；同一单位的后续账号加 -2、-3",
    )
    new_phone = MobileField(label="联系电话")

    class Meta(AccountForm.Meta):
        fields = ["office", "username", "display_name", "duties"]

    def clean_username(self):
        username = self.cleaned_data["username"]
        if username and User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError("该系统账号已存在")
        return username

    def clean(self):
        data = super().clean()
        if data.get("office") and not data.get("username") and "username" not in self.errors:
            data["username"] = suggest_username(data["office"])
        return data


class OfficeForm(forms.ModelForm):
    """单位 in the admin pages; the writing is done by actions.offices."""

    class Meta:
        model = Office
        fields = ("region", "level", *FIELDS)

    def clean(self):
        data = super().clean()
        region, level = data.get("region"), data.get("level")
        # Judged beside the boxes: the action would refuse it too, and take what was typed along.
        if region and level and not may_edit(self.user, Office(region=region, level=level)):
            self.add_error("region", "只能新增本辖区内下级单位，请重新选择属地和级别")
        return data


class ReasonForm(HouseForm, forms.Form):
    reason = CleanTextField(label="原因", max_length=200, widget=forms.TextInput({"autocomplete": "off"}))


class DayForm(HouseForm, forms.Form):
    """Which day of the audit chains; none means today."""

    # Within what a calendar can step from by a day.
    reasonable = (
        MinValueValidator(date(2020, 1, 1), "日期太早"),
        MaxValueValidator(date(2999, 12, 31), "日期太晚"),
    )
    day = forms.DateField(label="日期", required=False, widget=DateInput(), validators=reasonable)
