"""What the pages of every product's drafts do alike."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.people import signed_in
from core import cultures
from core.forms import typed_number
from messaging.items.access import draft_of
from messaging.items.models import Draft, Item
from messaging.items.sent import drafts_list_url
from messaging.items.services.drafting import drop_draft

# Fields of a composer that belong to its draft or to one press of a button. A password is typed again.
OF_ONE_WINDOW = frozenset(
    {"csrfmiddlewaretoken", "drawn", "item_password", "remove_file", "remove_paper", "shown_file", "then", "version"}
)


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


def already_sent(
    request: HttpRequest, reference: str, *, detail: str, new: str, save: str, status: int = 200
) -> HttpResponse:
    """Say that a form was sent; what a late window shows can be kept as another draft.

    Args:
        reference: of the item that it became.
        detail, new, save: URL names of its page, of an empty form, and of what keeps a draft.
    """
    context = {
        "item": Item.objects.get(sender=signed_in(request), reference=reference),
        "detail_url": reverse(detail, args=[reference]),
        "new_url": reverse(new),
        "save_url": reverse(save, args=[uuid.uuid4()]),
        "shown": [
            (name, value) for name, values in request.POST.lists() for value in values if name not in OF_ONE_WINDOW
        ],
    }
    return render(request, "items/already_sent.html", context, status=status)


def is_script(request: HttpRequest) -> bool:
    """Tell whether a script asks, which keeps the draft every few seconds."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def version_of(request: HttpRequest) -> int:
    """Return the version that the window knows; 0 for none."""
    return typed_number(request.POST.get("version", "")) or 0


def shown_files(request: HttpRequest) -> list[str]:
    """Return the ids of the files that the window shows."""
    return request.POST.getlist("shown_file")


def kept_for_script(row: Draft, page: str, *, error: str = "", status: int = 422) -> JsonResponse:
    """Tell a script what was kept.

    Args:
        row: of the draft.
        page: URL name of the page that shows it.
        error: what was not.
        status: of the answer where something was not.
    """
    kept = {
        "version": row.version,
        "kept": _("Draft kept %(time)s") % {"time": cultures.format_time(row.changed_at)},
        "page": reverse(page, args=[row.form_key]),
    }
    return JsonResponse(kept | {"error": error}, status=status) if error else JsonResponse(kept)
