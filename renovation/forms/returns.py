"""The small forms behind a button of their own: 回退, 异议成立, 同意重新评议 (domain §4.2, decision 22)."""

from renovation.forms.step import StepForm, opinion_field
from renovation.models import Case

RETURN_PHRASES = (
    "评议材料不齐全，请补充后重新办理。",
    "公示材料不齐全，请补充后重新办理。",
    "填写内容有误，请核对后重新办理。",
)
UPHELD_PHRASES = ("经核实，异议成立，退回重新组织评议。",)
REOPENING_PHRASES = ("经复核，同意重新组织评议。",)


class ReasonedForm(StepForm):
    """A move that asks for nothing but its reason."""

    RESULT = ""

    class Meta(StepForm.Meta):
        model = Case
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Doubts are raised by the answers of a step; there are none here.
        del self.fields["warning_note"]

    def conclusion_label(self) -> str:
        """What was done, as the timeline shows it."""
        return self.RESULT


class ReturnForm(ReasonedForm):
    opinion = opinion_field("回退原因", RETURN_PHRASES, required=True)
    RESULT = "回退"


class UpheldObjectionForm(ReasonedForm):
    opinion = opinion_field("异议处理意见", UPHELD_PHRASES, required=True)
    RESULT = "异议成立"


class ReopeningForm(ReasonedForm):
    opinion = opinion_field("复核意见", REOPENING_PHRASES, required=True)
    RESULT = "同意重新评议"
