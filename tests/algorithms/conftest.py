"""The walks along the chain of `tests.algorithms.worlds`, in memory and on disk."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from algorithms.d3rlpy_import import d3rlpy
from tests.algorithms.tabular import Walk, record
from tests.algorithms.worlds import CHAIN, CHAIN_WALKS, QUIT
from webvoyager_gym.actions import parse
from webvoyager_gym.data import Dataset, Recorder, finalize
from webvoyager_gym.data.convert import to_d3rlpy
from webvoyager_gym.data.vectors import Vectors
from webvoyager_gym.types import Candidate, Episode, Step


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small are slower with more."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def chain_vectors() -> Vectors:
    return record(CHAIN, CHAIN_WALKS)


@pytest.fixture
def chain(chain_vectors: Vectors) -> d3rlpy.dataset.ReplayBuffer:
    return to_d3rlpy(chain_vectors)


def episode_of(walk: Walk, seed: int, split: str) -> Episode:
    """A walk as it is recorded; every observation has both candidates, the final ones too."""
    candidates = tuple(Candidate(parse(text)) for text in ("click [1]", 'answer "quit"'))
    states = walk.states(CHAIN)
    rows = []
    for position, state in enumerate(states):
        last, ends = position == len(walk.actions), position == len(walk.actions) - 1
        rows.append(
            Step(
                url="http://chain.webvoyager.test/",
                title="ABC"[state] if state >= 0 else "end",
                outline="",
                last_error="",
                screenshot=b"",
                candidates=candidates,
                state_embedding=CHAIN.embed(state),
                candidate_embeddings=np.stack([CHAIN.embed(action) for action in CHAIN.candidates(0)]),
                chosen=-1 if last else walk.actions[position],
                propensity=np.nan if last else 0.5,
                reward=0.0 if last else CHAIN.moves[state, walk.actions[position]][1],
                terminated=ends and walk.ending == "terminated",
                truncated=ends and walk.ending == "truncated",
            )
        )
    success = rows[-2].reward == 1.0
    return Episode("chain-0", "chain", split, "Reach the end.", seed, tuple(rows), success=success)


@pytest.fixture(scope="session")
def chain_dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The eight episodes as a dataset, of split "train", and two more of split "test" that always quit."""
    folder = tmp_path_factory.mktemp("chain")
    with Recorder(folder / "shards") as recorder:
        for seed, walk in enumerate(CHAIN_WALKS):
            recorder.write(episode_of(walk, seed, "train"))
        for seed in (100, 101):
            recorder.write(episode_of(Walk(0, [QUIT]), seed, "test"))
    metadata = {"embedder": "one-hot", "embedding_id": "4f3a"}
    return finalize(folder / "shards", folder / "local/chain-v0", id="local/chain-v0", metadata=metadata)
