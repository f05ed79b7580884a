"""A result as a table for the terminal."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from webvoyager_gym.report import wording
from webvoyager_gym.results import Result

_FAILURES = {
    "no_good_candidate": "no good\ncandidate",
    "good_not_chosen": "good one\nnot chosen",
    "out_of_steps": "out of\nsteps",
    "environment": "environ-\nment",
}


def summary_table(result: Result) -> Table:
    """One row an agent: success with its 95 % interval, difference to the first agent, failure split, steps, seconds.

    Failures are numbers of episodes; steps and seconds are means of the episodes that count.
    """
    kinds = wording.failure_columns(result.agents)
    table = Table(box=None, pad_edge=False, header_style="bold", collapse_padding=True)
    table.add_column("agent", overflow="fold")
    for heading in (
        "success",
        "95 % interval",
        f"against {escape(result.names[0])}",
        "steps",
        *(_FAILURES.get(kind, kind) for kind in kinds),
        "seconds",
    ):
        table.add_column(heading, justify="right", overflow="fold")
    against = {difference.name: difference.comparison.difference for difference in result.differences}
    for agent in result.agents:
        table.add_row(
            escape(agent.name),
            wording.percent(agent.success.value),
            wording.interval(agent.success),
            wording.difference(against[agent.name]) if agent.name in against else "",
            wording.number(agent.steps),
            *(str(agent.failures[kind]) for kind in kinds),
            wording.number(agent.seconds),
        )
    return table
