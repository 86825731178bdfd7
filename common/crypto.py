"""Seals and blind indexes (decisions 15, 23): SM4-GCM or AES-GCM for values, HMAC-SM3 for searching them.

A seal is  version | key number | 12-byte nonce | ciphertext | 16-byte tag,  bound to table, column and uid:
moved to another row or column it does not open. The version byte names the cipher, so both stay readable.
"""

import os
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from common import identity, keys
from common.errors import SealBroken
from common.keys import KeyRing, key_ring

SM4, AES = 1, 2
VERSIONS = {"SM4": SM4, "AES": AES}
HEADER, NONCE, TAG = 2, 12, 16
# The keys' purposes: a field's key can never open a file, nor one cipher's key serve the other.
PURPOSES = {"field": b"anju field", "file": b"anju file"}


def seal(text: str, *, table: str, field: str, uid: UUID | str) -> bytes:
    """Encrypt a value for one row and column with the current key; the same text seals differently each time."""
    return seal_bytes(text.encode(), table=table, field=field, uid=uid, purpose="field")


def unseal(blob: bytes, *, table: str, field: str, uid: UUID | str) -> str:
    """The text sealed for this row and column; SealBroken when it was moved, changed or its key is unknown."""
    return unseal_bytes(blob, table=table, field=field, uid=uid, purpose="field").decode()


def seal_bytes(data: bytes, *, table: str, field: str, uid: UUID | str, purpose: str = "file") -> bytes:
    """Encrypt a file's content (decision 27), bound like a field to table, column and uid."""
    ring, nonce = key_ring(), os.urandom(NONCE)
    version = VERSIONS[getattr(settings, "CIPHER", "SM4").upper().removesuffix("-GCM")]
    key = _key(ring, ring.current, version, purpose)
    encrypt = _sm4_encrypt if version == SM4 else _aes_encrypt
    return bytes((version, ring.current)) + nonce + encrypt(key, nonce, data, _bound_to(table, field, uid))


def unseal_bytes(blob: bytes, *, table: str, field: str, uid: UUID | str, purpose: str = "file") -> bytes:
    """The content sealed by seal_bytes; SealBroken as for unseal."""
    where = f"{table}.{field} uid={uid}"
    if len(blob) < HEADER + NONCE + TAG or blob[0] not in (SM4, AES):
        raise SealBroken(f"{where}: not a seal")
    version, number = blob[0], blob[1]
    ring = key_ring()
    if number not in ring.sealing:  # another process may have rotated the keys since this one read them
        keys.forget()
        ring = key_ring()
    if number not in ring.sealing:
        raise SealBroken(f"{where}: sealed with key {number}, which is not in the ring")
    key = _key(ring, number, version, purpose)
    decrypt = _sm4_decrypt if version == SM4 else _aes_decrypt
    try:
        return decrypt(key, blob[HEADER : HEADER + NONCE], blob[HEADER + NONCE :], _bound_to(table, field, uid))
    except InvalidTag:
        raise SealBroken(f"{where}: the seal belongs to another row or column, or was changed") from None


def key_number(blob: bytes) -> int:
    """The number of the key a seal was made with; a rotation looks for old ones by it."""
    return blob[1]


def blind_index(kind: str, text: str) -> str:
    """The search key of a value: 64 hex digits of HMAC-SM3, '' for an empty value (decision 15).

    kind: id_number | id_number_tail (its last six) | phone. The text is normalised first, so any
    way of writing the same number finds the same row; no kind's index says anything about another's.
    """
    value = NORMALISERS[kind](text or "")
    if not value:
        return ""
    code = _hmac(key_ring().index, kind).copy()
    code.update(value.encode())
    return code.finalize().hex()


NORMALISERS = {
    "id_number": identity.normalise_id_number,
    "id_number_tail": lambda text: identity.normalise_id_number(text)[-6:],
    "phone": identity.normalise_phone,
}


def sm3(data: bytes) -> str:
    """The SM3 digest (GB/T 32905) in hex."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def keyed_digest(purpose: str, data: bytes) -> str:
    """HMAC-SM3 in hex, for what must not be forged by whoever holds only the database (the audit chain).

    No purpose's digest says anything about another's, nor about a blind index.
    """
    code = _hmac(key_ring().index, f"digest {purpose}").copy()
    code.update(data)
    return code.finalize().hex()


@lru_cache(maxsize=16)
def _hmac(key: bytes, kind: str) -> hmac.HMAC:
    code = hmac.HMAC(key, hashes.SM3())
    code.update(f"{kind}\x1f".encode())
    return code


def _key(ring: KeyRing, number: int, version: int, purpose: str) -> bytes:
    return _derived(ring.sealing[number], version, purpose)


@lru_cache(maxsize=64)
def _derived(master: bytes, version: int, purpose: str) -> bytes:
    code = hmac.HMAC(master, hashes.SM3())
    code.update(PURPOSES[purpose] + bytes((version,)))
    return code.finalize()[: 16 if version == SM4 else 32]


def _bound_to(table: str, field: str, uid: UUID | str) -> bytes:
    if uid is None:
        raise ValueError("a seal needs the row's uid")
    return "\x1f".join((table, field, str(uid))).encode()


def _sm4_encrypt(key, nonce, data, bound) -> bytes:
    work = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    work.authenticate_additional_data(bound)
    return work.update(data) + work.finalize() + work.tag


def _sm4_decrypt(key, nonce, data, bound) -> bytes:
    work = Cipher(algorithms.SM4(key), modes.GCM(nonce, data[-TAG:])).decryptor()
    work.authenticate_additional_data(bound)
    return work.update(data[:-TAG]) + work.finalize()


def _aes_encrypt(key, nonce, data, bound) -> bytes:
    return AESGCM(key).encrypt(nonce, data, bound)


def _aes_decrypt(key, nonce, data, bound) -> bytes:
    return AESGCM(key).decrypt(nonce, data, bound)
