"""Show texts that somebody wrote: as text, in paragraphs, with links that give nothing away."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

register = template.Library()

# Only the two schemes of the web; what ends a sentence or closes a bracket does not belong to the address.
ADDRESS = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]}»]", re.IGNORECASE)
PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


@register.filter
def in_paragraphs(text: str) -> SafeString:
    """Show a text as paragraphs; addresses of the web become links, nothing else of it is more than text."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return SafeString("".join(f"<p>{_lines(part)}</p>" for part in PARAGRAPHS.split(whole) if part.strip()))


def _lines(part: str) -> str:
    return "<br>".join(_with_links(line) for line in part.split("\n"))


def _with_links(line: str) -> str:
    shown, position = list[str](), 0
    for found in ADDRESS.finditer(line):
        address = escape(found.group())
        shown.append(escape(line[position : found.start()]))
        shown.append(f'<a href="{address}" rel="noopener noreferrer nofollow" target="_blank">{address}</a>')
        position = found.end()
    return "".join([*shown, escape(line[position:])])
