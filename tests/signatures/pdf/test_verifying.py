"""The verifier: sealed is what we sealed and nothing else, whatever was tried."""

import hashlib
import io
import json
import random
from collections.abc import Callable
from itertools import count

import pypdfium2
import pytest

from core.crypto.seal_keys import new_demo_pair, read_chain, read_key
from signatures.limits import CHECK_MOST_BYTES, PAPER_MOST_BYTES
from signatures.pdf import verdicts, verifying
from signatures.pdf.reasons import ChildFailed
from signatures.pdf.signers import DigestSigner
from signatures.pdf.verdicts import Outcome, to_json, verify_in_child
from signatures.pdf.verifying import verify
from tests.core.crypto.test_seal_keys import elliptic, pem
from tests.signatures.pdf import attacks, documents, seals
from tests.signatures.pdf.seals import AT, FIELD, REASON, chain, document, sealed

Attack = Callable[[bytes], bytes]
OURS = chain().links
SOURCE = attacks.prepared()
SEALED = sealed(SOURCE)


def signature_of(data: bytes) -> bytes:
    """Return the signature of a sealed file as it is written there, between its brackets."""
    start, end = attacks._signature(data)
    return data[start:end]


def forged() -> bytes:
    """Return a file with our certificate under somebody else's signature."""
    return sealed(SOURCE, by=DigestSigner(OURS, read_key(pem(elliptic())).sign_digest))


def name_of(attack: Attack) -> str:
    return attack.__name__


def test_a_clean_file_is_sealed_and_says_what_its_seal_says() -> None:
    verdict = verify(SEALED, ours=OURS)
    assert verdict.outcome == Outcome.SEALED
    assert verdict.sha256 == hashlib.sha256(SEALED).hexdigest()
    assert verdict.seal is not None
    assert verdict.seal.presented_sha256 == hashlib.sha256(SOURCE).hexdigest()
    assert (verdict.seal.field_name, verdict.seal.reason) == (FIELD, REASON)
    assert (verdict.seal.sealed_at, verdict.is_time_stamped) == (AT, False)


@pytest.mark.parametrize("attack", attacks.CHANGING, ids=name_of)
def test_statement_157_what_was_changed_after_sealing_is_said_to_be(attack: Attack) -> None:
    changed = attack(SEALED)
    assert changed != SEALED
    assert verify(changed, ours=OURS).outcome == Outcome.CHANGED


@pytest.mark.parametrize("rewriting", attacks.REWRITING, ids=name_of)
@pytest.mark.parametrize("attack", [one for one in attacks.CHANGING if one not in attacks.ALONE], ids=name_of)
def test_statement_157_no_other_way_to_write_a_signature_hides_that_a_file_was_changed(
    attack: Attack, rewriting: Attack
) -> None:
    changed = rewriting(attack(SEALED))
    assert changed != attack(SEALED)
    assert verify(changed, ours=OURS).outcome == Outcome.CHANGED


@pytest.mark.parametrize("attack", attacks.ERASING, ids=name_of)
def test_statement_157_a_file_without_our_signature_is_unknown(attack: Attack) -> None:
    changed = attack(SEALED)
    assert changed != SEALED
    assert verify(changed, ours=OURS).outcome == Outcome.UNKNOWN


@pytest.mark.parametrize("attack", attacks.VISIBLE, ids=name_of)
def test_the_attacks_do_what_they_are_for(attack: Attack) -> None:
    """An attack after which the page looks the same would prove nothing."""
    assert ink(attack(SEALED)) != ink(SEALED)


def ink(data: bytes) -> bytes:
    """Return the first page as PDFium draws it, comments and forms included."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        pdf.init_forms()
        return bytes(pdf[0].render(scale=1, may_draw_forms=True).to_pil().tobytes())
    finally:
        pdf.close()


def test_what_the_seal_said_is_known_of_a_file_with_something_behind_it() -> None:
    for attack in (attacks.appended_byte, attacks.incremental_saving, attacks.evil_annotation):
        verdict = verify(attack(SEALED), ours=OURS)
        assert verdict.outcome == Outcome.CHANGED
        assert verdict.seal == verify(SEALED, ours=OURS).seal, attack


def test_nothing_is_told_of_a_seal_whose_file_was_changed_inside() -> None:
    assert verify(attacks.one_flipped_bit(SEALED), ours=OURS).seal is None
    assert verify(attacks.byte_range_gap(SEALED), ours=OURS).seal is None


def test_no_byte_of_a_sealed_file_can_be_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every byte of the signature, and a thousand others by chance."""
    # Whether such a file is changed or unknown does not matter here, and takes half a minute.
    monkeypatch.setattr(verifying, "is_elsewhere", lambda _data, _ours: False)
    (start, end), draw = attacks._signature(SEALED), random.Random(157)
    places = [*range(start, end), *draw.sample(range(start), 500), *draw.sample(range(end, len(SEALED)), 300)]
    for place in places:
        changed = bytearray(SEALED)
        changed[place] ^= 1 << draw.randrange(7)
        assert verify(bytes(changed), ours=OURS).outcome != Outcome.SEALED, place - start


def test_no_letter_of_the_signature_is_written_otherwise() -> None:
    start, end = attacks._signature(SEALED)
    small = SEALED[:start] + SEALED[start:end].lower() + SEALED[end:]
    assert verify(small, ours=OURS).outcome == Outcome.CHANGED


def test_files_without_a_seal_of_ours_are_unknown() -> None:
    unknown = {
        "nothing": b"",
        "no PDF": b"no PDF" * 1_000,
        "a document": SOURCE,
        "a picture": b"\x89PNG" + bytes(range(256)) * 100,
        "digits": b"<" + b"3082" * 5_000 + b">",
        "deep": b"<" + b"30" * 5_000 + b">",
        "half": SEALED[: len(SEALED) // 2].split(b"/ByteRange")[0],
    }
    for case, data in unknown.items():
        verdict = verify(data, ours=OURS)
        assert (verdict.outcome, verdict.seal) == (Outcome.UNKNOWN, None), case
        assert verdict.sha256 == hashlib.sha256(data).hexdigest(), case


def test_somebody_elses_seal_is_unknown_also_under_our_name() -> None:
    """Anybody can make a certificate with the name of ours."""
    pair = new_demo_pair(AT)
    other = read_chain(pair.chain)
    by_other = sealed(SOURCE, by=DigestSigner(other.links, read_key(pair.key, proven=False).sign_digest))
    assert verify(by_other, ours=OURS).outcome == Outcome.UNKNOWN
    assert verify(by_other, ours=other.links).outcome == Outcome.SEALED
    assert verify(by_other, ours=(*OURS, *other.links)).outcome == Outcome.SEALED


def test_our_certificate_under_somebody_elses_signature_is_unknown() -> None:
    assert verify(forged(), ours=OURS).outcome == Outcome.UNKNOWN
    for rewriting in (*attacks.REWRITING, attacks.packed_signature):
        assert verify(rewriting(forged()), ours=OURS).outcome == Outcome.UNKNOWN, rewriting


def test_a_sealed_file_that_was_written_anew_is_changed() -> None:
    pdf, file = pypdfium2.PdfDocument(SEALED), io.BytesIO()
    pdf.save(file)
    pdf.close()
    assert file.getvalue() != SEALED
    assert verify(file.getvalue(), ours=OURS).outcome == Outcome.CHANGED


def test_digits_without_an_end_do_not_keep_the_verifier() -> None:
    assert verify(b"<" + b"AB" * 5_000_000, ours=OURS).outcome == Outcome.UNKNOWN


@pytest.mark.parametrize("hold_our_certificate", [False, True])
@pytest.mark.parametrize(("in_front", "behind"), [(0, 500), (500, 0), (500, 500)])
def test_statement_157_no_number_of_strings_hides_a_signature(
    in_front: int, behind: int, *, hold_our_certificate: bool
) -> None:
    string = signature_of(forged()) if hold_our_certificate else b"<" + b"30" * 600 + b">"
    changed = string * in_front + SEALED + string * behind
    assert verify_in_child(changed, ours=OURS).outcome == Outcome.CHANGED
    assert verify_in_child(string * (in_front + behind), ours=OURS).outcome == Outcome.UNKNOWN


@pytest.mark.parametrize(
    "piece", [b"\\101", b"\\\\", b"\x30\x82\x10\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02(\n", b"<3 \0"]
)
def test_statement_157_nothing_put_around_a_literal_string_hides_a_signature(piece: bytes) -> None:
    much = piece * (500_000 // len(piece))
    changed = much + attacks.literal_signature(SEALED) + much
    assert verify_in_child(changed, ours=OURS).outcome == Outcome.CHANGED


def test_a_file_for_which_there_is_not_enough_memory_is_refused_before_anything_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The child refuses what fails while it works, and only that."""

    def exhausted(_data: bytes, **_known: object) -> None:
        raise MemoryError

    monkeypatch.setattr(verifying, "verify", exhausted)
    head = b"[[], [], []]"
    with pytest.raises(MemoryError):
        verifying.answer(len(head).to_bytes(verdicts.LENGTH_BYTES, "big") + head + SEALED)


def test_statement_157_no_number_of_copies_hides_that_a_file_was_changed() -> None:
    copies = signature_of(SEALED) * 3_000
    assert verify_in_child(SEALED + copies, ours=OURS).outcome == Outcome.CHANGED
    assert verify_in_child(copies + SEALED, ours=OURS).outcome == Outcome.CHANGED


def test_the_seal_of_a_document_that_holds_copies_of_another_is_found() -> None:
    end = SOURCE.rindex(b"startxref")
    source = SOURCE[:end] + b"%" + signature_of(SEALED) * 100 + b"\n" + SOURCE[end:]
    assert verify(sealed(source), ours=OURS).outcome == Outcome.SEALED


def test_a_large_file_is_verified_too() -> None:
    source = document(pages=300)
    assert verify(sealed(source, last_pages=document(pages=3)), ours=OURS).outcome == Outcome.SEALED
    assert seals.shown(source)


@pytest.mark.parametrize("size_bytes", [PAPER_MOST_BYTES, CHECK_MOST_BYTES - 100_000])
def test_the_largest_documents_can_be_checked_once_they_are_sealed(size_bytes: int) -> None:
    """The second one stands for a document to which sealing added much."""
    bare = documents.with_image(b"", "")
    ground = random.Random(size_bytes).randbytes(size_bytes - len(bare) - 100)
    source = documents.with_image(ground, f"/Width 1000 /Height {len(ground) // 1000} /ColorSpace /DeviceGray")
    assert size_bytes - 100 <= len(source) <= size_bytes
    data = sealed(source, last_pages=document(pages=3))
    assert len(data) <= CHECK_MOST_BYTES
    assert verify_in_child(data, ours=OURS).outcome == Outcome.SEALED


@pytest.mark.parametrize(
    "attack", [bytes, attacks.appended_byte, attacks.byte_range_gap, attacks.forgery_without_a_signature]
)
def test_statement_164_the_child_says_the_same(attack: Attack) -> None:
    data = attack(SEALED)
    assert verify_in_child(data, ours=OURS) == verify(data, ours=OURS)


def test_statement_164_the_child_knows_as_many_keys_as_there_ever_were() -> None:
    many = [*(der * 3 for der in OURS for _ in range(100)), *OURS]
    assert verify_in_child(SEALED, ours=many).outcome == Outcome.SEALED


def test_statement_164_a_stranger_can_send_anything() -> None:
    for data in (b"", b"<" * 100_000, attacks.HONEST.encode(), SEALED[::-1]):
        assert verify_in_child(data, ours=OURS).outcome == Outcome.UNKNOWN


def said(**other: object) -> bytes:
    """Return a verdict as the child sends it, with something else in it."""
    verdict = json.loads(to_json(verify(SEALED, ours=OURS)))
    seal = {**verdict["seal"], **{name: value for name, value in other.items() if name in verdict["seal"]}}
    return json.dumps({**verdict, **other, "seal": seal}).encode()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b'{"outcome": "sealed"}',
        said(outcome="certainly"),
        said(sha256="00"),
        said(sha256=7),
        said(presented_sha256="x" * 64),
        said(certificate_sha256=None),
        said(sealed_at="yesterday"),
        said(sealed_at="2026-11-21T12:30:00"),
        said(stamped_at=1),
    ],
    ids=map(str, count()),  # they hold random bytes, and each process must name a case alike
)
def test_a_child_that_was_taken_over_gives_no_verdict_of_another_form(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts, "in_child", lambda _work, _document: answer)
    with pytest.raises(ChildFailed):
        verify_in_child(SEALED, ours=OURS)
    monkeypatch.setattr(verdicts, "in_child", lambda _work, _document: said())
    assert verify_in_child(SEALED, ours=OURS) == verify(SEALED, ours=OURS)
