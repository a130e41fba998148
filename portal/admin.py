"""The support page with everything that staff has changed."""

from django.contrib import admin
from django.contrib.admin import display
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.support_pages import ReadOnlyPage
from core.templatetags.cultures import instant
from portal.support import texts  # noqa: F401  (importing it registers its pages)

# Roles and plans decide here; Django registers its groups by itself.
admin.site.unregister(Group)


@admin.register(LogEntry)
class HistoryPage(ReadOnlyPage):
    """What was changed here, by whom, from what to what, and why."""

    list_display = ("when", "staff", "content_type", "object_repr", "message")
    list_display_links = None
    list_select_related = ("user", "content_type")
    ordering = ("-action_time", "-id")
    sortable_by = ()
    fields = ("when", "staff", "content_type", "object_repr", "message")
    readonly_fields = ("when", "staff", "message")

    @display(description=_("Date"))
    def when(self, entry: LogEntry) -> SafeString:
        """Return the instant, with seconds."""
        return instant(entry.action_time, seconds=True)

    @display(description=_("Support"))
    def staff(self, entry: LogEntry) -> str:
        """Return who changed it."""
        return entry.user.email

    @display(description=_("What changed"))
    def message(self, entry: LogEntry) -> str:
        """Return old and new values and the reason."""
        return entry.get_change_message()

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show it on the first page to whoever may read it."""
        return self.has_view_permission(request)
