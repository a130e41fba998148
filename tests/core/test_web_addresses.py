"""What mail programs would turn into a link is seen in a name and in a title, and a name is left a name."""

import pytest

from core.web_addresses import holds_address, is_like_address

ANYWHERE = (
    "https://evil.example",
    "http\uff1a//evil.example",
    "www.evil.example",
    "\uff57\uff57\uff57.evil.com",
    "boss@bank.example",
    "a\uff20b.com",
    "//evil.com",
    "See //evil.com",
    "https:evil.com",
    "HTTPS:evil.com",
    "mailto:a",
    "tel:+15145550123",
    "secure-bank.com/login",
    "Go to evil.com/x now",
    "evil。com/login",
    "EVIL.COM/x",
    "evil\u00ad.com/login",
)
IN_A_NAME = (
    "evil.com",
    "Evil.com",
    "EVIL.COM",
    "t.co/x",
    "x.com",
    "Go to evil.com now",
    "Go to evil.com.",
    "evil.co.uk",
    "evil.ru, please",
    "Secure-bank.de",
    "evil.ru:8080",
    "Evil.Ru/x",
    "evil\uff0eru",
    "пример.рф",
)
NAMES = (
    "J.R.",
    "J. R. Roy",
    "St.Pierre",
    "ST.PIERRE",
    "Jean-Pierre",
    "O’Brien",
    "Ng",
    "Dr.Roy",
    "M.Tremblay",
    "Mme.de Sévigné",
    "Dr.van Dyk",
    "J.d’Arc",
    "Inc.",
    "Acme Inc., Montréal",
    "Acme Co.,Ltd.",
    "Danfoss A/S",
    "Roy/Tremblay",
    "李",
    "Anne: Notary",
    "Version 2.0",
)
TITLES = (
    "Re: contract",
    "RE:Contract",
    "12:30",
    "Contract.pdf",
    "contract.pdf",
    "Yes/no",
    "24/7",
    "Dr.Roy/Dr.Ng",
    "Contract // annex",
    "Profile: new",
)


@pytest.mark.parametrize("text", ANYWHERE)
def test_an_address_is_seen_in_names_and_titles(text: str) -> None:
    assert holds_address(text)
    assert is_like_address(text)


@pytest.mark.parametrize("name", IN_A_NAME)
def test_a_bare_host_is_seen_in_a_name(name: str) -> None:
    assert is_like_address(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_left_a_name(name: str) -> None:
    assert not is_like_address(name)


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_left_a_title(title: str) -> None:
    assert not holds_address(title)
