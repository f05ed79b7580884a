"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from algorithms.configure import ALGORITHMS

DatasetName = Annotated[str, typer.Option(help="Id of a dataset, or its folder.", show_default=False)]
Algo = Annotated[str, typer.Option(help=f"One of {', '.join(ALGORITHMS)}.")]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:<index>.")]
Updates = Annotated[int, typer.Option(min=1, help="Updates of each training.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", help="Change a setting, as in --set expectile=0.8. Repeatable.")
]


def numbers_of(seeds: str) -> list[int]:
    """The seeds in a text such as "0,1,2", ascending, each once.

    Raises:
        BadParameter: it holds something else.
    """
    if not all(text.strip().isdecimal() for text in seeds.split(",")):
        raise typer.BadParameter(f"Seeds are numbers with commas between them, such as 0,1,2, not {seeds!r}.")
    return sorted({int(text) for text in seeds.split(",")})
