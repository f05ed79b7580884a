"""`webvoyager-gym view`: look at episodes, in a browser or in a file."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from webvoyager_gym.cli.printing import fail
from webvoyager_gym.cli.serving import serve_until_interrupted

if TYPE_CHECKING:
    from webvoyager_gym.viewer import Source, Wanted

MOST = 20
"""Episodes that a page holds unless --most says otherwise; each is a megabyte or more with its screenshots."""


def view(
    what: Annotated[
        str,
        typer.Argument(
            metavar="ID|FOLDER|RESULT.json",
            help="A dataset, also while it is being recorded, or a result of an evaluation.",
            show_default=False,
        ),
    ],
    episode: Annotated[
        int | None, typer.Option(min=0, help="Open, export or film this episode, counted from 0.", show_default=False)
    ] = None,
    show: Annotated[
        str, typer.Option(help="Of the list: done, failed, broken, or a kind of failure such as good_not_chosen.")
    ] = "",
    site: Annotated[str, typer.Option(help="Of the list: those of this site.")] = "",
    agent: Annotated[str, typer.Option(help="Of the list: those of this agent.")] = "",
    q: Annotated[
        Path | None,
        typer.Option(help="A trained Q-function; shows what it thinks of recorded candidates.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write one self-contained HTML file and serve nothing.", show_default=False),
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="With --out: at most so many episodes.")] = MOST,
    video: Annotated[
        Path | None,
        typer.Option(help="Write an episode as .gif or .webp and serve nothing.", show_default=False),
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 for any that is free.", show_default=False)
    ] = 0,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """Look at episodes step by step: screenshots, candidates, scores, verdicts. Ctrl-C ends it."""
    from webvoyager_gym.report import wording
    from webvoyager_gym.results import FAILURE_KINDS
    from webvoyager_gym.viewer import ViewerApp, Wanted, open_source, write_episodes, write_video

    if show not in ("", *wording.OUTCOMES, *FAILURE_KINDS):
        raise typer.BadParameter(f"--show {show} is none of {', '.join([*wording.OUTCOMES, *FAILURE_KINDS])}.")
    if q is None:
        source = open_source(what)
    else:
        from webvoyager_gym.q_function import QFunction

        source = open_source(what, QFunction.load(q))
    wanted = Wanted(show=show, site=site, agent=agent)
    # What is damaged, a wrong number, a Q-function of another width: all of that is said before there is a page.
    source.entries()
    if episode is not None:
        source.episode(episode)
    if out is not None:
        numbers = [episode] if episode is not None else _numbers(source, wanted)[:most]
        page = write_episodes(source, numbers, out)
        print(f"{len(numbers)} episode{'' if len(numbers) == 1 else 's'} in {page}, {page.stat().st_size / 1e6:.1f} MB")
    if video is not None:
        number = episode if episode is not None else _numbers(source, wanted)[0]
        print(f"Episode {number} in {write_video(source, number, video)}, {video.stat().st_size / 1e6:.1f} MB")
    if out is not None or video is not None:
        return

    def ready(served_on: int) -> None:
        path = "" if episode is None else f"episode/{episode}"
        query = f"?{wanted.query}" if wanted.query else ""
        address = f"http://127.0.0.1:{served_on}/{path}{query}"
        print(f"{source.name} is at {address} until Ctrl-C", flush=True)
        if browser:
            webbrowser.open(address)

    serve_until_interrupted(ViewerApp(source), port, ready)


def _numbers(source: Source, wanted: Wanted) -> list[int]:
    numbers = [entry.number for entry in wanted.of(source.entries())]
    if not numbers:
        fail(f"No episode of {source.name} is like that; leave out --show, --site or --agent.")
    return numbers
