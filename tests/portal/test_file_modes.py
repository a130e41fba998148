"""What the portal keeps can be read by its own user alone, whatever the shell allows."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

OPEN_DATABASE = """
import django
django.setup()
from pathlib import Path
from django.conf import settings
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("create table probe (x integer)")
for path in sorted(Path(settings.DATA_DIR).glob("portal.sqlite3*")):
    print(path.name, oct(path.stat().st_mode & 0o777))
"""


def test_data_directory_and_database_are_closed_to_others(tmp_path: Path) -> None:
    data = tmp_path / "data"
    environment = os.environ | {"PORTAL_DATA_DIR": str(data), "PORTAL_KEY_DIR": str(data / "keys")}
    environment |= {"DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "portal.settings"}

    def run(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True, umask=0o022
        )
        return done.stdout

    run("manage.py", "create_keys")
    assert data.stat().st_mode & 0o777 == 0o700
    assert run("-c", OPEN_DATABASE).splitlines() == [
        "portal.sqlite3 0o600",
        "portal.sqlite3-shm 0o600",
        "portal.sqlite3-wal 0o600",
    ]
