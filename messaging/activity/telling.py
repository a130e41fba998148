"""Tell in words what happened to an item: on each product's pages, in the log, and in the proof for the file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from accounts.browsers import browser_in_words
from core import cultures
from messaging.activity.access.timeline import Check, Happening
from messaging.items.choices import CodePurpose, Proof, ReturnKind
from messaging.items.events.kinds import EventKind, MailFailure

Facts = Mapping[str, Any]

ICONS = {
    EventKind.SENT: "send",
    EventKind.EXTENDED: "clock",
    EventKind.DELETED: "trash",
    EventKind.EXPIRED: "clock",
    EventKind.MAIL_HANDED_OVER: "mail",
    EventKind.MAIL_FAILED: "warning",
    EventKind.LINK_RENEWED: "send",
    EventKind.LINK_DELETED: "trash",
    EventKind.CODE_SENT: "phone",
    EventKind.CODE_FAILED: "warning",
    EventKind.CODE_STOPPED: "stop",
    EventKind.CODE_EXPIRED: "warning",
    EventKind.CODE_MISSING: "warning",
    EventKind.OPENED: "eye",
    EventKind.FILE_DOWNLOADED: "download",
    EventKind.COPY_READ: "copy",
    EventKind.REPLY_PROVEN: "shield",
    EventKind.RETURN_ARRIVED: "inbox",
    EventKind.RETURN_READ: "eye",
    EventKind.RETURN_EXPIRED: "clock",
    EventKind.PROOF_PRINTED: "print",
    EventKind.LINK_SENT: "send",
    EventKind.CONSENTED: "check",
    EventKind.SIGNED: "pen",
    EventKind.DECLINED: "stop",
    EventKind.SEALED: "shield",
    EventKind.SEAL_HELD: "clock",
    EventKind.REMINDED: "mail",
    EventKind.ADDRESS_CORRECTED: "mail",
    EventKind.NUMBER_CORRECTED: "phone",
}
GOOD = frozenset(
    {
        EventKind.OPENED,
        EventKind.FILE_DOWNLOADED,
        EventKind.REPLY_PROVEN,
        EventKind.RETURN_ARRIVED,
        EventKind.CONSENTED,
        EventKind.SIGNED,
        EventKind.SEALED,
    }
)
BAD = frozenset(
    {
        EventKind.MAIL_FAILED,
        EventKind.CODE_FAILED,
        EventKind.CODE_STOPPED,
        EventKind.CODE_EXPIRED,
        EventKind.CODE_MISSING,
        EventKind.DECLINED,
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a timeline, in words.

    Args:
        details: short remarks, such as the proof that was given.
        who: acted, or was written to; name and address.
        is_hour: the instant is the beginning of an hour in which it happened.
        log_url: address of the log, where older lines were left out; else empty.
    """

    at: datetime
    icon: str
    tone: str
    what: str
    details: list[str]
    who: str = ""
    ip: str = ""
    browser: str = ""
    is_hour: bool = False
    log_url: str = ""


def told(happened: Happening | Check, *, unnamed: str = "", ending: str = "") -> Told:
    """Return what happened in words.

    Args:
        unnamed: who is not named again, because the page has named them; as `person` returns it.
        ending: what it is called that the sender ended the item for everybody; empty where as for all kinds.
    """
    one = _check(happened) if isinstance(happened, Check) else _event(happened, unnamed, ending)
    return replace(one, who="") if one.who == unnamed else one


def _event(happened: Happening, unnamed: str, ending: str) -> Told:
    event, who = happened.event, happened.who
    kind = EventKind(event.kind)
    details = [words for name, value in event.facts.items() if (words := _fact(kind, name, value))]
    if happened.about and not unnamed:
        details.insert(0, gettext("for %(name)s") % {"name": happened.about})
    return Told(
        at=event.at,
        icon=ICONS[kind],
        tone=_tone(kind, event.participant_id),
        what=ending if ending and kind is EventKind.DELETED else str(kind.label),
        details=details,
        who=person(who.get("name", ""), who.get("address", "")),
        ip=who.get("ip", "") or who.get("network", ""),
        browser=browser_in_words(who["browser"]) if who.get("browser") else "",
        log_url=reverse("activity:item_detail", args=[happened.older_in]) if happened.older_in else "",
    )


def _tone(kind: EventKind, participant_id: int | None) -> str:
    """Return how a line is tinted: a file that the sender fetched is no good news of a person outside."""
    if kind in GOOD and participant_id is not None:
        return "is-good"
    return "is-danger" if kind in BAD else ""


def _check(check: Check) -> Told:
    times = ngettext("%(count)d time in this hour", "%(count)d times in this hour", check.checks) % {
        "count": check.checks
    }
    what, remark = _check_in_words(check)
    participant, details = check.participant, [times, remark]
    if check.automatic_checks:
        automatic = ngettext(
            "besides %(count)d automatic check", "besides %(count)d automatic checks", check.automatic_checks
        )
        details.append(automatic % {"count": check.automatic_checks})
    if check.is_former_address:
        details.append(gettext("at an earlier address"))
    return Told(
        at=check.hour_at,
        icon="eye" if check.is_opened else "shield",
        tone="",
        what=what,
        details=details,
        who=person(participant.name, "" if check.is_former_address else participant.email),
        is_hour=True,
    )


def _check_in_words(check: Check) -> tuple[str, str]:
    """Return what a look at a link is called, and why: what a person did shows by an opening alone."""
    if check.is_opened:
        return gettext("Link looked at"), gettext("the same browser opened it afterwards")
    if check.is_automatic:
        return gettext("Automatic check by a mail filter"), gettext("not counted as an opening")
    return gettext("Automatic check"), gettext("the same browser opened nothing afterwards")


def person(name: str, address: str) -> str:
    """Return how somebody is named in a line."""
    return f"{name} <{address}>" if name and address else name or address


def _fact(kind: EventKind, name: str, value: Any) -> str:
    if kind is EventKind.RETURN_ARRIVED and name == "proof":
        return gettext("identity proven by: %(proof)s") % {"proof": Proof(value).label}
    tell = _FACTS.get(name)
    return tell(value) if tell else ""


def _people(count: int) -> str:
    return ngettext("%(count)d recipient", "%(count)d recipients", count) % {"count": count}


def _files(count: int) -> str:
    return ngettext("%(count)d file", "%(count)d files", count) % {"count": count} if count else ""


def _size(size_bytes: int) -> str:
    return cultures.format_size(size_bytes, language=get_language() or "en")


def _ends(text: str) -> str:
    return gettext("expires %(instant)s") % {"instant": cultures.format_instant(datetime.fromisoformat(text))}


def _tries_left(count: int) -> str:
    return ngettext("%(count)d try left", "%(count)d tries left", count) % {"count": count}


def _opening(number: int) -> str:
    return gettext("opening number %(number)d") % {"number": number}


def _link(number: int) -> str:
    return gettext("link number %(number)d") % {"number": number} if number > 1 else ""


def _digests(digests: list[str]) -> str:
    return ", ".join(f"SHA-256 {digest}" for digest in digests)


def _time_stamp(is_time_stamped: bool) -> str:
    return gettext("with a time stamp") if is_time_stamped else gettext("without a time stamp")


_FACTS: Mapping[str, Callable[[Any], str]] = {
    "people": _people,
    "files": _files,
    "size_bytes": _size,
    "digests": _digests,
    "expires_at": _ends,
    "is_time_stamped": _time_stamp,
    "proof": lambda proof: str(Proof(proof).label),
    "purpose": lambda purpose: str(CodePurpose(purpose).label),
    "reason": lambda reason: str(MailFailure(reason).label),
    "return_kind": lambda kind: str(ReturnKind(kind).label),
    "tries_left": _tries_left,
    "opening": _opening,
    "link": _link,
}
