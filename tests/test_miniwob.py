"""Suite "miniwob": what it has, how its pages are served, and its tasks done by hand in a browser."""

from __future__ import annotations

import http.client
import importlib.util
import pickle
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import gymnasium as gym
import pytest

from tests.repeating import assert_repeats
from webvoyager_gym.browser.loop import browser_loop
from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.errors import MissingDependency, NotFound
from webvoyager_gym.sites.kit.server import COOKIE
from webvoyager_gym.tasks import load_suite
from webvoyager_gym.tasks.miniwob import SITE, MiniWobSuite
from webvoyager_gym.tasks.miniwob.catalogue import EXCLUDED, NAMES
from webvoyager_gym.tasks.miniwob.pages import HOST, descriptions, miniwob_web, package_folder
from webvoyager_gym.tasks.seeded import LISTED

needs_pages = pytest.mark.skipif(
    importlib.util.find_spec("miniwob") is None, reason="needs the pages: pip install --no-deps miniwob"
)
SUITE = MiniWobSuite()

# What a person would do: the kind of action, what to find in a mark's role, name and key, and the rest of the action.
WAYS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "choose-date-easy": (("click", "datepicker", ""), ("click", "link 4 ", ""), ("click", "Submit", "")),
    "choose-list": (("select", "combobox", '"Emmalynn"'), ("click", "Submit", "")),
    "click-checkboxes": (("click", "checkbox eovP", ""), ("click", "Submit", "")),
    "click-menu": (("hover", "Elsey", ""), ("hover", "menuitem Hanna", ""), ("click", "menuitem Jacinda", "")),
    "click-pie": (("click", "button [+]", ""), ("click", "button o", "")),
    "click-shape": (("click", "button 6", ""),),
    "click-scroll-list": (("select", "listbox", '"Emmalynn"'), ("click", "Submit", "")),
    "enter-date": (("type", "textbox date", '"2011-05-02"'), ("click", "Submit", "")),
    "enter-time": (("type", "textbox time", '"15:14"'), ("click", "Submit", "")),
    "enter-text": (("type", "textbox", '"Cierra"'), ("click", "Submit", "")),
    "form-sequence-3": (("click", "▾", ""), ("click", "5ft 9in", ""), ("click", "button No", "")),
    "grid-coordinate": (("click", "[(]-2,0[)]", ""),),
    "navigate-tree": (("click", "Nathalie", ""),),
    "scroll-text-2": (("scroll", "text-area", "up"), ("click", "Submit", "")),
}


@pytest.fixture(scope="module")
def env() -> Iterator[WebVoyagerEnv]:
    environment = WebVoyagerEnv(suite="miniwob", viewport=(400, 320))
    yield environment
    environment.close()


def find(env: WebVoyagerEnv, pattern: str) -> int:
    """The number of the first mark whose role, name and key match."""
    said = {mark.index: f"{mark.role} {mark.name} {mark.key}" for mark in env.view.marks}
    return next(number for number, text in said.items() if re.search(pattern, text))


@needs_pages
def test_tasks_and_exclusions_are_what_the_package_registers() -> None:
    text = (package_folder() / "registration.py").read_text(encoding="utf-8")
    registered = re.findall(r'id="miniwob/([^"]+)-v1"', text)
    assert sorted([*NAMES, *EXCLUDED]) == sorted(registered)


@needs_pages
def test_every_task_is_described() -> None:
    for task in SUITE.tasks():
        assert task.goal == descriptions()[task.template]
        assert len(task.goal.split()) >= 2


def test_ids_name_their_tasks() -> None:
    listed = [task for split in SUITE.splits for task in SUITE.tasks(split=split)]
    assert len({task.id for task in listed}) == len(listed) == len(NAMES) * LISTED * 3
    for task in listed:
        assert SUITE.task(task.id) == task
    assert SUITE.tasks(SITE, "train", "click-test")[2].id == "miniwob/click-test/train-2"


def test_samples_depend_on_the_seed_alone() -> None:
    drawn = [SUITE.sample(seed, split="test") for seed in range(200)]
    assert drawn == [SUITE.sample(seed, split="test") for seed in range(200)]
    assert len({task.template for task in drawn}) > len(NAMES) / 2
    assert {task.id for task in drawn} <= {task.id for task in SUITE.tasks()}
    assert pickle.loads(pickle.dumps(drawn)) == drawn  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("task_id", "said"),
    [
        ("miniwob/click-checkbox/test-3", "click-checkboxes"),
        ("miniwob/drag-box/test-3", "dragged"),
        ("miniwob/click-test/tset-3", "test"),
        ("nonsense", "test-"),
    ],
)
def test_unknown_tasks_say_what_there_is(task_id: str, said: str) -> None:
    with pytest.raises(NotFound, match=said):
        SUITE.task(task_id)


def test_without_the_package_the_message_holds_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [place for place in sys.path if not (Path(place or ".") / "miniwob").is_dir()])
    with pytest.raises(MissingDependency, match="pip install --no-deps miniwob"):
        load_suite("miniwob")


def fetch(path: str, cookie: str = "") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", miniwob_web().server.port, timeout=10)
    connection.request("GET", path, headers={"Host": HOST, "Cookie": f"{COOKIE}={cookie}"})
    response = connection.getresponse()
    status, text = response.status, response.read().decode("utf-8", "replace")
    connection.close()
    return status, text


@needs_pages
def test_a_page_starts_the_episode_of_its_cookie() -> None:
    path = "/miniwob/click-test.html"
    assert '"seed": "test-3", "mode": "test"' in fetch(path, "test-3")[1]
    assert '"seed": "validation-3", "mode": "train"' in fetch(path, "validation-3")[1]
    for other in ("", "test-x", "test-3</script>"):
        assert '"seed": null' in fetch(path, other)[1]


@needs_pages
def test_nothing_but_the_packages_pages_is_served() -> None:
    assert fetch("/core/core.js")[0] == 200
    for path in ("/../registration.py", "/%2e%2e/registration.py", "/..%2fregistration.py", "/miniwob/", "/none.html"):
        assert fetch(path)[0] == 404, path


@needs_pages
@pytest.mark.parametrize("name", WAYS)
def test_done_as_a_person_would(env: WebVoyagerEnv, name: str) -> None:
    _, info = env.reset(options={"task_id": f"miniwob/{name}/train-7"})
    assert not info["failure"], info["reason"]
    for number, (kind, pattern, rest) in enumerate(WAYS[name], 1):
        observation, reward, terminated, _, info = env.step(f"{kind} [{find(env, pattern)}] {rest}")
        assert not observation["last_error"]
        assert terminated == (number == len(WAYS[name])), info["reason"]
    assert (reward, info["success"], info["reason"]) == (1.0, True, "the page's raw reward is 1")


@needs_pages
def test_a_partial_reward_is_no_success(env: WebVoyagerEnv) -> None:
    """Submitting at once: the box that was to be left empty is, which the page rewards."""
    observation, _ = env.reset(options={"task_id": "miniwob/click-checkboxes-large/train-7"})
    assert observation["goal"].startswith("Select vzF, j4uHq")
    env.step(f"click [{find(env, 'checkbox vzF')}]")
    env.step(f"click [{find(env, 'checkbox rm')}]")
    _, reward, terminated, _, info = env.step(f"click [{find(env, 'Submit')}]")
    assert terminated
    assert 0 < float(info["reason"].split()[5].rstrip(",")) < 1
    assert (reward, info["success"]) == (0.0, False)


@needs_pages
def test_an_answer_ends_an_episode_that_is_not_done(env: WebVoyagerEnv) -> None:
    env.reset(options={"task_id": "miniwob/click-test/train-7"})
    _, reward, terminated, truncated, info = env.step('answer "done"')
    assert (reward, terminated, truncated, info["success"]) == (0.0, True, False, False)


@needs_pages
@pytest.mark.parametrize(
    "name", ["book-flight", "click-pie", "click-tab-2-hard", "login-user-popup", "use-autocomplete"]
)
def test_the_same_seed_gives_byte_equal_episodes_in_the_order_a_b_b_a(env: WebVoyagerEnv, name: str) -> None:
    def episode(seed: int) -> list[tuple[bytes, str]]:
        observation, info = env.reset(options={"task_id": f"miniwob/{name}/validation-{seed}"})
        assert not info["failure"], info["reason"]
        seen = [(observation["screenshot"].tobytes(), observation["goal"] + observation["outline"])]
        for action in ("click [1]", "wait", "click [2]"):
            observation, _, terminated, _, _ = env.step(action)
            seen.append((observation["screenshot"].tobytes(), observation["outline"]))
            if terminated:
                break
        return seen

    assert_repeats(episode)


@needs_pages
def test_a_first_click_meets_what_changes_its_picture_under_the_mouse() -> None:
    """In a fresh browser page, which holds no picture yet."""
    fresh = WebVoyagerEnv(suite="miniwob", viewport=(400, 320))
    fresh.reset(options={"task_id": "miniwob/social-media/test-1"})
    _, _, terminated, _, info = fresh.step("click [1]")
    assert terminated, info["reason"]
    fresh.close()


@needs_pages
def test_restarting_is_the_same_page_again(env: WebVoyagerEnv) -> None:
    first, _ = env.reset(options={"task_id": "miniwob/click-checkboxes/test-1"})
    changed, *_ = env.step("click [1]")
    again, *_ = env.step("restart")
    assert changed["outline"] != first["outline"] == again["outline"]


@needs_pages
def test_no_request_leaves_loopback(env: WebVoyagerEnv) -> None:
    env.reset(options={"task_id": "miniwob/click-test/train-7"})
    asked: list[str] = []

    page = env.episode.page
    assert page is not None

    async def leave() -> object:
        page.page.on("requestfinished", lambda request: asked.append(request.url))
        return await page.evaluate("fetch('http://example.com/').then(() => 'reached', () => 'not reached')", wait=True)

    assert browser_loop().run(leave(), 15) == "not reached"
    env.reset(options={"task_id": "miniwob/search-engine/train-7"})
    assert asked
    assert all(url.startswith((f"http://{HOST}/", "data:")) for url in asked), asked


@needs_pages
@pytest.mark.parametrize("name", ["WebVoyager-v0", "WebVoyager-BestOfQ-v0"])
def test_made_by_gymnasium(name: str) -> None:
    environment = gym.make(name, suite="miniwob", split="validation", disable_env_checker=True)
    observation, info = environment.reset(seed=4)
    assert info["site"] == SITE
    assert info["task_id"].startswith("miniwob/")
    assert observation["goal"] == environment.unwrapped.task.goal  # type: ignore[attr-defined]
    environment.close()
