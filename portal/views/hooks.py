"""Where providers report what became of a text."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.sms.callbacks import handle_twilio_callback

BODY_MOST_BYTES = 16_384


@csrf_exempt
@login_not_required
@require_POST
def twilio(request: HttpRequest) -> HttpResponse:
    """Take in a status report; only a valid signature over our configured address counts."""
    if int(request.headers.get("Content-Length") or 0) > BODY_MOST_BYTES:
        return HttpResponse(status=413)
    is_taken = handle_twilio_callback(request.POST, request.headers.get("X-Twilio-Signature", ""))
    return HttpResponse(status=204 if is_taken else 403)
