"""What every support page shares: a reason for each change, a history with old and new values, nothing deleted.

Source: docs/decisions/0015-support-pages.md
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core import signing
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.form_cookies import forget_typed, keep_typed, typed_before, typed_values
from accounts.forms.account import page_language
from accounts.limits import REASON_MOST_CHARACTERS, SESSION_ABSOLUTE_SECONDS
from accounts.people import signed_in
from accounts.services.fresh_proof import is_proof_fresh, lead_to_proof
from accounts.services.support import Change, SupportAct, history_line, in_words
from accounts.support_search import closed, opened
from core import cultures
from core.errors import ChangedMeanwhile, Refusal
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
    """A form of support staff: what is changed, and why.

    It carries, signed, the values it was drawn with: only what was edited counts as a change, and what somebody else
    changed meanwhile in an edited field is shown instead of written over.
    """

    # What was typed before the page had to ask for a ticket or a proof.
    typed_before: ClassVar[QueryDict | None] = None

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_MOST_CHARACTERS,
        widget=forms.Textarea({"rows": 3, "cols": 60}),
        help_text=_("The customer reads it in the mail about this change and in the security log."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {name: field for name, field in self.fields.items() if name != "reason"} if self.instance.pk else {}
        self.present = {name: _plain(self.get_initial_for_field(field, name)) for name, field in named.items()}
        typed: Mapping[str, Any] = self.data if self.is_bound else self.typed_before or {}
        self.drawn = _read_drawn(typed.get("drawn", ""), place=self._place)
        if self.is_bound:
            self.initial.update(self.drawn)
        elif self.typed_before is not None:
            for name, field in self.fields.items():
                self.initial[name] = field.widget.value_from_datadict(self.typed_before, {}, name)

    @property
    def signed_drawn(self) -> str:
        """Return the values this form is drawn with; those that were changed meanwhile are seen from now on."""
        seen = {name: self.present[name] for name in self._changed_meanwhile()} if self.is_bound else {}
        return signing.dumps({**self.present, **self.drawn, **seen}, salt=self._place, compress=True)

    @cached_property
    def changed_data(self) -> list[str]:
        """Return the fields whose typed value is neither the one that was drawn nor the present one."""
        edited: list[str] = super().changed_data
        return [name for name in edited if name not in self.present or self._differs(name, self.present[name])]

    def clean(self) -> dict[str, Any]:
        """Refuse to write over what was not seen, and to keep, log and mail a change that changes nothing."""
        cleaned = super().clean() or self.cleaned_data
        for name in self._changed_meanwhile():
            field = self.fields[name]
            present = in_words(_worded(field, _read(field, self.present[name])))
            says = gettext(
                "Someone changed this meanwhile, to “%(present)s”. Save again to replace it with what stands here."
            )
            self.add_error(name, forms.ValidationError(says % {"present": present}, code="changed-meanwhile"))
        if self.instance.pk and not self.errors and not self.changes():
            raise forms.ValidationError(_("Nothing was changed on this page."))
        return cleaned

    def changes(self) -> list[Change]:
        """Return what was changed, in the order of the form."""
        return [self.change_of(name) for name in self.fields if name in self.changed_data and name != "reason"]

    def changed_values(self) -> dict[str, Any]:
        """Return the new values of what was changed."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "reason"}

    @property
    def _place(self) -> str:
        return f"support:drawn:{self._meta.model._meta.label}:{self.instance.pk}"

    def _differs(self, name: str, value: object) -> bool:
        field = self.fields[name]
        return field.has_changed(_read(field, value), self[name].data)

    def _changed_meanwhile(self) -> list[str]:
        """Return the edited fields that no longer have the value they were drawn with."""
        fields = [name for name in self.changed_data if name in self.present]
        return [name for name in fields if name not in self.drawn or self.drawn[name] != self.present[name]]

    def change_of(self, name: str) -> Change:
        """Return one change as the customer and the history are told it."""
        field = self.fields[name]
        old, new = _read(field, self.get_initial_for_field(field, name)), self.cleaned_data.get(name)
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
    change_form_template = "admin/support_change_form.html"
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
        """Show or keep a row; what is refused at the last moment leaves everything as it was.

        A change asks for a fresh proof, and what was typed waits for it.
        """
        if request.method == "POST" and not is_proof_fresh(request=request):
            return keep_for_later(request, lead_to_proof(request.get_full_path()))
        try:
            try:
                return super().changeform_view(request, object_id, form_url, extra_context)
            except ChangedMeanwhile:
                # The row moved after it was read: read anew, it shows both values.
                return super().changeform_view(request, object_id, form_url, extra_context)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form's class, with what was typed before the page had to ask for something."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        kept = typed_before(request, user_id=signed_in(request).pk) if request.method == "GET" else None
        if kept is not None:
            form.typed_before = _as_typed(kept)
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Draw the page; a refused form says so in its status, and what came back says where it comes from."""
        if getattr(context["adminform"].form, "typed_before", None) is not None:
            messages.info(request, gettext("What you typed is back. Nothing is saved yet."))
        page = super().render_change_form(request, context, *args, **kwargs)
        page.status_code = 422 if context["errors"] else 200
        return page

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Lead on from a change; what was kept of it is forgotten."""
        return forget_typed(request, super().response_change(request, obj))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Lead on from a new row; what was kept of it is forgotten."""
        return forget_typed(request, super().response_add(request, obj, post_url_continue))

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
            ticket=self.ticket_of(request, form),
        )

    def ticket_of(self, request: HttpRequest, form: SupportForm) -> str:
        """Return the tickets under which a row is changed; what belongs to no customer needs none."""
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


def keep_for_later(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep what was typed while its page asks for a ticket or a proof."""
    values = typed_values(request) if request.method == "POST" else None
    return response if values is None else keep_typed(request, response, user_id=signed_in(request).pk, values=values)


def _as_typed(values: Mapping[str, list[str]]) -> QueryDict:
    typed = QueryDict(mutable=True)
    for name, given in values.items():
        typed.setlist(name, given)
    return typed


def _read_drawn(signed: str, *, place: str) -> dict[str, object]:
    """Return the values a form was drawn with; none for anything that was not signed for this row."""
    try:
        drawn: dict[str, object] = signing.loads(signed, salt=place, max_age=2 * SESSION_ABSOLUTE_SECONDS)
    except signing.BadSignature:
        return {}
    return drawn


def _plain(value: object) -> object:
    """Return a form's value as a signed note can carry it."""
    return value.isoformat() if isinstance(value, date) else value


def _read(field: forms.Field, value: object) -> object:
    """Return a value of a signed note as its field knows it."""
    return date.fromisoformat(value) if isinstance(field, forms.DateField) and isinstance(value, str) else value


def _worded(field: forms.Field, value: object) -> object:
    """Return a form's value as what it stands for: the row behind a key, the label behind a choice."""
    if isinstance(field, forms.ModelChoiceField):
        return field.queryset.filter(pk=getattr(value, "pk", value)).first() if field.queryset is not None else value
    if isinstance(field, forms.ChoiceField):
        return dict(field.choices).get(value, value)  # type: ignore[arg-type]
    return value
