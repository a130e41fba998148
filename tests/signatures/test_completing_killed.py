"""A worker killed at any point of a sealing: one sealed file, completed once. Statements 153 and 160.

A sweep of instants behind the claim stands for the points, since nothing in the portal knows that it is being tested.
"""

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.core.sealer.test_serving import eventually
from tests.deploy.scripts import ROOT
from tests.deploy.test_server import PATIENCE_SECONDS, environment
from tests.signatures.signing import seal_process

__all__ = ["environment"]

pytestmark = [
    pytest.mark.xdist_group("server"),
    pytest.mark.skipif(bool(os.environ.get("TEST_DATABASE_URL")), reason="an installation of its own, on SQLite, once"),
]

# Behind the claim; sealing a document takes hundreds of milliseconds on the fastest of machines.
KILLED_AFTER_MS = (0, 10, 25, 45, 70, 100, 130, 165, 205, 250)
SEAL = """
from pathlib import Path
from django.conf import settings
folder = Path({folder!r})
settings.SEAL_IS_DEMO, settings.TSA_URL, settings.TSA_CERTIFICATES = True, "", None
settings.SEAL_CERTIFICATE, settings.SEAL_KEY = folder / "chain.pem", folder / "key.pem"
settings.SEAL_SOCKET = folder / "s"
"""
SIGNED_BY_ALL = """
from accounts.choices import RoleType
from accounts.services.organizations import Beginnings, Person, create_organization, create_user
from core.db import database_now
from licenses.models import Plan
from licenses.services.pool import add_licenses, assign_free_license
from tests.signatures.signing import ZOE, ask, opened, sign_all

beginnings = Beginnings(language="en", time_zone="America/Toronto", date_culture="en-CA", default_sms_country="CA")
organization = create_organization(name="Harbour", beginnings=beginnings)
user = create_user(
    organization=organization, person=Person("robin@demo.example", "Robin", "Roy"), role_type=RoleType.STANDARD
)
plan = Plan.objects.get(code="pro")
add_licenses(organization=organization, plan=plan, count=1, starts_at=database_now())
assign_free_license(organization=organization, plan=plan, holder=user)
asked = ask(user, [ZOE])
sign_all(opened(asked))
"""
WORK = """
from signatures.services.completing import complete_what_waits
complete_what_waits()
"""
FREE = "UPDATE signatures_signaturerequest SET next_try_at = '2026-01-01 00:00:00' WHERE next_try_at IS NOT NULL"


class Installation:
    """A portal of its own, whose worker is one process for one round."""

    def __init__(self, environment: dict[str, str], seal_folder: Path) -> None:
        self.environment, self.seal = environment, SEAL.format(folder=str(seal_folder))
        self.database = Path(environment["PORTAL_DATA_DIR"]) / "portal.sqlite3"

    def run(self, script: str) -> None:
        subprocess.run(self._command(script), cwd=ROOT, env=self.environment, check=True, timeout=PATIENCE_SECONDS)

    def work_and_kill(self, after_ms: int) -> bool:
        """Let a worker claim the request, kill it so long afterwards, and tell whether it was still sealing."""
        before = self.claim()
        worker = subprocess.Popen(self._command(WORK), cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL)
        assert eventually(lambda: self.claim() != before)
        time.sleep(after_ms / 1000)
        worker.kill()
        worker.wait(timeout=PATIENCE_SECONDS)
        return self.claim()[0] == "sealing"

    def claim(self) -> tuple[object, ...]:
        (found,) = self.ask("SELECT stage, claim FROM signatures_signaturerequest")
        return found

    def free(self) -> None:
        """Let the claim of a killed worker end, as time does."""
        with sqlite3.connect(self.database, timeout=PATIENCE_SECONDS) as line:
            line.execute(FREE)

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.database, timeout=PATIENCE_SECONDS) as line:
            return line.execute(statement).fetchall()

    def _command(self, script: str) -> list[str]:
        return [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", self.seal + script]


def test_one_sealed_file_however_often_the_worker_is_killed(environment: dict[str, str]) -> None:
    with seal_process() as folder:
        portal = Installation(environment, folder)
        portal.run(SIGNED_BY_ALL)
        killed_at_work = 0
        for after_ms in KILLED_AFTER_MS:
            killed_at_work += portal.work_and_kill(after_ms)
            portal.free()
        portal.run(WORK)
        assert killed_at_work >= 8, "hardly a worker was still sealing: the instants are too late"
        assert portal.ask("SELECT stage FROM signatures_signaturerequest") == [("completed",)]
        assert portal.ask("SELECT COUNT(*) FROM items_return WHERE kind = 'signed'") == [(1,)]
        assert portal.ask("SELECT COUNT(*) FROM signatures_sealeddocument") == [(1,)]
        assert portal.ask("SELECT COUNT(*) FROM items_event WHERE kind = 'item:signature:sealed'") == [(1,)]
        check = [sys.executable, "manage.py", "check_invariants"]
        found = subprocess.run(
            check, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )
        assert found.returncode == 0, found.stdout
