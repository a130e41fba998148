"""The support pages about people, organizations and the security log.

No page shows a password hash, a session, a code or a whole cell number, and none reaches another member of the staff.
Source: docs/decisions/0015-support-pages.md
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin import display
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from accounts.browsers import browser_in_words
from accounts.choices import RoleType
from accounts.errors import LastAdministrator
from accounts.limits import NAME_MOST_CHARACTERS
from accounts.methods import method_in_words
from accounts.models import Organization, SecurityEvent, User
from accounts.people import signed_in
from accounts.services.opened_records import open_records
from accounts.services.organizations import refuse_without_administrator
from accounts.services.support import SupportAct, change_organization, change_user
from accounts.support_forms import SupportForm, draw_habits
from accounts.support_pages import ReadOnlyPage, SupportPage
from accounts.support_person_acts import PERSON_ACTS
from accounts.support_records import PersonActs, ask_ticket
from accounts.support_search import people_named
from core.forms import CHOICE_MESSAGES, PersonNameField
from core.options import Drawn, DrawnField
from core.sms.numbers import last_digits
from core.templatetags.cultures import instant

KEY_MOST_DIGITS = 19
HABITS = ("language", "time_zone", "date_culture", "default_sms_country")


def _nothing_drawn() -> Drawn:
    return Drawn(())


class HabitsForm(SupportForm):
    """Country, zone and culture, of a person or of an organization's new users."""

    time_zone = DrawnField(label=_("Time zone"), options=_nothing_drawn)
    date_culture = DrawnField(label=_("Date format culture"), options=_nothing_drawn)
    default_sms_country = DrawnField(label=_("Default SMS country"), options=_nothing_drawn)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        draw_habits(self)


class UserForm(HabitsForm):
    """What support may change about a customer; address, number, password and permissions are not among it."""

    first_name = PersonNameField(label=_("First name"), most_characters=NAME_MOST_CHARACTERS)
    last_name = PersonNameField(label=_("Last name"), most_characters=NAME_MOST_CHARACTERS)

    class Meta:
        model = User
        fields = ("first_name", "last_name", "role_type", "is_active", *HABITS, "is_warned_of_unread")
        labels = {
            "role_type": _("Role type"),
            "is_active": _("Active"),
            "language": _("Language"),
            "is_warned_of_unread": _("Warned before something ends unread"),
        }

    def clean(self) -> dict[str, Any]:
        """Keep the last active administrator of an organization."""
        cleaned = super().clean()
        edited = {name: cleaned.get(name) for name in self.changed_data}
        is_leaving = edited.get("is_active") is False or edited.get("role_type") == RoleType.STANDARD
        if is_leaving:
            try:
                # The lock lasts until the page's transaction ends, so nothing changes between this look and the saving.
                with transaction.atomic():
                    refuse_without_administrator(user=self.instance)
            except LastAdministrator as refusal:
                raise ValidationError(str(refusal), code="last-administrator") from None
        return cleaned


class OrganizationForm(HabitsForm):
    """What an organization is called, and what its new users begin with."""

    name = PersonNameField(label=_("Name"), most_characters=NAME_MOST_CHARACTERS)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, error_messages=CHOICE_MESSAGES)

    class Meta:
        model = Organization
        fields = ("name", *HABITS)


@admin.register(User)
class UserPage(PersonActs):
    """Customers: found by what identifies them, shown once a ticket has opened the record."""

    form = UserForm
    list_display = ("id", "email", "organization", "open_until")
    list_display_links = ("id",)
    lookups = frozenset({"organization__id__exact"})
    list_select_related = ("organization",)
    ordering = ("email_key",)
    is_searched = is_found_only = True
    search_hint = _("Whole e-mail address, whole cell number with its area code, or name of the organization")
    readonly_fields = ("email", "organization_name", "plan", "masked_number", "two_factor", "made")
    fieldsets = (
        (None, {"fields": ("email", "organization_name", "plan", "masked_number", "two_factor", "made")}),
        (_("Person"), {"fields": ("first_name", "last_name", "role_type", "is_active")}),
        (_("Habits"), {"fields": (*HABITS, "is_warned_of_unread")}),
        (_("Why"), {"fields": ("reason",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Leave out the staff: nobody of support looks at or changes another one."""
        opened = open_records(staff=signed_in(request)).filter(customer=OuterRef("pk"))
        customers = super().get_queryset(request).filter(is_staff=False)
        known: QuerySet[User] = customers.annotate(opened_until=Subquery(opened.values("expires_at")))
        return known.select_related("organization", "license__plan")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Users are made by their organization."""
        return False

    def find(self, queryset: QuerySet[User], term: str) -> QuerySet[User]:
        """Find people by whole e-mail, whole number or organization."""
        return queryset.filter(people_named(term))

    def customer_of(self, row: User) -> User:
        """Return the person, whose record it is."""
        return row

    def keep(self, row: User, form: SupportForm, act: SupportAct) -> None:
        """Keep what was changed about a person."""
        change_user(user=row, values=form.changed_values(), seen=form.present, act=act)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show a person's record with what can be done for them."""
        sensible = [act for act in PERSON_ACTS if act.applies(context["original"])]
        acts = [(f"admin:accounts_user_{act.name}", act.title) for act in sensible]
        return super().render_change_form(request, {**context, "person_acts": acts}, *args, **kwargs)

    @display(description=_("Open until"))
    def open_until(self, user: User) -> SafeString | str:
        """Return until when the record is open to whoever looks."""
        until = getattr(user, "opened_until", None)
        return instant(until) if until is not None else gettext("closed")

    @display(description=_("Organization"))
    def organization_name(self, user: User) -> str:
        """Return the organization's name as text."""
        return user.organization.name if user.organization else ""

    @display(description=_("License"))
    def plan(self, user: User) -> str:
        """Return the plan of the license the person holds."""
        license = getattr(user, "license", None)
        return str(license.plan) if license else gettext("none")

    @display(description=_("Cell number"))
    def masked_number(self, user: User) -> str:
        """Return how the number ends, and whether it is confirmed."""
        if not user.cell_number_sealed:
            return pgettext("cell number", "none")
        ends = gettext("ends in %(digits)s") % {"digits": last_digits(user.cell_number)}
        return ends if user.cell_number_proven_at else gettext("%(number)s, not confirmed") % {"number": ends}

    @display(description=_("2FA"))
    def two_factor(self, user: User) -> str:
        """Tell whether a second factor is asked for."""
        return pgettext("second factor", "On") if user.two_factor_enabled else pgettext("second factor", "Off")

    @display(description=_("Since"))
    def made(self, user: User) -> SafeString:
        """Return since when the account exists."""
        return instant(user.created_at)


@admin.register(Organization)
class OrganizationPage(SupportPage):
    """Organizations."""

    form = OrganizationForm
    list_display = ("id", "name", "spoken", "time_zone", "since")
    list_display_links = ("id",)
    ordering = ("name", "id")
    is_searched = True
    search_hint = _("Name of the organization")
    readonly_fields = ("since",)
    fieldsets = (
        (None, {"fields": ("name", "since")}),
        (_("What new users begin with"), {"fields": HABITS}),
        (_("Why"), {"fields": ("reason",)}),
    )

    def find(self, queryset: QuerySet[Organization], term: str) -> QuerySet[Organization]:
        """Find organizations by name."""
        return queryset.filter(name__icontains=term)

    def keep(self, row: Organization, form: SupportForm, act: SupportAct) -> None:
        """Keep what was changed about an organization."""
        change_organization(organization=row, values=form.changed_values(), seen=form.present, act=act)

    @display(description=_("Language"), ordering="language")
    def spoken(self, organization: Organization) -> str:
        """Return the language by its name."""
        return dict(settings.LANGUAGES).get(organization.language, organization.language)

    @display(description=_("Since"), ordering="created_at")
    def since(self, organization: Organization) -> SafeString:
        """Return since when the organization exists."""
        return instant(organization.created_at)


@admin.register(SecurityEvent)
class SecurityEventPage(ReadOnlyPage):
    """The security log of one customer; without a customer the list is empty, so that no query reads all of it."""

    list_display = ("when", "kind", "proof", "address", "known_browser", "actor", "ticket", "reason")
    list_display_links = None
    lookups = frozenset({"user__id__exact"})
    ordering = ("-at", "-id")
    sortable_by = ()
    list_select_related = ("user",)
    fields = ("when", "person", "kind", "proof", "address", "known_browser", "actor", "ticket", "reason")
    readonly_fields = ("when", "person", "proof", "address", "known_browser")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SecurityEvent]:
        """Return the lines of the customer whom the address names, while that record is open."""
        opened = open_records(staff=signed_in(request)).values("customer")
        return super().get_queryset(request).filter(user__in=_customers_named(request).filter(pk__in=opened))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Leave it out of the first page: a customer's record leads here."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Say whose log it is, once a ticket has opened the record."""
        customer = _customers_named(request).first()
        if customer is None:
            return super().changelist_view(request, extra_context)
        if (closed := ask_ticket(request, customer)) is not None:
            return closed
        title = gettext("Security log of %(person)s") % {"person": customer.email}
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @display(description=_("Date"))
    def when(self, event: SecurityEvent) -> SafeString:
        """Return the instant, with seconds: it is a proof."""
        return instant(event.at, seconds=True)

    @display(description=_("User"))
    def person(self, event: SecurityEvent) -> str:
        """Return whose log it is."""
        return event.user.email

    @display(description=_("Method"))
    def proof(self, event: SecurityEvent) -> str | Promise:
        """Return how the person proved it, in words."""
        return method_in_words(event.method)

    @display(description=_("IP address"))
    def address(self, event: SecurityEvent) -> str:
        """Return the address, or what is left of it."""
        return event.ip_address or event.network

    @display(description=_("Browser"))
    def known_browser(self, event: SecurityEvent) -> str:
        """Return the browser in words of ours: it says of itself whatever somebody wants."""
        return browser_in_words(event.browser) if event.browser else ""


def _customers_named(request: HttpRequest) -> QuerySet[User]:
    """Return the one customer whom an address names, or nobody."""
    text = request.GET.get("user__id__exact", "")
    is_number = text.isascii() and text.isdecimal() and len(text) < KEY_MOST_DIGITS
    return User.objects.filter(pk__in=[int(text)] if is_number else [], is_staff=False)
