"""Phone numbers: what a person types becomes one E.164 number that can be texted, or a refusal in plain words.

Source: ITU-T E.164; numbering plans as the phonenumbers library knows them.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

import phonenumbers
from django.conf import settings
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

from core import keys
from core.crypto.sealing import keyed_hash
from core.sms.errors import CountryNotServed, NumberInvalid, NumberReason
from core.sms.limits import INPUT_MOST_CHARACTERS, LAST_DIGITS, PREFIX_DIGITS
from core.sms.switch import served_regions

NO_REGION = "ZZ"
NON_GEOGRAPHIC = "001"
# Inmarsat and the global mobile satellite system: no country, no text gateway.
SATELLITE_CALLING_CODES = frozenset({870, 881})

PUNCTUATION = frozenset(" -.()/")
INVISIBLE = "Cf"
EXTENSION = re.compile(r"(?i)(?:;?\s*ext(?:ension)?[.:=]?|poste|\bp\.|x|#)\s*\d{1,7}\s*$")
SEVERAL_NUMBERS = re.compile(r"\d[\d\s().-]{6,}[,;/|+][\s(+]*\d[\d\s().-]{6,}")
# No single number has so many digits, even with an international prefix typed before it.
DIGITS_OF_TWO_NUMBERS = 19
# E.164 allows fifteen digits; typed before them may stand an international and a trunk prefix.
INTERNATIONAL_PREFIX = re.compile(r"^00(?=[1-9])")


class NumberKind(StrEnum):
    """The kinds of number that are texted."""

    MOBILE = "mobile"
    FIXED_LINE_OR_MOBILE = "fixed_line_or_mobile"


ACCEPTED_KINDS = {
    PhoneNumberType.MOBILE: NumberKind.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: NumberKind.FIXED_LINE_OR_MOBILE,
}
REFUSED_KINDS = {
    PhoneNumberType.FIXED_LINE: NumberReason.LAND_LINE,
    PhoneNumberType.PREMIUM_RATE: NumberReason.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST: NumberReason.SHARED_COST,
    PhoneNumberType.TOLL_FREE: NumberReason.TOLL_FREE,
    PhoneNumberType.PAGER: NumberReason.PAGER,
    PhoneNumberType.VOIP: NumberReason.INTERNET_PHONE,
    PhoneNumberType.PERSONAL_NUMBER: NumberReason.FORWARDING,
    PhoneNumberType.UAN: NumberReason.COMPANY,
    PhoneNumberType.VOICEMAIL: NumberReason.VOICE_MAIL,
}
REFUSED_LENGTHS = {
    ValidationResult.TOO_SHORT: NumberReason.TOO_SHORT,
    ValidationResult.TOO_LONG: NumberReason.TOO_LONG,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: NumberReason.AREA_CODE_MISSING,
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number that can be texted.

    Args:
        e164: plus sign and digits, as kept and as given to the gateway.
        region: the region the number belongs to, which its calling code does not tell.
    """

    e164: str = field(repr=False)
    region: str
    kind: NumberKind


def parse_number(typed: str, *, region: str) -> Number:
    """Read a number as a person types it.

    Args:
        region: where a number without country code belongs, such as "CA"; empty where there must be one.

    Raises:
        NumberInvalid: it is not a number, or not one that takes texts.
        CountryNotServed: it belongs to a country that gets no texts.
    """
    number = _parsed(normalized(typed), region.upper())
    _refuse_unserved_code(number)
    found = phonenumbers.region_code_for_number(number) if phonenumbers.is_valid_number(number) else None
    if found is None:
        raise _why_not_valid(number, region.upper())
    if found not in settings.SMS_COUNTRIES:
        raise CountryNotServed(found, served_regions)
    return Number(e164=_format(number, PhoneNumberFormat.E164), region=found, kind=_kind(number, found))


def normalized(typed: str) -> str:
    """Return what was typed in ASCII: an optional plus sign, digits, spaces and the usual punctuation.

    Digits and plus signs of other scripts and widths become ASCII, every dash a hyphen, every blank a space; marks
    that cannot be seen (pasted with numbers from contact lists) are dropped; a leading 00 becomes the plus sign. The
    rest is refused: letters, extensions, control characters, a second number, a plus sign elsewhere.

    Raises:
        NumberInvalid: with the reason.
    """
    if len(typed) > INPUT_MOST_CHARACTERS:
        raise NumberInvalid(NumberReason.INPUT_TOO_LONG)
    folded = "".join(_folded(character) for character in typed).strip()
    _refuse_other_things(folded)
    number = folded.replace("(+", "+(", 1) if folded.startswith("(+") else folded
    if not re.search(r"\d", number):
        raise NumberInvalid(NumberReason.EMPTY if not number else NumberReason.UNUSABLE_CHARACTER)
    if "+" in number[1:]:
        raise NumberInvalid(NumberReason.PLUS_MISPLACED)
    return INTERNATIONAL_PREFIX.sub("+", number)


def international(e164: str) -> str:
    """Return a number as it is shown: "+1 514-555-0123"."""
    return _format(phonenumbers.parse(e164), PhoneNumberFormat.INTERNATIONAL)


def region_of(e164: str) -> str:
    """Return the region a stored number belongs to; empty for no number."""
    return (phonenumbers.region_code_for_number(phonenumbers.parse(e164)) or "") if e164 else ""


def last_digits(e164: str) -> str:
    """Return the end of a number, which is all a page shows before the person has signed in."""
    return e164[-LAST_DIGITS:]


def prefix(e164: str) -> str:
    """Return the first digits of a number, which the numbers of one carrier's block share."""
    return e164.lstrip("+")[:PREFIX_DIGITS]


def number_digest(e164: str) -> bytes:
    """Return the keyed hash by which equal numbers are found, 32 bytes."""
    return keyed_hash(keys.pepper("cell numbers"), e164)


def _folded(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Zs":
        return " "
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    if category == INVISIBLE:
        return ""
    return unicodedata.normalize("NFKC", character)


def _refuse_other_things(text: str) -> None:
    """Refuse what is not one number, naming the most telling reason first."""
    if EXTENSION.search(text) and re.search(r"\d", text):
        raise NumberInvalid(NumberReason.EXTENSION)
    if SEVERAL_NUMBERS.search(text) or sum(map(str.isdigit, text)) >= DIGITS_OF_TWO_NUMBERS:
        raise NumberInvalid(NumberReason.SEVERAL)
    if any(character.isalpha() for character in text):
        raise NumberInvalid(NumberReason.LETTERS)
    if any(not character.isdigit() and character not in PUNCTUATION and character != "+" for character in text):
        raise NumberInvalid(NumberReason.UNUSABLE_CHARACTER)


def _parsed(text: str, region: str) -> PhoneNumber:
    try:
        return phonenumbers.parse(text, region or None)
    except NumberParseException as error:
        kind = error.error_type
    if kind == NumberParseException.INVALID_COUNTRY_CODE:
        is_typed = text.startswith("+")
        raise NumberInvalid(NumberReason.COUNTRY_CODE_UNKNOWN if is_typed else NumberReason.COUNTRY_CODE_MISSING)
    is_long = kind == NumberParseException.TOO_LONG
    raise _of_wrong_length(NumberReason.TOO_LONG if is_long else NumberReason.TOO_SHORT, region)


def _refuse_unserved_code(number: PhoneNumber) -> None:
    """Refuse a calling code none of whose regions is served, before its digits are looked at."""
    code = number.country_code or 0
    if code in SATELLITE_CALLING_CODES:
        raise NumberInvalid(NumberReason.SATELLITE)
    main_region = phonenumbers.region_code_for_country_code(code)
    if main_region == NON_GEOGRAPHIC:
        raise NumberInvalid(NumberReason.INTERNATIONAL_SERVICE)
    if main_region == NO_REGION:
        raise NumberInvalid(NumberReason.COUNTRY_CODE_UNKNOWN)
    if settings.SMS_COUNTRIES.isdisjoint(phonenumbers.region_codes_for_country_code(code)):
        raise CountryNotServed(phonenumbers.region_code_for_number(number) or main_region, served_regions)


def _why_not_valid(number: PhoneNumber, typed_region: str) -> NumberInvalid:
    region = _region_in_words(number.country_code or 0, typed_region)
    verdict = phonenumbers.is_possible_number_for_type_with_reason(number, PhoneNumberType.MOBILE)
    reason = REFUSED_LENGTHS.get(verdict, NumberReason.DOES_NOT_EXIST)
    return _of_wrong_length(reason, region)


def _of_wrong_length(reason: NumberReason, region: str) -> NumberInvalid:
    code = phonenumbers.country_code_for_region(region)
    if not code:
        return NumberInvalid(NumberReason.COUNTRY_CODE_MISSING)
    return NumberInvalid(reason, region=region, digits=_digits_of_cells(region), calling_code=code)


def _region_in_words(calling_code: int, typed_region: str) -> str:
    """Name the country a wrong number was meant for: the one chosen beside it, if its calling code is the same."""
    if phonenumbers.country_code_for_region(typed_region) == calling_code:
        return typed_region
    return phonenumbers.region_code_for_country_code(calling_code)


def _digits_of_cells(region: str) -> str:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    lengths = metadata.mobile.possible_length if metadata is not None and metadata.mobile is not None else ()
    return "–".join(str(length) for length in sorted({min(lengths), max(lengths)})) if lengths else ""


def _kind(number: PhoneNumber, region: str) -> NumberKind:
    kind = phonenumbers.number_type(number)
    if kind in ACCEPTED_KINDS:
        return ACCEPTED_KINDS[kind]
    raise NumberInvalid(REFUSED_KINDS.get(kind, NumberReason.UNKNOWN_KIND), region=region)


def _format(number: PhoneNumber, form: int) -> str:
    return phonenumbers.format_number(number, form)
