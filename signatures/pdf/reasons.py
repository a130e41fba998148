"""Why a document is refused, and what was taken from one that is not."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a document is refused."""

    NOT_A_PDF = "not_a_pdf"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    ALREADY_SIGNED = "already_signed"
    XFA = "xfa"
    EMBEDDED_FILES = "embedded_files"
    HIDDEN_LAYERS = "hidden_layers"
    NO_PAGE = "no_page"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_LARGE_PAGE = "too_large_page"
    TOO_HEAVY = "too_heavy"


class Flattened(StrEnum):
    """What a document held beside its pages and holds no more."""

    SCRIPTS = "scripts"
    ACTIONS = "actions"
    FORM = "form"
    ANNOTATIONS = "annotations"
    LAYERS = "layers"
    EARLIER_VERSIONS = "earlier_versions"


class PdfRefused(Exception):
    """A document is not taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class PdfBusy(Exception):
    """Another document was worked on for as long as one waits; try again in a moment."""


class ChildFailed(RuntimeError):
    """The child process did not do what this code expects of it: a fault of ours or of the installation."""
