"""Texts that share a row see what stands before them and themselves, and not each other."""

from __future__ import annotations

import torch

from webvoyager_gym.vlm.packing import packed_rows


def test_texts_of_a_row_do_not_see_each_other() -> None:
    packed = packed_rows([2, 1, 1], [0, 1, 0], 3)
    assert packed.first.tolist() == [0, 0, 2]
    assert packed.text.tolist() == [[0, 0, 2], [1, -1, -1], [-1, -1, -1]]
    assert packed.place.tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 0]]
    before = torch.tensor([[0, 1], [1, 1], [1, 1]])
    assert packed.sees(before)[0].int().tolist() == [
        [0, 1, 1, 0, 0],
        [0, 1, 1, 1, 0],
        [0, 1, 0, 0, 1],
    ]
    assert packed.sees(before)[1].int().tolist()[0] == [1, 1, 1, 0, 0]
