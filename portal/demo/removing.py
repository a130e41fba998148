"""Take away what the demo's organizations sent: items with their people, links, contents, files, events and counts."""

from collections.abc import Sequence

from django.db.models import Q

from messaging.activity.services.totals import drop_totals
from messaging.envelopes.models import Envelope, Receipt
from messaging.items.events.forgetting import forget_organization
from messaging.items.models import (
    AccountKey,
    Blob,
    Content,
    Draft,
    Gate,
    Item,
    Link,
    LinkCheck,
    OpenSession,
    OrganizationSpace,
    Participant,
    Return,
)
from messaging.items.services.drafting import drop_draft
from messaging.items.services.shredding import forget_whole
from messaging.messages.models import Message
from signatures.models import SealedDocument, SignatureRequest, Signer


def remove_items(organizations: Sequence[int]) -> None:
    """Take items, drafts, replies and their log away, in the caller's transaction; files follow by jobs."""
    for draft in Draft.objects.filter(owner__organization__in=organizations).order_by("pk"):
        drop_draft(kind=draft.kind, owner=draft.owner, form_key=draft.form_key)
    items = Item.objects.filter(organization__in=organizations)
    returns = Return.objects.filter(item__in=items)
    wholes = Q(whole_id__in=items.values("whole_id")) | Q(whole_id__in=returns.values("whole_id"))
    for whole_id in set(Blob.objects.filter(wholes).order_by("pk").values_list("whole_id", flat=True)):
        forget_whole(whole_id)
    Content.objects.filter(wholes).delete()
    links = Link.objects.filter(participant__item__in=items)
    for model in (OpenSession, LinkCheck, Gate):
        model.objects.filter(link__in=links).delete()
    links.delete()
    Signer.objects.filter(request__item__in=items).delete()
    SignatureRequest.objects.filter(item__in=items).delete()
    SealedDocument.objects.filter(reference__in=list(items.values_list("reference", flat=True))).delete()
    Receipt.objects.filter(returned__in=returns).delete()
    returns.delete()
    Participant.objects.filter(item__in=items).delete()
    Message.objects.filter(item__in=items).delete()
    Envelope.objects.filter(item__in=items).delete()
    items.delete()
    AccountKey.objects.filter(user__organization__in=organizations).delete()
    OrganizationSpace.objects.filter(organization__in=organizations).delete()
    for organization_id in organizations:
        forget_organization(organization_id=organization_id)
        drop_totals(organization_id=organization_id)
