"""A finished tree's card: a README.md written from what is in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webvoyager_gym.data.card import table
from webvoyager_gym.tree.facts import State
from webvoyager_gym.tree.settings import Model, Settings


@dataclass
class _Site:
    """Counts of one site."""

    tasks: int = 0
    states: int = 0
    ends: int = 0
    solved: int = 0


def write_card(id: str, states: Sequence[State], settings: Settings, metadata: Mapping[str, Any]) -> str:
    """The card as Markdown.

    Args:
        metadata: all of `data/metadata.json`.
    """
    sites, splits = _counts(states)
    ours = metadata["webvoyager_gym"]
    made = (
        f'import gymnasium as gym\nimport webvoyager_gym\n\nenv = gym.make("WebVoyager-BestOfQ-Tree-v0", tree="{id}")'
    )
    sections = [
        f"# {id}",
        f"A transition tree: {ours['states']} states of {metadata['total_episodes']} tasks, {metadata['total_steps']} "
        f"steps between them, {ours['pages']} different pages. Every state has what the models proposed, and every "
        "step what came of it, so that whoever goes where another has been needs neither browser nor model.",
        f"```python\n{made}\n```",
        "## What is in it",
        table(
            ["site", "tasks", "states", "ends", "ends with the task completed"],
            [(name, site.tasks, site.states, site.ends, site.solved) for name, site in sorted(sites.items())],
        ),
        table(["split", "tasks"], sorted(splits.items())),
        "## Walked with",
        table(["what", "value"], _rows(settings)),
        table(["package", "version"], [("commit", ours["commit"]), *sorted(ours["packages"].items())]),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _counts(states: Sequence[State]) -> tuple[dict[str, _Site], Counter[str]]:
    """By site, and tasks by split."""
    parents = {state.key: state for state in states}
    found: dict[str, str] = {}

    def site(state: State) -> str:
        way = []
        while state.key not in found and state.task is None:
            way.append(state.key)
            state = parents[state.parent]
        name = state.task.site if state.task is not None else found[state.key]
        found.update(dict.fromkeys([*way, state.key], name))
        return name

    sites: dict[str, _Site] = defaultdict(_Site)
    for state in states:
        counts = sites[site(state)]
        counts.states += 1
        counts.tasks += state.task is not None
        counts.ends += state.terminated
        counts.solved += state.reward > 0
    return sites, Counter(state.task.split for state in states if state.task is not None)


def _rows(settings: Settings) -> list[tuple[str, object]]:
    return [
        ("suite", settings.suite),
        ("viewport", "x".join(map(str, settings.viewport))),
        ("steps of an episode at most", settings.max_steps),
        ("candidates a step", settings.n_candidates),
        ("proposer", _model(settings.proposer)),
        ("embedder", _model(settings.embedder)),
    ]


def _model(model: Model | None) -> str:
    if model is None:
        return "none"
    return f"{model.name}, weights {model.weights[:16]}" if model.weights else model.name
