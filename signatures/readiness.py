"""Judge what is being prepared as it would be sent: what is wrong stands beside its field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from django.forms import BoundField
from django.utils.functional import Promise

from accounts.models import User
from core import cultures
from core.sms.switch import texts_are_off_reason
from licenses.entitlements import features_of
from licenses.features import plan_name, why_not_included
from licenses.models import Feature, Plan
from signatures.composer_form import PapersForm, RequestForm, SignerForm, SignerFormSet, SignerRows
from signatures.drafts import Begun
from signatures.preparation import Preparation, refusals_of, repeated_addresses
from signatures.request_errors import PreparationRefused, SameAddress
from signatures.typed import posted_rows


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps a request from being sent.

    Args:
        label: of its field; empty where it is nobody's.
        target: id of its control on the composer's page; empty where there is none.
        is_of_zones: it is put right where zones are placed.
    """

    label: str | Promise
    message: str
    target: str = ""
    is_of_zones: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """Forms that were checked for sending.

    Args:
        preparation: what would be sent; None where something is wrong.
        zone_refusals: what is wrong with the zones.
    """

    form: RequestForm
    rows: SignerRows
    papers_form: PapersForm
    preparation: Preparation | None
    zone_refusals: Sequence[PreparationRefused] = ()

    @property
    def life(self) -> timedelta:
        """How long it would be open; nothing is wrong."""
        return self.form.life

    def problems(self) -> list[Problem]:
        """Return everything that is wrong, in the order of the page."""
        forms = (self.form, self.papers_form, *self.rows.forms)
        whole = [Problem("", str(message)) for form in forms for message in form.non_field_errors()]
        fields = [
            Problem(field.label, str(message), field.id_for_label)
            for form in forms
            for field in cast(Iterator[BoundField], iter(form))
            for message in field.errors
        ]
        return whole + fields + [Problem("", str(each), is_of_zones=True) for each in self.zone_refusals]


def request_form(plan: Plan, *data: Mapping[str, str], initial: Mapping[str, object] | None = None) -> RequestForm:
    """Return the form of what stands beside the signers, as a plan allows it."""
    reason = why_not_included(Feature.RETURN_PROTECTION, features_of(plan), plan_name(plan))
    return RequestForm(*data, initial=initial, longest_days=plan.longest_life_days, protection_reason=reason)


def judge(begun: Begun, *, plan: Plan, requester: User) -> Judged:
    """Check what is being prepared.

    Args:
        plan: of the requester's license.
    """
    form = request_form(plan, begun.texts)
    rows = SignerFormSet(
        posted_rows(begun.rows),
        sms_country=requester.default_sms_country,
        is_texting_off=bool(texts_are_off_reason()),
    )
    papers_form = PapersForm({})
    is_valid = all([form.is_valid(), rows.is_valid(), papers_form.is_valid()])
    preparation = Preparation(
        papers=begun.papers,
        signers=rows.signers if rows.is_valid() else (),
        zones=begun.zones,
        message=form.cleaned_data.get("message", ""),
        habits=cultures.current(),
    )
    refused = _refused(preparation, begun, plan, are_signers_known=rows.is_valid())
    of_zones = [refusal for refusal in refused if refusal.field == "zones"]
    for refusal in refused:
        if refusal.field != "zones":
            _put(refusal, form, rows, papers_form)
    return Judged(form, rows, papers_form, preparation if is_valid and not refused else None, of_zones)


def _refused(
    preparation: Preparation, begun: Begun, plan: Plan, *, are_signers_known: bool
) -> list[PreparationRefused]:
    """Return what is refused; where not all signers are known, only what does not depend on who they are."""
    refused = list(refusals_of(preparation, signers_most=plan.signers_per_request))
    if are_signers_known:
        return refused
    repeated = repeated_addresses(row.email.strip() or row.key for row in begun.rows)
    return [*(refusal for refusal in refused if refusal.field == "papers"), *map(SameAddress, repeated)]


def _put(refusal: PreparationRefused, form: RequestForm, rows: SignerRows, papers_form: PapersForm) -> None:
    """Put a refusal beside its field."""
    if refusal.signer is not None:
        row = cast(SignerForm, rows.forms[refusal.signer])
        if not row.has_error(refusal.field):
            row.add_error(refusal.field, str(refusal))
    elif refusal.field == "papers":
        papers_form.add_error("papers", str(refusal))
    elif refusal.field in form.fields:
        form.add_error(refusal.field, str(refusal))
    else:
        form.add_error(None, str(refusal))
