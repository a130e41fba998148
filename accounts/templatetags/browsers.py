"""Name browsers in pages and mails."""

from django import template

from accounts import browsers

register = template.Library()
register.filter(browsers.browser_in_words)
