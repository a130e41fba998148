"""Show references as people read them."""

from django import template

from messaging.items.references import shown_reference

register = template.Library()
register.filter("in_groups", shown_reference)
