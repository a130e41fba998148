"""Addresses that must lead nobody away, whichever parameter carries them."""

EVIL_REDIRECTS = [
    *("//evil.example", "///evil.example", "////evil.example/x", "//evil.example@testserver", "//[::1]/x"),
    *("/\\evil.example", "\\\\evil.example", "/\\/evil.example", "http:\\\\evil.example", "/\x01/evil.example\\"),
    *("https:evil.example", "https:/evil.example", "https://evil.example", "HTTPS://evil.example"),
    *("http:///evil.example", "https://testserver@evil.example", "//testserver.evil.example"),
    *("http://testserver:80@evil.example", "https://[evil.example", "http://evil.example%2f%2f"),
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "ftp://evil.example"),
    *("\t//evil.example", " //evil.example", "\n//evil.example", "/\t/evil.example", "/\n/evil.example"),
    *("/\r\n/evil.example", "\x00//evil.example", "//\u3002evil.example", "//evil\u3002example"),
    *("evil.example", "evil.example/account/", "account/", "?next=//evil.example", ";//evil.example", "@evil.example"),
    "//" + "a" * 5_000,
]


def leads_away(location: str) -> bool:
    """Tell whether a browser would leave the portal at this Location."""
    plain = location.replace("\t", "").replace("\n", "").replace("\r", "").strip()
    return not plain.startswith("/") or plain.startswith(("//", "/\\")) or "\\" in plain.partition("?")[0]
