"""Refuse layers that somebody may not see, inside the child process.

Readers differ in which text they take for a name, in whether a layer has to be listed, and in which configuration they
follow. What hides something for one of them is refused.
Source: docs/decisions/0058-hostile-pdfs.md; ISO 32000-1, section 8.11 (optional content)
"""

from pyhanko.pdf_utils.generic import DictionaryObject

from signatures.pdf.reasons import PdfRefused, Reason
from signatures.pdf.walking import dictionary, items, resolved

# How layers are on, and how what depends on them is seen while they are.
ON: tuple[object, ...] = (None, "/ON")
SEEN_WITH: tuple[object, ...] = (None, "/AnyOn", "/AllOn")


def require_visible_layers(root: DictionaryObject) -> None:
    """Refuse layers unless every one is seen by everybody: on screen, in print, at every zoom, in every language."""
    layers = dictionary(resolved(root, "/OCProperties"))
    configurations = [resolved(layers, "/D"), *items(resolved(layers, "/Configs"))]
    is_hidden = any(_hides(dictionary(one)) for one in configurations)
    if is_hidden or any(_may_be_off(dictionary(layer)) for layer in items(resolved(layers, "/OCGs"))):
        raise PdfRefused(Reason.HIDDEN_LAYERS)


def require_seen(found: DictionaryObject) -> None:
    """Refuse an annotation, a form or an image that belongs to layers in such a way that somebody may not see it."""
    require_shown(dictionary(resolved(found, "/OC")))


def require_shown(membership: DictionaryObject) -> None:
    """Refuse what somebody may not see: a layer, or what depends on layers."""
    of = resolved(membership, "/OCGs")
    layers = [membership, dictionary(of), *map(dictionary, items(of))]
    is_turned = "/VE" in membership or resolved(membership, "/P") not in SEEN_WITH
    if is_turned or any(map(_may_be_off, layers)):
        raise PdfRefused(Reason.HIDDEN_LAYERS)


def _hides(configuration: DictionaryObject) -> bool:
    return bool(items(resolved(configuration, "/OFF"))) or not _is_on(configuration, "/BaseState")


def _may_be_off(layer: DictionaryObject) -> bool:
    usage = dictionary(resolved(layer, "/Usage"))
    states = (("/View", "/ViewState"), ("/Print", "/PrintState"), ("/Export", "/ExportState"))
    is_on = all(_is_on(dictionary(resolved(usage, purpose)), state) for purpose, state in states)
    return not is_on or not usage.keys().isdisjoint({"/Zoom", "/Language", "/User"})


def _is_on(entry: DictionaryObject, key: str) -> bool:
    return resolved(entry, key) in ON
