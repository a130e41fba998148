"""Numbers: many spellings are one number, and what cannot be texted is refused in plain words."""

import phonenumbers
import pytest
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django import Settings

from core.sms.errors import SENTENCES, CountryNotServed, NumberInvalid, NumberReason
from core.sms.limits import INPUT_MOST_CHARACTERS
from core.sms.numbers import (
    ACCEPTED_KINDS,
    REFUSED_KINDS,
    NumberKind,
    international,
    last_digits,
    normalized,
    number_digest,
    parse_number,
    prefix,
)
from core.sms.switch import recent, turn_texts

# What is served is read when a refusal is told.
pytestmark = pytest.mark.django_db

TYPE_IT = "Enter a cell number. Type it with its area code."
TOO_LONG_INPUT = "This is too long for a phone number. Enter one number, with its area code."
ODD_CHARACTER = "This number has a character that does not belong in it. Use digits, spaces, hyphens and parentheses."
LETTERS = "This number has letters in it. Type it with digits only."
EXTENSION = "A text message cannot reach an extension. Enter the number without it."
SEVERAL = "This looks like more than one number. Enter only one."
PLUS = "The + sign is not where it belongs. Put one + before the country code, or leave it out."
NO_SUCH_CODE = "No country has this code after the + sign. Check the first digits."
NO_CODE = "The country code is missing. Begin with + and the country code."
NO_AREA = "The area code is missing. Type all 10 digits."
SHORT_CA = "This number is too short for Canada. It has 10 digits after +1."
LONG_CA = "This number is too long for Canada. It has 10 digits after +1."
NOWHERE_CA = "This number does not exist in Canada. Check each digit."
LAND_LINE = "This is a land line, which gets no text messages. Enter a cell number."
SERVED = "They are sent to: Belgium, Canada, France, Switzerland, United Kingdom, United States."

REFUSED = [
    # Not a number at all, or more than one.
    ("", "CA", TYPE_IT),
    ("   ", "CA", TYPE_IT),
    ("\u200b\ufeff", "CA", TYPE_IT),
    ("--", "CA", ODD_CHARACTER),
    ("+", "CA", ODD_CHARACTER),
    ("514\x00555\x000123", "CA", ODD_CHARACTER),
    ("514\n555 0123", "CA", ODD_CHARACTER),
    ("514_555_0123", "CA", ODD_CHARACTER),
    ("*67 514 555 0123", "CA", ODD_CHARACTER),
    ("514 555 0123;", "CA", ODD_CHARACTER),
    ("5" * (INPUT_MOST_CHARACTERS + 1), "CA", TOO_LONG_INPUT),
    ("514 555 O123", "CA", LETTERS),
    ("1-514-FLOWERS", "CA", LETTERS),
    ("tel:+15145550123", "CA", LETTERS),
    ("my number", "CA", LETTERS),
    ("514 555 0123 x12", "CA", EXTENSION),
    ("514 555 0123 ext. 12", "CA", EXTENSION),
    ("514 555 0123 poste 12", "CA", EXTENSION),
    ("514 555 0123;ext=12", "CA", EXTENSION),
    ("514 555 0123 #4", "CA", EXTENSION),
    ("514 555-0123 / 514 555-0124", "CA", SEVERAL),
    ("514 555-0123, 514 555-0124", "CA", SEVERAL),
    ("514 555-0123 514 555-0124", "CA", SEVERAL),
    ("+15145550123+15145550124", "CA", SEVERAL),
    # A plus sign where none belongs.
    ("++15145550123", "CA", PLUS),
    ("1+5145550123", "CA", PLUS),
    ("15145550123+", "CA", PLUS),
    # No country has it.
    ("+999 123 4567", "CA", NO_SUCH_CODE),
    ("+0 514 555 0123", "CA", NO_SUCH_CODE),
    ("514 555 0123", "", NO_CODE),
    ("514 555 0123", "XX", NO_CODE),
    # Digits missing, too many, or impossible.
    ("555 0123", "CA", NO_AREA),
    ("5", "CA", SHORT_CA),
    ("911", "CA", SHORT_CA),
    ("514 555 012", "CA", SHORT_CA),
    ("+1", "CA", SHORT_CA),
    ("+1 514 555 01234", "CA", LONG_CA),
    ("0 514 555 0123", "CA", LONG_CA),
    ("514 055 0123", "CA", NOWHERE_CA),
    ("000 000 0000", "CA", NOWHERE_CA),
    ("212 555 01", "US", "This number is too short for the United States. It has 10 digits after +1."),
    ("06 39 98 00", "FR", "This number is too short for France. It has 9 digits after +33."),
    ("06 12 34 56 78 9", "FR", "This number is too long for France. It has 9 digits after +33."),
    ("07400 12345", "GB", "This number is too short for the United Kingdom. It has 10 digits after +44."),
    ("+44 7400 1234567", "CA", "This number is too long for the United Kingdom. It has 10 digits after +44."),
    ("0470 12 34", "BE", "This number is too short for Belgium. It has 9 digits after +32."),
    ("079 123 45", "CH", "This number is too short for Switzerland. It has 9 digits after +41."),
    ("07700 900123", "GB", "This number does not exist in the United Kingdom. Check each digit."),
    # Kinds that get no texts.
    ("01 42 68 53 00", "FR", LAND_LINE),
    ("020 7946 0000", "GB", LAND_LINE),
    ("044 668 18 00", "CH", LAND_LINE),
    ("02 555 12 12", "BE", LAND_LINE),
    ("1-900-234-5678", "CA", "This is a premium-rate number. Enter a cell number."),
    ("08 99 70 01 23", "FR", "This is a premium-rate number. Enter a cell number."),
    ("0843 012 3456", "GB", "This is a premium-rate number. Enter a cell number."),
    ("08 10 12 34 56", "FR", "This is a shared-cost number. Enter a cell number."),
    ("1-800-555-0199", "CA", "This is a toll-free number. Enter a cell number."),
    ("0800 123 456", "CH", "This is a toll-free number. Enter a cell number."),
    ("074 012 34 56", "CH", "This is a pager number. Enter a cell number."),
    ("09 70 12 34 56", "FR", "This is an internet phone number. Enter a cell number."),
    ("600 555 0199", "CA", "This is an internet phone number. Enter a cell number."),
    ("070 1234 5678", "GB", "This is a forwarding number. Enter the cell number itself."),
    ("08 06 12 34 56", "FR", "This is a company's service number. Enter a cell number."),
    ("0860 123 456 789", "CH", "This is a voice mail number. Enter a cell number."),
    ("+881 6 1234 5678", "CA", "This is a satellite phone number. Enter a cell number."),
    ("+870 773 111 632", "CA", "This is a satellite phone number. Enter a cell number."),
    ("+979 123 456 789", "CA", "This is an international service number. Enter a cell number."),
    ("+800 1234 5678", "CA", "This is an international service number. Enter a cell number."),
]

NOT_SERVED = [
    ("+7 701 234 5678", "KZ", "Kazakhstan"),
    ("+49 123", "DE", "Germany"),
    # The calling code of Canada, but not its region.
    ("+1 264 235 1234", "AI", "Anguilla"),
    ("+1 876 555 1234", "JM", "Jamaica"),
    ("+1 787 555 0100", "PR", "Puerto Rico"),
    # Cells of islands under the calling code of the United Kingdom, and of France overseas.
    ("+44 7781 123456", "GG", "Guernsey"),
    ("+44 7624 912345", "IM", "Isle of Man"),
    ("+590 690 00 12 34", "GP", "Guadeloupe"),
]

ACCEPTED = [
    ("514 555 0123", "CA", "+15145550123", "CA", NumberKind.FIXED_LINE_OR_MOBILE),
    ("212 555 0100", "CA", "+12125550100", "US", NumberKind.FIXED_LINE_OR_MOBILE),
    ("06 12 34 56 78", "FR", "+33612345678", "FR", NumberKind.MOBILE),
    ("+33 (0)6 12 34 56 78", "CA", "+33612345678", "FR", NumberKind.MOBILE),
    ("0033 6 12 34 56 78", "CA", "+33612345678", "FR", NumberKind.MOBILE),
    ("011 33 6 12 34 56 78", "CA", "+33612345678", "FR", NumberKind.MOBILE),
    ("07400 123456", "GB", "+447400123456", "GB", NumberKind.MOBILE),
    ("079 123 45 67", "CH", "+41791234567", "CH", NumberKind.MOBILE),
    ("0470/12.34.56", "BE", "+32470123456", "BE", NumberKind.MOBILE),
]

SPELLINGS_OF_ONE = [
    "+1 (514) 555-0100",
    "15145550100",
    "5145550100",
    "(514) 555-0100",
    "514.555.0100",
    "514/555/0100",
    "514\u00a0555\u20110100",
    "514 555\u22120100",
    "\uff15\uff11\uff14\uff15\uff15\uff15\uff10\uff11\uff10\uff10",
    "\uff0b15145550100",
    "\u0665\u0661\u0664\u0665\u0665\u0665\u0660\u0661\u0660\u0660",
    "\u202a+1 514 555 0100\u202c",
    "\t514 555 0100\n",
    "(+1) 514 555 0100",
    "+1 1 514 555 0100",
    "001 514 555 0100",
    "011 1 514 555 0100",
]


def test_the_table_of_refusals_is_long_enough_to_mean_something() -> None:
    assert len(REFUSED) >= 40
    assert len({(typed, region) for typed, region, _ in REFUSED}) == len(REFUSED)


@pytest.mark.parametrize(("typed", "region", "message"), REFUSED)
def test_what_is_not_a_number_to_text_is_refused_in_two_sentences(typed: str, region: str, message: str) -> None:
    with pytest.raises(NumberInvalid) as refusal:
        parse_number(typed, region=region)
    assert refusal.value.message == str(refusal.value) == message
    assert message.count(". ") == 1
    assert message.endswith(".")


@pytest.mark.parametrize(("typed", "region", "name"), NOT_SERVED)
def test_a_number_is_of_its_region_and_not_of_its_calling_code(typed: str, region: str, name: str) -> None:
    with pytest.raises(CountryNotServed) as refusal:
        parse_number(typed, region="CA")
    assert refusal.value.region == region
    assert str(refusal.value) == f"Text messages are not sent to this country ({name}). {SERVED}"


@pytest.mark.parametrize(("typed", "region", "e164", "found", "kind"), ACCEPTED)
def test_a_cell_is_read_as_people_of_its_country_write_it(
    typed: str, region: str, e164: str, found: str, kind: NumberKind
) -> None:
    number = parse_number(typed, region=region)
    assert (number.e164, number.region, number.kind) == (e164, found, kind)


@pytest.mark.parametrize("typed", SPELLINGS_OF_ONE)
def test_all_spellings_of_a_number_are_one_number(typed: str) -> None:
    assert parse_number(typed, region="CA").e164 == "+15145550100"


CELLS = st.sampled_from(["CA", "US", "FR", "GB", "CH", "BE"]).map(
    lambda region: phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
)
FILLERS = st.sampled_from([" ", "-", ".", "\u00a0", "\u2011", "\u2013", "\u200e", "  ", ""])
SCRIPTS = st.sampled_from([0, 0xFF10 - ord("0"), 0x0660 - ord("0"), 0x0966 - ord("0")])


@given(number=CELLS, filler=FILLERS, script=SCRIPTS, national=st.booleans())
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_filling_and_script_of_digits_do_not_matter(
    number: phonenumbers.PhoneNumber, filler: str, script: int, national: bool
) -> None:
    region = phonenumbers.region_code_for_number(number)
    form = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    plain = phonenumbers.format_number(number, form).replace("-", " ")
    typed = "".join(chr(ord(c) + script) if c.isdigit() else c for c in plain).replace(" ", filler)
    expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    assert parse_number(typed, region=str(region)).e164 == expected


def is_number_or_refusal(typed: str, region: str) -> bool:
    """Tell whether something typed comes out as a number that stays itself, or as a sentence."""
    try:
        number = parse_number(typed, region=region)
    except (NumberInvalid, CountryNotServed) as refusal:
        return str(refusal).endswith(".")
    return parse_number(number.e164, region="").e164 == number.e164


@given(typed=st.text(max_size=INPUT_MOST_CHARACTERS), region=st.sampled_from(["CA", "FR", "", "XX", "ca"]))
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=500)
def test_whatever_is_typed_is_a_number_or_a_refusal(typed: str, region: str) -> None:
    assert is_number_or_refusal(typed, region)


@given(typed=st.text(alphabet="0123456789+ -()./x#", max_size=INPUT_MOST_CHARACTERS))
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=500)
def test_whatever_is_dialed_is_a_number_or_a_refusal(typed: str) -> None:
    assert is_number_or_refusal(typed, "CA")


@pytest.mark.parametrize("typed", SPELLINGS_OF_ONE)
def test_what_was_typed_becomes_plain_digits_before_it_is_judged(typed: str) -> None:
    plain = normalized(typed)
    assert plain.isascii()
    assert "".join(character for character in plain if character.isdigit()).endswith("5145550100")


def test_countries_that_are_off_are_not_named_as_served_and_the_others_in_order() -> None:
    turn_texts(is_off=False, regions_off=["FR"])
    recent.forget()
    with pytest.raises(CountryNotServed) as refusal:
        parse_number("+49 123", region="CA")
    with translation.override("fr"):
        assert refusal.value.message.endswith(": Belgique, Canada, États-Unis, Royaume-Uni, Suisse.")
    recent.forget()


def test_a_refusal_is_told_in_the_language_of_the_reader() -> None:
    with pytest.raises(CountryNotServed) as refusal:
        parse_number("+49 123", region="CA")
    with translation.override("fr"):
        assert "Allemagne" in refusal.value.message
    with translation.override("en"):
        assert "Germany" in refusal.value.message


def test_the_french_sentence_names_the_country_with_its_article() -> None:
    with pytest.raises(NumberInvalid) as refusal:
        parse_number("514 555 012", region="CA")
    with translation.override("fr"):
        assert "le Canada" in refusal.value.message


def test_a_refused_number_is_in_no_text_of_the_exception() -> None:
    with pytest.raises(NumberInvalid) as refusal:
        parse_number("+44 20 7946 0000", region="CA")
    assert "7946" not in repr(refusal.value) + str(refusal.value) + str(refusal.value.__context__)


def test_every_kind_of_the_library_is_accepted_or_refused_by_name() -> None:
    kinds = {value for name, value in vars(phonenumbers.PhoneNumberType).items() if name.isupper()}
    assert kinds - {phonenumbers.PhoneNumberType.UNKNOWN} == ACCEPTED_KINDS.keys() | REFUSED_KINDS.keys()
    assert SENTENCES.keys() == set(NumberReason)


def test_the_operator_chooses_the_countries(settings: Settings) -> None:
    settings.SMS_COUNTRIES = frozenset({"DE"})
    assert parse_number("+49 1512 3456789", region="CA").region == "DE"
    with pytest.raises(NumberInvalid, match=r"Germany\. It has 10–11 digits after \+49\."):
        parse_number("01512 34", region="DE")
    with pytest.raises(CountryNotServed):
        parse_number("514 555 0123", region="CA")


def test_a_number_is_shown_in_international_form() -> None:
    assert international("+15145550123") == "+1 514-555-0123"
    assert international("+33612345678") == "+33 6 12 34 56 78"


def test_the_end_and_the_block_of_a_number() -> None:
    assert last_digits("+15145550123") == "0123"
    assert prefix("+15145550123") == "151455"


def test_equal_numbers_have_one_digest_that_is_not_the_number() -> None:
    digest = number_digest("+15145550123")
    assert digest == number_digest(parse_number("(514) 555-0123", region="CA").e164)
    assert digest != number_digest("+15145550124")
    assert len(digest) == 32


def test_a_number_is_not_printed() -> None:
    assert "0123" not in repr(parse_number("514 555 0123", region="CA"))
