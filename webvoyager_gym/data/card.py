"""A dataset's card: a README.md written from what is in it."""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webvoyager_gym.types import Episode


@dataclass
class SiteCount:
    """Episodes of one site: how many, how many of them count, how many of these succeeded."""

    episodes: int = 0
    counted: int = 0
    successes: int = 0


@dataclass
class Summary:
    """Counts gathered episode by episode; but for the tasks' names, memory does not grow with the dataset."""

    sites: dict[str, SiteCount] = field(default_factory=dict)
    splits: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    judges: Counter[str] = field(default_factory=Counter)
    candidates: Counter[int] = field(default_factory=Counter)
    propensities: Counter[float] = field(default_factory=Counter)
    tasks: set[str] = field(default_factory=set)
    proposed: Counter[str] = field(default_factory=Counter)
    executed: Counter[str] = field(default_factory=Counter)
    ranks: Counter[int] = field(default_factory=Counter)
    steps: int = 0
    screenshots: int = 0

    def add(self, episode: Episode) -> None:
        """Count an episode."""
        site = self.sites.setdefault(episode.site, SiteCount())
        site.episodes += 1
        if not episode.failure:
            site.counted += 1
            site.successes += episode.success
            self.judges[episode.judge] += 1
        else:
            self.failures[episode.failure] += 1
        self.tasks.add(episode.task_id)
        self.splits[episode.split] += 1
        self.steps += len(episode)
        self.screenshots += sum(bool(step.screenshot) for step in episode.steps)
        for step in episode.steps[:-1]:
            self.candidates[len(step.candidates)] += 1
            self.proposed.update(candidate.action.kind for candidate in step.candidates)
            self.executed[step.candidates[step.chosen].action.kind] += 1
            self.ranks[step.chosen] += 1
            # Upper ends of twenty bins, so that a policy with many different probabilities fills no more of them.
            self.propensities[math.ceil(round(step.propensity * 20, 9)) / 20] += 1

    @property
    def total(self) -> SiteCount:
        """All sites together."""
        counts = self.sites.values()
        return SiteCount(
            sum(c.episodes for c in counts), sum(c.counted for c in counts), sum(c.successes for c in counts)
        )


def write_card(dataset_id: str, summary: Summary, width: int, ours: Mapping[str, Any]) -> str:
    """The card as Markdown.

    Args:
        width: D, 0 without an embedder.
        ours: this project's part of the metadata.
    """
    total = summary.total
    loading = f'from webvoyager_gym.data import load_dataset\n\ndataset = load_dataset("{dataset_id}")'
    described = {key: value for key, value in ours.items() if key not in ("packages", "lineage", "licence")}
    sections = [
        f"# {dataset_id}",
        _sentence(summary, total, width),
        f"```python\n{loading}\n```",
        "## Success by site",
        "Episodes that the infrastructure broke off are kept and flagged, and count neither for nor against anybody.",
        table(
            ["site", "episodes", "counted", "successes", "success"],
            [_site_row(name, count) for name, count in sorted(summary.sites.items())] + [_site_row("all", total)],
        ),
        "## What is in it",
        table(
            ["what", "count"],
            [
                ("tasks", len(summary.tasks)),
                *((f"episodes of split {name}", count) for name, count in sorted(summary.splits.items())),
                *((f"verdicts by {name}", count) for name, count in sorted(summary.judges.items())),
                *((f"episodes broken off by {name}", count) for name, count in sorted(summary.failures.items())),
                ("screenshots", summary.screenshots),
            ],
        ),
        "## Candidates a step",
        table(["candidates", "steps"], sorted(summary.candidates.items())),
        "## Coverage",
        "What was proposed and what of it was executed, by kind of action and by the place that the VLM gave it.",
        table(
            ["action", "proposed", "executed", "share"],
            [
                (kind, n, summary.executed[kind], _share(summary.executed[kind], n))
                for kind, n in _most(summary.proposed)
            ],
        ),
        table(
            ["place", "offered", "executed", "share"],
            [(place + 1, n, summary.ranks[place], _share(summary.ranks[place], n)) for place, n in _offered(summary)],
        ),
        "## Propensities",
        "Probability with which the policy chose the action it took.",
        table(
            ["propensity", "steps"],
            [(f"{max(0.0, top - 0.05):.2f} to {top:.2f}", n) for top, n in sorted(summary.propensities.items())],
        ),
        *_rounds(ours.get("lineage", []), total.episodes),
        "## Made with",
        table(["what", "value"], [(key, _plain(value)) for key, value in sorted(described.items())]),
        table(["package", "version"], sorted(ours.get("packages", {}).items())),
    ]
    if licence := str(ours.get("licence", "")):
        sections += ["## Licence", _cell(licence)]
    return "\n\n".join(section for section in sections if section) + "\n"


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    """The most frequent first, equally frequent ones by name."""
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def _offered(summary: Summary) -> list[tuple[int, int]]:
    """In how many steps there was a candidate in each place."""
    places = range(max(summary.candidates, default=0))
    return [(place, sum(n for count, n in summary.candidates.items() if count > place)) for place in places]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"


def _rounds(lineage: Sequence[Mapping[str, Any]], episodes: int) -> list[str]:
    """What each version added; nothing for a dataset that adds to none."""
    if not lineage:
        return []
    counts = [each["episodes"] for each in lineage] + [episodes]
    ends = [(each["id"], each["sha256"]) for each in lineage] + [("this version", "")]
    added = [counts[0], *(later - earlier for earlier, later in itertools.pairwise(counts))]
    rows = [(name, count, new, sums) for (name, sums), count, new in zip(ends, counts, added, strict=True)]
    versions = table(["version", "episodes", "of them new", "SHA-256 of its SHA256SUMS"], rows)
    return ["## Rounds", "Each version holds the episodes of the one before it, then its own.", versions]


def _sentence(summary: Summary, total: SiteCount, width: int) -> str:
    embeddings = f"embeddings of width {width}" if width else "no embeddings"
    broken = total.episodes - total.counted
    sites = f"{len(summary.sites)} site{'' if len(summary.sites) == 1 else 's'}"
    return (
        f"{total.episodes} episodes with {summary.steps} steps on {sites}, {embeddings}; "
        f"{total.successes} of the {total.counted} episodes that count succeeded ({_percent(total)}), "
        f"{broken} {'was' if broken == 1 else 'were'} broken off by the infrastructure."
    )


def _site_row(name: str, count: SiteCount) -> tuple[object, ...]:
    return name, count.episodes, count.counted, count.successes, _percent(count)


def _percent(count: SiteCount) -> str:
    return f"{100 * count.successes / count.counted:.1f} %" if count.counted else "–"


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def table(head: list[str], rows: list[Any]) -> str:
    """A Markdown table; "" without rows. Text that comes from the data cannot break out of its cell."""
    if not rows:
        return ""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines)


def _cell(value: object) -> str:
    text = " ".join(str(value).encode("utf-8", "replace").decode("utf-8").split())
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
