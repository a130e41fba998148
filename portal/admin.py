"""The support page with everything that staff has changed."""

from collections.abc import Iterable

from django.contrib import admin
from django.contrib.admin import display
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.people import signed_in
from accounts.services.opened_records import open_records
from accounts.support_pages import ReadOnlyPage
from core.templatetags.cultures import instant
from licenses.models import License
from portal.support import texts  # noqa: F401  (importing it registers its pages)

# Roles and plans decide here; Django registers its groups by itself.
admin.site.unregister(Group)


@admin.register(LogEntry)
class HistoryPage(ReadOnlyPage):
    """What was changed here, by whom, from what to what, and why."""

    list_display = ("when", "staff", "content_type", "about", "message")
    list_display_links = None
    list_select_related = ("user", "content_type")
    ordering = ("-action_time", "-id")
    sortable_by = ()
    fields = ("when", "staff", "content_type", "about", "message")
    readonly_fields = ("when", "staff", "about", "message")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogEntry]:
        """Know of each line whether it is about a customer whose record is closed to whoever looks."""
        opened = list(open_records(staff=signed_in(request)).values_list("customer", flat=True))
        licenses = License.objects.filter(holder__in=opened).values_list("pk", flat=True)
        is_open = _is_about(User, opened) | _is_about(License, licenses) | ~_is_about(User) & ~_is_about(License)
        lines: QuerySet[LogEntry] = super().get_queryset(request)
        return lines.annotate(is_open=ExpressionWrapper(is_open, BooleanField()))

    @display(description=_("Date"))
    def when(self, entry: LogEntry) -> SafeString:
        """Return the instant, with seconds."""
        return instant(entry.action_time, seconds=True)

    @display(description=_("Support"))
    def staff(self, entry: LogEntry) -> str:
        """Return who changed it."""
        return entry.user.email

    @display(description=_("About"))
    def about(self, entry: LogEntry) -> str:
        """Return what was changed; of a closed record only its number."""
        return entry.object_repr if getattr(entry, "is_open", False) else f"№ {entry.object_id}"

    @display(description=_("What changed"))
    def message(self, entry: LogEntry) -> str:
        """Return old and new values and the reason; of a closed record nothing."""
        return entry.get_change_message() if getattr(entry, "is_open", False) else gettext("open the record to read it")

    def has_view_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        """Keep the page of a line closed where it names a customer whose record is."""
        return super().has_view_permission(request, obj) and (obj is None or getattr(obj, "is_open", False))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show it on the first page to whoever may read it."""
        return self.has_view_permission(request)


def _is_about(model: type[Model], keys: Iterable[int] | None = None) -> Q:
    """Return the condition for lines about rows of a model, or about some of them."""
    named = Q(content_type__app_label=model._meta.app_label, content_type__model=model._meta.model_name)
    return named if keys is None else named & Q(object_id__in=[str(key) for key in keys])
