"""Texts of Django that people see in the portal and whose own French does not follow the glossary.

Naming them here puts them into our catalog, which Django reads after its own. Source: docs/decisions/0017-catalogs.md
"""

from django.utils.translation import gettext_noop

TEXTS = (
    gettext_noop("%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?"),
    gettext_noop("Change"),
    gettext_noop("Change %s"),
    # Licenses and plans are added there.
    gettext_noop("Add %(name)s"),
    gettext_noop("Toggle theme (current theme: auto)"),
    gettext_noop("Toggle theme (current theme: light)"),
    gettext_noop("Toggle theme (current theme: dark)"),
)
