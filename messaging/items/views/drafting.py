"""What the pages of every product's drafts do alike."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.people import signed_in
from messaging.items.access import draft_of
from messaging.items.sent import drafts_list_url
from messaging.items.services.drafting import drop_draft


def delete_draft(request: HttpRequest, form_key: uuid.UUID, *, kind: str, what: str, back: str) -> HttpResponse:
    """Ask whether a draft is to be deleted, and delete it.

    Args:
        kind: of the item it would be.
        what: is destroyed with it, in sentences.
        back: address of its composer.

    Raises:
        Http404: the person has no such draft to be asked about.
    """
    user = signed_in(request)
    if request.method == "POST":
        if drop_draft(kind=kind, owner=user, form_key=form_key):
            messages.success(request, _("The draft was deleted."))
        return redirect(drafts_list_url())
    if draft_of(user, form_key, kind=kind) is None:
        raise Http404
    return render(request, "items/draft_delete.html", {"what": what, "back": back})
