"""Asking in several wordings: what is said to a model, what becomes of its answers, and the pocket VLM asked so."""

from __future__ import annotations

import dataclasses
import math
from typing import get_args

import numpy as np
import pytest
import torch

from webvoyager_gym.actions import parse
from webvoyager_gym.types import Candidate, Mark, PageView, Prompt
from webvoyager_gym.vlm import load_proposer
from webvoyager_gym.vlm.names import InvalidModelName
from webvoyager_gym.vlm.prompt import Form, request
from webvoyager_gym.vlm.transformers_backend import TransformersVLM
from webvoyager_gym.vlm.wordings import MOST_WORDINGS, mixed, retold


def page(links: int = 5) -> PageView:
    marks = [Mark(1, "searchbox", "Search", (10, 10, 300, 30))]
    marks += [Mark(2 + at, "link", name, (50, 100 * at + 60, 200, 30)) for at, name in enumerate(NAMES[:links])]
    outline = "\n".join(f'[{mark.index}] {mark.role} "{mark.name}"' for mark in marks)
    screenshot = np.full((768, 1024, 3), 255, np.uint8)
    return PageView(screenshot, tuple(marks), outline, "http://shop.webvoyager.test/", "Shop")


NAMES = ("Copper kettle", "Steel pan", "Cart", "Log in", "Help")
GIVEN = Prompt("Find the copper kettle", page(), ('clicked link "Help"', "went back"), step=2)


def test_every_wording_of_a_request_asks_for_the_same_in_other_words() -> None:
    for form in get_args(Form):
        asked = [request(3, form, wording) for wording in range(MOST_WORDINGS)]
        assert asked[0] == request(3, form)
        assert len(set(asked)) == MOST_WORDINGS
        assert all(text.endswith(asked[0].lstrip("\n")) for text in asked)


def test_a_state_is_told_without_its_past_or_politely() -> None:
    assert retold(GIVEN, 0) is GIVEN
    assert retold(GIVEN, 1) == dataclasses.replace(GIVEN, history=())
    assert retold(GIVEN, 2).goal == "Please find the copper kettle"
    assert retold(GIVEN, 3) == dataclasses.replace(retold(GIVEN, 2), history=())
    assert retold(Prompt("BBC news, please", page()), 2).goal == "Please BBC news, please"


def test_answers_to_several_wordings_are_one_mixture() -> None:
    """The mean of 0.5 and 0.1, of 0.3 and nothing, of nothing and 0.8."""
    groups = [
        [Candidate(parse("back"), math.log(0.5)), Candidate(parse("click [1]"), math.log(0.3), "home")],
        [Candidate(parse("wait"), math.log(0.8)), Candidate(parse("back"), math.log(0.1))],
    ]
    likeliest, ranked = mixed(groups, by_rank=False), mixed(groups, by_rank=True)
    assert [each.text for each in likeliest] == ["wait", "back", "click [1]"]
    np.testing.assert_allclose(np.exp([each.log_prob for each in likeliest]), [0.4, 0.3, 0.15])
    assert [each.text for each in ranked] == ["back", "wait", "click [1]"]
    assert [each.thought for each in ranked] == ["", "", "home"]
    assert mixed(groups[:1], by_rank=False) == groups[0]


@pytest.fixture(scope="module")
def pocket() -> TransformersVLM:
    torch.set_num_threads(1)
    vlm = load_proposer("pocket?wordings=3")
    assert isinstance(vlm, TransformersVLM)
    return vlm


def proposed(vlm: TransformersVLM, given: Prompt, n: int, wordings: int, **options: object) -> list[Candidate]:
    """What the model proposes with other options than its name has."""
    before = vars(vlm).copy()
    vars(vlm).update({"wordings": wordings, **options})
    (found,) = vlm.propose([given], n)
    vars(vlm).update(before)
    return found


def test_the_pocket_vlm_is_a_mixture_of_what_it_says_to_each_wording(pocket: TransformersVLM) -> None:
    of_each = [proposed(pocket, retold(GIVEN, wording), 12, 1) for wording in range(3)]
    (together,) = pocket.propose([GIVEN], 12)
    assert len({candidate.text for candidate in together}) == len(together) == 12
    for candidate in together:
        said = [each.log_prob for group in of_each for each in group if each.text == candidate.text]
        # A wording may have searched an action without proposing it as one of twelve.
        assert math.exp(candidate.log_prob) >= sum(map(math.exp, said)) / 3 - 1e-6
    assert {candidate.text for candidate in together} > {group[0].text for group in of_each}


def test_the_plain_wording_is_still_there_to_be_embedded(pocket: TransformersVLM) -> None:
    given = dataclasses.replace(GIVEN, goal="Find the steel pan")
    pocket.cost.take()
    candidates = pocket.propose([given], 3)
    pocket.embed([given], candidates)
    assert pocket.cost.take()["passes"] == 3


def test_a_higher_temperature_draws_more_different_actions(pocket: TransformersVLM) -> None:
    """Of 24 draws by the same seed, and wordings draw more still. Higher up few draws are actions that can be done."""
    drawn = [
        {each.text for each in proposed(pocket, GIVEN, 24, 1, strategy="sample", temperature=temperature)}
        for temperature in (0.2, 1.0)
    ]
    assert len(drawn[0]) < len(drawn[1])
    worded = proposed(pocket, GIVEN, 24, 3, strategy="sample", temperature=1.0)
    assert len(worded) > len(drawn[1])
    assert np.exp([each.log_prob for each in worded]).sum() <= 1 + 1e-5


def test_options_go_by_the_name_and_senseless_ones_are_refused(pocket: TransformersVLM) -> None:
    assert (pocket.name, pocket.wordings) == ("pocket?wordings=3", 3)
    for name in ("pocket?wordings=0", f"pocket?wordings={MOST_WORDINGS + 1}"):
        with pytest.raises(InvalidModelName, match="from 1 to"):
            load_proposer(name)
    with pytest.raises(InvalidModelName, match="the temperature above 0"):
        load_proposer("pocket?strategy=sample&temperature=0")
