"""Set any text in an embedded font: the letters of Europe, the Caucasus, Hebrew and Arabic.

reportlab sets one character behind the other from left to right. Here Arabic letters are joined, and what is read from
the right is turned around. A letter that the font does not have, such as a sign of East Asia, is written as its code
point: an empty box would hide that there is a letter.
Source: Unicode 16, chapter 9.2 (Arabic joining) and annex 9 (in part: there is one level);
docs/decisions/0063-certificate.md
"""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from itertools import groupby, pairwise
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from core.characters import NON_JOINER, printed

PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
FOLDER = Path(__file__).resolve().parents[2] / "node_modules" / "dejavu-fonts-ttf" / "ttf"
FROM_RIGHT, DIGITS = {"R", "AL"}, {"EN", "AN"}
# Digits as in Europe or Arabia, with the separators that a number of theirs holds.
WITHIN_NUMBERS = {("EN", "ES"), ("EN", "CS"), ("AN", "CS")}
TURNED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def set_in(text: str, font: str) -> str:
    """Return a text as a paragraph of reportlab takes it, its lines kept, each part in a font that has its letters.

    Args:
        font: `PLAIN` or `BOLD`, which the paragraph is set in.
    """
    register_fonts()
    return "<br/>".join(_line(line, font) for line in text.split("\n"))


@cache
def register_fonts() -> None:
    """Make the fonts known to reportlab, once in a process."""
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(FOLDER / f"{name}.ttf")))


def letters_unprinted(text: str) -> str:
    """Return the characters of a text that are written as code points, each once."""
    register_fonts()
    return "".join(dict.fromkeys(character for character in _seen(text) if ord(character) not in _glyphs(PLAIN)))


def as_set(line: str) -> str:
    """Return a line as it is set in `PLAIN`, from left to right, without markup."""
    register_fonts()
    return "".join(character for character, _font in _known(_seen(line), PLAIN))


def _line(text: str, font: str) -> str:
    parts = groupby(_known(_seen(text), font), key=lambda known: known[1])
    return "".join(_part("".join(character for character, _ in found), name, font) for name, found in parts)


def _part(text: str, name: str, font: str) -> str:
    return escape(text) if name == font else f'<font name="{name}">{escape(text)}</font>'


def _known(text: str, font: str) -> Iterable[tuple[str, str]]:
    """Yield each character with the font that has it."""
    for character in text:
        name = next((name for name in (font, PLAIN) if ord(character) in _glyphs(name)), "")
        yield (character, name) if name else (f"[U+{ord(character):04X}]", font)


def _glyphs(name: str) -> Mapping[int, int]:
    found: Mapping[int, int] = pdfmetrics.getFont(name).face.charToGlyph
    return found


def _seen(line: str) -> str:
    """Return what of a line is seen, from left to right."""
    visible = unicodedata.normalize("NFC", printed(line, also=NON_JOINER))
    return _from_left(visible).replace(NON_JOINER, "")


def _from_left(text: str) -> str:
    """Return a text in the order in which it is seen from left to right."""
    kinds = [unicodedata.bidirectional(character) for character in text]
    if not FROM_RIGHT.intersection(kinds):
        return text
    turned, at = [], 0
    while at < len(text):
        end = _end_of_run(kinds, at) if kinds[at] in FROM_RIGHT else at + 1
        turned.append(_turned(_joined(text[at:end])) if kinds[at] in FROM_RIGHT else text[at:end])
        at = end
    return "".join(turned)


def _end_of_run(kinds: list[str], start: int) -> int:
    """Return where what is read from the right ends: behind its last letter before one that is read from the left."""
    end = start
    for place in range(start, len(kinds)):
        if kinds[place] == "L":
            break
        if kinds[place] in FROM_RIGHT or (kinds[place] == "NSM" and end == place):
            end = place + 1
    return end


def _turned(run: str) -> str:
    """Turn a run around: numbers stay as they are, marks stay behind their letters, brackets open the other way."""
    clusters: list[str] = []
    before = ""
    for character, kind in zip(run, _kinds_with_numbers(run), strict=True):
        if clusters and (kind == "NSM" or (kind in DIGITS and before in DIGITS)):
            clusters[-1] += character
        else:
            clusters.append(character)
        before = kind
    return "".join(reversed(clusters)).translate(TURNED)


def _kinds_with_numbers(run: str) -> list[str]:
    """Return the kind of each character; what stands within a number, or is its sign, is of the kind of its digits.

    Rules W2, W4 and W5 of annex 9: 1,500.00 and 12:30 are one number each, and so is 12/05/2026.
    """
    kinds, letter = list(map(unicodedata.bidirectional, run)), ""
    for place, kind in enumerate(kinds):
        letter = kind if kind in FROM_RIGHT else letter
        kinds[place] = "AN" if kind == "EN" and letter == "AL" else kind
    for place in range(1, len(kinds) - 1):
        before, kind, behind = kinds[place - 1 : place + 2]
        if before == behind and (before, kind) in WITHIN_NUMBERS:
            kinds[place] = before
    for one, next_one in (*pairwise(range(len(kinds))), *pairwise(reversed(range(len(kinds))))):
        if kinds[one] == "EN" and kinds[next_one] == "ET":
            kinds[next_one] = "EN"
    return kinds


def _joined(run: str) -> str:
    """Return Arabic letters in the forms they take beside each other."""
    written = _ligatures(run)
    letters = [place for place, character in enumerate(written) if unicodedata.category(character) != "Mn"]
    shown = list(written)
    for before, place, after in zip([None, *letters], letters, [*letters[1:], None], strict=False):
        forms = _forms().get(written[place], {})
        joins_before = before is not None and "<initial>" in _forms().get(written[before], {}) and "<final>" in forms
        joins_after = after is not None and "<initial>" in forms and "<final>" in _forms().get(written[after], {})
        form = (
            ("<medial>" if joins_after else "<final>") if joins_before else "<initial>" if joins_after else "<isolated>"
        )
        shown[place] = forms.get(form, written[place])
    return "".join(shown)


def _ligatures(run: str) -> str:
    """Write lam with the alef behind it as the one sign it has to be; its own forms join like those of alef."""
    for pair, forms in _forms().items():
        if len(pair) == 2 and pair in run:
            run = run.replace(pair, forms["<isolated>"])
    return run


@cache
def _forms() -> dict[str, dict[str, str]]:
    """Return the forms of each Arabic letter, and of lam with alef, by what they are made of and by that sign."""
    found: dict[str, dict[str, str]] = {}
    for sign in map(
        chr, (*range(0xFB50, 0xFBB2), *range(0xFBD3, 0xFBEA), *range(0xFBFC, 0xFC00), *range(0xFE80, 0xFEFD))
    ):
        if ord(sign) not in _glyphs(PLAIN):
            continue
        form, *parts = unicodedata.decomposition(sign).split()
        found.setdefault("".join(chr(int(part, 16)) for part in parts), {})[form] = sign
    pairs = {pair: forms for pair, forms in found.items() if len(pair) == 2}
    return found | {forms["<isolated>"]: forms for forms in pairs.values() if "<final>" in forms}
