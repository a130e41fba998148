"""Django's tags for translating, with a fixed text of a template translated once for each language.

This library takes the name of Django's own: every template that loads `i18n` has it. A page holds some forty fixed
texts, and looking each up anew costs as much as its queries. Source: docs/decisions/0014-account-page.md
"""

from typing import Any

from django import template
from django.template import Context, Node
from django.template.base import Parser, Token, Variable
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags |= i18n.register.tags
register.filters |= i18n.register.filters


class FixedText(Node):
    """A text that stands in the template itself and so is the same for everybody who reads one language.

    Args:
        translation: Django's node, which translates it.
        name: of the variable that takes it, or None where it is written.
    """

    child_nodelists = ()

    def __init__(self, translation: i18n.TranslateNode, name: str | None) -> None:
        self.translation = translation
        self.name = name
        self.kept: dict[str | None, Any] = {}

    def render(self, context: Context) -> Any:
        """Write the text in the language of now, or give it to its variable."""
        language = get_language()
        text = self.kept.get(language)
        if text is None:
            text = self.kept[language] = self.translation.render(context)
        if self.name is None:
            return text
        context[self.name] = text
        return ""


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """Translate a text as Django's tag does; a fixed one is kept."""
    node = i18n.do_translate(parser, token)
    if not _is_fixed(node):
        return node
    name, node.asvar = node.asvar, None
    return FixedText(node, name)


def _is_fixed(node: i18n.TranslateNode) -> bool:
    """Tell whether neither the text nor what it is about is taken from a variable or changed by a filter."""
    parts = [part for part in (node.filter_expression, node.message_context) if part is not None]
    return not node.noop and not any(part.filters for part in parts) and all(_is_literal(part.var) for part in parts)


def _is_literal(var: object) -> bool:
    return isinstance(var.literal if isinstance(var, Variable) else var, str)
