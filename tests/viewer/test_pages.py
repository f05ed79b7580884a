"""The viewer in a real Chromium: keys, fingers, filters, windows of several widths, and texts that mean harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.looking import quiet_page
from tests.made_up_results import episode as row
from tests.made_up_results import result, screenshot, step
from tests.viewer.recordings import SIZE, dataset, pictured
from webvoyager_gym.sites.kit.server import ServerThread
from webvoyager_gym.types import Step
from webvoyager_gym.viewer import Source, ViewerApp, write_episodes
from webvoyager_gym.viewer.evaluated import ResultSource
from webvoyager_gym.viewer.recording import DatasetSource

HARM = """<script>harmed = 1</script><img src=x onerror="harmed = 1"></pre></title></style>"' {{ 7 * 7 }}"""


def q_values(step: Step) -> tuple[float, ...]:
    return tuple(0.25 * (1 + index) for index in range(len(step.candidates)))


def recorded(folder: Path) -> Source:
    """Six episodes: the second, fourth and sixth are failures."""
    made = [pictured(f"shop-{n}", ending="truncated" if n % 2 else "terminated") for n in range(6)]
    return DatasetSource(dataset(folder, *made), q_values)


def evaluated(folder: Path) -> Source:
    kept = screenshot(folder, "a.webp")
    missed = step(0, (False, True, False), screenshot=kept, scores=(0.75, 0.5, 0.25))
    rows = [
        row("first", trace=(missed, missed), screenshot=kept),
        row("best-of-q", success=True, trace=(step(0, (True, False, False), screenshot=kept),), screenshot=kept),
    ]
    return ResultSource(result(rows, folder), "result.json")


Open = Callable[[Source, str], Page]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with quiet_page(browser) as page:
        yield page


@pytest.fixture
def look(page: Page) -> Iterator[Open]:
    """Serves a source and opens one of its pages."""
    servers: list[ServerThread] = []

    def opened(source: Source, path: str) -> Page:
        servers.append(ServerThread(ViewerApp(source)))
        page.goto(f"http://127.0.0.1:{servers[-1].port}{path}")
        return page

    yield opened
    page.goto("about:blank")
    for server in servers:
        server.stop()


def place(page: Page) -> tuple[str, str]:
    """Heading of the page and of the one frame that is shown."""
    frames = page.locator(".frame:visible h3")
    assert frames.count() == 1
    return page.locator("h1").inner_text().split()[-1], frames.inner_text()


def press(page: Page, key: str, address: str) -> None:
    """Press a key that leads to another page."""
    page.keyboard.press(key)
    page.wait_for_url(f"**{address}")


def test_keys_step_and_change_the_episode(tmp_path: Path, look: Open) -> None:
    page = look(recorded(tmp_path), "/episode/1")
    assert place(page) == ("1", "Step 1 of 3")
    page.keyboard.press("ArrowRight")
    assert place(page) == ("1", "Step 2 of 3")
    page.reload()
    assert place(page) == ("1", "Step 2 of 3")
    page.keyboard.press("End")
    assert place(page) == ("1", "The end")
    page.keyboard.press("ArrowLeft")
    assert place(page) == ("1", "Step 3 of 3")
    press(page, "ArrowDown", "/episode/2")
    assert place(page) == ("2", "Step 1 of 3")
    press(page, "k", "/episode/1")
    press(page, "ArrowUp", "/episode/0")
    page.keyboard.press("ArrowUp")
    assert place(page) == ("0", "Step 1 of 3")
    press(page, "j", "/episode/1")
    press(page, "l", "/?page=1")


def test_f_shows_failures_only_and_all_again(tmp_path: Path, look: Open) -> None:
    page = look(recorded(tmp_path), "/")
    assert page.locator(".list li").count() == 6
    press(page, "f", "/?show=failed")
    assert page.locator(".list .number").all_inner_texts() == ["1", "3", "5"]
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    press(page, "Enter", "/episode/3?show=failed")
    press(page, "j", "/episode/5?show=failed")
    press(page, "f", "/episode/5?")
    press(page, "k", "/episode/4")


def test_filters_by_hand(tmp_path: Path, look: Open) -> None:
    page = look(recorded(tmp_path), "/")
    page.get_by_label("ended").select_option(label="completed")
    page.wait_for_url("**show=done*")
    assert page.locator(".list .number").all_inner_texts() == ["0", "2", "4"]
    page.keyboard.press("/")
    page.keyboard.type("shop-4 f")
    page.keyboard.press("Enter")
    page.wait_for_url("**text=shop-4*")
    assert page.locator(".list .number").all_inner_texts() == ["4"]
    page.get_by_role("link", name="all").click()
    assert page.locator(".list li").count() == 6


def test_a_step_of_a_recording(tmp_path: Path, look: Open) -> None:
    source = recorded(tmp_path)
    page = look(source, "/episode/1")
    trace = source.episode(1)[0].trace[0]
    candidates = page.locator(".frame:visible .candidates li")
    assert candidates.count() == len(trace.candidates)
    assert "chosen" in candidates.nth(trace.chosen).inner_text()
    assert 'click link "Größe 0"' in candidates.first.inner_text()
    assert "0.250" in candidates.first.locator(".bars").inner_text()
    assert page.locator(".frame:visible .note").inner_text() == f"Chosen with probability {trace.propensity:.2f}."
    assert page.locator(".frame:visible img").evaluate("image => image.naturalWidth") == SIZE[0]
    page.get_by_text("What the VLM read of the page").locator("visible=true").click()
    assert '[1] link "Größe 0"' in page.locator(".frame:visible pre").inner_text()


def test_pictures_come_when_they_are_looked_at(tmp_path: Path, page: Page, look: Open) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("picture/")[2]))
    look(recorded(tmp_path), "/episode/0")
    page.wait_for_load_state("networkidle")
    assert "0/0" in asked
    assert "0/3" not in asked
    page.keyboard.press("End")
    page.wait_for_load_state("networkidle")
    assert "0/3" in asked


def test_a_result_shows_its_figures_and_the_same_task_by_others(tmp_path: Path, look: Open) -> None:
    page = look(evaluated(tmp_path), "/")
    assert page.locator(".figures tbody tr").count() == 2
    page.locator("select[name=agent]").select_option("first")
    page.wait_for_url("**agent=first*")
    page.locator(".list a").click()
    assert page.locator(".frame:visible .target").count() == 1
    assert "best, says the expert" in page.locator(".frame:visible .candidates li").nth(1).inner_text()
    page.locator(".related").get_by_role("link", name="best-of-q").click()
    assert page.locator(".related b").inner_text() == "best-of-q"
    assert "not among the 1 found" in page.locator(".cards").inner_text()


def test_the_help_opens_and_closes(tmp_path: Path, look: Open) -> None:
    page = look(recorded(tmp_path), "/episode/1")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").count() == 0
    page.get_by_title("Keys").click()
    page.keyboard.press("Escape")
    assert place(page) == ("1", "Step 1 of 3")


@pytest.mark.parametrize("width", [360, 400, 1280])
def test_it_fits_its_window(tmp_path: Path, look: Open, width: int) -> None:
    for path in ("/", "/episode/0"):
        page = look(evaluated(tmp_path), path)
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_no_text_is_run(tmp_path: Path, page: Page, look: Open) -> None:
    made = [pictured("shop-1", said=HARM), pictured("shop-1", 1, said=HARM)]
    source = DatasetSource(dataset(tmp_path, *made), q_values)
    look(source, "/")
    assert HARM in page.locator(".task-goal").first.inner_text()
    page.locator(".list a").first.click()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert HARM in page.locator(".goal").inner_text()
    assert page.evaluate("typeof harmed") == "undefined"
    assert page.locator("script").count() == 2

    written = write_episodes(source, [0, 1], tmp_path / "page.html")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(written.as_uri(), wait_until="networkidle")
    page.keyboard.press("2")
    page.keyboard.press("End")
    assert [address for address in asked if not address.startswith("data:")] == [written.as_uri()]
    assert page.evaluate("typeof harmed") == "undefined"


def test_the_file_has_everything_in_it(tmp_path: Path, page: Page) -> None:
    source = recorded(tmp_path)
    page.goto(write_episodes(source, [1, 4], tmp_path / "out/page.html").as_uri())
    assert page.locator(".card .why").all_inner_texts() == ["1: shop-1", "4: shop-4"]
    page.keyboard.press("2")
    page.keyboard.press("ArrowRight")
    assert page.locator(".frame:visible h3").inner_text() == "Step 2 of 3"
    assert (
        page.locator(".frame:visible img").evaluate("image => image.decode().then(() => image.naturalWidth)") == SIZE[0]
    )


def test_without_scripts_everything_can_be_reached(browser: Browser, tmp_path: Path) -> None:
    server = ServerThread(ViewerApp(recorded(tmp_path)))
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.port}/")
        page.get_by_label("ended").select_option(label="not completed")
        page.get_by_role("button", name="Show").click()
        page.locator(".list a").nth(1).click()
        assert page.locator(".frame:visible").count() == 4
        page.get_by_role("link", name="↓ next").click()
        assert page.locator("h1").inner_text().endswith("5")
    finally:
        context.close()
        server.stop()
