"""Customers' records on the support pages: closed until a ticket opens them, and what is done for a person there.

Source: docs/decisions/0027-opened-records.md
"""

from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    QueryDict,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext

from accounts.form_cookies import forget_typed
from accounts.models import User, fold_email
from accounts.people import signed_in
from accounts.services.fresh_proof import is_proof_fresh, lead_to_proof
from accounts.services.opened_records import demand_opened_record, open_record, opened_record
from accounts.services.support import SupportAct, history_line
from accounts.support_forms import SupportForm
from accounts.support_pages import (
    SupportPage,
    address_of,
    drawn_for,
    keep_for_later,
    say_typed_is_back,
    typed_again,
)
from accounts.support_person_acts import PERSON_ACTS, PersonAct, ReasonForm, TicketForm
from accounts.support_search import opened as opened_search
from core.errors import Refusal


class RecordPage(SupportPage):
    """Pages about rows that belong to a customer: shown only while that customer's record is open."""

    def customer_of(self, row: Any) -> User | None:
        """Return whose record a row belongs to, or None for nobody's."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or keep a row of an open record; what was typed waits for the ticket."""
        closed = self._ask_ticket(request, object_id)
        if closed is not None:
            return keep_for_later(request, closed)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what support did with a row of an open record."""
        return self._ask_ticket(request, object_id) or super().history_view(request, object_id, extra_context)

    def concerned_by(self, form: SupportForm) -> list[User]:
        """Return whose records a change touches."""
        customer = self.customer_of(form.instance)
        return [] if customer is None else [customer]

    def ticket_of(self, request: HttpRequest, form: SupportForm) -> str:
        """Return the tickets under which the records that a change touches are open."""
        found = [opened_record(staff=signed_in(request), customer=user) for user in self.concerned_by(form)]
        return ", ".join(dict.fromkeys(opened.ticket for opened in found if opened is not None))

    def _ask_ticket(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        row = self.get_object(request, unquote(object_id)) if object_id is not None else None
        customer = self.customer_of(row) if row is not None else None
        return None if customer is None else ask_ticket(request, customer)


class PersonActs(RecordPage):
    """The record of a person: opened by a ticket, with an address for each act."""

    def get_urls(self) -> list[URLPattern]:
        """Add the page that opens a record and one page for each act."""
        view = self.admin_site.admin_view
        opening = path("<int:user_id>/open/", view(self.open_view), name="accounts_user_open")
        acts = [
            path(
                f"<int:user_id>/{act.name.replace('_', '-')}/",
                view(partial(self.act_view, act=act)),
                name=f"accounts_user_{act.name}",
            )
            for act in PERSON_ACTS
        ]
        return [opening, *acts, *super().get_urls()]

    def open_view(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Ask for the ticket, open the record, and lead to what was wanted."""
        customer = self._customer(request, user_id)
        typed = typed_again(request) or QueryDict()
        form = TicketForm(request.POST if request.method == "POST" else None, initial=typed)
        next_path = request.POST.get("next") or request.GET.get("next") or typed.get("next", "")
        wanted = _own_path(next_path, customer)
        if request.method == "POST" and form.is_valid():
            open_record(staff=signed_in(request), customer=customer, ticket=form.cleaned_data["ticket"])
            return forget_typed(request, HttpResponseRedirect(wanted))
        minutes = settings.SUPPORT_RECORD_MINUTES
        says = gettext("It stays open to you for %(minutes)d minutes. The customer reads of it in the security log.")
        is_known = fold_email(_searched_for(wanted)) == customer.email_key
        called = customer.email if is_known else gettext("Customer number %(number)d") % {"number": customer.pk}
        shown = {"next": wanted, "says": says % {"minutes": minutes}, "button": gettext("Open the record")}
        return self._page(request, customer, form, title=gettext("Open a record"), called=called, **shown)

    def act_view(self, request: HttpRequest, user_id: int, *, act: PersonAct) -> HttpResponse:
        """Ask for the reason, and do it."""
        customer = self._customer(request, user_id)
        if (closed := ask_ticket(request, customer)) is not None:
            return keep_for_later(request, closed)
        if not act.applies(customer):
            raise Http404
        if act.needs_proof and not is_proof_fresh(request=request):
            return keep_for_later(request, lead_to_proof(request.path))
        form = ReasonForm(request.POST if request.method == "POST" else None, act=act, initial=typed_again(request))
        if request.method == "POST" and form.is_valid():
            return self._do(request, customer, act, form.cleaned_data["reason"])
        shown = {"called": customer.email, "says": act.says, "button": act.title}
        return self._page(request, customer, form, title=act.title, **shown)

    def _do(self, request: HttpRequest, customer: User, act: PersonAct, reason: str) -> HttpResponse:
        staff = signed_in(request)
        try:
            opened = demand_opened_record(staff=staff, customer=customer)
            with transaction.atomic():
                act.do(opened=opened, reason=reason)
                done = SupportAct(staff=staff, reason=reason, ticket=opened.ticket)
                self.log_change(request, customer, history_line(done, act.kind.label))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("Done, and the customer was told: %(act)s.") % {"act": act.kind.label})
        return forget_typed(request, HttpResponseRedirect(address_of(User, "change", customer.pk)))

    def _customer(self, request: HttpRequest, user_id: int) -> User:
        if not self.has_change_permission(request):
            raise PermissionDenied
        customer = self.get_object(request, str(user_id))
        if not isinstance(customer, User):
            raise Http404
        return customer

    def _page(self, request: HttpRequest, customer: User, form: forms.Form, **shown: object) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        if form.initial:
            say_typed_is_back(request)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": customer,
            "form": form,
            "drawn_for": drawn_for(request),
        }
        return TemplateResponse(
            request, "admin/accounts/user/act.html", {**context, **shown}, status=422 if form.errors else 200
        )


def ask_ticket(request: HttpRequest, customer: User) -> HttpResponse | None:
    """Return the way to the page that opens a customer's record, or None while it is open."""
    if opened_record(staff=signed_in(request), customer=customer) is not None:
        return None
    if request.method == "POST":
        _say_once(request, gettext("The record is not open any more. Nothing was changed."))
    opening = address_of(User, "open", customer.pk)
    return HttpResponseRedirect(f"{opening}?{urlencode({'next': request.get_full_path()})}")


def _say_once(request: HttpRequest, text: str) -> None:
    """Say something that still waits to be read no second time."""
    waiting: Any = messages.get_messages(request)
    is_said = text in [message.message for message in waiting]
    # Looking at them does not count as showing them.
    waiting.used = False
    if not is_said:
        messages.error(request, text)


def _searched_for(path: str) -> str:
    """Return what was typed into the search of the list that an address was reached from."""
    filters = QueryDict(urlsplit(path).query).get("_changelist_filters", "")
    return opened_search(QueryDict(filters).get("q", "")) or ""


def _own_path(wanted: str, customer: User) -> str:
    """Return a path of the support pages, or the record."""
    is_here = wanted.startswith(f"/{settings.ADMIN_PATH}")
    is_local = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_here and is_local else address_of(User, "change", customer.pk)
