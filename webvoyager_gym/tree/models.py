"""The models that a tree was walked with, named in its settings and loaded only when nobody has been somewhere."""

from __future__ import annotations

from typing import Any

from webvoyager_gym.errors import InfrastructureFailure, WebVoyagerError
from webvoyager_gym.tree.settings import Model, Settings
from webvoyager_gym.vlm import Embedder, Proposer, load_embedder, load_proposer, weights_of
from webvoyager_gym.vlm.base import embedding_id
from webvoyager_gym.vlm.names import known_as
from webvoyager_gym.vlm.standby import StandbyProposer, StandbyVLM


def described(asked: object, model: Proposer | Embedder, *, size: int = 0) -> Model:
    """What a tree says of a model.

    Args:
        asked: what the environment was given, a name or the model itself.
    """
    name, weights = (known_as(asked), weights_of(asked)) if isinstance(asked, str) else ("", "")
    return Model(name, model.name, weights, size, embedding_id(model) if isinstance(model, Embedder) and size else None)


def on_standby(settings: Settings, arguments: dict[str, Any]) -> dict[str, Any]:
    """An environment's proposer and embedder: those given, put on standby where the tree knows them; else the tree's.

    Args:
        arguments: what the environment was given, maybe without models, maybe with a `cache` for them.
    """
    proposer, embedder, cache = settings.proposer, settings.embedder, arguments.get("cache")
    if "proposer" in arguments and not _is(arguments["proposer"], proposer):
        return {}
    same = embedder is not None and (embedder.asked, embedder.name) == (proposer.asked, proposer.name)
    asked = arguments.get("embedder", "same" if "proposer" in arguments else embedder)
    if asked is not embedder and not (asked == "same" and same) and not _is(asked, embedder):
        return {}
    first = _standby(embedder if embedder is not None and same else proposer, arguments.get("proposer"), cache)
    second = first if same or embedder is None else _standby(embedder, asked, cache)
    return {"proposer": first, "embedder": None if embedder is None else second}


def _is(asked: object, model: Model | None) -> bool:
    """Whether that is the name of the model, with the same weights."""
    if model is None or not isinstance(asked, str) or known_as(asked) != model.asked:
        return False
    return weights_of(asked) == model.weights


def _standby(model: Model, asked: object, cache: Any) -> StandbyProposer:
    """The model, to be loaded by the name that was asked for, which may say more than the tree's (a budget, a key)."""
    name = asked if isinstance(asked, str) and asked != "same" else model.asked

    def load() -> Proposer | Embedder:
        try:
            if not model.asked:
                raise WebVoyagerError(f"the model {model.name} was not loaded by a name")
            if weights_of(model.asked) != model.weights:
                raise WebVoyagerError(f"{model.asked} has other weights now")
            return load_embedder(name, cache) if model.size else load_proposer(name, cache)
        except WebVoyagerError as error:
            raise InfrastructureFailure(
                "tree", f"The tree does not know what its model says here, and cannot ask it, since {error}."
            ) from error

    if not model.size:
        return StandbyProposer(model.name, load)
    return StandbyVLM(model.name, model.size, model.embedding_id, load)
