"""Views that take and give files as those of the apps do, and Django's own beside them for the measurements."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from core.blobs import blobs
from core.crypto.container import ContainerId
from core.crypto.secret import Secret
from core.downloads import SealedFile, send_archive, send_file
from core.errors import FileUnreadable
from core.form_readers import seals_files
from core.uploads import Intake, SealedFilesField, SealedUpload

DATA_KEY = Secret(bytes(range(32)))
WHOLE = b"the whole".ljust(16)
MADE_AT = datetime(2026, 11, 28, 12, 30)


class FilesForm(forms.Form):
    """A text, files, and a text behind them."""

    subject = forms.CharField(required=False)
    uploads = SealedFilesField(required=False)
    note = forms.CharField(required=False)


def intake_of(request: HttpRequest) -> Intake:
    """Return what the address's parameters allow; without them, a lot."""
    asked = request.GET
    return Intake(
        data_key=DATA_KEY,
        whole=WHOLE,
        bytes_at_most=int(asked.get("bytes_at_most", 10**12)),
        bytes_used=int(asked.get("bytes_used", 0)),
        files_at_most=int(asked.get("files_at_most", 200)),
        names_taken=asked.getlist("taken"),
    )


@login_not_required
@require_http_methods(["GET", "POST"])
@seals_files(intake_of)
def sealed(request: HttpRequest) -> HttpResponse:
    """Take files and keep them."""
    if request.method == "GET":
        return JsonResponse({"token": get_token(request)})
    form = FilesForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors, **request.POST.dict()}, status=422)
    for upload in form.cleaned_data["uploads"]:
        upload.keep()
    return JsonResponse({**form.cleaned_data, "uploads": [told(upload) for upload in form.cleaned_data["uploads"]]})


@login_not_required
@require_http_methods(["POST"])
@seals_files(intake_of)
def unclaimed(request: HttpRequest) -> HttpResponse:
    """Take files and keep none."""
    return JsonResponse({"files": len(request.FILES.getlist("uploads"))})


@require_http_methods(["POST"])
@seals_files(intake_of)
def members(request: HttpRequest) -> HttpResponse:
    """Take files of signed-in people."""
    return HttpResponse("taken")


@csrf_exempt
@login_not_required
@require_http_methods(["POST"])
def plain(request: HttpRequest) -> HttpResponse:
    """Take files as Django does for large ones."""
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    return JsonResponse({"files": len(request.FILES.getlist("uploads"))})


@login_not_required
@require_http_methods(["POST"])
def no_files(request: HttpRequest) -> HttpResponse:
    """Ask for no files."""
    return JsonResponse({"fields": request.POST.dict(), "files": len(request.FILES)})


@login_not_required
@require_safe
def download(request: HttpRequest) -> HttpResponseBase:
    """Give the file that the parameters describe."""
    try:
        return send_file(request, described(request.GET.dict()))
    except FileUnreadable as refusal:
        return HttpResponse(str(refusal), status=500, content_type="text/plain")


@login_not_required
@require_safe
def archive(request: HttpRequest) -> HttpResponseBase:
    """Give several files at once; each parameter is named after its file's place."""
    count = int(request.GET["count"])
    files = [described({name: request.GET[f"{name}{place}"] for name in DESCRIBED}) for place in range(count)]
    try:
        return send_archive(request, files, name="Files – été.zip", at=MADE_AT)
    except FileUnreadable as refusal:
        return HttpResponse(str(refusal), status=500, content_type="text/plain")


@login_not_required
@require_safe
def plain_download(request: HttpRequest) -> FileResponse:
    """Give a blob's sealed bytes as Django gives a file."""
    return FileResponse(blobs().open(request.GET["blob"]), as_attachment=True, filename="plain")


DESCRIBED = ("blob", "file_id", "name", "content_type", "size_bytes")


def described(given: dict[str, Any]) -> SealedFile:
    """Return the file that was told to whoever sent it."""
    return SealedFile(
        blob=given["blob"],
        data_key=DATA_KEY,
        container=ContainerId(WHOLE, bytes.fromhex(given["file_id"])),
        name=given["name"],
        content_type=given["content_type"],
        size_bytes=int(given["size_bytes"]),
    )


def told(upload: SealedUpload) -> dict[str, Any]:
    """Return what is known of a file, bytes as hexadecimal digits."""
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in asdict(upload).items()}
