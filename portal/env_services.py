"""Read where database, cache and mail server are from settings that are written as addresses.

Only the standard library is used, as in `portal.env`.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from portal.env import Address, SettingRefused, address_from_url

SQLITE_LOCK_WAIT_SECONDS = 20
POSTGRESQL_LOCK_WAIT_SECONDS = 2
POOL_WAIT_SECONDS = 10
CACHE_WAIT_SECONDS = 2

# `secure_delete` overwrites what is deleted: a destroyed key does not linger in a free page of the file.
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA secure_delete=ON;PRAGMA temp_store=MEMORY"
POSTGRESQL_PARAMETERS = frozenset(
    {"application_name", "connect_timeout", "sslcert", "sslkey", "sslmode", "sslrootcert", "target_session_attrs"}
)

Security = Literal["none", "starttls", "tls"]
SMTP_SECURITY: dict[str, Security] = {"smtp": "none", "smtp+tls": "starttls", "smtps": "tls"}
SMTP_PORTS: dict[Security, int] = {"none": 25, "starttls": 587, "tls": 465}


@dataclass(frozen=True)
class EmailSettings:
    """How mail leaves: as files in the outbox, or through one SMTP server."""

    kind: Literal["outbox", "smtp"]
    host: str = ""
    port: int = 0
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    security: Security = "none"


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


def check_sqlite_place(database: Mapping[str, Any], *, name: str = "DATABASE_URL") -> None:
    """Refuse a SQLite file where none can be.

    Args:
        database: Django's settings of it; those of another kind of database are left alone.

    Raises:
        SettingRefused: a folder has its name, or the folder it shall lie in is missing.
    """
    file = database["NAME"]
    if database["ENGINE"].endswith("sqlite3") and (os.path.isdir(file) or not os.path.isdir(os.path.dirname(file))):
        raise SettingRefused(name, "must name a file in a folder that is there.")


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
