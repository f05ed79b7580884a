"""Result folders as WebVoyager's own program leaves them, made up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

URL = "https://shop.example/"
OMITTED = "Observation: A screenshot and some texts. (Omitted in context.)"
ASKS = "please analyze the attached screenshot, says the program.\n"
ELEMENTS = '[0]: <button> "Menu", "Open the menu";\t[3]: "Red  mug";\t[7]: <input> "";'
LISTED = '[0] button "Menu", "Open the menu"\n[3] element "Red mug"\n[7] textbox'
SIZE = (64, 48)


@dataclass(frozen=True)
class Turn:
    """What the agent is shown or told, and its reply.

    Attributes:
        reply: None where the run was broken off.
        told: in the place of a page, what the program says of a reply that could not be carried out.
        warned: what it says beside a page.
        whole: whether the message was kept in full, as the last few are.
    """

    reply: str | None
    told: str = ""
    warned: str = ""
    whole: bool = False


def reply(action: str, thought: str = "A thought.") -> str:
    return f"Thought: {thought}\n\nAction: {action}"


def messages(goal: str, turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """The content of interact_messages.json."""
    said: list[dict[str, Any]] = [{"role": "system", "content": "Rules."}]
    task = f"Now given a task: {goal}  Please interact with {URL} and get the answer."
    for number, turn in enumerate(turns):
        before = "" if number else task
        if turn.told:
            content: Any = turn.told
        elif turn.whole:
            text = f"{before and before + ' '}Observation:{turn.warned} {ASKS}{ELEMENTS}"
            image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,{b64_img}"}}
            content = [{"type": "text", "text": text}, image]
        else:
            content = before + OMITTED
        said.append({"role": "user", "content": content})
        if turn.reply is not None:
            said.append({"role": "assistant", "content": turn.reply})
    return said


def task_folder(parent: Path, name: str, turns: Sequence[Turn], *, goal: str = "Find a mug.", log: str = "") -> Path:
    """A task's folder; every page shown has a screenshot of a colour of its own."""
    folder = parent / f"task{name}"
    folder.mkdir(parents=True)
    text = json.dumps(messages(goal, turns), indent=2)
    (folder / "interact_messages.json").write_text(text, encoding="utf-8")
    (folder / "agent.log").write_text(f"INFO - ########## TASK{name} ##########\n{log}", encoding="utf-8")
    for number, turn in enumerate(turns, 1):
        if not turn.told:
            Image.new("RGBA", SIZE, colour(number)).save(folder / f"screenshot{number}.png")
    return folder


def colour(number: int) -> tuple[int, int, int]:
    return (20 * number, 200 - 10 * number, 7 * number)


def evaluation_log(*verdicts: tuple[str, str, str]) -> str:
    """What the judge prints of (name of the task, words, verdict)."""
    lines = []
    for name, words, verdict in verdicts:
        lines += [
            f"--------------------- ../results/examples/task{name} ---------------------",
            "Calling the judge......",
            "{'role': 'user', 'content': [{'type': 'text', 'text': 'TASK'}]}",
            words,
            f"Auto_eval_res: {verdict}",
            "",
        ]
    return "\n".join(lines)
