"""Frozen vision-language models: what proposes actions and what embeds them, behind two small protocols."""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path

from webvoyager_gym.errors import MissingDependency, NoEmbeddings, not_found
from webvoyager_gym.vlm.base import Cost, Drawer, Embedder, Embeddings, Picker, Proposer, Sampler, Writer
from webvoyager_gym.vlm.names import known_as, split_name

POCKET_WEIGHTS = Path(__file__).parent / "pocket_weights"
"""The pocket VLM as it is shipped with the package, a folder for each size."""
POCKET_FOLDER = POCKET_WEIGHTS / "base"
"""The size that the name "pocket" stands for."""

__all__ = [
    "POCKET_FOLDER",
    "POCKET_WEIGHTS",
    "Cost",
    "Drawer",
    "Embedder",
    "Embeddings",
    "Picker",
    "Proposer",
    "Sampler",
    "Writer",
    "load_embedder",
    "load_proposer",
    "sites_trained_on",
    "weights_of",
]


def sites_trained_on(folder: Path = POCKET_FOLDER) -> tuple[str, ...]:
    """The local sites that a pocket VLM has learned; on others it is of little use."""
    return tuple(json.loads((folder / "trained_on.json").read_text())["sites"])


def load_proposer(name: str, cache: str | Path | None = None) -> Proposer:
    """The proposer of that name, loaded once a process.

    - "pocket": the model that comes with the package; other sizes of it as "pocket:small" where they are shipped
    - "transformers:PATH_OR_ID", with `?strategy=list` or `?strategy=sample&temperature=1.5` instead of the beam search,
      and `wordings=3` to be asked in three wordings; the pocket VLM takes the same options; see
      `transformers_backend.OPTIONS`
    - "openai:MODEL", with `?base_url=http://127.0.0.1:8000/v1` for another server; see `openai_backend.OPTIONS`

    Args:
        cache: a file that keeps what the model says; with it the model is loaded only for what the file does not know.

    Raises:
        NotFound: there is no such backend, or it has no such option.
        InvalidModelName: an option's value cannot be used.
        MissingDependency: the model, its package or its key is not there; the message says how to bring it.
        InvalidFile: the cache is something else.
    """
    return _load(name, os.getpid()) if cache is None else _cached(name, str(Path(cache).absolute()), os.getpid())


def load_embedder(name: str, cache: str | Path | None = None) -> Embedder:
    """The embedder of that name; the same object as the proposer of that name, so that they share the encoded prompt.

    Raises:
        NoEmbeddings: the backend gives none.
        NotFound, InvalidModelName, MissingDependency, InvalidFile: as for `load_proposer`.
    """
    if name.partition(":")[0] == "openai":
        raise NoEmbeddings(
            "A model behind the openai interface gives no embeddings of states and actions; take another backend for "
            'them, such as embedder="pocket" or embedder="transformers:PATH_OR_ID", or embedder=None for none.'
        )
    model = load_proposer(name, cache)
    assert isinstance(model, Embedder)
    return model


@functools.lru_cache(maxsize=4)
def _load(name: str, process: int) -> Proposer:
    backend, model, options = _parts(name)
    known = known_as(name)
    if backend == "openai":
        from webvoyager_gym.vlm.openai_backend import OpenAIVLM

        return OpenAIVLM.named(known, model, options)
    from webvoyager_gym.vlm.transformers_backend import TransformersVLM

    if backend == "pocket":
        return TransformersVLM.named(known, str(_pocket_folder(model)), {"device": "cpu", **options})
    return TransformersVLM.named(known, model, options)


def _pocket_folder(size: str) -> Path:
    """Where a size of the pocket VLM lies. Raises MissingDependency, NotFound."""
    shipped = sorted(file.parent.name for file in POCKET_WEIGHTS.glob("*/model.safetensors"))
    if not shipped:
        raise MissingDependency(
            f"The pocket VLM's weights are not in {POCKET_WEIGHTS}; install the package anew, "
            "or train them with the commands in algorithms/pocket_vlm/README.md."
        )
    if (size or POCKET_FOLDER.name) not in shipped:
        raise not_found("size of the pocket VLM", size, shipped)
    return POCKET_WEIGHTS / (size or POCKET_FOLDER.name)


@functools.lru_cache(maxsize=4)
def _cached(name: str, file: str, process: int) -> Proposer:
    from webvoyager_gym.vlm.cache import CachedProposer, CachedVLM
    from webvoyager_gym.vlm.prompt import LEADS

    kind = CachedProposer if _parts(name)[0] == "openai" else CachedVLM
    said_to = f" {LEADS}" if "wordings" in _parts(name)[2] else ""
    return kind(Path(file), f"{known_as(name)} {weights_of(name)}{said_to}", lambda: _load(name, process))


def weights_of(name: str) -> str:
    """What tells the weights behind a name from others, without loading them; "" if they are not at hand.

    Raises:
        NotFound, InvalidModelName, MissingDependency: as for `load_proposer`.
    """
    from webvoyager_gym.vlm.checkpoint import checkpoint_digest

    backend, model, _ = _parts(name)
    return checkpoint_digest(_pocket_folder(model) if backend == "pocket" else Path(model))


def _parts(name: str) -> tuple[str, str, dict[str, str]]:
    """Backend, model and options. Raises NotFound, InvalidModelName."""
    backend, model, options = split_name(name)
    if backend not in ("pocket", "transformers", "openai") or not (model or backend == "pocket"):
        raise not_found("model", name, ["pocket", "transformers:PATH_OR_ID", "openai:MODEL"])
    return backend, model, options
