"""How requests stand, asked of the database: the rules of `SignatureRequest.state_at`, as conditions on their items.

Source: docs/decisions/0072-tracking.md
"""

from datetime import datetime

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When

from messaging.items.models import Draft, Item
from signatures.choices import RequestState, Stage

SENT_STATES = (
    RequestState.IN_PROGRESS,
    RequestState.COMPLETED,
    RequestState.EXPIRED,
    RequestState.DECLINED,
    RequestState.CANCELLED,
)
"""The states of what was sent; a draft is a row of another table."""

_NOT_COMPLETED = Q(signature_request__stage__in=[stage for stage in Stage if stage is not Stage.COMPLETED])
_ALL_SIGNED = Q(signature_request__stage__in=[Stage.SIGNED_BY_ALL, Stage.SEALING])


def requests_in_state(items: QuerySet[Item], state: RequestState, at: datetime) -> QuerySet[Item]:
    """Return those of some requests' items that stand in a state at an aware instant; none for drafts."""
    return items.filter(_condition(state, at)) if state in SENT_STATES else items.none()


def counts_of(items: QuerySet[Item], drafts: QuerySet[Draft], at: datetime) -> dict[RequestState, int]:
    """Return how many of some requests' items stand in each state at an aware instant, and how many drafts there are.

    One query.
    """
    cases = [When(_condition(state, at), then=Value(state.value)) for state in SENT_STATES]
    standing = Case(*cases, output_field=CharField())
    is_draft = Value(RequestState.DRAFT.value, output_field=CharField())
    sent = items.order_by().annotate(standing=standing).values_list("standing").annotate(count=Count("pk"))
    begun = drafts.order_by().annotate(standing=is_draft).values_list("standing").annotate(count=Count("pk"))
    found = dict(sent.union(begun, all=True))
    return {state: found.get(state.value, 0) for state in RequestState}


def _condition(state: RequestState, at: datetime) -> Q:
    """Return the condition on items that stand for one state; each has one alone."""
    if state is RequestState.COMPLETED:
        return Q(signature_request__stage=Stage.COMPLETED)
    if state is RequestState.CANCELLED:
        return _NOT_COMPLETED & Q(revoked_at__isnull=False)
    if state is RequestState.DECLINED:
        return _NOT_COMPLETED & Q(revoked_at=None, signature_request__declined_at__isnull=False)
    going = Q(revoked_at=None, signature_request__declined_at=None)
    if state is RequestState.EXPIRED:
        return going & Q(signature_request__stage=Stage.IN_PROGRESS, signature_request__ends_at__lte=at)
    waited_for = Q(signature_request__stage=Stage.IN_PROGRESS, signature_request__ends_at__gt=at)
    return going & (_ALL_SIGNED | waited_for)
