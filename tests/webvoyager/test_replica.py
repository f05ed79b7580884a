"""The live path on loopback: real host names, TLS, and every kind of end that an entry may have."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from starlette.responses import JSONResponse, Response

from tests.vlm.chat_server import Body, completion, good, serving
from tests.webvoyager.upstream import FOLDER, needs_files
from webvoyager_gym.proofs.live.__main__ import main
from webvoyager_gym.proofs.live.replica import PLACES, Replica, served
from webvoyager_gym.proofs.live.visiting import ReplicaSuite, Visited, mistake

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

TROUBLED = ["captcha.amazon.com", "elsewhere.amazon.com", "stranger.amazon.com", "nobody.amazon.com"]


@pytest.fixture(scope="module")
def replica(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    with served(tmp_path_factory.mktemp("keys"), TROUBLED) as replica:
        yield replica


def ask(replica: Replica, host: str, path: str = "/") -> tuple[int, str, str]:
    """Status, where it leads, and content of a page, asked for as a browser does that trusts the authority alone."""
    trust = ssl.create_default_context(cafile=str(replica.root))
    with (
        socket.create_connection(("127.0.0.1", replica.ports.get(host, 0)), 10) as plain,
        trust.wrap_socket(plain, server_hostname=host) as secure,
    ):
        connection = http.client.HTTPConnection(host)
        connection.sock = secure
        connection.request("GET", path, headers={"connection": "close"})
        reply = connection.getresponse()
        return reply.status, reply.getheader("location", ""), reply.read().decode()


def test_every_host_has_a_certificate_that_holds_for_it_and_a_site_of_its_own(replica: Replica) -> None:
    titles = set()
    for host in PLACES:
        status, _, page = ask(replica, host)
        assert status == 200
        titles.add(page.partition("<title>")[2].partition("</title>")[0])
    assert len(titles) == 15


@needs_files
def test_every_entry_begins_at_a_site_of_its_own(replica: Replica) -> None:
    suite = ReplicaSuite(patches=0, folder=FOLDER)
    urls = {task.start_url for task in suite.tasks()}
    ends = set()
    for url in urls:
        host, _, path = url.removeprefix("https://").partition("/")
        _, moved, _ = ask(replica, host, f"/{path}")
        ends.add(moved.removeprefix("https://").strip("/") or host)
    assert (len(urls), ends) == (15, set(PLACES))


def test_hosts_in_trouble(replica: Replica) -> None:
    assert "Enter the characters" in ask(replica, "captcha.amazon.com")[2]
    assert ask(replica, "elsewhere.amazon.com")[:2] == (302, "https://www.example.com/")
    with pytest.raises(ssl.SSLCertVerificationError):
        ask(replica, "stranger.amazon.com")
    with pytest.raises(ConnectionRefusedError):
        ask(replica, "nobody.amazon.com")


def test_no_other_name_leads_anywhere(replica: Replica) -> None:
    rules = replica.resolver_rules.split(",")
    assert rules[-2:] == ["MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1"]
    assert {rule.split()[1] for rule in rules[:-2]} == {*PLACES, *TROUBLED}
    assert all(rule.split()[2].startswith("127.0.0.1:") for rule in rules[:-2])


JUDGED = Visited("Amazon--0", "Amazon", "pocket", "judge", "", "It is.", ("https://www.amazon.com/",))


@pytest.mark.parametrize(
    ("visited", "said"),
    [
        (JUDGED, ""),
        (replace(JUDGED, label="success"), ""),
        (replace(JUDGED, label="site", answer=""), ""),
        (replace(JUDGED, task="Amazon--0@captcha", label="blocked", reason='of the kind "captcha"'), ""),
        (replace(JUDGED, label="exception", reason="ValueError: no"), "ValueError: no"),
        (replace(JUDGED, answer=""), "before it was judged"),
        (replace(JUDGED, label="tree"), "no label of the live web"),
        (replace(JUDGED, urls=("https://www.example.com/",)), "saw https://www.example.com"),
        (replace(JUDGED, urls=("http://www.amazon.com/",)), "saw http://www.amazon.com"),
        (replace(JUDGED, task="Amazon--0@captcha", label="success"), "right is blocked"),
        (replace(JUDGED, task="Amazon--0@stranger", label="site", reason="slow"), "net::ERR_CERT_AUTHORITY_INVALID"),
    ],
)
def test_a_wrong_label_is_told(visited: Visited, said: str) -> None:
    found = mistake(visited, PLACES)
    assert (said in found) if said else (found == "")


def openai(url: str) -> str:
    """The name of a model behind a server, which is shown no pictures."""
    return f"openai:m?base_url={url}&images=no"


@needs_files
def test_entries_go_the_whole_way_and_get_the_label_that_the_judge_gave_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openai", reason="the extra openai is not installed")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    outcomes = iter(("success", "unknown", "failure"))
    said: dict[str, str] = {}

    def says(body: Body, headers: dict[str, str]) -> Response:
        if "verdict" not in body["response_format"]["json_schema"]["schema"]["properties"]:
            return good(body, headers)
        said[json.dumps(body["messages"])] = outcome = next(outcomes)
        verdict = {"reason": "Seen.", "verdict": outcome, "impossible": False, "blocked": False}
        return JSONResponse(completion(json.dumps(verdict)))

    out, file = tmp_path / "live.json", FOLDER / "WebVoyager_data.jsonl"
    with serving(says) as url, pytest.raises(typer.Exit) as end:
        main(tasks=3, tasks_file=file, proposer=[openai(url)], judge=openai(url), steps=2, out=out, workers=1)
    visits = json.loads(out.read_text())["visits"]
    assert end.value.exit_code == 0, visits
    labels = {visit["task"]: visit["label"] for visit in visits}
    assert {task.partition("@")[2]: label for task, label in labels.items() if "@" in task} == {
        "captcha": "blocked",
        "stranger": "site",
        "log-in": "blocked",
    }
    suite = ReplicaSuite(patches=0, folder=FOLDER)
    for task in (task for task in labels if "@" not in task):
        goal = json.dumps(suite.task(task).goal)[1:-1]
        (given,) = (outcome for asked, outcome in said.items() if goal in asked)
        assert labels[task] == {"success": "success", "failure": "failure", "unknown": "judge"}[given]
    assert len(labels) == 6
