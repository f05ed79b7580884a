"""Nothing leaves loopback: in a network namespace with a recorder at the only way out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

MAY = sys.platform == "linux" and bool(shutil.which("ip")) and bool(shutil.which("unshare"))
UNSHARE = ["unshare", "--net", "--mount", *([] if MAY and os.geteuid() == 0 else ["--map-root-user"])]
pytestmark = pytest.mark.skipif(
    not MAY or subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode != 0,
    reason="network namespaces may not be made here",
)

STRAY = """
from contextlib import closing, suppress
from webvoyager_gym.browser.loop import browser_loop
from webvoyager_gym.browser.page import BrowserPage
from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.proofs.loopback import Recorder, lay_the_way_out

lay_the_way_out()
with closing(Recorder("ear")) as recorder:
    page = BrowserPage(executable=None, resolver_rules=None, viewport=(400, 300))
    loop = browser_loop()
    loop.run(page.renew(), 60)
    with suppress(InfrastructureFailure):
        loop.run(page.goto("http://example.com/"), 60)
    loop.run(page.close(), 15)
    print("HEARD", sum(recorder.heard.values()))
"""


def test_a_browser_without_the_suites_rules_is_heard() -> None:
    done = subprocess.run(
        [*UNSHARE, sys.executable, "-c", STRAY], capture_output=True, text=True, timeout=150, check=True
    )
    assert int(done.stdout.split("HEARD")[1]) > 0


def test_the_local_suite_is_not() -> None:
    command = [sys.executable, "-m", "webvoyager_gym.proofs.loopback"]
    options = ["--site", "maps", "--site", "search", "--each", "1", "--idle", "2"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 of 2 tasks on 2 sites completed" in done.stdout
    assert "packets that left loopback: 0." in done.stdout
