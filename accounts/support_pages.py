"""What every support page shares: a reason for each change, a history with old and new values, nothing deleted.

Source: docs/decisions/0015-support-pages.md
"""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.forms.account import page_language
from accounts.limits import REASON_MOST_CHARACTERS
from accounts.people import signed_in
from accounts.services.support import Change, SupportAct, history_line
from accounts.support_search import closed, opened
from core import cultures
from core.errors import Refusal
from core.sms.switch import served_regions

if TYPE_CHECKING:
    AnyModelForm = forms.ModelForm[Any]
    AnyModelAdmin = admin.ModelAdmin[Any]
else:  # At run time Django's classes take no parameters.
    AnyModelForm = forms.ModelForm
    AnyModelAdmin = admin.ModelAdmin

ROWS_OF_A_PAGE = 50


def address_of(model: type[Model], page: str, *args: object) -> str:
    """Return the address of a support page about a kind of row."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


class SupportForm(AnyModelForm):
    """A form of support staff: what is changed, and why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_MOST_CHARACTERS,
        widget=forms.Textarea({"rows": 3, "cols": 60}),
        help_text=_("The customer reads it in the mail about this change and in the security log."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse to keep, log and mail a change that changes nothing."""
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk and not self.errors and not self.changes():
            raise forms.ValidationError(_("Nothing was changed on this page."))
        return cleaned

    def changes(self) -> list[Change]:
        """Return what was changed, in the order of the form."""
        return [self.change_of(name) for name in self.fields if name in self.changed_data and name != "reason"]

    def changed_values(self) -> dict[str, Any]:
        """Return the new values of what was changed."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "reason"}

    def change_of(self, name: str) -> Change:
        """Return one change as the customer and the history are told it."""
        field = self.fields[name]
        old, new = self.get_initial_for_field(field, name), self.cleaned_data.get(name)
        return Change(field.label or name, _worded(field, old), _worded(field, new))


class SealedSearch(ChangeList):
    """A list whose address carries what is searched for sealed."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: list[str | None] | None = None) -> QuerySet[Any]:
        """Open the search term; an address that somebody made up finds nothing."""
        term = opened(self.query) if self.query else ""
        self.query = term or ""
        found = super().get_queryset(request, exclude_parameters)
        return found.none() if term is None else found


class SupportPage(AnyModelAdmin):
    """The pages about one kind of row."""

    form: type[AnyModelForm] = SupportForm
    actions = None
    view_on_site = False
    list_per_page = ROWS_OF_A_PAGE
    list_max_show_all = ROWS_OF_A_PAGE
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    change_list_template = "admin/support_change_list.html"
    is_searched = False
    # The list shows only what was looked for.
    is_found_only = False
    search_hint: str | Promise = ""
    # Which parameters of an address may filter the list; any other one could guess at hidden columns.
    lookups: frozenset[str] = frozenset()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted here."""
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow the filters that the page shows, and no other question about a column."""
        return lookup in self.lookups

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Read the search term from a sealed address."""
        return SealedSearch

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find rows by a typed term."""
        if search_term:
            return self.find(queryset, search_term), False
        return (queryset.none() if self.is_found_only and not request.GET.keys() & self.lookups else queryset), False

    def find(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        """Return the rows a term means; a page that is searched says how."""
        return queryset.none()

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Draw a choice of rows as a plain list, without the ways to add or change a row beside it."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def get_urls(self) -> list[URLPattern]:
        """Add the address a search is posted to."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_search"
        return [path("search/", self.admin_site.admin_view(self.search_view), name=name), *super().get_urls()]

    def search_view(self, request: HttpRequest) -> HttpResponse:
        """Lead from a posted search to the list, without the term in the address."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        found = address_of(self.model, "changelist")
        term = request.POST.get("term", "").strip()
        return HttpResponseRedirect(f"{found}?q={closed(term)}" if term else found)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list."""
        title = capfirst(self.opts.verbose_name_plural)
        shown = {
            "title": title,
            "is_searched": self.is_searched,
            "is_found_only": self.is_found_only,
            "search_hint": self.search_hint,
        }
        return super().changelist_view(request, {**shown, **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or keep a row; what is refused at the last moment leaves everything as it was."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: SupportForm, change: bool) -> None:
        """Hand what was typed to the service."""
        self.keep(obj, form, self.act_of(request, form))

    def keep(self, row: Any, form: SupportForm, act: SupportAct) -> None:
        """Keep what was changed; each kind of row calls its service."""
        raise NotImplementedError

    def act_of(self, request: HttpRequest, form: SupportForm) -> SupportAct:
        """Return who changes what, why, and under which ticket."""
        return SupportAct(
            staff=signed_in(request),
            reason=form.cleaned_data["reason"],
            changes=form.changes(),
            ticket=self.ticket_of(request, form.instance),
        )

    def ticket_of(self, request: HttpRequest, row: Any) -> str:
        """Return the ticket under which a row is changed; what belongs to no customer needs none."""
        return ""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Return the line of the history; Django keeps a text as it is."""
        line = history_line(self.act_of(request, form))
        return f"Added. {line}" if add else line


class ReadOnlyPage(SupportPage):
    """Pages on which nothing can be changed."""

    form = AnyModelForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is changed here."""
        return False


def draw_habits(form: SupportForm) -> None:
    """Give the fields about country, zone and culture their lists, in the language of the page."""
    language, row, now = page_language(), form.instance, timezone.now()
    lists = {
        "default_sms_country": lambda: cultures.region_options(language, served_regions()),
        "time_zone": lambda: cultures.zone_options(language, row.default_sms_country, now),
        "date_culture": lambda: cultures.culture_options(language, now),
    }
    for name, options in lists.items():
        field: Any = form.fields[name]
        field.options = options
        field.stored = getattr(row, name)


def _worded(field: forms.Field, value: object) -> object:
    """Return a form's value as what it stands for: the row behind a key, the label behind a choice."""
    if isinstance(field, forms.ModelChoiceField):
        return field.queryset.filter(pk=getattr(value, "pk", value)).first() if field.queryset is not None else value
    if isinstance(field, forms.ChoiceField):
        return dict(field.choices).get(value, value)  # type: ignore[arg-type]
    return value
