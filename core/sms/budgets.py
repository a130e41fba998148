"""How many texts may leave: for a number, an account, a block of numbers, a network, an organization, the portal.

Somebody earns money when texts are pumped to numbers of theirs. Each budget closes one way of doing it.
Source: docs/decisions/0010-text-messages.md
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core import throttle
from core.db import database_now
from core.errors import TooManyRequests
from core.sms import limits
from core.sms.numbers import Number, prefix
from core.sms.stops import refuse_stopped_country
from core.throttle import Limit

INSTALLATION = "installation"


def take_budgets(
    *,
    number: Number,
    account: str,
    organization: str,
    network: str | None,
    is_proven_person: bool,
    organization_zone: str = "UTC",
    organization_texts_a_day: int = limits.ORGANIZATION_TEXTS_A_DAY,
) -> None:
    """Count one text against every budget, all or none.

    Args:
        account: who the text is for, under one name always; empty where nobody is known.
        organization: whose text it is, under one name always; the portal's own staff are one, too.
        network: where it was asked from; None when no request asked (a job, a command).
        is_proven_person: whether a right password or link came before.
        organization_zone: IANA zone of the organization's calendar day.

    Raises:
        TooManyRequests: with the instant of the next possible text.
        TextsPaused: the number's country stopped by itself.
    """
    refuse_stopped_country(number.region)
    pairs = _number_pairs(number) + _asker_pairs(account, network, is_proven_person) + _installation_pairs()
    throttle.take_all(pairs)
    _take_of_organization(organization, organization_zone, organization_texts_a_day, pairs)


def next_text_at(*, number: str, account: str) -> datetime | None:
    """Return when the budgets of a number and of an account let the next text through; None when they do now.

    Args:
        number: E.164.
        account: as in `take_budgets`.
    """
    own = [(limits.TEXTS_TO_NUMBER_HOUR, number), (limits.TEXTS_TO_NUMBER_DAY, number)]
    own += [(limits.TEXTS_FOR_ACCOUNT_HOUR, account), (limits.TEXTS_FOR_ACCOUNT_DAY, account)]
    return max(filter(None, [throttle.used_up_until(limit, subject) for limit, subject in own]), default=None)


def _number_pairs(number: Number) -> list[tuple[Limit, str]]:
    return [
        (limits.TEXTS_TO_NUMBER_HOUR, number.e164),
        (limits.TEXTS_TO_NUMBER_DAY, number.e164),
        (limits.TEXTS_TO_PREFIX_TEN_MINUTES, prefix(number.e164)),
        (limits.TEXTS_TO_PREFIX_HOUR, prefix(number.e164)),
    ]


def _asker_pairs(account: str, network: str | None, is_proven_person: bool) -> list[tuple[Limit, str]]:
    of_network = limits.TEXTS_FROM_NETWORK_PROVEN if is_proven_person else limits.TEXTS_FROM_NETWORK_STRANGER
    of_account = (limits.TEXTS_FOR_ACCOUNT_HOUR, limits.TEXTS_FOR_ACCOUNT_DAY) if account else ()
    return [(limit, account) for limit in of_account] + ([(of_network, network)] if network is not None else [])


def _installation_pairs() -> list[tuple[Limit, str]]:
    return [(limits.TEXTS_OF_INSTALLATION_HOUR, INSTALLATION), (limits.TEXTS_OF_INSTALLATION_DAY, INSTALLATION)]


def _take_of_organization(organization: str, zone: str, most: int, taken: list[tuple[Limit, str]]) -> None:
    """Count against the organization's calendar day: the day is part of what is counted."""
    local = database_now().astimezone(ZoneInfo(zone))
    limit = Limit(limits.ORGANIZATION_DAY_NAME, most, limits.ORGANIZATION_DAY_ROW_SECONDS)
    try:
        throttle.take(limit, f"{organization} {local.date().isoformat()}")
    except TooManyRequests:
        is_over = True
    else:
        is_over = False
    if is_over:
        for pair in taken:
            throttle.give_back(*pair)
        raise TooManyRequests(_next_day(local))


def _next_day(local: datetime) -> datetime:
    return datetime.combine(local.date() + timedelta(days=1), time(), tzinfo=local.tzinfo)
