"""The table and the page; the page in a real Chromium, with texts that mean harm."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from rich.console import Console

from tests.looking import quiet_page
from tests.made_up_results import episode, result, screenshot, step
from webvoyager_gym.report import pick_episodes, summary_table, write_page
from webvoyager_gym.results import EpisodeRow, Proposal, Result

HARM = (
    """<script>window.harmed = 1</script><img src="https://evil.test/x" onerror="harmed = 1">"' {{ 7 * 7 }} </style>"""
)


def three_agents(folder: Path) -> Result:
    """first fails a task that best-of-q completes in three steps; best-of-q fails another."""

    def steps(agent: str, *bests: tuple[bool, bool, bool]) -> tuple[EpisodeRow, ...]:
        trace = tuple(
            step(
                0,
                best,
                url=f"http://shop.test/{agent}/{number}",
                scores=(0.75, 0.5, -0.25) if agent == "best-of-q" else None,
                screenshot=screenshot(folder, f"{agent}-{number}.webp"),
            )
            for number, best in enumerate(bests, 1)
        )
        kept = screenshot(folder, f"{agent}-end.webp")
        return (
            episode(agent, success=agent != "first", trace=trace, screenshot=kept),
            episode(agent, "papers/b/test-0", trace=trace[:2], screenshot=kept),
        )

    right, missed, none = (True, False, False), (False, True, False), (False, False, False)
    first, best = steps("first", missed, none), steps("best-of-q", right, missed, right)
    return result([*first, *best], folder, suite="local", proposer="pocket", n_candidates=3, seeds=1, date="2026-01-01")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    return write_page(three_agents(folder), folder / "page.html")


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    with quiet_page(browser) as page:
        page.goto(file.as_uri())
        yield page


def visible(page: Page) -> str:
    """What is shown of the episodes: heading and address of the one frame there is."""
    frames = page.locator(".frame:visible")
    assert frames.count() == 1
    return frames.locator("h3").inner_text() + " " + frames.locator(".address").inner_text()


def test_left_and_right_step_and_numbers_change_the_episode(page: Page) -> None:
    assert visible(page) == "Step 1 of 3 shop.test/best-of-q/1"
    page.keyboard.press("ArrowLeft")
    assert visible(page) == "Step 1 of 3 shop.test/best-of-q/1"
    page.keyboard.press("ArrowRight")
    assert visible(page) == "Step 2 of 3 shop.test/best-of-q/2"
    page.keyboard.press("2")
    assert visible(page) == "Step 1 of 2 shop.test/best-of-q/1"
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    assert visible(page) == "The end shop.test/end"
    page.keyboard.press("1")
    assert visible(page) == "Step 2 of 3 shop.test/best-of-q/2"
    page.keyboard.press("9")
    page.keyboard.press("Home")
    assert visible(page) == "Step 1 of 3 shop.test/best-of-q/1"


def test_it_can_be_used_with_a_finger(page: Page) -> None:
    page.get_by_text("next →").click()
    assert visible(page).startswith("Step 2 of 3")
    page.locator(".card").nth(2).locator(".bead").nth(1).click()
    assert visible(page) == "Step 2 of 2 shop.test/first/2"
    assert page.locator(".steps output").inner_text() == "step 2 of 2"
    page.get_by_text("← back").click()
    assert page.get_by_text("← back").is_disabled()


def test_a_step_shows_choice_scores_and_expert(page: Page) -> None:
    page.keyboard.press("ArrowRight")
    candidates = page.locator(".frame:visible .candidates li")
    assert candidates.count() == 3
    chosen, best = candidates.nth(0), candidates.nth(1)
    assert "chosen" in chosen.inner_text()
    assert "best, says the expert" in best.inner_text()
    assert "log p -0.50" in chosen.inner_text()
    assert "0.750" in chosen.inner_text()
    widths = [candidates.nth(n).locator(".q i").bounding_box()["width"] for n in range(3)]  # type: ignore[index]
    assert widths[0] > widths[1] > widths[2]
    note = page.locator(".frame:visible .note").inner_text()
    assert note == "A best action was proposed, and another was chosen."
    # The mark at (10, 20, 80, 16) of a picture of 320 x 240.
    shot = page.locator(".frame:visible .shot").bounding_box()
    target = page.locator(".frame:visible .target").bounding_box()
    assert shot is not None
    assert target is not None
    assert (target["x"] - shot["x"]) / shot["width"] == pytest.approx(10 / 320, abs=0.01)
    assert target["height"] / shot["height"] == pytest.approx(16 / 240, abs=0.01)


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_its_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for key in "123":
        page.keyboard.press(key)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert page.locator(".frame:visible img").evaluate("image => image.naturalWidth") == 320


def test_dark_where_the_reader_wants_it_dark(page: Page) -> None:
    def lightness() -> int:
        return int(page.evaluate("parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])"))

    page.emulate_media(color_scheme="light")
    assert lightness() > 200
    page.emulate_media(color_scheme="dark")
    assert lightness() < 50


def test_nothing_is_asked_of_the_network_and_no_text_is_run(browser: Browser, tmp_path: Path) -> None:
    bad = step(
        0,
        (False,),
        url=f"javascript:{HARM}",
        title=HARM,
        error=HARM,
        candidates=(Proposal(HARM, -1.0, HARM, (0, 0, 5, 5)),),
    )
    rows = [
        episode(agent, goal=HARM, trace=(bad,), reason=HARM, answer=HARM, url=HARM, title=HARM, failure=failure)
        for agent, failure in (("first", ""), (HARM, ""))
    ]
    file = write_page(result(rows, suite=HARM, proposer=HARM, machine={HARM: HARM}), tmp_path / "page.html")
    page = browser.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri(), wait_until="networkidle")
    page.keyboard.press("End")
    assert requests == [file.as_uri()]
    assert page.evaluate("typeof harmed") == "undefined"
    assert page.locator("script").count() == 1
    assert HARM in page.locator(".goal:visible").inner_text()
    assert HARM in page.locator("title").inner_text()
    page.close()


def test_a_script_that_got_in_would_not_run(browser: Browser, file: Path) -> None:
    page = browser.new_page()
    page.goto(file.as_uri())
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.harmed = 1";
            document.body.append(script);
        }"""
    )
    assert page.evaluate("typeof harmed") == "undefined"
    page.close()


def test_without_scripts_every_frame_is_there(browser: Browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.locator(".frame:visible").count() == page.locator(".bead[data-frame]").count() == 4 + 3 + 3
    context.close()


def test_only_pictures_of_the_results_folder_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "result"
    folder.mkdir()
    screenshot(tmp_path, "secret.webp")
    (folder / "words.webp").write_text("not a picture")
    rows = [episode("first", screenshot="../secret.webp", trace=(step(0, None, screenshot="words.webp"),))]
    text = write_page(result(rows, folder), folder / "page.html").read_text()
    assert "data:image" not in text
    assert text.count("No screenshot was kept.") == 2


def test_picks_say_why() -> None:
    short, long = step(0, (True,)), (step(0, (True,)),) * 5
    rows = [
        episode("first", "shop/a/test-0"),
        episode("first", "shop/b/test-0", trace=(step(0, (False, False)),) * 9),
        episode("first", "shop/c/test-0", success=True),
        episode("oracle-of-n", "shop/a/test-0", success=True),
        episode("best-of-q", "shop/a/test-0", success=True, trace=long),
        episode("best-of-q", "shop/b/test-0", success=True, trace=(short,) * 3),
        episode("best-of-q", "shop/c/test-0", trace=(step(0, (False, True)),)),
    ]
    picks = pick_episodes(result(rows), count=4)
    assert [(pick.episode.agent, pick.episode.task) for pick in picks] == [
        ("best-of-q", "shop/b/test-0"),
        ("best-of-q", "shop/c/test-0"),
        ("first", "shop/b/test-0"),
        ("first", "shop/a/test-0"),
    ]
    assert picks[2].why == "first fails because no best action was proposed"
    assert picks[3].why == "first fails a task that best-of-q completes"
    assert picks[0].why == "best-of-q completes a task that first does not (the shortest of 2 such)"
    assert "took another" in picks[1].why


def test_picks_make_do_with_what_there_is(tmp_path: Path) -> None:
    assert [pick.why for pick in pick_episodes(result([episode("first", failure="vlm")]))] == ["one more episode"]
    kept = episode("first", "shop/b/test-0", screenshot="x.webp")
    assert [pick.episode for pick in pick_episodes(result([episode("first"), kept]))] == [kept]


def test_the_table_says_what_the_result_does(tmp_path: Path) -> None:
    made = three_agents(tmp_path)
    made = Result(("first", "best-of-q"), made.episodes)
    console = Console(width=140, file=io.StringIO())
    console.print(summary_table(made))
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 4
    assert lines[2].split()[:3] == ["first", "0.0", "%"]
    assert "+50.0 (" in lines[3]
    assert "against first" in lines[1]


def test_names_are_no_markup() -> None:
    console = Console(width=140, file=io.StringIO())
    console.print(summary_table(result([episode("[red]a[/red]"), episode("[/]")])))
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    assert "[red]a[/red]" in printed
    assert "[/]" in printed
