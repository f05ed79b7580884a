"""`webvoyager-gym datasets`: what datasets there are, here and published, and all that is done with whole ones."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from webvoyager_gym.cli.build import build, list_recipes
from webvoyager_gym.cli.import_webvoyager import import_webvoyager
from webvoyager_gym.cli.printing import Json, fail, plain, print_json, print_table
from webvoyager_gym.errors import WebVoyagerError

if TYPE_CHECKING:
    from webvoyager_gym.data.registry import Published

DatasetName = Annotated[str, typer.Argument(metavar="ID", help="Id of a dataset, or its folder.", show_default=False)]
DatasetId = Annotated[str, typer.Argument(metavar="ID", help="Id of a dataset.", show_default=False)]

app = typer.Typer(
    help="List, describe, verify, download, build, publish, remove and import datasets.", no_args_is_help=True
)
app.command("import-webvoyager")(import_webvoyager)
app.command("build")(build)
app.command("recipes")(list_recipes)


@app.command("list")
def list_datasets(as_json: Json = False) -> None:
    """The datasets on this machine, that which comes with the package among them, and the published ones."""
    from webvoyager_gym.data import local_datasets
    from webvoyager_gym.data.dataset import BUNDLED_FOLDER
    from webvoyager_gym.data.registry import read_registry

    published = {entry.id: entry for entry in read_registry().entries}
    found: list[dict[str, Any]] = []
    here = [*local_datasets(), *local_datasets(BUNDLED_FOLDER)]
    for name in sorted({*here, *published}):
        try:
            entry = describe(name) if name in here else describe_published(published[name])
        except WebVoyagerError as error:
            # One damaged dataset must not hide the others.
            entry = {"id": name, "here": True, "problem": str(error)}
        found.append(entry | {"published": name in published})
    if as_json:
        print_json(found)
    else:
        print_table(("id", "episodes", "steps", "MB", "screenshots", "here", "published"), map(_row, found))


@app.command("show")
def show_dataset(name: DatasetName, as_json: Json = False) -> None:
    """What a dataset holds and how it was made; of a published one that is not here, what the registry says."""
    from webvoyager_gym.data.dataset import find_dataset
    from webvoyager_gym.data.registry import read_registry

    entry = None if Path(name).is_dir() or find_dataset(name) is not None else read_registry().find(name)
    described = describe(name) if entry is None else describe_published(entry)
    if as_json:
        print_json(described)
    else:
        made_with = described.pop("made_with", {})
        rows = ((key, plain(value)) for key, value in sorted(made_with.items()))
        print_table(("", ""), [*((key, plain(value)) for key, value in described.items()), *rows])


@app.command("verify")
def verify_dataset(
    name: DatasetName,
    deep: Annotated[bool, typer.Option(help="Read every episode too, which takes a while.")] = False,
    as_json: Json = False,
) -> None:
    """Hold a dataset against its checksums, the registry and the layout; exit 1 naming the first thing wrong."""
    from webvoyager_gym.data import load_dataset
    from webvoyager_gym.data.dataset import find_dataset
    from webvoyager_gym.data.registry import read_registry
    from webvoyager_gym.data.validate import validate

    if find_dataset(name) is None and not Path(name).is_dir() and read_registry().find(name) is not None:
        # Brought just to be verified, it would say nothing of what is here.
        fail(f"{name} is not on this machine; bring it with `webvoyager-gym datasets download {name}`.")
    dataset = load_dataset(name)
    try:
        validate(dataset, deep=deep)
    except WebVoyagerError as error:
        if as_json:
            print_json({"id": dataset.id, "folder": str(dataset.folder), "ok": False, "problem": str(error)})
        raise
    if as_json:
        print_json({"id": dataset.id, "folder": str(dataset.folder), "ok": True, "problem": ""})
    else:
        print(f"{dataset.id} in {dataset.folder} is what its checksums say, and in order.")


@app.command("download")
def download_dataset(
    name: DatasetId,
    source: Annotated[
        str,
        typer.Option(
            "--from", help="Folder of the dataset on a mirror, in place of the registry's: https://…, hf://…, a path."
        ),
    ] = "",
    screenshots: Annotated[
        bool, typer.Option("--with-screenshots/--without-screenshots", help="Bring the screenshots, most of the bytes.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Bring a published dataset, or what is missing or damaged of it; run again after a break, it goes on."""
    from webvoyager_gym.data.downloading import download_shown

    try:
        dataset = download_shown(name, source=source, screenshots=screenshots)
    except KeyboardInterrupt:
        print("Interrupted; what came is kept, and the same command goes on with it.", file=sys.stderr)
        raise typer.Exit(130) from None
    if as_json:
        print_json(describe(str(dataset.folder)))
    else:
        print(
            f"{dataset.id}: {len(dataset)} episodes with {dataset.metadata['total_steps']} steps, in {dataset.folder}"
        )


@app.command("publish")
def publish_dataset(
    name: DatasetName,
    to: Annotated[
        str, typer.Option(help="A folder that a web server serves, or hf://datasets/OWNER/REPO.", show_default=False)
    ],
    licence: Annotated[
        str, typer.Option(help="SPDX name of the licence you give it under, such as CC-BY-4.0.", show_default=False)
    ],
    url: Annotated[str, typer.Option(help="Address at which that folder is served.")] = "",
    registry: Annotated[
        Path | None, typer.Option(help="Registry file to add the entry to; made if it is not there.")
    ] = None,
) -> None:
    """Write a mirror of a dataset, and print its entry for a registry as JSON."""
    from webvoyager_gym.data import load_dataset
    from webvoyager_gym.data.publish import publish
    from webvoyager_gym.data.registry import Registry, document_of, read_registry, with_entry, write_registry

    known = read_registry(registry) if registry is not None and registry.exists() else Registry()
    entry = publish(load_dataset(name), to, licence=licence, url=url)
    if registry is not None:
        write_registry(registry, with_entry(known, entry))
    print_json(document_of(entry))


@app.command("rm")
def remove_dataset(
    name: DatasetId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a dataset from this machine."""
    from webvoyager_gym.data.remove import removable, remove

    folders = removable(name)
    if not yes:
        if not sys.stdin.isatty():
            fail(f"Nobody is there to be asked whether to remove {name}; give --yes.")
        typer.confirm(f"Remove {' and '.join(map(str, folders))}?", abort=True, err=True)
    remove(name)
    print(f"{name} is removed.")


def describe(name: str) -> dict[str, Any]:
    """What `datasets list` and `datasets show` print of a dataset that is here; reads its metadata only."""
    from webvoyager_gym.data import load_dataset
    from webvoyager_gym.data.layout import SHOTS_FILE

    dataset = load_dataset(name)
    return {
        "id": dataset.id,
        "here": True,
        "folder": str(dataset.folder),
        "episodes": len(dataset),
        "steps": dataset.metadata["total_steps"],
        "bytes": sum(path.stat().st_size for path in dataset.folder.rglob("*") if path.is_file()),
        "screenshots": (dataset.folder / SHOTS_FILE).is_file(),
        "made_with": dataset.metadata["webvoyager_gym"],
    }


def describe_published(entry: Published) -> dict[str, Any]:
    """The same of a published dataset that is not here, as far as the registry says."""
    from webvoyager_gym.data.layout import SHOTS_FILE

    return {
        "id": entry.id,
        "here": False,
        "episodes": entry.episodes,
        "steps": entry.steps,
        "bytes": entry.size,
        "screenshots": entry.file(SHOTS_FILE) is not None,
        "licence": entry.licence,
        "mirrors": list(entry.mirrors),
    }


def _row(entry: dict[str, Any]) -> tuple[object, ...]:
    published = "yes" if entry["published"] else "no"
    if "problem" in entry:
        return entry["id"], "", "", "", "", entry["problem"], published
    size = f"{entry['bytes'] / 1e6:.1f}"
    marks = ["yes" if entry[key] else "no" for key in ("screenshots", "here")]
    return entry["id"], entry["episodes"], entry["steps"], size, *marks, published
