"""The page on which a signature request is prepared: its forms, what the plan allows, what is kept."""

import uuid
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from accounts.people import signed_in
from accounts.services.kept_forms import drawn_values, sign_drawn
from core.sms.switch import texts_are_off_reason
from licenses.access import request_license
from licenses.features import plan_name
from licenses.models import Feature, ReturnProtection
from messaging.items.choices import Proof
from messaging.items.services.draft_sealing import OpenDraft
from messaging.items.storage import fuller, spaces_of
from signatures.composer_form import PapersForm, RequestForm, SignerFormSet, SignerRows
from signatures.drafts import Begun, KeptPaper
from signatures.flattenings import flattened_words
from signatures.limits import (
    DRAFT_SAVED_EVERY_SECONDS,
    PAPER_MOST_BYTES,
    PAPERS_MOST,
    REQUEST_LIFE_DAYS,
    REQUEST_LIFE_MOST_DAYS,
    REQUEST_PAGES_MOST,
)
from signatures.readiness import Judged, request_form
from signatures.typed import TICKED, Row, new_key
from signatures.views.drafting import lack_in_words, month_of, plan_of

HTTP_REFUSED = (403, 422)


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A document as the composer lists it.

    Args:
        flattened: what the file held beside its pages, in words; empty where it held nothing else.
    """

    kept: KeptPaper
    flattened: str


@dataclass(frozen=True, slots=True)
class Composer:
    """One composer: whose it is, what it shows, and what it knows of its draft.

    Args:
        draft: None as long as nothing was kept.
        is_judged: its fields say what keeps the request from being sent.
    """

    request: HttpRequest
    form_key: uuid.UUID
    begun: Begun
    draft: OpenDraft | None
    form: RequestForm
    rows: SignerRows
    files: PapersForm
    is_judged: bool = False
    is_kept_form: bool = False

    def page(self, *, status: int = 200, problem: str = "") -> HttpResponse:
        """Draw the page.

        Args:
            problem: what kept the draft from being written.
        """
        draft, lack = self.draft, lack_in_words(self.request)
        plan, user = plan_of(self.request), signed_in(self.request)
        context = {
            "form": self.form,
            "rows": self.rows,
            "files_form": self.files,
            "forms": [self.form, self.files, *self.rows.forms],
            "has_errors": self.is_judged or status in HTTP_REFUSED,
            "is_judged": self.is_judged,
            "papers": [ShownPaper(kept, flattened_words(kept.flattened)) for kept in self.begun.kept_papers],
            "form_key": self.form_key,
            "version": draft.row.version if draft else 0,
            "kept_at": draft.row.changed_at if draft else None,
            "drawn": sign_drawn(user_id=user.pk, values=drawn_values(self.form_key)),
            "plan": plan,
            "own_plan": plan_name(plan),
            "standing": month_of(self.request),
            "space": None if lack else fuller(*spaces_of(user)),
            "lack": lack,
            "is_live": request_license(self.request).entitlement.is_live,
            "save_every_seconds": DRAFT_SAVED_EVERY_SECONDS,
            "papers_most": PAPERS_MOST,
            "paper_most_bytes": min(PAPER_MOST_BYTES, plan.attachments_bytes),
            "pages_most": REQUEST_PAGES_MOST,
            "days_most": min(REQUEST_LIFE_MOST_DAYS, plan.longest_life_days),
            "is_kept_form": self.is_kept_form,
            "problem": problem,
        }
        return render(self.request, "signatures/request_compose.html", context, status=status)


def composer_of(
    request: HttpRequest,
    form_key: uuid.UUID,
    begun: Begun,
    draft: OpenDraft | None,
    *,
    more_rows: int = 0,
    files: PapersForm | None = None,
    is_kept_form: bool = False,
) -> Composer:
    """Return a composer that shows what is kept, without judging it."""
    plan = plan_of(request)
    rows = [*begun.rows, *fresh_rows(count=max(more_rows, 1 - len(begun.rows)), behind=len(begun.rows))]
    initial = dict(begun.texts) | {"is_owner_proof_asked": "is_owner_proof_asked" in begun.texts}
    return Composer(
        request=request,
        form_key=form_key,
        begun=begun,
        draft=draft,
        form=request_form(plan, initial=initial),
        rows=SignerFormSet(
            initial=[row.as_json() for row in rows],
            is_texting_off=bool(texts_are_off_reason()),
            fresh=fresh_rows(count=1)[0].as_json(),
        ),
        files=files or PapersForm(),
        is_kept_form=is_kept_form,
    )


def judged_composer(
    request: HttpRequest, form_key: uuid.UUID, begun: Begun, draft: OpenDraft, judged: Judged
) -> Composer:
    """Return a composer whose fields say what keeps the request from being sent."""
    return Composer(
        request=request,
        form_key=form_key,
        begun=begun,
        draft=draft,
        form=judged.form,
        rows=judged.rows,
        files=judged.papers_form,
        is_judged=True,
    )


def fresh_texts(request: HttpRequest) -> dict[str, str]:
    """Return what a new composer begins with beside the rows."""
    user, plan = signed_in(request), plan_of(request)
    has_protection = request_license(request).entitlement.has(Feature.RETURN_PROTECTION)
    is_asked = has_protection and ReturnProtection.objects.filter(user=user, owner=True).exists()
    days = {"days": str(min(REQUEST_LIFE_DAYS, plan.longest_life_days))}
    return days | ({"is_owner_proof_asked": TICKED} if is_asked else {})


def fresh_rows(*, count: int, behind: int = 0) -> list[Row]:
    """Return rows that nobody typed into yet.

    Args:
        behind: how many rows stand before them.
    """
    language = get_language() or "en"
    return [
        Row(new_key(), proof=Proof.EMAIL_CODE.value, language=language, turn=str(behind + number))
        for number in range(1, count + 1)
    ]
