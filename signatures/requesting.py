"""How a view gets at signature requests: their requester finds them, for everybody else they do not exist."""

from collections.abc import Sequence

from django.http import Http404

from accounts.models import User
from messaging.items.references import stored_reference
from signatures.models import SignatureRequest, Signer


def request_of(user: User, reference: str) -> SignatureRequest:
    """Return a request of a person with its item, by its reference in any writing.

    Raises:
        Http404: there is none, or it is somebody else's.
    """
    found = (
        SignatureRequest.objects.select_related("item__sender", "item__organization")
        .filter(item__sender=user, item__reference=stored_reference(reference))
        .first()
    )
    if found is None:
        raise Http404
    return found


def signers_of(request: SignatureRequest) -> Sequence[Signer]:
    """Return who signs a request, in the order in which they were prepared."""
    return list(request.signers.select_related("participant").order_by("place"))


def signer_of(request: SignatureRequest, place: int) -> Signer:
    """Return one signer of a request with their person.

    Raises:
        Http404: there is no such place.
    """
    found = request.signers.select_related("participant__item", "request__item").filter(place=place).first()
    if found is None:
        raise Http404
    return found
