"""Name the methods of sessions and of the security log in pages."""

from django import template

from accounts import methods

register = template.Library()
register.filter(methods.method_in_words)
