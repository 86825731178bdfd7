"""乡镇街道审核 (domain §4.7): the township judges the review and its notice."""

from common.forms import RequiredIf
from renovation.choices import Conclusion, Slot
from renovation.forms.step import PASSED, StepForm, Upload, conclusion_field, opinion_field, opinion_when_failed
from renovation.models import Case

PHRASES = (
    "经审核，申请材料齐全，评议和公示程序规范，同意上报。",
    "经审核，评议程序不规范，请重新组织评议。",
    "经审核，同意评议结论，该户不列为农村危房改造对象。",
)
# After a failed review there is no notice, and 通过 ends the case (decision 22): the choices say so.
AFTER_FAILED_REVIEW = ((Conclusion.PASS, "通过（确认评议不通过）"), (Conclusion.FAIL, "不通过（退回重新评议）"))


class TownshipAuditForm(StepForm):
    conclusion = conclusion_field("审核结论")
    opinion = opinion_field("审核意见", PHRASES, required=False)

    NOTICE = Upload(Slot.NOTICE, is_photo=True, when=PASSED)
    UPLOADS = (NOTICE, Upload(Slot.SUPPORT, minimum=0))
    CONDITIONS = (opinion_when_failed(),)

    class Meta(StepForm.Meta):
        model = Case
        fields = []

    field_order = ["conclusion", "opinion"]

    def __init__(self, *args, instance=None, **kwargs):
        self.review = instance.review_conclusion if instance is not None else ""
        if self.confirms_failure:
            # Its end is a refusal: the applicant is owed the reason.
            self.CONDITIONS = (*self.CONDITIONS, RequiredIf("opinion", **PASSED))
        super().__init__(*args, instance=instance, **kwargs)
        if self.confirms_failure:
            self.fields["conclusion"].choices = AFTER_FAILED_REVIEW

    @property
    def confirms_failure(self) -> bool:
        """Whether the review before it failed."""
        return self.review == Conclusion.FAIL

    def uploads(self) -> tuple[Upload, ...]:
        """No photo of a notice where there was none."""
        return tuple(one for one in self.UPLOADS if not (self.confirms_failure and one is self.NOTICE))

    def clean(self):
        """What the review said decides where 通过 leads."""
        cleaned = super().clean()
        cleaned["review"] = self.review
        return cleaned

    def conclusion_label(self) -> str:
        """In the words of the choice."""
        return str(dict(self.fields["conclusion"].choices)[self.cleaned_data["conclusion"]])
