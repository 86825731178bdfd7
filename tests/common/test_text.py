import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from common.text import clean_file_label, clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  房屋漏雨  ", "房屋漏雨"),
        ("一\r\n二\r三\u2028四\u0085五", "一\n二\n三\n四\n五"),
        ("张\u200b三\ufeff", "张三"),
        ("gpj\u202e.exe", "gpj.exe"),
        ("a\u2066b\u2069c\u00ad", "abc"),
        ("葛\U000e0101城", "葛城"),
        ("𠮷野家", "𠮷野家"),
        ("e\u0301", "é"),
        ("Z" + "\u0310" * 200 + "a", "Z\u0310\u0310a"),
        ("བརྒྱུད", "བརྒྱུད"),
        ("\x1b[31m红\x07", "[31m红"),
        ("制表\t符", "制表\t符"),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("<script>{{ 7*7 }}</script>", "<script>{{ 7*7 }}</script>"),
        ("null", "null"),
        ("", ""),
    ],
)
def test_text_keeps_what_is_seen_and_loses_what_is_not(typed, kept):
    assert clean_text(typed) == kept


@pytest.mark.parametrize("typed", ["a\x00b", "\ud800", "张\udfff三"])
def test_text_no_database_can_hold_is_refused_in_chinese(typed):
    with pytest.raises(ValidationError, match="无法识别的字符"):
        clean_text(typed)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_cleaning_twice_changes_nothing_more_and_fits_utf8(text):
    once = clean_text(text)
    assert clean_text(once) == once
    assert "\x00" not in once.encode().decode()


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("鉴定报告.pdf", "鉴定报告.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\用户\\报告.pdf", "报告.pdf"),
        ("a\x00.pdf", "a.pdf"),
        ("gpj\u202eexe.pdf", "gpjexe.pdf"),
        ("..", ""),
        ("x" * 300, "x" * 120),
        ("<b>&\"'.pdf", "b '.pdf"),
        ("坏\udcff名.pdf", "坏名.pdf"),
        ("照片😀.jpg", "照片😀.jpg"),
    ],
)
def test_file_label_is_harmless(name, label):
    assert clean_file_label(name) == label
