"""Times in the wording of a task: found, held against today, moved."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webvoyager_gym.tasks.webvoyager.dates import mentions, moved, past, written

TODAY = datetime.date(2026, 11, 23)


def found(text: str) -> list[tuple[str, str, str]]:
    return [(text[each.start : each.end], str(each.first), str(each.last)) for each in mentions(text)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on March 5, 2024.", "2024-03-05", "2024-03-05"),
        ("on March 5th, 2024", "2024-03-05", "2024-03-05"),
        ("on 5 March 2024", "2024-03-05", "2024-03-05"),
        ("on 05/03/2024", "2024-03-05", "2024-03-05"),
        ("after 2024-03-05", "2024-03-05", "2024-03-05"),
        ("March 5-8, 2024", "2024-03-05", "2024-03-08"),
        ("from Mar 5 to 8 in Rome", "2024-03-05", "2024-03-08"),
        ("5/3/2024 - 8/3/2024", "2024-03-05", "2024-03-08"),
        ("6 March to 8 March 2024", "2024-03-06", "2024-03-08"),
        ("February 28 to March 2, 2024", "2024-02-28", "2024-03-02"),
        ("December 30 to January 2, 2024", "2023-12-30", "2024-01-02"),
        ("January 10, 2024, to January 20, 2024", "2024-01-10", "2024-01-20"),
        ("December 20th to December 23th for two", "2023-12-20", "2023-12-23"),
        ("leaves on Dec. 30", "2023-12-30", "2023-12-30"),
        ("leaves on 1st Jan", "2024-01-01", "2024-01-01"),
        ("in October 2023", "2023-10-01", "2023-10-31"),
        ("the season 2023-24", "2023-07-01", "2024-06-30"),
        ("from 2020–2021", "2020-07-01", "2021-06-30"),
        ("songs of the 1960s", "1960-01-01", "1969-12-31"),
        ("in 2010", "2010-01-01", "2010-12-31"),
        ("CVPR2023", "2023-01-01", "2023-12-31"),
    ],
)
def test_a_time_is_found_however_it_is_written(text: str, first: str, last: str) -> None:
    ((_, begins, ends),) = found(text)
    assert (begins, ends) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "UNS A92024 and G10800",
        "zip code 90028",
        "for $1320 or less",
        "size 6 in 30 days",
        "a 2-year protection",
        "the March issue",
        "version 3.10.2",
        "1-3 months",
        "in Feb 30, then",
    ],
)
def test_what_is_no_time_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_two_days_that_are_not_joined_are_two_mentions() -> None:
    text = "leaving on December 25, 2023, and returning on January 5"
    assert [first for _, first, _ in found(text)] == ["2023-12-25", "2024-01-05"]


def test_only_what_is_over_is_past() -> None:
    text = "days between February 12, 2024 and August 9, 2050"
    assert [text[each.start : each.end] for each in past(text, TODAY)] == ["February 12, 2024"]
    assert past("on November 23, 2026", TODAY) == ()


def test_moved_days_are_written_out_and_the_rest_stays() -> None:
    week = datetime.timedelta(7)
    said = moved("From Dec 25th - Dec 26th, and from Dec 30 to Jan 2, 2024, in 2010.", lambda day: day + week)
    assert said == "From January 1-2, 2024, and from January 6-9, 2024, in 2010."


days = st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 1, 1))


@given(first=days, length=st.integers(0, 400))
def test_what_is_written_is_found_again(first: datetime.date, length: int) -> None:
    last = first + datetime.timedelta(length)
    text = f"a stay, {written(first, last)}, for two"
    (mention,) = mentions(text)
    assert (mention.first, mention.last) == (first, last)
    assert moved(text, lambda day: day) == text


@given(st.text(alphabet="JanuryDec 0123456789-–/,.to", max_size=60))
def test_no_text_breaks_the_detector(text: str) -> None:
    for mention in mentions(text):
        assert mention.first <= mention.last or mention.day
        assert 0 <= mention.start < mention.end <= len(text)
