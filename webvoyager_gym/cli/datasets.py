"""`webvoyager-gym datasets`: what data sets are there, and whether they are whole."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from webvoyager_gym.cli.import_webvoyager import import_webvoyager
from webvoyager_gym.cli.printing import Json, plain, print_json, print_table
from webvoyager_gym.errors import WebVoyagerError

DatasetName = Annotated[str, typer.Argument(metavar="ID", help="Id of a data set, or its folder.", show_default=False)]

app = typer.Typer(help="List, describe and verify data sets.", no_args_is_help=True)
app.command("import-webvoyager")(import_webvoyager)


@app.command("list")
def list_datasets(as_json: Json = False) -> None:
    """The data sets on this machine."""
    from webvoyager_gym.data import datasets_folder, local_datasets

    found = []
    for name in local_datasets():
        try:
            found.append(describe(name))
        except WebVoyagerError as error:
            # One damaged data set must not hide the others.
            found.append({"id": name, "problem": str(error)})
    if as_json:
        print_json(found)
    elif not found:
        print(f"There are no data sets in {datasets_folder()} yet.")
    else:
        print_table(
            ("id", "episodes", "steps", "MB", "screenshots"),
            [
                (entry["id"], entry["problem"])
                if "problem" in entry
                else (
                    entry["id"],
                    entry["episodes"],
                    entry["steps"],
                    f"{entry['bytes'] / 1e6:.1f}",
                    "yes" if entry["screenshots"] else "no",
                )
                for entry in found
            ],
        )


@app.command("show")
def show_dataset(name: DatasetName, as_json: Json = False) -> None:
    """What a data set holds and how it was made."""
    described = describe(name)
    if as_json:
        print_json(described)
    else:
        made_with = described.pop("made_with")
        print_table(("", ""), [*described.items(), *((key, plain(value)) for key, value in sorted(made_with.items()))])


@app.command("verify")
def verify_dataset(name: DatasetName, as_json: Json = False) -> None:
    """Hold every file of a data set against its checksum; exit 1 if one differs or is missing."""
    from webvoyager_gym.data import load_dataset

    dataset = load_dataset(name)
    try:
        dataset.verify()
    except WebVoyagerError as error:
        if as_json:
            print_json({"id": dataset.id, "folder": str(dataset.folder), "ok": False, "problem": str(error)})
        raise
    if as_json:
        print_json({"id": dataset.id, "folder": str(dataset.folder), "ok": True, "problem": ""})
    else:
        print(f"{dataset.id} in {dataset.folder} is what its checksums say.")


def describe(name: str) -> dict[str, Any]:
    """What `datasets list` and `datasets show` print of a data set; reads its metadata only."""
    from webvoyager_gym.data import load_dataset
    from webvoyager_gym.data.layout import SHOTS_FILE

    dataset = load_dataset(name)
    return {
        "id": dataset.id,
        "folder": str(dataset.folder),
        "episodes": len(dataset),
        "steps": dataset.metadata["total_steps"],
        "bytes": sum(path.stat().st_size for path in dataset.folder.rglob("*") if path.is_file()),
        "screenshots": (dataset.folder / SHOTS_FILE).is_file(),
        "made_with": dataset.metadata["webvoyager_gym"],
    }
