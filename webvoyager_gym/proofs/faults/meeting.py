"""A rollout meets a fault of browser, site or loop: who is hit, what is said of it, and when all is well again."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from webvoyager_gym.proofs.faults.injecting import Injection
from webvoyager_gym.proofs.faults.kinds import SITE_STALLED, TAB_AND_BROWSER, TAB_CRASHED, Kind
from webvoyager_gym.proofs.faults.rollout import Rollout, Stepped
from webvoyager_gym.proofs.processes import descendants

LONGEST_DELAY = 1.25
"""A fault comes at a random moment of so many usual steps: most often within one, now and then just after it."""


@dataclass(frozen=True, slots=True)
class Met:
    """What came of a fault.

    Attributes:
        kind: its name.
        labels: what was said of the episodes it ended; none if it met only pages that were just being opened again.
        besides: what was said of the episodes that ended though the fault did not hit them.
        seconds: until all that it hit was well again.
        mistakes: sentences, one for each thing that was not as it should be.
    """

    kind: str
    labels: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    seconds: float = 0.0
    mistakes: tuple[str, ...] = ()


def meet(rollout: Rollout, kind: Kind, random: np.random.Generator) -> Met:
    """Inject a fault into a step, or shortly after it, and step on until all is well again."""
    count = rollout.envs.num_envs
    victim = int(random.integers(count))
    browsers = _browsers()
    steps: list[Stepped] = []

    def step() -> Stepped:
        stepped = rollout.step()
        rollout.record(stepped)
        steps.append(stepped)
        return stepped

    injection = Injection(kind, rollout.envs, victim, float(random.uniform(0, LONGEST_DELAY * rollout.pace)))
    injection.start()
    first = step()
    injection.join()
    if kind is not SITE_STALLED or not any(first.failures):
        # Who was done before the fault came notices now. A stall that somebody met need not last for all the others.
        step()
    injection.end()
    noticed = tuple(steps)
    if kind is TAB_CRASHED and not browsers <= _browsers():
        kind = TAB_AND_BROWSER
    hit = [victim] if kind.alone else list(range(count))
    while any(steps[-1].failures) and len(steps) < len(noticed) + 2:
        step()
    well = time.monotonic()
    step()
    mistakes = [mistake for stepped in steps for mistake in stepped.mistakes]
    if injection.error is not None:
        mistakes.append(f"The fault could not be injected: {injection.error}")
    mistakes.extend(mistakes_of(kind, hit, noticed))
    mistakes.extend(_next_mistakes(steps[len(noticed) - 1 :]))
    labels = tuple(failure for at in hit for failure in _said(at, noticed)[:1])
    besides = (
        stepped.reasons[at] for at in range(count) if at not in hit for stepped in noticed if stepped.failures[at]
    )
    return Met(kind.name, labels, tuple(besides), well - injection.at, tuple(mistakes))


def _browsers() -> set[int]:
    return {process.pid for process in descendants() if process.is_browser}


def _next_mistakes(steps: Sequence[Stepped]) -> Iterator[str]:
    """What was wrong after the first of these steps, in which the fault was noticed."""
    for before, stepped in pairwise(steps):
        for at, failure in enumerate(stepped.failures):
            # An episode that could not begin says so, and again when it is truncated.
            if failure and not (before.began[at] and before.failures[at]):
                yield f"The next episode did not work ({failure}: {stepped.reasons[at]})."


def _said(at: int, steps: tuple[Stepped, ...]) -> list[str]:
    return [stepped.failures[at] for stepped in steps if stepped.failures[at]]


def mistakes_of(kind: Kind, hit: list[int], noticed: tuple[Stepped, ...]) -> Iterator[str]:
    """What was wrong while the fault was noticed."""
    for at in hit:
        said = _said(at, noticed)
        for stepped in noticed:
            if stepped.failures[at] and stepped.failures[at] not in kind.labels:
                right = " or ".join(sorted(kind.labels))
                yield f"The fault was called {stepped.failures[at]}, not {right}: {stepped.reasons[at]}"
        if len(said) > 1 and not noticed[0].began[at]:
            yield f"The next episode could not begin ({said[-1]})."
        if not said and len(noticed) > 1 and not any(stepped.began[at] for stepped in noticed):
            yield "An episode that was hit went on as if nothing had happened."
