"""Refusals of numbers and texts, each with two sentences a person reads: what happened, and what to do."""

from collections.abc import Callable, Collection, Iterable
from enum import StrEnum

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.errors import ProviderUnavailable, Refusal
from core.sms.reasons import sentence

# How a sentence names a country that takes an article; the others stand without one.
WITH_ARTICLE = {
    "en": {"US": "the United States", "GB": "the United Kingdom"},
    "fr": {
        "BE": "la Belgique",
        "CA": "le Canada",
        "CH": "la Suisse",
        "FR": "la France",
        "GB": "le Royaume-Uni",
        "US": "les États-Unis",
    },
}


class NumberReason(StrEnum):
    """Why a number cannot be used."""

    EMPTY = "empty"
    INPUT_TOO_LONG = "input_too_long"
    UNUSABLE_CHARACTER = "unusable_character"
    LETTERS = "letters"
    EXTENSION = "extension"
    SEVERAL = "several"
    PLUS_MISPLACED = "plus_misplaced"
    COUNTRY_CODE_UNKNOWN = "country_code_unknown"
    COUNTRY_CODE_MISSING = "country_code_missing"
    AREA_CODE_MISSING = "area_code_missing"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    DOES_NOT_EXIST = "does_not_exist"
    LAND_LINE = "land_line"
    PREMIUM_RATE = "premium_rate"
    SHARED_COST = "shared_cost"
    TOLL_FREE = "toll_free"
    PAGER = "pager"
    INTERNET_PHONE = "internet_phone"
    FORWARDING = "forwarding"
    COMPANY = "company"
    VOICE_MAIL = "voice_mail"
    SATELLITE = "satellite"
    INTERNATIONAL_SERVICE = "international_service"
    UNKNOWN_KIND = "unknown_kind"


SENTENCES: dict[NumberReason, Promise] = {
    NumberReason.EMPTY: _("Enter a cell number. Type it with its area code."),
    NumberReason.INPUT_TOO_LONG: _("This is too long for a phone number. Enter one number, with its area code."),
    NumberReason.UNUSABLE_CHARACTER: _(
        "This number has a character that does not belong in it. Use digits, spaces, hyphens and parentheses."
    ),
    NumberReason.LETTERS: _("This number has letters in it. Type it with digits only."),
    NumberReason.EXTENSION: _("A text message cannot reach an extension. Enter the number without it."),
    NumberReason.SEVERAL: _("This looks like more than one number. Enter only one."),
    NumberReason.PLUS_MISPLACED: _(
        "The + sign is not where it belongs. Put one + before the country code, or leave it out."
    ),
    NumberReason.COUNTRY_CODE_UNKNOWN: _("No country has this code after the + sign. Check the first digits."),
    NumberReason.COUNTRY_CODE_MISSING: _("The country code is missing. Begin with + and the country code."),
    NumberReason.AREA_CODE_MISSING: _("The area code is missing. Type all %(digits)s digits."),
    NumberReason.TOO_SHORT: _(
        "This number is too short for %(the_country)s. It has %(digits)s digits after +%(calling_code)s."
    ),
    NumberReason.TOO_LONG: _(
        "This number is too long for %(the_country)s. It has %(digits)s digits after +%(calling_code)s."
    ),
    NumberReason.DOES_NOT_EXIST: _("This number does not exist in %(the_country)s. Check each digit."),
    NumberReason.LAND_LINE: _("This is a land line, which gets no text messages. Enter a cell number."),
    NumberReason.PREMIUM_RATE: _("This is a premium-rate number. Enter a cell number."),
    NumberReason.SHARED_COST: _("This is a shared-cost number. Enter a cell number."),
    NumberReason.TOLL_FREE: _("This is a toll-free number. Enter a cell number."),
    NumberReason.PAGER: _("This is a pager number. Enter a cell number."),
    NumberReason.INTERNET_PHONE: _("This is an internet phone number. Enter a cell number."),
    NumberReason.FORWARDING: _("This is a forwarding number. Enter the cell number itself."),
    NumberReason.COMPANY: _("This is a company's service number. Enter a cell number."),
    NumberReason.VOICE_MAIL: _("This is a voice mail number. Enter a cell number."),
    NumberReason.SATELLITE: _("This is a satellite phone number. Enter a cell number."),
    NumberReason.INTERNATIONAL_SERVICE: _("This is an international service number. Enter a cell number."),
    NumberReason.UNKNOWN_KIND: _("The kind of this number is not known. Enter a cell number."),
}


class NumberInvalid(Refusal):
    """A typed number is not one a text can be sent to.

    Args:
        region: the country the sentence names, as a region code; empty where it names none.
        digits: how many digits follow the country code there, in words of digits ("10" or "10–11").
        calling_code: that country's calling code, without the plus sign.
    """

    heading = _("This is not a phone number we can use")

    def __init__(
        self, reason: NumberReason, *, region: str = "", digits: str = "", calling_code: int | None = None
    ) -> None:
        super().__init__()
        self.reason = reason
        self.region = region
        self.digits = digits
        self.calling_code = calling_code

    @property
    def message(self) -> str:
        """The two sentences, in the language of the person reading now."""
        return str(SENTENCES[self.reason]) % {
            "the_country": country_in_sentence(self.region),
            "digits": self.digits,
            "calling_code": self.calling_code,
        }

    def __str__(self) -> str:
        return self.message


class CountryNotServed(Refusal):
    """The number belongs to a country that gets no texts from this portal.

    Args:
        region: region code of the number, not of its calling code.
        served: returns the codes of the regions that get texts at the instant at which the sentences are read.
    """

    heading = _("Text messages are not sent to this country")
    sentences = _("Text messages are not sent to this country (%(country)s). They are sent to: %(served)s.")

    def __init__(self, region: str, served: Callable[[], Collection[str]] = tuple) -> None:
        super().__init__()
        self.region, self.served = region, served

    @property
    def message(self) -> str:
        """The two sentences, in the language of the person reading now."""
        names = {"country": country_name(self.region), "served": country_names(self.served())}
        return str(self.sentences) % names

    def __str__(self) -> str:
        return self.message


class TextsPaused(CountryNotServed):
    """Texts to a country stopped by themselves: too few of their codes were confirmed."""

    sentences = _("Text messages to this country (%(country)s) are paused. Try again in an hour, or use another way.")


class CountryOff(CountryNotServed):
    """The operator has switched off the texts to a country."""

    sentences = _(
        "Text messages to this country (%(country)s) are switched off. Use another way, or a number of another country."
    )


class StopOver(Refusal):
    """A country that had stopped by itself goes on already."""

    heading = _("Text messages to this country go on already")


class TextsOff(ProviderUnavailable):
    """The operator runs this portal without text messages, or has switched them off."""

    heading = _("Text messages are switched off")

    def __str__(self) -> str:
        return sentence("off")


class TextRefused(Refusal):
    """The provider will never send this text.

    Args:
        reason: the provider's error code, or a word of ours; never a value.
    """

    heading = _("This text message cannot be sent")

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason

    @property
    def message(self) -> str:
        """What the code means, and what to do, in the language of the person reading now."""
        return sentence(self.reason)

    def __str__(self) -> str:
        return self.message


class GatewayUnavailable(ProviderUnavailable):
    """The text was certainly not sent; it may be tried again later.

    Args:
        reason: the provider's error code, or a word of ours; never a value.
    """

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason

    @property
    def message(self) -> str:
        """What the code means, and what to do, in the language of the person reading now."""
        return sentence(self.reason)


class ResultUnknown(Exception):
    """The request went out and no answer came: the text may or may not have been sent."""


def country_name(region: str) -> str:
    """Return a region's name in the language of the person reading now; empty for none."""
    if not region:
        return ""
    from core.cultures.naming import territory_name  # loads the names of all regions, which only a refusal needs

    return territory_name(region, get_language() or settings.LANGUAGE_CODE)


def country_names(regions: Iterable[str]) -> str:
    """Return the names of regions in alphabetical order, in the language of the person reading now."""
    from core.cultures.naming import alphabetical

    return ", ".join(sorted(map(country_name, regions), key=alphabetical))


def country_in_sentence(region: str) -> str:
    """Return a region's name as it follows "for" or "in", with its article where it takes one."""
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    return WITH_ARTICLE.get(language, {}).get(region) or country_name(region)
