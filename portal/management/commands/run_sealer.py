"""Run the sealer, which holds the key of the seal and signs digests with it."""

import os
import pwd
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.sealer.files import SealFileRefused, check_pair, read_chain_file, read_key_file
from core.sealer.serving import Sealer, SocketTaken


class Command(BaseCommand):
    """Sign digests until told to stop."""

    help = "Run the sealer, which holds the key of the seal."
    # They look at the portal's own keys, which the sealer's user cannot read.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the key and run; beside a web server started for the demo, end with it."""
        if settings.SEAL_CERTIFICATE is None or settings.SEAL_KEY is None:
            raise CommandError("SEAL_CERTIFICATE and SEAL_KEY are not given, so there is nothing to seal with.")
        parent = os.environ.get("WORKER_PARENT_PID", "")
        setting = "SEAL_CERTIFICATE"
        try:
            chain = read_chain_file(settings.SEAL_CERTIFICATE)
            setting = "SEAL_KEY"
            key = read_key_file(settings.SEAL_KEY)
            check_pair(key, chain)
            setting = "SEAL_SOCKET"
            Sealer(
                key,
                path=settings.SEAL_SOCKET,
                user=self._worker(),
                parent_pid=int(parent) if parent.isdigit() else None,
            ).run()
        except (SealFileRefused, SocketTaken) as refusal:
            raise CommandError(f"{setting} {refusal}") from None

    def _worker(self) -> int:
        named: str = settings.SEAL_WORKER
        if not named:
            return os.geteuid()
        try:
            return int(named) if named.isdigit() else pwd.getpwnam(named).pw_uid
        except KeyError:
            raise CommandError("SEAL_WORKER must be a user of this system, by name or number.") from None
