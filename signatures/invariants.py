"""What the rows of signature requests promise: each check yields one line a broken promise, for `check_invariants`.

Lines name rows by their numbers and never by what a person wrote.
"""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from messaging.items.choices import ReturnKind
from messaging.items.models import Item, Participant, Return
from signatures.choices import KIND, Stage
from signatures.models import SealedDocument, SignatureRequest, Signer


def incomplete_requests() -> Iterator[str]:
    """Yield the requests without their row, and those with somebody who is no signer."""
    rows = SignatureRequest.objects.filter(pk=OuterRef("pk"))
    for item in Item.objects.filter(~Exists(rows), kind=KIND).order_by("pk"):
        yield f"item {item.pk}: its signature request is missing"
    signers = Signer.objects.filter(pk=OuterRef("pk"))
    for participant in Participant.objects.filter(~Exists(signers), item__kind=KIND).order_by("pk"):
        yield f"item {participant.item_id}: participant {participant.pk} is no signer"


def wrong_stages() -> Iterator[str]:
    """Yield the requests whose stage is not what their signers have done."""
    missing = Signer.objects.filter(request=OuterRef("pk"), signed_at=None)
    is_early = Q(Exists(missing)) & ~Q(stage=Stage.IN_PROGRESS)
    is_late = ~Q(Exists(missing)) & Q(stage=Stage.IN_PROGRESS)
    for request in SignatureRequest.objects.filter(is_early | is_late).order_by("pk"):
        yield f"signature request {request.pk}: its signers have not done what {request.stage} says"


def wrongly_completed_requests() -> Iterator[str]:
    """Yield the requests that were completed without one set of sealed documents, and those sealed without being so."""
    found = SignatureRequest.objects.select_related("item").order_by("pk")
    for request in found.filter(stage=Stage.COMPLETED).iterator():
        wholes = list(Return.objects.filter(item=request.pk, kind=ReturnKind.SIGNED).values_list("whole_id", flat=True))
        if wholes != [request.sealed_whole_id]:
            yield f"signature request {request.pk}: {len(wholes)} sets of sealed documents"
        elif not SealedDocument.objects.filter(reference=request.item.reference).exists():
            yield f"signature request {request.pk}: nobody can check its documents"
    sealed = Return.objects.filter(kind=ReturnKind.SIGNED).exclude(item__signature_request__stage=Stage.COMPLETED)
    for returned in sealed.order_by("pk"):
        yield f"return {returned.pk}: signed, and its request is not completed"
