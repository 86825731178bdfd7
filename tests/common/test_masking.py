import pytest

from common import masking


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (masking.mask_id_number, "990101195203140016", "990101********0016"),
        (masking.mask_id_number, "99010119", "********"),
        (masking.mask_id_number, "", ""),
        (masking.mask_child_id_number, "990101201206050030", "990101************"),
        (masking.mask_phone, "15400000001", "154****0001"),
        (masking.mask_phone, "08711234", "******34"),
        (masking.mask_phone, "110", "***"),
        (masking.mask_phone, "", ""),
        (masking.mask_name, "张小三", "张*三"),
        (masking.mask_name, "张三", "张*"),
        (masking.mask_name, "欧阳小三", "欧**三"),
        (masking.mask_name, "张", "*"),
        (masking.mask_name, "", ""),
        (masking.mask_all, "1952-03-14", "******"),
        (masking.group_of_four, "530128202611220001", "5301 2820 2611 2200 01"),
        (masking.group_of_four, "", ""),
    ],
)
def test_mask_shows_only_what_it_may(mask, text, shown):
    assert mask(text) == shown


@pytest.mark.parametrize("mask", [masking.mask_id_number, masking.mask_phone, masking.mask_name, masking.mask_all])
def test_mask_of_nothing_is_nothing(mask):
    assert mask(None) == ""
