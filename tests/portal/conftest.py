"""The portal's tests begin with an empty outbox."""

import shutil

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def empty_outbox() -> None:
    """Take away what earlier tests delivered."""
    shutil.rmtree(settings.DATA_DIR / "outbox", ignore_errors=True)
