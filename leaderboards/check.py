"""Whether a run may stand on a board: complete, by the protocol, and possible.

`run_file` has already held its checksum and its figures against its episodes. A checksum shows accidents; somebody who
makes rows up can make it up too. Against that stands that pages and proposals follow from task and choices alone: where
two runs with the same models made the same choices they must have met the same candidates and come to the same end, so
rows that were not walked contradict those that were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, get_args
from urllib.parse import urlsplit

from leaderboards.protocol import (
    LEARNED,
    MAX_STEPS,
    MOST_CONTRADICTIONS,
    MOST_INFRASTRUCTURE,
    SEEDS,
    TRACKS,
    frozen_list,
)
from leaderboards.run import SHA256, Run, ids_sha256
from webvoyager_gym.results import EpisodeRow, Result
from webvoyager_gym.tasks.frozen import frozen_tasks
from webvoyager_gym.types import Failure

Datasets = Mapping[str, str]
"""Checksum of the training view of every published dataset, by its id."""
MADE_WITH = ("commit", "versions", "machine", "proposer", "proposer_sha256", "n_candidates", "max_steps")
"""What a run has to say of how it was made."""


def problems(run: Run, others: Sequence[Run] = (), datasets: Datasets | None = None) -> list[str]:
    """Why a run cannot be taken, a sentence each; [] if it can.

    Args:
        others: the runs that are there; its own predecessor, of the same id and track, may be among them.
        datasets: those published; None leaves out whether a run's dataset is one.
    """
    others = [other for other in others if other.track == run.track and other.about.id != run.about.id]
    checks: tuple[Callable[[], Iterator[str]], ...] = (
        lambda: _said(run),
        lambda: _tasks(run, others),
        lambda: _complete(run),
        lambda: _episodes(run),
        lambda: _models(run, {} if datasets is None else datasets, datasets is not None),
        lambda: _possible(run, others),
    )
    return [problem for check in checks for problem in check()]


def kept_problems(run: Run, kept: Result) -> list[str]:
    """Why episodes kept at full length cannot be those of a run; [] if they can."""
    rows = {(episode.task, episode.seed): episode for episode in run.episodes}
    found = []
    for episode in kept.episodes:
        row = rows.get((episode.task, episode.seed))
        if episode.agent != run.about.id or row is None:
            found.append(f"The kept episode of {episode.agent} on {episode.task} is not one of {run.about.id}'s.")
        elif _story(row) != _story(episode):
            found.append(f"The kept episode on {episode.task} with seed {episode.seed} differs from its row.")
    return found


def _said(run: Run) -> Iterator[str]:
    about = run.about
    if run.track not in TRACKS:
        yield f"The track {run.track!r} is none of {', '.join(TRACKS)}."
    if not 1 <= len(about.name.strip()) <= 60 or not about.name.isprintable():
        yield f"The name {about.name[:80]!r} has to be of 1 to 60 printable characters."
    if len(about.description) > 300 or not (about.description.isprintable() or not about.description):
        yield "The description has to be one line of at most 300 characters."
    address = urlsplit(about.link)
    if about.link and (address.scheme not in ("https", "http") or not address.netloc or not about.link.isprintable()):
        yield f"The link {about.link[:80]!r} has to be an address that begins with https:// or http://."
    try:
        if date.fromisoformat(about.date) > datetime.now(UTC).date():
            yield f"The date {about.date} has not come yet."
    except ValueError:
        yield f"The date {about.date[:40]!r} has to be written as YYYY-MM-DD."
    for name in MADE_WITH:
        if run.made_with.get(name) in (None, ""):
            yield f"made_with does not say {name}."
    if str(run.made_with.get("commit", "")).endswith("+"):
        yield "It was made from a checkout with changes that no commit holds; commit them and evaluate again."
    if run.made_with.get("max_steps") != MAX_STEPS:
        yield f"It allows {run.made_with.get('max_steps')!r} steps; the protocol allows {MAX_STEPS}."
    if run.track == "live" and not run.made_with.get("judge"):
        yield "made_with does not say judge, which decides every episode of the live track."


def _tasks(run: Run, others: Sequence[Run]) -> Iterator[str]:
    found = {episode.task for episode in run.episodes}
    if run.track == "rollout":
        if run.tasks != frozen_list():
            yield f"Its tasks are said to be {run.tasks}; the rollout track has {frozen_list()}."
        wanted = {task.id for task in frozen_tasks()}
        if strange := sorted(found - wanted):
            yield f"{len(strange)} of its tasks are not on the frozen list, such as {strange[0][:80]}."
        if missing := sorted(wanted - found):
            yield f"{len(missing)} of {len(wanted)} tasks are missing, such as {missing[0]}."
        for episode in run.episodes:
            if episode.task.partition("/")[0] != episode.site:
                yield f"{episode.task[:80]} is given as a task of {episode.site[:80]}."
                return
        return
    if not run.tasks.version:
        yield "It does not say which version of the task list it ran on."
    if (run.tasks.count, run.tasks.sha256) != (len(found), ids_sha256(sorted(found))):
        yield f"It says {run.tasks.count} tasks with checksum {run.tasks.sha256[:12]}…, and its rows hold others."
    for other in others:
        if other.tasks.version == run.tasks.version and other.tasks.sha256 != run.tasks.sha256:
            yield f"{other.about.id} ran on other tasks of the same version {run.tasks.version}."
            return


def _complete(run: Run) -> Iterator[str]:
    cells = Counter((episode.task, episode.seed) for episode in run.episodes)
    twice = [cell for cell, count in cells.items() if count > 1]
    if twice:
        yield f"{len(twice)} episodes are there twice, such as {twice[0][0][:80]} with seed {twice[0][1]}."
    wanted = SEEDS if run.track == "rollout" else max(1, len(run.seeds))
    if run.seeds != tuple(range(wanted)):
        yield f"Its seeds are {', '.join(map(str, run.seeds[:8]))}; expected 0 to {wanted - 1}."
    tasks = dict.fromkeys(episode.task for episode in run.episodes)
    gaps = [(task, seed) for task in tasks for seed in range(wanted) if (task, seed) not in cells]
    if gaps:
        yield f"{len(gaps)} episodes are missing, such as {gaps[0][0][:80]} with seed {gaps[0][1]}."


def _episodes(run: Run) -> Iterator[str]:
    kinds = [kind for kind in get_args(Failure) if kind]
    width = run.made_with.get("n_candidates")
    for episode in run.episodes:
        where = f"{episode.task[:80]} with seed {episode.seed}"
        if episode.failure and episode.failure not in kinds:
            yield f"{where} has the failure {episode.failure[:40]!r}; there are {', '.join(kinds)}."
        elif episode.steps > MAX_STEPS:
            yield f"{where} took {episode.steps} steps; {MAX_STEPS} are allowed."
        elif episode.success and not episode.trace:
            yield f"{where} succeeded without a step."
        elif episode.attempts not in (1, 2) or (episode.failure and episode.attempts != 2):
            yield f"{where} took {episode.attempts} attempts; what the infrastructure fails is tried once more."
        elif isinstance(width, int) and any(len(step.candidates) > width for step in episode.trace):
            yield f"{where} chose among more than {width} candidates."
        else:
            continue
        return
    share = sum(bool(episode.failure) for episode in run.episodes) / max(1, len(run.episodes))
    if share > MOST_INFRASTRUCTURE:
        yield f"The infrastructure failed {share:.1%} of its episodes; at most {MOST_INFRASTRUCTURE:.0%} may fail."


def _models(run: Run, datasets: Datasets, published: bool) -> Iterator[str]:
    checksum = run.made_with.get("proposer_sha256")
    if checksum != "remote" and not (isinstance(checksum, str) and SHA256.fullmatch(checksum)):
        yield f"The proposer's checksum is {str(checksum)[:70]!r}; expected a SHA-256, or 'remote'."
    if run.agent not in LEARNED:
        return
    if tuple(sorted(model.seed for model in run.models)) != run.seeds:
        yield f"It has {len(run.models)} trained models for {len(run.seeds)} seeds; expected one for each seed."
    if len({model.sha256 for model in run.models}) < len(run.models):
        yield "Two of its seeds acted with the same trained model; train once for each seed."
    if run.trained is None:
        yield "It does not say which dataset it learned from."
    elif published and datasets.get(run.trained.dataset) != run.trained.sha256:
        known = run.trained.dataset in datasets
        yield (
            f"The checksum of {run.trained.dataset[:80]} is not that of the published dataset."
            if known
            else f"The dataset {run.trained.dataset[:80]} is not published; publish it first (datasets/README.md)."
        )


def _possible(run: Run, others: Sequence[Run]) -> Iterator[str]:
    walked: dict[tuple[str, int, str], Any] = {}
    for other in others:
        if _world(other) == _world(run):
            for episode in other.episodes:
                walked.update(_facts(episode))
    against = [
        episode for episode in run.episodes if any(walked.get(where, what) != what for where, what in _facts(episode))
    ]
    if len(against) > MOST_CONTRADICTIONS * len(run.episodes):
        yield (
            f"{len(against)} of its {len(run.episodes)} episodes contradict runs that made the same choices, such as "
            f"{against[0].task} with seed {against[0].seed}; evaluate with the same models and versions, or say so if "
            "the other runs are wrong."
        )


def _world(run: Run) -> tuple[Any, ...]:
    """What decides, beside task and choices, what an episode meets."""
    return (run.tasks.sha256, *(run.made_with.get(name) for name in ("proposer", "proposer_sha256", "n_candidates")))


def _facts(episode: EpisodeRow) -> Iterator[tuple[tuple[str, int, str], Any]]:
    """What an episode says of the states it went through: which candidates are best, and whether it ended in success.

    The key is the way to the state: task, seed, and the choices made.
    """
    if episode.failure:
        return
    way = ""
    for step in episode.trace:
        yield (episode.task, episode.seed, way), step.best
        way += f"{step.chosen},"
    yield (episode.task, episode.seed, f"{way}end"), episode.success


def _story(episode: EpisodeRow) -> tuple[Any, ...]:
    steps = tuple((step.chosen, len(step.candidates), step.best) for step in episode.trace)
    return episode.success, episode.failure, episode.attempts, steps
