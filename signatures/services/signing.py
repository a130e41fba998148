"""Agree to sign, and sign, in turn.

    consent     noted once; nothing can be signed before
    sign        the item's row held: the turn looked at, the part closed, those whose turn it is written to

Source: docs/decisions/0067-signing.md
"""

import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from accounts.visitors import Visitor
from messaging.items.events.kinds import EventKind
from messaging.items.models import Item
from messaging.items.services.finishing import finish_part
from messaging.items.services.handing import hand_out_link
from messaging.items.services.week_moving import move_copies
from signatures.answers import Answers, is_complete
from signatures.choices import Stage
from signatures.letters import mail_turn
from signatures.limits import SEALED_KEPT_DAYS, SEALED_KNOWN_DAYS, SEALED_LINKS_DAYS
from signatures.models import SignatureRequest, Signer
from signatures.presented import digests_of
from signatures.services.answering import (
    Signing,
    answers_of_signer,
    digest_of_answers,
    hold,
    record_act,
    seal_answers,
)
from signatures.signing_errors import AnswersChanged, AnswersMissing, ConsentMissing, NotYourTurn
from signatures.turns import whose_turn


def consent(signing: Signing, *, visitor: Visitor) -> None:
    """Note that a signer agrees to sign electronically; once, with the digests of what is shown.

    Raises:
        LinkRefused: the request is over meanwhile.
    """
    with transaction.atomic():
        now = hold(signing)
        if Signer.objects.filter(pk=signing.signer.pk, consented_at=None).update(consented_at=now):
            record_act(EventKind.CONSENTED, signing, visitor, now, digests=digests_of(signing.preparation))


def sign(signing: Signing, *, reviewed: str, visitor: Visitor) -> None:
    """Sign with what was filled in: the part is done, and those whose turn it is now are written to.

    Args:
        reviewed: `Signing.answers_digest` of what the signer looked at; another tab may have filled in something else.

    Raises:
        LinkDone: this signer has signed before, in another tab.
        LinkRefused: the request is over meanwhile.
        NotYourTurn: somebody who comes first has not signed.
        ConsentMissing, AnswersMissing: not everything was given.
        AnswersChanged: it is not what the signer looked at.
        ContentDamaged: what is kept does not open as it was sealed.
    """
    with transaction.atomic():
        now = hold(signing)
        request = SignatureRequest.objects.select_for_update(no_key=True).get(pk=signing.visit.item.pk)
        signers = list(request.signers.select_related("participant").order_by("place"))
        signer = next(one for one in signers if one.pk == signing.signer.pk)
        answers = _ready_answers(signer, signers, signing, reviewed)
        signer.signed_at = now
        signer.answers_sealed = seal_answers(signer, replace(answers, spare={}), signing.data_key)
        signer.save(update_fields=["signed_at", "answers_sealed"])
        record_act(EventKind.SIGNED, signing, visitor, now, digests=digests_of(signing.preparation))
        finish_part(signing.visit.participant, at=now)
        _go_on(request, signers, signing, now)


def require_turn(signing: Signing) -> None:
    """Refuse who comes later: they see no document before everybody who comes first has signed.

    Raises:
        NotYourTurn: somebody who comes first has not.
    """
    signed = signing.signer.request.signers.filter(signed_at__isnull=False)
    if signing.signer.place not in whose_turn(signing.preparation.signers, set(signed.values_list("place", flat=True))):
        raise NotYourTurn


def keep_open(item: Item, *, at: datetime) -> None:
    """Let an item that all have signed live as long as its sealed documents, and its links for a month of it.

    The caller holds the item's row. Its log is kept for as long as the documents are known again.

    Args:
        at: aware instant of the last signature, or of the sealing.
    """
    ends_at = min(at + timedelta(days=SEALED_KEPT_DAYS), item.longest_until)
    Item.objects.filter(pk=item.pk).update(expires_at=ends_at, log_kept_until=at + timedelta(days=SEALED_KNOWN_DAYS))
    item.participants.update(expires_at=links_end(at, ends_at))
    move_copies(item, ends_at=ends_at)


def links_end(at: datetime, ends_at: datetime) -> datetime:
    """Return until when a link to sealed documents opens that is sent at an aware instant.

    Args:
        ends_at: of the item.
    """
    return min(at + timedelta(days=SEALED_LINKS_DAYS), ends_at)


def _ready_answers(signer: Signer, signers: Sequence[Signer], signing: Signing, reviewed: str) -> Answers:
    done = {one.place for one in signers if one.signed_at is not None}
    if signer.place not in whose_turn(signing.preparation.signers, done):
        raise NotYourTurn
    if signer.consented_at is None:
        raise ConsentMissing
    answers = answers_of_signer(signer, papers_of=signing.preparation, data_key=signing.data_key)
    if not is_complete(signing.preparation.zones, answers):
        raise AnswersMissing
    if not hmac.compare_digest(digest_of_answers(signer, answers, signing.data_key).encode(), reviewed.encode()):
        raise AnswersChanged
    return answers


def _go_on(request: SignatureRequest, signers: Sequence[Signer], signing: Signing, now: datetime) -> None:
    """Write to those whose turn it is now; once all have signed, leave the request to the worker."""
    done = {one.place for one in signers if one.signed_at is not None}
    turn = whose_turn(signing.preparation.signers, done)
    for signer in signers:
        if signer.place in turn and signer.participant.is_waiting:
            made, _secret = hand_out_link(signer.participant, data_key=signing.data_key, at=now)
            mail_turn(made=made, language=signer.language)
    if turn:
        return
    request.stage, request.signed_by_all_at, request.next_try_at = Stage.SIGNED_BY_ALL, now, now
    request.save(update_fields=["stage", "signed_by_all_at", "next_try_at"])
    keep_open(signing.visit.item, at=now)
