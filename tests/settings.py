"""Settings of the tests: a data directory of their own, real databases, files as outbox."""

import atexit
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

_data_dir = Path(tempfile.mkdtemp(prefix="portal-tests-"))
(_data_dir / "static").mkdir()  # WhiteNoise warns of a missing folder, and warnings are errors
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ |= {
    "PORTAL_ENV": "demo",
    "PORTAL_DATA_DIR": str(_data_dir),
    "PORTAL_KEY_DIR": str(_data_dir / "keys"),
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", f"sqlite:///{_data_dir / 'portal.sqlite3'}"),
    "CACHE_URL": os.environ.get("TEST_CACHE_URL", ""),
    "PUBLIC_URL": "http://testserver",
    "EMAIL_URL": "outbox:",
    "SMS_URL": "outbox:",
}


from core.keys import create_missing_keys  # noqa: E402

create_missing_keys(_data_dir / "keys", datetime.now(UTC).date())

from portal.settings import *  # noqa: E402, F403
from portal.settings import DATABASES  # noqa: E402

# A file, not shared memory: real connections of several threads must be able to wait for each other.
DATABASES["default"]["TEST"] = {"NAME": str(_data_dir / "test.sqlite3")}
if "postgres" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": f"test_portal_{os.getpid()}"}
    DATABASES["default"]["OPTIONS"].pop("pool", None)
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
