"""The portal's tests begin with an empty outbox."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def empty_outbox() -> Iterator[None]:
    """Take away what earlier tests delivered."""
    shutil.rmtree(settings.DATA_DIR / "outbox", ignore_errors=True)
    yield
