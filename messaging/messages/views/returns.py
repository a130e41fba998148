"""What came back to a person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

RETURN_COLUMNS = (_("Sender"), _("Subject"), _("Date"), _("Files"), _("Kind"))


@require_safe
def returns(request: HttpRequest) -> HttpResponse:
    """Show what came back."""
    columns = [{"label": label} for label in RETURN_COLUMNS]
    return render(request, "messages/returns.html", {"columns": columns})
