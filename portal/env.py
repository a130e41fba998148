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
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

SQLITE_LOCK_WAIT_SECONDS = 20
POSTGRESQL_LOCK_WAIT_SECONDS = 2
POOL_WAIT_SECONDS = 10
CACHE_WAIT_SECONDS = 2

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})

# `secure_delete` overwrites what is deleted: a destroyed key does not linger in a free page of the file.
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA secure_delete=ON;PRAGMA temp_store=MEMORY"
POSTGRESQL_PARAMETERS = frozenset(
    {"application_name", "connect_timeout", "sslcert", "sslkey", "sslmode", "sslrootcert", "target_session_attrs"}
)

PRODUCTION_REQUIRES = (
    "EMAIL_URL",
    "MAIL_FROM",
    "PORTAL_KEY_DIR",
    "PORTAL_NAME",
    "PUBLIC_URL",
    "SMS_URL",
    "SUPPORT_EMAIL",
)

Security = Literal["none", "starttls", "tls"]
SMTP_SECURITY: dict[str, Security] = {"smtp": "none", "smtp+tls": "starttls", "smtps": "tls"}
SMTP_PORTS: dict[Security, int] = {"none": 25, "starttls": 587, "tls": 465}

DOTENV_LINE = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?P<value>.*)", re.DOTALL)
DOTENV_QUOTED = re.compile(r"""(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>[^']*)')\s*(?:#.*)?""", re.DOTALL)
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
class EmailSettings:
    """How mail leaves: as files in the outbox, or through one SMTP server."""

    kind: Literal["outbox", "smtp"]
    host: str = ""
    port: int = 0
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    security: Security = "none"


@dataclass(frozen=True)
class Env:
    """Settings by name, read as the type each one must have; an empty value counts as not given."""

    values: Mapping[str, str] = field(repr=False)
    base: Path = field(default_factory=Path.cwd)

    @classmethod
    def read(cls, base: Path, environ: Mapping[str, str] | None = None) -> "Env":
        """Join the process environment with `base/.env`, where there is one; the environment wins."""
        given = os.environ if environ is None else environ
        dotenv = base / ".env"
        written = parse_dotenv(dotenv.read_text(encoding="utf-8")) if dotenv.is_file() else {}
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
            SettingRefused: one of them is neither.
        """
        try:
            return tuple(str(ipaddress.ip_network(word, strict=False)) for word in self.words(name))
        except ValueError:
            rule = "must name addresses or networks, separated by commas, like 10.0.0.2,10.1.0.0/16."
            raise SettingRefused(name, rule) from None

    def path(self, name: str, default: Path | str, *, required: bool = False) -> Path:
        """Return an absolute path; a relative one starts at the project's folder."""
        return (self.base / Path(self.text(name, str(default), required=required)).expanduser()).resolve()

    def url(
        self, name: str, default: str = "", *, schemes: Collection[str] = ("http", "https"), required: bool = False
    ) -> str:
        """Return an address of one of the schemes, without a slash at its end; empty where none is given."""
        value = self.text(name, default, required=required)
        if value and not (address := address_from_url(value, name=name, schemes=schemes)).host:
            raise SettingRefused(name, f"must name a host after {address.scheme}://.")
        return value.rstrip("/")


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


def database_from_url(url: str, *, base: Path, pool_size: int, name: str = "DATABASE_URL") -> dict[str, Any]:
    """Return Django's settings of one database.

    Args:
        url: `sqlite:///path` (a fourth slash makes it absolute) or `postgres://user:password@host:port/name?sslmode=…`.
        base: the folder a relative path starts at.
        pool_size: connections a process may hold, at least as many as its threads; 0 for none kept.

    Raises:
        SettingRefused: another kind of database, no name, a parameter that is not known.
    """
    address = address_from_url(url, name=name, schemes=("sqlite", "postgres", "postgresql"))
    if address.scheme != "sqlite":
        return postgresql_database(address, pool_size, name)
    if address.host or address.query or len(address.path) < 2:
        raise SettingRefused(name, "must read sqlite:///path/of/the/file.")
    return sqlite_database(base / address.path[1:])


def sqlite_database(file: Path) -> dict[str, Any]:
    """Return Django's settings of a SQLite file: readers never wait, a writer takes its place in the queue at once."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": SQLITE_LOCK_WAIT_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": SQLITE_PRAGMAS,
        },
    }


def postgresql_database(address: Address, pool_size: int, name: str) -> dict[str, Any]:
    """Return the settings of a PostgreSQL database with a pool in each process."""
    database = address.path.strip("/")
    if not database or "/" in database:
        raise SettingRefused(name, "must read postgres://user:password@host:port/database.")
    if not POSTGRESQL_PARAMETERS.issuperset(address.query):
        raise SettingRefused(name, f"knows only the parameters {', '.join(sorted(POSTGRESQL_PARAMETERS))}.")
    options: dict[str, Any] = {"options": f"-c lock_timeout={POSTGRESQL_LOCK_WAIT_SECONDS}s", **address.query}
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": POOL_WAIT_SECONDS}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": str(address.port or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def cache_from_url(url: str, *, name: str = "CACHE_URL") -> dict[str, Any]:
    """Return Django's settings of the cache; without Redis nothing is cached, so several processes never disagree.

    Args:
        url: `redis://:password@host:port/0`, `rediss://…`, `none:` or nothing.
    """
    if not url:
        return {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    address = address_from_url(url, name=name, schemes=("redis", "rediss", "none"))
    if address.scheme == "none":
        return cache_from_url("", name=name)
    if not address.host:
        raise SettingRefused(name, "must read redis://:password@host:port/number.")
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_connect_timeout": CACHE_WAIT_SECONDS, "socket_timeout": CACHE_WAIT_SECONDS},
    }


def email_from_url(url: str, *, name: str = "EMAIL_URL") -> EmailSettings:
    """Return how mail leaves.

    Args:
        url: `outbox:`, `smtp://host` (no encryption), `smtp+tls://…` (STARTTLS) or `smtps://user:password@host:465`.
    """
    address = address_from_url(url, name=name, schemes=("outbox", *SMTP_SECURITY))
    if address.scheme == "outbox":
        return EmailSettings(kind="outbox")
    if not address.host or address.path.strip("/") or address.query:
        raise SettingRefused(name, "must read smtp+tls://user:password@host:port.")
    security = SMTP_SECURITY[address.scheme]
    port = address.port or SMTP_PORTS[security]
    return EmailSettings("smtp", address.host, port, address.user, address.password, security)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach a server that listens on the host."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_production(values: Mapping[str, str]) -> list[str]:
    """List what stops the start, one sentence for each contradiction; the list is empty when all is well.

    Args:
        values: the settings in force, as text under the names of the environment, paths absolute.
    """
    if values.get("PORTAL_ENV", "demo") != "production":
        loopback = is_loopback(values.get("HOST", "127.0.0.1"))
        return [] if loopback else ["HOST must be a loopback address while PORTAL_ENV is demo."]
    missing = [f"{name} must be given in production." for name in PRODUCTION_REQUIRES if not values.get(name)]
    return missing + [sentence for sentence, is_broken in production_rules(values).items() if is_broken]


def production_rules(values: Mapping[str, str]) -> dict[str, bool]:
    """Return each rule of a production installation and whether it is broken."""
    public, email, sms = (values.get(name, "").lower() for name in ("PUBLIC_URL", "EMAIL_URL", "SMS_URL"))
    keys, data = (values.get(name, "") for name in ("PORTAL_KEY_DIR", "PORTAL_DATA_DIR"))
    proxies = values.get("TRUSTED_PROXIES", "").strip(", ")
    return {
        "PUBLIC_URL must begin with https:// in production.": bool(public) and not public.startswith("https://"),
        "EMAIL_URL must not be outbox: in production.": email.startswith("outbox:"),
        "SMS_URL must not be outbox: in production.": sms.startswith("outbox:"),
        "PORTAL_KEY_DIR must lie outside PORTAL_DATA_DIR.": is_inside(keys, data),
        # Every request would count as plain http, be redirected to https, and come back through the proxy for ever.
        "TRUSTED_PROXIES must name the proxy that speaks https in front of the portal, such as 127.0.0.1.": not proxies,
    }


def is_inside(inner: str, outer: str) -> bool:
    """Tell whether one folder is another or lies below it, links followed."""
    return bool(inner and outer) and Path(inner).resolve().is_relative_to(Path(outer).resolve())
