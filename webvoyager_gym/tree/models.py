"""The models that a tree was walked with, named in its settings and loaded only when nobody has been somewhere."""

from __future__ import annotations

from typing import Any

from webvoyager_gym.errors import InfrastructureFailure, WebVoyagerError
from webvoyager_gym.tree.settings import Model, Settings
from webvoyager_gym.vlm import Embedder, Proposer, load_embedder, load_proposer, weights_of
from webvoyager_gym.vlm.standby import StandbyProposer, StandbyVLM


def described(asked: object, model: Proposer | Embedder, *, size: int = 0) -> Model:
    """What a tree says of a model.

    Args:
        asked: what the environment was given, a name or the model itself.
    """
    if isinstance(asked, str):
        return Model(asked, model.name, weights_of(asked), size)
    return Model("", model.name, size=size)


def on_standby(settings: Settings, arguments: dict[str, Any]) -> dict[str, Any]:
    """An environment's proposer and embedder: those given, put on standby where the tree knows them; else the tree's.

    Args:
        arguments: what the environment was given, maybe without models, maybe with a `cache` for them.
    """
    cache = arguments.get("cache")
    asked = arguments.get("proposer", settings.proposer.asked)
    embeds = _embedder_asked(arguments, settings)
    proposer = settings.proposer
    if "proposer" in arguments and not _is(asked, proposer):
        return {}
    if embeds is None or settings.embedder is None:
        return {"proposer": _standby(proposer, cache), "embedder": None} if embeds is settings.embedder else {}
    if embeds != "same" and not _is(embeds, settings.embedder):
        return {}
    same = settings.embedder.asked == proposer.asked and settings.embedder.name == proposer.name
    if same:
        model = _standby(settings.embedder, cache)
        return {"proposer": model, "embedder": model}
    if embeds == "same":
        return {}
    return {"proposer": _standby(proposer, cache), "embedder": _standby(settings.embedder, cache)}


def _embedder_asked(arguments: dict[str, Any], settings: Settings) -> Any:
    if "embedder" in arguments:
        return arguments["embedder"]
    if "proposer" in arguments:
        return "same"
    return None if settings.embedder is None else settings.embedder.asked


def _is(asked: object, model: Model) -> bool:
    """Whether that is the name of the model, with the same weights."""
    return isinstance(asked, str) and asked == model.asked and weights_of(asked) == model.weights


def _standby(model: Model, cache: Any) -> StandbyProposer:
    def load() -> Proposer | Embedder:
        try:
            if not model.asked:
                raise WebVoyagerError(f"the model {model.name} was not loaded by a name")
            if weights_of(model.asked) != model.weights:
                raise WebVoyagerError(f"{model.asked} has other weights now")
            return load_embedder(model.asked, cache) if model.size else load_proposer(model.asked, cache)
        except WebVoyagerError as error:
            raise InfrastructureFailure(
                "tree", f"The tree does not know what its model says here, and cannot ask it, since {error}."
            ) from error

    return StandbyVLM(model.name, model.size, load) if model.size else StandbyProposer(model.name, load)
