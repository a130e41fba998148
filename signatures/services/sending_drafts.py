"""Send what a draft has become: one transaction takes the draft and sends the request, or leaves both as they were."""

import uuid

from django.db import transaction

from accounts.models import User
from accounts.visitors import Visitor
from core.db import database_now
from licenses.access import held_by
from licenses.errors import LicenseMissing
from licenses.models import Feature
from messaging.items.services.creating import Made
from messaging.items.services.drafting import take_draft
from signatures.choices import KIND
from signatures.drafts import begun_of
from signatures.errors import NotReady
from signatures.readiness import judge
from signatures.services.sending import Asked, send_request


def send_draft(*, requester: User, form_key: uuid.UUID, version: int, visitor: Visitor) -> Made:
    """Send the request that a draft holds.

    Args:
        version: of the draft that the window knows.

    Raises:
        AlreadySent: it was sent before.
        DraftChanged, DraftMissing: the draft is not what the window shows.
        NotReady: something in it is missing or wrong.
        LicenseMissing, LicenseExpired, FeatureNotInPlan, SealingUnavailable, TooManyRequests, QuotaExceeded,
            StorageFull: as `send_request`.
    """
    with transaction.atomic():
        draft = take_draft(kind=KIND, owner=requester, form_key=form_key, version=version)
        held = held_by(requester)
        # Before anything is judged: what the plan lacks is no fault of what was typed.
        held.entitlement.require(Feature.SIGNATURE_REQUESTS)
        if held.plan is None:
            raise LicenseMissing
        judged = judge(begun_of(draft), plan=held.plan, requester=requester)
        if judged.preparation is None:
            raise NotReady
        values = judged.form.cleaned_data
        return send_request(
            held=held,
            requester=requester,
            asked=Asked(
                title=values["title"],
                preparation=judged.preparation,
                files=draft.files,
                life=judged.life,
                data_key=draft.data_key,
                whole_id=draft.row.whole_id,
                is_owner_proof_asked=values["is_owner_proof_asked"],
            ),
            form_key=form_key,
            language=requester.language,
            visitor=visitor,
            at=database_now(),
        )
