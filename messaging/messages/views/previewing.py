"""A draft as each of its recipients would get it: mail, page of the link, proof, message. Nothing in it acts.

The recipient's pages are those that the portal answers them with, drawn for a link that is nobody's, in a frame whose
sandbox lets neither forms nor scripts nor links out.
"""

import uuid
from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.people import signed_in
from core import cultures
from core.forms import typed_number
from messaging.items.forms import SecretForm, answer_form
from messaging.items.views.outside import link_page, proof_page
from messaging.messages.previews import Preview, Reader, preview_of
from messaging.messages.protection import groups_of
from messaging.messages.services.drafting import MessageDraft, find_draft
from messaging.messages.views.composer import FilesForm, Segment, judged_composer
from messaging.messages.views.outside import STEPS, message_page

MAIL, LINK, PROOF, MESSAGE = "mail", "link", "proof", "message"
PARTS: Mapping[str, str | Promise] = {
    MAIL: _("E-mail"),
    LINK: _("Page of the link"),
    PROOF: _("Proof asked"),
    MESSAGE: pgettext_lazy("something to send", "Message"),
}
NOTES: Mapping[str, str | Promise] = {
    MAIL: "",
    LINK: _(
        "The same for everybody, whoever wrote. Browsers with scripts fill the field in by themselves and hide it."
    ),
    PROOF: _("Only who has the link sees this page. Nothing of the message is on it."),
    MESSAGE: _("Shown once the proof was given."),
}


@require_safe
def draft_preview(request: HttpRequest, form_key: uuid.UUID) -> HttpResponse:
    """Show one part of a draft as one of its recipients would get it."""
    draft = find_draft(owner=signed_in(request), form_key=form_key)
    if draft is None:
        raise Http404
    preview = _preview(request, draft)
    part = request.GET.get("part", "")
    part = part if part in PARTS else MAIL
    number = _number(request.GET.get("person", ""), most=len(preview.readers))
    reader = preview.readers[number - 1]
    context = {
        "form_key": form_key,
        "part": part,
        "part_name": PARTS[part],
        "note": NOTES[part],
        "segments": [
            Segment(name, f"?{urlencode({'part': key, 'person': number})}", key == part) for key, name in PARTS.items()
        ],
        "readers": preview.readers,
        "reader": reader,
        "number": number,
        "groups": groups_of((reader.email, reader.proof) for reader in preview.readers),
        "language": preview.language,
        "mail": preview.mail_for(reader) if part == MAIL else None,
        "page": _page(request, preview, reader, part) if part != MAIL else "",
    }
    return render(request, "messages/draft_preview.html", context)


def _preview(request: HttpRequest, draft: MessageDraft) -> Preview:
    composer = judged_composer(request, draft.row.form_key, draft.fields, FilesForm(), draft)
    form = composer.form
    form.is_valid()
    return preview_of(draft, composer.license, form.cleaned_data, is_reply_proven=form.is_reply_proven)


def _page(request: HttpRequest, preview: Preview, reader: Reader, part: str) -> str:
    """Return a recipient's page as the portal would answer it, inert."""
    visit, theirs = preview.visit_of(reader, is_open=part == MESSAGE), _their_request(request)
    with translation.override(preview.language), cultures.override(preview.habits):
        if part == LINK:
            page = link_page(theirs, SecretForm(auto_id="%s"), STEPS)
        elif part == PROOF:
            page = proof_page(theirs, visit, answer_form(reader.proof), STEPS)
        else:
            page = message_page(theirs, visit, preview.manifest)
    return page.content.decode()


class InertRequest(HttpRequest):
    """A request of nobody: nothing on the page that answers it does anything."""

    is_inert = True


def _their_request(request: HttpRequest) -> InertRequest:
    """Return a request of nobody, who looks at pages as the sender does: light or dark."""
    theirs = InertRequest()
    theirs.method = "GET"
    name = settings.APPEARANCE_COOKIE_NAME
    theirs.COOKIES = {name: request.COOKIES[name]} if name in request.COOKIES else {}
    return theirs


def _number(typed: str, *, most: int) -> int:
    """Return which recipient is asked for, the first one where there is no such."""
    number = typed_number(typed) or 1
    return number if number <= most else 1
