"""A seal for tests that ask somebody to sign, and the process that sets it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.signatures.signing import seal_process


@pytest.fixture(scope="package")
def seal_folder() -> Iterator[Path]:
    """The process with the key of a demo runs while its folder is wanted."""
    with seal_process() as folder:
        yield folder


@pytest.fixture
def sealing(seal_folder: Path, settings: Settings) -> Path:
    """Documents are sealed here, by a demo's key and without a time-stamp server."""
    settings.SEAL_IS_DEMO = True
    settings.SEAL_CERTIFICATE, settings.SEAL_KEY = seal_folder / "chain.pem", seal_folder / "key.pem"
    settings.SEAL_SOCKET = seal_folder / "s"
    settings.TSA_URL, settings.TSA_CERTIFICATES = "", None
    return seal_folder
