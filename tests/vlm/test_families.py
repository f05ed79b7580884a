"""Other families of models through the same backend, loaded from disk: their prefixes are shared as exactly."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import PreTrainedTokenizerFast

from tests.vlm import families
from tests.vlm.separate import full_pass
from webvoyager_gym.actions import parse
from webvoyager_gym.types import Candidate, Mark, PageView, Prompt
from webvoyager_gym.vlm import Picker, Sampler, load_proposer
from webvoyager_gym.vlm.base import FALLBACK
from webvoyager_gym.vlm.prompt import pick_request, request
from webvoyager_gym.vlm.transformers_backend import TransformersVLM

Make = Callable[[Path], Path]
ACTIONS = [
    [Candidate(parse(text)) for text in texts] for texts in (("click [1]", 'type [1] "kettle" enter'), ("back",))
]


def prompt(goal: str, colour: int) -> Prompt:
    marks = (Mark(1, "searchbox", "Search", (4, 4, 30, 10)),)
    screenshot = np.random.default_rng(colour).integers(0, 255, (84, 112, 3), np.uint8)
    return Prompt(goal, PageView(screenshot, marks, '[1] searchbox "Search"', "http://x.test/", "X"))


PROMPTS = [prompt("Find the kettle", 1), prompt("Choose the red one, then put it into the cart and pay for it", 2)]


@pytest.fixture(
    scope="module",
    params=[families.qwen2_5_vl, families.qwen3_vl, families.idefics3, families.smolvlm],
    ids=lambda f: f.__name__,
)
def vlm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> TransformersVLM:
    torch.set_num_threads(1)
    make: Make = request.param
    return TransformersVLM(make(tmp_path_factory.mktemp("model")), device="cpu")


def test_embeddings_behind_a_shared_prefix_equal_separate_passes(vlm: TransformersVLM) -> None:
    """In a padded batch, against each prompt alone with its action, positions left to the model itself."""
    shared = vlm.embed(PROMPTS, ACTIONS)
    for at, (given, group) in enumerate(zip(PROMPTS, ACTIONS, strict=True)):
        for row, candidate in enumerate(group):
            _, hidden, start = full_pass(vlm, given, candidate.text)
            action = torch.cat([hidden[-1], hidden[start:].mean(0)])
            state = torch.cat([hidden[start - 1], hidden[:start].mean(0)])
            np.testing.assert_allclose(shared.candidates[at][row], action.numpy(), atol=1e-2)
            np.testing.assert_allclose(shared.states[at], state.numpy(), atol=1e-2)
        assert len({tuple(each) for each in shared.candidates[at].tolist()}) == len(group)


def test_lists_picks_samples_and_embeddings_share_the_encoded_state(vlm: TransformersVLM) -> None:
    """Whatever is asked stands behind the state; asking in any order gives what a pass of its own gives."""
    given = [dataclasses.replace(each) for each in PROMPTS]
    state = vlm.encoder.inputs(given)["attention_mask"].sum().item()
    lists = [request(3, "lines")] * 2
    picks = [pick_request(*pair) for pair in zip(given, ACTIONS, strict=True)]
    vlm.cost.take()
    with torch.inference_mode():
        for asked in (lists, picks):
            encoding = vlm.encoder.ask(given, asked)
            for row, (each, wording) in enumerate(zip(given, asked, strict=True)):
                _, hidden, _ = full_pass(vlm, each, "", wording)
                np.testing.assert_allclose(encoding.last[row], hidden[-1], atol=1e-4)
                np.testing.assert_allclose(encoding.mean[row], hidden.mean(0), atol=1e-4)
    vlm.embed(given, ACTIONS)
    cost = vlm.cost.take()
    assert cost["passes"] == 2
    tails = [vlm.encoder.tail(wording) for wording in [*lists, *picks, request(1), request(1)]]
    asked_for = sum(map(len, vlm.encoder.tokenizer(tails)["input_ids"]))
    texts = sum(len(vlm.encoder.tokenizer(c.text)["input_ids"]) for group in ACTIONS for c in group)
    assert cost["tokens_in"] == state + asked_for + texts


def test_other_wordings_stand_behind_the_same_encoded_state(vlm: TransformersVLM) -> None:
    given = [dataclasses.replace(each) for each in PROMPTS]
    before, vlm.wordings = vlm.wordings, 2
    vlm.cost.take()
    proposed = vlm.propose(given, 2)
    vlm.wordings = before
    assert vlm.cost.take()["passes"] == 2
    assert all(1 <= len(group) <= 2 for group in proposed)


def test_it_looks_at_the_picture(vlm: TransformersVLM) -> None:
    one, other = (vlm.embed([prompt("Find the kettle", colour)], [[]]).states[0] for colour in (1, 2))
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("strategy", ["beam", "sample"])
def test_proposals_are_what_the_model_says_with_its_probabilities(
    vlm: TransformersVLM, strategy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies = ["click [1]", "back"]
    said = taught(vlm, replies, request(1), monkeypatch)
    monkeypatch.setattr(vlm, "strategy", strategy)
    for reply, log_probs, group in zip(replies, said, vlm.propose(PROMPTS, 2, seed=3), strict=True):
        assert group[0].text == reply
        assert group[0].log_prob == pytest.approx(sum(log_probs), abs=0.02)
    assert isinstance(vlm, Sampler)


def test_a_list_is_read_in_its_order_with_the_probabilities_of_its_actions(
    vlm: TransformersVLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = "Action: back", "Action: click [1]"
    reply = f"{first}\n{second}"
    log_probs, _ = taught(vlm, [reply, "Action: click [7]"], request(2, "lines"), monkeypatch)
    monkeypatch.setattr(vlm, "strategy", "list")
    vlm.cost.take()
    listed, unusable = vlm.propose(PROMPTS, 2)
    assert [c.text for c in listed] == ["back", "click [1]"]
    places = vlm.encoder.tokenizer(reply, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    for (start, end), candidate in zip([(0, len(first)), (len(first) + 1, len(reply))], listed, strict=True):
        within = [p for p, (a, b) in zip(log_probs, places, strict=False) if a < end and b > start]
        assert candidate.log_prob == pytest.approx(sum(within), abs=0.02)
    assert [c.action for c in unusable] == [FALLBACK]
    assert vlm.cost.take()["unreadable"] == 1


def test_a_pick_is_the_letter_that_the_model_says(vlm: TransformersVLM, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = [ACTIONS[0], ACTIONS[0]]
    asked = pick_request(PROMPTS[0], ACTIONS[0])
    taught(vlm, ["Choice: B", "Choice: A"], asked, monkeypatch)
    assert vlm.pick(PROMPTS, groups) == [1, 0]
    assert isinstance(vlm, Picker)


@torch.inference_mode()
def taught(vlm: TransformersVLM, replies: list[str], asked: str, monkeypatch: pytest.MonkeyPatch) -> list[list[float]]:
    """Give a model the output layer with which it says a known reply to each of `PROMPTS` when it is asked that.

    Worked out, not trained: before each token of the replies the layer gives that token a logit of its own, rising from
    one token to the next, and 0 to all others.

    Returns:
        For each prompt the log-probability of each token of its reply, and of its end.
    """
    states, tokens = [], []
    for prompt, reply in zip(PROMPTS, replies, strict=True):
        ids, hidden, start = full_pass(vlm, prompt, reply, asked)
        states.append(hidden[start - 1 :])
        tokens.append([*ids[start:].tolist(), int(vlm.encoder.tokenizer.eos_token_id)])
    inputs = torch.cat(states).double()
    head = vlm.encoder.head
    logits = torch.zeros(len(inputs), head.out_features, dtype=torch.float64)
    for row, token in enumerate(token for group in tokens for token in group):
        logits[row, token] = 14 + 0.2 * row
    weight = torch.linalg.lstsq(inputs, logits, driver="gelsd").solution.T
    torch.testing.assert_close(inputs @ weight.T, logits, atol=1e-3, rtol=0)
    changed = torch.nn.Linear(head.in_features, head.out_features, bias=False)
    changed.weight.copy_(weight)
    monkeypatch.setattr(vlm.encoder, "head", changed)
    vlm.encoder.forget()
    known = torch.log_softmax(logits, -1).max(-1).values.tolist()
    return [known[: len(tokens[0])], known[len(tokens[0]) :]]


def test_a_tokenizer_without_a_padding_token_pads_all_the_same(tmp_path: Path) -> None:
    with_padding = TransformersVLM(families.qwen3_vl(tmp_path), device="cpu").embed(PROMPTS, ACTIONS)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(tmp_path)
    tokenizer.pad_token = None
    tokenizer.save_pretrained(tmp_path)
    without = TransformersVLM(tmp_path, device="cpu").embed(PROMPTS, ACTIONS)
    np.testing.assert_allclose(without.states, with_padding.states, atol=1e-2)
    for ours, theirs in zip(without.candidates, with_padding.candidates, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-2)


def test_a_checkpoint_on_disk_is_loaded_by_its_name(tmp_path: Path) -> None:
    loaded = load_proposer(f"transformers:{families.idefics3(tmp_path)}?strategy=sample&temperature=0.7&pooling=mean")
    assert isinstance(loaded, TransformersVLM)
    assert (loaded.strategy, loaded.temperature, loaded.pooling, loaded.size) == ("sample", 0.7, "mean", 64)
