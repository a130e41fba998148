"""Where people find what they sent, of any kind: the app that draws that list says so when it is ready."""

from django.urls import reverse

_url_names: dict[str, str] = {}
_queries: dict[str, str] = {}


def register_sent_list(*, url_name: str, drafts: str) -> None:
    """Make the list known; called by the app that has it.

    Args:
        drafts: query of the address at which it shows the drafts.
    """
    _url_names["all"] = url_name
    _queries["drafts"] = drafts


def sent_list_url() -> str:
    """Return the address of the list."""
    return reverse(_url_names["all"])


def drafts_list_url() -> str:
    """Return the address at which the list shows the drafts."""
    return f"{sent_list_url()}?{_queries['drafts']}"
