"""Options that several commands share: the models, and agents by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
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


def named_agents(texts: Sequence[str]) -> list[Agent]:
    """The agents of those names; several Q-functions are told apart by the folders they lie in, or by their paths."""
    from webvoyager_gym.agents import BestOfQ

    agents = [named_agent(text) for text in texts]
    for place in (lambda path: path.parent.name, str):
        times = Counter(agent.name for agent in agents)
        agents = [
            replace(agent, name=f"best-of-q:{place(Path(text.partition(':')[2]))}")
            if times[agent.name] > 1 and isinstance(agent, BestOfQ)
            else agent
            for text, agent in zip(texts, agents, strict=True)
        ]
    name, count = Counter(agent.name for agent in agents).most_common(1)[0]
    if count > 1:
        raise typer.BadParameter(f"--agent {name} is given {count} times; once is enough.")
    return agents


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
