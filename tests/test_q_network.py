"""The candidate-scoring network, its file, and the Q-function an agent acts with."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from webvoyager_gym.errors import InvalidFile, NotFound
from webvoyager_gym.q_function import QFunction, WidthMismatch
from webvoyager_gym.q_network import (
    FORMAT,
    QConfig,
    QNetwork,
    Standardize,
    VNetwork,
    hidden_sizes,
    load_q,
    save_q,
)

CONFIG = QConfig(state_size=6, action_size=5, hidden=(8, 7))


def ensemble(config: QConfig = CONFIG, seed: int = 0) -> list[QNetwork]:
    """Networks whose standardisation is not the identity either."""
    torch.manual_seed(seed)
    networks = config.create()
    for network in networks:
        network.state_input.fit(torch.randn(config.state_size), torch.rand(config.state_size) + 0.5)
        network.action_input.fit(torch.randn(config.action_size), torch.rand(config.action_size) + 0.5)
    return networks


def embeddings(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float16)


def test_the_split_first_layer_is_an_mlp_on_the_concatenation() -> None:
    network = ensemble()[0]
    state, candidates = torch.randn(4, 6), torch.randn(4, 3, 5)
    first = torch.cat([network.state_layer.weight, network.action_layer.weight], dim=1)
    pairs = torch.cat([network.state_input(state)[:, None].expand(-1, 3, -1), network.action_input(candidates)], dim=-1)
    expected = network.trunk(pairs @ first.T + network.state_layer.bias).squeeze(-1)
    torch.testing.assert_close(network(state, candidates), expected)
    assert network(state, candidates).shape == (4, 3)


def test_the_first_layer_starts_as_one_layer_with_all_inputs() -> None:
    network = QNetwork(300, 100, (64,))
    for parameter in (network.state_layer.weight, network.action_layer.weight):
        assert float(parameter.detach().abs().max()) == pytest.approx(400**-0.5, rel=0.01)


def test_size_at_width_2048_is_that_of_the_paper() -> None:
    assert hidden_sizes(2048) == (2048, 1024, 512)
    with torch.device("meta"):
        network = QNetwork(2048, 2048)
    # 4096 * 2048 + 2048, 2048 * 1024 + 1024, 1024 * 512 + 512, 512 + 1
    assert sum(parameter.numel() for parameter in network.parameters()) == 11_014_145


def test_small_embeddings_get_small_networks() -> None:
    assert hidden_sizes(192) == (192, 96, 64)
    assert QConfig(state_size=192, action_size=192).hidden == (192, 96, 64)


def test_the_value_network_gives_one_number_a_state() -> None:
    assert VNetwork(6, (8, 7))(torch.randn(4, 6)).shape == (4,)


def test_standardize_gives_zero_mean_and_unit_deviation() -> None:
    x = torch.randn(1000, 3, dtype=torch.float64) * torch.tensor([100.0, 1.0, 5.0]) + 30.0
    layer = Standardize(3)
    layer.fit(x.mean(0).float(), x.std(0).float())
    y = layer(x)
    torch.testing.assert_close(y.mean(0), torch.zeros(3), atol=1e-4, rtol=0)
    torch.testing.assert_close(y.std(0), torch.ones(3), atol=1e-4, rtol=0)


def test_standardize_does_not_blow_up_a_dimension_that_never_moved() -> None:
    layer = Standardize(2)
    layer.fit(torch.zeros(2), torch.tensor([1.0, 0.0]))
    assert float(layer(torch.tensor([0.0, 1.0]))[1]) < 200.0
    layer.fit(torch.zeros(2), torch.zeros(2))
    assert torch.isfinite(layer(torch.ones(2))).all()


def test_half_precision_inputs_give_the_values_of_their_float32_copies() -> None:
    network = ensemble()[0]
    state, candidates = torch.randn(4, 6).half(), torch.randn(4, 3, 5).half()
    assert torch.equal(network(state, candidates), network(state.float(), candidates.float()))
    assert network(state, candidates).dtype == torch.float32


@pytest.mark.parametrize("sizes", [{"state_size": 0}, {"n_critics": 0}, {"hidden": (8, -1)}, {"hidden": (2.5,)}])
def test_sizes_must_be_positive_whole_numbers(sizes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="positive whole number"):
        QConfig(**{"state_size": 4, "action_size": 4, **sizes})  # type: ignore[arg-type]


def test_file_round_trip_is_exact(tmp_path: Path) -> None:
    networks = ensemble()
    save_q(tmp_path / "q.safetensors", networks, CONFIG, {"embedder": "pocket"})
    loaded, config, metadata = load_q(tmp_path / "q.safetensors")
    assert config == CONFIG
    assert metadata == {"embedder": "pocket"}
    state, candidates = torch.randn(4, 6), torch.randn(4, 3, 5)
    for network, copy in zip(networks, loaded, strict=True):
        assert torch.equal(network(state, candidates), copy(state, candidates))


def test_values_of_a_network_with_a_sigmoid_are_probabilities_and_stay_so_in_its_file(tmp_path: Path) -> None:
    config = QConfig(state_size=6, action_size=5, hidden=(8, 7), link="sigmoid")
    networks = ensemble(config)
    state, candidates = torch.randn(4, 6), torch.randn(4, 3, 5)
    logits = networks[0].outputs(state, candidates)
    torch.testing.assert_close(networks[0](state, candidates), logits.sigmoid())
    save_q(tmp_path / "q.safetensors", networks, config)
    loaded, stored, _ = load_q(tmp_path / "q.safetensors")
    assert stored == config
    assert torch.equal(loaded[0](state, candidates), networks[0](state, candidates))
    with pytest.raises(ValueError, match="one of identity, sigmoid, not 'exp'"):
        QConfig(state_size=6, action_size=5, link="exp")  # type: ignore[arg-type]


def test_equal_networks_give_equal_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        save_q(tmp_path / name, ensemble(), CONFIG, {"embedder": "pocket", "dataset": "x"})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_missing_file_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"python -m algorithms\.train"):
        load_q(tmp_path / "none.safetensors")


def written(path: Path, header: object = None, tensors: dict[str, torch.Tensor] | None = None) -> Path:
    """A good file with its header or its tensors changed."""
    save_q(path, ensemble(), CONFIG)
    if tensors is None:
        tensors = load_file(path)
    if header is None:
        header = {
            "format": FORMAT,
            "version": 1,
            "config": {"state_size": 6, "action_size": 5, "hidden": [8, 7], "n_critics": 2},
            "metadata": {},
        }
    save_file(tensors, path, metadata={FORMAT: header if isinstance(header, str) else json.dumps(header)})
    return path


def header_with(**config: object) -> dict[str, object]:
    sizes = {"state_size": 6, "action_size": 5, "hidden": [8, 7], "n_critics": 2, **config}
    return {"format": FORMAT, "version": 1, "config": sizes, "metadata": {}}


def test_the_helper_that_spoils_files_can_write_a_good_one(tmp_path: Path) -> None:
    assert load_q(written(tmp_path / "q"))[1] == CONFIG


@pytest.mark.parametrize(
    "header",
    [
        "not json",
        "[]",
        {"format": FORMAT, "version": 2, "config": {}, "metadata": {}},
        {"format": FORMAT, "version": 1, "metadata": {}},
        header_with(hidden=3),
        header_with(hidden=[8, 7, 7]),
        header_with(hidden=[1] * 100_000),
        header_with(state_size=7),
        header_with(state_size=10**9),
        header_with(state_size=10**18, hidden=[10**18]),
        header_with(state_size=10**30),
        header_with(n_critics=1),
        header_with(n_critics=10**9),
        header_with(dropout=0.1),
        header_with(link="exp"),
        header_with(pessimism=-1.0),
        header_with(pessimism="much"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(tmp_path: Path, header: object) -> None:
    with pytest.raises(InvalidFile):
        load_q(written(tmp_path / "q", header=header))


def test_missing_foreign_and_damaged_tensors_are_refused(tmp_path: Path) -> None:
    save_q(tmp_path / "good", ensemble(), CONFIG)
    tensors = load_file(tmp_path / "good")
    del tensors["1.state_layer.bias"]
    with pytest.raises(InvalidFile, match="tensors"):
        load_q(written(tmp_path / "q", tensors=tensors))
    save_file({"weight": torch.zeros(2)}, tmp_path / "foreign")
    with pytest.raises(InvalidFile, match="no Q-function"):
        load_q(tmp_path / "foreign")
    (tmp_path / "cut").write_bytes((tmp_path / "good").read_bytes()[:-10])
    with pytest.raises(InvalidFile, match="safetensors"):
        load_q(tmp_path / "cut")


def test_score_reduces_the_ensemble(tmp_path: Path) -> None:
    networks = ensemble()
    save_q(tmp_path / "q", networks, CONFIG)
    state, candidates = embeddings(6), embeddings(3, 5)
    with torch.no_grad():
        values = torch.stack(
            [network(torch.tensor(state)[None], torch.tensor(candidates)[None])[0] for network in networks]
        )
    np.testing.assert_array_equal(QFunction.load(tmp_path / "q").score(state, candidates), values.amin(0).numpy())
    mean = QFunction.load(tmp_path / "q", reduction="mean").score(state, candidates)
    np.testing.assert_allclose(mean, values.mean(0).numpy(), rtol=1e-6)
    assert mean.dtype == np.float32


def test_a_batch_scores_as_its_states_do_one_by_one() -> None:
    q = QFunction(ensemble(), CONFIG)
    states, candidates = embeddings(4, 6), embeddings(4, 3, 5)
    one_by_one = np.stack([q.score(state, actions) for state, actions in zip(states, candidates, strict=True)])
    np.testing.assert_allclose(q.score_batch(states, candidates), one_by_one, rtol=1e-5)


def test_what_the_mask_leaves_out_scores_minus_infinity() -> None:
    q = QFunction(ensemble(), CONFIG)
    mask = np.array([[1, 0, 1], [0, 0, 1]], np.int8)
    scores = q.score_batch(embeddings(2, 6), embeddings(2, 3, 5), mask)
    np.testing.assert_array_equal(np.isneginf(scores), mask == 0)


def test_no_candidates_no_scores() -> None:
    assert QFunction(ensemble(), CONFIG).score(embeddings(6), embeddings(0, 5)).shape == (0,)


def test_read_only_arrays_can_be_scored() -> None:
    states, candidates = embeddings(2, 6), embeddings(2, 3, 5)
    states.flags.writeable = candidates.flags.writeable = False
    assert np.isfinite(QFunction(ensemble(), CONFIG).score_batch(states, candidates)).all()


def test_embeddings_of_another_width_say_what_to_do() -> None:
    q = QFunction(ensemble(), CONFIG, {"embedder": "pocket-1"})
    with pytest.raises(WidthMismatch, match=r"state embeddings of width 6, got 4; .*pocket-1"):
        q.score(embeddings(4), embeddings(3, 5))
    with pytest.raises(WidthMismatch, match="candidate embeddings of width 5, got 4"):
        q.score(embeddings(6), embeddings(3, 4))
