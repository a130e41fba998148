"""The addresses of the steps that every product's links have."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging.items.services.visiting import Visit
from messaging.items.views import outside
from messaging.items.views.outside import Steps, View, not_indexed, visited

takes_forms = require_http_methods(["GET", "HEAD", "POST"])


def step_paths(prefix: str, steps: Steps) -> list[URLPattern]:
    """Return the addresses of the page of a link, its fragment, its proof and its codes.

    Args:
        prefix: first part of the addresses; those below it that a product adds come before these.
    """

    def link(request: HttpRequest, locator: str) -> HttpResponse:
        """Show the page that every link has, and take the secret of this one."""
        return outside.take_link(request, locator, steps)

    def link_fragment(_request: HttpRequest, locator: str, secret: str) -> HttpResponse:
        """Lead a link whose # became %23 on its way to itself."""
        return outside.to_fragment(locator, secret, steps)

    below = f"{prefix}/<str:locator>"
    fragment = f"^{prefix}/(?P<locator>[^/#]*)#(?P<secret>.*)$"
    return [
        path(f"{below}/proof", _step(outside.ask_proof, steps, takes_forms), name="link_proof"),
        path(f"{below}/code", _step(outside.send_code, steps, require_POST), name="link_code_send"),
        path(f"{below}/no-code", _step(outside.tell_missing, steps, require_POST), name="link_code_missing"),
        re_path(fragment, public(require_safe(link_fragment)), name="link_fragment"),
        path(below, public(takes_forms(link)), name="link"),
    ]


def public(view: View) -> View:
    """Let people without an account in, and search engines not."""
    marked: View = login_not_required(not_indexed(view))
    return marked


def _step(step: View, steps: Steps, takes: Callable[[View], View]) -> View:
    @visited(steps, is_opened=False, is_done=steps.is_done_proven)
    def answer(request: HttpRequest, visit: Visit) -> HttpResponseBase:
        return step(request, visit, steps)

    return public(takes(answer))
