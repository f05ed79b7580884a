"""How often would a selector succeed, by recorded episodes: `python -m algorithms.estimate --dataset ID --selector …`.

    python -m algorithms.estimate --dataset local/demo-v0 --selector first --selector runs/iql-0/model.safetensors

Which estimate to trust is found by holding them against rollouts on the local suite: evaluate the same selectors with
`python -m algorithms.evaluate --out runs/evaluation.json` and give that file as `--rollouts`, with the agents' names in
the order of the selectors. The estimators are described in `algorithms.off_policy`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn

import numpy as np
import typer
from numpy.typing import NDArray

from algorithms.batch import moved
from algorithms.checkpoint import load_checkpoint
from algorithms.columns import Columns, columns_of_vectors
from algorithms.command import run
from algorithms.decision_transformer import CandidateDT
from algorithms.off_policy import Logged, effective_episodes, episode_ends, estimates, fitted_q, next_observations
from algorithms.options import DatasetName, Device
from algorithms.replay import DeviceReplay
from algorithms.sarsa import CandidateSARSAConfig
from algorithms.training import device_name
from webvoyager_gym import cli, load_dataset
from webvoyager_gym.errors import WebVoyagerError, not_found
from webvoyager_gym.result_file import load_result
from webvoyager_gym.stats import Estimate


@dataclass(frozen=True)
class Selected:
    """What a selector takes: (M,) in the states of the transitions, and (M,) in the next ones, -1 for no candidate."""

    here: NDArray[np.int64]
    following: NDArray[np.int64]


def selected(selector: str, columns: Columns, device: str) -> Selected:
    """The choices of "first", the VLM's own, or of the algorithm in a model.safetensors.

    Raises:
        NotFound, InvalidFile: as `load_checkpoint` does.
        WebVoyagerError: the algorithm was trained on embeddings of another width, or looks at more than one state.
    """
    replay = DeviceReplay(columns)
    if selector == "first":
        parts = [(part.mask.float().argmax(1).numpy(), _first_of(part.next_mask.numpy())) for part in replay.parts()]
    else:
        algo, _ = load_checkpoint(selector, device)
        assert algo.impl is not None
        if isinstance(algo, CandidateDT):
            raise WebVoyagerError("A Decision Transformer chooses by the history; find its success out by rollouts.")
        if algo.impl.observation_shape[0] != columns.width:
            raise WebVoyagerError(
                f"{selector} was trained on embeddings of width {algo.impl.observation_shape[0]} and the dataset's are "
                f"{columns.width} wide; give a dataset of the same embedder."
            )
        parts = [
            (algo.values_of(part).argmax(1), _best_of(algo, next_observations(part)))
            for part in (moved(part, device) for part in replay.parts())
        ]
    here, following = (np.concatenate(column).astype(np.int64) for column in zip(*parts, strict=True))
    return Selected(here, following)


def _first_of(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.where(mask.any(1), mask.argmax(1), -1)


def _best_of(algo: Any, batch: Any) -> NDArray[np.int64]:
    """The highest valued candidates, -1 in states that have none; those are asked with all places filled."""
    there = batch.mask.any(1, keepdim=True)
    best = algo.values_of(dataclasses.replace(batch, mask=batch.mask | ~there)).argmax(1)
    return np.where(there[:, 0].cpu().numpy(), best, -1)


def logged(columns: Columns, here: NDArray[np.int64]) -> Logged:
    """What the estimators read of a dataset.

    Raises:
        WebVoyagerError: the recording does not say how likely its choices were.
    """
    columns.check_propensity()
    return Logged(
        starts=np.flatnonzero(columns.steps == 0),
        chosen=columns.chosen,
        propensity=columns.propensity.astype(np.float64),
        rewards=columns.rewards.astype(np.float64),
        known=columns.return_known[episode_ends(columns)],
        selected=here,
    )


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help="Estimate from recorded episodes how often selectors would succeed.")
def command(
    dataset: DatasetName,
    selector: Annotated[
        list[str] | None,
        typer.Option(help="first, or the model.safetensors of a training. Repeatable.", show_default="first"),
    ] = None,
    split: Annotated[str, typer.Option(help="Episodes to estimate on; best ones that were not trained on.")] = "train",
    updates: Annotated[int, typer.Option(min=1, help="Of fitted Q evaluation.")] = 5000,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    device: Device = "auto",
    rollouts: Annotated[Path | None, typer.Option(help="Result file of an evaluation to compare with.")] = None,
    agent: Annotated[
        list[str] | None, typer.Option(help="Name in that file of each selector's agent, in the same order.")
    ] = None,
    as_json: cli.Json = False,
) -> None:
    selectors, agents = selector or ["first"], agent or []
    if (rollouts is None) != (not agents) or len(agents) not in (0, len(selectors)):
        raise typer.BadParameter("--rollouts takes one --agent for each --selector, and --agent needs --rollouts.")
    found = load_result(rollouts) if rollouts else None
    true = [_success(found.agents, name) for name in agents] if found else [None] * len(selectors)
    config = CandidateSARSAConfig(gamma=1.0)
    columns = columns_of_vectors(load_dataset(dataset).vectors(), split, config.gamma)
    name = device_name(device)
    rows = []
    for each, success in zip(selectors, true, strict=True):
        taken = selected(each, columns, name)
        data = logged(columns, taken.here)
        q = fitted_q(columns, taken.following, config, updates, seed, name)
        rows.append(
            {
                "selector": each,
                "episodes": int(data.known.sum()),
                "effective_episodes": effective_episodes(data),
                "true": None if success is None else dataclasses.asdict(success),
                "estimates": {kind: dataclasses.asdict(one) for kind, one in estimates(data, q, seed).items()},
            }
        )
    if as_json:
        cli.print_json({"dataset": dataset, "split": split, "selectors": rows})
        return
    cli.print_table(["selector", "estimate", "success", "95 %", "error"], _table(rows))


def _success(agents: Any, name: str) -> Estimate:
    """What rollouts gave."""
    known = {summary.name: summary.success for summary in agents}
    if name not in known:
        raise not_found("agent in these rollouts", name, known)
    success: Estimate = known[name]
    return success


def _table(rows: list[dict[str, Any]]) -> list[list[str]]:
    """Cells for people, in percent."""
    cells = []
    for row in rows:
        kinds = {**row["estimates"], **({"rollouts": row["true"]} if row["true"] else {})}
        for kind, one in kinds.items():
            error = f"{100 * (one['value'] - row['true']['value']):+.1f}" if row["true"] and kind != "rollouts" else ""
            interval = f"{100 * one['low']:.1f} to {100 * one['high']:.1f}"
            cells.append([row["selector"], kind, f"{100 * one['value']:.1f}", interval, error])
        cells.append([row["selector"], "effective episodes", f"{row['effective_episodes']:.1f} of {row['episodes']}"])
    return cells


def main() -> NoReturn:
    """Run the command."""
    run(app)


if __name__ == "__main__":
    main()
