"""The file a result is kept in: one JSON document, a line an episode.

What is read is checked field by field, and its figures are held against its episodes.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

from webvoyager_gym.errors import InvalidFile, NotFound
from webvoyager_gym.fields import read_field
from webvoyager_gym.results import AgentSummary, Difference, EpisodeRow, Proposal, Result, StepRow
from webvoyager_gym.whole_file import write_whole

FORMAT = "webvoyager-gym-result"
VERSION = 1


def result_json(result: Result) -> dict[str, Any]:
    """The result as one JSON document.

    ::

        {"format": "webvoyager-gym-result", "version": 1,
         "agents": [{"name", "success", "low", "high",        # shares from 0 to 1, 95 % interval
                     "episodes",                              # all; those of failures.environment do not count
                     "failures": {"no_good_candidate", "good_not_chosen", "out_of_steps", "environment", "unknown"},
                     "steps", "seconds",                      # means over the episodes that count
                     "cost": {"tokens_in", "tokens_out", "passes", "seconds", "unreadable"}}], # means over all episodes
         "differences": [{"name", "versus",                   # each further agent against the first
                          "difference", "low", "high",        # from -1 to 1
                          "probability_of_improvement": {"value", "low", "high"},
                          "wins", "losses", "ties"}],         # cells of (task, seed)
         "environment": {"commit", "versions", "machine": {"cpu", "cores", "gpu"}, "suite", "split", "proposer",
                         "embedder", "n_candidates", …},
         "episodes": [{"agent", "task", "site", "template", "split", "goal", "seed",
                       "success",                             # null where the infrastructure failed
                       "failure",                             # "" or its part; "failure_kind" as in "failures"
                       "failure_kind", "reason", "answer", "steps", "seconds", "cost", "attempts",
                       "url", "title", "screenshot",          # of the last page
                       "trace": [{"url", "title", "chosen",
                                  "candidates": [{"text", "log_prob", "words", "box"}],
                                  "scores", "best",           # one for each candidate, or null
                                  "propensity", "error", "seconds", "screenshot"}]}]}

    What is not known is null; NaN and infinity, which JSON does not have, never occur.
    """
    return {
        "format": FORMAT,
        "version": VERSION,
        "agents": [_agent_json(agent) for agent in result.agents],
        "differences": [_difference_json(difference) for difference in result.differences],
        "environment": dict(result.environment),
        "episodes": [episode_json(episode) for episode in result.episodes],
    }


def save_result(result: Result, path: str | os.PathLike[str]) -> Path:
    """Write the JSON document; it is there whole or not at all."""
    path = Path(path)
    document = result_json(result)
    episodes = ",\n".join(_dumps(episode) for episode in document.pop("episodes"))
    head = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)[:-2]
    write_whole(path, f'{head},\n "episodes": [\n{episodes}\n]\n}}\n')
    return path


def load_result(path: str | os.PathLike[str]) -> Result:
    """Read a result written by `save_result`.

    Raises:
        NotFound: there is no such file.
        InvalidFile: it is damaged, something else, or of another version; or its figures are not those of its episodes.
    """
    path = Path(path)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFound(
            f"There is no result at {path}; make one with `webvoyager-gym evaluate --out {path}`."
        ) from error
    except (ValueError, RecursionError) as error:
        raise InvalidFile(f"{path} is no whole JSON document ({error}); evaluate again.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InvalidFile(f"{path} is no result of an evaluation; name a file that `webvoyager-gym evaluate` wrote.")
    if document.get("version") != VERSION:
        raise InvalidFile(
            f"{path} is a result of version {document.get('version')!r} and this package reads {VERSION}; "
            "read it with the version of webvoyager-gym that wrote it."
        )
    try:
        names = tuple(read_field(agent, "name", str) for agent in read_field(document, "agents", list))
        episodes = tuple(read_episode(row) for row in read_field(document, "episodes", list))
        if not episodes:
            raise ValueError("it holds no episodes")
        strangers = {episode.agent for episode in episodes} - set(names)
        if strangers:
            raise ValueError(f"its episodes are by agents it does not list: {', '.join(sorted(strangers))}")
        if len({(episode.agent, episode.task, episode.seed) for episode in episodes}) < len(episodes):
            raise ValueError("it holds an agent's episode on the same task and seed twice")
        result = Result(names, episodes, read_field(document, "environment", dict), path.parent)
        for written, worked_out in zip(document["agents"], result.agents, strict=True):
            _check_same(written, _agent_json(worked_out))
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidFile(f"The result {path} is damaged: {error}; evaluate again.") from error
    return result


def episode_json(episode: EpisodeRow) -> dict[str, Any]:
    """An episode as `result_json` has it."""
    return {
        "agent": episode.agent,
        "task": episode.task,
        "site": episode.site,
        "template": episode.template,
        "split": episode.split,
        "goal": episode.goal,
        "seed": episode.seed,
        "success": None if episode.failure else episode.success,
        "failure": episode.failure,
        "failure_kind": episode.failure_kind,
        "reason": episode.reason,
        "answer": episode.answer,
        "steps": episode.steps,
        "seconds": _number(episode.seconds, 3),
        "cost": {key: _number(value, 3) for key, value in episode.cost.items()},
        "attempts": episode.attempts,
        "url": episode.url,
        "title": episode.title,
        "screenshot": episode.screenshot,
        "trace": [_step_json(step) for step in episode.trace],
    }


def read_episode(row: Any) -> EpisodeRow:
    """An episode from what `episode_json` made of it.

    Raises:
        ValueError: it is not that; the message says which part.
    """
    success, failure = read_field(row, "success"), read_field(row, "failure", str)
    if not isinstance(success, bool) and not (success is None and failure):
        raise ValueError(
            f"an episode's success is {success!r} with failure {failure!r}; expected true, false, or null with one"
        )
    cost = {str(key): _float(value) for key, value in read_field(row, "cost", dict).items()}
    texts = ("agent", "task", "site", "template", "split", "goal", "reason", "answer", "url", "title", "screenshot")
    return EpisodeRow(
        **{name: read_field(row, name, str) for name in texts},
        seed=read_field(row, "seed", int),
        success=bool(success),
        failure=failure,
        trace=tuple(_read_step(step) for step in read_field(row, "trace", list)),
        seconds=_float(read_field(row, "seconds")),
        cost=cost,
        attempts=read_field(row, "attempts", int),
    )


def _read_step(row: Any) -> StepRow:
    candidates = tuple(_read_proposal(candidate) for candidate in read_field(row, "candidates", list))
    chosen = read_field(row, "chosen", int)
    if not 0 <= chosen < len(candidates):
        raise ValueError(f"a step's chosen candidate is {chosen} of {len(candidates)}, counted from 0")
    scores, best = read_field(row, "scores"), read_field(row, "best")
    for name, values in (("scores", scores), ("best", best)):
        if values is not None and (not isinstance(values, list) or len(values) != len(candidates)):
            raise ValueError(
                f"a step's {name} are {values!r}; expected null or one for each of {len(candidates)} candidates"
            )
    return StepRow(
        url=read_field(row, "url", str),
        title=read_field(row, "title", str),
        candidates=candidates,
        chosen=chosen,
        scores=None if scores is None else tuple(_float(score) for score in scores),
        best=None if best is None else tuple(bool(flag) for flag in best),
        propensity=_float(read_field(row, "propensity")),
        error=read_field(row, "error", str),
        seconds=_float(read_field(row, "seconds")),
        screenshot=read_field(row, "screenshot", str),
    )


def _read_proposal(row: Any) -> Proposal:
    box = read_field(row, "box")
    if box is not None and (not isinstance(box, list) or [type(side) for side in box] != [int] * 4):
        raise ValueError(f"a candidate's box is {str(box)[:40]}; expected null or x, y, width and height")
    return Proposal(
        text=read_field(row, "text", str),
        log_prob=_float(read_field(row, "log_prob")),
        words=read_field(row, "words", str),
        box=None if box is None else tuple(box),
    )


def _proposal_json(proposal: Proposal) -> dict[str, Any]:
    return {
        "text": proposal.text,
        "log_prob": _number(proposal.log_prob, 4),
        "words": proposal.words,
        "box": None if proposal.box is None else list(proposal.box),
    }


def _step_json(step: StepRow) -> dict[str, Any]:
    return {
        "url": step.url,
        "title": step.title,
        "candidates": [_proposal_json(proposal) for proposal in step.candidates],
        "chosen": step.chosen,
        "scores": None if step.scores is None else [_number(score, 5) for score in step.scores],
        "best": None if step.best is None else list(step.best),
        "propensity": _number(step.propensity, 6),
        "error": step.error,
        "seconds": _number(step.seconds, 3),
        "screenshot": step.screenshot,
    }


def _agent_json(agent: AgentSummary) -> dict[str, Any]:
    return {
        "name": agent.name,
        "success": _number(agent.success.value),
        "low": _number(agent.success.low),
        "high": _number(agent.success.high),
        "episodes": agent.episodes,
        "failures": dict(agent.failures),
        "steps": _number(agent.steps, 3),
        "seconds": _number(agent.seconds, 3),
        "cost": {key: _number(value, 3) for key, value in agent.cost.items()},
    }


def _difference_json(difference: Difference) -> dict[str, Any]:
    comparison = difference.comparison
    return {
        "name": difference.name,
        "versus": difference.versus,
        "difference": _number(comparison.difference.value),
        "low": _number(comparison.difference.low),
        "high": _number(comparison.difference.high),
        "probability_of_improvement": {
            "value": _number(comparison.improvement.value),
            "low": _number(comparison.improvement.low),
            "high": _number(comparison.improvement.high),
        },
        "wins": comparison.wins,
        "losses": comparison.losses,
        "ties": comparison.ties,
    }


def _check_same(written: Any, worked_out: dict[str, Any]) -> None:
    """Raise ValueError if an agent's success, episodes or failures as written are not those of the episodes.

    Intervals are left out: another numpy may draw other resamples.
    """
    for name in ("success", "episodes", "failures"):
        if written.get(name) != worked_out[name]:
            raise ValueError(
                f"it gives {name} {written.get(name)!r} for {worked_out['name']}, "
                f"but its episodes give {worked_out[name]!r}"
            )


def _float(value: Any) -> float:
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{str(value)[:40]!r} is no number")
    return float(value)


def _number(value: float, digits: int = 6) -> float | None:
    """A number as JSON has it: rounded, null for nan and infinity."""
    return round(float(value), digits) if math.isfinite(value) else None


def _dumps(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
