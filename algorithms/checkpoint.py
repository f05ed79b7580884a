"""A trained algorithm as one safetensors file: networks, optimisers, random state, configuration.

From it training goes on as if it had never stopped, and an agent acts by it (`algorithms.agent`). Unlike d3rlpy's own
`save`, a pickle, the file holds tensors and JSON only: nothing in it is ever executed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from algorithms.configure import ALGORITHMS  # noqa: F401 - d3rlpy finds a configuration's class once it is imported
from algorithms.d3rlpy_import import d3rlpy
from algorithms.updates import Algorithm
from webvoyager_gym.errors import InvalidFile, NotFound

FORMAT = "webvoyager-gym-algorithm"
VERSION = 1

_RANDOM, _RANDOM_CUDA = "random/cpu", "random/cuda"
_DEVICES_OWN = ("fused", "capturable", "foreach")
"""Settings of an optimiser that belong to the device it runs on."""


def save_checkpoint(path: str | Path, algo: Algorithm, metadata: Mapping[str, Any] | None = None) -> None:
    """Write an algorithm with networks; the file is there whole or not at all.

    Args:
        path: the file to write; its folder must exist.
        algo: the algorithm.
        metadata: anything else worth keeping, as JSON has it.
    """
    assert algo.impl is not None, "Call fit, build_with_dataset or create_impl first."
    tensors: dict[str, Tensor] = {_RANDOM: torch.get_rng_state()}
    if algo.impl.device.startswith("cuda"):
        tensors[_RANDOM_CUDA] = torch.cuda.get_rng_state(algo.impl.device)
    optimisers: dict[str, Any] = {}
    for name, module in parts_of(algo).items():
        if isinstance(module, nn.Module):
            tensors |= {f"{name}/{key}": tensor for key, tensor in module.state_dict().items()}
        else:
            state = module.state_dict()
            for number, values in state["optim"]["state"].items():
                tensors |= {f"{name}/{number}/{key}": value for key, value in values.items()}
            optimisers[name] = {"groups": state["optim"]["param_groups"], "lr_scheduler": state["lr_scheduler"]}
    shape = d3rlpy.base.LearnableConfigWithShape(
        observation_shape=algo.impl.observation_shape, action_size=algo.impl.action_size, config=algo.config
    )
    header = {
        "version": VERSION,
        "config": json.loads(shape.serialize()),
        "grad_step": algo.grad_step,
        "optimisers": optimisers,
        "metadata": dict(metadata or {}),
    }
    # Tensors that share memory are refused, and those on a GPU would be written as they are.
    copies = {name: tensor.detach().cpu().clone().contiguous() for name, tensor in tensors.items()}
    whole = Path(path)
    part = whole.with_name(whole.name + ".part")
    # One key only: safetensors keeps header keys in no fixed order, and the same training must give the same bytes.
    save_file(copies, str(part), metadata={FORMAT: json.dumps(header, sort_keys=True)})
    os.replace(part, whole)


def load_checkpoint(
    path: str | Path, device: str = "cpu:0", *, random: bool = False
) -> tuple[Algorithm, dict[str, Any]]:
    """Read what `save_checkpoint` wrote.

    Args:
        path: the file.
        device: d3rlpy's, "cpu:0" or "cuda:<index>".
        random: set torch's generators to where they were, so that training goes on with the same numbers.

    Returns:
        The algorithm and the metadata.

    Raises:
        NotFound: there is no such file.
        InvalidFile: it is damaged, foreign or of another version.
    """
    path = Path(path)
    header, tensors = _read(path)
    try:
        algo: Algorithm = d3rlpy.base.LearnableConfigWithShape.deserialize(json.dumps(header["config"])).create(device)
        for name, module in parts_of(algo).items():
            own = {
                key.removeprefix(f"{name}/"): tensor for key, tensor in tensors.items() if key.startswith(f"{name}/")
            }
            if isinstance(module, nn.Module):
                module.load_state_dict(own)
            else:
                _load_optimiser(module, own, header["optimisers"][name])
        algo._grad_step = int(header["grad_step"])
        metadata = dict(header["metadata"])
        if random:
            torch.set_rng_state(tensors[_RANDOM])
            if _RANDOM_CUDA in tensors and device.startswith("cuda"):
                torch.cuda.set_rng_state(tensors[_RANDOM_CUDA], device)
    except (KeyError, TypeError, ValueError, AttributeError, RuntimeError, AssertionError) as error:
        raise InvalidFile(f"{path} does not hold what its header calls for ({error}); train it anew.") from error
    return algo, metadata


def parts_of(algo: Algorithm) -> dict[str, Any]:
    """Networks and optimisers by name."""
    assert algo.impl is not None
    parts: dict[str, Any] = algo.impl._checkpointer.modules
    return parts


def _load_optimiser(wrapper: Any, own: Mapping[str, Tensor], kept: Mapping[str, Any]) -> None:
    fresh = wrapper.state_dict()["optim"]["param_groups"]
    groups = [
        saved | {key: group[key] for key in _DEVICES_OWN if key in group}
        for saved, group in zip(kept["groups"], fresh, strict=True)
    ]
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in own.items():
        number, _, key = name.partition("/")
        state.setdefault(int(number), {})[key] = tensor
    wrapper.load_state_dict({"optim": {"state": state, "param_groups": groups}, "lr_scheduler": kept["lr_scheduler"]})


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    if not path.is_file():
        raise NotFound(f"There is no trained algorithm at {path}; `python -m algorithms.train` writes one.")
    try:
        with safe_open(str(path), framework="pt") as file:
            text = (file.metadata() or {}).get(FORMAT)
            # Copied, since tensors in a file lie unaligned, which changes the last bit of what is computed with them.
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118 (no dict)
        header = json.loads(text) if text is not None else None
    except (SafetensorError, OSError, ValueError) as error:
        raise InvalidFile(f"{path} cannot be read as safetensors ({error}); copy or train it anew.") from error
    if not isinstance(header, dict):
        raise InvalidFile(f"{path} holds no trained algorithm; give the model.safetensors of a training.")
    if header.get("version") != VERSION:
        raise InvalidFile(
            f"{path} has version {header.get('version')!r} of the format and this release reads {VERSION}; train it "
            "anew, or use the release that wrote it."
        )
    return header, tensors
