"""`webvoyager-gym tree`: trees of everything that rollouts have seen; published and brought as datasets are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from webvoyager_gym.cli.options import Workers
from webvoyager_gym.cli.printing import Json, fail, plain, print_json, print_table

if TYPE_CHECKING:
    from webvoyager_gym.tree import TransitionTree

TreeName = Annotated[
    str, typer.Argument(metavar="TREE", help="Id of a finished tree, or a tree's folder.", show_default=False)
]

app = typer.Typer(
    help="Describe, verify and merge transition trees, which collect and evaluate grow with --tree.",
    no_args_is_help=True,
)


@app.command("show")
def show_tree(name: TreeName, as_json: Json = False) -> None:
    """How much a tree knows, and what it was walked with."""
    from webvoyager_gym.tree import TransitionTree

    with TransitionTree(name, download=False) as tree:
        described = _described(tree)
    if as_json:
        print_json(described)
    else:
        print_table(("", ""), [(key, plain(value)) for key, value in described.items()])


@app.command("verify")
def verify_tree(
    name: TreeName,
    branches: Annotated[int, typer.Option(min=1, help="How many known branches to walk again, drawn by --seed.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Decides on the branches.")] = 0,
    workers: Workers = 1,
    as_json: Json = False,
) -> None:
    """Walk known branches again in a real browser; exit 1 if a page or an outcome is not what it was."""
    from webvoyager_gym.tree import TransitionTree
    from webvoyager_gym.tree.verify import draw_branches, walk_again

    with TransitionTree(name, download=False) as tree:
        walks = walk_again(tree, draw_branches(tree, branches, seed=seed), workers=workers)
    differing = [walk for walk in walks if walk.difference]
    steps = sum(walk.steps for walk in walks)
    if as_json:
        rows = [{"task": w.task_id, "actions": list(w.actions), "difference": w.difference} for w in differing]
        print_json({"tree": name, "branches": len(walks), "steps": steps, "ok": not differing, "differing": rows})
    else:
        for walk in differing:
            print(f"{walk.task_id}: {walk.difference}: {'; '.join(walk.actions)}")
        print(f"{len(walks)} branches with {steps} steps were walked again; {len(differing)} differed.")
    raise typer.Exit(bool(differing))


@app.command("merge")
def merge_tree(
    name: TreeName,
    out: Annotated[str, typer.Option(help="Id of the finished tree, such as local/tree-v0.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Make a finished tree of all that is known; the folder that it grew in stays."""
    from webvoyager_gym.data.dataset import ID, datasets_folder
    from webvoyager_gym.tree import TransitionTree
    from webvoyager_gym.tree.merge import merge

    if not re.fullmatch(ID, out):
        raise typer.BadParameter(f"{out!r} is no id; write <namespace>/<name>-v<number>, such as local/tree-v0.")
    with TransitionTree(name, download=False) as tree:
        if tree.settings is None:
            fail(f"Nothing was walked in {name}; grow it with `webvoyager-gym evaluate --tree {name}`.")
        finished = merge(tree, datasets_folder() / out, id=out)
    if as_json:
        print_json({"id": out, "folder": str(finished.folder), "states": len(finished)})
    else:
        print(f"{out}: {len(finished)} states, in {finished.folder}")
        print(f"Publish it with: webvoyager-gym datasets publish {out} --to DIR --licence CC-BY-4.0")


def _described(tree: TransitionTree) -> dict[str, Any]:
    states = list(tree.states())
    return {
        "tree": tree.name,
        "finished": tree.finished is not None,
        "folder": str(tree.finished.folder if tree.finished is not None else tree.folder),
        "tasks": len(tree.tasks()),
        "states": len(states),
        "pages": len({state.page for state in states}),
        "ends": sum(state.terminated for state in states),
        "completed": sum(state.reward > 0 for state in states),
        "walked_with": tree.settings.document() if tree.settings is not None else None,
    }
