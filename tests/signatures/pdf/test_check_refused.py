"""Documents that are not taken, each with its reason and within a few seconds."""

from collections.abc import Callable

import pytest

from signatures.pdf.checking import PdfRefused, Reason, check_pdf
from signatures.pdf.limits import PAGES_MOST
from tests.signatures.pdf import documents
from tests.signatures.pdf.raw import raw_pdf, stream, updated
from tests.signatures.pdf.signing import signed

PLAIN = documents.plain()
FILE = "<< /Type /Filespec /F (a.exe) /EF << /F 41 0 R >> >>"
EMBEDDED: dict[int, str | bytes] = {40: FILE, 41: stream(b"MZ", "/Type /EmbeddedFile")}
VIEW_OFF, PRINT_OFF = "/Usage << /View << /ViewState /OFF >> >>", "/Usage << /Print << /PrintState /OFF >> >>"

# What makes content depend on layers, all of which are seen, so that somebody does not see it.
HIDING = {
    "all-off": "<< /Type /OCMD /OCGs [30 0 R] /P /AllOff >>",
    "any-off": "<< /Type /OCMD /OCGs [30 0 R] /P /AnyOff >>",
    "expression": "<< /Type /OCMD /VE [/Not 30 0 R] >>",
    "all-off-text": "<< /Type /OCMD /OCGs [30 0 R] /P (AllOff) >>",
    "other-type": "<< /Type (OCMD) /OCGs [30 0 R] /P /AllOff >>",
    "unlisted-layer": f"<< /Type /OCG /Name (No) {VIEW_OFF} >>",
    "of-unlisted-layer": f"<< /Type /OCMD /OCGs << /Type /OCG /Name (No) {PRINT_OFF} >> >>",
}


def refused(document: bytes) -> Reason:
    with pytest.raises(PdfRefused) as caught:
        check_pdf(document)
    return caught.value.reason


def a_signature_taken_back() -> bytes:
    """Return a document whose first version was signed and whose second one knows no form."""
    return updated(signed(PLAIN), {1: "<< /Type /Catalog /Pages 2 0 R >>"})


@pytest.mark.parametrize("document", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"%!PS-Adobe-3.0", bytes(5000)])
def test_what_is_no_pdf_is_refused(document: bytes) -> None:
    assert refused(document) == Reason.NOT_A_PDF


@pytest.mark.parametrize(
    "document",
    [
        PLAIN[: len(PLAIN) // 2],
        PLAIN[:-60],
        PLAIN.replace(b"%%EOF", b""),
        PLAIN.replace(b"xref\n0 1", b"wxyz\n0 1"),
        PLAIN.replace(b"startxref\n", b"startxref\n9"),
        PLAIN.replace(b"obj\n<< /Type /Catalog", b"obj  \n<< /Type /Catalog"),
        b"%PDF-1.7\n" + bytes(500) + b"\n%%EOF\n",
        documents.tree("/Kids [2 0 R] /Count 1"),
        documents.tree("/Kids [2 0 R PAGE] /Count 3"),
        documents.tree("/Kids [] /Count 5"),
        documents.tree("/Kids [99 0 R] /Count 1"),
        documents.tree("/Kids (no) /Count 1"),
    ],
    ids=[
        *("half", "tail", "no-end", "no-table", "table-elsewhere", "objects-elsewhere", "zeros"),
        *("loop", "loop-and-page", "no-kids", "missing-kid", "kids-of-text"),
    ],
)
def test_statement_156_damaged_documents_are_refused(document: bytes) -> None:
    assert refused(document) == Reason.DAMAGED


@pytest.mark.parametrize("user", ["", "secret"])
def test_statement_156_encrypted_documents_are_refused(user: str) -> None:
    assert refused(documents.encrypted(user)) == Reason.ENCRYPTED


@pytest.mark.parametrize("make", [lambda: signed(PLAIN), a_signature_taken_back], ids=["signed", "taken-back"])
def test_statement_156_signed_documents_are_refused(make: Callable[[], bytes]) -> None:
    assert refused(make()) == Reason.ALREADY_SIGNED


@pytest.mark.parametrize("packed", [False, True])
def test_statement_156_xfa_forms_are_refused(*, packed: bool) -> None:
    document = documents.field(acroform="/XFA [(template) 21 0 R]")
    assert refused(documents.in_object_streams(document) if packed else document) == Reason.XFA


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("catalog", "page"),
    [
        ("/Names << /EmbeddedFiles << /Names [(a.exe) 40 0 R] >> >>", ""),
        ("/AF [40 0 R]", ""),
        ("/Collection << /View /T >>", ""),
        ("", "/AF [40 0 R]"),
        ("", "/Annots [<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS 40 0 R >>]"),
        ("", "/Annots [<< /Type /Annot /Subtype /RichMedia /Rect [0 0 9 9] /F 2 >>]"),
    ],
    ids=["names", "of-document", "collection", "of-page", "pinned", "media"],
)
def test_statement_156_embedded_files_are_refused(catalog: str, page: str, *, packed: bool) -> None:
    document = raw_pdf(catalog=catalog, page=page, others=EMBEDDED).written()
    assert refused(documents.in_object_streams(document) if packed else document) == Reason.EMBEDDED_FILES


@pytest.mark.parametrize(
    ("usual", "layer", "membership"),
    [
        ("/OFF [30 0 R]", "", ""),
        ("/BaseState /OFF /ON [30 0 R]", "", ""),
        ("/BaseState /Unchanged", "", ""),
        ("/BaseState (OFF)", "", ""),
        (">> /Configs [<< /Intent /View /OFF [30 0 R] >>] /X <<", "", ""),
        ("/AS [<< /Event /View /Category [/View] /OCGs [30 0 R] >>]", VIEW_OFF, ""),
        ("/AS [<< /Event /Print /Category [/Print] /OCGs [30 0 R] >>]", PRINT_OFF, ""),
        ("", "/Usage << /Export << /ExportState /OFF >> >>", ""),
        ("", "/Usage << /Zoom << /max 1 >> >>", ""),
        ("", "/Usage << /Language << /Lang (fr) >> >>", ""),
        ("", "/Usage << /View << /ViewState (OFF) >> >>", ""),
        *(("", "", membership) for membership in HIDING.values()),
    ],
    ids=[
        *("off", "base-off", "unchanged", "base-off-text", "another-configuration"),
        *("screen", "print", "export", "zoom", "language", "screen-text", *HIDING),
    ],
)
def test_statement_156_layers_that_somebody_may_not_see_are_refused(usual: str, layer: str, membership: str) -> None:
    assert refused(documents.layered(usual, layer, membership)) == Reason.HIDDEN_LAYERS


@pytest.mark.parametrize(
    ("place", "hiding"),
    [
        *((place, "all-off") for place in documents.PLACES_OF_LAYERS),
        *(("comment", hiding) for hiding in list(HIDING)[1:]),
    ],
)
def test_statement_156_layers_that_hide_annotations_from_somebody_are_refused(place: str, hiding: str) -> None:
    assert refused(documents.annotated_in_layer(place, HIDING[hiding])) == Reason.HIDDEN_LAYERS


def test_statement_156_layers_that_hide_annotations_are_refused_in_packed_documents() -> None:
    document = documents.annotated_in_layer("field", HIDING["all-off"])
    assert refused(documents.in_object_streams(document)) == Reason.HIDDEN_LAYERS


def test_a_document_without_pages_is_refused() -> None:
    assert refused(documents.tree("/Kids [] /Count 0")) == Reason.NO_PAGE


def test_statement_156_more_than_500_pages_are_refused() -> None:
    assert len(check_pdf(raw_pdf(pages=PAGES_MOST).written()).pages) == PAGES_MOST
    assert refused(raw_pdf(pages=PAGES_MOST + 1).written()) == Reason.TOO_MANY_PAGES


@pytest.mark.parametrize("box", ["[0 0 14401 600]", "[0 0 600 14401]", "[0 0 100 2001]", "[0 0 1000000000 1000000000]"])
def test_pages_that_cannot_be_shown_are_refused(box: str) -> None:
    assert refused(raw_pdf(box=box).written()) == Reason.TOO_LARGE_PAGE


@pytest.mark.parametrize("box", ["[0 0 0.5 0.5]", "[500000 0 500600 800]"])
def test_pages_that_cannot_be_measured_are_refused(box: str) -> None:
    assert refused(raw_pdf(box=box).written()) == Reason.DAMAGED


@pytest.mark.parametrize(
    "make",
    [
        documents.bomb,
        lambda: documents.bomb(layers=3),
        documents.drawn_often,
        documents.forms_of_forms,
        lambda: raw_pdf(b"q " * 3_000_000).written(),
        lambda: documents.with_image(b"", "/Width 20000 /Height 20000 /ColorSpace /DeviceCMYK"),
    ],
    ids=["bomb", "bomb-in-bombs", "drawn-often", "forms-of-forms", "states", "half-drawn-image"],
)
def test_statement_156_documents_that_cost_too_much_are_refused(make: Callable[[], bytes]) -> None:
    assert refused(make()) == Reason.TOO_HEAVY


def test_a_page_whose_pieces_cannot_be_put_together_is_refused() -> None:
    made = raw_pdf(page="", others={5: stream(b"\x80\x0b\x60", "/Filter /LZWDecode")})
    made.objects[made.pages[0]] = b"<< /Type /Page /Parent 2 0 R /Contents [3 0 R 5 0 R] >>"
    assert refused(made.written()) == Reason.DAMAGED
