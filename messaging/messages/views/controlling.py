"""A message after it was sent: how it stands with each recipient, and what its sender can still do."""

import uuid
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.people import signed_in
from accounts.visitors import visitor_of
from core.db import database_now
from core.downloads import send_file
from core.errors import Refusal
from licenses.access import request_license
from messaging.items.errors import LinkExpired
from messaging.items.manifests import Manifest
from messaging.items.models import Item
from messaging.items.references import shown_reference
from messaging.items.refusals import (
    IS_OVER,
    NO_COPY,
    NOT_RENEWED,
    UNREADABLE,
    why_not_changed,
    why_not_read,
    why_only_shorter,
)
from messaging.items.services.controlling import (
    change_end,
    copied_key,
    read_copy,
    revoke_item,
    revoke_participant,
)
from messaging.items.services.files import note_copy_downloads, sealed_files
from messaging.items.views.renewing import link_number, link_to_replace
from messaging.messages.access import label_of, recipient_of, sent_message
from messaging.messages.again import copy_of, fields_again, was_copy_kept
from messaging.messages.choices import SendKind
from messaging.messages.forms.expiry import ExpiryForm
from messaging.messages.limits import LIFE_HOURS
from messaging.messages.protection import groups_of
from messaging.messages.services.drafting import keep_draft
from messaging.messages.services.sending import send_new_link
from messaging.messages.standing import STATE_TONES, standing_of
from messaging.messages.typed import TICKED
from messaging.messages.views.composer import fresh_fields


@require_safe
def message_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Show how a message stands, recipient by recipient."""
    return _page(request, sent_message(signed_in(request), reference))


@require_safe
def message_sent(request: HttpRequest, reference: str) -> HttpResponse:
    """Say what happens next to a message that was just sent."""
    item = sent_message(signed_in(request), reference)
    people = list(item.participants.order_by("position"))
    context = {
        "item": item,
        "reference": shown_reference(item.reference),
        "people": people,
        "groups": groups_of((person.email, person.proof_kind) for person in people),
    }
    return render(request, "messages/message_sent.html", context)


@require_POST
def message_copy(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the sender's copy of a message, and write down that it was read."""
    item = sent_message(signed_in(request), reference)
    try:
        copy = _read_copy(request, item)
    except NO_COPY as refusal:
        return _not_read(request, item, refusal)
    context = {"item": item, "reference": shown_reference(item.reference), "copy": copy}
    return render(request, "messages/message_copy.html", context)


@require_safe
def file_download(request: HttpRequest, reference: str, file_id: uuid.UUID) -> HttpResponseBase:
    """Give out a file of the sender's copy."""
    item, now = sent_message(signed_in(request), reference), database_now()
    try:
        copy = copy_of(item, at=now)
        entry = copy.file(file_id.hex) if copy else None
        if entry is None:
            raise Http404
        (file,) = sealed_files([entry], whole_id=item.whole_id, data_key=copied_key(item, at=now))
        response = send_file(request, file)
    except UNREADABLE as refusal:
        return _not_read(request, item, refusal)
    if request.method == "GET" and response.status_code < 300:
        note_copy_downloads(item, [entry], visitor=visitor_of(request))
    return response


@require_POST
def message_again(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin a draft like a message that was sent."""
    user = signed_in(request)
    item = sent_message(user, reference)
    if request_license(request).license is None:
        return redirect("messages:message_new")
    fields = {name: values for name, values in fresh_fields(request, SendKind.MESSAGE).items() if values != [TICKED]}
    try:
        copy = _read_copy(request, item) if item.has_copy_at(database_now()) else None
    except NO_COPY as refusal:
        return _not_read(request, item, refusal)
    fields |= fields_again(item, copy)
    form_key = uuid.uuid4()
    keep_draft(owner=user, form_key=form_key, version=0, fields=fields)
    if copy is None and was_copy_kept(item):
        messages.info(request, _("The recipients are filled in. The text is gone with the message that has ended."))
    elif copy is None:
        messages.info(request, _("The recipients are filled in. No copy of the text was kept for you."))
    elif item.file_count:
        messages.info(request, _("Recipients and text are filled in. Add the files again."))
    return redirect("messages:draft_edit", form_key=form_key)


@require_http_methods(["GET", "HEAD", "POST"])
def message_expiry(request: HttpRequest, reference: str) -> HttpResponse:
    """Let a message expire later or sooner."""
    item = sent_message(signed_in(request), reference)
    now = database_now()
    form = ExpiryForm(request.POST if request.method == "POST" else None, item=item, now=now, usual_hours=LIFE_HOURS)
    if request.method == "POST" and form.is_valid():
        ends_at = now + timedelta(hours=form.cleaned_data["life_hours"])
        try:
            change_end(item=item, ends_at=min(ends_at, item.longest_until), by=item.sender, visitor=visitor_of(request))
        except IS_OVER as refusal:
            messages.error(request, why_not_changed(refusal))
        except NO_COPY as refusal:
            form.add_error("life_hours", why_only_shorter(refusal))
        else:
            messages.success(request, _("The expiration date was changed; the links stay the same."))
        if not form.errors:
            return redirect("messages:message_detail", reference=item.reference)
    context = {"item": item, "form": form, "has_errors": bool(form.errors)}
    return render(request, "messages/message_expiry.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def message_delete(request: HttpRequest, reference: str) -> HttpResponse:
    """End a message for everybody, and destroy what it says."""
    item = sent_message(signed_in(request), reference)
    if request.method == "POST":
        try:
            if revoke_item(item=item, by=item.sender, visitor=visitor_of(request), at=database_now()):
                messages.success(request, _("The message was deleted. Nobody can open it any more; the log stays."))
        except LinkExpired:
            _say_that_it_expired(request)
        return redirect("messages:message_detail", reference=item.reference)
    people = item.participants.count()
    return render(request, "messages/message_delete.html", {"item": item, "people": people})


@require_http_methods(["GET", "HEAD", "POST"])
def recipient_delete(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    """End a message for one recipient."""
    item = sent_message(signed_in(request), reference)
    participant = recipient_of(item, position)
    if request.method == "POST":
        visitor, at = visitor_of(request), database_now()
        try:
            if revoke_participant(participant=participant, by=item.sender, visitor=visitor, at=at):
                text = _("%(email)s cannot open the message any more.") % {"email": participant.email}
                messages.success(request, text)
        except LinkExpired:
            _say_that_it_expired(request)
        return redirect("messages:message_detail", reference=item.reference)
    is_last = not item.participants.filter(revoked_at=None).exclude(pk=participant.pk).exists()
    context = {"item": item, "participant": participant, "is_last": is_last}
    return render(request, "messages/recipient_delete.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def link_renew(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    """Send one recipient a new link; the old one stops."""
    item = sent_message(signed_in(request), reference)
    participant = recipient_of(item, position)
    if request.method == "POST":
        try:
            visitor, replaces = visitor_of(request), link_to_replace(request)
            send_new_link(participant=participant, by=item.sender, visitor=visitor, replaces=replaces)
        except NOT_RENEWED as refusal:
            messages.error(request, why_not_changed(refusal))
        else:
            text = _("A new link is on its way to %(email)s; the old one has stopped.") % {"email": participant.email}
            messages.success(request, text)
        return redirect("messages:message_detail", reference=item.reference)
    context = {"item": item, "participant": participant, "link": link_number(participant)}
    return render(request, "messages/link_renew.html", context)


def _say_that_it_expired(request: HttpRequest) -> None:
    text = _("The message had expired already: nobody can open it, and its content goes by itself.")
    messages.info(request, text)


def _read_copy(request: HttpRequest, item: Item) -> Manifest:
    """Return the sender's copy, and write down that it was read.

    Raises:
        CopyMissing, ContentDamaged: as `read_copy`.
    """
    return read_copy(item=item, by=signed_in(request), visitor=visitor_of(request), at=database_now())


def _not_read(request: HttpRequest, item: Item, refusal: Refusal) -> HttpResponse:
    messages.error(request, why_not_read(refusal))
    return redirect("messages:message_detail", reference=item.reference)


def _page(request: HttpRequest, item: Item) -> HttpResponse:
    now = database_now()
    blocks, told = standing_of(item, now)
    state = item.state_at(now, [block.participant for block in blocks])
    context = {
        "item": item,
        "reference": shown_reference(item.reference),
        "state": state,
        "tone": STATE_TONES[state],
        "blocks": blocks,
        "told": told,
        "is_living": item.revoked_at is None and item.shredded_at is None and item.expires_at > now,
        "has_copy": item.has_copy_at(now),
        "label": label_of(item),
    }
    return render(request, "messages/message_detail.html", context)
