"""Make all tables, figures and pages anew from the runs in `results/`: `python -m leaderboards.build`.

With `--check` nothing is written: exit status 1 if what is there differs from what would be made.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from leaderboards.board import make_board
from leaderboards.charts import cost_chart, failure_chart, of_board, standalone, success_chart
from leaderboards.claims.claim_file import load_tried
from leaderboards.claims.shown import shown_claims
from leaderboards.collection import check_entries, load_entries, published_datasets
from leaderboards.command_line import run_app
from leaderboards.pages import episodes_page, index_page, method_page
from leaderboards.protocol import HERE, RESULTS
from leaderboards.selection import selection_board
from leaderboards.selection_file import load_selection
from leaderboards.tables import boards_markdown
from webvoyager_gym import cli

MADE = ("BOARDS.md", "figures", "page")
"""What is made; anything else in these folders is out of date."""


def build(results: Path = RESULTS, *, by_protocol: bool = True) -> dict[str, str]:
    """Text of every file that follows from the runs, by its path relative to `leaderboards/`.

    Args:
        results: the folder of runs.
        by_protocol: whether every run has to keep to PROTOCOL.md.

    Raises:
        InvalidFile: a run is damaged or cannot stand.
    """
    entries = load_entries(results)
    if by_protocol:
        check_entries(entries, published_datasets())
    rollout, live = (make_board(track, [entry.run for entry in entries]) for track in ("rollout", "live"))
    states, methods = load_selection(results)
    selection = selection_board(states, methods) if states is not None else ()
    claims = shown_claims(load_tried(results))
    made = {
        "BOARDS.md": boards_markdown(rollout, live, claims, selection),
        "page/index.html": index_page(rollout, live, claims, states, selection),
    }
    made |= {f"figures/claim-{each.claim.id}.svg": standalone(each.figure) for each in claims if each.figure}
    charts = {"success": success_chart, "cost": cost_chart, "failures": failure_chart}
    if rollout.rows:
        made |= {f"figures/{name}.svg": standalone(draw(of_board(rollout))) for name, draw in charts.items()}
    rows = {(row.run.track, row.run.about.id): row for board in (rollout, live) for row in board.rows}
    for entry in entries:
        key = entry.run.track, entry.run.about.id
        made[f"page/methods/{'-'.join(key)}.html"] = method_page(entry, rows[key])
        if page := episodes_page(entry):
            made[f"page/episodes/{'-'.join(key)}.html"] = page
    return made


def differing(made: dict[str, str], folder: Path) -> list[str]:
    """Files that are missing, out of date, or should no longer be there."""
    there = {
        path.relative_to(folder).as_posix()
        for name in MADE
        for path in ([folder / name] if (folder / name).is_file() else (folder / name).rglob("*"))
        if path.is_file()
    }
    changed = {name for name in there & made.keys() if (folder / name).read_text(encoding="utf-8") != made[name]}
    return sorted(changed | (there ^ made.keys()))


def write(made: dict[str, str], folder: Path) -> list[str]:
    """Bring a folder up to date; the files that were written or removed."""
    changed = differing(made, folder)
    for name in changed:
        path = folder / name
        if name in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[name], encoding="utf-8")
        else:
            path.unlink()
    return changed


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help="Make tables, figures and page anew from the committed runs.")
def command(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if anything is out of date.")] = False,
    results: Annotated[Path, typer.Option(help="Folder of runs.")] = RESULTS,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = HERE,
    as_json: cli.Json = False,
) -> None:
    made = build(results)
    changed = differing(made, out) if check else write(made, out)
    if check and changed:
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        cli.fail(f"{', '.join(changed[:3])}{more} are out of date; run `python -m leaderboards.build` and commit them.")
    if as_json:
        cli.print_json({"files": sorted(made), "changed": changed})
    else:
        print(f"{len(made)} files in {out}, {len(changed)} changed.")


if __name__ == "__main__":
    run_app(app)
