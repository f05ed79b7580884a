"""Train the pocket VLM by imitation.

    python -m algorithms.pocket_vlm.train --pages runs/pocket/pages/0 --out runs/pocket/model --minutes 60

Resumes from `--out` if it holds a checkpoint. The learning rate follows the share of `--minutes` that has passed, so
that a run ends annealed however fast the machine is. Pages that are still being gathered are picked up as they come.
"""

from __future__ import annotations

import itertools
import json
import math
import time
from collections import defaultdict
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from safetensors.torch import load_file, save_file
from torch.nn.functional import cross_entropy
from transformers import PreTrainedTokenizerFast, Qwen2_5_VLForConditionalGeneration

from algorithms.pocket_vlm import attention
from algorithms.pocket_vlm import tokenizer as pocket_tokenizer
from algorithms.pocket_vlm.augment import Names, augmented, page_text
from algorithms.pocket_vlm.batches import Batch, Encoder, collate, pages_of
from algorithms.pocket_vlm.export import STATE, TRAINED_ON, export, trained_on
from algorithms.pocket_vlm.model import SIZES, build, parameters
from algorithms.pocket_vlm.pages import Lesson, read_lessons
from webvoyager_gym.actions import parse
from webvoyager_gym.vlm.loading import best_device

PAGES_PER_BATCH, LESSONS_PER_PAGE = 8, 6
HELD_OUT = 40
"""Every so many-th page of each folder is held out to measure on."""
REPEAT_WEIGHT = 0.5
"""Weight of predicting what is repeated within the prompt, which is how copying is learned."""
RARE = {"answer": 6.0, "select": 2.0, "scroll": 4.0, "restart": 4.0}
"""How much more often lessons of these actions are drawn from a page."""
REFRESH_SECONDS, REPORT_SECONDS = 600.0, 60.0
WARM_UP = 200
"""Steps over which the learning rate rises."""
TOKENIZER_SHARE = 5
"""Every so many-th lesson is read to train the tokenizer."""


def hidden_states(model: Qwen2_5_VLForConditionalGeneration, batch: Batch) -> torch.Tensor:
    """(B, L, H) last hidden states of a batch."""
    embedded = model.get_input_embeddings()(batch.ids)
    seen = model.model.visual(batch.pixels, grid_thw=batch.grid).pooler_output
    seen = torch.cat(list(seen)) if isinstance(seen, (list, tuple)) else seen
    embedded = embedded.masked_scatter(
        (batch.ids == model.config.image_token_id)[..., None], seen[batch.visual].to(embedded)
    )
    # Right-padded, causal: padding never reaches a label, so no mask is needed.
    hidden: torch.Tensor = model.model.language_model(
        inputs_embeds=embedded, position_ids=batch.positions, attention_mask=None, use_cache=False
    ).last_hidden_state
    return hidden


def logits_and_labels(
    model: Qwen2_5_VLForConditionalGeneration, hidden: torch.Tensor, labels: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """(K, vocabulary) logits and (K,) labels at the K places of (B, L) labels that are not -100."""
    where = labels != -100
    return model.lm_head(hidden[where]), labels[where]


class Corpus:
    """Lessons of several folders, split in two by page."""

    def __init__(self, folders: list[Path], encoder: Encoder, device: torch.device) -> None:
        self.folders, self.encoder, self.device = folders, encoder, device
        self.lessons: list[Lesson] = []
        self.train: list[list[int]] = []
        self.held_out: list[list[int]] = []
        self._sizes: list[int] = []
        self.refresh()

    def refresh(self) -> None:
        """Read the folders again if there is more in them."""
        sizes = [path.stat().st_size for folder in self.folders if (path := folder / "pages.jsonl").exists()]
        if sizes == self._sizes:
            return
        self._sizes = sizes
        self.lessons, self.train, self.held_out = [], [], []
        for folder in self.folders:
            first = len(self.lessons)
            lessons = read_lessons(folder)
            self.lessons += lessons
            for number, page in enumerate(pages_of(lessons)):
                (self.held_out if number % HELD_OUT == 0 else self.train).append([first + index for index in page])
        self.names = Names(page_text(self.lessons[page[0]]) for page in self.train)

    def batch(self, pages: list[list[int]], random: np.random.Generator, *, augment: bool) -> Batch:
        """A batch of some goals of each page; with `augment`, in other words (see `augment.py`)."""
        drawn = [[self.lessons[index] for index in self._draw(page, random)] for page in pages]
        if augment:
            drawn = [augmented(lessons, self.names, random) for lessons in drawn]
        pairs = [(lesson, self.encoder.encode(lesson)) for lessons in drawn for lesson in lessons]
        pad = int(self.encoder.tokenizer.pad_token_id or 0)
        batch = collate(pairs, random.random(len(pairs)), pad=pad, image=self.encoder.image)
        return batch.to(self.device)

    def _draw(self, page: list[int], random: np.random.Generator) -> list[int]:
        """The lesson of the walk's own goal and some others, rare kinds of actions first."""
        kinds = [parse(self.lessons[index].actions[0]).kind for index in page]
        keys = random.random(len(page)) ** [1 / RARE.get(kind, 1.0) for kind in kinds]
        keys += [self.lessons[index].own for index in page]
        return [page[place] for place in np.argsort(-keys)[:LESSONS_PER_PAGE]]


def right(logits: torch.Tensor, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """(K,) whether the most likely token is right, of the labelled ones; (B,) whether all of an action's are."""
    where = batch.labels != -100
    hit = torch.ones_like(batch.labels, dtype=torch.bool)
    hit[where] = logits.argmax(-1) == batch.labels[where]
    return hit[where], hit.all(1)


class Training:
    """A run: the model and what it is trained with.

    Args:
        folders: of gathered pages.
        out: folder for checkpoints; a run that was broken off goes on from the one in it.
        minutes: of the whole run, earlier parts included; the learning rate falls until then.
        rate: highest learning rate.
        size: of a new model, one of SIZES.
        seed: of its weights and of the order of the pages.
        device: as PyTorch names it.
        compiled: compile the layers first, which takes a minute and a C++ compiler (tests/benchmarks/test_training.py).

    Raises:
        typer.BadParameter: there are too few pages.
    """

    def __init__(
        self,
        folders: list[Path],
        out: Path,
        *,
        minutes: float,
        rate: float,
        size: str,
        seed: int,
        device: str,
        compiled: bool,
    ) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self.out, self.minutes, self.rate = out, minutes, rate
        self.device = torch.device(device)
        self.tokenizer = _tokenizer(folders, out)
        self.corpus = Corpus(folders, Encoder(self.tokenizer), self.device)
        if len(self.corpus.train) < PAGES_PER_BATCH:
            raise typer.BadParameter(
                f"{len(self.corpus.train)} pages are too few; gather {PAGES_PER_BATCH + 1} or more first."
            )
        self.state: dict[str, Any] = {"step": 0, "seconds": 0.0, "samples": 0, "size": size}
        resumed = (out / STATE).exists()
        if resumed:
            self.state = json.loads((out / STATE).read_text())
        self.model = build(self.tokenizer, SIZES[self.state["size"]], seed=seed)
        self.model.to(self.device)  # type: ignore[arg-type]
        if self.device.type == "cpu":
            self.model.model.language_model.set_attn_implementation(attention.NAME)
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(), lr=rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True
        )
        if resumed:
            self.model.load_state_dict(load_file(out / "weights.safetensors"), strict=False)
            self.optimiser.load_state_dict(
                torch.load(out / "optimiser.pt", map_location=self.device, weights_only=True)
            )
        if compiled:
            # Attention in blocks is compiled for each length by itself; batches have few.
            torch.compiler.config.recompile_limit = 32
            for layer in self.model.model.language_model.layers:
                layer.compile(dynamic=False)
        self._random = np.random.default_rng([seed, self.state["step"]])
        self._losses: list[float] = []

    def run(self) -> None:
        """Train until the minutes are over; report and keep a checkpoint every minute."""
        before, started = self.state["seconds"], time.monotonic()
        refreshed = reported = started
        order: list[int] = []
        while (spent := before + time.monotonic() - started) < self.minutes * 60:
            if len(order) < PAGES_PER_BATCH:
                if time.monotonic() - refreshed > REFRESH_SECONDS:
                    refreshed = time.monotonic()
                    self.corpus.refresh()
                order = [int(index) for index in self._random.permutation(len(self.corpus.train))]
            pages = [self.corpus.train[order.pop()] for _ in range(PAGES_PER_BATCH)]
            self._step(self.corpus.batch(pages, self._random, augment=True), spent / (self.minutes * 60))
            if time.monotonic() - reported > REPORT_SECONDS:
                reported = time.monotonic()
                self._report(spent)
        self._report(self.minutes * 60)

    def _step(self, batch: Batch, share: float) -> None:
        """One update; `share` of the run has passed."""
        falling = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * share))
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * min(1, (self.state["step"] + 1) / WARM_UP) * falling
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            hidden = hidden_states(self.model, batch)
            logits, labels = logits_and_labels(self.model, hidden, batch.labels)
            copied, repeats = logits_and_labels(self.model, hidden, batch.repeats)
        loss = cross_entropy(logits.float(), labels)
        total = loss + REPEAT_WEIGHT * cross_entropy(copied.float(), repeats)
        self.optimiser.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.state["step"] += 1
        self.state["samples"] += len(batch.ids)
        self._losses.append(float(loss.detach()))

    def _report(self, seconds: float) -> None:
        """Say how it goes, and keep what a later run goes on from."""
        self.state["seconds"] = seconds
        line = {
            "step": self.state["step"],
            "samples": self.state["samples"],
            "minutes": round(seconds / 60, 2),
            "loss": round(float(np.mean(self._losses)), 4) if self._losses else None,
            **held_out(self.model, self.corpus),
            "lessons": len(self.corpus.lessons),
        }
        self._losses.clear()
        print(json.dumps(line), flush=True)
        with (self.out / "curve.jsonl").open("a") as curve:
            curve.write(json.dumps(line) + "\n")
        (self.out / TRAINED_ON).write_text(json.dumps(trained_on(self.corpus.lessons)))
        checkpoint(self.model, self.optimiser, self.state, self.out)


def _tokenizer(folders: list[Path], out: Path) -> PreTrainedTokenizerFast:
    """The run's tokenizer, trained on its pages and on train worlds if there is none yet."""
    if (out / "tokenizer.json").exists():
        return PreTrainedTokenizerFast.from_pretrained(out)
    lessons = [lesson for folder in folders for lesson in read_lessons(folder)[::TOKENIZER_SHARE]]
    texts = itertools.chain(pocket_tokenizer.lesson_texts(lessons), pocket_tokenizer.world_texts())
    tokenizer = pocket_tokenizer.train(texts)
    tokenizer.save_pretrained(out)
    return tokenizer


def main(
    pages: Annotated[list[Path], typer.Option(help="Folders of gathered pages.")],
    out: Annotated[Path, typer.Option(help="Folder for checkpoints and the finished model.")],
    minutes: Annotated[float, typer.Option(help="How long to train in all, earlier runs included.")] = 60.0,
    rate: Annotated[float, typer.Option(help="Highest learning rate.")] = 2e-3,
    seed: Annotated[int, typer.Option(help="Seed of the weights and of the order.")] = 0,
    device: Annotated[str, typer.Option(help="cpu, cuda:0, …; a GPU if there is one.")] = "auto",
    threads: Annotated[int, typer.Option(help="Threads.")] = 2,
    size: Annotated[str, typer.Option(help=f"Of a new model: {', '.join(SIZES)}.")] = "base",
    compiled: Annotated[bool, typer.Option("--compile", help="Compile the layers first; for long runs.")] = False,
) -> None:
    """Train, or go on training."""
    torch.set_num_threads(threads)
    training = Training(
        pages,
        out,
        minutes=minutes,
        rate=rate,
        size=size,
        seed=seed,
        device=best_device(device),
        compiled=compiled,
    )
    lessons = len(training.corpus.lessons)
    print(
        f"{parameters(training.model) / 1e6:.2f}M parameters, {lessons} lessons, {training.state['step']} steps so far",
        flush=True,
    )
    training.run()
    export(training.model, training.tokenizer, trained_on(training.corpus.lessons), out / "model")


def held_out(model: Qwen2_5_VLForConditionalGeneration, corpus: Corpus, pages: int = 48) -> dict[str, Any]:
    """Loss, and shares of tokens, actions and actions by kind that are right, on pages that were held out."""
    random = np.random.default_rng(0)
    losses, tokens, actions = [], [], []
    by_kind: dict[str, list[float]] = defaultdict(list)
    with torch.inference_mode():
        for first in range(0, min(pages, len(corpus.held_out)), PAGES_PER_BATCH):
            batch = corpus.batch(corpus.held_out[first : first + PAGES_PER_BATCH], random, augment=False)
            logits, labels = logits_and_labels(model, hidden_states(model, batch), batch.labels)
            losses.append(float(cross_entropy(logits, labels)))
            some_tokens, some_actions = right(logits, batch)
            tokens += some_tokens.tolist()
            actions += some_actions.tolist()
            starts = batch.labels[
                torch.arange(len(batch.labels), device=batch.labels.device), (batch.labels != -100).int().argmax(1)
            ]
            for start, hit in zip(starts.tolist(), some_actions.tolist(), strict=True):
                by_kind[str(corpus.encoder.tokenizer.decode([start])).strip()].append(hit)

    def mean(values: list[float]) -> float:
        return round(float(np.mean(values)), 4) if values else math.nan

    return {
        "held_out_loss": mean(losses),
        "tokens_right": mean(tokens),
        "actions_right": mean(actions),
        "by_kind": {kind: mean(hits) for kind, hits in sorted(by_kind.items())},
    }


def checkpoint(
    model: Qwen2_5_VLForConditionalGeneration, optimiser: torch.optim.Optimizer, state: dict[str, Any], out: Path
) -> None:
    """Write what a later run goes on from; each file is replaced at once."""
    weights = {name: value.cpu().contiguous() for name, value in model.state_dict().items() if name != "lm_head.weight"}
    save_file(weights, out / "weights.new")
    torch.save(optimiser.state_dict(), out / "optimiser.new")
    (out / "state.new").write_text(json.dumps(state))
    for new, name in (
        ("weights.new", "weights.safetensors"),
        ("optimiser.new", "optimiser.pt"),
        ("state.new", STATE),
    ):
        (out / new).replace(out / name)


if __name__ == "__main__":
    typer.run(main)
