"""Agents on a real page: what they choose, how likely, and what counts as a best action."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.collecting import SIZE, Clicks
from webvoyager_gym.actions import Action, parse
from webvoyager_gym.agents import (
    Agent,
    BestOfQ,
    EpsilonGreedy,
    First,
    OracleOfN,
    Random,
    best_candidates,
    is_best,
    load_agent,
    same_action,
)
from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.errors import NotFound, WebVoyagerError
from webvoyager_gym.policies import Mixture, Softmax
from webvoyager_gym.q_function import QFunction
from webvoyager_gym.q_network import QConfig, save_q
from webvoyager_gym.tasks import TaskSession
from webvoyager_gym.tasks.local import LocalSession
from webvoyager_gym.types import Candidate, Mark, PageView

ASKS_A_FACT = "shop/listed-fact/train-3"
WANTS_NO_ANSWER = "shop/wish-for-extreme/train-3"


@pytest.fixture(scope="module")
def opened() -> Iterator[BestOfQEnv]:
    environment = BestOfQEnv(proposer=Clicks())
    yield environment
    environment.close()


@pytest.fixture
def env(opened: BestOfQEnv) -> BestOfQEnv:
    opened.reset(seed=0, options={"task_id": ASKS_A_FACT})
    return opened


@pytest.fixture(scope="module")
def q_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    config = QConfig(SIZE, SIZE, hidden=(8,))
    path = tmp_path_factory.mktemp("q") / "q.safetensors"
    save_q(path, config.create(), config, {"embedder": "clicks"})
    return path


def candidates(*texts: str) -> tuple[Candidate, ...]:
    return tuple(Candidate(parse(text)) for text in texts)


def test_first_takes_the_likeliest_for_certain(env: BestOfQEnv) -> None:
    choice = First().choose(env, np.random.default_rng(0))
    assert (choice.index, choice.propensity, choice.scores) == (0, 1.0, None)


@pytest.mark.parametrize(
    "agent",
    [
        Random(),
        EpsilonGreedy(First(), 0.5),
        EpsilonGreedy(OracleOfN(), 0.3),
        Softmax(OracleOfN(), 0.7),
        Mixture(((0.5, OracleOfN()), (0.2, Random()), (0.3, EpsilonGreedy(First(), 0.4)))),
    ],
    ids=lambda agent: agent.name,
)
def test_the_propensity_is_how_often_a_choice_is_made(env: BestOfQEnv, agent: Agent) -> None:
    env.candidates = (*env.candidates[:2], Candidate(env.best_actions()[0]))
    random = np.random.default_rng(7)
    draws = 400
    choices = [agent.choose(env, random) for _ in range(draws)]
    said = {choice.index: choice.propensity for choice in choices}
    made = Counter(choice.index for choice in choices)
    assert sum(said.values()) == pytest.approx(1.0)
    for index, propensity in said.items():
        # Four standard deviations of a binomial share.
        assert abs(made[index] / draws - propensity) < 4 * (propensity * (1 - propensity) / draws) ** 0.5


def test_epsilon_greedy_counts_the_greedy_choice_when_it_is_drawn_by_lot(env: BestOfQEnv) -> None:
    agent = EpsilonGreedy(First(), 0.5)
    choices = [agent.choose(env, np.random.default_rng(seed)) for seed in range(40)]
    third = 0.5 / 3
    assert {choice.index: choice.propensity for choice in choices} == pytest.approx(
        {0: 0.5 + third, 1: third, 2: third}
    )
    assert [EpsilonGreedy(First(), 0.0).choose(env, np.random.default_rng(s)).index for s in range(20)] == [0] * 20


def test_epsilon_greedy_refuses_what_it_cannot_give_a_propensity_for(env: BestOfQEnv) -> None:
    with pytest.raises(ValueError, match="draws lots itself"):
        EpsilonGreedy(Random(), 0.5).choose(env, np.random.default_rng(0))
    with pytest.raises(ValueError, match="from 0 to 1"):
        EpsilonGreedy(First(), 1.5)


def test_a_softmax_weighs_by_the_scores(env: BestOfQEnv, q_path: Path) -> None:
    around = load_agent(f"softmax:0.5:best-of-q:{q_path}")
    assert around.name == "softmax:0.5:best-of-q"
    drawn = [around.choose(env, np.random.default_rng(seed)) for seed in range(60)]
    assert {choice.index for choice in drawn} == {0, 1, 2}
    for choice in drawn:
        assert choice.scores is not None
        weights = np.exp(choice.scores.astype(float) / 0.5)
        assert choice.propensity == pytest.approx(weights[choice.index] / weights.sum())
    with pytest.raises(ValueError, match="does not score"):
        Softmax(First(), 1.0).choose(env, np.random.default_rng(0))


def test_a_mixture_gives_a_candidates_probability_under_all_its_parts(env: BestOfQEnv) -> None:
    """Not under the part that was drawn: what both could have chosen is as likely as both together make it."""
    parts = Mixture(((0.5, Random()), (0.5, First())))
    mixture = Mixture(((0.25, First()), (0.75, parts)))
    choices = [mixture.choose(env, np.random.default_rng(seed)) for seed in range(60)]
    drawn = {choice.index: choice.propensity for choice in choices}
    assert drawn == pytest.approx({0: 0.25 + 0.75 * (0.5 / 3 + 0.5), 1: 0.75 * 0.5 / 3, 2: 0.75 * 0.5 / 3})
    assert load_agent("mixture:0.5*random+0.5*first") == parts


def test_best_of_q_takes_the_highest_score(env: BestOfQEnv, q_path: Path) -> None:
    choice = BestOfQ(QFunction.load(q_path)).choose(env, np.random.default_rng(0))
    expected = QFunction.load(q_path).score(env.state_embedding, env.candidate_embeddings)
    assert choice.scores is not None
    np.testing.assert_array_equal(choice.scores, expected)
    assert (choice.index, choice.propensity) == (int(expected.argmax()), 1.0)


def test_best_of_q_refuses_embeddings_it_was_not_trained_on(
    env: BestOfQEnv, q_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = BestOfQ(QFunction.load(q_path))
    monkeypatch.setattr(env, "embedder", Clicks(name="other"))
    with pytest.raises(WebVoyagerError, match=r"trained on embeddings of clicks .* embedder is other"):
        agent.choose(env, np.random.default_rng(0))
    monkeypatch.setattr(env, "embedder", None)
    with pytest.raises(WebVoyagerError, match='embedder="same"'):
        agent.choose(env, np.random.default_rng(0))


def test_the_oracle_takes_the_experts_action_where_it_is_proposed(env: BestOfQEnv) -> None:
    best = env.best_actions()[0].text
    env.candidates = candidates("wait", "scroll [window] up", best)
    assert best_candidates(env) == (False, False, True)
    assert OracleOfN().choose(env, np.random.default_rng(0)).index == 2
    env.candidates = candidates("wait", "scroll [window] up")
    assert OracleOfN().choose(env, np.random.default_rng(0)).index == 0


def test_without_an_expert_no_action_is_known_to_be_best(env: BestOfQEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    env.candidates = candidates("wait", env.best_actions()[0].text)
    monkeypatch.setattr(LocalSession, "best_actions", TaskSession.best_actions)
    assert best_candidates(env) == (False, False)
    assert not is_best(env, env.candidates[1])
    assert OracleOfN().choose(env, np.random.default_rng(0)).index == 0


def test_a_right_answer_is_a_best_action_however_it_is_worded(env: BestOfQEnv) -> None:
    session = env.session
    assert isinstance(session, LocalSession)
    assert session.expected is not None
    right = Candidate(Action("answer", argument=f"It says: {session.expected.text.upper()}"))
    wrong = Candidate(Action("answer", argument="I could not find it"))
    assert is_best(env, right)
    assert not is_best(env, wrong)


def test_no_answer_is_a_best_action_where_none_is_asked_for(env: BestOfQEnv) -> None:
    env.reset(seed=0, options={"task_id": WANTS_NO_ANSWER})
    assert not is_best(env, Candidate(Action("answer", argument="done")))


LINKS = PageView(
    np.zeros((4, 4, 3), np.uint8),
    (
        Mark(1, "link", "Mug, picture", (0, 0, 1, 1), href="/item/1"),
        Mark(2, "link", "Red mug", (0, 0, 1, 1), href="/item/1"),
        Mark(3, "link", "Blue mug", (0, 0, 1, 1), href="/item/2"),
        Mark(4, "link", "Reviews", (0, 0, 1, 1), href="/search?q=mug"),
        Mark(5, "link", "Details", (0, 0, 1, 1), href="/search?q=mug"),
        Mark(6, "button", "Buy", (0, 0, 1, 1)),
        Mark(7, "button", "Save", (0, 0, 1, 1)),
        Mark(8, "textbox", "Search", (0, 0, 1, 1)),
        Mark(9, "textbox", "Code", (0, 0, 1, 1)),
    ),
    "",
    "http://shop.webvoyager.test/search?q=mug",
    "Shop",
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("click [1]", "click [1]", True),
        ("click [1]", "click [2]", True),
        ("click [2]", "click [3]", False),
        ("click [4]", "click [5]", False),
        ("click [6]", "click [7]", False),
        ("hover [1]", "hover [2]", False),
        ('type [8] "Red  Mug" enter', 'type [8] "red mug" enter', True),
        ('type [8] "red mug" enter', 'type [8] "red mug"', False),
        ('type [8] "red mug"', 'type [9] "red mug"', False),
        ('type [8] "red mug"', 'type [8] "red mugs"', False),
        ('answer "YES"', 'answer "yes"', True),
        ("scroll [window] up", "scroll [window] down", False),
    ],
)
def test_what_is_the_same_action(one: str, other: str, same: bool) -> None:
    assert same_action(parse(one), parse(other), LINKS) is same
    assert same_action(parse(other), parse(one), LINKS) is same


def test_agents_by_name(q_path: Path) -> None:
    assert load_agent("first") == First()
    assert load_agent("random") == Random()
    assert load_agent("oracle-of-n") == OracleOfN()
    assert load_agent("epsilon-greedy:0.5") == EpsilonGreedy(First(), 0.5)
    assert load_agent("epsilon-greedy:0.5").name == "epsilon-greedy:0.5:first"
    around_q = load_agent(f"epsilon-greedy:0.1:best-of-q:{q_path}")
    assert isinstance(around_q, EpsilonGreedy)
    assert isinstance(around_q.base, BestOfQ)


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("oracle-of-m", NotFound, "the nearest are oracle-of-n"),
        ("epsilon-greedy:0.5:fist", NotFound, "the nearest are first"),
        ("best-of-q:/no/such/file", NotFound, "/no/such/file"),
        ("best-of-q", ValueError, "best-of-q:PATH"),
        ("first:0.5", ValueError, "takes nothing after its name"),
        ("epsilon-greedy", ValueError, "epsilon-greedy:0.5"),
        ("epsilon-greedy:2", ValueError, "from 0 to 1"),
        ("softmax:0.1", ValueError, "softmax:0.1:best-of-q:PATH"),
        ("softmax:0:first", ValueError, "above 0"),
        ("softmax:hot:first", ValueError, "needs a number"),
        ("mixture:first+random", ValueError, "WEIGHT"),
        ("mixture:0.5*first+0.4*random", ValueError, "sum to 1"),
        ("mixture:0.5*first+0.5*randon", NotFound, "random"),
        ("mixture", ValueError, "sum to 1"),
    ],
)
def test_a_wrong_name_says_what_would_be_right(text: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        load_agent(text)
