"""The support pages about licenses and plans.

Source: docs/decisions/0015-support-pages.md
"""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin import display
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.limits import EMAIL_MOST_CHARACTERS
from accounts.models import Organization, User
from accounts.people import signed_in
from accounts.services.opened_records import open_records, opened_record
from accounts.services.support import Change, SupportAct, in_words
from accounts.support_forms import SupportForm
from accounts.support_records import RecordPage
from accounts.support_search import people_named
from core.cultures import format_date
from core.forms import ADDRESS_WRONG, TEXT_MESSAGES
from core.templatetags.cultures import instant
from licenses import plan_pages  # noqa: F401  (importing it registers its page)
from licenses.errors import AlreadyLicensed, HolderRefused
from licenses.models import License
from licenses.periods import day_of, end_of_day, last_days
from licenses.services.support import LicenseValues, add_license, change_license


class HolderField(forms.EmailField):
    """The address of who holds a license, typed: a list of ten thousand people helps nobody."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Holder"),
            required=False,
            max_length=EMAIL_MOST_CHARACTERS,
            error_messages=TEXT_MESSAGES | {"invalid": ADDRESS_WRONG},
            help_text=_("E-mail address of an active person of the organization; empty for a free license."),
        )


class HolderForm(SupportForm):
    """A form that names who shall hold a license."""

    # Whose opened records the form may answer about.
    staff: ClassVar[User]
    new_holder: User | None = None

    holder_email = HolderField()


class LicenseForm(HolderForm):
    """Plan, holder, end and suspension of a license."""

    last_day = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The license ends on this day at 23:59:59 in the organization's time zone."),
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("This is not a date. Write year, month and day, as in 2026-11-21.")
        ),
    )

    class Meta:
        model = License
        fields = ("plan", "is_suspended")
        labels = {"plan": _("License"), "is_suspended": _("Suspended")}

    def __init__(self, *args: Any, instance: License, **kwargs: Any) -> None:
        self.seen = LicenseValues(
            plan=instance.plan,
            holder=instance.holder,
            expires_at=instance.expires_at,
            is_suspended=instance.is_suspended,
        )
        initial = {
            "holder_email": instance.holder.email if instance.holder is not None else "",
            "last_day": day_of(instance.expires_at, instance.organization.time_zone),
        }
        super().__init__(*args, instance=instance, initial=initial, **kwargs)

    def clean_holder_email(self) -> str:
        """Refuse an address whose owner cannot hold this license."""
        email: str = self.cleaned_data["holder_email"]
        if "holder_email" in self.changed_data:
            self.new_holder = _holder(email, self.instance.organization, self.instance, self.staff)
        return email

    def clean_last_day(self) -> date:
        """Refuse an end before the beginning, and one beyond every calendar."""
        last_day: date = self.cleaned_data["last_day"]
        first, last = last_days(starts_at=self.instance.starts_at, zone=self.instance.organization.time_zone)
        if not first <= last_day <= last:
            raise forms.ValidationError(
                _("Type a day from %(first)s, when the license began, to %(last)s."),
                params={"first": format_date(first), "last": format_date(last)},
            )
        return last_day

    def license_values(self) -> LicenseValues:
        """Return what was changed, as the service wants it."""
        typed, organization = self.changed_values(), self.instance.organization
        values = LicenseValues()
        if "plan" in typed:
            values["plan"] = typed["plan"]
        if "is_suspended" in typed:
            values["is_suspended"] = typed["is_suspended"]
        if "holder_email" in typed:
            values["holder"] = self.new_holder
        if "last_day" in typed:
            values["expires_at"] = end_of_day(typed["last_day"], organization.time_zone)
        return values

    def change_of(self, name: str) -> Change:
        """Tell the end as an instant: its reader may live in another zone."""
        if name != "last_day":
            return super().change_of(name)
        ends_at = end_of_day(self.cleaned_data["last_day"], self.instance.organization.time_zone)
        return Change(_("Expiration Date"), self.instance.expires_at, ends_at)


class NewLicenseForm(HolderForm):
    """One more license of an organization, for one period of its plan from today."""

    class Meta:
        model = License
        fields = ("organization", "plan")
        labels = {"organization": _("Organization"), "plan": _("License")}

    def clean(self) -> dict[str, Any]:
        """Refuse an address whose owner cannot hold a license of the chosen organization."""
        cleaned = super().clean()
        if cleaned.get("organization") is not None and "holder_email" in cleaned:
            try:
                self.new_holder = _holder(cleaned["holder_email"], cleaned["organization"], None, self.staff)
            except forms.ValidationError as refusal:
                self.add_error("holder_email", refusal)
        return cleaned


class SuspensionFilter(admin.BooleanFieldListFilter):
    """Licenses that are suspended, or that are not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = str(_("suspension"))


@admin.register(License)
class LicensePage(RecordPage):
    """Licenses: who holds which plan, until when."""

    form = LicenseForm
    list_display = ("id", "plan", "holder_address", "organization_name", "ends", "suspended")
    list_display_links = ("id",)
    list_filter = ("plan", ("is_suspended", SuspensionFilter))
    lookups = frozenset({"plan__id__exact", "is_suspended__exact", "organization__id__exact"})
    list_select_related = ("plan", "holder", "organization")
    ordering = ("organization__name", "plan__rank", "id")
    is_searched = True
    search_hint = _("Holder's whole e-mail address or whole cell number, or the name of the organization")
    readonly_fields = ("organization_name", "began")

    def get_fieldsets(self, request: HttpRequest, obj: License | None = None) -> Any:
        """Ask less for a new license: its period follows from the plan."""
        if obj is None:
            return ((None, {"fields": ("organization", "plan", "holder_email")}), (_("Why"), {"fields": ("reason",)}))
        kept = ("organization_name", "began", "plan", "holder_email", "last_day", "is_suspended")
        return ((None, {"fields": kept}), (_("Why"), {"fields": ("reason",)}))

    def get_form(self, request: HttpRequest, obj: License | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form of a new or of an existing license."""
        chosen = {"form": NewLicenseForm} if obj is None else {}
        form = super().get_form(request, obj, change, **chosen, **kwargs)
        form.staff = signed_in(request)
        return form

    def find(self, queryset: QuerySet[License], term: str) -> QuerySet[License]:
        """Find licenses by organization, and by a holder whose record is open: a list tells nothing about others."""
        by_holder = people_named(term, prefix="holder__") & Q(is_record_open=True)
        return queryset.filter(by_holder | Q(organization__name__icontains=term))

    def get_queryset(self, request: HttpRequest) -> QuerySet[License]:
        """Know of each license whether its holder's record is open to whoever looks."""
        opened = open_records(staff=signed_in(request)).filter(customer=OuterRef("holder"))
        licenses: QuerySet[License] = super().get_queryset(request).annotate(is_record_open=Exists(opened))
        return licenses

    def customer_of(self, row: License) -> User | None:
        """Return the holder; a free license belongs to nobody's record."""
        return row.holder

    def concerned_by(self, form: SupportForm) -> list[User]:
        """Return who holds the license, and who shall hold it."""
        new_holder = form.new_holder if isinstance(form, HolderForm) else None
        return [*super().concerned_by(form), *([new_holder] if new_holder is not None else [])]

    def keep(self, row: License, form: SupportForm, act: SupportAct) -> None:
        """Keep what was changed, or add a license."""
        if isinstance(form, LicenseForm):
            change_license(license=row, values=form.license_values(), seen=form.seen, act=act)
            return
        typed, holder = form.cleaned_data, form.new_holder if isinstance(form, HolderForm) else None
        made = add_license(organization=typed["organization"], plan=typed["plan"], holder=holder, act=act)
        row.pk = made.pk

    @display(description=_("Organization"), ordering="organization__name")
    def organization_name(self, license: License) -> str:
        """Return the organization's name as text."""
        return license.organization.name

    @display(description=_("Holder"))
    def holder_address(self, license: License) -> str:
        """Return who holds it, where that person's record is open."""
        if license.holder is None:
            return gettext("nobody")
        is_open = getattr(license, "is_record_open", False)
        return license.holder.email if is_open else gettext("somebody; open the record")

    @display(description=_("Expiration Date"), ordering="expires_at")
    def ends(self, license: License) -> SafeString:
        """Return the end, as the member of the staff reads dates."""
        return instant(license.expires_at)

    @display(description=_("Suspended"), ordering="is_suspended")
    def suspended(self, license: License) -> str:
        """Tell in a word whether it is suspended."""
        return in_words(license.is_suspended)

    @display(description=_("Began"))
    def began(self, license: License) -> SafeString:
        """Return the beginning of the period."""
        return instant(license.starts_at)


def _holder(email: str, organization: Organization, license: License | None, staff: User) -> User | None:
    """Return who shall hold a license, or None for nobody.

    Raises:
        ValidationError: the record of whoever has the address is not open, and nothing is told about it; or the person
            cannot hold the license.
    """
    if not email:
        return None
    holder = User.objects.with_email(email)
    if holder is None or opened_record(staff=staff, customer=holder) is None:
        raise forms.ValidationError(
            _(
                "No record with this address is open to you. Search for the person, open the record with a ticket, and"
                " try again."
            ),
            code="record-closed",
        )
    if holder.organization_id != organization.pk or not holder.is_active:
        raise forms.ValidationError(str(HolderRefused.heading), code="holder")
    held = License.objects.filter(holder=holder).first()
    if held is not None and held != license:
        raise forms.ValidationError(str(AlreadyLicensed.heading), code="already-licensed")
    return holder
