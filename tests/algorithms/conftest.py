"""A dataset whose values are known in closed form.

Three states A -> B -> C in a row. In each there are two candidates: "on" leads to the next state, and from C to
success (reward 1); "quit" ends the episode with nothing. The recorded policy takes either in half of the cases: of 8
episodes 4 start in A and 2 of them quit there; 2 start in B, and of the 4 that come by 2 quit there; 2 start in C, and
of the 4 that come by 2 quit and 2 succeed. So each of the 6 pairs of state and action is there twice.

For two equally frequent values q1 >= q2, the expectile e is the v with e (q1 - v) = (1 - e) (v - q2), that is
v = e q1 + (1 - e) q2. "quit" is worth 0 everywhere, so with discount g

    V(C) = e * 1                  Q(C, on) = 1
    V(B) = e * g * V(C)           Q(B, on) = g V(C) = g e
    V(A) = e * g * V(B)           Q(A, on) = g V(B) = g^2 e^2

e = 1/2 gives the value of the recorded policy, e -> 1 that of the best policy: Q(A, on) -> g^2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from algorithms.d3rlpy_import import d3rlpy
from webvoyager_gym.actions import parse
from webvoyager_gym.data import Dataset, Recorder, finalize
from webvoyager_gym.data.convert import to_d3rlpy
from webvoyager_gym.data.vectors import DISCOUNT, Vectors, discounted_returns
from webvoyager_gym.types import Candidate, Episode, Step

STATES = np.eye(4, dtype=np.float16)
"""Embeddings of A, B, C and the state after the end, (4, D)."""

ACTIONS = np.array([[1, 0, 0, 0], [0, 1, 0, 0]], np.float16)
"""Embeddings of "on" and "quit", (2, D)."""

ON, QUIT = 0, 1

Walk = tuple[int, list[int], bool]
"""The state an episode starts in (0, 1, 2 for A, B, C), its actions, and whether it was then truncated."""

EIGHT_EPISODES: list[Walk] = [
    (0, [QUIT], False),
    (0, [QUIT], False),
    (0, [ON, QUIT], False),
    (0, [ON, ON, QUIT], False),
    (1, [QUIT], False),
    (1, [ON, ON], False),
    (2, [QUIT], False),
    (2, [ON], False),
]


def vectors_of(walks: list[Walk]) -> Vectors:
    """Record episodes."""
    columns: dict[str, list[NDArray[np.generic]]] = {}
    for start, actions, cut in walks:
        size = len(actions)
        states = [*range(start, start + size), start + size if cut else 3]
        reward = np.zeros(size + 1, np.float32)
        reward[size - 1] = start + size == 3 and actions[-1] == ON
        ends = np.arange(size + 1) == size - 1
        row = {
            "obs": STATES[states],
            "cand": np.tile(ACTIONS, (size + 1, 1)),
            "chosen": np.array([*actions, -1], np.int32),
            "propensity": np.array([0.5] * size + [np.nan], np.float32),
            "reward": reward,
            "terminated": ends & (not cut),
            "truncated": ends & cut,
            "mc_return": discounted_returns(reward.astype(np.float64), DISCOUNT).astype(np.float32),
        }
        for name, values in row.items():
            columns.setdefault(name, []).append(values)
    rows = sum(len(actions) + 1 for _, actions, _ in walks)
    return Vectors(
        **{name: np.concatenate(parts) for name, parts in columns.items()},  # type: ignore[arg-type]
        cand_ptr=2 * np.arange(rows + 1),
        ep_ptr=np.cumsum([0] + [len(actions) + 1 for _, actions, _ in walks]),
        split=np.zeros(len(walks), np.uint8),
        failure=np.zeros(len(walks), np.uint8),
    )


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small are slower with more."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def make_vectors() -> Callable[[list[Walk]], Vectors]:
    return vectors_of


@pytest.fixture
def chain_vectors() -> Vectors:
    return vectors_of(EIGHT_EPISODES)


@pytest.fixture
def chain(chain_vectors: Vectors) -> d3rlpy.dataset.ReplayBuffer:
    return to_d3rlpy(chain_vectors)


def episode_of(walk: Walk, seed: int, split: str) -> Episode:
    """A walk as it is recorded."""
    start, actions, cut = walk
    candidates = tuple(Candidate(parse(text)) for text in ("click [1]", 'answer "quit"'))
    rows = []
    for position, chosen in enumerate([*actions, -1]):
        last, ends = chosen == -1, position == len(actions) - 1
        state = start + position if not last or cut else 3
        rows.append(
            Step(
                url="http://chain.webvoyager.test/",
                title="ABC"[state] if state < 3 else "end",
                outline="",
                last_error="",
                screenshot=b"",
                candidates=candidates,
                state_embedding=STATES[state],
                candidate_embeddings=ACTIONS,
                chosen=chosen,
                propensity=np.nan if last else 0.5,
                reward=float(ends and state == 2 and chosen == ON),
                terminated=ends and not cut,
                truncated=ends and cut,
            )
        )
    success = rows[-2].reward == 1.0
    return Episode("chain-0", "chain", split, "Reach the end.", seed, tuple(rows), success=success)


@pytest.fixture(scope="session")
def chain_dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The eight episodes as a dataset, of split "train", and two more of split "test" that always quit."""
    folder = tmp_path_factory.mktemp("chain")
    with Recorder(folder / "shards") as recorder:
        for seed, walk in enumerate(EIGHT_EPISODES):
            recorder.write(episode_of(walk, seed, "train"))
        for seed in (100, 101):
            recorder.write(episode_of((0, [QUIT], False), seed, "test"))
    return finalize(folder / "shards", folder / "local/chain-v0", id="local/chain-v0", metadata={"embedder": "one-hot"})
