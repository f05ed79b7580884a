"""What decides an iteration of Best-of-Q, and the folder that one lies in.

The rounds are those of the ladder of datasets (`webvoyager_gym.data.recipes`): with a size's number of episodes and
everything else left as it is, an iteration makes the ladder itself, under its ids.
"""

from __future__ import annotations

import dataclasses
import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webvoyager_gym.cli.options import env_options
from webvoyager_gym.data.locking import locked
from webvoyager_gym.data.recipes import EPISODES, Recipe, ladder_id, round_recipe
from webvoyager_gym.errors import InvalidFile, WebVoyagerError
from webvoyager_gym.vlm.names import models_as_known
from webvoyager_gym.whole_file import write_whole

SETTINGS_FILE = "settings.json"
LOCK_FILE = ".lock"

SEEDS_APART = 1000
"""Between the first rounds of two seeds, so that no round of the one draws the tasks of a round of the other."""


@dataclass(frozen=True)
class Iteration:
    """Everything that decides what an iteration finds but how many rounds there are.

    Attributes:
        episodes: trajectories that each round adds.
        algo, settings, steps: what is trained, as `algorithms.train` takes `--algo`, `--set` and `--steps`.
        seed: of weights and updates, and of tasks and exploration in every round.
        n: candidates a step.
        proposer, embedder: the frozen models.
        max_steps: actions after which an episode is broken off.
        site: tasks of this site only; all sites if None.
        validation_tasks: on how many every round is evaluated, the same ones for each seed.
    """

    episodes: int = EPISODES["small"]
    algo: str = "iql"
    settings: tuple[str, ...] = ()
    steps: int = 5000
    seed: int = 0
    n: int = 3
    proposer: str = "pocket"
    embedder: str = "same"
    max_steps: int = 15
    site: str | None = None
    validation_tasks: int = 150

    @property
    def env(self) -> dict[str, Any]:
        """Arguments of `BestOfQEnv`."""
        return env_options("local", self.proposer, self.embedder, self.n, self.max_steps, None)

    @property
    def size(self) -> str | None:
        """The size of the ladder that this iteration makes; None if its datasets are not the ladder's."""
        ladder = Iteration(episodes=self.episodes, validation_tasks=self.validation_tasks)
        sizes = {episodes: size for size, episodes in EPISODES.items()}
        return sizes.get(self.episodes) if self == ladder else None

    def recipe(self, number: int) -> Recipe:
        """How a round's dataset is made."""
        return round_recipe(number, self.episodes, self._id, SEEDS_APART * self.seed)

    def _id(self, name: str) -> str:
        return f"iterate/{name}-v0" if self.size is None else ladder_id(name, self.size)

    def document(self) -> dict[str, Any]:
        """As JSON, with models by their canonical names, in which no secret is."""
        document: dict[str, Any] = json.loads(json.dumps(models_as_known(dataclasses.asdict(self))))
        return document

    @property
    def command(self) -> str:
        """What runs it on a shell, but for the number of rounds and where."""
        changed = {key: value for key, value in self.document().items() if value != Iteration().document()[key]}
        settings = [f"--set {shlex.quote(setting)}" for setting in changed.pop("settings", [])]
        others = [f"--{key.replace('_', '-')} {shlex.quote(str(value))}" for key, value in changed.items()]
        return " ".join(["python -m algorithms.iterate", *others, *settings])


@contextmanager
def begun(folder: Path, iteration: Iteration) -> Iterator[None]:
    """Begin an iteration in a folder or go on with it, alone there for as long as the context lasts.

    Raises:
        WebVoyagerError: another process is at it, or it was begun with other settings.
        InvalidFile: what the folder says of its settings is damaged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK_FILE).open("ab", buffering=0) as lock:
        if not locked(lock):
            raise WebVoyagerError(f"Another process iterates in {folder}; wait for it, or name another with --out.")
        now, path = iteration.document(), folder / SETTINGS_FILE
        if not path.exists():
            write_whole(path, json.dumps(now, indent=1) + "\n")
        _check_same(_read(path), now, folder)
        yield


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidFile(f"{path} is damaged ({error}); remove the folder to begin anew.") from error
    if not isinstance(document, dict):
        raise InvalidFile(f"{path} holds no settings of an iteration; remove the folder to begin anew.")
    return document


def _check_same(before: dict[str, Any], now: dict[str, Any], folder: Path) -> None:
    differing = [key for key in sorted({*before, *now}) if before.get(key) != now.get(key)]
    if differing:
        said = " and ".join(f"{key} {json.dumps(before.get(key))}, not {json.dumps(now.get(key))}" for key in differing)
        raise WebVoyagerError(
            f"The iteration in {folder} was begun with {said}; go on with the same, or name another folder with --out."
        )
