"""Roll out for long and see that memory does not grow: Python's, and that of Chromium with all its helpers.

    python -m webvoyager_gym.proofs.soak                      # 2,000 episodes
    python -m webvoyager_gym.proofs.soak --episodes 300

Vector rollouts on train tasks of the local suite, each of another world, with episodes of at most six actions. Memory
is what is in no file, resident or swapped; shared pages are counted by their share. Its level is what it is after the
first 200 episodes; exit status 1 if it is more than 10 % above that later. Linux only.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from webvoyager_gym.bars import Bars
from webvoyager_gym.proofs.faults.rollout import Rollout
from webvoyager_gym.proofs.processes import descendants, own_memory, require_linux

LEVEL_AT = 200
"""Episodes after which memory should have reached its level."""
TOLERATED = 0.10
"""How far above the level a later sample may be."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory after so many episodes, in bytes.

    Attributes:
        python: of this process.
        browser: of all it started: Chromium, its helpers, Playwright's driver.
        failures: episodes that the infrastructure ended so far.
    """

    episodes: int
    python: int
    browser: int
    failures: int

    @property
    def both(self) -> int:
        """All of it."""
        return self.python + self.browser


@dataclass(frozen=True, slots=True)
class Growth:
    """How a kind of memory went on from its level, in bytes."""

    name: str
    level: int
    highest: int
    last: int

    @property
    def grew(self) -> bool:
        """Whether it is further above its level than is tolerated."""
        return self.highest > (1 + TOLERATED) * self.level


def growths(samples: Sequence[Sample], level_at: int) -> list[Growth]:
    """How Python's memory, the browser's, and both went on after so many episodes.

    Raises:
        ValueError: there are no two samples from then on.
    """
    level, *after = (sample for sample in samples if sample.episodes >= level_at)
    if not after:
        raise ValueError(f"Memory was not sampled after episode {level.episodes}; run more episodes.")
    found = []
    for name in ("python", "browser", "both"):
        values = [getattr(sample, name) for sample in after]
        found.append(Growth(name, getattr(level, name), max(values), values[-1]))
    return found


def soak(episodes: int, num_envs: int, seed: int, every: int) -> list[Sample]:
    """Roll out, and sample memory each time so many episodes more have ended."""
    samples: list[Sample] = []
    ended = failures = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.closing(Rollout(num_envs, seed, Path(folder))) as rollout,
        Bars() as progress,
    ):
        bar = progress.add_task("episodes", total=episodes)
        while ended < episodes:
            stepped = rollout.step()
            ended += len(stepped.ended)
            failures += sum(bool(episode.failure) for episode in stepped.ended)
            progress.update(bar, completed=ended)
            if ended >= (len(samples) + 1) * every:
                samples.append(_sample(ended, failures))
                progress.console.print(f"{samples[-1].both / 1e6:.0f} MB after {ended} episodes")
    return samples


def _sample(episodes: int, failures: int) -> Sample:
    started = sum(own_memory(process.pid) for process in descendants())
    return Sample(episodes, own_memory(os.getpid()), started, failures)


def table(samples: Sequence[Sample]) -> Table:
    """The samples for people, in megabytes."""
    made = Table("episodes", "Python", "Chromium", "both", "failures", title="Memory (MB)")
    for column in made.columns:
        column.justify = "right"
    for each in samples:
        amounts = (f"{amount / 1e6:.0f}" for amount in (each.python, each.browser, each.both))
        made.add_row(str(each.episodes), *amounts, str(each.failures))
    return made


def main(
    episodes: Annotated[int, typer.Option(min=2, help="Episodes in all.")] = 2000,
    num_envs: Annotated[int, typer.Option(min=1, help="Pages.")] = 4,
    seed: Annotated[int, typer.Option(help="Of the tasks and the actions.")] = 0,
    every: Annotated[int, typer.Option(min=1, help="Episodes between two samples.")] = 50,
    level_at: Annotated[int, typer.Option(min=1, help="Episodes after which the level is reached.")] = LEVEL_AT,
    out: Annotated[Path | None, typer.Option(help="File that gets the samples as JSON.")] = None,
) -> None:
    """Roll out for long; exit status 1 if memory grows."""
    require_linux()
    samples = soak(episodes, num_envs, seed, every)
    Console().print(table(samples))
    if out is not None:
        out.write_text(json.dumps([asdict(sample) for sample in samples], indent=1) + "\n", encoding="utf-8")
    found = growths(samples, level_at)
    for growth in found:
        print(
            f"{growth.name}: {growth.level / 1e6:.0f} MB after {level_at} episodes; later at most "
            f"{growth.highest / growth.level:.1%} of it, in the end {growth.last / growth.level:.1%}."
        )
    raise typer.Exit(any(growth.grew for growth in found))


if __name__ == "__main__":
    typer.run(main)
