"""Run the worker that delivers mails and texts."""

import os
from typing import Any

from django.core.management.base import BaseCommand

from core.worker import Worker


class Command(BaseCommand):
    """Work through the queue until told to stop."""

    help = "Run the worker that delivers mails and texts."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; beside a web server started for the demo, end with it."""
        parent = os.environ.get("WORKER_PARENT_PID", "")
        Worker(parent_pid=int(parent) if parent.isdigit() else None).run()
