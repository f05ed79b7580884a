"""`webvoyager-gym datasets build` and `recipes`: the datasets that this project publishes, made anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from webvoyager_gym.cli.options import Workers, env_options, named_agent
from webvoyager_gym.cli.printing import Json, fail, print_json, print_table

if TYPE_CHECKING:
    from webvoyager_gym.data.recipes import Recipe


def build(
    name: Annotated[str, typer.Argument(metavar="ID", help="Such as local/mixed-v0.", show_default=False)],
    size: Annotated[str, typer.Option(help="small, medium or large.")] = "medium",
    q: Annotated[
        Path | None, typer.Option(help="The Q-function of a round of greedy-q, trained on the round before.")
    ] = None,
    workers: Workers = 1,
    as_json: Json = False,
) -> None:
    """Make one of the project's datasets by its recipe; run again after Ctrl-C, it goes on."""
    from webvoyager_gym.cli.recording import planned, record
    from webvoyager_gym.data import load_dataset
    from webvoyager_gym.data.recipes import EPISODES, LICENCE, Q, find_recipe

    if size not in EPISODES:
        raise typer.BadParameter(f"--size is one of {', '.join(EPISODES)}, not {size}.")
    recipe = find_recipe(name, size)
    if recipe.needs_q != (q is not None):
        if q is not None:
            raise typer.BadParameter(f"{recipe.id} is made without a Q-function.")
        fail(f"{recipe.id} needs a Q-function trained on {recipe.parent}; {_training(recipe)} && {command(recipe)}")
    plan = planned(
        recipe,
        named_agent(recipe.policy.replace(Q, f"best-of-q:{q}")),
        env_options("local", "pocket", "same", 3, recipe.max_steps, None),
        parent=load_dataset(recipe.parent) if recipe.parent else None,
        notes={"licence": LICENCE, "command": command(recipe)},
    )
    record(plan, workers=workers, engine=None, as_json=as_json)


def list_recipes(as_json: Json = False) -> None:
    """The commands that make the project's datasets, in an order in which they can be given."""
    from webvoyager_gym.data.recipes import Q, recipes

    rows = [
        {
            "id": recipe.id,
            "episodes": recipe.episodes,
            "policy": recipe.policy.replace(Q, "best-of-q:PATH"),
            "parent": recipe.parent,
            "commands": [*([_training(recipe)] if recipe.needs_q else []), command(recipe)],
        }
        for recipe in recipes()
    ]
    if as_json:
        print_json(rows)
    else:
        columns = ("id", "new episodes", "policy", "adds to", "commands")
        print_table(columns, [(*list(row.values())[:4], "\n".join(row["commands"])) for row in rows])  # type: ignore[arg-type]


def command(recipe: Recipe) -> str:
    """What makes a dataset on a shell."""
    q = f" --q {_run(recipe)}/q.safetensors" if recipe.needs_q else ""
    return f"webvoyager-gym datasets build {recipe.id}{q}"


def _training(recipe: Recipe) -> str:
    return f"python -m algorithms.train --dataset {recipe.parent} --out {_run(recipe)}"


def _run(recipe: Recipe) -> str:
    return f"runs/{recipe.id.partition('/')[2]}"
