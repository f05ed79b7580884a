"""`webvoyager-gym tasks`: what there is to do."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from webvoyager_gym.cli.printing import Json, print_json, print_table

Suite = Annotated[str, typer.Option(help="Suite of tasks.")]
SiteName = Annotated[str | None, typer.Option("--site", help="Tasks of this site only.", show_default="all sites")]

app = typer.Typer(help="List and describe tasks.", no_args_is_help=True)


@app.command("list")
def list_tasks(
    suite: Suite = "local",
    site: SiteName = None,
    split: Annotated[str, typer.Option(help="Split of the tasks.")] = "test",
    template: Annotated[str | None, typer.Option(help="Tasks of this template only.", show_default="all")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many.", show_default="all")] = None,
    as_json: Json = False,
) -> None:
    """The tasks of a split; of a split with unlimited seeds the first ones."""
    from webvoyager_gym.errors import not_found
    from webvoyager_gym.tasks import load_suite

    loaded = load_suite(suite)
    tasks = loaded.tasks(site, split)
    if template is not None:
        known = {task.template for task in tasks}
        if template not in known:
            raise not_found("template", template, known)
        tasks = [task for task in tasks if task.template == template]
    found = [_describe(task) for task in tasks[:limit]]
    if as_json:
        print_json(found)
    else:
        rows = [(entry["id"], entry["goal"], entry["difficulty"], "" if entry["feasible"] else "no") for entry in found]
        print_table(("id", "goal", "difficulty", "feasible"), rows)


@app.command("show")
def show_task(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of a task.", show_default=False)],
    suite: Suite = "local",
    as_json: Json = False,
) -> None:
    """What a task asks for and where it starts."""
    from webvoyager_gym.tasks import load_suite

    task = load_suite(suite).task(name)
    described = _describe(task) | {"start_url": getattr(task, "start_url", "")}
    if as_json:
        print_json(described)
    else:
        print_table(("", ""), described.items())


def _describe(task: Any) -> dict[str, Any]:
    return {
        "id": task.id,
        "site": task.site,
        "split": task.split,
        "template": task.template,
        "goal": task.goal,
        "difficulty": getattr(task, "difficulty", ""),
        "feasible": getattr(task, "feasible", True),
    }
