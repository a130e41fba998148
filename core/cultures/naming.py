"""Find the CLDR data behind a culture or a language, and put names in the order a reader expects."""

import unicodedata
from functools import lru_cache
from types import MappingProxyType

from babel import Locale, UnknownLocaleError, localedata

# The portal speaks the French of Quebec ("heure de l'Est", not "heure de l'Est nord-américain").
_NAMING_LOCALES = MappingProxyType({"en": "en_US", "fr": "fr_CA"})
_FALLBACK_ID = "en_CA"


@lru_cache(maxsize=1)
def culture_ids() -> MappingProxyType[str, str]:
    """Map the BCP 47 tag of every CLDR locale with a territory to its CLDR identifier."""
    identifiers = (Locale.parse(identifier) for identifier in localedata.locale_identifiers())
    return MappingProxyType({tag_of(locale): str(locale) for locale in identifiers if locale.territory})


def tag_of(locale: Locale) -> str:
    """Write a locale as a BCP 47 tag: "zh-Hant-TW", "ca-ES-valencia"."""
    variant = locale.variant.lower() if locale.variant else None
    return "-".join(part for part in (locale.language, locale.script, locale.territory, variant) if part)


def culture_exists(tag: str) -> bool:
    """Tell whether this is exactly the tag of a culture a person can choose."""
    return tag in culture_ids()


@lru_cache(maxsize=128)
def locale_of(culture: str) -> Locale:
    """Return the locale of a culture, or that of Canadian English for a tag that CLDR no longer knows.

    A stored tag may outlive the release of CLDR that had it; a page must still be drawn.
    """
    return Locale.parse(culture_ids().get(culture, _FALLBACK_ID))


@lru_cache(maxsize=32)
def naming_locale(language: str) -> Locale:
    """Return the locale that names countries, languages and zones for readers of this language."""
    try:
        return Locale.parse(_NAMING_LOCALES.get(language) or language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(_NAMING_LOCALES["en"])


def territory_name(code: str, language: str) -> str:
    """Name a country or a region of the world; a code that CLDR does not name stands for itself."""
    return known(naming_locale(language).territories.get(code)) or code


def culture_label(tag: str, language: str) -> str:
    """Name a culture in this language: "français (Canada)"; an unknown tag stands for itself."""
    if not culture_exists(tag):
        return tag
    culture, naming = locale_of(tag), naming_locale(language)
    return described(culture, naming) or described(culture, culture) or tag


def described(culture: Locale, naming: Locale) -> str | None:
    """Name a culture in the words of another locale, or return None where it has no word for its language."""
    return known(culture.get_display_name(naming))


def known(name: object) -> str | None:
    """Return a name of CLDR, or None where CLDR has none."""
    return name if isinstance(name, str) and name else None


def alphabetical(name: str) -> str:
    """Return the key that sorts a name regardless of case and accents: É beside e."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if letter.isalnum() or letter.isspace()).casefold()
