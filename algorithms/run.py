"""One seed of a training: its algorithm, its random numbers, what it has measured, and its folder."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch

from algorithms.checkpoint import load_checkpoint, save_checkpoint
from algorithms.columns import Columns
from algorithms.configure import AnyConfig
from algorithms.d3rlpy_import import d3rlpy
from algorithms.event_file import EventFile
from algorithms.streamed import Replay
from algorithms.updates import Algorithm, Updates
from webvoyager_gym.data import Dataset
from webvoyager_gym.data.checksums import file_sha256
from webvoyager_gym.data.layout import VECTORS_FILE
from webvoyager_gym.data.provenance import commit, package_versions
from webvoyager_gym.errors import InvalidFile, WebVoyagerError
from webvoyager_gym.whole_file import write_whole

Q_FILE, MODEL_FILE, RECORD_FILE = "q.safetensors", "model.safetensors", "train.json"


@dataclass(frozen=True, eq=False)
class Source:
    """What the seeds of a training have in common."""

    dataset: Dataset
    split: str
    columns: Columns
    config: AnyConfig
    steps: int

    @cached_property
    def vectors_sha256(self) -> str:
        return file_sha256(self.dataset.folder / VECTORS_FILE)

    def origin(self, seed: int) -> dict[str, Any]:
        """What has to be the same for training to go on where it stopped."""
        return {
            "algorithm": self.config.get_type(),
            "config": self.config.serialize_to_dict(),
            "seed": seed,
            "dataset": self.dataset.id,
            "vectors_sha256": self.vectors_sha256,
            "split": self.split,
        }


class Run:
    """One seed.

    Args:
        source: what to train on.
        replay: draws by this seed.
        seed: of initial weights, and of what the algorithm itself draws.
        device: d3rlpy's.
        out: folder to write to.
        resume: go on with the checkpoint in `out`, if there is one.

    Raises:
        InvalidFile: the checkpoint is of another training.
    """

    def __init__(self, source: Source, replay: Replay, seed: int, device: str, out: Path, resume: bool) -> None:
        self.out, self._source, self._seed = out, source, seed
        self.label = f"train {source.config.get_type()} {seed}"
        self.stopped = False
        self._losses: list[dict[str, float]] = []
        self._metrics: list[dict[str, float]] = []
        self._seconds = 0.0
        out.mkdir(parents=True, exist_ok=True)
        if resume and (out / MODEL_FILE).is_file():
            self.algo = self._resumed(device)
        else:
            for old in out.glob("events.out.tfevents.*"):
                old.unlink()
            d3rlpy.seed(seed)
            self.algo = source.config.create(device=device)
            self.algo.build_with_columns(source.columns)
        self._random = torch.get_rng_state()
        self.written = self.algo.grad_step
        self._updates = Updates(self.algo, replay)
        self._events = EventFile(out / f"events.out.tfevents.{self.algo.grad_step:010d}")
        cuda = device.startswith("cuda")
        self._stream = torch.cuda.Stream(device) if cuda else None
        self._device = device

    def _resumed(self, device: str) -> Algorithm:
        algo, metadata = load_checkpoint(self.out / MODEL_FILE, device, random=True)
        wanted = json.loads(json.dumps(self._source.origin(self._seed)))
        if other := [key for key in wanted if metadata.get(key) != wanted[key]]:
            raise InvalidFile(
                f"{self.out / MODEL_FILE} is of a training with another {' and '.join(other)}; "
                "go on with the same, or train into another folder."
            )
        self._losses, self._metrics, self._seconds = metadata["losses"], metadata["metrics"], metadata["seconds"]
        return algo

    def advance(self, to: int) -> None:
        """Update until there were `to` updates; on a GPU this returns before they are done."""
        # Some algorithms draw from torch's generator, which the seeds beside this one use too.
        shared = torch.get_rng_state()
        torch.set_rng_state(self._random)
        try:
            if self._stream is None:
                self._updates.run(to - self.algo.grad_step)
            else:
                self._stream.wait_stream(torch.cuda.current_stream(self._device))
                with torch.cuda.stream(self._stream):
                    self._updates.run(to - self.algo.grad_step)
        finally:
            self._random = torch.get_rng_state()
            torch.set_rng_state(shared)

    def settle(self) -> None:
        """On a GPU, have whatever comes next come after the updates so far."""
        if self._stream is not None:
            torch.cuda.current_stream(self._device).wait_stream(self._stream)

    def note(self, metrics: dict[str, float] | None, patience: int) -> dict[str, float]:
        """Keep the losses since the last call, and what was measured; gives the losses.

        Raises:
            WebVoyagerError: training diverged.
        """
        losses, step = self._updates.means(), self.algo.grad_step
        if not all(map(math.isfinite, losses.values())):
            raise WebVoyagerError(f"Training diverged within {step} updates ({losses}); try a lower learning_rate.")
        self._losses.append({"step": step, **losses})
        shown = {f"train/{name}": value for name, value in losses.items()}
        if metrics is not None:
            self._metrics.append({"step": step, **{name: value for name, value in metrics.items() if value == value}})
            shown |= {f"validation/{name}": value for name, value in metrics.items()}
            agreements = [entry.get("agreement", 0.0) for entry in self._metrics]
            best = agreements.index(max(agreements))
            self.stopped = 0 < patience <= len(agreements) - 1 - best
        self._events.scalars(step, shown)
        return losses

    def write(self, seconds: float) -> None:
        """Write the folder's files; `seconds` since this training began or went on."""
        self.settle()
        algo, step = self.algo, self.algo.grad_step
        if rest := self._updates.means():
            self._losses.append({"step": step, **rest})
        record = {
            **self._source.origin(self._seed),
            "steps": self._source.steps,
            "updates": step,
            "finished": step == self._source.steps or self.stopped,
            "stopped_early": self.stopped,
            "embedder": self._source.dataset.metadata["webvoyager_gym"].get("embedder"),
            "embedding_id": self._source.dataset.metadata["webvoyager_gym"].get("embedding_id"),
            "transitions": len(self._source.columns.rows),
            "device": self._device,
            "seconds": round(self._seconds + seconds, 3),
            "versions": package_versions() | {"d3rlpy": d3rlpy.__version__},
            "commit": commit(),
            "losses": self._losses,
            "metrics": self._metrics,
        }
        kept = ("algorithm", "seed", "steps", "finished", "dataset", "vectors_sha256", "embedder", "embedding_id")
        if algo.exportable:
            algo.export_q(self.out / Q_FILE, {name: _text(record[name]) for name in kept})
        else:
            (self.out / Q_FILE).unlink(missing_ok=True)  # of an earlier training into the same folder
        shared = torch.get_rng_state()
        torch.set_rng_state(self._random)
        save_checkpoint(self.out / MODEL_FILE, algo, record)
        torch.set_rng_state(shared)
        self.written = step
        text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
        write_whole(self.out / RECORD_FILE, text)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
