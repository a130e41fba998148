"""The seal: what was presented stays as it was, one update holds the rest, and every reader finds it valid."""

import hashlib
import io
import re
import subprocess
from pathlib import Path

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from core.crypto.seal_keys import read_chain, read_key
from signatures.pdf.checking import check_pdf
from signatures.pdf.geometry import Box
from signatures.pdf.sealing import PRESENTED_BYTES
from signatures.pdf.signers import DigestSigner
from signatures.pdf.stamping import Stamp
from signatures.pdf.verdicts import Outcome
from signatures.pdf.verifying import verify
from tests.core.crypto.test_seal_keys import elliptic, pem, record
from tests.signatures.pdf.seals import AT, FIELD, LINE, REASON, chain, document, sealed, shown

SOURCE = document(pages=3)
LAST_PAGES = document(pages=2, line="Certificate of completion", size=(612, 792))


def status_of(data: bytes, links: tuple[bytes, ...]) -> PdfSignatureStatus:
    """Return what pyHanko's own validation says of the one signature, at the instant it was made."""
    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    roots = [x509.Certificate.load(links[-1])]
    context = ValidationContext(trust_roots=roots, moment=AT, allow_fetching=False)
    return validate_pdf_signature(signature, context, key_usage_settings=KeyUsageConstraints({"digital_signature"}))


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_statement_155_what_was_presented_is_the_first_revision() -> None:
    made = sealed(SOURCE, last_pages=LAST_PAGES)
    assert made.startswith(SOURCE)
    (signature,) = PdfFileReader(io.BytesIO(made)).embedded_signatures
    presented = made[: int(signature.sig_object[PRESENTED_BYTES])]
    assert hashlib.sha256(presented).digest() == hashlib.sha256(SOURCE).digest()


@pytest.mark.parametrize("end", [b"", b"\r\n", b" "])
def test_statement_155_holds_however_the_document_ends(tmp_path: Path, end: bytes) -> None:
    source = SOURCE.rstrip() + end
    made = sealed(source)
    assert made.startswith(source)
    (tmp_path / "sealed.pdf").write_bytes(made)
    run("qpdf", "--check", tmp_path / "sealed.pdf")


def test_statement_158_the_whole_file_is_signed_and_nothing_may_change() -> None:
    made = sealed(SOURCE, last_pages=LAST_PAGES)
    (signature,) = PdfFileReader(io.BytesIO(made)).embedded_signatures
    first, before, after, rest = signature.byte_range
    assert (first, after + rest) == (0, len(made))
    assert re.fullmatch(rb"<[0-9A-F]+>", made[before:after])
    assert signature.docmdp_level == MDPPerm.NO_CHANGES
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.md_algorithm == "sha256"
    assert signature.signer_cert.dump() == chain().links[0]
    assert signature.self_reported_timestamp == AT
    assert (signature.field_name, signature.sig_object["/Reason"]) == (FIELD, REASON)


def test_statement_157_clean_files_are_valid_for_pyhanko_pdfsig_and_qpdf(tmp_path: Path) -> None:
    made = sealed(SOURCE, last_pages=LAST_PAGES)
    status = status_of(made, chain().links)
    assert status.bottom_line
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    (tmp_path / "sealed.pdf").write_bytes(made)
    said = run("pdfsig", tmp_path / "sealed.pdf")
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    assert said.count("Signature #") == 1
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", tmp_path / "sealed.pdf")


def test_pages_of_the_document_come_first_and_those_of_the_certificate_last() -> None:
    texts = shown(sealed(SOURCE, last_pages=LAST_PAGES))
    assert len(texts) == 5
    assert [LINE in text for text in texts] == [True] * 3 + [False] * 2
    assert [text.split("\n")[0].strip() for text in texts[3:]] == ["Certificate of completion"] * 2


def test_certificate_pages_inherit_nothing_from_the_document(tmp_path: Path) -> None:
    """A tree of pages may turn, cut and size whatever hangs in it."""
    tree = rb"/Count 3 /Kids ([^/]*) /Type /Pages"
    turned = re.sub(tree, rb"/Count 3 /Kids \1 /Rotate 90 /CropBox [0 0 9 9] /Type /Pages", SOURCE)
    assert turned != SOURCE
    # The table of objects is wrong now, and qpdf writes a right one.
    (tmp_path / "turned.pdf").write_bytes(turned)
    subprocess.run(["qpdf", tmp_path / "turned.pdf", tmp_path / "right.pdf"], capture_output=True, check=False)
    reader = PdfFileReader(io.BytesIO(sealed((tmp_path / "right.pdf").read_bytes(), last_pages=LAST_PAGES)))
    page = reader.find_page_for_modification(3)[0].get_object()
    assert (page["/Rotate"], [int(side) for side in page["/CropBox"]]) == (0, [0, 0, 612, 792])


def test_a_cleaned_document_is_stamped_and_sealed_in_one_update(tmp_path: Path) -> None:
    source = check_pdf(SOURCE).data
    mark = document(line="Zoë Roy", size=(180, 60))
    stamps = [Stamp(2, Box(100, 300, 180, 60), mark), Stamp(3, Box(100, 300, 180, 60), mark)]
    made = sealed(source, stamps=stamps, last_pages=LAST_PAGES)
    assert made.startswith(source)
    assert made.count(b"startxref") == source.count(b"startxref") + 1
    assert ["Zoë Roy" in text for text in shown(made)] == [False, True, True, False, False]
    assert status_of(made, chain().links).bottom_line
    assert verify(made, ours=chain().links).outcome == Outcome.SEALED
    (tmp_path / "sealed.pdf").write_bytes(made)
    assert "Signature is Valid" in run("pdfsig", tmp_path / "sealed.pdf")
    run("qpdf", "--check", tmp_path / "sealed.pdf")


def test_fonts_of_the_certificate_are_written_once() -> None:
    one, many = (len(sealed(SOURCE, last_pages=document(pages=count))) for count in (1, 9))
    assert many - one < 8 * 1_000


def test_an_elliptic_key_seals_too(tmp_path: Path) -> None:
    own = read_chain(record(elliptic(), may_sign=True))
    made = sealed(SOURCE, by=DigestSigner(own.links, read_key(pem(elliptic())).sign_digest))
    assert status_of(made, own.links).bottom_line
    (tmp_path / "sealed.pdf").write_bytes(made)
    assert "Signature is Valid" in run("pdfsig", tmp_path / "sealed.pdf")


def test_those_who_vouch_are_in_the_file_and_seal_nothing_themselves() -> None:
    own = read_chain(record(elliptic(), may_sign=True))
    links = (*own.links, *chain().links)
    made = sealed(SOURCE, by=DigestSigner(links, read_key(pem(elliptic())).sign_digest))
    assert verify(made, ours=own.links, vouching=chain().links).outcome == Outcome.SEALED
    assert verify(made, ours=own.links).outcome == Outcome.CHANGED
    assert verify(sealed(SOURCE), ours=own.links, vouching=chain().links).outcome == Outcome.UNKNOWN
    (signature,) = PdfFileReader(io.BytesIO(made)).embedded_signatures
    assert {one.dump() for one in (signature.signer_cert, *signature.other_embedded_certs)} == set(links)


def test_statement_160_sealing_again_gives_an_equivalent_file() -> None:
    first, second = sealed(SOURCE, last_pages=LAST_PAGES), sealed(SOURCE, last_pages=LAST_PAGES)
    assert shown(first) == shown(second)
    assert (first.count(b"/Sig\n"), len(first)) == (second.count(b"/Sig\n"), len(second))


def test_nothing_is_sealed_twice() -> None:
    with pytest.raises(SigningError):
        sealed(sealed(SOURCE))


def test_what_keeps_the_key_from_signing_keeps_the_file_from_being() -> None:
    class Away(Exception):
        """The key is elsewhere, and elsewhere is down."""

    def sign(digest: bytes) -> bytes:
        raise Away(len(digest))

    with pytest.raises(Away, match="32"):
        sealed(SOURCE, by=DigestSigner(chain().links, sign))
