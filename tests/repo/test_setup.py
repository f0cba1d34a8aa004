"""`scripts/setup` on machines where something lacks, played with commands of our own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repo.house import ROOT

LACKING = "warren-lacks-this"


class Machine:
    """A copy of the checkout that wants a command that no machine has."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.bin = root / "bin"
        self.bin.mkdir()
        (root / "scripts").mkdir()
        shutil.copy(ROOT / "scripts" / "setup", root / "scripts")
        shutil.copy(ROOT / "pyproject.toml", root)
        (root / "scripts" / "packages").write_text(
            f"# a comment\n{LACKING} lacking-package run\nsh dash run\nnone x bench\n"
        )

    def write_command(self, name: str, script: str) -> None:
        """Put a command before all others."""
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def pretend_ready(self) -> None:
        """Put an environment there as setup leaves it."""
        (self.root / ".venv" / "bin").mkdir(parents=True)
        (self.root / ".venv" / "bin" / "python").symlink_to(sys.executable)
        (self.root / ".venv" / "bin" / "warren").symlink_to(sys.executable)
        (self.root / ".venv" / ".ready").write_text(f"{self.root}\n\n{(self.root / 'pyproject.toml').read_text()}")

    def setup(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run setup as it is run without a terminal."""
        return subprocess.run(
            [self.root / "scripts" / "setup", *arguments],
            env={"PATH": f"{self.bin}:{os.environ['PATH']}", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine whose environment is ready and whose packages are not."""
    machine = Machine(tmp_path)
    machine.pretend_ready()
    machine.write_command("id", "echo 1000")
    machine.write_command("apt-get", f'echo "$@" >> {tmp_path}/calls')
    return machine


def test_a_user_is_told_the_one_command(machine: Machine) -> None:
    machine.write_command("sudo", "exit 1")
    done = machine.setup()
    assert done.returncode == 1
    told = done.stderr.splitlines()[-1]
    assert told == "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends lacking-package'"
    assert not (machine.root / "calls").exists()


def test_root_installs_without_being_asked(machine: Machine) -> None:
    machine.write_command("id", "echo 0")
    machine.write_command("apt-get", f'echo "$@" >> {machine.root}/calls; ln -sf /bin/true {machine.bin}/{LACKING}')
    assert machine.setup().returncode == 0
    update, install = (machine.root / "calls").read_text().splitlines()
    assert update.endswith("update")
    assert install.startswith("install -y")
    assert install.endswith("lacking-package")


def test_an_install_that_brings_nothing_is_noticed(machine: Machine) -> None:
    machine.write_command("id", "echo 0")
    done = machine.setup()
    assert done.returncode == 1
    assert "still not found: lacking-package" in done.stderr


def test_a_failed_install_shows_what_apt_said(machine: Machine) -> None:
    machine.write_command("id", "echo 0")
    machine.write_command("apt-get", "echo no such package; exit 100")
    done = machine.setup()
    assert done.returncode == 1
    assert "no such package" in done.stderr
    assert "setup: apt-get could not install: lacking-package" in done.stderr


def test_nothing_is_done_when_all_is_there(machine: Machine) -> None:
    machine.write_command(LACKING, "")
    done = machine.setup()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (machine.root / "calls").exists()


def test_python_alone_asks_for_no_package(machine: Machine) -> None:
    done = machine.setup("dev", PYTHON="/nowhere/python3")
    assert "lacking-package" not in done.stderr


def test_an_unfit_python_is_named(machine: Machine) -> None:
    machine.write_command(LACKING, "")
    machine.write_command("old-python", "exit 1")
    done = machine.setup(PYTHON="old-python")
    assert done.returncode == 1
    assert "PYTHON=old-python is no Python 3.11 or newer" in done.stderr


def test_a_changed_project_file_is_installed_again(machine: Machine) -> None:
    machine.write_command(LACKING, "")
    with (machine.root / "pyproject.toml").open("a") as file:
        file.write("this is not TOML\n")
    done = machine.setup()
    assert done.returncode == 1
    assert "setup: pip could not install warren" in done.stderr


def test_an_unknown_purpose_is_refused(machine: Machine) -> None:
    done = machine.setup("everything")
    assert done.returncode == 1
    assert 'unknown purpose "everything"' in done.stderr
