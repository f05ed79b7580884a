"""How often a trained algorithm takes a best action where there is one, on the states of a transition tree.

    python -m algorithms.best_actions --tree runs/validation-tree --model "runs/iql-{seed}/model.safetensors"

The tree holds embeddings, candidates and what the expert would do (docs/tree.md), so no browser is opened and a state
costs a fraction of a millisecond. Counted are the states of which some candidates are best and others are not; a task
counts once, with the mean over its states. It shows quickly whether an algorithm has learnt to choose. It is not
success: rollouts come to other states, and a second-best action often does no harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn

import numpy as np
import typer
from numpy.typing import NDArray

from algorithms.checkpoint import load_checkpoint
from algorithms.command import run
from algorithms.decision_transformer import CandidateDT
from algorithms.options import numbers_of
from webvoyager_gym import cli
from webvoyager_gym.actions import Action, parse
from webvoyager_gym.agents import same_action
from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.report import wording
from webvoyager_gym.stats import Bootstrap, Comparison, Estimate
from webvoyager_gym.tree import TransitionTree
from webvoyager_gym.tree.facts import Advice, State, next_key
from webvoyager_gym.types import Candidate

SEED = "{seed}"
"""Stands, in a model's path, for the number of the seed."""


@dataclass(frozen=True, eq=False)
class Choices:
    """S states in which something is to be chosen.

    Attributes:
        tasks, sites: (S,) of each.
        states: (S, D) float16 embeddings.
        candidates: (S, N, D) float16 embeddings, zeros where there is no candidate.
        mask: (S, N) whether there is a candidate; the VLM's first is at 0.
        best: (S, N) whether it is a best action; somewhere true and somewhere false in every row.
    """

    tasks: NDArray[np.str_]
    sites: NDArray[np.str_]
    states: NDArray[np.float16]
    candidates: NDArray[np.float16]
    mask: NDArray[np.bool_]
    best: NDArray[np.bool_]

    def hits(self, scores: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """(S,) 1.0 where the highest of (S, N) scores is a best action's; ties go to the VLM's order."""
        chosen = np.where(self.mask, scores, -np.inf).argmax(1)
        return self.best[np.arange(len(chosen)), chosen].astype(float)

    @property
    def chance(self) -> NDArray[np.float64]:
        """(S,) how often lots would find a best action."""
        return np.asarray(self.best.sum(1) / self.mask.sum(1))


def choices_in(tree: TransitionTree) -> Choices:
    """The states of a tree in which choosing matters.

    Raises:
        WebVoyagerError: there are none with embeddings and an expert's advice.
    """
    parents: dict[str, str] = {}
    first_tasks = {}
    rows = []
    for state in tree.states():
        parents[state.key] = state.parent
        if state.task is not None:
            first_tasks[state.key] = state.task
        said, advice = tree.said(state.key), tree.advice(state.key)
        if advice is None or said is None or said.state_embedding is None or said.candidate_embeddings is None:
            continue
        best = [_is_best(tree, state, candidate, advice) for candidate in said.candidates]
        if any(best) and not all(best):
            rows.append((state.key, said.state_embedding, said.candidate_embeddings, best))
    if not rows:
        raise WebVoyagerError(
            f"{tree.name} has no state with embeddings, an expert's advice, and both a best candidate and another; "
            "walk it with `webvoyager-gym evaluate --agent first --agent oracle-of-n --tree ...`."
        )
    tasks = [first_tasks[_root(key, parents)] for key, *_ in rows]
    width = max(len(best) for *_, best in rows)
    candidates = np.zeros((len(rows), width, rows[0][1].shape[-1]), np.float16)
    mask, good = np.zeros((len(rows), width), bool), np.zeros((len(rows), width), bool)
    for at, (_, _, embedded, best) in enumerate(rows):
        candidates[at, : len(best)], mask[at, : len(best)], good[at, : len(best)] = embedded, True, best
    return Choices(
        np.array([task.id for task in tasks]),
        np.array([task.site for task in tasks]),
        np.stack([state for _, state, *_ in rows]),
        candidates,
        mask,
        good,
    )


def _root(key: str, parents: dict[str, str]) -> str:
    while parents.get(key):
        key = parents[key]
    return key


def _is_best(tree: TransitionTree, state: State, candidate: Candidate, advice: Advice) -> bool:
    """As `webvoyager_gym.agents.is_best`, from what the tree knows."""
    view = tree.view(state)
    if view is not None and any(same_action(candidate.action, parse(text), view) for text in advice.actions):
        return True
    if candidate.action.kind != "answer":
        return False
    answered = tree.state(next_key(state.key, Action("answer", argument=candidate.action.argument).text))
    return answered is not None and answered.played is not None and answered.played.outcome.success


def scored(path: str, choices: Choices) -> NDArray[np.float32]:
    """(S, N) values of an algorithm.

    Raises:
        NotFound, InvalidFile: as `load_checkpoint` does.
        WebVoyagerError: it was trained on embeddings of another width, or looks at more than one state.
    """
    algo, _ = load_checkpoint(path)
    assert algo.impl is not None
    if isinstance(algo, CandidateDT):
        raise WebVoyagerError("A Decision Transformer chooses by the history; find its success out by rollouts.")
    width = choices.states.shape[-1]
    if algo.impl.observation_shape[0] != width:
        raise WebVoyagerError(
            f"{path} was trained on embeddings of width {algo.impl.observation_shape[0]} and the tree's are {width} "
            "wide; give a tree of the same embedder."
        )
    scores: NDArray[np.float32] = algo.predict_values([choices.states, choices.candidates, choices.mask])
    return scores


@dataclass(frozen=True, slots=True)
class Row:
    """How often somebody takes a best action.

    Attributes:
        name: who.
        seeds: how many models.
        top_1: with a 95 % interval over tasks.
        against: the VLM's first choice on the same states; None for that itself.
    """

    name: str
    seeds: int
    top_1: Estimate
    against: Comparison | None


def compare(choices: Choices, models: Sequence[tuple[str, Sequence[str]]]) -> list[Row]:
    """The VLM's first choice, lots, and algorithms with a model for each seed.

    Args:
        models: name and paths of each.

    Raises:
        As `scored`.
    """
    tasks, where = np.unique(choices.tasks, return_inverse=True)
    site_of = dict(zip(choices.tasks.tolist(), choices.sites.tolist(), strict=True))
    bootstrap = Bootstrap([site_of[task] for task in tasks.tolist()])

    def by_task(hits: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
        counts = np.bincount(where)
        return np.stack([np.bincount(where, each) / counts for each in hits], axis=1)

    first = by_task([choices.hits(-np.arange(choices.mask.shape[1], dtype=float)[None].repeat(len(where), 0))])
    rows = [Row("first", 1, bootstrap.mean(first), None)]
    others = [("lots", [choices.chance])]
    others += [(name, [choices.hits(scored(path, choices)) for path in paths]) for name, paths in models]
    for name, hits in others:
        cells = by_task(hits)
        baseline = first.repeat(cells.shape[1], 1)
        rows.append(Row(name, cells.shape[1], bootstrap.mean(cells), bootstrap.compare(cells, baseline)))
    return rows


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help="How often trained algorithms take a best action where there is one, without a browser.")
def command(
    tree: Annotated[str, typer.Option(help="Transition tree of validation tasks: id, or folder.", show_default=False)],
    model: Annotated[
        list[str] | None, typer.Option(help=f"The model.safetensors of a training; {SEED} for several. Repeatable.")
    ] = None,
    seeds: Annotated[str, typer.Option(help=f"What {SEED} stands for.")] = "0,1,2",
    as_json: cli.Json = False,
) -> None:
    numbers = numbers_of(seeds)
    models = []
    for path in model or []:
        paths = [path.replace(SEED, str(number)) for number in numbers] if SEED in path else [path]
        models.append((path.removesuffix("/model.safetensors").replace(f"-{SEED}", ""), paths))
    with TransitionTree(tree) as walked:
        choices = choices_in(walked)
    rows = compare(choices, models)
    counted = {"states": len(choices.states), "tasks": len(set(choices.tasks.tolist()))}
    if as_json:
        cli.print_json({"tree": tree, **counted, "rows": [_json(row) for row in rows]})
        return
    cli.print_table(
        ("who", "models", "best action taken", "95 % interval", "over first"), [_cells(row) for row in rows]
    )
    print(f"{counted['states']:,} states of {counted['tasks']:,} tasks with a best candidate and another.")


def _json(row: Row) -> dict[str, Any]:
    value, against = row.top_1, row.against
    shown = {"who": row.name, "models": row.seeds, "top_1": value.value, "low": value.low, "high": value.high}
    if against is not None:
        difference = against.difference
        shown |= {"over_first": difference.value, "over_low": difference.low, "over_high": difference.high}
    return shown


COLUMNS = ("who", "models", "best action taken", "95 % interval", "over first")


def _cells(row: Row) -> tuple[str, ...]:
    over = wording.difference(row.against.difference) if row.against else wording.UNKNOWN
    return row.name, str(row.seeds), wording.percent(row.top_1.value), wording.interval(row.top_1), over


def main() -> NoReturn:
    """Run the command."""
    run(app)


if __name__ == "__main__":
    main()
