"""The candidate-scoring network: Q(s, a) for every candidate action of a state. Training and acting share it.

A frozen VLM embeds the state and each of the N actions it proposes; Q takes the concatenation of the two and gives one
number for each candidate; the agent executes the best one (Best-of-Q, arXiv 2601.22701, section 4). B is the batch,
N the number of candidates, D the width of an embedding.

A trained Q-function is one safetensors file: tensors, and a JSON header that says how to build the networks. Nothing
in it is ever executed, so a file from a stranger is safe to open.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from webvoyager_gym.errors import InvalidFile, NotFound

FORMAT = "webvoyager-gym-q"
VERSION = 1

Link = Literal["identity", "sigmoid"]


def hidden_sizes(width: int) -> tuple[int, int, int]:
    """Widths of the hidden layers for embeddings of width D: D, D/2 and D/4, none below 64.

    At D = 2048 that is 4096 -> 2048 -> 1024 -> 512 -> 1, 11.0M parameters, the size the paper gives (arXiv 2601.22701;
    it does not give the widths). The pocket model's D of about 200 has 0.1M.
    """
    return max(width, 64), max(width // 2, 64), max(width // 4, 64)


@dataclass(frozen=True, slots=True)
class QConfig:
    """How to build the networks of a Q-function.

    Attributes:
        state_size: width of a state embedding.
        action_size: width of an action embedding.
        hidden: widths of the hidden layers; empty for `hidden_sizes(state_size)`.
        n_critics: networks in the ensemble.
        link: what turns a network's output into a value; "sigmoid" where values are probabilities.
        pessimism: how the ensemble's values become one, see `reduced`.
    """

    state_size: int
    action_size: int
    hidden: tuple[int, ...] = ()
    n_critics: int = 2
    link: Link = "identity"
    pessimism: float | None = None

    def __post_init__(self) -> None:
        if self.link not in get_args(Link):
            raise ValueError(f"The link of a Q-function is one of {', '.join(get_args(Link))}, not {self.link!r}.")
        sizes = (self.state_size, self.action_size, *self.hidden, self.n_critics)
        if not all(isinstance(size, int) and size > 0 for size in sizes):
            raise ValueError(f"Every size of a Q-function must be a positive whole number, got {self}.")
        if not (self.pessimism is None or (isinstance(self.pessimism, float) and 0.0 <= self.pessimism < float("inf"))):
            raise ValueError(f"The pessimism of a Q-function is None or a number from 0, not {self.pessimism!r}.")
        if not self.hidden:
            object.__setattr__(self, "hidden", hidden_sizes(self.state_size))

    def create(self) -> list[QNetwork]:
        """The networks of the ensemble, freshly initialised."""
        return [QNetwork(self.state_size, self.action_size, self.hidden, self.link) for _ in range(self.n_critics)]


class Standardize(nn.Module):
    """Subtract a stored mean and divide by a stored standard deviation, dimension by dimension.

    The statistics are those of the training data and are saved with the weights. A LayerNorm would need no statistics,
    but it cannot take away what all embeddings of a VLM have in common: a few dimensions that are large everywhere, and
    a mean that makes the candidates of one state nearly parallel. What tells candidates apart is then a small part of
    the input, and it is that part which the statistics bring to unit scale. Before `fit`, the identity.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("std", torch.ones(size))

    @torch.no_grad()
    def fit(self, mean: Tensor, std: Tensor) -> None:
        """Store the statistics, each (D,).

        A dimension that hardly moves in the training data would blow up the least movement elsewhere, so no standard
        deviation is taken to be below a hundredth of their root mean square.
        """
        floor = max(float(std.square().mean().sqrt()) / 100, 1e-6)
        self.mean.copy_(mean)
        self.std.copy_(std.clamp_min(floor))

    def forward(self, x: Tensor) -> Tensor:
        """(..., D) of any float dtype -> (..., D) float32."""
        return (x.float() - self.mean) / self.std


def _trunk(hidden: Sequence[int]) -> nn.Sequential:
    """All after the first layer: ReLU, then hidden layers, then one number."""
    layers: list[nn.Module] = [nn.ReLU()]
    for size, following in itertools.pairwise(hidden):
        layers += [nn.Linear(size, following), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(hidden[-1], 1))


class QNetwork(nn.Module):
    """Q(s, a) of one state and any number of candidate actions.

    The first layer of an MLP on the concatenation (s, a) is W_s s + W_a a + b. Its state's part is computed once for
    all candidates.
    """

    def __init__(
        self, state_size: int, action_size: int, hidden: Sequence[int] = (2048, 1024, 512), link: Link = "identity"
    ) -> None:
        super().__init__()
        self.link = link
        self.state_input = Standardize(state_size)
        self.action_input = Standardize(action_size)
        self.state_layer = nn.Linear(state_size, hidden[0])
        self.action_layer = nn.Linear(action_size, hidden[0], bias=False)
        self.trunk = _trunk(hidden)
        # The two parts are one layer, so both have the initial scale of a layer with state_size + action_size inputs.
        bound = (state_size + action_size) ** -0.5
        for parameter in (self.state_layer.weight, self.state_layer.bias, self.action_layer.weight):
            nn.init.uniform_(parameter, -bound, bound)

    def forward(self, state: Tensor, candidates: Tensor) -> Tensor:
        """Q-values: state (B, D) and candidates (B, N, D), of any float dtype -> (B, N) float32."""
        outputs = self.outputs(state, candidates)
        return outputs.sigmoid() if self.link == "sigmoid" else outputs

    def outputs(self, state: Tensor, candidates: Tensor) -> Tensor:
        """What the link turns into values (B, N); logits where it is a sigmoid."""
        from_state = self.state_layer(self.state_input(state))
        from_action = self.action_layer(self.action_input(candidates))
        values: Tensor = self.trunk(from_state[:, None] + from_action)
        return values.squeeze(-1).float()


class VNetwork(nn.Module):
    """V(s), the state value that training needs beside Q."""

    def __init__(self, state_size: int, hidden: Sequence[int] = (2048, 1024, 512)) -> None:
        super().__init__()
        self.state_input = Standardize(state_size)
        self.state_layer = nn.Linear(state_size, hidden[0])
        self.trunk = _trunk(hidden)

    def forward(self, state: Tensor) -> Tensor:
        """State values: state (B, D), of any float dtype -> (B,) float32."""
        values: Tensor = self.trunk(self.state_layer(self.state_input(state)))
        return values.squeeze(-1).float()


def reduced(values: Tensor, pessimism: float | None) -> Tensor:
    """One value out of those of the K networks of an ensemble: (K, ...) -> (...).

    Where data is scarce the networks disagree, and what they disagree about is valued less.

    Args:
        pessimism: None for the smallest value (clipped double Q-learning, arXiv 1802.09477). A number beta for the
            lower confidence bound mean - beta * std (arXiv 2205.13703), with K in the denominator of std, so that for
            two networks 1 is the smallest value, and 0 is the mean.
    """
    if pessimism is None:
        return values.amin(0)
    return values.mean(0) - pessimism * values.std(0, correction=0)


def mask_values(values: Tensor, mask: Tensor | None) -> Tensor:
    """Values (B, N) with -inf where mask (B, N) is false, so that argmax never takes what is not there."""
    return values if mask is None else values.masked_fill(~mask.bool(), -torch.inf)


def save_q(
    path: str | Path, networks: Sequence[QNetwork], config: QConfig, metadata: Mapping[str, str] | None = None
) -> None:
    """Write an ensemble as safetensors.

    Args:
        path: the file to write; its folder must exist.
        networks: the ensemble, `config.n_critics` of them.
        config: how they were built.
        metadata: anything worth keeping with it, such as the embedder's name.
    """
    tensors = {
        f"{number}.{name}": tensor.detach().cpu().contiguous()
        for number, network in enumerate(networks)
        for name, tensor in network.state_dict().items()
    }
    # Without what is not set, so that releases that do not know it can read the others.
    fields = {name: value for name, value in asdict(config).items() if value is not None}
    header = {"format": FORMAT, "version": VERSION, "config": fields, "metadata": dict(metadata or {})}
    # One key only: safetensors keeps header keys in no fixed order, and the same training must give the same bytes.
    save_file(tensors, str(path), metadata={FORMAT: json.dumps(header, sort_keys=True)})


def load_q(path: str | Path) -> tuple[list[QNetwork], QConfig, dict[str, str]]:
    """Read an ensemble written by `save_q`.

    Returns:
        The networks on the CPU in evaluation mode, how they were built, and the metadata.

    Raises:
        NotFound: there is no such file.
        InvalidFile: the file is damaged, or is no Q-function of this version.
    """
    path = Path(path)
    if not path.is_file():
        raise NotFound(
            f"There is no Q-function at {path}; `python -m algorithms.train` trains one and writes q.safetensors."
        )
    try:
        with safe_open(str(path), framework="pt") as file:
            header = (file.metadata() or {}).get(FORMAT)
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no dict)
    except (SafetensorError, OSError) as error:
        raise InvalidFile(f"{path} cannot be read as safetensors ({error}); copy or train it anew.") from error
    config, metadata = _read_header(path, header)
    return _build(path, config, tensors), config, metadata


def _read_header(path: Path, header: str | None) -> tuple[QConfig, dict[str, str]]:
    if header is None:
        raise InvalidFile(f"{path} is a safetensors file but holds no Q-function; give one saved by save_q.")
    try:
        content: dict[str, Any] = json.loads(header)
        if (content["format"], content["version"]) != (FORMAT, VERSION):
            raise InvalidFile(
                f"{path} has version {content['version']} of the Q-function format, but this release reads {VERSION}; "
                "train it anew, or use the release that wrote it."
            )
        fields = content["config"]
        config = QConfig(**{**fields, "hidden": tuple(fields["hidden"])})
        return config, {str(key): str(value) for key, value in content["metadata"].items()}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, InvalidFile):
            raise
        raise InvalidFile(f"{path} has a damaged header ({error!r}); copy or train it anew.") from error


def _build(path: Path, config: QConfig, tensors: Mapping[str, Tensor]) -> list[QNetwork]:
    """The networks of a config with the tensors of a file, whose shapes are checked before anything is allocated."""
    mismatch = InvalidFile(f"{path} does not hold the tensors that its header calls for; copy or train it anew.")
    # A header can claim any number of layers of any size; each needs a tensor, and each size is one of a tensor's.
    largest = max((size for tensor in tensors.values() for size in tensor.shape), default=0)
    if len(config.hidden) + config.n_critics > len(tensors) or largest < max(
        config.state_size, config.action_size, *config.hidden
    ):
        raise mismatch
    with torch.device("meta"):
        networks = config.create()
    expected = {
        f"{number}.{name}": tensor.shape
        for number, network in enumerate(networks)
        for name, tensor in network.state_dict().items()
    }
    if expected != {name: tensor.shape for name, tensor in tensors.items()}:
        raise mismatch
    for number, network in enumerate(networks):
        prefix = f"{number}."
        # Copied, since tensors in a file lie unaligned, which changes the last bit of what is computed with them.
        state = {
            name.removeprefix(prefix): tensor.to(torch.float32, copy=True)
            for name, tensor in tensors.items()
            if name.startswith(prefix)
        }
        network.load_state_dict(state, assign=True)
        network.eval().requires_grad_(False)
    return networks
