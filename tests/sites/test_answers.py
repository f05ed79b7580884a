"""Checks on answers: what experts say is right in any usual wording, what is nearly right is refused."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webvoyager_gym.sites.kit import Day, Duration, Expected, Impossible, Name, Names, Number, Time, YesNo
from webvoyager_gym.sites.kit.answers import LONGEST

EIGHT_FIVE = datetime.time(20, 5)
MARCH_9 = datetime.date(2026, 3, 9)


@pytest.mark.parametrize(
    ("expected", "answers"),
    [
        (Number(1234.5, "$", decimals=2), ["$1,234.50", "1234.5", "It costs $1,234.50.", "1,234.50 $"]),
        (Number(12, "%"), ["12%", "12", "about 12 %"]),
        (Number(3.2, "km", tolerance=0.05, decimals=1), ["3.2 km", "3.24 km", "3.2 kilometres", "the distance is 3.2"]),
        (Number(180, "°C"), ["180 °C", "180°c", "180 degrees Celsius", "180C"]),
        (Number(7), ["7", "7 products", "There are 7."]),
        (Number(15, "degrees"), ["15 °C", "15 degrees", "15°", "15"]),
        (Number(120, "GPU hours"), ["120 GPU hours", "120 hours", "120"]),
        (Name("Frost Anchor Hotel", ("Frost Mill House",)), ["frost anchor hotel", "It is the Frost Anchor Hotel."]),
        (Names(("Ada", "Bo")), ["Bo and Ada", "Ada, Bo"]),
        (Day(MARCH_9), ["2026-03-09", "9 March 2026", "March 9", "Mar 9, 2026", "on the 9th of March"]),
        (YesNo(True), ["yes", "Yes, it has a pool.", "The answer is yes."]),
        (Time(EIGHT_FIVE), ["20:05", "8:05 pm", "8:05 p.m.", "It leaves at 20h05."]),
        (Time(datetime.time(0, 30)), ["0:30", "12:30 am", "00:30"]),
        (Time(datetime.time(9)), ["9:00", "9 am"]),
        (Duration(155), ["2 h 35 min", "155 minutes", "2 hours 35 minutes", "2h 35m"]),
        (Duration(90), ["1.5 hours", "1 h 30 min"]),
        (
            Impossible("no direct flight", ("QX 17",)),
            ["Impossible.", "There is no direct flight", "N/A", "not available"],
        ),
    ],
)
def test_usual_wordings_are_right(expected: Expected, answers: list[str]) -> None:
    for answer in (expected.text, *answers):
        assert expected.matches(answer), answer


@pytest.mark.parametrize(
    ("expected", "answers"),
    [
        (Number(1234.5, "$", decimals=2), ["$1,234.05", "€1,234.50", "$1,234.50 or $1,300", "", "a lot"]),
        (
            Number(3.2, "km", tolerance=0.05, decimals=1),
            ["3.3 km", "32 km", "between 3.2 and 3.5 km", "3.2 miles", "3.2 m"],
        ),
        (Number(180, "°C"), ["180 °F", "180F", "350 °F (180 °C)"]),
        (Number(4, "articles"), ["4 TB", "4 km", "$4"]),
        (Number(350, "°C"), ["350 degrees Fahrenheit"]),
        (Number(7), ["$7", "7 %", "7 of 12", "-7", "7.5"]),
        (
            Name("Frost Anchor Hotel", ("Frost Mill House",)),
            ["Frost Anchor", "Frost Anchor Hotel or Frost Mill House", "Frost Anchor Hotel or another"],
        ),
        (Names(("Ada", "Bo"), ("Cy",)), ["Ada", "Ada, Bo and Cy"]),
        (Day(MARCH_9), ["10 March 2026", "9 March 2025", "9 March or 10 March", "March"]),
        (YesNo(True), ["no", "yes and no", "perhaps", ""]),
        (YesNo(False), ["There is no such place.", "yes", "none"]),
        (Time(EIGHT_FIVE), ["8:05", "8:05 am", "20:50", "20:05 or 21:05", "20", "20:65", "13:05 pm"]),
        (Duration(155), ["2 h 53 min", "155", "2 h", "155 hours", "1 h or 2 h 35 min"]),
        (Impossible("no direct flight", ("QX 17",)), ["QX 17", "It is not possible, so take QX 17", "done", ""]),
    ],
)
def test_near_misses_are_refused(expected: Expected, answers: list[str]) -> None:
    for answer in answers:
        assert not expected.matches(answer), answer


@given(st.times().map(lambda t: t.replace(second=0, microsecond=0, tzinfo=None)), st.times())
def test_a_time_is_told_from_every_other(right: datetime.time, other: datetime.time) -> None:
    same = (right.hour, right.minute) == (other.hour, other.minute)
    assert Time(right).matches(other.strftime("%H:%M")) == same
    assert Time(right).matches(other.strftime("%I:%M %p")) == same


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_a_duration_is_told_from_every_other(right: int, other: int) -> None:
    assert Duration(right).matches(Duration(other).text) == (right == other)
    assert Duration(right).matches(f"{other} minutes") == (right == other)


@given(st.text(max_size=80))
def test_no_answer_breaks_a_check(answer: str) -> None:
    for expected in (Number(3, "$"), Name("A"), Names(("A",)), Day(MARCH_9), Time(EIGHT_FIVE), Duration(5)):
        assert expected.matches(answer) in (True, False)
        assert not expected.matches(expected.text + "!" * LONGEST)
