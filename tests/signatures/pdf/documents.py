"""Documents as strangers send them: usual, odd, and hostile. All are made here, byte by byte or by a library."""

import io
import zlib

from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.signatures.pdf.raw import raw_pdf, stream, updated

RED_BOX = b"1 0 0 rg 100 600 200 50 re f"
HELLO = b"BT /F1 24 Tf 100 700 Td (Hello) Tj ET"
FORM_FACE = "/Type /XObject /Subtype /Form /BBox [0 0 200 30] /Resources << /Font << /F1 4 0 R >> >>"
SHOWN = stream(b"BT /F1 20 Tf 5 8 Td (Shown) Tj ET", FORM_FACE)
# Where something of an annotation may belong to a layer.
PLACES_OF_LAYERS = ("comment", "behind a reference", "field", "face", "form in the face", "content of the face")
SCRIPT = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def plain() -> bytes:
    """Return a page with a red box and a word."""
    return raw_pdf(RED_BOX + b" " + HELLO).written()


def field(entries: str = "", *, flags: int = 4, acroform: str = "", face: str = "/AP << /N 21 0 R >>") -> bytes:
    """Return a form with one text field; its face says Shown, its value is Typed."""
    return raw_pdf(
        RED_BOX,
        page="/Annots [20 0 R]",
        catalog=f"/AcroForm << /Fields [20 0 R] /DR << /Font << /F1 4 0 R >> >> /DA (/F1 12 Tf 0 g) {acroform} >>",
        others={
            20: "<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (Typed) /DA (/F1 20 Tf 0 g) "
            f"/Rect [100 700 300 730] /F {flags} {face} {entries} >>",
            21: SHOWN,
        },
    ).written()


def annotated(annotation: str, *, flags: int = 4) -> bytes:
    """Return a page with one annotation at (100, 700) to (300, 730); its face may be object 21, which says Shown."""
    entries = f"<< /Type /Annot /Rect [100 700 300 730] /F {flags} {annotation} >>"
    return raw_pdf(RED_BOX, page="/Annots [20 0 R]", others={20: entries, 21: SHOWN}).written()


def annotated_in_layer(place: str, membership: str) -> bytes:
    """Return a page with a comment and a field, one of which belongs to a layer, which is seen, or to a membership.

    Args:
        place: one of `PLACES_OF_LAYERS`.
        membership: what belongs to it.
    """
    belongs = {found: f"/OC {'31 0 R' if place == found else '30 0 R'}" for found in PLACES_OF_LAYERS}
    annotation = "/Type /Annot /F 4 /AP << /N 21 0 R >>"
    resources = f"/XObject << /X 22 0 R >> /Properties << /L1 {belongs['content of the face'][4:]} >>"
    face = "/Type /XObject /Subtype /Form /BBox [0 0 200 30]"
    return raw_pdf(
        RED_BOX,
        page=f"/Annots {'20 0 R' if place == 'behind a reference' else '[24 0 R 25 0 R]'}",
        catalog="/OCProperties << /OCGs [30 0 R] /D << /ON [30 0 R] >> >> /AcroForm << /Fields [23 0 R] >>",
        others={
            20: "[24 0 R 25 0 R]",
            21: stream(b"/X Do /OC /L1 BDC 0 0 9 9 re f EMC", f"{face} {belongs['face']} /Resources << {resources} >>"),
            22: stream(b"9 0 9 9 re f", f"{face} {belongs['form in the face']}"),
            23: "<< /FT /Tx /T (a) /V (Typed) /Kids [25 0 R] >>",
            24: f"<< /Subtype /Stamp /Rect [100 700 300 730] {annotation} "
            f"{belongs['comment'] if place != 'behind a reference' else belongs[place]} >>",
            25: f"<< /Subtype /Widget /Parent 23 0 R /Rect [100 500 300 530] {annotation} {belongs['field']} >>",
            30: "<< /Type /OCG /Name (Layer) >>",
            31: membership,
        },
    ).written()


def form_of_reportlab() -> bytes:
    """Return a form as a library makes it: a text, a ticked box and a choice."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842), invariant=1)
    canvas.drawString(100, 780, "Form")
    canvas.acroForm.textfield(name="text", value="Camille", x=100, y=700, width=200, height=30, forceBorder=True)
    canvas.acroForm.checkbox(name="tick", checked=True, x=100, y=600)
    canvas.acroForm.choice(name="choice", value="two", options=["one", "two"], x=100, y=500, width=100, height=30)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def with_image(data: bytes, entries: str, *, pages: int = 1) -> bytes:
    """Return pages with one image at (100, 600) to (300, 650); of eight bits unless its entries say otherwise."""
    bits = "" if "/BitsPerComponent" in entries else "/BitsPerComponent 8"
    image = stream(data, f"/Type /XObject /Subtype /Image {entries} {bits}")
    made = raw_pdf(b"q 200 0 0 50 100 600 cm /I Do Q", pages=pages, others={30: image})
    for number in made.pages:
        made.objects[number] = made.objects[number].replace(b"/Font << /F1 4 0 R >>", b"/XObject << /I 30 0 R >>")
    return made.written()


def pictures_of_reportlab() -> bytes:
    """Return a page as a library draws it: fonts, an image with transparency, a gradient."""
    ground = Image.linear_gradient("L").convert("RGB")
    ground.putalpha(Image.radial_gradient("L"))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842), invariant=1)
    canvas.linearGradient(0, 0, 595, 842, ((1, 0, 0), (0, 0, 1)))
    canvas.setFillAlpha(0.5)
    canvas.setFont("Times-Italic", 40)
    canvas.drawString(100, 400, "Étienne signs")
    canvas.drawImage(ImageReader(ground), 100, 500, 300, 200, mask="auto")
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def layered(usual: str = "", layer: str = "", membership: str = "") -> bytes:
    """Return a page with a red box, and a word on a layer.

    Args:
        usual: of the usual configuration.
        layer: entries of the layer.
        membership: what the content belongs to instead of the layer itself.
    """
    made = raw_pdf(
        RED_BOX + b" /OC /L1 BDC " + HELLO + b" EMC",
        catalog=f"/OCProperties << /OCGs [30 0 R] /D << /Order [30 0 R] {usual} >> >>",
        others={30: f"<< /Type /OCG /Name (Layer) {layer} >>", 31: membership or "null"},
    )
    made.objects[made.pages[0]] = (
        "<< /Type /Page /Parent 2 0 R /Contents 3 0 R /Resources << /Font << /F1 4 0 R >> "
        f"/Properties << /L1 {31 if membership else 30} 0 R >> >> >>"
    ).encode()
    return made.written()


def encrypted(user: str, owner: str = "owner") -> bytes:
    """Return a page under a password; an empty one of the user lets everybody read."""
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(plain())))
    writer.encrypt(owner_pass=owner, user_pass=user)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def in_object_streams(document: bytes) -> bytes:
    """Return a document whose objects are packed, with a table that is a stream."""
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(document)), {"stream_xrefs": True})
    packed = writer.prepare_object_stream()
    for (_generation, number), found in list(writer.objects.items()):
        if not hasattr(found, "encoded_data"):
            del writer.objects[0, number]
            packed.add_object(number, found)
            writer.objs_in_streams[number] = found
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def bomb(size: int = 700_000_000, layers: int = 1) -> bytes:
    """Return a page whose content is nothing, many times."""
    packed = zlib.compressobj(9)
    block = bytes(10_000_000)
    data = b"".join(packed.compress(block) for _ in range(size // len(block))) + packed.flush()
    for _ in range(layers - 1):
        data = zlib.compress(data, 9)
    made = raw_pdf()
    filters = "/FlateDecode " * layers
    made.objects[3] = stream(data, f"/Filter [{filters}]")
    return made.written()


def drawn_often(times: int = 20_000_000) -> bytes:
    """Return a page that draws a small box very often."""
    made = raw_pdf()
    made.objects[3] = stream(b"0 0 10 10 re f\n" * times, compress=True)
    return made.written()


def forms_of_forms(depth: int = 40, width: int = 10) -> bytes:
    """Return a page with a form of ten forms of ten forms."""
    others = {
        number: stream(b"/X Do " * width, f"{FORM_FACE[:-3]} /XObject << /X {number + 1} 0 R >> >>")
        for number in range(20, 20 + depth)
    }
    others[20 + depth] = stream(b"0 0 1 1 re f", FORM_FACE)
    made = raw_pdf(b"/X Do", others=dict(others))
    made.objects[made.pages[0]] = (
        b"<< /Type /Page /Parent 2 0 R /Contents 3 0 R /Resources << /XObject << /X 20 0 R >> >> >>"
    )
    return made.written()


def tree(entries: str) -> bytes:
    """Return a document with this root of its page tree."""
    made = raw_pdf()
    made.objects[2] = f"<< /Type /Pages {entries.replace('PAGE', f'{made.pages[0]} 0 R')} >>".encode()
    return made.written()


def changed_afterwards() -> bytes:
    """Return a document that said Hello in its first version, and hides it in its second."""
    return updated(plain(), {3: stream(RED_BOX)})
