"""What an officer writes to the applicant beside the steps: photos wanted, the answer to a request (domain §3.6)."""

from django import forms

from common.forms import CleanTextField, HouseForm, OpinionTextarea
from renovation.forms.step import SOMETHING_SAID, opinion_field

PHOTO_PHRASES = (
    "请拍清楚墙体裂缝，近处和远处各一张。",
    "请退后拍一张整座房子，正面和侧面都要拍到。",
    "请拍屋里漏雨或开裂的地方。",
    "原来的照片看不清，请在白天光线好的时候重新拍。",
)
ANSWER_PHRASES = ("经复核，评议程序和结果符合规定，维持评议不通过。",)


class SaysSomething(HouseForm, forms.Form):
    """A form whose words must be more than signs."""

    def said(self, name: str) -> str:
        """The words of that field; not only signs."""
        words = (self.cleaned_data.get(name) or "").strip()
        if words and not SOMETHING_SAID.search(words):
            raise forms.ValidationError("请写清楚")
        return words

    def clean_words(self) -> str:
        """Most of these forms ask for just that."""
        return self.said("words")


class AskPhotosForm(SaysSomething):
    """补充照片: what should be on them."""

    words = CleanTextField(
        label="请申请人拍什么",
        max_length=500,
        error_messages={"required": "请写清楚要拍什么"},
        widget=OpinionTextarea(limit=500, phrases=PHOTO_PHRASES, is_pushed=True),
    )


class KeepReviewForm(SaysSomething):
    """维持评议不通过: why, in words the applicant reads."""

    opinion = opinion_field("维持的理由", ANSWER_PHRASES, required=True)

    def clean_opinion(self) -> str:
        """Not only signs."""
        return self.said("opinion")
