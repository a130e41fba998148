"""Writing down what becomes of a text; each step is one conditional UPDATE, so that none is undone by a late one."""

from datetime import datetime, timedelta

from core.db import database_now
from core.models.sms import Text
from core.sms.gateway import Accepted
from core.sms.limits import DELIVERY_RECORD_KEPT_DAYS
from core.sms.states import IN_DOUBT, NOT_HANDED_OVER, PROVIDER_WORDS, State, states_before


def record_request(row: Text) -> None:
    """Note, before the request leaves, that from now on the text may have been sent."""
    row.asked_at = database_now()
    _move(row, State.SENDING, asked_at=row.asked_at, error_code="")


def record_accepted(row: Text, accepted: Accepted) -> None:
    """Note that the gateway has the text; a report that was faster stays."""
    state = PROVIDER_WORDS.get(accepted.status, State.QUEUED)
    later = Text.objects.filter(pk=row.pk, state__in=states_before(state))
    later.update(state=state, provider_id=accepted.provider_id, error_code="", updated_at=database_now())


def record_not_sent(row: Text, reason: str) -> None:
    """Note that the text certainly did not leave and waits for another try."""
    _move(row, State.WAITING, error_code=reason[:20])


def record_unknown(row: Text) -> None:
    """Note that the gateway did not answer."""
    _move(row, State.UNKNOWN)


def record_failed(row: Text, reason: str) -> None:
    """Note that the text will never be sent."""
    _move(row, State.FAILED, error_code=reason[:20])


def record_report(*, provider_id: str, number_digest: bytes, status: str, error_code: str) -> None:
    """Note a report of the gateway; late and repeated ones change nothing.

    Args:
        number_digest: whom the text went to; a report can arrive before the answer that names the text.
        status: the gateway's word; unknown words are passed over.
    """
    state = PROVIDER_WORDS.get(status)
    if state is None or not provider_id:
        return
    text = Text.objects.filter(provider_id=provider_id)
    if not text.exists():
        text = Text.objects.filter(pk__in=_only_one_in_doubt(number_digest))
    later = text.filter(state__in=states_before(state))
    later.update(state=state, provider_id=provider_id, error_code=error_code[:20], updated_at=database_now())


def is_replaced(row: Text) -> bool:
    """Tell whether a newer code to the same number makes this one useless: it stopped working when that was made."""
    same = Text.objects.filter(
        account_ref=row.account_ref, purpose=row.purpose, number_digest=row.number_digest, is_code=True
    )
    return row.is_code and same.filter(pk__gt=row.pk).exists()


def record_confirmation(*, account: str, purpose: str) -> None:
    """Note that the code of the newest text was typed; the share of such codes keeps a country open."""
    newest = Text.objects.filter(account_ref=account, purpose=purpose, is_code=True).order_by("-created_at", "-pk")
    for key in newest.values_list("pk", flat=True)[:1]:
        Text.objects.filter(pk=key, confirmed_at=None).update(confirmed_at=database_now())


def forget_old_texts(now: datetime) -> None:
    """Delete delivery records whose time is over."""
    Text.objects.filter(created_at__lt=now - timedelta(days=DELIVERY_RECORD_KEPT_DAYS)).delete()


def _move(row: Text, state: str, **fields: object) -> None:
    """Change a text that was not handed over yet."""
    waiting = Text.objects.filter(pk=row.pk, state__in=NOT_HANDED_OVER)
    waiting.update(state=state, updated_at=database_now(), **fields)


def _only_one_in_doubt(number_digest: bytes) -> list[int]:
    """Find the text a report without known name must be about; none when there could be two."""
    rows = Text.objects.filter(number_digest=number_digest, state__in=IN_DOUBT, provider_id="")
    found = list(rows.order_by("pk").values_list("pk", flat=True)[:2])
    return found if len(found) == 1 else []
