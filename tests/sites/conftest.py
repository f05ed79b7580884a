"""What the tests of every local site start from: the site served on loopback, and somebody who visits it.

A test module names its site in `SITE` and has a fixture `world`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sites.visiting import ServedSite, Visitor, served


@pytest.fixture(scope="module")
def web(request: pytest.FixtureRequest) -> Iterator[ServedSite]:
    with served(request.module.SITE) as site:
        yield site


@pytest.fixture
def visitor(web: ServedSite, world: Any) -> Visitor:
    return web.visitor(world)
