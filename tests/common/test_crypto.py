from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from common import crypto
from common.errors import SealBroken

UID = UUID("a1a2a3a4-b1b2-4c1c-8d1d-d1d2d3d4d5d6")
PLACE = {"table": "person", "field": "id_number", "uid": UID}
TEXT = "990101195203140016"


def test_sm4_is_the_cipher_of_gbt_32907():
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    work = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305 - the standard's own vector is one block
    assert (work.update(key) + work.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_is_that_of_rfc_8998():
    key, nonce = bytes.fromhex("0123456789abcdeffedcba9876543210"), bytes.fromhex("00001234567800000000abcd")
    bound = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    sealed = crypto._sm4_encrypt(key, nonce, plain, bound)
    assert sealed.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert crypto._sm4_decrypt(key, nonce, sealed, bound) == plain


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_is_the_digest_of_gbt_32905(data, digest):
    assert crypto.sm3(data) == digest


@pytest.mark.parametrize(("cipher", "version"), [("SM4-GCM", 1), ("AES-GCM", 2)])
def test_seal_has_the_written_format_and_opens(settings, use_keys, cipher, version):
    use_keys(7)
    settings.CIPHER = cipher
    sealed = crypto.seal(TEXT, **PLACE)
    assert (sealed[0], sealed[1], len(sealed)) == (version, 7, 2 + 12 + len(TEXT) + 16)
    assert TEXT.encode() not in sealed
    assert crypto.seal(TEXT, **PLACE) != sealed
    assert crypto.unseal(sealed, **PLACE) == TEXT


def test_both_ciphers_stay_readable_when_the_setting_changes(settings):
    settings.CIPHER = "AES-GCM"
    aes = crypto.seal(TEXT, **PLACE)
    settings.CIPHER = "SM4-GCM"
    assert crypto.unseal(aes, **PLACE) == TEXT


@pytest.mark.parametrize("change", [{"table": "claim"}, {"field": "phone"}, {"uid": uuid4()}])
def test_seal_moved_elsewhere_does_not_open_and_says_where(change):
    sealed = crypto.seal(TEXT, **PLACE)
    with pytest.raises(SealBroken, match="another row or column") as caught:
        crypto.unseal(sealed, **PLACE | change)
    assert TEXT not in str(caught.value)


def test_neighbouring_names_do_not_run_together():
    sealed = crypto.seal(TEXT, table="ab", field="c", uid=UID)
    with pytest.raises(SealBroken):
        crypto.unseal(sealed, table="a", field="bc", uid=UID)


@pytest.mark.parametrize("cipher", ["SM4-GCM", "AES-GCM"])
def test_every_changed_byte_is_noticed(settings, cipher):
    settings.CIPHER = cipher
    sealed = crypto.seal(TEXT, **PLACE)
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(SealBroken):
            crypto.unseal(bytes(changed), **PLACE)


def test_every_shortened_seal_is_noticed():
    sealed = crypto.seal(TEXT, **PLACE)
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            crypto.unseal(sealed[:length], **PLACE)


def test_two_key_versions_live_and_a_third_is_named_as_missing(use_keys):
    use_keys(1)
    first = crypto.seal("一", **PLACE)
    use_keys(2, 1, 2)
    assert crypto.unseal(first, **PLACE) == "一"
    assert crypto.key_number(crypto.seal("二", **PLACE)) == 2
    use_keys(2)
    with pytest.raises(SealBroken, match="key 1"):
        crypto.unseal(first, **PLACE)


def test_a_field_key_does_not_open_a_file():
    with pytest.raises(SealBroken):
        crypto.unseal_bytes(crypto.seal(TEXT, **PLACE), **PLACE)
    assert crypto.unseal_bytes(crypto.seal_bytes(b"\x00\xff", **PLACE), **PLACE) == b"\x00\xff"


def test_a_seal_without_a_uid_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="uid"):
        crypto.seal(TEXT, table="t", field="f", uid=None)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text):
    assert crypto.unseal(crypto.seal(text, **PLACE), **PLACE) == text


class TestBlindIndex:
    def test_is_keyed(self, use_keys, monkeypatch):
        from common import keys

        use_keys(1)
        before = crypto.blind_index("phone", "15400000001")
        assert len(before) == 64
        use_keys(2)  # another sealing key changes nothing
        assert crypto.blind_index("phone", "15400000001") == before
        import os

        monkeypatch.setenv("ANJU_KEYS", os.environ["ANJU_KEYS"].replace("ee" * 32, "dd" * 32))
        keys.forget()
        assert crypto.blind_index("phone", "15400000001") != before

    def test_is_hmac_sm3_of_kind_and_value(self, use_keys):
        use_keys(1)
        key = bytes.fromhex("ee" * 32).ljust(64, b"\x00")
        inner, outer = bytes(b ^ 0x36 for b in key), bytes(b ^ 0x5C for b in key)
        by_hand = crypto.sm3(outer + bytes.fromhex(crypto.sm3(inner + b"phone\x1f15400000001")))
        assert crypto.blind_index("phone", "15400000001") == by_hand

    def test_kinds_do_not_meet(self):
        assert crypto.blind_index("id_number_tail", "140016") != crypto.blind_index("id_number", "140016")

    @pytest.mark.parametrize(
        "written",
        [
            "990101195203140016",
            " 990101 19520314 0016 ",
            "９９０１０１１９５２０３１４００１６",
            "990101\u200b195203140016",
        ],
    )
    def test_any_writing_of_a_number_has_the_same_index(self, written):
        assert crypto.blind_index("id_number", written) == crypto.blind_index("id_number", TEXT)

    def test_lower_case_x_and_disability_card_are_the_same_person(self):
        full = crypto.blind_index("id_number", "99010119900101123X")
        assert crypto.blind_index("id_number", "99010119900101123x") == full
        assert crypto.blind_index("id_number", "99010119900101123X43") == full

    def test_tail_is_found_by_the_whole_number_and_by_six_digits(self):
        assert crypto.blind_index("id_number_tail", TEXT) == crypto.blind_index("id_number_tail", "140016")

    @pytest.mark.parametrize(
        "written", ["154 0000 0001", "+86 154-0000-0001", "008615400000001", "１５４０００００００１"]
    )
    def test_phone_is_digits_only(self, written):
        assert crypto.blind_index("phone", written) == crypto.blind_index("phone", "15400000001")

    def test_empty_values_have_no_index(self):
        assert [crypto.blind_index(kind, "") for kind in crypto.NORMALISERS] == ["", "", ""]
        assert crypto.blind_index("phone", None) == ""
