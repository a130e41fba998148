"""Browser packages: the few files of node_modules that are served, and the storage that names them by content."""

import fnmatch
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core import checks
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

PACKAGE_FILES = {
    "vendor/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "vendor/inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "vendor/inter-latin-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
    "vendor/hand-caveat.ttf": "@expo-google-fonts/caveat/500Medium/Caveat_500Medium.ttf",
    "vendor/hand-dancing.ttf": "@expo-google-fonts/dancing-script/500Medium/DancingScript_500Medium.ttf",
    "vendor/hand-vibes.ttf": "@expo-google-fonts/great-vibes/400Regular/GreatVibes_400Regular.ttf",
    "vendor/hand-sacramento.ttf": "@expo-google-fonts/sacramento/400Regular/Sacramento_400Regular.ttf",
}
"""Name under the static address → path below node_modules. A file that is not listed is not served."""


class PackageStorage(FileSystemStorage):
    """The listed files, under the names they are served by."""

    def path(self, name: str) -> str:
        """Return where a listed file lies below node_modules.

        Raises:
            KeyError: the name is not listed.
        """
        return str(Path(settings.BASE_DIR, "node_modules", settings.PACKAGE_FILES[name]))


class PackageFinder(BaseFinder):
    """Find the listed files of node_modules and nothing beside them."""

    def __init__(self, app_names: object = None, *args: object, **kwargs: object) -> None:
        self.storage = PackageStorage()

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Name each listed file that is neither installed nor already collected."""
        collected = Path(settings.STATIC_ROOT or "")
        return [
            checks.Error(
                f"{settings.PACKAGE_FILES[name]} is missing from node_modules.",
                hint="Run “npm ci” beside package-lock.json.",
                id="core.staticfiles.E001",
            )
            for name in settings.PACKAGE_FILES
            if not self.storage.exists(name) and not (collected / name).is_file()
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the file's place, or a list of the one place when all are asked for."""
        found = [self.storage.path(path)] if path in settings.PACKAGE_FILES and self.storage.exists(path) else []
        return found if find_all or not found else found[0]

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield each listed name that is not ignored, with the storage that opens it."""
        patterns = tuple(ignore_patterns or ())
        for name in settings.PACKAGE_FILES:
            if not any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns):
                yield name, self.storage


def _without_source_maps(
    patterns: Iterable[tuple[str, tuple[Any, ...]]],
) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """Return Django's rewriting patterns less those that follow a source map."""

    def expression(entry: str | tuple[str, ...]) -> str:
        return entry if isinstance(entry, str) else entry[0]

    return tuple(
        (glob, tuple(entry for entry in entries if "sourceMappingURL" not in expression(entry)))
        for glob, entries in patterns
    )


class ManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """Name files by their content, also in module imports, and leave source maps out.

    Packages mention maps that are not served; Django would take each for a missing file and stop.
    """

    support_js_module_import_aggregation = True
    patterns = _without_source_maps(CompressedManifestStaticFilesStorage.patterns)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """Return the address of a file; it is the same for the life of a process, and a page asks for dozens."""
        if force or name not in self._addresses:
            self._addresses[name] = str(super().url(name, force))
        return self._addresses[name]
