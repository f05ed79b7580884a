"""Recorded episodes, judged: what a check decided stays, what was judged before is not judged again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from webvoyager_gym.data import Dataset
from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.judge.case import Reference, case_of
from webvoyager_gym.judge.judging import Judge
from webvoyager_gym.judge.verdict import Outcome
from webvoyager_gym.judge.verdict_file import Entry, VerdictFile
from webvoyager_gym.types import Episode

CHECK = "check"
"""Judge of the episodes that a check on the site's state decided: ground truth."""


@dataclass
class Report:
    """What became of a dataset's episodes.

    Attributes:
        judged: judgements that there are now, by the number of the episode.
        truths: whether it was a success, of the episodes that a check decided.
        broken: episodes that the infrastructure ended, which count for nobody.
        open: why episodes could not be judged; another run tries them again.
    """

    judged: dict[int, Entry] = field(default_factory=dict)
    truths: dict[int, bool] = field(default_factory=dict)
    broken: list[int] = field(default_factory=list)
    open: dict[int, str] = field(default_factory=dict)

    @property
    def outcomes(self) -> dict[int, Outcome]:
        """Of each episode that has one: the truth where it is known, else the verdict."""
        said: dict[int, Outcome] = {number: entry.judgement.verdict.outcome for number, entry in self.judged.items()}
        known: dict[int, Outcome] = {
            number: "success" if success else "failure" for number, success in self.truths.items()
        }
        return said | known


def judge_dataset(
    dataset: Dataset,
    judge: Judge,
    file: VerdictFile,
    *,
    references: Mapping[str, Reference] | None = None,
    measure: bool = False,
    again: bool = False,
    progress: Callable[[int], None] = lambda number: None,
) -> Report:
    """Judge every episode that no check decided and that this judge has not judged before with the same prompt.

    Args:
        file: where verdicts are read and written.
        references: right answers by the id of the task.
        measure: judge also what a check decided, to hold the judge against it.
        again: judge anew what was judged before.
        progress: told the number of each episode that is done with.

    Raises:
        InvalidFile: the dataset or the file of verdicts is damaged.
        BudgetExhausted: the judge's budget is spent; what was judged is kept.
    """
    report = Report()
    known = {} if again else {entry.key: entry for entry in file.entries()}
    for number, episode in enumerate(dataset.episodes()):
        if episode.failure not in ("", "judge"):
            report.broken.append(number)
        else:
            truth = episode.judge == CHECK and not episode.failure
            if truth:
                report.truths[number] = episode.success
            if measure or not truth:
                _judge(report, number, episode, dataset.id, judge, file, known, references or {})
        progress(number)
    return report


def _judge(
    report: Report,
    number: int,
    episode: Episode,
    dataset: str,
    judge: Judge,
    file: VerdictFile,
    known: Mapping[tuple[str, int, str, int, str], Entry],
    references: Mapping[str, Reference],
) -> None:
    key = (dataset, number, episode.task_id, episode.seed, f"{judge.model.name} {judge.protocol.name} {judge.prompt}")
    if key in known:
        report.judged[number] = known[key]
        return
    try:
        judgement = judge.judge(case_of(episode, references.get(episode.task_id)))
    except InfrastructureFailure as failure:
        report.open[number] = str(failure)
        return
    report.judged[number] = Entry(dataset, number, episode.task_id, episode.seed, judgement)
    file.append(report.judged[number])
