"""Attacks on sealed files, each as its authors published it, made from a file that was just sealed.

Sources: Mladenov and others, "1 Trillion Dollar Refund" (2019: universal forgery, incremental saving, wrapping); Mainka
and others, "Shadow Attacks" (2021); Rohlmann and others, "Breaking the Specification: PDF Certification" (2021: evil
annotation, sneaky signature).
"""

import io
import re
from collections.abc import Callable, Mapping

from asn1crypto.parser import peek
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

HONEST, FORGED = "The price is 100 dollars.", "The price is 900 dollars."
DIGITS = re.compile(rb"<[0-9A-F]{1000,}>")
CATALOG = re.compile(rb"(\d+) 0 obj\s*<<[^>]*?/Type /Catalog")


def _text(line: str) -> bytes:
    return f"BT /F1 12 Tf 72 700 Td ({line}) Tj ET".encode()


def prepared() -> bytes:
    """Return an honest-looking document whose maker has plans.

    What people see is a page with a stamp over a line, and a form that shows a price. Under the stamp stands another
    line, the form's look is an object of its own, and a second catalog that nothing leads to waits in the file.
    """
    writer = PdfFileWriter(stream_xrefs=False)
    font = writer.add_object(_dictionary(Type="/Font", Subtype="/Type1", BaseFont="/Helvetica"))
    cover = writer.add_object(_form(b"1 g 60 690 300 30 re f 0 g " + _text(HONEST), font))
    shown = writer.add_object(generic.StreamObject(stream_data=_text(FORGED) + b" /Cover Do"))
    hidden = writer.add_object(generic.StreamObject(stream_data=_text(FORGED)))
    for contents in (shown, hidden):
        resources = generic.DictionaryObject({pdf_name("/Font"): generic.DictionaryObject({pdf_name("/F1"): font})})
        resources[pdf_name("/XObject")] = generic.DictionaryObject({pdf_name("/Cover"): cover})
        page = _dictionary(Type="/Page")
        page[pdf_name("/MediaBox")] = generic.ArrayObject(generic.NumberObject(side) for side in (0, 0, 595, 842))
        page[pdf_name("/Resources")], page[pdf_name("/Contents")] = resources, contents
        if contents is shown:
            writer.insert_page(page)
    # The page that is left over hangs in a tree and a catalog of its own.
    tree = _dictionary(Type="/Pages", Count=1)
    tree_reference = writer.add_object(tree)
    page[pdf_name("/Parent")] = tree_reference
    tree[pdf_name("/Kids")] = generic.ArrayObject([writer.add_object(page)])
    catalog = _dictionary(Type="/Catalog")
    catalog[pdf_name("/Pages")] = tree_reference
    writer.add_object(catalog)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _dictionary(**entries: str | int) -> generic.DictionaryObject:
    return generic.DictionaryObject(
        {
            pdf_name(f"/{name}"): pdf_name(value) if isinstance(value, str) else generic.NumberObject(value)
            for name, value in entries.items()
        }
    )


def _form(content: bytes, font: generic.IndirectObject) -> generic.StreamObject:
    form = generic.StreamObject(stream_data=content)
    form[pdf_name("/Type")], form[pdf_name("/Subtype")] = pdf_name("/XObject"), pdf_name("/Form")
    form[pdf_name("/BBox")] = generic.ArrayObject(generic.NumberObject(side) for side in (0, 0, 595, 842))
    fonts = generic.DictionaryObject({pdf_name("/F1"): font})
    form[pdf_name("/Resources")] = generic.DictionaryObject({pdf_name("/Font"): fonts})
    return form


def _updated(sealed: bytes, change: Callable[[IncrementalPdfFileWriter, generic.DictionaryObject], None]) -> bytes:
    """Return a file with an update behind it, which may change the first page or what hangs on it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    reference, _resources = writer.find_page_for_modification(0)
    change(writer, reference.get_object())
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def shadow_hide(sealed: bytes) -> bytes:
    """Take away what covers the other line."""

    def change(writer: IncrementalPdfFileWriter, page: generic.DictionaryObject) -> None:
        cover = page["/Resources"]["/XObject"].raw_get("/Cover")
        cover.get_object()._data = b" "
        cover.get_object()._encoded_data = None
        writer.mark_update(cover)

    return _updated(sealed, change)


def shadow_replace(sealed: bytes) -> bytes:
    """Let the font show other digits: a resource that counts as harmless."""

    def change(writer: IncrementalPdfFileWriter, page: generic.DictionaryObject) -> None:
        font = page["/Resources"]["/Font"].raw_get("/F1")
        encoding = _dictionary(Type="/Encoding")
        encoding[pdf_name("/Differences")] = generic.ArrayObject([generic.NumberObject(ord("1")), pdf_name("/nine")])
        font.get_object()[pdf_name("/Encoding")] = encoding
        writer.mark_update(font)

    return _updated(sealed, change)


def shadow_hide_and_replace(sealed: bytes) -> bytes:
    """Lead to the catalog that waited in the file: a trailer is all that is added."""
    reader = PdfFileReader(io.BytesIO(sealed))
    size, used = int(reader.trailer["/Size"]), reader.root_ref.idnum
    (waiting,) = {int(number) for number in CATALOG.findall(sealed)} - {used}
    where = len(sealed)
    trailer = f"trailer\n<< /Size {size} /Root {waiting} 0 R /Prev {reader.last_startxref} >>\n"
    return sealed + f"xref\n0 0\n{trailer}startxref\n{where}\n%%EOF\n".encode()


def evil_annotation(sealed: bytes) -> bytes:
    """Lay a comment over the page that looks like a line of it."""

    def change(writer: IncrementalPdfFileWriter, page: generic.DictionaryObject) -> None:
        font = page["/Resources"]["/Font"].raw_get("/F1")
        comment = _dictionary(Type="/Annot", Subtype="/FreeText", F=4)
        comment[pdf_name("/Rect")] = generic.ArrayObject(generic.NumberObject(side) for side in (0, 0, 595, 842))
        comment[pdf_name("/Contents")] = generic.TextStringObject(FORGED)
        comment[pdf_name("/DA")] = generic.TextStringObject("/Helv 12 Tf 0 g")
        look = writer.add_object(_form(b"1 g 60 690 300 30 re f 0 g " + _text(FORGED), font))
        comment[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): look})
        reference, _resources = writer.find_page_for_modification(0)
        writer.register_annotation(reference, writer.add_object(comment))

    return _updated(sealed, change)


def sneaky_signature(sealed: bytes) -> bytes:
    """Add a second field for a signature, whose look covers the page."""

    def change(writer: IncrementalPdfFileWriter, page: generic.DictionaryObject) -> None:
        append_signature_field(writer, SigFieldSpec("Second", box=(0, 0, 595, 842)))
        field = writer.root["/AcroForm"]["/Fields"][-1].get_object()
        font = page["/Resources"]["/Font"].raw_get("/F1")
        look = writer.add_object(_form(b"1 g 60 690 300 30 re f 0 g " + _text(FORGED), font))
        field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): look})

    return _updated(sealed, change)


def incremental_saving(sealed: bytes) -> bytes:
    """Save another page over the first, as any editor does."""

    def change(writer: IncrementalPdfFileWriter, page: generic.DictionaryObject) -> None:
        page[pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=_text(FORGED)))
        writer.update_container(page)

    return _updated(sealed, change)


def incremental_saving_without_end(sealed: bytes) -> bytes:
    """Save another page and leave out the table and the trailer, which some readers make up themselves."""
    saved = incremental_saving(sealed)
    return saved[: saved.rindex(b"xref", 0, saved.rindex(b"startxref"))]


def signature_wrapping(sealed: bytes) -> bytes:
    """Move the second half of what was signed to the end, and put what is shown between."""
    start, end = _signature(sealed)
    inside = b"\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 0\ntrailer\n<< /Size 2 /Root 1 0 R >>\n"
    first, digits, rest = sealed[:start], sealed[start:end], sealed[end:]
    moved = f"/ByteRange [0 {start} {end + 400} {len(rest)}] ".encode()
    between = (moved + inside).ljust(400)
    assert len(between) == 400
    return first + digits + between + rest


def byte_range_gap(sealed: bytes) -> bytes:
    """End the signature early and use the room left behind it, which no byte range covers."""
    _start, end = _signature(sealed)
    gap = b"> /Contents (FORGED) /Reason (Signed by the forger) /X <"
    room = end - 1 - len(gap)
    assert set(sealed[room : end - 1]) == set(b"0")
    return sealed[:room] + gap + sealed[end - 1 :]


def byte_range_gap_in_padding(sealed: bytes) -> bytes:
    """Hide bytes in the zeros behind the signature."""
    _start, end = _signature(sealed)
    hidden = FORGED.encode().hex().upper().encode()
    return sealed[: end - 1 - len(hidden)] + hidden + sealed[end - 1 :]


def white_space_in_padding(sealed: bytes) -> bytes:
    """Write line breaks over the last two zeros behind the signature, which no byte range covers."""
    return _over_padding(sealed, b"\n\n")


def nothing_in_padding(sealed: bytes) -> bytes:
    """Write NULs there, which are white space in a PDF and nowhere else."""
    return _over_padding(sealed, b"\0\0")


def letters_in_padding(sealed: bytes) -> bytes:
    """Write letters there that are no digits: readers pass them by."""
    return _over_padding(sealed, b"zz")


def bracket_in_padding(sealed: bytes) -> bytes:
    """Write a bracket there: readers pass it by as well."""
    return _over_padding(sealed, b"<0")


def letters_for_zeros(sealed: bytes) -> bytes:
    """Write letters that are no digits over zeros of the signature itself: some readers take them for zeros."""
    start, end = _signature(sealed)
    return sealed[:start] + sealed[start:end].replace(b"0", b"z") + sealed[end:]


def white_space_among_digits(sealed: bytes) -> bytes:
    """Break the digits into lines, and give up as many zeros behind them."""
    start, end = _signature(sealed)
    lines = b"\r\n".join(sealed[at : min(at + 64, end - 1)] for at in range(start + 1, end - 1, 64))
    return sealed[: start + 1] + lines[: end - start - 2] + sealed[end - 1 :]


def literal_signature(sealed: bytes) -> bytes:
    """Write the signature as a literal string in as many bytes: it says the same, and has no digits."""
    return _as_literal(sealed, {byte: b"\\" + bytes([byte]) for byte in b"()\\"} | {13: b"\\r"})


def literal_signature_in_octal(sealed: bytes) -> bytes:
    """Write most of it in octal digits, with as few as tell the byte, and break the string into lines."""
    among = {byte: b"\\%03o" % byte for byte in range(0, 256, 3)} | {byte: b"\\\n\\%03o" % byte for byte in b"()\\\r"}
    return _as_literal(sealed, among)


def literal_signature_with_other_line_breaks(sealed: bytes) -> bytes:
    """Write line feeds as readers take them too, as carriage returns with one and without."""
    among = {byte: b"\\" + bytes([byte]) for byte in b"()\\"} | {13: b"\\015", 10: b"\r\n"}
    return _as_literal(sealed, among)


def _as_literal(sealed: bytes, among: Mapping[int, bytes]) -> bytes:
    """Return the file with its signature as a literal string.

    Args:
        among: how some bytes are written.
    """
    start, end = _signature(sealed)
    content = bytes.fromhex(sealed[start + 1 : end - 1].decode())
    written = b"".join(among.get(byte, bytes([byte])) for byte in content[: peek(content)])
    literal = (b"(" + written + b")").ljust(end - start)
    assert len(literal) == end - start
    return sealed[:start] + literal + sealed[end:]


def _over_padding(sealed: bytes, other: bytes) -> bytes:
    _start, end = _signature(sealed)
    return sealed[: end - 1 - len(other)] + other + sealed[end - 1 :]


def packed_signature(sealed: bytes) -> bytes:
    """Save the signature's dictionary again inside a stream with other objects, as programs that shrink files do."""
    reader = PdfFileReader(io.BytesIO(sealed))
    writer = PdfFileWriter(stream_xrefs=True)
    (found,) = reader.embedded_signatures
    packed = writer.prepare_object_stream()
    value = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Sig")})
    value[pdf_name("/Contents")] = generic.ByteStringObject(found.pkcs7_content)
    field = _dictionary(FT="/Sig")
    field[pdf_name("/T")] = generic.TextStringObject("Seal")
    field[pdf_name("/V")] = writer.add_object(value, obj_stream=packed)
    form = generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject([writer.add_object(field)])})
    writer.root[pdf_name("/AcroForm")] = form
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def appended_byte(sealed: bytes) -> bytes:
    return sealed + b"\n"


def prepended_byte(sealed: bytes) -> bytes:
    return b"\n" + sealed


def cut_byte(sealed: bytes) -> bytes:
    return sealed[:-1]


def one_flipped_bit(sealed: bytes) -> bytes:
    return sealed.replace(b"/P 1\n", b"/P 3\n")


def other_presented_bytes(sealed: bytes) -> bytes:
    """Let the seal speak of another first revision."""
    return re.sub(rb"(/SXP_PresentedBytes \d*)\d", rb"\g<1>0", sealed)


def signature_moved_to_another_document(sealed: bytes) -> bytes:
    return sealed.replace(b"842", b"843", 1)


def forgery_with_an_empty_signature(sealed: bytes) -> bytes:
    start, end = _signature(sealed)
    return sealed[:start] + b"<" + b"0" * (end - start - 2) + b">" + sealed[end:]


def forgery_without_a_signature(sealed: bytes) -> bytes:
    start, end = _signature(sealed)
    return sealed[:start] + b"null".ljust(end - start) + sealed[end:]


def forgery_with_a_short_signature(sealed: bytes) -> bytes:
    start, end = _signature(sealed)
    return sealed[:start] + b"<00>".ljust(end - start) + sealed[end:]


def forgery_without_a_byte_range(sealed: bytes) -> bytes:
    return _other_byte_range(sealed, b"")


def forgery_with_an_empty_byte_range(sealed: bytes) -> bytes:
    return _other_byte_range(sealed, b"/ByteRange []")


def forgery_with_a_byte_range_of_nothing(sealed: bytes) -> bytes:
    return _other_byte_range(sealed, b"/ByteRange [0 0 0 0]")


def forgery_with_a_negative_byte_range(sealed: bytes) -> bytes:
    return _other_byte_range(sealed, b"/ByteRange [0 -1 -1 -1]")


def _other_byte_range(sealed: bytes, other: bytes) -> bytes:
    changed = sealed.replace(HONEST.encode(), FORGED.encode())
    return re.sub(rb"/ByteRange *\[[0-9 ]*\]", lambda found: other.ljust(len(found[0])), changed)


def _signature(sealed: bytes) -> tuple[int, int]:
    """Return where the signature stands, brackets included."""
    (found,) = DIGITS.finditer(sealed)
    return found.span()


# Those that leave the signature as it is, and write it otherwise; each goes together with every other one.
REWRITING = (
    white_space_in_padding,
    nothing_in_padding,
    letters_in_padding,
    letters_for_zeros,
    bracket_in_padding,
    white_space_among_digits,
    literal_signature,
    literal_signature_in_octal,
    literal_signature_with_other_line_breaks,
)
# Those that leave the signature in the file: it is known to be ours, so the file was changed.
CHANGING = (
    shadow_hide,
    shadow_replace,
    shadow_hide_and_replace,
    evil_annotation,
    sneaky_signature,
    incremental_saving,
    incremental_saving_without_end,
    signature_wrapping,
    byte_range_gap,
    byte_range_gap_in_padding,
    appended_byte,
    prepended_byte,
    cut_byte,
    one_flipped_bit,
    other_presented_bytes,
    signature_moved_to_another_document,
    forgery_without_a_byte_range,
    forgery_with_an_empty_byte_range,
    forgery_with_a_byte_range_of_nothing,
    forgery_with_a_negative_byte_range,
    packed_signature,
    *REWRITING,
)
# Those after which the digits are not found where they were.
ALONE = (packed_signature, *REWRITING)
# Those that take it away: nothing in the file can be told to be ours.
ERASING = (forgery_with_an_empty_signature, forgery_without_a_signature, forgery_with_a_short_signature)
# Those after which a reader shows the other line.
VISIBLE = (shadow_hide, shadow_replace, shadow_hide_and_replace, evil_annotation, sneaky_signature, incremental_saving)
