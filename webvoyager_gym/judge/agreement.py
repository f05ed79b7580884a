"""A judge held against the truth: how often it agrees, and what its "success" and its "failure" are worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from webvoyager_gym.judge.verdict import Outcome


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts of what was true and what was said.

    Attributes:
        success_right, success_wrong: said "success", and it was one, or was none.
        failure_right, failure_wrong: said "failure", and it was one, or was none.
        unknown: left open.
    """

    success_right: int = 0
    success_wrong: int = 0
    failure_right: int = 0
    failure_wrong: int = 0
    unknown: int = 0

    @property
    def cases(self) -> int:
        return self.decided + self.unknown

    @property
    def decided(self) -> int:
        return self.success_right + self.success_wrong + self.failure_right + self.failure_wrong

    @property
    def agreement(self) -> float | None:
        """Of all cases, the share that the judge has right; what it left open is not right."""
        return _share(self.success_right + self.failure_right, self.cases)

    @property
    def precision(self) -> float | None:
        """Of what it calls a success, the share that is one."""
        return _share(self.success_right, self.success_right + self.success_wrong)

    @property
    def recall(self) -> float | None:
        """Of the successes that it decided, the share that it calls so."""
        return _share(self.success_right, self.success_right + self.failure_wrong)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa over the decided cases: agreement beyond what chance would bring, at most 1."""
        total = self.decided
        if total == 0:
            return None
        said = (self.success_right + self.success_wrong) / total
        true = (self.success_right + self.failure_wrong) / total
        chance = said * true + (1 - said) * (1 - true)
        found = (self.success_right + self.failure_right) / total
        return None if chance == 1 else (found - chance) / (1 - chance)

    def as_json(self) -> dict[str, Any]:
        """Figures and counts."""
        counts = {name: getattr(self, name) for name in self.__dataclass_fields__}
        figures = {name: getattr(self, name) for name in ("agreement", "precision", "recall", "kappa")}
        return {"cases": self.cases, **figures, **counts}


def agreement(truths: Sequence[bool], said: Sequence[Outcome]) -> Agreement:
    """Whether each case was a success, and what the judge said of it."""
    counts = Counter(zip(truths, said, strict=True))
    return Agreement(
        success_right=counts[True, "success"],
        success_wrong=counts[False, "success"],
        failure_right=counts[False, "failure"],
        failure_wrong=counts[True, "failure"],
        unknown=counts[True, "unknown"] + counts[False, "unknown"],
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
