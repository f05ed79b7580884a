"""Kept screenshots: WebP files whose bytes may come from anybody."""

from __future__ import annotations

import base64
from pathlib import Path

VIEWPORT = (1024, 768)
"""CSS pixels of a screenshot whose size cannot be read."""


def kept_picture(folder: Path | None, name: str) -> bytes:
    """A kept screenshot; b"" if there is none. Only WebP files in the folder are read."""
    if folder is None or not name:
        return b""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        return b""
    content = path.read_bytes()
    return content if is_webp(content) else b""


def is_webp(content: bytes) -> bool:
    """Whether the bytes begin as a WebP file does."""
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def data_uri(content: bytes) -> str:
    """A WebP file as an address that holds it."""
    return "data:image/webp;base64," + base64.b64encode(content).decode()


def webp_size(content: bytes) -> tuple[int, int]:
    """Width and height of a lossy or lossless WebP file; VIEWPORT for other kinds."""
    kind = content[12:16]
    if kind == b"VP8 " and len(content) >= 30:
        return int.from_bytes(content[26:28], "little") & 0x3FFF, int.from_bytes(content[28:30], "little") & 0x3FFF
    if kind == b"VP8L" and len(content) >= 25:
        packed = int.from_bytes(content[21:25], "little")
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    return VIEWPORT
