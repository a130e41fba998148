"""What the system lacks is installed by root on Debian; everybody else is told what to type."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.scripts import DEPLOY, ROOT


def program(folder: Path, name: str, body: str) -> None:
    """Put a small program into a folder, in the place of a link to a real one."""
    file = folder / name
    file.unlink(missing_ok=True)
    file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    file.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return the only programs a script finds: a Debian without Python, used by somebody who is not root."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("sh", "dirname", "cat"):
        (folder / name).symlink_to(str(shutil.which(name)))
    program(folder, "id", "echo 1000")
    program(folder, "apt-get", f'echo "$@" >> "{tmp_path}/installed"')
    return folder


def call(machine: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(DEPLOY / script), *arguments],
        env={"PATH": str(machine)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_person_without_rights_is_told_the_line_to_type(machine: Path) -> None:
    done = call(machine, "environment.sh", str(machine / "venv"))
    assert done.returncode == 1
    assert "sudo apt-get install python3 python3-venv" in done.stderr
    assert not (machine.parent / "installed").exists()


def test_root_gets_what_is_missing(machine: Path) -> None:
    program(machine, "id", "echo 0")
    done = call(machine, "system_packages.sh", "chromium")
    assert done.returncode == 0
    installed = (machine.parent / "installed").read_text(encoding="utf-8").splitlines()
    assert installed[0].startswith("update")
    assert installed[1].endswith("chromium")


def test_other_systems_are_told_the_names(machine: Path) -> None:
    (machine / "apt-get").unlink()
    done = call(machine, "system_packages.sh", "chromium", "make")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("chromium make")


def test_python_without_ensurepip_asks_for_its_own_package(machine: Path) -> None:
    program(machine, "python3.12", 'case "$2" in *ensurepip*) exit 1 ;; esac')
    done = call(machine, "environment.sh", str(machine / "venv"))
    assert done.returncode == 1
    assert "sudo apt-get install python3.12-venv" in done.stderr


def test_old_python_is_passed_over(machine: Path) -> None:
    program(machine, "python3", "exit 1")
    program(machine, "python3.11", 'echo "$@" >> "$0.calls"')
    assert call(machine, "environment.sh", "my venv").returncode == 0
    assert "-m venv --clear my venv" in (machine / "python3.11.calls").read_text(encoding="utf-8")


def test_working_environment_is_left_alone(machine: Path) -> None:
    assert call(machine, "environment.sh", sys.prefix).returncode == 0


def test_help_lists_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    names = set(re.findall(r"^make (\S+)", listed, re.MULTILINE))
    assert names | {"environment", "development"} == set(phony[1].split())
