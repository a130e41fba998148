"""Where people find what they sent, of any kind: the app that draws that list says so when it is ready."""

from django.urls import reverse

_url_names: dict[str, str] = {}


def register_sent_list(*, url_name: str) -> None:
    """Make the list known; called by the app that has it."""
    _url_names["all"] = url_name


def sent_list_url() -> str:
    """Return the address of the list."""
    return reverse(_url_names["all"])
