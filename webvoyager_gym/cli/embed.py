"""`webvoyager-gym embed`: a dataset's embeddings by another model, from what was recorded."""

from __future__ import annotations

import re
import sys
from typing import Annotated

import typer

from webvoyager_gym.cli.options import Cache
from webvoyager_gym.cli.printing import Json, fail, progress


def embed(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of a dataset, or its folder.", show_default=False)],
    embedder: Annotated[
        str, typer.Option(help="The VLM that embeds: pocket, or transformers:PATH_OR_ID.", show_default=False)
    ],
    out: Annotated[
        str | None, typer.Option(help="Id of the new dataset.", show_default="the old one's with the embedder's name")
    ] = None,
    cache: Cache = None,
    as_json: Json = False,
) -> None:
    """Make a dataset of the same episodes with another model's embeddings; run again after Ctrl-C, it goes on."""
    from webvoyager_gym.cli.recording import merge, tell
    from webvoyager_gym.data import checksums, datasets_folder, load_dataset
    from webvoyager_gym.data.embedding import embed_dataset
    from webvoyager_gym.data.ids import ID
    from webvoyager_gym.vlm import load_embedder
    from webvoyager_gym.vlm.base import embedding_id

    dataset = load_dataset(name)
    out = _named_after(dataset.id, embedder) if out is None else out
    if not re.fullmatch(ID, out):
        raise typer.BadParameter(f"{out!r} is no dataset id; write <namespace>/<name>-v<number>.")
    target, shards = datasets_folder() / out, datasets_folder() / ".shards" / out
    if target.exists():
        fail(f"There is a dataset {out} in {target} already, and datasets never change; raise the version in the id.")
    model = load_embedder(embedder, cache)
    with progress() as bars:
        bar = bars.add_task("embed", total=len(dataset))

        def show(done: int, total: int) -> None:
            bars.update(bar, completed=done, total=total)

        try:
            embed_dataset(dataset, model, shards, show)
        except KeyboardInterrupt:
            bars.stop()
            print(
                f"Interrupted; what was embedded is kept in {shards}, and the same command goes on with it.",
                file=sys.stderr,
            )
            raise typer.Exit(130) from None
    ours = {
        key: value
        for key, value in dataset.metadata["webvoyager_gym"].items()
        if key not in ("format_version", "embedding_width", "lineage", "packages", "commit", "command")
    }
    source = {"id": dataset.id, "sha256": checksums.file_sha256(dataset.folder / checksums.FILE)}
    made = {"embedder": model.name, "embedding_id": embedding_id(model), "embedded_from": source}
    merge(shards, target, out, ours | {name: said for name, said in made.items() if said is not None})
    tell(out, as_json=as_json)


def _named_after(id: str, embedder: str) -> str:
    name, _, version = id.rpartition("-v")
    return f"{name}-{re.sub(r'[^a-z0-9]+', '-', embedder.lower()).strip('-')}-v{version}"
