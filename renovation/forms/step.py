"""What the forms of all steps share: answers become columns of the locked case and the payload of its node."""

import json
import re
from dataclasses import dataclass, field

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.models import construct_instance

from common.forms import CleanTextField, ConditionalForm, OpinionTextarea, RequiredIf, ShowIf, house_formfield
from common.forms.conditions import as_posted
from renovation.choices import Conclusion, Slot
from renovation.models import RenovationProject

SOMETHING_SAID = re.compile(r"\w")
PASSED, FAILED = {"conclusion": Conclusion.PASS}, {"conclusion": Conclusion.FAIL}


@dataclass(frozen=True)
class Upload:
    """Files that a step asks for: which purpose, how many, photos or papers.

    `when` names the answers for which they are asked at all; with `is_always_shown` only for which they are required.
    """

    slot: Slot
    minimum: int = 1
    maximum: int = 9
    is_photo: bool = False
    when: dict = field(default_factory=dict, hash=False)
    is_always_shown: bool = False
    # The question that calls for them; else they stand before the opinion.
    below: str = ""

    def is_required(self, answers: dict) -> bool:
        """Whether these cleaned answers demand the files."""
        return self.minimum > 0 and ShowIf(self.slot, **self.when).holds(lambda name: as_posted(answers.get(name)))

    def condition_attrs(self) -> dict[str, str]:
        """Data attributes for conditions.js, as those of a question."""
        if not self.when:
            return {}
        key = "data-required-if" if self.is_always_shown else "data-show-if"
        return {key: json.dumps([ShowIf(self.slot, **self.when).wanted], ensure_ascii=False)}


class StepForm(ConditionalForm, forms.ModelForm):
    """Base of the step forms. Fields of the case come from the model; 意见 belongs to the node and the event."""

    UPLOADS: tuple[Upload, ...] = ()
    # The case's columns may be empty, because they are filled step by step; this step asks for these.
    REQUIRED: tuple[str, ...] = ()
    # Totals shown beside the amounts while they are typed: (label, names of the amounts).
    SUMS: tuple[tuple[str, tuple[str, ...]], ...] = ()
    # Questions that stay folded until somebody wants them: name → the words on the fold.
    FOLDED: dict[str, str] = {}

    # Asked only when the answers raise doubts (domain §12): the officer goes on by saying why.
    warning_note = CleanTextField(
        label="情况说明", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    class Meta:
        formfield_callback = house_formfield

    def __init__(self, *args, instance=None, initial=None, **kwargs):
        self.case, self.warnings = instance, []
        for name in self.REQUIRED:
            self.base_fields[name].required = True
        record = self.record_of(instance) if instance is not None else None
        initial = {**(self.suggested(instance, record) if instance is not None else {}), **(initial or {})}
        super().__init__(*args, instance=record, initial=initial, **kwargs)
        for form_field in self.fields.values():
            if type(form_field.widget) is forms.Select and form_field.choices and form_field.choices[0][0] == "":
                form_field.choices = [("", "请选择"), *form_field.choices[1:]]

    def record_of(self, case):
        """The row whose columns the form fills: the case itself."""
        return case

    def suggested(self, case, record) -> dict:
        """What is known before anybody types (nothing is asked twice); only for columns that are still empty."""
        return {}

    def uploads(self) -> tuple[Upload, ...]:
        """The files this step asks for in this case."""
        return self.UPLOADS

    def upload_of(self, slot: str) -> Upload | None:
        """What the form says of that slot, or None when it is not one of this step's."""
        return next((one for one in self.uploads() if one.slot == slot), None)

    def apply_to(self, case) -> None:
        """Write the answers to the case that the action has locked."""
        construct_instance(self, case, self._meta.fields, self._meta.exclude)

    def payload(self) -> dict:
        """The answers as plain JSON, kept with the node: the case's columns change when a step is repeated."""
        left_out = ("opinion", "version", "warning_note")
        kept = {name: value for name, value in self.cleaned_data.items() if name not in left_out}
        if self.warnings:
            kept["warnings"] = [one.code for one in self.warnings]
            kept["warning_note"] = self.cleaned_data.get("warning_note", "")
        return json.loads(json.dumps(kept, cls=_AnswerEncoder))

    def heed(self, warnings) -> bool:
        """Take note of the doubts that the answers raise; False when they still want the officer's words (§12)."""
        self.warnings = list(warnings)
        if self.warnings and not SOMETHING_SAID.search(self.cleaned_data.get("warning_note", "")):
            self.add_error("warning_note", "请填写情况说明，或修改上面的内容")
            return False
        return True

    def conclusion_label(self) -> str:
        """The result in words, as the timeline shows it."""
        return Conclusion(self.cleaned_data["conclusion"]).label

    def clean_opinion(self) -> str:
        """Refuse an opinion of spaces and punctuation only (domain §11 V18)."""
        opinion = self.cleaned_data.get("opinion", "").strip()
        if opinion and not SOMETHING_SAID.search(opinion):
            raise forms.ValidationError("请填写意见")
        return opinion


class ProjectStepForm(StepForm):
    """A step whose answers are columns of the project; saving it is left to the effects of the move."""

    class Meta(StepForm.Meta):
        model = RenovationProject
        fields = []

    def record_of(self, case):
        """The project that the approval opened or linked."""
        return case.project_or_none() or RenovationProject()

    def apply_to(self, case) -> None:
        """Write the answers to the project of the locked case, unsaved."""
        construct_instance(self, case.project, self._meta.fields, self._meta.exclude)


class _AnswerEncoder(DjangoJSONEncoder):
    """A chosen row is kept by its words: they must stay readable when the row is gone."""

    def default(self, o):
        return str(o) if hasattr(o, "_meta") else super().default(o)


def conclusion_field(label: str) -> forms.ChoiceField:
    """通过 or 不通过, nothing chosen beforehand."""
    return forms.ChoiceField(label=label, choices=Conclusion.choices, widget=forms.RadioSelect)


def opinion_field(label: str, phrases: tuple[str, ...], *, required: bool) -> CleanTextField:
    """The opinion box: a live counter, phrases to start from, and the red note that the applicant reads it."""
    return CleanTextField(
        label=label,
        required=required,
        max_length=1000,
        error_messages={"required": "请填写意见"},
        widget=OpinionTextarea(phrases=phrases, is_pushed=True),
    )


def opinion_when_failed() -> RequiredIf:
    """不通过 wants a reason everywhere (domain §4.6–4.8)."""
    return RequiredIf("opinion", **FAILED)
