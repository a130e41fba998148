"""What came back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from messaging.messages.views.listing import columns

RETURN_COLUMNS = (_("Sender"), _("Subject"), _("Date"), _("Files"), _("Kind"))


@require_safe
def returns(request: HttpRequest) -> HttpResponse:
    """Show what came back."""
    return render(request, "messages/returns.html", {"columns": columns(RETURN_COLUMNS)})
