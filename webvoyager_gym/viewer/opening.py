"""From what the user names to what is looked at."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from webvoyager_gym.data import datasets_folder, load_dataset
from webvoyager_gym.data.ids import ID
from webvoyager_gym.data.shards import shard_paths
from webvoyager_gym.errors import MissingDependency, NotFound
from webvoyager_gym.result_file import load_result
from webvoyager_gym.types import Step
from webvoyager_gym.viewer.evaluated import ResultSource
from webvoyager_gym.viewer.recording import DatasetSource, Scorer, ShardsSource
from webvoyager_gym.viewer.source import Source

if TYPE_CHECKING:
    from webvoyager_gym.q_function import QFunction

SHARDS = ".shards"
"""Folder, within that of the datasets, where `webvoyager-gym collect` records before there is a dataset."""


def open_source(what: str, q: QFunction | None = None) -> Source:
    """Open a dataset by its id or folder, a recording that is not finished by the same or by its shards, or a result.

    Args:
        q: shows what it thinks of the candidates of a dataset or recording.

    Raises:
        NotFound, MissingDependency: there is no such thing.
        InvalidFile: it is damaged, foreign or of an unknown version.
    """
    path = Path(what)
    if path.is_file() or (path.suffix == ".json" and not path.is_dir()):
        return ResultSource(load_result(path), path.name)
    scorer = None if q is None else _scorer(q)
    if shard_paths(path):
        return ShardsSource(path, what, scorer)
    try:
        return DatasetSource(load_dataset(what), scorer)
    except (NotFound, MissingDependency):
        shards = datasets_folder() / SHARDS / what
        if re.fullmatch(ID, what) and shard_paths(shards):
            return ShardsSource(shards, what, scorer)
        raise


def _scorer(q: QFunction) -> Scorer:
    def score(step: Step) -> tuple[float, ...] | None:
        if not len(step.state_embedding):
            return None
        return tuple(float(value) for value in q.score(step.state_embedding, step.candidate_embeddings))

    return score
