"""What every support page shares: sealed searches, a fresh proof for each change, its history, nothing deleted.

The form is in `accounts.support_forms`.
Source: docs/decisions/0015-support-pages.md
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext

from accounts.form_cookies import forget_typed, keep_typed, typed_before, typed_values
from accounts.people import signed_in
from accounts.services.fresh_proof import is_proof_fresh, lead_to_proof
from accounts.services.kept_forms import sign_drawn
from accounts.services.support import SupportAct, history_line
from accounts.support_forms import AnyModelForm, SupportForm
from accounts.support_search import closed, opened
from core.errors import ChangedMeanwhile, Refusal

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
else:  # At run time Django's class takes no parameters.
    AnyModelAdmin = admin.ModelAdmin

ROWS_OF_A_PAGE = 50


def address_of(model: type[Model], page: str, *args: object) -> str:
    """Return the address of a support page about a kind of row."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


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
        typed = typed_again(request)
        if typed is not None:
            form.typed_before = typed
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Draw the page; a refused form says so in its status, and what came back says where it comes from."""
        if getattr(context["adminform"].form, "typed_before", None) is not None:
            say_typed_is_back(request)
        has_errors = bool(context["errors"])
        context |= {"has_errors": has_errors, "errors": None, "drawn_for": drawn_for(request)}
        page = super().render_change_form(request, context, *args, **kwargs)
        page.status_code = 422 if has_errors else 200
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


def keep_for_later(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep what was typed while its page asks for a ticket or a proof."""
    values = typed_values(request, is_support=True) if request.method == "POST" else None
    return response if values is None else keep_typed(request, response, user_id=signed_in(request).pk, values=values)


def typed_again(request: HttpRequest) -> QueryDict | None:
    """Return what this member of staff had typed into the page before it had to ask for something, or None."""
    kept = typed_before(request, user_id=signed_in(request).pk) if request.method == "GET" else None
    return None if kept is None else _as_typed(kept)


def say_typed_is_back(request: HttpRequest) -> None:
    """Say where the values of a form come from."""
    messages.info(request, gettext("What you typed is back. Nothing is saved yet."))


def drawn_for(request: HttpRequest) -> str:
    """Return the signed mark of a form that says whose it is, also after the session has ended."""
    return sign_drawn(user_id=signed_in(request).pk, values={})


def _as_typed(values: Mapping[str, list[str]]) -> QueryDict:
    typed = QueryDict(mutable=True)
    for name, given in values.items():
        typed.setlist(name, given)
    return typed
