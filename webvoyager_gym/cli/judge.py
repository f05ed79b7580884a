"""`webvoyager-gym judge`: recorded episodes judged by a VLM, and judges held against the truth."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from webvoyager_gym.cli.printing import Json, fail, print_json, print_table, progress

if TYPE_CHECKING:
    from webvoyager_gym.judge.agreement import Agreement
    from webvoyager_gym.judge.case import Reference
    from webvoyager_gym.judge.judging import Judge
    from webvoyager_gym.judge.recorded import Report

LABELLED = "labelled"


def judge(
    dataset: Annotated[
        str,
        typer.Argument(
            help="Id or folder of a dataset; labelled for the cases that measure a judge.", show_default=False
        ),
    ],
    model: Annotated[
        str, typer.Option("--judge", help="The VLM that judges: openai:MODEL or transformers:ID.", show_default=False)
    ],
    protocol: Annotated[
        str, typer.Option(help="How it is asked: verdict, or original for WebVoyager's way.")
    ] = "verdict",
    screenshots: Annotated[
        int | None, typer.Option(min=0, help="So many of the last.", show_default="5; original: 15")
    ] = None,
    votes: Annotated[int, typer.Option(min=1, max=2, help="2: a verdict only where two draws agree.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="File of verdicts.", show_default="runs/verdicts/DATASET.jsonl")
    ] = None,
    measure: Annotated[bool, typer.Option("--measure", help="Judge also what a check decided, and compare.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Judge anew what was judged before.")] = False,
    as_json: Json = False,
) -> None:
    """Judge recorded episodes; run again after Ctrl-C or a failing server, it goes on.

    What a check on the site's state decided stays. An episode that could not be judged is no failure of the agent.
    """
    from webvoyager_gym.judge.judging import load_judge

    asked = load_judge(model, protocol, screenshots, votes)
    if dataset == LABELLED:
        _measure(asked, as_json)
    else:
        _judge(dataset, asked, out, measure, again, as_json)


def _judge(name: str, judge: Judge, out: Path | None, measure: bool, again: bool, as_json: bool) -> None:
    from webvoyager_gym.data import load_dataset
    from webvoyager_gym.judge.recorded import judge_dataset
    from webvoyager_gym.judge.verdict_file import VerdictFile

    dataset = load_dataset(name)
    file = VerdictFile(out or Path("runs/verdicts") / f"{dataset.id.replace('/', '-')}.jsonl")
    with progress() as bars:
        bar = bars.add_task(f"judge {dataset.id}", total=len(dataset))
        report = judge_dataset(
            dataset,
            judge,
            file,
            references=_references(),
            measure=measure,
            again=again,
            progress=lambda _: bars.advance(bar),
        )
    figures = _agreement(report) if measure else None
    if as_json:
        print_json(_described(dataset.id, judge, file.path, report, figures))
    else:
        outcomes = Counter(report.outcomes.values())
        rows: list[tuple[str, object]] = [(outcome, outcomes[outcome]) for outcome in ("success", "failure", "unknown")]
        rows += [("broken off", len(report.broken)), ("not judged", len(report.open)), ("verdicts", file.path)]
        print_table(("", ""), [*rows, *(_figures(figures) if figures is not None else [])])
    if report.open:
        first = next(iter(report.open.values()))
        fail(f"{len(report.open)} of {len(dataset)} episodes could not be judged; run it again to go on: {first}")


def _measure(judge: Judge, as_json: bool) -> None:
    from webvoyager_gym.errors import InfrastructureFailure
    from webvoyager_gym.judge.agreement import agreement
    from webvoyager_gym.judge.labelled import labelled_cases

    cases = labelled_cases()
    rows: list[dict[str, Any]] = []
    with progress() as bars:
        for labelled in bars.track(cases, description=f"judge {len(cases)} labelled cases"):
            try:
                verdict = judge.judge(labelled.case).verdict
            except InfrastructureFailure as failure:
                fail(f"{len(rows)} of {len(cases)} cases were judged, which measures nothing: {failure}")
            about = {"id": labelled.id, "kind": labelled.kind, "success": labelled.success}
            rows.append(about | {"verdict": verdict.outcome, "reason": verdict.reason})
    figures = agreement([row["success"] for row in rows], [row["verdict"] for row in rows])
    kinds = {
        kind: agreement(*_columns([row for row in rows if row["kind"] == kind]))
        for kind in dict.fromkeys(row["kind"] for row in rows)
    }
    if as_json:
        by_kind = {kind: part.as_json() for kind, part in kinds.items()}
        print_json(_judge_of(judge) | figures.as_json() | {"kinds": by_kind, "rows": rows})
        return
    columns = ("kind", "cases", "right", "wrong", "unknown")
    print_table(columns, [(kind, *_counts(part)) for kind, part in [*kinds.items(), ("all", figures)]])
    print_table(("", ""), _figures(figures))


def _columns(rows: Sequence[dict[str, Any]]) -> tuple[list[bool], list[Any]]:
    return [row["success"] for row in rows], [row["verdict"] for row in rows]


def _counts(part: Agreement) -> tuple[int, int, int, int]:
    return (
        part.cases,
        part.success_right + part.failure_right,
        part.success_wrong + part.failure_wrong,
        part.unknown,
    )


def _figures(figures: Agreement) -> list[tuple[str, str]]:
    shares = (("agreement", figures.agreement), ("precision", figures.precision), ("recall", figures.recall))
    shown = [(name, "none" if share is None else f"{share:.1%}") for name, share in shares]
    return [*shown, ("kappa", "none" if figures.kappa is None else f"{figures.kappa:.2f}")]


def _agreement(report: Report) -> Agreement:
    from webvoyager_gym.judge.agreement import agreement

    both = [number for number in report.truths if number in report.judged]
    said = [report.judged[number].judgement.verdict.outcome for number in both]
    return agreement([report.truths[number] for number in both], said)


def _described(name: str, judge: Judge, path: Path, report: Report, figures: Agreement | None) -> dict[str, Any]:
    outcomes = Counter(report.outcomes.values())
    return {
        "dataset": name,
        **_judge_of(judge),
        "verdicts": str(path),
        **{outcome: outcomes[outcome] for outcome in ("success", "failure", "unknown")},
        "broken": len(report.broken),
        "open": len(report.open),
        "agreement": figures.as_json() if figures is not None else None,
    }


def _judge_of(judge: Judge) -> dict[str, Any]:
    return {
        "judge": judge.model.name,
        "protocol": judge.protocol.name,
        "prompt": judge.prompt,
        "screenshots": judge.shown,
        "votes": judge.votes,
    }


def _references() -> dict[str, Reference]:
    """WebVoyager's right answers, if its files are here."""
    from webvoyager_gym.errors import MissingDependency
    from webvoyager_gym.tasks.webvoyager.entries import read_entries

    try:
        return {entry.id: entry.reference for entry in read_entries() if entry.reference is not None}
    except MissingDependency:
        print("WebVoyager's files are not on this machine, so the judge sees no right answers.", file=sys.stderr)
        return {}
