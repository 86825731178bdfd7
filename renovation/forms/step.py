"""What the forms of all steps share: answers become columns of the locked case and the payload of its node."""

import json
import re

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.models import construct_instance

from common.forms import CleanTextField, ConditionalForm, OpinionTextarea, house_formfield
from renovation.choices import Conclusion, Slot

SOMETHING_SAID = re.compile(r"\w")


class StepForm(ConditionalForm, forms.ModelForm):
    """Base of the step forms. Fields of the case come from the model; 意见 belongs to the node and the event."""

    UPLOADS: tuple[Slot, ...] = ()
    # The case's columns may be empty, because they are filled step by step; this step asks for these.
    REQUIRED: tuple[str, ...] = ()

    class Meta:
        formfield_callback = house_formfield

    def __init__(self, *args, **kwargs):
        for name in self.REQUIRED:
            self.base_fields[name].required = True
        super().__init__(*args, **kwargs)

    def apply_to(self, case) -> None:
        """Write the answers to the case that the action has locked."""
        construct_instance(self, case, self._meta.fields, self._meta.exclude)

    def payload(self) -> dict:
        """The answers as plain JSON, kept with the node: the case's columns change when a step is repeated."""
        kept = {name: value for name, value in self.cleaned_data.items() if name not in ("opinion", "version")}
        return json.loads(json.dumps(kept, cls=DjangoJSONEncoder))

    def conclusion_label(self) -> str:
        """The result in words, as the timeline shows it."""
        return Conclusion(self.cleaned_data["conclusion"]).label

    def clean_opinion(self) -> str:
        """Refuse an opinion of spaces and punctuation only (domain §11 V18)."""
        opinion = self.cleaned_data.get("opinion", "").strip()
        if opinion and not SOMETHING_SAID.search(opinion):
            raise forms.ValidationError("请填写意见")
        return opinion


def opinion_field(label: str, phrases: tuple[str, ...], *, required: bool) -> CleanTextField:
    """The opinion box: a live counter, phrases to start from, and the red note that the applicant reads it."""
    return CleanTextField(
        label=label,
        required=required,
        max_length=1000,
        error_messages={"required": "请填写意见"},
        widget=OpinionTextarea(phrases=phrases, is_pushed=True),
    )
