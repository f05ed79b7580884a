"""The page of the boards in a real browser: sorting, filtering, links, keyboard, phone, and no request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from leaderboards.build import build, write
from tests.leaderboards.made_up import task_ids, write_results
from tests.looking import quiet_page

METHODS = ("first", "iql", "dqn", "majority", "oracle-of-n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("boards")
    write(build(write_results(folder / "results", METHODS, task_ids(45)), by_protocol=False), folder)
    return folder / "page"


@pytest.fixture
def page(browser: Browser, folder: Path) -> Iterator[Page]:
    with quiet_page(browser) as page:
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto((folder / "index.html").as_uri())
        yield page
        assert all(request.startswith("file://") for request in requests)


def names(page: Page) -> list[str]:
    """Methods that the rollout board shows, in their order."""
    return page.locator("#board-rollout tbody tr:visible th a").all_inner_texts()


def heading(page: Page, text: str) -> str | None:
    return page.locator("#board-rollout thead th", has_text=text).get_attribute("aria-sort")


def test_a_heading_sorts_and_sorts_the_other_way(page: Page) -> None:
    by_success = names(page)
    assert by_success[0] == "Oracle of n"
    assert heading(page, "success") == "descending"
    page.get_by_role("button", name="method").first.click()
    assert names(page) == sorted(by_success)
    assert heading(page, "success") is None
    page.get_by_role("button", name="method").first.click()
    assert names(page) == sorted(by_success, reverse=True)
    tokens = page.locator("#board-rollout").get_by_role("button", name="tokens")
    tokens.click()
    assert names(page)[-1] == "Majority"
    # A row without a value is last whichever way.
    against = page.locator("#board-rollout").get_by_role("button", name="against first")
    for _ in range(2):
        against.click()
        assert names(page)[-1] == "First"


def test_words_and_kinds_filter_and_the_address_remembers(page: Page) -> None:
    form = page.locator("form[data-for=rollout]")
    form.get_by_label("Show").select_option("method")
    assert set(names(page)) == {"Iql", "Dqn"}
    assert form.locator("output").inner_text() == "2 of 5 rows"
    form.get_by_label("Find").fill("IQL pocket")
    assert names(page) == ["Iql"]
    page.get_by_role("button", name="method").first.click()
    page.reload()
    assert names(page) == ["Iql"]
    assert heading(page, "method") == "ascending"
    form.get_by_label("Find").fill("nobody")
    assert names(page) == []
    form.get_by_label("Find").fill("")
    form.get_by_label("Show").select_option("")
    assert len(names(page)) == len(METHODS)


def test_it_can_be_used_with_the_keyboard_alone(page: Page) -> None:
    page.locator("form[data-for=rollout] select").last.focus()
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "method"
    page.keyboard.press("Enter")
    assert names(page) == sorted(names(page))


def test_a_row_leads_down_to_its_episodes(page: Page) -> None:
    page.get_by_role("link", name="Iql").first.click()
    assert page.locator("h1").inner_text() == "Iql rollout"
    assert page.locator("#board-tasks tbody tr").count() == 45
    assert page.locator("#board-tasks .dots i").count() == 45 * 5
    page.locator("form").get_by_label("Find").fill("shop/")
    shown = page.locator("#board-tasks tbody tr:visible th").all_inner_texts()
    assert shown
    assert all(task.startswith("shop/") for task in shown)
    second = page.locator(".kept a").nth(1)
    task = second.inner_text()
    second.click()
    assert page.locator(".card.open .why").inner_text().endswith(task)
    assert page.locator(".frame:visible h3").inner_text().startswith("Step 1")
    page.go_back()
    page.get_by_role("link", name="Leaderboards").click()
    assert len(names(page)) == len(METHODS)


def test_every_link_within_the_page_leads_somewhere(page: Page, folder: Path) -> None:
    for file in (folder / "index.html", *sorted((folder / "methods").iterdir())):
        page.goto(file.as_uri())
        for href in page.locator("a").evaluate_all("links => links.map((link) => link.getAttribute('href'))"):
            path, _, fragment = href.partition("#")
            assert (file.parent / path).is_file() if path else page.locator(f"[id='{fragment}']").count() == 1


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["index.html", "methods/rollout-iql.html"])
def test_it_fits_its_window(page: Page, folder: Path, width: int, name: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((folder / name).as_uri())
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    if name == "index.html":
        row = page.locator("#board-rollout tbody tr").first.bounding_box()
        assert row is not None
        assert row["x"] + row["width"] <= width


def test_without_scripts_the_tables_are_whole(browser: Browser, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    assert len(names(page)) == len(METHODS)
    assert page.locator("form:visible").count() == 0
    context.close()
