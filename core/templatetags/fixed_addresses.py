"""Django's `url` tag, with the address of a page that needs no arguments looked up once.

Source: docs/decisions/0014-account-page.md
"""

from django import template
from django.template import Context, Node
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.urls import get_script_prefix, get_urlconf

register = template.Library()


class FixedAddress(Node):
    """The address of a page that has one alone; Django's node finds it."""

    child_nodelists = ()

    def __init__(self, found: URLNode) -> None:
        self.found = found
        self.kept: dict[tuple[str | None, str], str] = {}

    def render(self, context: Context) -> str:
        """Write the address below the prefix of now."""
        place = get_urlconf(), get_script_prefix()
        if place not in self.kept:
            self.kept[place] = self.found.render(context)
        return self.kept[place]


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """Find an address as Django's tag does; one without arguments is kept."""
    node = django_url(parser, token)
    name = node.view_name
    is_fixed = isinstance(name.var, str) and not (name.filters or node.args or node.kwargs or node.asvar)
    return FixedAddress(node) if is_fixed else node
