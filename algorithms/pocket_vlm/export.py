"""Ship a trained pocket VLM: from a training run's checkpoint to a folder that `transformers` loads.

python -m algorithms.pocket_vlm.export --run runs/pocket/model
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import torch
import typer
from safetensors.torch import load_file
from transformers import PreTrainedTokenizerFast, Qwen2_5_VLForConditionalGeneration

from algorithms.pocket_vlm.batches import IMAGE_MEAN, IMAGE_STD, MERGE, PATCH
from algorithms.pocket_vlm.model import SIZES, STYLE, build
from algorithms.pocket_vlm.pages import Lesson
from webvoyager_gym.vlm import POCKET_WEIGHTS
from webvoyager_gym.vlm.loading import quiet_loading

TRAINED_ON = "trained_on.json"
STATE = "state.json"
"""File of a training run with its size, steps and seconds."""


def trained_on(lessons: Sequence[Lesson]) -> dict[str, Any]:
    """What a model was trained on, for its folder: the sites, and how much of them."""
    sites = sorted({lesson.template.partition("/")[0] for lesson in lessons})
    return {"sites": sites, "pages": len({id(lesson.pictures) for lesson in lessons}), "lessons": len(lessons)}


def export(
    model: Qwen2_5_VLForConditionalGeneration,
    tokenizer: PreTrainedTokenizerFast,
    training: dict[str, Any],
    folder: Path,
) -> None:
    """Write weights, tokenizer, image processor, prompt style and what it was trained on.

    The model itself becomes half precision.
    """
    folder.mkdir(parents=True, exist_ok=True)
    half: torch.nn.Module = model
    half.to(torch.float16)
    with quiet_loading():
        model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / TRAINED_ON).write_text(json.dumps(training, indent=2) + "\n")
    (folder / "prompt_style.json").write_text(json.dumps(asdict(STYLE), indent=2) + "\n")
    processor = {
        "image_processor_type": "Qwen2VLImageProcessor",
        "patch_size": PATCH,
        "merge_size": MERGE,
        "temporal_patch_size": 2,
        "size": {"shortest_edge": (PATCH * MERGE) ** 2, "longest_edge": 1_000_000},
        "image_mean": IMAGE_MEAN,
        "image_std": IMAGE_STD,
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(processor, indent=2) + "\n")


def main(
    run: Annotated[Path, typer.Option(help="Folder of a training run.")],
    out: Annotated[Path | None, typer.Option(help="Folder to write; its size's in the package if not given.")] = None,
) -> None:
    """Export the newest checkpoint of a training run."""
    tokenizer = PreTrainedTokenizerFast.from_pretrained(run)
    size = json.loads((run / STATE).read_text())["size"]
    model = build(tokenizer, SIZES[size])
    model.load_state_dict(load_file(run / "weights.safetensors"), strict=False)
    export(model, tokenizer, json.loads((run / TRAINED_ON).read_text()), out or POCKET_WEIGHTS / size)


if __name__ == "__main__":
    typer.run(main)
