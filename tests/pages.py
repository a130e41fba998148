"""A test client that looks at every HTML answer: well formed, one heading, labelled fields, nothing inline."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client

XHTML = "{http://www.w3.org/1999/xhtml}"
XLINK = "{http://www.w3.org/1999/xlink}"
URL_ATTRIBUTES = ("href", "src", "action", "formaction", "poster", "data", f"{XLINK}href")
LOCAL_SCHEMES = frozenset({"", "mailto", "tel", "data"})
# A link that somebody wrote into a text; it leads where they want and tells nothing of this page.
GIVES_NOTHING_AWAY = {"noopener", "noreferrer", "nofollow"}
# Fields that a person neither sees nor types into.
UNSEEN_TYPES = frozenset({"hidden", "submit", "button", "reset", "image"})
# A refused form shows again what was typed, control characters included.
PASSED_OVER = frozenset({"invalid-codepoint"})
# Of a list with hundreds of options, each drawn by the same lines, the first few and the chosen one are enough to look
# at.
LONG_LIST = re.compile(r"((?:<option[^<>]*>[^<>]*</option>){3})(?:<option(?![^<>]* selected)[^<>]*>[^<>]*</option>)+")
# What differs among pages that are built alike: words, values, instants and addresses within the portal.
OF_ONE_ANSWER = re.compile(
    r"(?<=>)[^<>]*[^<>\s][^<>]*(?=<)|(?<= value=\")[^\"]+|(?<= datetime=\")[^\"]+|(?<=(?:href|tion)=\"/)(?!/)[^\"]*"
)
# The words that are held against each other.
TITLE_AND_HEADING = re.compile(r"<title>.*?</title>|<h1\b.*?</h1>", re.DOTALL)
_clean = set[bytes]()
ERROR_MARKS = ("Error: ", "Erreur : ", "Erreur\u00a0: ")


class InspectingClient(Client):
    """A client that fails as soon as a page breaks a rule every page keeps.

    Args:
        looks: False in a run on another database, which draws the same pages.
    """

    looks = True

    def request(self, **request: Any) -> Any:
        """Answer as usual, once the page was looked at."""
        response = super().request(**request)
        if self.looks:
            inspect(response, path=str(request.get("PATH_INFO", "")))
        return response


def inspect(response: HttpResponseBase, *, path: str) -> None:
    """Refuse an HTML answer that breaks a rule; other answers pass."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if response.streaming or not is_page or not response.content:  # type: ignore[attr-defined]
        return
    html = response.content.decode()  # type: ignore[attr-defined]
    built = [OF_ONE_ANSWER.sub("…", html), *TITLE_AND_HEADING.findall(html)]
    alike = sha256("\n".join(built).encode()).digest()
    if alike in _clean:
        return
    faults = page_faults(html)
    assert not faults, f"{path} ({response.status_code}): " + "; ".join(faults)
    _clean.add(alike)


@lru_cache(maxsize=4)
def parsed(html: str) -> tuple[Element, tuple[str, ...]]:
    """Return a page as a browser reads it, and what it had to mend; a test asks more than once of the same page."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"))
    page = parser.parse(LONG_LIST.sub(r"\1", html))
    return page, tuple(f"line {where[0]}: {code}" for where, code, _data in parser.errors if code not in PASSED_OVER)


def page_faults(html: str) -> list[str]:
    """Return what is wrong with a page, in words."""
    page, nesting = parsed(html)
    faults = [*_inline_faults(page), *_foreign_faults(page)]
    return [*nesting, *_heading_faults(page), *_id_faults(page), *_label_faults(page), *_form_faults(page), *faults]


def _heading_faults(page: Element) -> Iterator[str]:
    headings = [_words(heading) for heading in _all(page, "h1")]
    if len(headings) != 1:
        yield f"{len(headings)} h1"
        return
    title = _words(next(_all(page, "title"), Element("title")))
    for mark in ERROR_MARKS:
        title = title.removeprefix(mark)
    if not headings[0] or not title.startswith(headings[0]):
        yield f"title {title!r} does not begin with the heading {headings[0]!r}"


def _id_faults(page: Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in page.iter() if element.get("id") is not None)
    yield from (f"id {name!r} {times} times" for name, times in ids.items() if times > 1 or not name)
    for element in page.iter():
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            missing = [name for name in (element.get(attribute) or "").split() if name not in ids]
            yield from (f"{attribute} names {name!r}, which is nowhere" for name in missing)


def _label_faults(page: Element) -> Iterator[str]:
    named = {label.get("for") for label in _all(page, "label") if _words(label)}
    wrapped = {id(control) for label in _all(page, "label") if _words(label) for control in label.iter()}
    for tag in ("input", "select", "textarea"):
        for control in _all(page, tag):
            if tag == "input" and control.get("type", "text") in UNSEEN_TYPES:
                continue
            is_named = control.get("id") in named or id(control) in wrapped
            if not (is_named or control.get("aria-label") or control.get("aria-labelledby")):
                yield f"{tag} {control.get('name')!r} has no label"
    for button in _all(page, "button"):
        if not (_words(button) or button.get("aria-label") or button.get("aria-labelledby")):
            yield "a button has no words"


def _form_faults(page: Element) -> Iterator[str]:
    for form in _all(page, "form"):
        tokens = [field for field in _all(form, "input") if field.get("name") == "csrfmiddlewaretoken"]
        is_post = form.get("method", "get").lower() == "post"
        if is_post and (len(tokens) != 1 or not tokens[0].get("value")):
            yield f"the form for {form.get('action', 'this page')} has {len(tokens)} CSRF fields"
        if not is_post and tokens:
            yield "a form that is sent by GET carries the CSRF token"


def _inline_faults(page: Element) -> Iterator[str]:
    for element in page.iter():
        tag = _tag(element)
        if tag == "style" or (tag == "script" and not _is_outside(element)):
            yield f"inline {tag}"
        for name, value in element.attrib.items():
            if name == "style" or (name.startswith("on") and tag != "option"):
                yield f"{tag} has the attribute {name}"
            if name in URL_ATTRIBUTES and urlsplit(value.strip()).scheme.lower() == "javascript":
                yield f"{tag} leads to a script"


def _is_outside(script: Element) -> bool:
    is_data = script.get("type") == "application/json"
    return bool(script.get("src") or is_data) and (is_data or not (script.text or "").strip())


def _foreign_faults(page: Element) -> Iterator[str]:
    own = urlsplit(settings.PUBLIC_URL).netloc
    for element in page.iter():
        if set((element.get("rel") or "").split()) >= GIVES_NOTHING_AWAY:
            continue
        for name in URL_ATTRIBUTES:
            parts = urlsplit((element.get(name) or "").strip())
            if parts.netloc not in ("", own) or (not parts.netloc and parts.scheme not in LOCAL_SCHEMES):
                yield f"{_tag(element)} leads elsewhere: {parts.scheme}://{parts.netloc}"


def _all(page: Element, tag: str) -> Iterator[Element]:
    return page.iter(f"{XHTML}{tag}")


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
