"""Refuse settings that would fail only later, on a page or in a mail: names nobody knows, addresses already taken."""

import os
import re
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.characters import is_printed_on_one_line
from core.cultures import culture_exists, region_exists, zone_exists
from core.sealer.files import SealFileRefused, check_pair, read_chain_file, read_key_file, read_roots_file
from core.sealer.places import SocketRefused, short_place
from core.sealer.protocol import PATH_MOST_BYTES, is_socket_name
from portal.env import SettingRefused

LANGUAGES = ("en", "fr")
STORAGES = ("file:",)
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
# The first parts of the portal's other addresses; the support pages there would hide them, or be hidden.
TAKEN_ADDRESSES = frozenset(
    {
        "account",
        "appearance",
        "e",
        "envelopes",
        "health",
        "help",
        "hooks",
        "language",
        "messages",
        "organization",
        "outbox",
        "privacy",
        "o",
        "returns",
        "s",
        "sign-in",
        "sign-out",
        "signatures",
        "static",
        "verify",
    }
)
NAME_MOST_CHARACTERS = 60
# Browsers send the name of a host in ASCII, also one that is written in other letters.
ORIGIN = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?/?",
    re.IGNORECASE,
)
ADMIN_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9][A-Za-z0-9_-]*)*")


def check_choices(values: Mapping[str, str]) -> None:
    """Go through the settings that name something and refuse the first that names nothing.

    Args:
        values: the settings in force, as text under the names of the environment.

    Raises:
        SettingRefused: with the setting's name and the rule, never the value.
    """
    for name, (holds, rule) in RULES.items():
        if not holds(values[name]):
            raise SettingRefused(name, rule)


def check_seal(certificate: str, key: str, *, base: Path) -> None:
    """Refuse a seal of which a half is missing or damaged, or whose halves do not belong together.

    Where users are separated only the sealer may read the key, and it looks once more when it starts.

    Args:
        certificate, key: the settings as given; both empty where nothing is sealed.
        base: the folder a relative path starts at.

    Raises:
        SettingRefused: with the setting's name and the rule, never the value.
    """
    if bool(certificate) != bool(key):
        raise SettingRefused("SEAL_KEY" if certificate else "SEAL_CERTIFICATE", "must be given with its other half.")
    if not certificate:
        return
    name, key_path = "SEAL_CERTIFICATE", base / Path(key).expanduser()
    try:
        chain = read_chain_file(base / Path(certificate).expanduser())
        name = "SEAL_KEY"
        if os.access(key_path, os.R_OK):
            check_pair(read_key_file(key_path, proven=False), chain)
    except SealFileRefused as refusal:
        raise SettingRefused(name, str(refusal)) from None


def check_time_stamps(url: str, certificates: str, *, base: Path) -> None:
    """Refuse a time-stamp server that nothing is known of: a stamp of just anybody says nothing.

    Certificates may be there without a server: stamps of one that is not asked any more still count.

    Raises:
        SettingRefused: with the setting's name and the rule, never the value.
    """
    if url and not certificates:
        raise SettingRefused("TSA_CERTIFICATES", "must be given with TSA_URL.")
    try:
        if certificates:
            read_roots_file(base / Path(certificates).expanduser())
    except SealFileRefused as refusal:
        raise SettingRefused("TSA_CERTIFICATES", str(refusal)) from None


def socket_of(wanted: Path, values: Mapping[str, str]) -> Path:
    """Return where the sealer listens: where it was wanted, or in a short place for want of a setting.

    Args:
        wanted: the place that was given, else the one in the key directory; absolute.
        values: the settings in force, as text under the names of the environment.

    Raises:
        SettingRefused: the name is too long for a socket, and no short place can be had.
    """
    if is_socket_name(wanted):
        return wanted
    if values["SEAL_SOCKET"]:
        raise SettingRefused("SEAL_SOCKET", f"must be at most {PATH_MOST_BYTES} bytes long, its folders among them.")
    if values["PORTAL_ENV"] != "demo" and not values["SEAL_KEY"]:
        return wanted
    # The sealer's own user could not enter a private folder of the worker's.
    if values["SEAL_WORKER"]:
        raise SettingRefused("SEAL_SOCKET", "must be given, since the name of the key directory is too long for one.")
    try:
        return short_place(wanted.parent)
    except SocketRefused as refusal:
        raise SettingRefused("SEAL_SOCKET", str(refusal)) from None


def regions_of(listed: str) -> frozenset[str]:
    """Return the region codes of a list that is separated by commas."""
    return frozenset(code.strip().upper() for code in listed.split(",") if code.strip())


def _is_free_address(path: str) -> bool:
    bare = path.strip("/")
    return bool(ADMIN_ADDRESS.fullmatch(bare)) and bare.partition("/")[0].lower() not in TAKEN_ADDRESSES


def _is_origin(url: str) -> bool:
    return bool(ORIGIN.fullmatch(url))


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _is_sender(text: str) -> bool:
    name, address = parseaddr(text)
    is_whole = text in (address, f"{name} <{address}>", f'"{name}" <{address}>')
    return is_whole and _is_address(address) and (not name or is_printed_on_one_line(name))


def _is_name(text: str) -> bool:
    return len(text) <= NAME_MOST_CHARACTERS and is_printed_on_one_line(text)


RULES: dict[str, tuple[Callable[[str], bool], str]] = {
    "PORTAL_NAME": (
        _is_name,
        f"must be a name of at most {NAME_MOST_CHARACTERS} characters that can be printed on one line.",
    ),
    "PUBLIC_URL": (
        _is_origin,
        "must be https:// or http:// and the name of a host, with a port where it needs one, and nothing else.",
    ),
    "MAIL_FROM": (_is_sender, "must be an e-mail address, or Name <address>."),
    "SUPPORT_EMAIL": (_is_address, "must be an e-mail address."),
    "MICROSOFT_ISSUER": (lambda issuer: not issuer, "must be empty, since there is no sign-in with Microsoft yet."),
    "DEFAULT_LANGUAGE": (LANGUAGES.__contains__, f"must be one of {', '.join(LANGUAGES)}."),
    "DEFAULT_TIME_ZONE": (zone_exists, "must be a name of the IANA time zones, such as America/Toronto."),
    "DEFAULT_CULTURE": (culture_exists, "must be a language with a territory, such as en-CA or fr-CA."),
    "SMS_COUNTRIES": (
        lambda listed: all(region_exists(code) for code in regions_of(listed)),
        "must be codes of regions with telephone numbers, separated by commas, such as CA,US.",
    ),
    "ADMIN_PATH": (
        _is_free_address,
        "must be letters, digits, hyphens and underscores, and not the beginning of another address of the portal.",
    ),
    "STORAGE_URL": (STORAGES.__contains__, "must be file:, which keeps files in the data directory."),
    "LOG_LEVEL": (LOG_LEVELS.__contains__, f"must be one of {', '.join(LOG_LEVELS)}."),
}
