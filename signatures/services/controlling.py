"""What a requester does with a request on its way: remind, send a new link, correct an address or a number, cancel.

Only the mail to a signer ever has their secret, so each of the first three makes a new link, and the old one stops.
Source: docs/decisions/0067-signing.md
"""

from django.db import transaction

from accounts.models import User
from accounts.visitors import Visitor
from core import throttle
from core.db import database_now
from licenses.access import held_by
from licenses.models import Feature
from messaging.items.events.actors import owner
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.models import Item, Participant
from messaging.items.services.controlling import renew_link, revoke_item
from signatures.choices import RequestState, Stage
from signatures.letters import mail_reminder, mail_sealed, mail_turn
from signatures.limits import REMINDER_MOST_CHARACTERS, REMINDERS_A_DAY, REMINDERS_AN_HOUR
from signatures.models import SignatureRequest, Signer
from signatures.preparation import repeated_addresses
from signatures.request_errors import SameAddress
from signatures.services.signing import links_end
from signatures.signing_errors import NothingToRemind, TextTooLong


def remind(*, signer: Signer, text: str, language: str, by: User, visitor: Visitor) -> None:
    """Remind a signer whose turn it is, with a new link.

    Args:
        text: of the requester; may be empty.
        language: of the mail.

    Raises:
        LicenseMissing, LicenseExpired, FeatureNotInPlan: the license of `by` does not include reminders.
        TextTooLong: more characters than are sent.
        TooManyRequests: once an hour and three times a day for each signer.
        NothingToRemind: they have nothing to sign now.
        LinkRefused, CopyMissing, ContentDamaged, TooManyLinks: as `renew_link`.
    """
    held_by(by).entitlement.require(Feature.SIGNATURE_TRACKING)
    # A browser sends two characters for the end of a line and counts one.
    text = text.replace("\r\n", "\n").strip()
    if len(text) > REMINDER_MOST_CHARACTERS:
        raise TextTooLong(REMINDER_MOST_CHARACTERS)
    with transaction.atomic():
        participant = _awaited(signer)
        throttle.take_all([(limit, f"signer:{signer.pk}") for limit in (REMINDERS_AN_HOUR, REMINDERS_A_DAY)])
        now = database_now()
        made, _secret = renew_link(participant=participant, by=by, visitor=visitor, at=now)
        facts, actor = {"link": made.link.number}, owner(by, visitor)
        record(kind=EventKind.REMINDED, item=participant.item, participant=participant, facts=facts, at=now, **actor)
        mail_reminder(made=made, language=language, text=text)


def send_new_link(*, signer: Signer, by: User, visitor: Visitor, replaces: int | None = None) -> None:
    """Send a signer whose turn it is a new link, or a new one to the sealed documents to somebody who has signed.

    Args:
        replaces: as in `renew_link`.

    Raises:
        NothingToRemind: they have no link yet, or have signed and wait for the others.
        LinkRefused, CopyMissing, ContentDamaged, NewerLink, TooManyLinks: as `renew_link`.
    """
    with transaction.atomic():
        participant, now = _linked(signer), database_now()
        has_signed = Signer.objects.filter(pk=signer.pk, signed_at__isnull=False).exists()
        if has_signed:
            ends_at = links_end(now, participant.item.expires_at)
            Participant.objects.filter(pk=participant.pk).update(expires_at=ends_at)
        made, _secret = renew_link(
            participant=participant, by=by, visitor=visitor, at=now, replaces=replaces, is_end_new=has_signed
        )
        if has_signed:
            mail_sealed(made=made, language=signer.language)
        else:
            mail_turn(made=made, language=signer.language, is_new_link=True)


def correct_contact(*, signer: Signer, email: str, number: str, by: User, visitor: Visitor) -> None:
    """Reach a signer at another address or number from now on; whoever has the old mail can open nothing with it.

    Who reads there is perhaps somebody else: they begin anew, and what was agreed, filled in and opened until now is
    theirs no more. The log keeps it, as acts of the former address.

    Args:
        email: valid, as typed; empty where it stays.
        number: E.164, for somebody whose codes go to one; empty where it stays.

    Raises:
        SameAddress: another signer has it.
        NothingToRemind: they have signed, or the request is over.
        LinkRefused, CopyMissing, ContentDamaged, TooManyLinks: as `renew_link`.
    """
    with transaction.atomic():
        item = Item.objects.select_for_update(no_key=True).get(pk=signer.request_id)
        _require_going(item)
        participant = Participant.objects.select_related("item__sender", "item__organization").get(pk=signer.pk)
        if participant.done_at is not None:
            raise NothingToRemind
        others = item.participants.exclude(pk=participant.pk).values_list("email", flat=True)
        if email and repeated_addresses([*others, email]):
            raise SameAddress(signer.place)
        now, actor = database_now(), owner(by, visitor)
        if email:
            participant.email = email
            record(kind=EventKind.ADDRESS_CORRECTED, item=item, participant=participant, at=now, **actor)
        if number:
            participant.keep_number(number)
            record(kind=EventKind.NUMBER_CORRECTED, item=item, participant=participant, at=now, **actor)
        participant.first_opened_at = None
        participant.save(
            update_fields=["email", "email_key", "name_key", "number_sealed", "number_digest", "first_opened_at"]
        )
        Signer.objects.filter(pk=signer.pk).update(consented_at=None, answers_sealed=None)
        if not participant.is_waiting:
            is_new = bool(number)
            made, _secret = renew_link(participant=participant, by=by, visitor=visitor, at=now, is_number_new=is_new)
            mail_turn(made=made, language=signer.language)


def cancel(*, item: Item, by: User, visitor: Visitor) -> bool:
    """End a request that not everybody has signed, for all; its documents are destroyed. Tell whether this call did it.

    Raises:
        NothingToRemind: everybody has signed, or the request is over.
        LinkExpired: it has ended by itself.
    """
    with transaction.atomic():
        item = Item.objects.select_for_update(no_key=True).get(pk=item.pk)
        if item.revoked_at is not None:
            return False
        _require_going(item)
        return revoke_item(item=item, by=by, visitor=visitor, at=database_now())


def _awaited(signer: Signer) -> Participant:
    """Return the person of a signer whose turn it is, with the item held.

    Raises:
        NothingToRemind: it is not.
    """
    participant = _linked(signer)
    if Signer.objects.filter(pk=signer.pk, signed_at__isnull=False).exists():
        raise NothingToRemind
    return participant


def _linked(signer: Signer) -> Participant:
    item = Item.objects.select_for_update(no_key=True).get(pk=signer.request_id)
    participant = Participant.objects.select_related("item__sender", "item__organization").get(pk=signer.pk)
    request = SignatureRequest.objects.select_related("item").get(pk=item.pk)
    state, is_done = request.state_at(database_now()), participant.done_at is not None
    has_ended = state not in {RequestState.IN_PROGRESS, RequestState.COMPLETED}
    if has_ended or participant.is_waiting or (is_done and state is not RequestState.COMPLETED):
        raise NothingToRemind
    return participant


def _require_going(item: Item) -> None:
    request = SignatureRequest.objects.select_related("item").get(pk=item.pk)
    if request.stage != Stage.IN_PROGRESS or request.state_at(database_now()) is not RequestState.IN_PROGRESS:
        raise NothingToRemind
