"""Amounts in 元 as official papers write them: 大写, after 中国人民银行《正确填写票据和结算凭证的基本规定》."""

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "兆")


def capital_amount(amount: Decimal) -> str:
    """「壹万贰仟叁佰元整」 for an amount in 元, rounded to 分; ValueError from 10^16 up. Negative: 「负…」."""
    fen = int((Decimal(amount) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if fen < 0:
        return "负" + capital_amount(-Decimal(amount))
    whole, jiao, fen = fen // 100, fen // 10 % 10, fen % 10
    if whole >= 10**16:
        raise ValueError("amount too large for 大写")
    words = f"{_whole_words(whole)}元" if whole or not (jiao or fen) else ""
    if not (jiao or fen):
        return f"{words}整"
    if jiao:
        # 元位为零 is read out before 角 only when the whole part ends in zero.
        words += ("零" if whole and whole % 10 == 0 else "") + f"{DIGITS[jiao]}角"
    elif whole:
        words += "零"
    return f"{words}{DIGITS[fen]}分" if fen else f"{words}整"


def _whole_words(number: int) -> str:
    if number == 0:
        return "零"
    words, group = "", 0
    while number:
        number, part = divmod(number, 10_000)
        if part:
            gap = "零" if number and part < 1000 else ""
            words = f"{gap}{_four_words(part)}{GROUPS[group]}{words}"
        elif words and not words.startswith("零"):
            words = f"零{words}"
        group += 1
    return words


def _four_words(part: int) -> str:
    words = ""
    for place, digit in enumerate(reversed(str(part))):
        if digit != "0":
            words = f"{DIGITS[int(digit)]}{PLACES[place]}{words}"
        elif words and not words.startswith("零"):
            words = f"零{words}"
    return words
