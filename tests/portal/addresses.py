"""Every address of the portal, made from its URLconf."""

from collections.abc import Iterator

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, resolve, reverse
from django.urls.converters import UUIDConverter

NOBODYS = "00000000-0000-4000-8000-000000000000"


def all_addresses() -> dict[str, str]:
    """Return the address of every URL name, arguments filled in; the support pages included."""
    return dict(_walk(get_resolver()))


def takes_files(address: str) -> bool:
    """Tell whether the page of an address takes files, and so checks the form's token itself."""
    return getattr(resolve(address).func, "takes_files", False)


def _walk(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern) and entry.name:
            name = f"{namespace}{entry.name}"
            given = dict.fromkeys(entry.pattern.regex.groupindex, "1") | {"app_label": "accounts", **_identities(entry)}
            arguments = {key: given[key] for key in entry.pattern.regex.groupindex}
            try:
                yield name, reverse(name, kwargs=arguments)
            except NoReverseMatch:
                yield name, reverse(name, args=["1"] * entry.pattern.regex.groups)


def _identities(entry: URLPattern) -> dict[str, str]:
    """Return a value for each part of an address that must be a UUID."""
    converters = getattr(entry.pattern, "converters", {})
    return {part: NOBODYS for part, converter in converters.items() if isinstance(converter, UUIDConverter)}
