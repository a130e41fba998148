"""By what something was proven or done, in words: the fixed words of sessions and of the security log."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

METHODS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "password": _("Password"),
        "proof": _("Password, asked again"),
        "sms": _("Code by text message"),
        "number": _("Code by text message"),
        "recovery": _("Recovery code"),
        "link": _("Link by e-mail"),
    }
)


def method_in_words(method: str) -> str | Promise:
    """Return what a person calls a method; nothing for none, and for a word this release does not know."""
    return METHODS.get(method, "")
