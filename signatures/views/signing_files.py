"""What a signer's pages are drawn with and what they give out: page pictures, values as on paper, documents."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.visitors import visitor_of
from core import throttle
from core.downloads import SealedFile, send_archive, send_file
from messaging.items.habits import local_now
from messaging.items.manifests import FileEntry
from messaging.items.references import shown_reference
from messaging.items.services.files import note_downloads, sealed_files
from messaging.items.views.steps import public
from signatures.choices import ZoneKind
from signatures.drawing import draw_clear_picture, draw_page
from signatures.errors import DocumentBusy
from signatures.limits import PAGE_PICTURE_AGAIN_SECONDS, PAGE_PICTURE_WIDTH_PIXELS, PAGE_PICTURES
from signatures.pages import place_to_draw
from signatures.papers import Paper
from signatures.pdf.reasons import PdfRefused
from signatures.pdf.rendering import draw_page_picture
from signatures.presented import paper_files, sealed_entries, source_of
from signatures.services.answering import Signing
from signatures.shown import values_now
from signatures.stamps import stamp_of
from signatures.views.signing_steps import common, signing
from signatures.zones import USUAL_SIZES

GIVEN_OUT = (200, 206)
PNG = "image/png"

private = cache_control(no_store=True, private=True)


@public
@require_safe
@private
@signing()
def page_picture(_request: HttpRequest, found: Signing, document: int, page: int) -> HttpResponse:
    """Give the picture of a page as it was presented; a browser that asks in vain may ask again."""
    paper, file = _paper(found, document)
    if not 1 <= page <= len(paper.pages):
        raise Http404
    try:
        with place_to_draw():
            # What is not drawn does not count: a browser asks until it is.
            if not throttle.count(PAGE_PICTURES, str(found.visit.link.pk)):
                return HttpResponse(status=429)
            picture = draw_page_picture(source_of(file, paper), page, PAGE_PICTURE_WIDTH_PIXELS)
    except DocumentBusy:
        return HttpResponse(status=503, headers={"Retry-After": str(PAGE_PICTURE_AGAIN_SECONDS)})
    except PdfRefused:
        # It was drawn when it was prepared; the document itself can still be read.
        return HttpResponse(status=422)
    return HttpResponse(picture, content_type=PNG)


@public
@require_safe
@signing()
def document_file(request: HttpRequest, found: Signing, document: int) -> HttpResponseBase:
    """Give out one document as it was presented, with no signature on it."""
    paper, file = _paper(found, document)
    response = send_file(request, file)
    entry = found.manifest.file(paper.file_id)
    if entry is not None and request.method == "GET" and response.status_code in GIVEN_OUT:
        note_downloads(found.visit, [entry], visitor=visitor_of(request))
    return response


@public
@require_safe
@private
@signing()
def zone_picture(_request: HttpRequest, found: Signing, zone_id: str) -> HttpResponse:
    """Give the picture of what stands in one of the signer's own zones, drawn as it is stamped."""
    given = next(((zone, value) for zone, value in values_now(found) if zone.zone_id == zone_id), None)
    if given is None:
        raise Http404
    return HttpResponse(draw_clear_picture(stamp_of(*given).content), content_type=PNG)


@public
@require_safe
@private
@signing()
def spare_mark(_request: HttpRequest, found: Signing, kind: str) -> HttpResponse:
    """Give the picture of a mark of the signer's that stands in no zone yet."""
    content = found.answers.spare.get(ZoneKind(kind)) if kind in ZoneKind.values else None
    if content is None:
        raise Http404
    return HttpResponse(draw_clear_picture(draw_page(content, USUAL_SIZES[ZoneKind(kind)])), content_type=PNG)


@public
@require_safe
@signing(is_signed=True)
def sealed(request: HttpRequest, found: Signing) -> HttpResponse:
    """Show the sealed documents to somebody who has signed."""
    entries = _sealed(found)
    context = common(found) | {
        "entries": entries,
        "files_bytes": sum(entry.plain_bytes for entry in entries),
        "signer": found.signer,
    }
    return render(request, "signatures/sealed.html", context)


@public
@require_safe
@signing(is_signed=True)
def sealed_file(request: HttpRequest, found: Signing, file_id: uuid.UUID) -> HttpResponseBase:
    """Give out one sealed document, or a part of it."""
    entry = next((entry for entry in _sealed(found) if entry.file_uuid == file_id), None)
    if entry is None:
        raise Http404
    (file,) = _files(found, [entry])
    response = send_file(request, file)
    if request.method == "GET" and response.status_code in GIVEN_OUT:
        note_downloads(found.visit, [entry], visitor=visitor_of(request))
    return response


@public
@require_safe
@signing(is_signed=True)
def sealed_all(request: HttpRequest, found: Signing) -> HttpResponseBase:
    """Give out all sealed documents at once."""
    entries = _sealed(found)
    name = f"{shown_reference(found.visit.item.reference)}.zip"
    response = send_archive(request, _files(found, entries), name=name, at=local_now())
    if request.method == "GET":
        note_downloads(found.visit, entries, visitor=visitor_of(request))
    return response


def _paper(found: Signing, document: int) -> tuple[Paper, SealedFile]:
    """Return a document by its number, from 1.

    Raises:
        Http404: there is no such document.
    """
    papers = found.preparation.papers
    if not 1 <= document <= len(papers):
        raise Http404
    paper = papers[document - 1]
    (file,) = paper_files(found.manifest, (paper,), item=found.visit.item, data_key=found.data_key)
    return paper, file


def _sealed(found: Signing) -> list[FileEntry]:
    return list(sealed_entries(found.signer.request.sealed_whole_id, data_key=found.data_key))


def _files(found: Signing, entries: list[FileEntry]) -> list[SealedFile]:
    whole_id = found.signer.request.sealed_whole_id
    return sealed_files(entries, whole_id=whole_id, data_key=found.data_key) if whole_id else []
