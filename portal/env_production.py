"""What settings of one installation must not be combined.

Only the standard library is used, as in `portal.env`.
"""

import ipaddress
from collections.abc import Mapping
from pathlib import Path

PRODUCTION_REQUIRES = (
    "EMAIL_URL",
    "MAIL_FROM",
    "PORTAL_KEY_DIR",
    "PORTAL_NAME",
    "PUBLIC_URL",
    "SMS_URL",
    "SUPPORT_EMAIL",
)


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
