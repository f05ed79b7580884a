"""Episodes by site, split and success; transitions in the order of an epoch; the same data as tensors."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.data.making import bits, make_dataset, make_episode
from webvoyager_gym.data import Dataset
from webvoyager_gym.data.sampling import known_rows
from webvoyager_gym.data.vectors import COLUMNS
from webvoyager_gym.errors import NotFound

EPISODES = [
    replace(make_episode(f"task-{k}", k, length=1 + k % 4, ending=ending, failure=failure, split=split), site=site)
    for k, (site, split, (ending, failure)) in enumerate(
        itertools.product(
            ("news", "shop", "maps"), ("test", "train"), (("terminated", ""), ("truncated", ""), ("truncated", "vlm"))
        )
    )
]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return make_dataset(tmp_path_factory.mktemp("selection"), *EPISODES)


@pytest.mark.parametrize("site", [None, "shop", ("news", "maps")])
@pytest.mark.parametrize("split", [None, "train"])
@pytest.mark.parametrize("success", [None, True, False])
def test_what_is_asked_for_is_found(
    dataset: Dataset, site: str | tuple[str, ...] | None, split: str | None, success: bool | None
) -> None:
    sites = (site,) if isinstance(site, str) else site
    expected = [
        number
        for number, episode in enumerate(dataset.episodes())
        if (sites is None or episode.site in sites)
        and (split is None or episode.split == split)
        and (success is None or (episode.success == success and not episode.failure))
    ]
    found = dataset.where(site=site, split=split, success=success)
    assert (
        expected
        == found.numbers.tolist()
        == dataset.where(site=site).where(split=split, success=success).numbers.tolist()
    )
    assert 0 < len(found) == len(expected)
    assert [bits(episode) for episode in found.episodes()] == [bits(dataset[number]) for number in expected]
    assert bits(found[-1]) == bits(dataset[expected[-1]])


def test_a_name_that_is_not_there_names_the_nearest(dataset: Dataset) -> None:
    with pytest.raises(NotFound, match="shop"):
        dataset.where(site="shpo")
    with pytest.raises(NotFound, match="train"):
        dataset.where(split="trian")


def test_other_libraries_get_what_was_asked_for_and_nothing_else(dataset: Dataset) -> None:
    shop = dataset.where(site="shop", success=True)
    assert [episode.id for episode in shop.to_minari()] == shop.numbers.tolist()
    ours = [dataset[number] for number in shop.numbers]
    for theirs, episode in zip(shop.to_d3rlpy().episodes, ours, strict=True):
        np.testing.assert_array_equal(theirs.observations, [step.state_embedding for step in episode.steps])
    tensors = shop.to_torch("cpu")
    np.testing.assert_array_equal(
        tensors.obs.numpy(), [step.state_embedding for episode in ours for step in episode.steps]
    )
    assert [tensors.site_names[code] for code in tensors.site] == ["shop"] * len(ours)


def test_all_of_it_is_mapped_and_some_of_it_copied(dataset: Dataset) -> None:
    assert dataset.everything.vectors() is dataset.vectors()
    part = dataset.where(site="maps").vectors()
    whole = dataset.vectors()
    for index, number in enumerate(dataset.where(site="maps").numbers):
        np.testing.assert_array_equal(part.obs[part.rows(index)], whole.obs[whole.rows(number)])
        for mine, theirs in zip(
            range(*part.rows(index).indices(part.n_rows)), range(*whole.rows(number).indices(whole.n_rows)), strict=True
        ):
            np.testing.assert_array_equal(part.candidates(mine), whole.candidates(theirs))


def test_tensors_hold_every_bit_and_are_their_own(dataset: Dataset) -> None:
    tensors, vectors = dataset.to_torch("cpu"), dataset.vectors()
    for name in COLUMNS:
        assert getattr(tensors, name).numpy().tobytes() == getattr(vectors, name).tobytes()
    tensors.reward.add_(1)  # Were it the read-only map, the process would end here.
    assert isinstance(tensors.obs, torch.Tensor)


def test_the_transitions_are_those_of_d3rlpy(dataset: Dataset) -> None:
    buffer = dataset.to_d3rlpy()
    states = np.concatenate([episode.observations[:-1] for episode in buffer.episodes])
    np.testing.assert_array_equal(dataset.vectors().obs[dataset.everything.rows], states)
    train = dataset.where(split="train")
    assert set(train.rows) < set(dataset.everything.rows)
    assert len(train.rows) == train.to_d3rlpy().transition_count


def test_without_a_final_embedding_the_last_transition_is_known_only_if_it_ended_the_task(tmp_path: Path) -> None:
    bare = make_episode(length=0, width=0, final_candidates=0).steps[0]
    episodes = [
        make_episode("a", length=2, ending="terminated"),
        make_episode("b", length=2, ending="truncated"),
        make_episode("c", length=0, width=0, final_candidates=0, failure="site"),
    ]
    episodes[:2] = [replace(each, steps=(*each.steps[:-1], bare)) for each in episodes[:2]]
    vectors = make_dataset(tmp_path, *episodes).vectors()
    assert known_rows(vectors).tolist() == [0, 1, 3]


def test_an_epoch_visits_every_transition_once_in_an_order_of_its_own(dataset: Dataset) -> None:
    some = dataset.where(site=["shop", "news"])
    orders = {(seed, epoch): some.order(seed, epoch).tolist() for seed in range(2) for epoch in range(3)}
    assert all(sorted(each) == some.rows.tolist() for each in orders.values())
    assert len({tuple(each) for each in orders.values()}) == len(orders)
    assert orders[1, 2] == some.order(1, 2).tolist()


def test_batches_go_on_anywhere(dataset: Dataset) -> None:
    whole = dataset.everything
    per_epoch = -(-len(whole.rows) // 8)
    wanted = [batch.tolist() for batch in itertools.islice(whole.batches(8, seed=3), 2 * per_epoch)]
    for number in range(2 * per_epoch):
        epoch, start = divmod(number, per_epoch)
        assert next(whole.batches(8, seed=3, epoch=epoch, start=start)).tolist() == wanted[number]
    assert list(itertools.chain(*wanted[:per_epoch])) == whole.order(3, 0).tolist()
    with pytest.raises(ValueError, match="Batches of 0"):
        next(whole.batches(0, seed=0))
