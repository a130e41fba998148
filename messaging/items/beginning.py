"""Who may keep what they typed: whose license lets them begin a draft now, or let them when the composer was drawn."""

import uuid

from django.http import HttpRequest

from accounts.people import signed_in
from accounts.services.kept_forms import is_drawn_for
from messaging.items.access import draft_of


def may_keep(request: HttpRequest, form_key: uuid.UUID, *, kind: str, may_begin: bool) -> bool:
    """Tell whether a posted composer is kept as a draft.

    Nothing typed is lost where the license went meanwhile; where it was never there, nothing is begun.

    Args:
        kind: of the draft.
        may_begin: the license allows a new draft now.
    """
    if may_begin:
        return True
    user = signed_in(request)
    is_ours = is_drawn_for(request.POST.get("drawn", ""), user_id=user.pk, form_key=form_key)
    return is_ours or draft_of(user, form_key, kind=kind) is not None
