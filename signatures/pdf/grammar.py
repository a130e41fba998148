"""What may be in the things that pages are drawn with; everything else is left behind.

Each role names the entries of a dictionary that are copied, with the role of what they hold. An entry that is absent
here is dropped: actions, files, metadata, layers, references to other documents, and what makes a page look otherwise
in print than on screen (overprint, transfer functions, halftones, alternate images).
Source: docs/decisions/0058-hostile-pdfs.md; ISO 32000-1, sections 7.8 to 11.6
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

# Numbers, names, strings, truth values, and arrays of them.
PLAIN = "plain"
# What gray, RGB and CMYK mean on a page that says so (section 8.6.5.6).
DEFAULT_SPACES = frozenset({"/DefaultGray", "/DefaultRGB", "/DefaultCMYK"})


@dataclass(frozen=True, slots=True)
class Kind:
    """What is copied of a dictionary.

    Args:
        entries: role by key.
        every: the role of all entries, where the document chose their keys.
        never: keys that are left out all the same.
        is_stream: whether it may hold data.
    """

    entries: Mapping[str, str] = field(default_factory=dict)
    every: str = ""
    never: frozenset[str] = frozenset()
    is_stream: bool = False


def _plain(keys: str) -> dict[str, str]:
    return {f"/{key}": PLAIN for key in keys.split()}


KINDS: Mapping[str, Kind] = {
    PLAIN: Kind(),
    "form": Kind(
        _plain("Type Subtype FormType BBox Matrix") | {"/Resources": "resources", "/Group": "group"},
        is_stream=True,
    ),
    "image": Kind(
        _plain("Type Subtype Width Height ImageMask BitsPerComponent Intent Decode Interpolate SMaskInData Matte")
        | {"/ColorSpace": "space", "/Mask": "image", "/SMask": "image"},
        is_stream=True,
    ),
    "coding": Kind(
        _plain("Predictor Colors BitsPerComponent Columns EarlyChange K EndOfLine EncodedByteAlign Rows EndOfBlock")
        | _plain("BlackIs1 DamagedRowsBeforeError ColorTransform")
        | {"/JBIG2Globals": "data"}
    ),
    "data": Kind(is_stream=True),
    "group": Kind(_plain("Type S I K") | {"/CS": "space"}),
    "resources": Kind(
        _plain("ProcSet")
        | {
            "/Font": "fonts",
            "/XObject": "xobjects",
            "/ExtGState": "states",
            "/ColorSpace": "spaces",
            "/Pattern": "patterns",
            "/Shading": "shadings",
            "/Properties": "properties",
        }
    ),
    "fonts": Kind(every="font"),
    "xobjects": Kind(every="xobject"),
    "states": Kind(every="state"),
    # In their place colors are those of the device: PDFium draws texts so in any case, other readers do not.
    "spaces": Kind(every="space", never=DEFAULT_SPACES),
    "patterns": Kind(every="pattern"),
    "shadings": Kind(every="shading"),
    # Content that is marked as a layer finds its mark, which says nothing any more.
    "properties": Kind(every="property"),
    "property": Kind(),
    "font": Kind(
        _plain("Type Subtype BaseFont Name FirstChar LastChar Widths FontBBox FontMatrix DW W DW2 W2")
        | {
            "/FontDescriptor": "descriptor",
            "/Encoding": "encoding",
            "/ToUnicode": "encoding",
            "/DescendantFonts": "font",
            "/CIDSystemInfo": "collection",
            "/CIDToGIDMap": "data",
            "/CharProcs": "glyphs",
            "/Resources": "resources",
        }
    ),
    "collection": Kind(_plain("Registry Ordering Supplement")),
    "descriptor": Kind(
        _plain("Type FontName FontFamily FontStretch FontWeight Flags FontBBox ItalicAngle Ascent Descent Leading")
        | _plain("CapHeight XHeight StemV StemH AvgWidth MaxWidth MissingWidth CharSet Lang")
        | {"/FontFile": "program", "/FontFile2": "program", "/FontFile3": "program", "/CIDSet": "data"}
    ),
    "program": Kind(_plain("Length1 Length2 Length3 Subtype"), is_stream=True),
    "encoding": Kind(
        _plain("Type BaseEncoding Differences CMapName WMode")
        | {"/CIDSystemInfo": "collection", "/UseCMap": "encoding"},
        is_stream=True,
    ),
    "glyphs": Kind(every="glyph"),
    "glyph": Kind({"/Resources": "resources"}, is_stream=True),
    "state": Kind(
        _plain("Type LW LC LJ ML D RI FL SM SA BM CA ca AIS TK") | {"/Font": "font", "/SMask": "mask"},
    ),
    "mask": Kind(_plain("Type S BC") | {"/G": "form", "/TR": "function"}),
    "pattern": Kind(
        _plain("Type PatternType PaintType TilingType BBox XStep YStep Matrix")
        | {"/Resources": "resources", "/Shading": "shading", "/ExtGState": "state"},
        is_stream=True,
    ),
    "shading": Kind(
        _plain("ShadingType Background BBox AntiAlias Domain Matrix Coords Extend BitsPerCoordinate BitsPerComponent")
        | _plain("BitsPerFlag Decode VerticesPerRow")
        | {"/ColorSpace": "space", "/Function": "function"},
        is_stream=True,
    ),
    "function": Kind(
        _plain("FunctionType Domain Range Size BitsPerSample Order Encode Decode C0 C1 N Bounds")
        | {"/Functions": "function"},
        is_stream=True,
    ),
    # Arrays of names, numbers, profiles, tables and functions; the first name says which.
    "space": Kind(
        _plain("WhitePoint BlackPoint Gamma Matrix Range N")
        | _plain("FunctionType Domain Size BitsPerSample Order Encode Decode C0 C1 Bounds")
        | {"/Alternate": "space", "/Functions": "function"},
        is_stream=True,
    ),
}

# What an XObject is copied as; PostScript and references to other documents are not copied.
XOBJECTS = {"/Form": "form", "/Image": "image"}
# How data may be coded; `copying.py` copies this itself.
FILTERS = frozenset(
    {"/ASCIIHexDecode", "/ASCII85Decode", "/LZWDecode", "/FlateDecode", "/RunLengthDecode", "/CCITTFaxDecode",
     "/JBIG2Decode", "/DCTDecode", "/JPXDecode"}
)  # fmt: skip
