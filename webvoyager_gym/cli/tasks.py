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
    described = _describe(task) | {"start_url": getattr(task, "start_url", "")} | _patched(task)
    if as_json:
        print_json(described)
    else:
        print_table(("", ""), described.items())


@app.command("download")
def download_tasks(
    suite: Annotated[str, typer.Argument(help="webvoyager is the one that has to be brought.", show_default=False)],
    source: Annotated[
        str,
        typer.Option("--from", help="A copy of its repository: an address or a folder.", show_default="GitHub"),
    ] = "",
    as_json: Json = False,
) -> None:
    """Bring a suite's tasks, as its authors publish them, into the cache; each file is held against its checksum."""
    from webvoyager_gym.errors import not_found
    from webvoyager_gym.tasks.webvoyager.files import COMMIT, FILES, MIRROR, NOTICE, download_webvoyager, name_of

    if suite != "webvoyager":
        raise not_found("suite that has to be brought", suite, ["webvoyager"])
    folder = download_webvoyager(source or MIRROR)
    if as_json:
        files = {name_of(file): file.sha256 for file in FILES}
        print_json({"folder": str(folder), "commit": COMMIT, "files": files, "notice": NOTICE})
    else:
        print(f"{folder}\n{NOTICE}")


def _patched(task: Any) -> dict[str, Any]:
    """Of a task that may have been patched: how it was asked at first, and what was done about it, when and why."""
    if not hasattr(task, "original"):
        return {}
    patch = task.patch
    done = {"rule": patch.rule, "date": patch.date, "reason": patch.reason} if patch is not None else {}
    return {"original": task.original, **{f"patch_{name}": value for name, value in done.items()}}


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
