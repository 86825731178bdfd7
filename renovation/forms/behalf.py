"""代办 disowned: what the applicant said on the telephone, and what the county found when it asked (ADR 0110)."""

from common.forms import CleanTextField, OpinionTextarea
from renovation.forms.service import SaysSomething

CALL_PHRASES = ("本人来电表示没有同意代办。", "本人到办公室表示没有同意代办。")
ASKED_PHRASES = ("已打电话向本人核实，本人同意代办，继续办理。", "已上门向本人核实，本人同意代办，继续办理。")


class RegisterDisowningForm(SaysSomething):
    """The applicant called or came: in whose words, and how."""

    words = CleanTextField(
        label="本人怎么说的",
        max_length=500,
        error_messages={"required": "请写清楚本人怎么说的"},
        widget=OpinionTextarea(limit=500, phrases=CALL_PHRASES),
    )


class SettleForm(SaysSomething):
    """The applicant wants it after all: how that is known; the person reads it."""

    words = CleanTextField(
        label="怎样向本人核实的",
        max_length=500,
        error_messages={"required": "请写清楚怎样向本人核实的"},
        widget=OpinionTextarea(limit=500, phrases=ASKED_PHRASES, is_pushed=True),
    )
