"""The organization at a glance, for its administrators."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.people import signed_in
from licenses.access import pool_of


@require_safe
def organization(request: HttpRequest) -> HttpResponse:
    """Show name, defaults of new users, people and licenses."""
    user = signed_in(request)
    if user.organization is None or not user.is_administrator:
        raise PermissionDenied
    context = {
        "organization": user.organization,
        "users_count": user.organization.users.count(),
        "pool": pool_of(user.organization),
    }
    return render(request, "portal/organization.html", context)
