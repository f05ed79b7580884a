"""Options that several commands share: the models, and agents by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from webvoyager_gym.agents import Agent
    from webvoyager_gym.workers import Engine

Proposer = Annotated[str, typer.Option(help="The VLM that proposes: pocket, transformers:PATH_OR_ID, or openai:MODEL.")]
Embedder = Annotated[
    str, typer.Option(help="The VLM that embeds; same for the proposer itself, none for no embeddings.")
]
NCandidates = Annotated[int, typer.Option("--n", min=1, max=64, help="Candidates a step.")]
Cache = Annotated[
    Path | None,
    typer.Option(help="File that keeps what the VLMs say; run again with it, what is known needs no model."),
]
Tree = Annotated[
    str | None,
    typer.Option(help="Walk in this transition tree and grow it: id, or folder; what it knows needs no browser."),
]
Workers = Annotated[int, typer.Option(min=1, help="So many at a time, each with a browser and the models.")]
EngineName = Annotated[
    Literal["processes", "ray"], typer.Option(help="Where workers live: processes of this machine, or a Ray cluster.")
]
Address = Annotated[
    str | None,
    typer.Option(help="Of the Ray cluster: HOST:6379 or ray://HOST:10001.", show_default="the one this machine is in"),
]
MaxSteps = Annotated[int, typer.Option(min=1, help="Actions after which an episode is broken off.")]


def env_options(suite: str, proposer: str, embedder: str, n: int, max_steps: int, cache: Path | None) -> dict[str, Any]:
    """Arguments of `BestOfQEnv` from what a command line says."""
    return {
        "suite": suite,
        "proposer": proposer,
        "embedder": None if embedder == "none" else embedder,
        "n_candidates": n,
        "max_steps": max_steps,
        **({} if cache is None else {"cache": str(cache)}),
    }


def named_engine(name: str, address: str | None) -> Engine[Any] | None:
    """The engine of that name; None for this machine's processes."""
    if name == "ray":
        from webvoyager_gym.ray_cluster import RayCluster

        return RayCluster(address or "auto")
    if address is not None:
        raise typer.BadParameter(f"--address belongs to --engine ray, not to {name}.")
    return None


def named_agent(text: str) -> Agent:
    """The agent of that name; a text that names none in the right way is a wrong argument."""
    from webvoyager_gym.agents import load_agent
    from webvoyager_gym.errors import WebVoyagerError

    try:
        return load_agent(text)
    except WebVoyagerError:
        raise
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
