"""What a browser says of itself, in words one can recognize.

Only names of this list are ever repeated: whoever tries a password chooses what their browser says, and a mail of ours
must not carry their words.
"""

from django.utils.translation import gettext

# The first mark that is found decides: most browsers also give the names of older ones.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_in_words(agent: str) -> str:
    """Return what a User-Agent header names: "Firefox on Windows", or that nothing of it is known."""
    return recognized_browser(agent) or gettext("not recognized")


def recognized_browser(agent: str) -> str:
    """Return the browser and the system a User-Agent header names, or nothing."""
    browser, system = (_first(agent, names) for names in (BROWSERS, SYSTEMS))
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system


def _first(agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if mark in agent), "")
