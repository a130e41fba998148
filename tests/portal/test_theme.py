"""The theme keeps its promises: two equal dark blocks, colors as tokens only, enough contrast, sheets one can read."""

import re
from pathlib import Path

import pytest

SHEETS = Path(__file__).parents[2] / "static" / "css"
THEME = (SHEETS / "theme.css").read_text()
COLOR = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(", re.IGNORECASE)
SURFACES = ("canvas", "surface", "sunken", "hover", "selected")
READING_CONTRAST, CONTROL_CONTRAST = 4.5, 3.0


def block_after(heading: str) -> str:
    """Return the declarations of the first rule whose selector is the heading."""
    start = THEME.index(f"{heading} {{") + len(heading) + 2
    return THEME[start : THEME.index("}", start)]


def declarations(block: str) -> dict[str, str]:
    plain = re.sub(r"/\*.*?\*/", "", block, flags=re.DOTALL)
    pairs = (line.partition(":") for line in plain.split(";") if ":" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


LIGHT = declarations(block_after(":root"))
DARK = LIGHT | declarations(block_after(':root[data-bs-theme="dark"]'))


def resolved(tokens: dict[str, str], name: str) -> str:
    value = tokens[f"--{name}"]
    reference = re.fullmatch(r"var\(--(.+)\)", value)
    return resolved(tokens, reference[1]) if reference else value


def luminance(color: str) -> float:
    """Return the relative luminance of a color given as #rgb or #rrggbb.

    Source: WCAG 2.2, definition of relative luminance
    """
    digits = color.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_dark_by_the_system_and_dark_by_the_switch_are_the_same() -> None:
    by_system = declarations(block_after(':root:not([data-bs-theme="light"])'))
    by_switch = declarations(block_after(':root[data-bs-theme="dark"]'))
    assert by_system == by_switch
    assert by_switch["color-scheme"] == "dark"


def test_black_on_white_has_the_contrast_of_the_standard() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("text", ["text", "text-2", "text-3", "action-text", "danger-text"])
def test_text_can_be_read_on_every_surface(tokens: dict[str, str], surface: str, text: str) -> None:
    assert contrast(resolved(tokens, text), resolved(tokens, surface)) >= READING_CONTRAST


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("meaning", ["danger", "warn", "info", "good", "neutral"])
def test_a_meaning_can_be_read_on_its_soft_ground(tokens: dict[str, str], meaning: str) -> None:
    ground = resolved(tokens, f"{meaning}-soft")
    assert contrast(resolved(tokens, f"{meaning}-text"), ground) >= READING_CONTRAST
    assert contrast(resolved(tokens, "text"), ground) >= READING_CONTRAST


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_buttons_can_be_read_and_outlines_seen(tokens: dict[str, str]) -> None:
    for ground in ("action", "action-hover", "action-active", "danger", "danger-hover"):
        assert contrast(resolved(tokens, "on-action"), resolved(tokens, ground)) >= READING_CONTRAST, ground
    assert contrast(resolved(tokens, "on-action-2"), resolved(tokens, "action")) >= READING_CONTRAST
    for line in ("control-line", "focus", "accent"):
        assert contrast(resolved(tokens, line), resolved(tokens, "surface")) >= CONTROL_CONTRAST, line


# These set tokens: our own ones, and those of Django's admin, which does not load the theme.
SETTING_TOKENS = {"theme.css", "support.css"}


@pytest.mark.parametrize("name", sorted({sheet.name for sheet in SHEETS.glob("*.css")} - SETTING_TOKENS))
def test_a_color_outside_the_theme_is_a_token(name: str) -> None:
    without_images = re.sub(r'url\("data:[^"]*"\)', "", (SHEETS / name).read_text())
    assert COLOR.findall(without_images) == []


def test_every_token_that_is_used_is_defined() -> None:
    everything = "".join(sheet.read_text() for sheet in SHEETS.glob("*.css"))
    defined = set(re.findall(r"(--[a-z0-9-]+):", everything))
    assert set(re.findall(r"var\((--[a-z0-9-]+)\)", everything)) - defined == set()


def test_a_sheet_fits_into_one_reading() -> None:
    lines = {sheet.name: len(sheet.read_text().splitlines()) for sheet in SHEETS.glob("*.css")}
    assert {name: count for name, count in lines.items() if count > 420} == {}
