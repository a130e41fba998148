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
    """Return the browser and the system a User-Agent header names: "Firefox, Windows"."""
    known = [_first(agent, names) for names in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, known)) or gettext("not recognized")


def _first(agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if mark in agent), "")
