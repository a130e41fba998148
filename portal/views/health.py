"""Whether the portal lives and is ready for visitors."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from portal.readiness import what_is_not_ready


@login_not_required
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Say that this process answers."""
    return JsonResponse({"live": True})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Say 200 when everything needed is right, else 503 with the names of what is not."""
    missing = what_is_not_ready()
    return JsonResponse({"ready": not missing, "not_ready": missing}, status=503 if missing else 200)
