"""Documents changed at random: each is clean afterwards or refused, and nothing else happens."""

from collections.abc import Callable
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signatures.pdf.checking import PdfRefused, check_pdf
from tests.signatures.pdf import documents
from tests.signatures.pdf.looking import require_clean
from tests.signatures.pdf.raw import raw_pdf

SEEDS: dict[str, Callable[[], bytes]] = {
    "plain": documents.plain,
    "form": documents.form_of_reportlab,
    "pictures": documents.pictures_of_reportlab,
    "layers": documents.layered,
    "versions": documents.changed_afterwards,
    "packed": lambda: documents.in_object_streams(documents.form_of_reportlab()),
    "turned": lambda: raw_pdf(page="/Rotate 90 /CropBox [10 10 300 300] /AA << /O << /S /Launch >> >>").written(),
}
WORDS = [
    *(b"/JS", b"/AA", b"/Launch", b"/Kids", b"/Annots", b"/OC", b"/EF", b"/Type", b"/Resources", b"/Contents"),
    *(b"<<", b">>", b"[", b"]", b"(", b")", b"stream", b"endobj", b"0 R", b"-1", b"99999999999", b"%%EOF", b"null"),
]


@cache
def seed(name: str) -> bytes:
    return SEEDS[name]()


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    name=st.sampled_from(sorted(SEEDS)),
    changes=st.lists(
        st.tuples(st.integers(0, 20_000), st.binary(min_size=1, max_size=4) | st.sampled_from(WORDS)),
        min_size=1,
        max_size=8,
    ),
)
def test_statement_156_a_changed_document_is_clean_or_refused(name: str, changes: list[tuple[int, bytes]]) -> None:
    file = bytearray(seed(name))
    for at, word in changes:
        start = at % len(file)
        file[start : start + len(word)] = word
    try:
        clean = check_pdf(bytes(file))
    except PdfRefused:
        return
    require_clean(clean.data)
    assert clean.pages
