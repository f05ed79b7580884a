"""What a tree was walked with: everything beside task and actions that decides what is seen and proposed."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from webvoyager_gym.errors import InvalidFile, WebVoyagerError

FILE = "tree.json"
"""Says, in the folder of a growing tree, what it is walked with."""
VERSION = 1


@dataclass(frozen=True, slots=True)
class Model:
    """A frozen model.

    Attributes:
        asked: the name it is loaded by; "" if it was given as an object.
        name: what it calls itself.
        weights: digest of its weights, "" where they are not at hand.
        size: D, the width of its embeddings; 0 if it does not embed.
        embedding_id: what decides its embeddings; None if it does not say or does not embed.
    """

    asked: str
    name: str
    weights: str = ""
    size: int = 0
    embedding_id: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What a tree was walked with.

    Attributes:
        suite: name of the suite, looks included.
        viewport: (width, height) in CSS pixels.
        max_steps: prompts say it.
        n_candidates: N.
        proposer, embedder: the models; the embedder is None if there are no embeddings.
    """

    suite: str
    viewport: tuple[int, int]
    max_steps: int
    n_candidates: int
    proposer: Model
    embedder: Model | None

    @property
    def width(self) -> int:
        """D; 0 without an embedder."""
        return self.embedder.size if self.embedder is not None else 0

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return json.loads(json.dumps(asdict(self)))

    @classmethod
    def read(cls, document: Any, where: str) -> Settings:
        """From JSON.

        Raises:
            InvalidFile: it is damaged.
        """
        try:
            width, height = document["viewport"]
            models = [document[name] and Model(**document[name]) for name in ("proposer", "embedder")]
            settings = cls(
                str(document["suite"]),
                (int(width), int(height)),
                int(document["max_steps"]),
                int(document["n_candidates"]),
                models[0],
                models[1],
            )
            if not isinstance(settings.proposer, Model) or not 1 <= settings.n_candidates <= 64:
                raise ValueError("no proposer, or no usable number of candidates")
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidFile(
                f"{where} does not say what the tree was walked with ({error}); bring it again."
            ) from error
        return settings


def check_agreement(there: Settings, now: Settings, where: str) -> None:
    """Refuse to walk a tree with other settings than those it was begun with.

    Raises:
        WebVoyagerError: naming what differs.
    """
    before, after = there.document(), now.document()
    differing = [name for name in before if before[name] != after[name]]
    if differing:
        name = differing[0]
        raise WebVoyagerError(
            f"The tree {where} was walked with {name} {json.dumps(before[name])}, not with {json.dumps(after[name])}; "
            "go on with the same, or name another folder."
        )


def read_settings(folder: Path) -> Settings | None:
    """The settings in the folder of a growing tree, None if it was not begun. Raises InvalidFile."""
    path = folder / FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        version = document["version"]
    except FileNotFoundError:
        return None
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InvalidFile(f"{path} is damaged ({error}); remove the folder to begin anew.") from error
    if version != VERSION:
        raise InvalidFile(
            f"{path} is of version {version!r} and this package reads {VERSION}; use the one that wrote it."
        )
    return Settings.read(document.get("settings"), str(path))


def write_settings(folder: Path, settings: Settings) -> Settings:
    """Begin a growing tree; gives the settings that it then has, which another process may have written before."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, delete=False) as file:
        file.write(json.dumps({"version": VERSION, "settings": settings.document()}, indent=1) + "\n")
    os.chmod(file.name, 0o644)
    try:
        # A link is there whole or not at all, and never in place of another.
        os.link(file.name, folder / FILE)
    except FileExistsError:
        pass
    finally:
        os.unlink(file.name)
    return read_settings(folder) or settings
