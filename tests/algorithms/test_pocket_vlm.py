"""Training the pocket VLM: what training feeds the model is what acting feeds it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn.functional import scaled_dot_product_attention
from transformers import PreTrainedTokenizerFast

from algorithms.pocket_vlm import tokenizer as pocket_tokenizer
from algorithms.pocket_vlm.attention import blocks
from algorithms.pocket_vlm.batches import Encoder, collate, patches
from algorithms.pocket_vlm.model import STYLE, build
from algorithms.pocket_vlm.pages import Lesson
from algorithms.pocket_vlm.train import hidden_states, logits_and_labels
from webvoyager_gym.types import Mark, PageView, Prompt
from webvoyager_gym.vlm import POCKET_FOLDER
from webvoyager_gym.vlm.prompt import pictures
from webvoyager_gym.vlm.transformers_backend import TransformersVLM

ACTIONS = ('type [1] "red mug" enter', "click [2]")


def lesson(goal: str = "Find the red mug") -> Lesson:
    random = np.random.default_rng(len(goal))
    view = PageView(
        random.integers(0, 255, (768, 1024, 3), np.uint8).astype(np.uint8),
        (Mark(1, "searchbox", "Search", (10, 10, 300, 30)), Mark(2, "button", "", (50, 100, 30, 30))),
        f'[1] searchbox "Search"\n[2] button\n# {goal}, said the page',
        "http://shop.webvoyager.test/",
        "Shop",
    )
    return Lesson(Prompt(goal, view, ('click link "Home"',)), pictures(view, STYLE), ACTIONS, "shop/x", own=True)


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast.from_pretrained(POCKET_FOLDER)


def test_patches_are_those_of_the_image_processor() -> None:
    random = np.random.default_rng(0)
    image = Image.fromarray(random.integers(0, 255, (84, 112, 3), np.uint8).astype(np.uint8))
    expected = TransformersVLM(POCKET_FOLDER, device="cpu").encoder.processor.image_processor(
        [image], return_tensors="np"
    )
    np.testing.assert_allclose(patches(image), expected["pixel_values"], atol=1e-5)


def test_training_and_acting_see_the_same_tokens_positions_and_logits(tokenizer: PreTrainedTokenizerFast) -> None:
    torch.set_num_threads(1)
    acting = TransformersVLM(POCKET_FOLDER, device="cpu")
    encoder = Encoder(tokenizer)
    taught = lesson()
    encoded = encoder.encode(taught)
    inputs = acting.encoder.inputs([taught.prompt])
    assert inputs["input_ids"][0].tolist() == encoded.ids.tolist()
    positions, _ = acting.encoder.model.model.get_rope_index(
        inputs["input_ids"], inputs["mm_token_type_ids"], image_grid_thw=inputs["image_grid_thw"]
    )
    np.testing.assert_array_equal(positions[:, 0].numpy(), encoded.positions)

    others = [lesson(), lesson("Find a very much longer goal than the others have, please")]
    pairs = [(one, encoder.encode(one)) for one in others]
    batch = collate(pairs, np.zeros(2), pad=int(tokenizer.pad_token_id), image=encoder.image)
    with torch.inference_mode():
        logits, labels = logits_and_labels(
            acting.encoder.model, hidden_states(acting.encoder.model, batch), batch.labels
        )
        log_probs = torch.log_softmax(logits, -1).gather(1, labels[:, None])[:, 0]
    counts = (batch.labels != -100).sum(1).tolist()
    tokens = labels.split(counts)
    for one, expected, taught_tokens in zip(others, log_probs.split(counts), tokens, strict=True):
        with torch.inference_mode():
            first = torch.log_softmax(acting.encoder.logits(acting.encoder.ask([one.prompt], [""]))[0], -1)
        assert float(first[taught_tokens[0]]) == pytest.approx(float(expected[0]), abs=1e-3)


def test_attention_in_blocks_is_causal_attention() -> None:
    draws = torch.Generator().manual_seed(0)
    query, key, value = (torch.randn(2, 3, 150, 8, generator=draws, requires_grad=True) for _ in range(3))
    ours, _ = blocks(torch.nn.Identity(), query, key, value, None)
    theirs = scaled_dot_product_attention(query, key, value, is_causal=True).transpose(1, 2)
    torch.testing.assert_close(ours, theirs)
    weights = torch.randn(theirs.shape, generator=draws)
    for mine, expected in zip(
        torch.autograd.grad((ours * weights).sum(), (query, key, value)),
        torch.autograd.grad((theirs * weights).sum(), (query, key, value)),
        strict=True,
    ):
        torch.testing.assert_close(mine, expected)


def test_a_word_is_one_token_wherever_it_stands() -> None:
    texts = ['[1] link "Red Mug $12.00"\nRed Mug', 'type [1] "Red Mug" enter', "click [2]", "Find the “Red Mug”"] * 20
    trained = pocket_tokenizer.train(texts, size=520)
    red = {
        tuple(trained(text, add_special_tokens=False)["input_ids"][at : at + 1])
        for text, at in (('"Red Mug"', 1), ("\nRed Mug", 1), (" Red Mug", 0), ("“Red Mug”", 1))
    }
    assert len(red) == 1
    ids = trained("click [2]", add_special_tokens=False)["input_ids"]
    assert trained.convert_tokens_to_ids("[2]") in ids


def test_an_untrained_model_copies() -> None:
    """Of random tokens seen before, the next one is what followed then: the heads for it are wired from the start."""
    torch.set_num_threads(1)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(POCKET_FOLDER)
    model = build(tokenizer)
    ids = torch.randint(100, 3000, (16, 40), generator=torch.Generator().manual_seed(0)).repeat(1, 2)
    with torch.inference_mode():
        hidden = model.model.language_model(
            inputs_embeds=model.get_input_embeddings()(ids),
            position_ids=torch.arange(80).expand(3, 16, 80),
            use_cache=False,
        ).last_hidden_state
        following = model.lm_head(hidden[:, 40:-1]).argmax(-1)
    assert (following == ids[:, 41:]).float().mean() > 0.2


def test_the_model_learns_one_lesson() -> None:
    """A few steps on one batch bring the loss near zero, so gradients reach text and pictures."""
    torch.set_num_threads(1)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(POCKET_FOLDER)
    model = build(tokenizer)
    encoder = Encoder(tokenizer)
    pairs = [(one, encoder.encode(one)) for one in (lesson(), lesson("Find the blue mug"))]
    batch = collate(pairs, np.array([0.0, 0.9]), pad=int(tokenizer.pad_token_id), image=encoder.image)
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3)
    losses = []
    for _ in range(12):
        logits, labels = logits_and_labels(model, hidden_states(model, batch), batch.labels)
        loss = torch.nn.functional.cross_entropy(logits, labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.2 * losses[0]
    assert all(p.grad is not None and bool(p.grad.abs().sum() > 0) for p in model.model.visual.patch_embed.parameters())
