from django import forms

from artisans.choices import PersonType, Trade
from artisans.models import Artisan
from common.forms import HouseForm, PersonNameField
from common.identity import (
    normalise_id_number,
    normalise_phone,
    validate_id_number,
    validate_mobile,
)


class ArtisanForm(HouseForm, forms.ModelForm):
    """A craftsman's row; ID and phone are typed, never shown back in full (domain §15.1)."""

    name = PersonNameField()
    new_id_number = forms.CharField(label="更改身份证号", max_length=30, required=False, help_text="留空表示不变")
    new_phone = forms.CharField(label="更改联系电话", max_length=20, required=False, help_text="留空表示不变")
    trades = forms.MultipleChoiceField(label="工种", choices=Trade.choices, widget=forms.CheckboxSelectMultiple)
    person_types = forms.MultipleChoiceField(
        label="人员类别", choices=PersonType.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Artisan
        fields = ["region", "village_group", "name", "is_lead", "is_certified", "trades", "person_types", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            for name, label in (("new_id_number", "身份证号"), ("new_phone", "联系电话")):
                if name in self.fields:
                    self.fields[name].label, self.fields[name].help_text = label, ""

    def clean_new_id_number(self):
        return self._typed("new_id_number", normalise_id_number, validate_id_number)

    def clean_new_phone(self):
        return self._typed("new_phone", normalise_phone, validate_mobile)

    def clean_region(self):
        """A county at least: ledgers have craftsmen without a township (domain §9.3)."""
        region = self.cleaned_data["region"]
        if region.level not in ("county", "township", "village"):
            raise forms.ValidationError("请至少选择到区县")
        return region

    def _typed(self, name: str, normalise, validate) -> str:
        value = normalise(self.cleaned_data[name])
        if value:
            validate(value)
        elif self.instance.pk is None:
            raise forms.ValidationError("请填写此项")
        return value

    def save(self, commit=True):
        if value := self.cleaned_data["new_id_number"]:
            self.instance.id_number = value
        if value := self.cleaned_data["new_phone"]:
            self.instance.phone = value
        return super().save(commit)
