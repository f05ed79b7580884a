"""Which recorded answer a request gets."""

from __future__ import annotations

from tests.network.exchanges import BEGAN, answered, recording
from webvoyager_gym.network.exchange import Asked
from webvoyager_gym.network.playback import UNRECORDED, Gaps, Playback


def said(playback: Playback, url: str, method: str = "GET", body: bytes = b"") -> str:
    answer = playback.answer(Asked(method, url, body))
    return answer.content.decode() or answer.error


def test_the_first_time_gets_the_first_answer_and_the_last_stays() -> None:
    playback = Playback(recording(answered("http://a.test/", "one"), answered("http://a.test/", "two")))
    assert [said(playback, "http://a.test/#part") for _ in range(4)] == ["one", "two", "two", "two"]
    assert playback.gaps() == Gaps()


def test_methods_and_bodies_are_told_apart() -> None:
    playback = Playback(
        recording(
            answered("http://a.test/q", "got"),
            answered("http://a.test/q", "tea", method="POST", body=b'{"q": "tea"}'),
            answered("http://a.test/q", "coffee", method="POST", body=b'{"q": "coffee"}'),
        )
    )
    assert said(playback, "http://a.test/q", "POST", b'{"q": "coffee"}') == "coffee"
    assert said(playback, "http://a.test/q", "POST", b'{"q": "tea"}') == "tea"
    assert said(playback, "http://a.test/q") == "got"
    assert said(playback, "http://a.test/q", "POST", b'{"q": "milk"}') == UNRECORDED


def test_what_differs_in_times_and_chance_gets_the_like_answer_and_is_told() -> None:
    playback = Playback(
        recording(
            answered(f"http://a.test/x?q=tea&_={BEGAN}", "one"),
            answered(f"http://a.test/x?q=tea&_={BEGAN + 9}", "two"),
            answered(f"http://a.test/x?since={BEGAN // 1000}", "since"),
        )
    )
    asked = [f"http://a.test/x?q=tea&_={BEGAN + 5}", f"http://a.test/x?q=tea&_={BEGAN + 7}"]
    assert [said(playback, url) for url in asked] == ["one", "two"]
    assert said(playback, f"http://a.test/x?since={BEGAN // 1000 + 60}") == "since"
    assert playback.gaps().approximated == (*asked, f"http://a.test/x?since={BEGAN // 1000 + 60}")
    assert said(playback, f"http://a.test/x?q=coffee&_={BEGAN + 5}") == UNRECORDED


def test_a_number_that_is_no_time_of_the_episode_counts() -> None:
    playback = Playback(recording(answered("http://a.test/item?id=1234567890", "that one")))
    assert said(playback, "http://a.test/item?id=1234567891") == UNRECORDED


def test_the_exact_request_comes_before_its_like() -> None:
    playback = Playback(recording(answered("http://a.test/?_=1", "one"), answered("http://a.test/?_=2", "two")))
    assert said(playback, "http://a.test/?_=2") == "two"
    assert said(playback, "http://a.test/?_=3") == "one"


def test_what_was_not_recorded_is_told_once_and_whether_it_was_the_page() -> None:
    playback = Playback(recording())
    playback.answer(Asked("GET", "http://a.test/pixel?token=abc"))
    playback.answer(Asked("GET", f"http://a.test/{'x' * 1000}", document=True))
    playback.lacks(Asked("GET", "ws://a.test/live"))
    gaps = playback.gaps()
    assert gaps.unrecorded[0] == "http://a.test/pixel?token=withheld"
    assert len(gaps.unrecorded[1]) < 400
    assert gaps.unrecorded[2] == "ws://a.test/live"
    assert gaps.document.startswith("http://a.test/xxx")
    assert playback.gaps() == Gaps()
    for number in range(500):
        playback.answer(Asked("GET", f"http://a.test/{number}"))
    assert len(playback.gaps().unrecorded) == 50


def test_a_failure_that_was_recorded_is_no_gap() -> None:
    dead = answered("http://gone.test/", status=0, headers=(), error="ConnectionRefused")
    playback = Playback(recording(dead))
    assert playback.answer(Asked("GET", "http://gone.test/", document=True)).reason == "ConnectionRefused"
    assert playback.gaps() == Gaps()
    assert answered("http://a.test/", status=0, headers=(), error="it has no end").reason == "Aborted"
