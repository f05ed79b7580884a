"""Try out every claim: `python -m leaderboards.reproduce`, or with `--quick` in half an hour on two cores.

Datasets, trainings and evaluations are made once, whichever claims need them; Ctrl-C keeps what was finished, and the
same command goes on. Each claim's verdict is written as soon as its last episode is done.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from leaderboards.claims.bench import Bench
from leaderboards.claims.claim import EMBEDDERS, Claim, NotRun, Trial
from leaderboards.claims.claim_file import FOLDER, Tried, effect_json, tried_text
from leaderboards.claims.every import CLAIMS
from leaderboards.claims.sizes import FULL, QUICK, TINY
from leaderboards.claims.verdict import judge
from leaderboards.claims.words import effect_text, sentence
from leaderboards.command_line import run_app
from leaderboards.protocol import RESULTS
from leaderboards.walked import saved_text, steps_of
from webvoyager_gym import cli
from webvoyager_gym.cli.options import Proposer, Workers
from webvoyager_gym.data.provenance import commit, package_versions
from webvoyager_gym.errors import not_found
from webvoyager_gym.machine import describe_machine
from webvoyager_gym.whole_file import write_whole

RUNS = Path("runs/claims")
SPLITS = ("test", "validation")


def reproduce(claims: Sequence[Claim], bench: Bench, out: Path) -> list[Tried]:
    """Try out claims, one after the other, and write the file of each.

    Args:
        bench: where the runs are made.
        out: folder of results, as `leaderboards/results`.

    Raises:
        WebVoyagerError: a run failed; what was finished before is kept.
    """
    done = []
    for claim in claims:
        tried = _try(claim, bench)
        write_whole(out / FOLDER / f"{claim.id}.json", tried_text(tried))
        bench.bars.console.print(sentence(tried), markup=False, highlight=False, soft_wrap=True)
        done.append(tried)
    return done


def _try(claim: Claim, bench: Bench) -> Tried:
    from leaderboards.claims.acting import measure

    repeat, made_with = command_of(claim, bench.trial), _made_with(bench)
    try:
        measured = measure(bench, claim)
    except NotRun as refusal:
        return Tried(claim.id, None, None, str(refusal).rstrip("."), repeat, made_with)
    return Tried(claim.id, measured, judge(claim.effect(measured), measured), "", repeat, made_with)


def command_of(claim: Claim, trial: Trial) -> str:
    """What tries out a claim again."""
    parts = ["python -m leaderboards.reproduce", f"--claim {claim.id}"]
    if trial.size != FULL:
        parts.append(f"--{trial.size.name}")
    if trial.split != _split(trial.size.name):
        parts.append(f"--split {trial.split}")
    if trial.proposer != "pocket":
        parts.append(f"--proposer {shlex.quote(trial.proposer)}")
    if trial.embedders != EMBEDDERS:
        parts += [f"--embedder {shlex.quote(name)}" for name in trial.embedders]
    return " ".join(parts)


def _made_with(bench: Bench) -> dict[str, Any]:
    trial = bench.trial
    return {
        "size": trial.size.name,
        "split": trial.split,
        "seeds": trial.size.seeds,
        "proposer": trial.proposer,
        "embedders": list(trial.embedders),
        "commit": commit(),
        "versions": package_versions(),
        "machine": describe_machine(),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
    }


def _split(size: str) -> str:
    """Where a size acts if it is not said: test tasks are for what is published."""
    return "test" if size == FULL.name else "validation"


def _report(done: Sequence[Tried], bench: Bench, where: Path) -> dict[str, Any]:
    """As one JSON document."""
    steps, new = steps_of(bench.trees.values())
    return {
        "claims": [
            {"id": each.id, "verdict": each.verdict, "needs": each.needs, "effect": effect_json(each.judgement)}
            for each in done
        ],
        "stages": [
            {"kind": each.kind, "what": each.words, "seconds": round(each.seconds, 1), "found": each.found}
            for each in bench.stages
        ],
        "steps": {"taken": steps, "walked": new},
        "results": str(where / FOLDER),
    }


def _print_report(done: Sequence[Tried], bench: Bench, where: Path) -> None:
    """For people: what took how long, what came of it, and what the trees saved."""
    cli.print_table(
        ("stage", "", "seconds"),
        [(each.kind, each.words, "there" if each.found else f"{each.seconds:.0f}") for each in bench.stages],
    )
    print(f"Seconds in all: {sum(each.seconds for each in bench.stages):.0f}. {saved_text(bench.trees.values())}\n")
    rows = [(CLAIMS[each.id].sentence, each.verdict, effect_text(each.judgement) or each.needs) for each in done]
    cli.print_table(("claim", "verdict", "effect"), rows)
    page = "python -m leaderboards.build"
    if where != RESULTS:
        page += f" --results {where} --out {where}"
    print(f"\nThe files are in {where / FOLDER}; the page is made by: {page}")


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help="Try out the claims of the method; run again after Ctrl-C, it goes on.")
def command(
    claim: Annotated[
        list[str] | None, typer.Option(help=f"Repeatable: {', '.join(CLAIMS)}.", show_default="all")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Few tasks and updates: half an hour on two cores.")] = False,
    tiny: Annotated[bool, typer.Option("--tiny", help="Only to see that every part works.")] = False,
    split: Annotated[
        str | None, typer.Option(help="test or validation.", show_default="test; validation for less than all")
    ] = None,
    proposer: Proposer = "pocket",
    embedder: Annotated[
        list[str] | None, typer.Option(help="Twice: the smaller and the larger one that are compared.")
    ] = None,
    workers: Workers = 1,
    runs: Annotated[Path, typer.Option(help="Folder for datasets, trees, models and episodes.")] = RUNS,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of results.", show_default=f"{RESULTS.name} of the boards; less than all: in --runs"),
    ] = None,
    as_json: cli.Json = False,
) -> None:
    if quick and tiny:
        raise typer.BadParameter("Give --quick or --tiny, not both.")
    size = TINY if tiny else QUICK if quick else FULL
    split = split or _split(size.name)
    if split not in SPLITS:
        raise typer.BadParameter(str(not_found("split to try claims out on", split, SPLITS)))
    if unknown := [id for id in claim or () if id not in CLAIMS]:
        raise typer.BadParameter(str(not_found("claim", unknown[0], CLAIMS)))
    if embedder is not None and len(embedder) != 2:
        raise typer.BadParameter("Give --embedder twice: the smaller one, then the larger one.")
    trial = Trial(size, split, proposer, EMBEDDERS if embedder is None else (embedder[0], embedder[1]))
    where = out or (RESULTS if trial.published else runs / f"results-{size.name}-{split}")
    with cli.progress() as bars:
        bench = Bench(runs, trial, workers, bars)
        try:
            done = reproduce([CLAIMS[id] for id in claim or CLAIMS], bench, where)
        except KeyboardInterrupt:
            bars.stop()
            print(f"Interrupted; what was finished is kept in {runs}, and the same command goes on.", file=sys.stderr)
            raise typer.Exit(130) from None
    if as_json:
        cli.print_json(_report(done, bench, where))
        return
    _print_report(done, bench, where)


if __name__ == "__main__":
    run_app(app)
