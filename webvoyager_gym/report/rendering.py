"""From templates to whole HTML pages: texts escaped, style and scripts inline, and a policy that allows no others."""

from __future__ import annotations

import base64
import functools
import hashlib
from importlib import resources
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from webvoyager_gym.report import wording

REPORT = "webvoyager_gym.report"
VIEWER = "webvoyager_gym.viewer"


def render(
    template: str,
    *,
    styles: tuple[tuple[str, str], ...] = ((REPORT, "page.css"),),
    scripts: tuple[tuple[str, str], ...] = ((REPORT, "page.js"),),
    images: str = "data:",
    forms: str = "'none'",
    package: str = VIEWER,
    **context: Any,
) -> str:
    """A page as HTML.

    Args:
        template: name of a template that extends `layout.html`.
        styles, scripts: (package, file) of each, all put into the page.
        images, forms: where pictures may come from and forms may go, as a content security policy says it.
        package: where templates are looked for that the report does not have.
        context: what the template asks for.
    """
    return (
        _templates(package)
        .get_template(template)
        .render(
            **context,
            wording=wording,
            style=Markup("\n".join(_part(*style) for style in styles)),
            scripts=[Markup(_part(*script)) for script in scripts],
            policy=policy(scripts, images, forms),
        )
    )


def policy(scripts: tuple[tuple[str, str], ...], images: str, forms: str) -> str:
    """A content security policy under which nothing runs but these scripts."""
    sources = " ".join(f"'sha256-{_digest(_part(*script))}'" for script in scripts)
    return (
        f"default-src 'none'; img-src {images}; style-src 'unsafe-inline'; script-src {sources}; "
        f"base-uri 'none'; form-action {forms}"
    )


@functools.cache
def _templates(package: str) -> Environment:
    return Environment(
        loader=ChoiceLoader([PackageLoader(REPORT), PackageLoader(package)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@functools.cache
def _part(package: str, name: str) -> str:
    return resources.files(package).joinpath("templates", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
