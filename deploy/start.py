"""Prepare the portal and become its web server.

Usage, with the virtual environment's Python: `python deploy/start.py [--demo-items NUMBER]`.
Source: docs/decisions/0011-two-commands.md
"""

import argparse
import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from portal.env import Env, SettingRefused  # noqa: E402

FIRST_PORT, LAST_PORT = 8000, 65535

COMMANDS = [
    ["catalogs", "compile"],
    ["migrate", "--verbosity", "0"],
    ["collectstatic", "--noinput", "--verbosity", "0"],
]


def main() -> None:
    """Check the port, prepare database and files, and hand the process over to gunicorn."""
    parser = argparse.ArgumentParser(description="Prepare the portal and become its web server.")
    parser.add_argument("--demo-items", type=int, help="let nobody of a demo that is made now have sent more than this")
    demo_items = parser.parse_args().demo_items
    try:
        env = Env.read(ROOT)
        refuse_busy_port(env.text("HOST", "127.0.0.1"), env.integer("PORT", FIRST_PORT, 1, LAST_PORT))
        is_demo = env.choice("PORTAL_ENV", ("demo", "production"), "demo") == "demo"
    except SettingRefused as refusal:
        sys.exit(str(refusal))
    if is_demo:
        create_keys()
    manage([*COMMANDS, *demo_commands(demo_items)] if is_demo else COMMANDS)
    become_server()


def demo_commands(most_items: int | None) -> list[list[str]]:
    """Return the commands that make the demo and say who is in it; each may be run again and again.

    Args:
        most_items: that anybody sent; None for a whole year of each.
    """
    limit = [] if most_items is None else ["--items", str(most_items)]
    return [["load_demo_data", *limit], ["demo_accounts"]]


def refuse_busy_port(host: str, port: int) -> None:
    """Leave with one line when another program listens on the port, or nobody may."""
    bare = host.strip("[]")
    with socket.socket(socket.AF_INET6 if ":" in bare else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bare, port))
        except OSError as error:
            sys.exit(sentence_about_port(port, error.errno))


def sentence_about_port(port: int, reason: int | None) -> str:
    """Say why the port cannot be had and what to type instead."""
    if reason == errno.EADDRINUSE:
        other = port + 1 if port < LAST_PORT else FIRST_PORT
        return f"Port {port} is used by another program. Choose another one: make run PORT={other}"
    if reason == errno.EACCES:
        return f"Port {port} is kept for the system. Choose another one: make run PORT={FIRST_PORT}"
    return "HOST must be an address of this machine."


def create_keys() -> None:
    """Create the keys that are missing, in a process of its own: Django's settings cannot be read without them."""
    code = subprocess.run([sys.executable, "manage.py", "create_keys"], cwd=ROOT, check=False).returncode
    if code:
        sys.exit(code)


def manage(wanted: list[list[str]]) -> None:
    """Run administrative commands in this process, since loading Django takes longer than most of them.

    Leave with one line when a setting, a command or the database refuses.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError, call_command
    from django.db import OperationalError, connections

    try:
        django.setup()
        # A pool would ask again for ten seconds and then not say why there is no connection.
        settings.DATABASES["default"]["OPTIONS"].pop("pool", None)
        for command in wanted:
            call_command(*command)
    except (ImproperlyConfigured, CommandError) as refusal:
        sys.exit(str(refusal))
    except OperationalError as fault:
        sys.exit(sentence_about_database(str(fault), settings.DATABASES["default"].get("PASSWORD", "")))
    connections.close_all()


def sentence_about_database(said: str, password: str) -> str:
    """Say in one line why the database cannot be used.

    Args:
        said: by the database or its driver; the password, where it is in it, is left out.
    """
    shown = said.replace(password, "…") if password else said
    return f"The database cannot be used: {' '.join(shown.split())}"


def become_server() -> None:
    """Replace this process by gunicorn, which starts the worker and ends it."""
    os.chdir(ROOT)
    os.environ["PORTAL_STARTS_WORKER"] = "yes"
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "portal.wsgi"])


if __name__ == "__main__":
    main()
