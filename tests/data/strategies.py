"""Any episode that may be recorded, odd ones above all."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as stnp
from numpy.typing import NDArray

from webvoyager_gym.actions import DIRECTIONS, KEYS, Action
from webvoyager_gym.data.vectors import FAILURES
from webvoyager_gym.types import Candidate, Episode, Mark, Step

any_text = st.text(st.characters(), max_size=20)
"""NULs, lone surrogates and all."""

plain_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)

_floats = st.floats(allow_nan=False, allow_infinity=False)
_marks = st.integers(0, 99999)
actions = st.one_of(
    st.builds(Action, st.sampled_from(["click", "hover"]), _marks),
    st.builds(Action, st.just("type"), _marks, plain_text, st.booleans()),
    st.builds(Action, st.just("select"), _marks, plain_text),
    st.builds(Action, st.just("scroll"), st.none() | _marks, st.sampled_from(DIRECTIONS)),
    st.builds(Action, st.just("press"), st.none(), st.sampled_from(KEYS)),
    st.builds(Action, st.sampled_from(["wait", "back", "restart"])),
    st.builds(Action, st.just("answer"), st.none(), plain_text),
)
candidates = st.builds(Candidate, actions, st.floats(max_value=0) | st.just(float("nan")), any_text)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | _floats | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=5,
)


_pixels = st.integers(-(2**31), 2**31)
marks = st.builds(
    Mark,
    st.integers(0, 400),
    any_text,
    any_text,
    st.tuples(_pixels, _pixels, _pixels, _pixels),
    any_text,
    st.lists(any_text, max_size=2).map(tuple),
    st.none() | st.booleans(),
    any_text,
    any_text,
)


def _half(shape: tuple[int, ...]) -> st.SearchStrategy[NDArray[np.float16]]:
    numbers = st.floats(width=16, allow_nan=False, allow_infinity=False)
    return stnp.arrays(np.float16, shape, elements=numbers)


@st.composite
def episodes(draw: st.DrawFn, width: int | None = None) -> Episode:
    """Any episode that may be recorded: 0 to 4 actions, 1 to 8 candidates a row, embedded or not."""
    length = draw(st.integers(0, 4))
    if width is None:
        width = draw(st.sampled_from([0, 1, 5]))
    failure = draw(st.sampled_from(FAILURES))
    terminated = draw(st.booleans())
    steps = []
    for t in range(length + 1):
        last = t == length
        proposed = draw(st.lists(candidates, min_size=0 if last else 1, max_size=8))
        embedded = width if not last or draw(st.booleans()) else 0
        outcome: dict[str, Any] = {}
        if not last:
            outcome = {
                "chosen": draw(st.integers(0, len(proposed) - 1)),
                "propensity": draw(st.floats(0, 1, exclude_min=True)),
                "reward": draw(st.floats(-1, 1)),
            }
        if t == length - 1:
            outcome |= {"terminated": terminated, "truncated": not terminated or draw(st.booleans())}
        steps.append(
            Step(
                marks=tuple(draw(st.lists(marks, max_size=3))),
                scroll=draw(st.tuples(_pixels, _pixels, _pixels)),
                url=draw(any_text),
                title=draw(any_text),
                outline=draw(any_text),
                last_error=draw(any_text),
                screenshot=draw(st.binary(max_size=20)),
                candidates=tuple(proposed),
                state_embedding=draw(_half((embedded,))),
                candidate_embeddings=draw(_half((len(proposed), embedded))),
                seconds=draw(st.dictionaries(any_text, _floats, max_size=2)),
                **outcome,
            )
        )
    return Episode(
        task_id=draw(any_text),
        site=draw(any_text),
        split=draw(any_text),
        goal=draw(any_text),
        seed=draw(st.integers(-1, 2**63 - 1)),
        steps=tuple(steps),
        success=draw(st.booleans()),
        failure=failure,  # type: ignore[arg-type]
        answer=draw(any_text),
        judge=draw(any_text),
        extra=draw(st.dictionaries(any_text, _json, max_size=3)),
    )
