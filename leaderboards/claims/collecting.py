"""The data of claims, as datasets in the folder of a bench: collected in its transition trees, or part of another."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from leaderboards.claims.bench import Bench, key_of
from leaderboards.claims.claim import NotRun
from leaderboards.claims.needs import Data, Part
from webvoyager_gym.agents import load_agent
from webvoyager_gym.collect import Tally, collect, recorded_models
from webvoyager_gym.data import Dataset, Recorder, finalize
from webvoyager_gym.data.checksums import file_sha256
from webvoyager_gym.data.dataset import find_dataset
from webvoyager_gym.data.layout import VECTORS_FILE
from webvoyager_gym.data.lineage import KEY as LINEAGE
from webvoyager_gym.data.registry import read_registry
from webvoyager_gym.tasks import draw_tasks, load_suite

SPLIT = "train"


def dataset_of(bench: Bench, data: Data | Part) -> Dataset:
    """The data, made if it is not there. Raises NotRun."""
    return _part(bench, data) if isinstance(data, Part) else _collected(bench, data)


def vectors_sha256(dataset: Dataset) -> str:
    """Checksum of what is learned from."""
    return file_sha256(dataset.folder / VECTORS_FILE)


def equal_successes(
    sites: NDArray[np.str_], success: NDArray[np.bool_], mine: tuple[str, ...], others: tuple[str, ...]
) -> NDArray[np.int64]:
    """Numbers of episodes on some sites, ascending, with as many successes as the fewer of `mine` and `others` have.

    Episodes are taken in an order by lot up to the success that is the last needed, so failures are there as often as
    they happen.

    Args:
        sites: (E) of each episode.
        success: (E) whether each completed its task.

    Raises:
        NotRun: nothing succeeded on the one or the other.
    """
    order = np.random.default_rng(0).permutation(len(sites))
    own, other = (order[np.isin(sites[order], list(names))] for names in (mine, others))
    wanted = int(min(success[own].sum(), success[other].sum()))
    if not wanted:
        raise NotRun(f"data with successes both on {', '.join(mine)} and on other sites")
    last = int(np.searchsorted(np.cumsum(success[own]), wanted))
    numbers: NDArray[np.int64] = np.sort(own[: last + 1])
    return numbers


def _collected(bench: Bench, data: Data) -> Dataset:
    if data.published and bench.trial.proposer == "pocket":
        if (folder := find_dataset(data.published)) is not None:
            return Dataset(folder)
        if read_registry().find(data.published) is not None:
            from webvoyager_gym.data.downloading import download_shown

            return download_shown(data.published)
    size = bench.trial.size
    options = bench.env_options(data.n, data.embedder)
    how = {**options, "policy": data.policy, "episodes": data.episodes, "sites": size.sites, "split": SPLIT}
    name = re.sub(r"[^a-z0-9]+", "-", data.policy.lower())
    id = f"claims/{name}-{data.episodes}-n{data.n}-{key_of(how)}-v0"
    target, tree = bench.folder / "datasets" / id, bench.tree(options)
    embedded = "" if data.embedder == "same" else f", embedded by {data.embedder}"
    words = f"{data.episodes} episodes of {data.policy}, N = {data.n}{embedded}"
    with bench.stage("collect", words, found := target.exists()):
        if not found:
            _collect(bench, data, target, id, tree)
    dataset = Dataset(target)
    taken = (
        (each.task_id, [step.candidates[step.chosen].text for step in each.steps if step.chosen >= 0])
        for each in dataset.episodes()
    )
    bench.count(tree, id, taken)
    return dataset


def _collect(bench: Bench, data: Data, target: Path, id: str, tree: Path) -> None:
    options, size = bench.env_options(data.n, data.embedder), bench.trial.size
    shards = bench.folder / "shards" / id
    bar = bench.bars.add_task(f"collect {data.policy}", total=data.episodes)

    def show(tally: Tally) -> None:
        bench.bars.update(bar, completed=tally.episodes, total=tally.planned)

    collect(
        draw_tasks(load_suite("local"), data.episodes, split=SPLIT, site=size.sites),
        load_agent(data.policy),
        shards,
        env_options=options,
        workers=bench.workers,
        screenshots=False,
        tree=tree,
        progress=show,
    )
    made = {**options, **recorded_models(shards), "policy": data.policy, "split": SPLIT, "site": list(size.sites)}
    finalize(shards, target, id=id, metadata=made)
    shutil.rmtree(shards)
    bench.bars.remove_task(bar)


def _part(bench: Bench, part: Part) -> Dataset:
    whole = dataset_of(bench, part.of)
    vectors = whole.vectors()
    counts, learnt_from = vectors.failure == 0, vectors.split == vectors.split_names.index(SPLIT)
    sites = np.where(learnt_from, np.array(vectors.site_names)[vectors.site], "")
    numbers = equal_successes(sites, vectors.success & counts, part.sites, part.others)
    how = {"of": whole.id, "sha256": vectors_sha256(whole), "numbers": numbers.tolist()}
    id = f"claims/part-{key_of(how)}-v0"
    target, shards = bench.folder / "datasets" / id, bench.folder / "shards" / id
    if not target.exists():
        shutil.rmtree(shards, ignore_errors=True)
        with Recorder(shards) as recorder:
            for episode in whole.episodes(numbers.tolist()):
                recorder.write(episode)
        told = {key: value for key, value in whole.metadata["webvoyager_gym"].items() if key not in _NOT_HANDED_ON}
        finalize(shards, target, id=id, metadata={**told, "part_of": how, "site": list(part.sites)})
        shutil.rmtree(shards)
    return Dataset(target)


_NOT_HANDED_ON = (LINEAGE, "format_version", "embedding_width", "packages", "commit")
"""What metadata says of how a dataset was merged, which is said anew."""
