"""One picture of all local sites.

python -m webvoyager_gym.sites.contact_sheet --out webvoyager_gym/sites/contact_sheet.png
"""

from __future__ import annotations

import base64
import io
import math
from pathlib import Path
from typing import Annotated

import typer
from PIL import Image, ImageDraw, ImageFont
from rich.console import Console
from rich.progress import track

from webvoyager_gym.browser.loop import browser_loop
from webvoyager_gym.browser.page import BrowserPage
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.sites.kit.server import DOMAIN
from webvoyager_gym.tasks.local import LocalSuite, LocalTask, local_web

VIEWPORT = (1024, 768)
COLUMNS, GAP, CAPTION = 3, 24, 40
SCALE, COLOURS = 0.5, 256
DEADLINE = 60.0
_BACKGROUND, _INK = (244, 245, 247), (40, 44, 52)


async def _first_page(page: BrowserPage, site: str) -> Image.Image:
    """The site's first page, without marks."""
    await page.renew()
    session = await LocalTask(site, load_site(site).templates[0].name, "train", 0).setup(page)
    try:
        if load_site(site).start and session.episode.look.consent:
            session.episode.banner = False
            await page.goto(f"http://{site}.{DOMAIN}{load_site(site).start}")
        shot = await page.send("Page.captureScreenshot", format="png")
    finally:
        local_web().app.close_episode(session.token)
    return Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")


def sheet(pages: dict[str, Image.Image]) -> Image.Image:
    """The pages in a grid, each with its site's title and name under it."""
    width, height = (round(side * SCALE) for side in VIEWPORT)
    rows = math.ceil(len(pages) / COLUMNS)
    size = (COLUMNS * (width + GAP) + GAP, rows * (height + CAPTION + GAP) + GAP)
    whole = Image.new("RGB", size, _BACKGROUND)
    draw = ImageDraw.Draw(whole)
    font = ImageFont.load_default(20)
    for number, (name, page) in enumerate(pages.items()):
        x = GAP + number % COLUMNS * (width + GAP)
        y = GAP + number // COLUMNS * (height + CAPTION + GAP)
        whole.paste(page.resize((width, height), Image.Resampling.LANCZOS), (x, y))
        draw.rectangle((x - 1, y - 1, x + width, y + height), outline=(208, 212, 218))
        draw.text((x, y + height + 8), f"{load_site(name).title}  ·  {name}", font=font, fill=_INK)
    return whole


def main(out: Annotated[Path, typer.Option(help="PNG file to write.")]) -> None:
    """Take the picture."""
    page = BrowserPage(executable=None, resolver_rules=LocalSuite().resolver_rules, viewport=VIEWPORT)
    loop = browser_loop()
    names = track(SITES, description="sites", console=Console(stderr=True))
    pages = {name: loop.run(_first_page(page, name), DEADLINE) for name in names}
    loop.run(page.close(), DEADLINE)
    sheet(pages).quantize(COLOURS, dither=Image.Dither.NONE).save(out, optimize=True)


if __name__ == "__main__":
    typer.run(main)
