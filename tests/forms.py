"""What a browser would send: the fields of a form as a page holds them."""

from xml.etree.ElementTree import Element

from django.http import HttpResponseBase

from tests.pages import XHTML, parsed


def form_values(response: HttpResponseBase, action: str | None) -> dict[str, str]:
    """Return the values of a page's form as a browser would post them untouched.

    Args:
        action: address the form is sent to; None for a form that is sent to its own page.
    """
    page, _mended = parsed(response.content.decode())  # type: ignore[attr-defined]
    forms = [form for form in page.iter(f"{XHTML}form") if form.get("action") == action]
    assert forms, f"no form for {action}"
    values: dict[str, str] = {}
    for control in forms[-1].iter():
        name, value = control.get("name", ""), _value(control)
        if name and value is not None and control.get("disabled") is None:
            values[name] = value
    return values


def text_of(response: HttpResponseBase, element_id: str) -> str:
    """Return the words inside one element of a page, blanks folded."""
    page, _mended = parsed(response.content.decode())  # type: ignore[attr-defined]
    found = [element for element in page.iter() if element.get("id") == element_id]
    assert len(found) == 1, f"{len(found)} elements with id {element_id}"
    return " ".join("".join(found[0].itertext()).split())


def _value(control: Element) -> str | None:
    tag = control.tag.removeprefix(XHTML)
    if tag == "textarea":
        return control.text or ""
    if tag == "select":
        chosen = [option for option in control.iter(f"{XHTML}option") if option.get("selected") is not None]
        return chosen[0].get("value", "") if chosen else None
    if tag != "input" or control.get("type") in ("submit", "button"):
        return None
    if control.get("type") in ("checkbox", "radio") and control.get("checked") is None:
        return None
    return control.get("value", "on" if control.get("type") == "checkbox" else "")
