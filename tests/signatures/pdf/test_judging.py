"""What one child says to be clean is judged by another: the first may have been taken over by the document it read."""

from collections.abc import Callable
from functools import cache

import pytest

from signatures.pdf import checking
from signatures.pdf.checking import ChildFailed, PageSize, PdfRefused, Reason, check_pdf
from signatures.pdf.child import in_child
from signatures.pdf.writing import Writer
from tests.signatures.pdf import documents
from tests.signatures.pdf.raw import stream, updated


@cache
def clean() -> bytes:
    return check_pdf(documents.plain()).data


def written(root: bytes = b"", page: bytes = b"", form: bytes = b"", *, more: bytes = b"") -> bytes:
    """Return a clean document with something more in its catalog, its page, its form, or beside them."""
    writer = Writer()
    shown = writer.add(stream(b"0 0 9 9 re f", f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] {form.decode()}"))
    show = writer.add(stream(b"/Page Do"))
    tree = writer.reserve()
    entries = b"/Resources << /XObject << /Page %d 0 R >> >> /Contents %d 0 R /Parent %d 0 R" % (shown, show, tree)
    leaf = writer.add(b"<< /Type /Page /MediaBox [0 0 100 200] /Rotate 90 %b %b >>" % (entries, page))
    writer.fill(tree, b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % leaf)
    if more:
        writer.add(more)
    return writer.finish(writer.add(b"<< /Type /Catalog /Pages %d 0 R %b >>" % (tree, root)))


LIES: dict[str, Callable[[], bytes]] = {
    "no document": lambda: b"hello",
    "nothing": lambda: b"",
    "script at opening": lambda: written(b"/OpenAction << /S /JavaScript /JS (x) >>"),
    "unknown entry": lambda: written(b"/Lang (en)"),
    "annotation": lambda: written(page=b"/Annots []"),
    "action of a page": lambda: written(page=b"/AA << >>"),
    "layer": lambda: written(form=b"/OC << /Type /OCG >>"),
    "other document": lambda: written(form=b"/Ref << /F (x.pdf) >>"),
    "data elsewhere": lambda: written(form=b"/F (x.bin)"),
    "script among resources": lambda: written(form=b"/Resources << /Font << /F1 << /JS (x) >> >> >>"),
    "other meaning of gray": lambda: written(form=b"/Resources << /ColorSpace << /DefaultGray /DeviceRGB >> >>"),
    "kind": lambda: written(form=b"/Group << /S /Launch >>"),
    "unasked for": lambda: written(more=b"<< /Length 4 >>"),
    "no size": lambda: written().replace(b"/MediaBox [0 0 100 200]", b"/MediaBox [0 0 100 0  ]"),
    "no rotation": lambda: written().replace(b"/Rotate 90", b"/Rotate 45"),
    "second version": lambda: updated(clean(), {90: "<< /S /JavaScript >>"}),
    "second end": lambda: clean() + b"%%EOF\n",
    "behind the end": lambda: clean() + b" ",
    "encrypted": lambda: documents.encrypted(""),
    "packed": lambda: documents.in_object_streams(clean()),
}


def checked(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> checking.CleanPdf:
    """Return what comes of an answer of the first child."""

    def answered(work: str, document: bytes) -> bytes:
        return answer if work == checking.CLEAN else in_child(work, document)

    monkeypatch.setattr(checking, "in_child", answered)
    return check_pdf(b"any")


def test_what_is_clean_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    believed = checked(monkeypatch, b'["form"]\n' + written())
    assert believed.pages == (PageSize(200, 100),)
    assert believed.flattened == ("form",)


@pytest.mark.parametrize("lie", LIES)
def test_statement_156_what_is_not_clean_is_refused_whoever_says_it_is(
    monkeypatch: pytest.MonkeyPatch, lie: str
) -> None:
    with pytest.raises(PdfRefused) as caught:
        checked(monkeypatch, b"[]\n" + LIES[lie]())
    assert caught.value.reason == Reason.DAMAGED


@pytest.mark.parametrize("head", [b"", b"{", b'["something"]', b"7", b"[[]]"])
def test_what_was_flattened_is_from_a_closed_list(monkeypatch: pytest.MonkeyPatch, head: bytes) -> None:
    with pytest.raises(ChildFailed):
        checked(monkeypatch, head + b"\n" + written())
