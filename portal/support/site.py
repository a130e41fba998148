"""The admin site: its sign-in page only redirects, and whoever is no staff finds nothing there.

Source: docs/decisions/0015-support-pages.md
"""

from functools import wraps
from typing import Any, NoReturn

from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import User


class SupportSite(AdminSite):
    """Support staff's pages; only a session with a second factor gets in."""

    site_header = site_title = _("Support")
    index_title = _("Customers, licenses and plans")
    enable_nav_sidebar = False
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in active staff whose session was begun with a second factor."""
        user = request.user
        return isinstance(user, User) and user.is_active and user.is_staff and user.is_verified()  # type: ignore[attr-defined]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Show whoever is signed in without being let in that there is nothing here."""
        guarded = require_http_methods(["GET", "HEAD", "POST"])(super().admin_view(view, cacheable))

        @wraps(guarded)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return guarded(request, *args, **kwargs)

        return inner

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead strangers to the portal's sign-in; there is nothing here for anybody else."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        wanted = request.GET.get("next", "") or resolve_url("admin:index")
        return HttpResponseRedirect(f"{resolve_url('accounts:sign_in')}?{urlencode({'next': wanted})}")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> NoReturn:
        """Signing out is the portal's own button."""
        raise Http404

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> NoReturn:
        """A password is changed on the portal's own page."""
        raise Http404

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Call a group of pages by its name alone."""
        group = apps.app_configs.get(app_label)
        title = {"title": group.verbose_name} if group is not None else {}
        return super().app_index(request, app_label, {**title, **(extra_context or {})})

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """No form here looks people up while one types."""
        raise Http404
