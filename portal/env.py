"""Read the settings of one installation from the environment and refuse what cannot be right.

Only the standard library is used: the server's configuration and the start script read settings before Django is there.
A refusal names the setting and the rule it broke. It never repeats the value, which may be a secret.
"""

import ipaddress
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})

DOTENV_LINE = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?P<value>.*)", re.DOTALL)
DOTENV_QUOTED = re.compile(r"""(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>[^']*)')\s*(?:#.*)?""", re.DOTALL)
# The largest networks that one operator has: those of private addresses.
LARGEST_NETWORK_BITS = {4: 8, 6: 8}
CONTROL_CHARACTER = re.compile(r"[\x00-\x20\x7f]")
BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class SettingRefused(Exception):
    """A setting is missing or breaks a rule; the text holds its name and the rule, never its value."""

    def __init__(self, name: str, rule: str) -> None:
        """Remember the setting's name and the rule, in words that follow the name."""
        super().__init__(f"{name} {rule}")
        self.name = name
        self.rule = rule


@dataclass(frozen=True)
class Address:
    """The decoded parts of a setting written as an address; nothing of it is printed but the scheme."""

    scheme: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    host: str = field(default="", repr=False)
    port: int | None = field(default=None, repr=False)
    path: str = field(default="", repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Env:
    """Settings by name, read as the type each one must have; an empty value counts as not given."""

    values: Mapping[str, str] = field(repr=False)
    base: Path = field(default_factory=Path.cwd)

    @classmethod
    def read(cls, base: Path, environ: Mapping[str, str] | None = None) -> "Env":
        """Join the process environment with `base/.env`, where there is one; the environment wins.

        Raises:
            SettingRefused: the file is not written in UTF-8, or holds what `parse_dotenv` refuses.
        """
        given = os.environ if environ is None else environ
        dotenv = base / ".env"
        try:
            written = parse_dotenv(dotenv.read_text(encoding="utf-8")) if dotenv.is_file() else {}
        except UnicodeDecodeError:
            raise SettingRefused(".env", "must be written in UTF-8.") from None
        return cls(values={**written, **given}, base=base)

    def text(self, name: str, default: str = "", *, required: bool = False) -> str:
        """Return a text without blanks around it; where it is required, the default does not count."""
        value = self.values.get(name, "").strip()
        if required and not value:
            raise SettingRefused(name, "must be given.")
        return value or default

    def integer(self, name: str, default: int, least: int, most: int) -> int:
        """Return a whole number between two bounds, both allowed."""
        written = self.text(name, str(default))
        value = int(written) if re.fullmatch(r"-?[0-9]{1,18}", written) else None
        if value is None or not least <= value <= most:
            raise SettingRefused(name, f"must be a whole number from {least} to {most}.")
        return value

    def boolean(self, name: str, default: bool = False) -> bool:
        """Return yes or no, written as 1, true, yes, on or as 0, false, no, off."""
        written = self.text(name, "yes" if default else "no").lower()
        if written not in YES | NO:
            raise SettingRefused(name, "must be yes or no.")
        return written in YES

    def choice(self, name: str, allowed: Collection[str], default: str = "") -> str:
        """Return one of the allowed words."""
        value = self.text(name, default)
        if value not in allowed:
            raise SettingRefused(name, f"must be one of {', '.join(sorted(allowed))}.")
        return value

    def words(self, name: str, default: str = "") -> list[str]:
        """Return the words of a list that is separated by commas."""
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def networks(self, name: str) -> tuple[str, ...]:
        """Return addresses and networks separated by commas, each as a network.

        Raises:
            SettingRefused: one of them is neither, or is as large as a part of the internet.
        """
        try:
            networks = [ipaddress.ip_network(word, strict=False) for word in self.words(name)]
        except ValueError:
            rule = "must name addresses or networks, separated by commas, like 10.0.0.2,10.1.0.0/16."
            raise SettingRefused(name, rule) from None
        if any(network.prefixlen < LARGEST_NETWORK_BITS[network.version] for network in networks):
            raise SettingRefused(name, "must name no network larger than 10.0.0.0/8 or fd00::/8.")
        return tuple(str(network) for network in networks)

    def folder(self, name: str, default: Path | str) -> Path:
        """Return the absolute path of a folder that is there, or that can be made.

        Raises:
            SettingRefused: it, or what it shall lie in, is a file.
        """
        folder = self.path(name, default)
        nearest = next(place for place in (folder, *folder.parents) if os.path.exists(place))
        if not os.path.isdir(nearest):
            raise SettingRefused(name, "must name a folder, or one that can be made; a file is in its way.")
        return folder

    def path(self, name: str, default: Path | str, *, required: bool = False) -> Path:
        """Return an absolute path; a relative one starts at the project's folder."""
        return (self.base / Path(self.text(name, str(default), required=required)).expanduser()).resolve()

    def url(
        self, name: str, default: str = "", *, schemes: Collection[str] = ("http", "https"), required: bool = False
    ) -> str:
        """Return an address of one of the schemes, without a slash at its end; empty where none is given.

        Scheme and host are spelled as browsers send them: in lower case, and the host without a dot at its end.

        Raises:
            SettingRefused: another scheme, no host, or what `address_from_url` refuses.
        """
        value = self.text(name, default, required=required)
        if not value:
            return ""
        address, host = address_from_url(value, name=name, schemes=schemes), host_of(value)
        if not host:
            raise SettingRefused(name, f"must name a host after {address.scheme}://.")
        parts = urlsplit(value)
        user, at, _place = parts.netloc.rpartition("@")
        port = "" if parts.port is None else f":{parts.port}"
        return parts._replace(netloc=f"{user}{at}{host}{port}").geturl().rstrip("/")


def make_folder(name: str, folder: Path) -> None:
    """Make a folder that is missing, for the portal's own user alone.

    Args:
        name: the setting that names the folder.

    Raises:
        SettingRefused: it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise SettingRefused(name, "must name a folder that is there, or that can be made.") from None


def parse_dotenv(text: str) -> dict[str, str]:
    """Read lines `NAME=value`; nothing is interpolated, so a value that begins with `$` stays as it is.

    Raises:
        SettingRefused: a line is neither blank, nor a comment, nor NAME=value; its number is named.
    """
    values: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            name, value = parse_dotenv_line(stripped, number)
            values[name] = value
    return values


def parse_dotenv_line(line: str, number: int) -> tuple[str, str]:
    """Split one line into its name and its value, without the quotes or the comment."""
    found = DOTENV_LINE.fullmatch(line)
    if found is None:
        raise SettingRefused(f"Line {number} of .env", "must read NAME=value.")
    written = found["value"]
    if written[:1] not in {'"', "'"}:
        return found["name"], re.split(r"(?:^|\s+)#", written, maxsplit=1)[0].strip()
    quoted = DOTENV_QUOTED.fullmatch(written)
    if quoted is None:
        raise SettingRefused(f"Line {number} of .env", "must end with the quote that it begins with.")
    if quoted["single"] is not None:
        return found["name"], quoted["single"]
    return found["name"], re.sub(r'\\(["\\])', r"\1", quoted["double"])


def address_from_url(url: str, *, name: str, schemes: Collection[str]) -> Address:
    """Take an address apart and decode each part once, `+` staying a plus sign everywhere.

    Raises:
        SettingRefused: another scheme, a blank, a stray percent sign, a part that should have been percent-encoded.
    """
    if CONTROL_CHARACTER.search(url):
        raise SettingRefused(name, "must not hold blanks or control characters; write them percent-encoded.")
    scheme = url.partition(":")[0].lower()
    if scheme not in schemes:
        raise SettingRefused(name, f"must begin with one of {', '.join(f'{known}:' for known in sorted(schemes))}.")
    if "#" in url or BAD_ESCAPE.search(url):
        raise SettingRefused(name, "must write # as %23 and a percent sign as %25.")
    try:
        parts = urlsplit(url)
        port = parts.port
        user, password, query = unquoted(parts.username), unquoted(parts.password), query_from_text(parts.query, name)
        return Address(scheme, user, password, unquoted(parts.hostname), port, unquoted(parts.path), query)
    except ValueError:
        raise SettingRefused(
            name, "must read scheme://user:password@host:port/path, with : / ? # @ in a part percent-encoded."
        ) from None


def host_of(url: str) -> str:
    """Return the host of an address in lower case: an IPv6 address in brackets, a name without a dot at its end."""
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host.removesuffix(".")


def unquoted(part: str | None) -> str:
    """Decode the percent-encoded characters of one part, as UTF-8."""
    return unquote(part or "", errors="strict")


def query_from_text(query: str, name: str) -> dict[str, str]:
    """Read `name=value&name=value`, each name once; unlike in a form, `+` is a plus sign."""
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    values = {unquoted(key): unquoted(value) for key, _, value in pairs}
    if len(values) < len(pairs):
        raise SettingRefused(name, "must name each parameter once.")
    return values
