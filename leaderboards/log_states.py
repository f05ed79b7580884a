"""The logged states of the track `selection`: `python -m leaderboards.log_states walk`, then `… score` for each method.

`walk` acts at random on test tasks and finds out, at every state on the way, what each candidate is truly worth by
trying it. It writes states.json, to commit, and the embeddings, which are large and stay outside. `score` asks the
Q-functions of a method what they think of them, and writes the method's file.
"""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from leaderboards.command_line import run_app
from leaderboards.learned import models_of, trained_on
from leaderboards.protocol import MAX_STEPS, RESULTS, SEEDS, frozen_list
from leaderboards.run import ID, About
from leaderboards.selection import Scores, States
from leaderboards.selection_file import FOLDER, STATES_FILE, load_selection, scores_text, states_text
from webvoyager_gym import cli
from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.cli.options import Cache, Embedder, NCandidates, Proposer, env_options
from webvoyager_gym.errors import InfrastructureFailure, InvalidFile, NotFound, WebVoyagerError
from webvoyager_gym.q_function import QFunction
from webvoyager_gym.tasks import Task
from webvoyager_gym.values import candidate_values

GAMMA = 0.99
KIND = "best-of-q"
"""What is scored: Q-functions."""
EMBEDDINGS_FILE = "embeddings.safetensors"
OUT = Path("runs/leaderboards/selection")


@dataclass(frozen=True)
class Logged:
    """A state with n candidates.

    Attributes:
        task: its id.
        way: indices of the candidates taken from the start.
        values: (n,) exact values of the candidates.
        state: (D,) float16 embedding.
        candidates: (n, D) float16 embeddings.
    """

    task: str
    way: tuple[int, ...]
    values: NDArray[np.float64]
    state: NDArray[np.float16] = field(repr=False)
    candidates: NDArray[np.float16] = field(repr=False)


def walk(env: BestOfQEnv, tasks: Iterable[Task], seed: int = 0) -> Iterator[Logged]:
    """Every state that an agent comes to which chooses at random, an episode a task.

    An episode that the infrastructure breaks off ends there; what was logged of it stays.
    """
    for task in tasks:
        random = np.random.default_rng([seed, zlib.crc32(task.id.encode())])
        _, info = env.reset(seed=seed, options={"task_id": task.id})
        way: list[int] = []
        over = bool(info["failure"])
        while not over:
            state, candidates = env.state_embedding.copy(), env.candidate_embeddings.copy()
            try:
                values = candidate_values(env, gamma=GAMMA)
            except InfrastructureFailure:
                break
            yield Logged(task.id, tuple(way), values.best, state, candidates)
            way.append(int(random.integers(len(values.best))))
            _, _, terminated, truncated, _ = env.step(way[-1])
            over = terminated or truncated


def gathered(name: str, logged: Sequence[Logged]) -> tuple[States, dict[str, NDArray[np.float16]]]:
    """The log, and its embeddings: "states" (S, D) and "candidates" (S, N, D), zeros where there is none."""
    width = max(len(each.values) for each in logged)
    values = np.full((len(logged), width), np.nan)
    candidates = np.zeros((len(logged), width, logged[0].candidates.shape[-1]), np.float16)
    for at, each in enumerate(logged):
        values[at, : len(each.values)] = each.values
        candidates[at, : len(each.values)] = each.candidates
    ways = tuple(",".join(map(str, each.way)) for each in logged)
    states = States(name, GAMMA, tuple(each.task for each in logged), ways, values)
    return states, {"states": np.stack([each.state for each in logged]), "candidates": candidates}


def score(
    states: States, embeddings: dict[str, NDArray[np.float16]], about: About, paths: Sequence[Path], are_values: bool
) -> Scores:
    """What a method thinks of the states, a Q-function a seed.

    Raises:
        NotFound, InvalidFile: a Q-function cannot be read.
        WidthMismatch: it was trained on embeddings of another width.
        WebVoyagerError: the embeddings are of other states.
    """
    mask = ~np.isnan(states.values)
    if embeddings["candidates"].shape[:2] != mask.shape:
        raise WebVoyagerError(
            f"The embeddings are of {embeddings['candidates'].shape[:2]} states and candidates, the log of "
            f"{mask.shape}; take the {EMBEDDINGS_FILE} that was written with it."
        )
    scores = np.stack(
        [QFunction.load(path).score_batch(embeddings["states"], embeddings["candidates"], mask) for path in paths]
    ).astype(float)
    known = np.where(mask, scores, np.nan)
    return Scores(
        about, states.sha256, are_values, models_of(KIND, range(len(paths)), paths), trained_on(KIND, paths), known
    )


def load_embeddings(path: Path) -> dict[str, NDArray[np.float16]]:
    """The embeddings that `walk` wrote. Raises NotFound, InvalidFile."""
    if not path.is_file():
        raise NotFound(f"There are no embeddings at {path}; `python -m leaderboards.log_states walk` writes them.")
    try:
        tensors: dict[str, NDArray[np.float16]] = load_file(path)
    except SafetensorError as error:
        raise InvalidFile(f"{path} cannot be read as safetensors ({error}); walk again.") from error
    if tensors.keys() != {"states", "candidates"}:
        raise InvalidFile(f"{path} holds {', '.join(sorted(tensors)[:4])}; expected candidates and states.")
    return tensors


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)


@app.command("walk", help="Log states of test tasks with the exact value of every candidate.")
def walk_command(
    name: Annotated[str, typer.Option(help="Of the log.")] = "local-test-v1",
    tasks: Annotated[int, typer.Option(min=1, help="How many test tasks, of all sites in turn.")] = 150,
    proposer: Proposer = "pocket",
    embedder: Embedder = "same",
    n: NCandidates = 8,
    cache: Cache = None,
    out: Annotated[Path, typer.Option(help="Folder for states.json and the embeddings.")] = OUT,
    as_json: cli.Json = False,
) -> None:
    from webvoyager_gym.schedule import in_turn
    from webvoyager_gym.tasks import load_suite

    listed = frozen_list()
    chosen = in_turn(list(load_suite(listed.suite).tasks(split=listed.split)))[:tasks]
    options: dict[str, Any] = env_options(listed.suite, proposer, embedder, n, MAX_STEPS, cache)
    logged: list[Logged] = []
    with cli.progress() as bars, contextlib.closing(BestOfQEnv(**options)) as env:
        bar = bars.add_task("walk", total=len(chosen))
        for number, task in enumerate(chosen, 1):
            logged += walk(env, [task])
            bars.update(bar, completed=number)
    if not logged:
        raise WebVoyagerError("No state was logged; the infrastructure failed every episode.")
    states, embeddings = gathered(name, logged)
    out.mkdir(parents=True, exist_ok=True)
    (out / STATES_FILE).write_text(states_text(states), encoding="utf-8")
    save_file(embeddings, out / EMBEDDINGS_FILE)
    if as_json:
        cli.print_json({"states": len(logged), "tasks": len(set(states.tasks)), "out": str(out)})
    else:
        print(f"{len(logged)} states of {len(set(states.tasks))} tasks in {out}; commit {STATES_FILE} to {RESULTS}.")


@app.command("score", help="Score the logged states with a method's Q-functions.")
def score_command(
    q: Annotated[str, typer.Option(help="Path of the Q-functions, with {seed} in it.", show_default=False)],
    id: Annotated[str, typer.Option(help="Name of the file: lower case, digits, hyphens.", show_default=False)],
    name: Annotated[str, typer.Option(help="As tables show it.", show_default="the id")] = "",
    description: Annotated[str, typer.Option(help="One sentence.")] = "",
    are_values: Annotated[bool, typer.Option(help="Whether scores are meant as expected returns.")] = True,
    embeddings: Annotated[Path, typer.Option(help="That `walk` wrote.")] = OUT / EMBEDDINGS_FILE,
    results: Annotated[Path, typer.Option(help="Folder of runs.")] = RESULTS,
) -> None:
    if not ID.fullmatch(id):
        raise typer.BadParameter(f"--id {id!r} has to be up to 40 lower-case letters, digits and hyphens.")
    states, _ = load_selection(results)
    if states is None:
        raise NotFound(f"There is no log of states in {results / FOLDER}; put {STATES_FILE} of `walk` there.")
    about = About(id, name or id, description, "", datetime.now(UTC).strftime("%Y-%m-%d"))
    paths = [Path(q.replace("{seed}", str(seed))) for seed in range(SEEDS)]
    scores = score(states, load_embeddings(embeddings), about, paths, are_values)
    path = results / FOLDER / f"{id}.json"
    path.write_text(scores_text(scores), encoding="utf-8")
    print(f"The scores are {path}; now run `python -m leaderboards.build`.")


if __name__ == "__main__":
    run_app(app)
