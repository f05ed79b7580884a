"""What the pages of real sites do, a fixture page for each: the step always comes back, and says what it refused."""

from __future__ import annotations

import numpy as np
import pytest

from tests.browser.driving import Driver, number
from tests.browser.pages import served
from webvoyager_gym.actions import Action
from webvoyager_gym.vlm.parse import executable


@pytest.mark.parametrize(("link", "file"), [("Report", "report.pdf"), ("Attachment", "list.csv")])
def test_a_download_is_refused_and_told(driver: Driver, link: str, file: str) -> None:
    view = driver.open("/download")
    error, view = driver.do(f"click [{number(view, link)}]", view)
    if not error:  # Chromium may tell only after the page has come to rest.
        error, view = driver.do("wait", view)
    assert error == f'The page offered the file "{file}"; it was not downloaded.'
    error, view = driver.do(f"click [{number(view, 'Next page')}]", view)
    assert (error, view.title) == ("", "Next")


def test_a_file_is_not_uploaded(driver: Driver) -> None:
    view = driver.open("/file")
    assert [(mark.role, mark.name) for mark in view.marks] == [("file", "Picture"), ("button", "Send")]
    error, after = driver.do("click [1]", view)
    assert error == "Files cannot be uploaded."
    assert np.array_equal(after.screenshot, view.screenshot)


def test_editable_areas_are_fields(driver: Driver) -> None:
    view = driver.open("/editable")
    assert [(mark.role, mark.name, mark.value) for mark in view.marks] == [
        ("textbox", "Note", "old note"),
        ("textbox", "Comment", ""),
    ]
    _, view = driver.do('type [1] "new words"', view)
    error, view = driver.do('type [2] "fine"', view)
    assert (error, [mark.value for mark in view.marks]) == ("", ["new words", "fine"])


def test_what_a_sticky_header_covers_has_no_mark(driver: Driver) -> None:
    view = driver.open("/sticky")
    error, view = driver.do("scroll [window] down", view)
    assert not error
    names = [mark.name for mark in view.marks]
    assert names[0] == "Menu"
    assert all(mark.box[1] >= 80 or mark.name == "Menu" for mark in view.marks)
    _, after = driver.do(f"click [{number(view, names[1])}]", view)
    assert after.url.endswith(names[1].lower().replace(" ", ""))


def test_an_endless_list_goes_on_at_every_scroll(driver: Driver) -> None:
    view = driver.open("/endless")
    lengths = [view.scroll[2]]
    for _ in range(6):
        error, view = driver.do("scroll [window] down", view)
        assert not error
        lengths.append(view.scroll[2])
    assert lengths[-1] >= lengths[0] + 2 * 20 * 50
    assert all("Entry" in mark.name for mark in view.marks)


def test_ten_thousand_elements_are_looked_at_and_clicked(driver: Driver) -> None:
    view = driver.open("/many")
    assert 100 < len(view.marks) <= 400
    assert view.offscreen
    _, view = driver.do(f"click [{len(view.marks)}]", view)
    assert view.title == f"B{len(view.marks) - 1}"


def test_fields_with_a_picker_take_what_is_typed_or_say_how_to_write_it(driver: Driver) -> None:
    view = driver.open("/pickers")
    for name, text in (("Day", "2026-03-09"), ("Time", "07:05"), ("Month", "2026-12"), ("Start", "2026-03-09T07:05")):
        error, view = driver.do(f'type [{number(view, name)}] "{text}"', view)
        assert (error, view.marks[number(view, name) - 1].value) == ("", text)
    assert view.title == "d"
    error, view = driver.do(f'type [{number(view, "Day")}] "March 9"', view)
    assert error.endswith("takes what is written like 2026-01-31, not 'March 9'.")
    _, view = driver.do(f'type [{number(view, "Time")}] ""', view)
    assert [mark.value for mark in view.marks[:2]] == ["2026-03-09", ""]


def test_options_of_a_list_that_takes_several_are_chosen_and_left_again(driver: Driver) -> None:
    view = driver.open("/pickers")
    for option, chosen in (("Pear", "Pear"), ("plum", "Pear, Plum"), ("Pear", "Plum")):
        error, view = driver.do(f'select [{number(view, "Fruit")}] "{option}"', view)
        assert (error, view.marks[number(view, "Fruit") - 1].value) == ("", chosen)


def test_all_options_of_long_lists_and_with_long_labels_can_be_chosen(driver: Driver) -> None:
    view = driver.open("/lists")
    large = "A plan for " * 20 + "large"
    for name, option in (("Year", "Year 250"), ("Year", "Year 650"), ("Plan", large)):
        action = executable(Action("select", number(view, name), option), view)
        assert action is not None
        error, view = driver.do(action.text, view)
        assert (error, view.marks[number(view, name) - 1].value[:150]) == ("", option[:150])
    assert executable(Action("select", number(view, "Plan"), "Another"), view) is None
    assert max(len(line) for line in view.outline.splitlines()) < 500


def test_no_text_of_a_page_has_half_a_character(driver: Driver) -> None:
    view = driver.open("/half")
    assert (view.title, view.marks[0].name) == ("half \ufffd", "a" * 158 + "…")
    error, _ = driver.do('select [2] "good"', view)
    assert error == "There is no option 'good'; there are bad \ufffd."
    view.outline.encode()


def test_a_page_that_asks_before_it_is_left_is_left(driver: Driver) -> None:
    view = driver.open("/leave")
    _, view = driver.do(f"click [{number(view, 'Touch')}]", view)
    assert view.title == "touched"
    error, view = driver.do(f"click [{number(view, 'Leave')}]", view)
    assert view.title == "Next"
    assert "beforeunload" in error
    view = driver.open("/leave")
    _, view = driver.do(f"click [{number(view, 'Touch')}]", view)
    assert driver.open("/next").title == "Next"


def test_a_popup_becomes_the_page_in_full_size(driver: Driver) -> None:
    view = driver.open("/popup")
    _, view = driver.do(f"click [{number(view, 'Pop up')}]", view)
    assert (view.title, view.screenshot.shape) == ("Next", (600, 800, 3))


def test_a_page_that_reloads_for_ever_is_looked_at_and_left(driver: Driver) -> None:
    view = driver.open("/reloads")
    assert [mark.name for mark in view.marks] == ["Next page"]
    for _ in range(5):
        view = driver.look()
        assert "# Again" in view.outline
    for _ in range(8):  # A click is lost if the page reloads under it.
        if view.title != "Next":
            _, view = driver.do(f"click [{number(view, 'Next page')}]", view)
    assert view.title == "Next"


def test_permissions_are_refused(driver: Driver) -> None:
    view = driver.open("/asks")
    _, view = driver.do("click [1]", view)
    _, view = driver.do("wait", view)
    assert view.title == "refused"


def test_marks_fit_the_picture_on_a_fine_screen() -> None:
    """At two device pixels to a CSS pixel the picture keeps the size of the viewport, and marks their places."""
    with served() as (address, _):
        views = []
        for scale in (1, 2):
            driver = Driver(address, device_scale_factor=scale)
            views.append(driver.open("/red"))
            many = driver.open("/many")
            _, after = driver.do(f"click [{number(many, 'B49')}]", many)
            assert after.title == "B49"
            driver.close()
    one, two = views
    assert one.screenshot.shape == two.screenshot.shape == (600, 800, 3)
    assert [mark.box for mark in one.marks] == [mark.box for mark in two.marks]
    assert np.abs(one.screenshot.astype(int) - two.screenshot).mean() < 2
