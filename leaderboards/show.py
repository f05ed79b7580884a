"""A board in the terminal: `python -m leaderboards.show`, or as JSON with `--json`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from leaderboards.board import Board, Row, make_board
from leaderboards.collection import load_entries
from leaderboards.command_line import run_app
from leaderboards.document import estimate_json, number
from leaderboards.pages import findings, p_text
from leaderboards.protocol import RESULTS, TRACKS
from webvoyager_gym import cli
from webvoyager_gym.errors import not_found
from webvoyager_gym.report import wording


def board_json(board: Board) -> dict[str, Any]:
    """A board as one JSON document; what is not known is null."""
    return {
        "track": board.track,
        "tasks": board.tasks,
        "common_tasks": board.common,
        "rows": [_row_json(row) for row in board.rows],
    }


def _row_json(row: Row) -> dict[str, Any]:
    against = row.against
    return {
        "id": row.run.about.id,
        "name": row.run.about.name,
        "kind": row.kind,
        "rank": row.rank or None,
        "date": row.run.about.date,
        "success": estimate_json(row.success),
        "interquartile_mean": estimate_json(row.interquartile_mean),
        "common": estimate_json(row.common),
        "against_first": None if against is None else estimate_json(against.difference),
        "probability_of_improvement": None if against is None else estimate_json(against.improvement),
        "p_value": number(row.p_value),
        "verdict": row.verdict or None,
        "failures": {kind: number(share) for kind, share in row.failures.items()},
        "cost": {name: number(mean) for name, mean in row.cost.items()},
        "sites": {site: estimate_json(estimate) for site, estimate in row.sites.items()},
    }


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help="Show a board.")
def command(
    track: Annotated[str, typer.Option(help=f"One of {', '.join(TRACKS)}.")] = "rollout",
    results: Annotated[Path, typer.Option(help="Folder of runs.")] = RESULTS,
    as_json: cli.Json = False,
) -> None:
    if track not in TRACKS:
        raise typer.BadParameter(str(not_found("track", track, TRACKS)))
    board = make_board(track, [entry.run for entry in load_entries(results)])
    if as_json:
        cli.print_json(board_json(board))
        return
    if not board.rows:
        print(f"The board {track} has no runs yet; PROTOCOL.md says how one is added.")
        return
    columns = ("", "method", "success", "95 % interval", "against first", "p", "tokens", "date")
    cli.print_table(
        columns,
        [
            (
                row.rank or row.kind,
                row.run.about.name,
                wording.percent(row.success.value),
                wording.interval(row.success),
                wording.difference(row.against.difference) if row.against else "",
                p_text(row.p_value),
                f"{row.tokens:.0f}",
                row.run.about.date,
            )
            for row in board.rows
        ],
    )
    print(*findings(board), sep="\n")


if __name__ == "__main__":
    run_app(app)
