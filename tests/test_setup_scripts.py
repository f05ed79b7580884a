"""The set-up scripts on made-up machines: a PATH that holds only what the machine has, every installer a recorder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = ("bash", "sh", "cat", "cksum", "chmod", "dirname", "env", "grep", "mkdir", "pwd", "rm", "timeout", "touch")

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the set-up installs packages on Debian's relatives only"
)


class Machine:
    """A checkout at `root`, whose PATH is `bin`; what the installers were asked stands in `calls`."""

    def __init__(self, folder: Path, *, root: bool, sudo: bool = False) -> None:
        self.root, self.bin, self.browsers = folder / "checkout", folder / "bin", folder / "browsers"
        self.bin.mkdir()
        shutil.copytree(ROOT / "scripts", self.root / "scripts")
        for name in ("pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, self.root)
        for name in TOOLS:
            (self.bin / name).symlink_to(shutil.which(name) or "")
        self.log = folder / "calls"
        self.log.touch()
        self.stub("id", f"echo {0 if root else 1000}", record=False)
        if sudo:
            self.stub("sudo", 'shift; "$@"')

    def stub(self, name: str, body: str = "", *, record: bool = True) -> Path:
        """An executable on PATH that records how it was called, then does what the body says."""
        path = self.bin / name
        recorder = f'echo "{name} $*" >>"{self.log}"\n' if record else ""
        path.write_text(f"#!/bin/sh\n{recorder}{body}\n")
        path.chmod(0o755)
        return path

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        variables = {
            "PATH": str(self.bin),
            "HOME": str(self.root),
            "PYTHONPATH": str(ROOT),
            "PLAYWRIGHT_BROWSERS_PATH": str(self.browsers),
            **environment,
        }
        return subprocess.run(
            command, cwd=self.root, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
        )

    @property
    def calls(self) -> list[str]:
        return self.log.read_text().splitlines()


def a_python(machine: Machine, playwright: str) -> Path:
    """The real interpreter, but for `-m playwright`, which records and does what the body says."""
    recorded = f'echo "$*" >>"{machine.log}"\n{playwright}'
    body = f'if [ "$2" = playwright ]; then {recorded}\nelse exec "{sys.executable}" "$@"; fi'
    return machine.stub("python", body, record=False)


def makes_a_browser(path: Path, status: int = 0) -> str:
    """Shell lines that put a browser at the path, which exits with the status."""
    return f"""mkdir -p '{path.parent}'; echo '#!/bin/sh
exit {status}' >'{path}'; chmod +x '{path}'"""


def playwrights_browser(machine: Machine, status: int = 0) -> str:
    build = machine.browsers / "chromium-1000"
    return makes_a_browser(build / "chrome-linux64" / "chrome", status) + f"; touch '{build}/INSTALLATION_COMPLETE'"


APT_UPDATE = "apt-get update -qq"
APT_CHROMIUM = "apt-get install -y -qq --no-install-recommends chromium"
DOWNLOAD = "-m playwright install --no-shell chromium"


def test_a_chromium_that_is_there_is_left_alone(tmp_path: Path) -> None:
    machine = Machine(tmp_path, root=True)
    machine.stub("apt-get")
    machine.stub("chromium", record=False)
    done = machine.run("scripts/chromium.sh", str(a_python(machine, "exit 1")))
    assert (done.returncode, machine.calls, done.stderr) == (0, [], "")


def test_playwrights_download_comes_before_the_systems_package(tmp_path: Path) -> None:
    machine = Machine(tmp_path, root=True)
    machine.stub("apt-get")
    done = machine.run("scripts/chromium.sh", str(a_python(machine, playwrights_browser(machine))))
    assert (done.returncode, machine.calls) == (0, [DOWNLOAD]), done.stderr


def test_root_gets_the_systems_package_where_the_download_fails(tmp_path: Path) -> None:
    machine = Machine(tmp_path, root=True)
    machine.stub("apt-get", f"[ $1 = update ] || {{ {makes_a_browser(machine.bin / 'chromium')}; }}")
    done = machine.run("scripts/chromium.sh", str(a_python(machine, "exit 1")))
    assert (done.returncode, machine.calls) == (0, [DOWNLOAD, APT_UPDATE, APT_CHROMIUM]), done.stderr


def test_sudo_is_used_where_it_asks_for_no_password(tmp_path: Path) -> None:
    machine = Machine(tmp_path, root=False, sudo=True)
    machine.stub("true")
    machine.stub("apt-get", f"[ $1 = update ] || {{ {makes_a_browser(machine.bin / 'chromium')}; }}")
    done = machine.run("scripts/chromium.sh", str(a_python(machine, "exit 1")))
    assert done.returncode == 0, done.stderr
    assert f"sudo -n {APT_UPDATE}" in machine.calls
    assert machine.calls[-1] == APT_CHROMIUM


def test_libraries_are_brought_where_playwrights_browser_does_not_start(tmp_path: Path) -> None:
    machine = Machine(tmp_path, root=True)
    machine.stub("apt-get")
    install = playwrights_browser(machine, status=127)
    mend = playwrights_browser(machine, status=0)
    done = machine.run(
        "scripts/chromium.sh",
        str(a_python(machine, f'if [ "$3" = install-deps ]; then {mend}; else {install}; fi')),
    )
    assert (done.returncode, machine.calls) == (0, [DOWNLOAD, "-m playwright install-deps chromium"]), done.stderr


def test_one_sentence_with_the_command_where_nothing_can_be_done(tmp_path: Path) -> None:
    machine = Machine(tmp_path, root=False)
    machine.stub("apt-get")
    done = machine.run("scripts/chromium.sh", str(a_python(machine, "exit 1")))
    assert done.returncode == 1
    assert machine.calls == [DOWNLOAD]
    assert done.stderr.splitlines()[-1].startswith(
        "There is no Chromium that starts: run 'sudo apt-get update && sudo apt-get install -y chromium'"
    )


@pytest.fixture
def fresh(tmp_path: Path) -> Machine:
    """Root's machine with a Chromium and a Python whose `-m venv` lays a .venv of stubs."""
    machine = Machine(tmp_path, root=True)
    machine.stub("apt-get", f"touch '{tmp_path}/ensurepip'")
    machine.stub("chromium", record=False)
    (tmp_path / "ensurepip").touch()
    interpreter = f"""#!/bin/sh
case "$*" in
    "-c import ensurepip") [ -e '{tmp_path}/ensurepip' ] ;;
    *"-m pip install"*) echo "pip install" >>'{machine.log}' ;;
    "-m pip --version") ;;
    "-m venv"*)
        echo "venv" >>'{machine.log}'
        mkdir -p .venv/bin && cat "$0" >.venv/bin/python && chmod +x .venv/bin/python
        echo "VIRTUAL_ENV=$(pwd -P)/.venv" >.venv/bin/activate ;;
    *) exec '{sys.executable}' "$@" ;;
esac
"""
    python = machine.bin / "python3"
    python.write_text(interpreter)
    python.chmod(0o755)
    return machine


def test_set_up_is_done_once(fresh: Machine) -> None:
    for _ in range(2):
        done = fresh.run("scripts/setup.sh")
        assert done.returncode == 0, done.stderr
    assert fresh.calls == ["venv", "pip install"]


def test_changed_requirements_are_installed_into_the_same_environment(fresh: Machine) -> None:
    fresh.run("scripts/setup.sh")
    (fresh.root / "constraints.txt").write_text("numpy==2.0.0\n")
    fresh.run("scripts/setup.sh")
    assert fresh.calls == ["venv", "pip install", "pip install"]


def test_packages_of_single_tests_are_brought_once_and_apart(fresh: Machine) -> None:
    fresh.run("scripts/setup.sh")
    before = len(fresh.calls)
    for _ in range(2):
        done = fresh.run("scripts/test_packages.sh")
        assert done.returncode == 0, done.stderr
    assert fresh.calls[before:] == ["pip install"] * 4
    fresh.run("scripts/setup.sh")
    assert len(fresh.calls) == before + 4


def test_a_package_that_cannot_be_had_is_named(fresh: Machine) -> None:
    fresh.run("scripts/setup.sh")
    python = fresh.root / ".venv" / "bin" / "python"
    python.write_text(python.read_text().replace('"$*" in', '"$*" in *miniwob) exit 1 ;;', 1))
    done = fresh.run("scripts/test_packages.sh")
    assert (done.returncode, "will be skipped: miniwob.\n" in done.stderr, "smollm2." in done.stderr) == (
        0,
        True,
        False,
    )


def test_a_moved_checkout_gets_a_new_environment(fresh: Machine) -> None:
    fresh.run("scripts/setup.sh")
    fresh.root = fresh.root.rename(fresh.root.with_name("moved"))
    assert fresh.run("scripts/setup.sh").returncode == 0
    assert fresh.calls == ["venv", "pip install"] * 2


def test_an_interrupted_installation_is_taken_up_again(fresh: Machine) -> None:
    fresh.run("scripts/setup.sh")
    os.remove(fresh.root / ".venv" / ".set-up")
    fresh.run("scripts/setup.sh")
    assert fresh.calls == ["venv", "pip install", "pip install"]


def test_the_venv_module_is_installed_for_root(fresh: Machine) -> None:
    (fresh.root.parent / "ensurepip").unlink()
    assert fresh.run("scripts/setup.sh").returncode == 0
    assert fresh.calls == [
        APT_UPDATE,
        "apt-get install -y -qq --no-install-recommends python3-venv",
        "venv",
        "pip install",
    ]


def test_everyone_else_is_told_the_command(fresh: Machine) -> None:
    (fresh.root.parent / "ensurepip").unlink()
    fresh.stub("id", "echo 1000", record=False)
    done = fresh.run("scripts/setup.sh")
    assert (done.returncode, fresh.calls) == (1, [])
    assert "sudo apt-get install -y python3-venv" in done.stderr.splitlines()[-1]


def test_an_old_python_is_refused_in_one_sentence(fresh: Machine) -> None:
    old = fresh.stub("old-python", "exit 1", record=False)
    done = fresh.run("scripts/setup.sh", PYTHON=str(old))
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.11 or newer is needed")
