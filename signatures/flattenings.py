"""What was taken out of a document when it was brought into the form in which it is signed, in words."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signatures.pdf.reasons import Flattened

WORDS: Mapping[Flattened, str | Promise] = {
    Flattened.SCRIPTS: gettext_lazy("scripts are gone"),
    Flattened.ACTIONS: gettext_lazy("links and actions do nothing any more"),
    Flattened.FORM: gettext_lazy("form fields cannot be filled in any more and show what they held"),
    Flattened.ANNOTATIONS: gettext_lazy("notes and drawings are part of the page"),
    Flattened.LAYERS: gettext_lazy("layers are one"),
    Flattened.EARLIER_VERSIONS: gettext_lazy("earlier versions are gone"),
}


def flattened_words(flattened: Sequence[Flattened]) -> str:
    """Return a sentence for what was taken out; empty where nothing was."""
    if not flattened:
        return ""
    words = "; ".join(str(WORDS[one]) for one in flattened)
    return _("Signed is what one sees on the pages: %(words)s.") % {"words": words}
