"""What the options beside the algorithms do: pessimism, the listwise term, candidate dropout, the curriculum."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from algorithms.batch import CandidateBatch
from algorithms.candidate import ensemble_values
from algorithms.columns import Columns, columns_of_buffer, columns_of_vectors
from algorithms.configure import configure
from algorithms.curriculum import easiest_first, lessons
from algorithms.draws import start_value, stream, uniform
from algorithms.listwise import listwise_loss
from algorithms.replay import DeviceReplay
from algorithms.thinning import thinned
from algorithms.training import Options, train
from tests.algorithms import tabular
from tests.algorithms.fitting import all_transitions, converged, of_state, small, values
from tests.algorithms.tabular import END, Table, Walk, World, record
from tests.algorithms.worlds import CHAIN, CHAIN_WALKS, GO, MISSING, QUIT, SLOW, TREE, TREE_WALKS, WIN
from webvoyager_gym.data import Dataset
from webvoyager_gym.data.convert import to_d3rlpy
from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.q_function import QFunction
from webvoyager_gym.q_network import reduced


def test_an_ensemble_is_its_mean_less_its_deviations() -> None:
    """Of 1, 2, 6: mean 3, std sqrt((4 + 1 + 9) / 3). Of two networks a beta of 1 is the smaller one."""
    of_three, of_two = torch.tensor([[1.0], [2.0], [6.0]]), torch.tensor([[0.2, 5.0], [0.9, -1.0]])
    assert float(reduced(of_three, None)) == 1.0
    assert float(reduced(of_three, 0.0)) == 3.0
    assert float(reduced(of_three, 0.5)) == pytest.approx(3 - 0.5 * (14 / 3) ** 0.5)
    torch.testing.assert_close(reduced(of_two, 1.0), reduced(of_two, None))


def test_pessimism_lowers_what_was_never_executed_and_spares_the_rest() -> None:
    """In state 0 "win" is proposed and never taken, so nothing says what it is worth."""
    walks = [Walk(0, [GO, SLOW, SLOW, QUIT]), Walk(1, [QUIT]), Walk(0, [GO, QUIT])]
    dataset = to_d3rlpy(record(MISSING, walks))
    algo = converged("iql", MISSING, dataset, "tau=0.2", "n_critics=6", "pessimism=3.0", steps=150)
    states = np.stack([MISSING.embed(state) for state, _ in MISSING.moves]).astype(np.float32)
    actions = np.stack([MISSING.embed(action) for _, action in MISSING.moves]).astype(np.float32)[:, None]
    with torch.no_grad():
        ensemble = ensemble_values(algo.impl.q_function, torch.tensor(states), torch.tensor(actions))
    lowered = ensemble.mean(0)[:, 0].numpy() - algo.predict_values([states, actions])[:, 0]
    fell = dict(zip(MISSING.moves, lowered.tolist(), strict=True))
    executed = {step for walk in walks for step in zip(walk.states(MISSING), walk.actions, strict=False)}
    assert fell[0, WIN] > 2 * max(fell[step] for step in executed)
    assert fell[0, WIN] > 0.1


def test_who_acts_is_as_pessimistic_as_who_learnt(chain_dataset: Dataset, tmp_path: Path) -> None:
    config = small("iql", "n_critics=3", "pessimism=2.0")
    q = QFunction.load(train(chain_dataset, config, steps=2, device="cpu", out=tmp_path))
    states, candidates = np.eye(4, dtype=np.float32)[:3], np.tile(np.eye(4, dtype=np.float32)[:2], (3, 1, 1))
    given = torch.tensor(states), torch.tensor(candidates)
    ensemble = torch.stack([network(*given) for network in q._networks])
    np.testing.assert_allclose(q.score_batch(states, candidates), reduced(ensemble, 2.0), rtol=1e-5)
    assert not np.allclose(q.score_batch(states, candidates), ensemble.amin(0))


ONE_STATE = World({(0, 0): (END, 0.0), (0, 1): (END, 1.0), (0, 2): (END, 1.0)}, gamma=1.0)
LIKES_THE_FIRST = [Walk(0, [0])] * 12 + [Walk(0, [1])] * 2 + [Walk(0, [2]), Walk(0, [2])]


def one_state(propensity: tuple[float, float, float]) -> CandidateBatch:
    """Sixteen times the same state, in which 0, 1 and 2 were taken as `LIKES_THE_FIRST` says; 1 and 2 succeed."""
    batch = all_transitions(to_d3rlpy(record(ONE_STATE, LIKES_THE_FIRST)), 1.0)
    return dataclasses.replace(batch, propensity=torch.tensor(propensity)[batch.chosen])


def minimised(batch: CandidateBatch) -> list[float]:
    """softmax at the minimum of the listwise term of one state's values."""
    row = torch.zeros(batch.mask.shape[1], requires_grad=True)
    optim = torch.optim.LBFGS([row], max_iter=100)

    def loss() -> Tensor:
        optim.zero_grad()
        value = listwise_loss(row.expand(len(batch.chosen), -1), batch)
        value.backward()
        return value

    optim.step(loss)
    return row.detach().softmax(0).tolist()


def test_the_listwise_minimum_is_the_share_of_the_return_whatever_the_recording_liked() -> None:
    """12, 2 and 2 of 16 times taken, with mean returns of 0.5, 1 and 1: a fifth and two fifths each. If all steps
    weighed the same (propensities that do not tell) it would be 0.6, 0.2 and 0.2: the recording's habit."""
    batch = one_state((12 / 16, 2 / 16, 2 / 16))
    batch = dataclasses.replace(batch, returns=torch.tensor([0.5, 1.0, 1.0])[batch.chosen])
    assert minimised(batch) == pytest.approx([0.2, 0.4, 0.4], abs=1e-3)
    assert minimised(dataclasses.replace(batch, propensity=torch.ones(16))) == pytest.approx([0.6, 0.2, 0.2], abs=1e-3)


def test_the_listwise_term_by_hand() -> None:
    """Values 0, log 2, log 5 sum up to log 8. Executed 1: log 8 - log 2 = log 4, weight 1 / (3 * 0.5); executed 0, no
    success: nothing; executed 2 and broken off: not counted. The mean of the two known is log 4 / 1.5 / 2."""
    batch = one_state((0.5, 0.5, 0.5))
    three = torch.tensor([12, 0, 14])  # executed 1, 0 and 2
    columns = {field.name: getattr(batch, field.name)[three] for field in dataclasses.fields(batch)}
    known = {"return_known": torch.tensor([True, True, False])}
    found = listwise_loss(torch.tensor([1.0, 2.0, 5.0]).log().expand(3, 3), CandidateBatch(**columns | known))
    assert float(found) == pytest.approx(np.log(4) / 1.5 / 2)


def test_a_few_samples_of_a_set_are_ranked_right() -> None:
    """Each candidate was taken once or twice, and values hardly moved in 40 updates by squared errors: a network that
    also ranks puts what succeeded above what failed, and by more."""
    walks = [Walk(0, [0]), Walk(0, [1]), Walk(0, [0]), Walk(0, [2])]
    dataset = to_d3rlpy(record(ONE_STATE, walks))
    gaps = []
    for weight in (0.0, 1.0):
        settings = ("tau=0.2", "learning_rate=1e-3", f"listwise={weight}")
        found = of_state(converged("iql", ONE_STATE, dataset, *settings, steps=40), ONE_STATE, 0)
        gaps.append(min(found[1], found[2]) - found[0])
    assert gaps[1] > max(0.0, gaps[0]) + 0.05


def test_a_dataset_without_propensities_cannot_be_ranked_by_them() -> None:
    vectors = record(CHAIN, CHAIN_WALKS)
    vectors.propensity[:] = np.nan
    with pytest.raises(WebVoyagerError, match="does not say how likely"):
        configure("iql", ["listwise=0.1"]).replay(columns_of_vectors(vectors, "train", 0.9), "cpu", 0)


def luck(batch: CandidateBatch, update: int) -> Tensor:
    return uniform(stream(start_value(0, "cpu"), 1), torch.tensor(update), (2, *batch.mask.shape))


def test_dropout_keeps_what_was_executed_and_at_least_one() -> None:
    batch = all_transitions(to_d3rlpy(record(MISSING, [Walk(0, [GO, SLOW, SLOW, WIN]), Walk(0, [GO], "truncated")])))
    rows = torch.arange(len(batch.chosen))
    for update, share in itertools.product(range(20), (0.3, 1.0)):
        thin = thinned(batch, share, luck(batch, update))
        assert thin.mask[rows, thin.chosen].all()
        goes_on = thin.next_chosen >= 0
        assert thin.next_mask[rows, thin.next_chosen][goes_on].all()
        assert torch.equal(thin.next_mask.any(1), batch.next_mask.any(1)), "none where there was none, else one"
        assert not (thin.mask & ~batch.mask).any()
        if share == 1.0:
            assert (thin.mask.sum(1) == 1).all()
    assert torch.equal(thinned(batch, 0.0, luck(batch, 0)).next_mask, batch.next_mask)


def expected_best(world: World, walks: list[Walk], share: float) -> Table:
    """Q(s, a) = mean over the times it was taken of r + gamma E[max over the next executed one and each other candidate
    with probability 1 - share]."""
    after: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for walk in walks:
        steps = list(zip(walk.states(world), walk.actions, strict=False))
        for step, following in zip(steps, [*steps[1:], (END, END)], strict=True):
            after.setdefault(step, []).append(following)

    def best(q: Table, executed: tuple[int, int]) -> float:
        others = [(executed[0], action) for action in world.candidates(executed[0]) if action != executed[1]]
        total = 0.0
        for there in itertools.product((True, False), repeat=len(others)):
            chance = np.prod([1 - share if each else share for each in there])
            kept = [q[step] for step, each in zip(others, there, strict=True) if each]
            total += float(chance) * max([q[executed], *kept])
        return total

    q = dict.fromkeys(world.moves, 0.0)
    for _ in range(200):
        q |= {
            step: world.moves[step][1]
            + world.gamma * float(np.mean([0.0 if each[0] == END else best(q, each) for each in following]))
            for step, following in after.items()
        }
    return q


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_with_dropout_dqn_converges_to_the_expected_best_of_fewer(share: float) -> None:
    """On the tree the short way is worth 0.9 to Q-learning, 0 to SARSA, and 0.45 to the best of half of the others."""
    dataset = to_d3rlpy(record(TREE, TREE_WALKS))
    expected = expected_best(TREE, TREE_WALKS, share)
    assert expected[0, GO] == pytest.approx(0.9 * (1 - share))
    if share == 1.0:
        sarsa = tabular.along_the_walks(TREE, TREE_WALKS)
        assert all(expected[step] == pytest.approx(sarsa[step]) for step in TREE.moves)
    algo = converged(
        "dqn", TREE, dataset, "tau=0.1", change=lambda batch, step: thinned(batch, share, luck(batch, step))
    )
    for step, value in values(algo, TREE).items():
        assert value == pytest.approx(expected[step], abs=0.06), step


def test_dropout_leaves_the_listwise_minimum_where_it_is() -> None:
    """So that values trained on sets of any size agree. The gradient at the minimum, over all subsets, is nothing."""
    batch = one_state((12 / 16, 2 / 16, 2 / 16))
    batch = dataclasses.replace(batch, returns=torch.tensor([0.5, 1.0, 1.0])[batch.chosen])
    for share in (0.0, 0.4, 0.9):
        row = torch.tensor([0.2, 0.4, 0.4]).log().requires_grad_()
        for there in itertools.product((True, False), repeat=3):
            chance = float(np.prod([1 - share if each else share for each in there]))
            kept = torch.tensor(there).float()
            thin = thinned(batch, 0.5, kept.expand(2, len(batch.chosen), 3))
            each = row.expand(len(batch.chosen), -1).masked_fill(~thin.mask, -torch.inf)
            (chance * listwise_loss(each, thin)).backward()
        assert row.grad is not None
        torch.testing.assert_close(row.grad, torch.zeros(3), atol=1e-6, rtol=0)


@pytest.mark.parametrize("name", ["iql", "sarsa"])
def test_dropout_where_it_could_do_nothing_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="set listwise above 0"):
        configure(name, ["candidate_dropout=0.5"])
    assert configure(name, ["candidate_dropout=0.5", "listwise=0.1"]).candidate_dropout == 0.5


def sites() -> Columns:
    """Three transitions on site 0, none of which succeeds; on site 1 an episode of two that does and one of one that
    does; on site 2 a single one that was broken off."""
    walks = [
        Walk(0, [GO, SLOW, SLOW], "truncated"),
        Walk(2, [SLOW, WIN]),
        Walk(0, [WIN]),
        Walk(1, [SLOW, SLOW], "broken"),
    ]
    vectors = record(MISSING, walks)
    return columns_of_vectors(dataclasses.replace(vectors, site=np.array([0, 1, 1, 2], np.uint8)), "train", 0.9)


def test_easy_first_takes_sites_by_their_successes_and_episodes_by_their_length() -> None:
    """Transitions are 0, 1, 2 | 3, 4 | 5 | 6. The broken-off one has no success to its site, and is short."""
    columns = sites()
    assert columns.site.tolist() == [0, 0, 0, 1, 1, 1, 2]
    assert easiest_first(columns).tolist() == [5, 3, 4, 6, 0, 1, 2]


def test_easy_first_draws_from_ever_more() -> None:
    """At update 0 a tenth of the seven, one transition; at T all; and the same for the same seed and update."""
    columns = sites()
    replay = DeviceReplay(columns, lessons=lessons("easy-first", columns, 100))
    seen = [set(replay.drawn(torch.tensor(update), 200).tolist()) for update in (0, 20, 50, 100, 5000)]
    assert seen[0] == {5}
    assert seen[0] < seen[1] < seen[2] < seen[3] == seen[4] == set(range(7))
    again = DeviceReplay(columns, lessons=lessons("easy-first", columns, 100))
    assert torch.equal(again.drawn(torch.tensor(50), 200), replay.drawn(torch.tensor(50), 200))
    assert not torch.equal(again.seeded(1).drawn(torch.tensor(50), 200), replay.drawn(torch.tensor(50), 200))


def test_balanced_sites_are_equally_often_drawn() -> None:
    columns = sites()
    drawn = DeviceReplay(columns, lessons=lessons("balanced-sites", columns, 1)).drawn(torch.tensor(3), 30_000)
    counts = torch.bincount(drawn, minlength=7).double() / 30_000
    # A third for each site, and all of a site equally often; five standard deviations.
    torch.testing.assert_close(counts, torch.tensor([1, 1, 1, 1, 1, 1, 3]).double() / 9, atol=0.015, rtol=0)


@pytest.mark.parametrize("name", ["iql", "dqn", "bc", "decision-transformer"])
def test_a_curriculum_serves_every_algorithm_from_either_source(name: str) -> None:
    """From d3rlpy's buffer as from a dataset."""
    vectors = dataclasses.replace(record(CHAIN, CHAIN_WALKS), site=np.array([0, 0, 0, 0, 1, 1, 1, 1], np.uint8))
    both = columns_of_vectors(vectors, "train", 0.9), columns_of_buffer(to_d3rlpy(vectors), 0.9)
    config = configure(name, ["curriculum=easy-first", "curriculum_updates=10"])
    one, other = (config.replay(columns, "cpu", 0).batch(0, 50) for columns in both)
    plain = configure(name, []).replay(both[0], "cpu", 0).batch(0, 50)
    assert torch.equal(one.states, other.states)
    assert not torch.equal(one.states, plain.states)


def test_a_training_with_all_options_goes_on_where_it_stopped(chain_dataset: Dataset, tmp_path: Path) -> None:
    settings = ("n_critics=3", "pessimism=1", "listwise=0.1", "candidate_dropout=0.5", "curriculum=easy-first")
    config = small("iql", *settings, "curriculum_updates=12")
    whole = train(chain_dataset, config, steps=12, device="cpu", out=tmp_path / "whole")
    train(chain_dataset, config, steps=5, device="cpu", out=tmp_path / "parts")
    parts = train(chain_dataset, config, 12, device="cpu", out=tmp_path / "parts", options=Options(resume=True))
    assert whole.read_bytes() == parts.read_bytes()


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("pessimism=1", "n_critics above 1"),
        ("pessimism=-1", "at least 0"),
        ("curriculum=hard-first", "one of none, easy-first, balanced-sites"),
        ("curriculum_updates=0", "at least 1"),
        ("listwise=-0.1", "at least 0"),
        ("candidate_dropout=1.1", "between 0 and 1"),
    ],
)
def test_options_that_make_no_sense_say_why(setting: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        configure("dqn", [setting])
