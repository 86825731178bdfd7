"""The pages of the application as forms, one question each (domain §3.4–3.5)."""

from decimal import Decimal

from django import forms
from django.utils.html import format_html

from applicants.forms.fields import address_field
from common.forms import (
    CleanTextField,
    ConditionalForm,
    HouseForm,
    IdNumberField,
    MobileField,
    MultipleChoiceCards,
    OpinionTextarea,
    PersonNameField,
    ShowIf,
    YesNoField,
)
from households.choices import RiskPart
from regions.forms import RegionField

PARTS = {
    RiskPart.FOUNDATION: "下沉、开裂、积水",
    RiskPart.WALL: "裂缝、歪斜、掉土",
    RiskPart.BEAM: "断裂、弯曲、虫蛀",
    RiskPart.FLOOR: "开裂、下垂、漏筋",
    RiskPart.ROOF: "漏雨、塌陷、瓦坏",
    RiskPart.OTHER: "或者在别处",
}
# 「其他」 says nothing to whoever is unsure; the office reads it as before.
CARDS, NAMES = {RiskPart.OTHER: "说不清"}, {RiskPart.OTHER: "说不清或别处"}


def part_name(part: str) -> str:
    """A part of the house as villagers' pages call it."""
    return NAMES.get(part, RiskPart(part).label)


class PageForm(HouseForm, forms.Form):
    """One page of the draft: knows the case, gives what to store."""

    def __init__(self, *args, case, user, **kwargs):
        self.case, self.user = case, user
        super().__init__(*args, **kwargs)

    @classmethod
    def initial_of(cls, case, user) -> dict:
        """What the page shows of the draft."""
        return {name: getattr(case, name) for name in cls.base_fields}

    def answers(self) -> dict:
        """Columns of the case and their new values; only fields without an error."""
        return self.valid_data


class ApplicantForm(PageForm):
    """The applicant on his or her own phone: name and ID stand in the profile, only the telephone may differ."""

    applicant_phone = MobileField(label="联系电话")


class ApplicantForOtherForm(PageForm):
    """The applicant as the cadre writes it down (代办)."""

    # One house after the other: the cursor stands where the writing begins.
    applicant_name = PersonNameField(label="申请人姓名", autofocus=True)
    applicant_id_number = IdNumberField(label="申请人身份证号码")
    applicant_phone = MobileField(label="申请人电话")


class HouseRegionForm(PageForm):
    """房屋所在地: a village of a county that takes on-line applications (decision 19)."""

    region = RegionField(label="房屋所在地", case_enabled_only=True, help_text="只列出已开通网上申请的县。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.user.is_villager:
            self.fields["region"].within = self.user.region

    @classmethod
    def initial_of(cls, case, user) -> dict:
        claim = case.claim or case.agent_claim
        home = claim.home_region if claim else user.region
        return {"region": case.region or home}


class HouseAddressForm(PageForm):
    """详细地址, and the place on the map if the person wishes."""

    house_address = address_field("详细地址", "村民小组和门牌，例如“3组12号”")
    lon = forms.DecimalField(max_digits=9, decimal_places=6, required=False, widget=forms.HiddenInput)
    lat = forms.DecimalField(max_digits=9, decimal_places=6, required=False, widget=forms.HiddenInput)
    crs = forms.ChoiceField(
        choices=[("", ""), ("WGS-84", ""), ("GCJ-02", "")], required=False, widget=forms.HiddenInput
    )

    @classmethod
    def initial_of(cls, case, user) -> dict:
        shown = super().initial_of(case, user)
        # Who lives in that village has told the address already: nothing is asked twice (WCAG 3.3.7).
        if not shown["house_address"] and case.claim and not case.on_behalf and case.claim.home_region == case.region:
            shown["house_address"] = case.claim.home_address
        return shown

    def clean(self):
        data = super().clean()
        point = (data.get("lon"), data.get("lat"))
        if not (data.get("crs") and _in_china(*point)):
            # A helper, never a hurdle: a point that cannot be is left out without a word.
            for name in ("lon", "lat", "crs"):
                self._errors.pop(name, None)
            data.update(lon=None, lat=None, crs="")
        return data


def _in_china(lon: Decimal | None, lat: Decimal | None) -> bool:
    return lon is not None and lat is not None and 73 <= lon <= 136 and 3 <= lat <= 54


class ResidenceForm(ConditionalForm, PageForm):
    """居住地址 and 户籍地址: usually the house itself, then one tap each."""

    lives_here = YesNoField(label="您现在住在这座房子里吗？")
    residence_region = RegionField(label="居住地")
    residence_address = address_field("居住详细地址")
    registered_here = YesNoField(label="您的户口在这座房子的地址吗？")
    registered_region = RegionField(label="户籍所在地")
    registered_address = address_field("户籍详细地址")

    CONDITIONS = (
        ShowIf("residence_region", lives_here=False),
        ShowIf("residence_address", lives_here=False),
        ShowIf("registered_region", registered_here=False),
        ShowIf("registered_address", registered_here=False),
    )
    QUESTIONS = (("lives_here", "residence"), ("registered_here", "registered"))

    @classmethod
    def initial_of(cls, case, user) -> dict:
        shown = {}
        for question, kind in cls.QUESTIONS:
            region, address = getattr(case, f"{kind}_region"), getattr(case, f"{kind}_address")
            is_here = region == case.region and address == case.house_address
            shown |= {question: is_here if region else None}
            shown |= {f"{kind}_region": region, f"{kind}_address": address} if not is_here else {}
        return shown

    def answers(self) -> dict:
        said, stored = self.valid_data, {}
        for question, kind in self.QUESTIONS:
            if said.get(question) is True:
                stored |= {f"{kind}_region": self.case.region, f"{kind}_address": self.case.house_address}
            elif said.get(question) is False:
                stored |= {name: said[name] for name in (f"{kind}_region", f"{kind}_address") if name in said}
        return stored


class PartsForm(PageForm):
    """房屋问题部位, with drawings; who cannot tell says so, and the county's appraisal finds out."""

    risk_parts = forms.MultipleChoiceField(
        label="房屋问题部位",
        choices=[
            (part.value, format_html('{}<span class="card-choice__hint">{}</span>', CARDS.get(part, part.label), hint))
            for part, hint in PARTS.items()
        ],
        widget=MultipleChoiceCards(drawings={part.value: f"img/risk/{part.value}.svg" for part in PARTS}),
    )


class DescriptionForm(PageForm):
    """房屋风险描述, optional."""

    risk_description = CleanTextField(
        label="房屋风险描述", required=False, max_length=1000, widget=OpinionTextarea({"rows": 6}, limit=1000)
    )
