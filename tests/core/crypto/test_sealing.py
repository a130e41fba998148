"""Sealed values and derived keys: published vectors, and that nothing changed or moved opens."""

import ast
import hashlib
import hmac
import pickle
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from core.crypto.sealing import NONCE_BYTES, SealBroken, derive_key, keyed_hash, new_key, seal, unseal

KEY = bytes(range(32))
PLACE = "accounts_user:cell_number:7"
TAG_BYTES = 16


def test_the_cipher_is_aes_256_gcm() -> None:
    """NIST's GCM specification, test case 14: 96-bit nonce, tag of 128 bits behind the ciphertext."""
    sealed = bytes(12) + bytes.fromhex("cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919")
    assert unseal(bytes(32), sealed, place="") == bytes(16)


def test_the_derivation_is_hkdf_with_sha_256() -> None:
    """RFC 5869 written out: extract with a salt of zeros, one block expanded."""
    extracted = hmac.new(bytes(32), KEY, hashlib.sha256).digest()
    info = b"portal\x00codes\x00context"
    assert (
        derive_key(KEY, purpose="codes", context=b"context")
        == hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()
    )


def test_the_keyed_hash_is_hmac_over_length_prefixed_parts() -> None:
    message = (2).to_bytes(8, "big") + b"ab" + (1).to_bytes(8, "big") + b"c"
    assert keyed_hash(KEY, "ab", b"c") == hmac.new(KEY, message, hashlib.sha256).digest()


@given(st.lists(st.text(max_size=4), max_size=4), st.lists(st.text(max_size=4), max_size=4))
def test_different_parts_never_hash_alike(left: list[str], right: list[str]) -> None:
    assert (keyed_hash(KEY, *left) == keyed_hash(KEY, *right)) == (left == right)


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_was_sealed_opens_in_its_place(plain: bytes, place: str) -> None:
    sealed = seal(KEY, plain, place=place)
    assert unseal(KEY, sealed, place=place) == plain
    assert len(sealed) == NONCE_BYTES + len(plain) + TAG_BYTES


def test_any_changed_byte_is_refused() -> None:
    sealed = seal(KEY, b"+15145550123", place=PLACE)
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(SealBroken):
            unseal(KEY, changed, place=PLACE)


@pytest.mark.parametrize("length", range(NONCE_BYTES + TAG_BYTES))
def test_anything_cut_short_is_refused(length: int) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, seal(KEY, b"", place=PLACE)[:length], place=PLACE)


def test_another_key_or_place_is_refused() -> None:
    sealed = seal(KEY, b"secret", place=PLACE)
    with pytest.raises(SealBroken):
        unseal(new_key(), sealed, place=PLACE)
    with pytest.raises(SealBroken):
        unseal(KEY, sealed, place="accounts_user:cell_number:8")


def test_no_nonce_is_used_twice() -> None:
    assert len({seal(KEY, b"", place=PLACE)[:NONCE_BYTES] for _ in range(10_000)}) == 10_000


def test_a_refusal_shows_neither_key_nor_value() -> None:
    """Statement 115."""
    canary = b"canary-91c4"
    with pytest.raises(SealBroken) as refusal:
        unseal(canary.ljust(32), seal(KEY, canary, place=PLACE), place=PLACE)
    assert canary.decode() not in repr(refusal.value) + str(refusal.value) + str(refusal.value.__cause__)
    assert canary not in pickle.dumps(refusal.value)


def test_only_one_package_imports_the_cipher() -> None:
    """Statement 123."""
    importers = {
        str(path.parent.relative_to(settings.BASE_DIR))
        for app in ("core", "accounts", "licenses", "messaging", "signatures", "portal")
        for path in Path(settings.BASE_DIR, app).rglob("*.py")
        if any(_imports(node, "cryptography") for node in ast.walk(ast.parse(path.read_text())))
    }
    assert importers == {"core/crypto"}


def _imports(node: ast.AST, package: str) -> bool:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
    names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
    return any(name.partition(".")[0] == package for name in names)
