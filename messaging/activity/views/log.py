"""The log of one's items: shown, filtered, and taken along as a file."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import SecurityEventKind
from accounts.models import User
from accounts.people import signed_in
from accounts.services.security_log import record
from accounts.visitors import visitor_of
from core import cultures
from core.cultures.places import zone_info
from messaging.activity.access.log import has_more_than, log_page
from messaging.activity.access.log_rows import Row
from messaging.activity.addresses import NEWER, OLDER, ROWS, filters_in, log_url, query_of, rows_asked, turn_asked
from messaging.activity.choices import Part
from messaging.activity.drawing import LogTable, log_head
from messaging.activity.exports import export_name, exported_log
from messaging.activity.forms import LogFilterForm
from messaging.activity.limits import EXPORT_MOST_ROWS, ROWS_OFFERED
from messaging.activity.places import Place, Turn
from messaging.activity.views.parts import PART, Segment, head_of
from messaging.activity.views.statistics import statistics_of
from messaging.quota.access import was_counted


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show the log, or what it adds up to."""
    user = signed_in(request)
    part = Part.STATISTICS if request.GET.get(PART) == Part.STATISTICS else Part.LOG
    if part is Part.STATISTICS:
        return render(request, "activity/statistics.html", head_of(user, part) | statistics_of(request, user))
    return render(request, "activity/log.html", head_of(user, part) | _log_of(request, user))


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """Give exactly the rows that the filters of the address ask for, as a file."""
    user = signed_in(request)
    wanted = _form_of(request, user).wanted(zone_info(user.time_zone))
    back = redirect(log_url(filters_in(request.GET)))
    if wanted is None:
        return back
    if has_more_than(EXPORT_MOST_ROWS, owner=user, wanted=wanted):
        most = cultures.format_number(EXPORT_MOST_ROWS)
        sentence = _("A file may have up to %(most)s rows, and this log has more. Choose a shorter period or a filter.")
        messages.error(request, sentence % {"most": most})
        return back
    record(user=user, kind=SecurityEventKind.LOG_EXPORTED, visitor=visitor_of(request))
    lines = exported_log(owner=user, wanted=wanted, language=get_language() or user.language)
    disposition = {"Content-Disposition": f'attachment; filename="{export_name(user)}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=disposition)


def _log_of(request: HttpRequest, user: User) -> dict[str, Any]:
    form = _form_of(request, user)
    wanted, length = form.wanted(zone_info(user.time_zone)), rows_asked(request.GET)
    rows, ways = list[Row](), Turn()
    if wanted is not None:
        rows, ways = log_page(owner=user, wanted=wanted, turn=turn_asked(request.GET), length=length)
    query = query_of(request.GET)
    return {
        "form": form,
        "filters": filters_in(request.GET),
        "head": log_head(),
        "rows": LogTable(query, sender=user.email).draw(rows) if rows else "",
        "count": len(rows),
        "newer_url": _turned(request, NEWER, ways.newer_than),
        "older_url": _turned(request, OLDER, ways.older_than),
        "lengths": [_length(request, rows, is_current=rows == length) for rows in ROWS_OFFERED],
        "has_errors": wanted is None,
        "was_counted": not rows and not form.is_bound and was_counted(user),
    }


def _form_of(request: HttpRequest, user: User) -> LogFilterForm:
    today = timezone.now().astimezone(zone_info(user.time_zone)).date()
    return LogFilterForm.of(request.GET, today=today)


def _turned(request: HttpRequest, way: str, place: Place | None) -> str:
    turns = {OLDER: "", NEWER: ""}
    return log_url(query_of(request.GET, **(turns | {way: place.to_text()}))) if place else ""


def _length(request: HttpRequest, rows: int, *, is_current: bool) -> Segment:
    return Segment(str(rows), log_url(query_of(request.GET, **{ROWS: str(rows), OLDER: "", NEWER: ""})), is_current)
