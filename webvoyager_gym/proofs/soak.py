"""Roll out for long and see that memory does not grow: Python's, and that of Chromium with all its helpers.

    python -m webvoyager_gym.proofs.soak                      # 2,000 episodes
    python -m webvoyager_gym.proofs.soak --episodes 600
    python -m webvoyager_gym.proofs.soak --read soak.json     # what was found, from an earlier run's --out

Vector rollouts on train tasks of the local suite, each of another world, with episodes of at most six actions. Memory
is what is in no file, resident or swapped; shared pages are counted by their share. What happens to be open, a long
page or a short one, makes a tenth of it, so means over 200 episodes are compared: its level is the mean over those that
follow the first 200; exit status 1 if it is more than 10 % above that over a later 200. Linux only.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from webvoyager_gym.bars import Bars
from webvoyager_gym.proofs.faults.rollout import Rollout
from webvoyager_gym.proofs.processes import descendants, own_memory, require_linux

LEVEL_AT = 200
"""Episodes after which memory should have reached its level."""
WINDOW = 200
"""Episodes over which memory is averaged."""
TOLERATED = 0.10
"""How far above the level a later mean may be."""


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
    """How a kind of memory went on from its level: means over WINDOW episodes, in bytes.

    Attributes:
        level: over the first ones that count.
        highest, last: of the later ones.
        peak: the highest single sample.
    """

    name: str
    level: float
    highest: float
    last: float
    peak: int

    @property
    def grew(self) -> bool:
        """Whether it is further above its level than is tolerated."""
        return self.highest > (1 + TOLERATED) * self.level


def growths(samples: Sequence[Sample], level_at: int) -> list[Growth]:
    """How Python's memory, the browser's, and both went on after so many episodes.

    Raises:
        ValueError: there are not twice WINDOW episodes from then on.
    """
    windows: dict[int, list[Sample]] = defaultdict(list)
    for sample in samples:
        windows[(sample.episodes - level_at) // WINDOW].append(sample)
    # One that the end of the run cuts short says less.
    ended = (samples[-1].episodes - level_at) // WINDOW if samples else 0
    whole = [windows[number] for number in range(ended) if number in windows]
    if len(whole) < 2:
        raise ValueError(f"Memory is compared over {WINDOW} episodes each; run {level_at + 2 * WINDOW} or more.")
    found = []
    for name in ("python", "browser", "both"):
        level, *later = (float(np.mean([getattr(each, name) for each in window])) for window in whole)
        peak = max(getattr(each, name) for window in whole[1:] for each in window)
        found.append(Growth(name, level, max(later), later[-1], peak))
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
    every: Annotated[int, typer.Option(min=1, help="Episodes between two samples.")] = 10,
    level_at: Annotated[int, typer.Option(min=1, help="Episodes after which the level is reached.")] = LEVEL_AT,
    out: Annotated[Path | None, typer.Option(help="File that gets the samples as JSON.")] = None,
    read: Annotated[Path | None, typer.Option(help="Such a file; nothing is run.")] = None,
) -> None:
    """Roll out for long; exit status 1 if memory grows."""
    if read is None:
        require_linux()
        samples = soak(episodes, num_envs, seed, every)
    else:
        samples = [Sample(**sample) for sample in json.loads(read.read_text(encoding="utf-8"))]
    Console().print(table(samples))
    if out is not None:
        out.write_text(json.dumps([asdict(sample) for sample in samples], indent=1) + "\n", encoding="utf-8")
    found = growths(samples, level_at)
    for growth in found:
        print(
            f"{growth.name}: {growth.level / 1e6:.0f} MB after {level_at} episodes; later at most "
            f"{growth.highest / growth.level:.1%} of it, in the end {growth.last / growth.level:.1%} "
            f"(means over {WINDOW} episodes; the highest single sample {growth.peak / growth.level:.1%})."
        )
    raise typer.Exit(any(growth.grew for growth in found))


if __name__ == "__main__":
    typer.run(main)
