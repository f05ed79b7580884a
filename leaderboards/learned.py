"""The files that learned methods act by: Q-functions, and whole algorithms where those choose by more than one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import nn

from leaderboards.run import Model, Trained
from webvoyager_gym.data.checksums import file_sha256
from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.q_network import load_q


@dataclass(frozen=True, slots=True)
class Learned:
    """What a file holds.

    Attributes:
        parameters: of the networks; copies of them that learning targets are made with do not count.
        facts: what `algorithms.train` wrote beside them.
    """

    parameters: int
    facts: Mapping[str, Any] = field(repr=False)


def read_learned(kind: str, path: Path) -> Learned:
    """What the file of a kind in `protocol.LEARNED` holds. Raises NotFound, InvalidFile."""
    if kind == "best-of-q":
        networks, _, said = load_q(path)
        return Learned(_parameters(networks), said)
    from algorithms.checkpoint import load_checkpoint, parts_of

    algo, facts = load_checkpoint(path)
    parts = parts_of(algo).items()
    return Learned(
        _parameters(part for name, part in parts if isinstance(part, nn.Module) and name[:4] != "targ"), facts
    )


def models_of(kind: str, seeds: Iterable[int], paths: Sequence[Path]) -> tuple[Model, ...]:
    """The trained models of a method, one a seed. Raises NotFound, InvalidFile."""
    return tuple(
        Model(seed, file_sha256(path), read_learned(kind, path).parameters)
        for seed, path in zip(seeds, paths, strict=True)
    )


def trained_on(kind: str, paths: Sequence[Path]) -> Trained:
    """What models learned from, as their files say.

    Raises:
        NotFound, InvalidFile: one cannot be read.
        WebVoyagerError: they learned from different datasets, or one does not say from which.
    """
    told = [read_learned(kind, path).facts for path in paths]
    learned_from = {(str(facts.get("dataset", "")), str(facts.get("vectors_sha256", ""))) for facts in told}
    if len(learned_from) > 1 or ("", "") in learned_from:
        raise WebVoyagerError(
            f"The models learned from {len(learned_from)} different datasets, or do not say from which; a method "
            "learns from one with every seed, with `python -m algorithms.train`."
        )
    return Trained(*learned_from.pop())


def _parameters(networks: Iterable[nn.Module]) -> int:
    return sum(number.numel() for network in networks for number in network.parameters())
