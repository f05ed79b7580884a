"""What the browser's tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.driving import Driver
from tests.browser.pages import served


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    with served() as (address, _):
        driver = Driver(address)
        yield driver
        driver.close()
