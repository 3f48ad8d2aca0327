"""What test modules share: readable assertions, a browser, and a served archive."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

# A machine that is busy with other work is no failure.
settings.register_profile("tangthu", deadline=None)
settings.load_profile("tangthu")

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browsing import Site

# Its assertions are read by people too, whichever module imports it first.
pytest.register_assert_rewrite("tests.engine_contract")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium, without a window."""
    # Imported here: most tests need neither a browser nor the pages.
    from playwright.sync_api import sync_playwright

    from tests.browsing import FLAGS, NAMES, REQUIRED

    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None and not os.environ.get(REQUIRED):
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A served archive with something of everything, and an empty one."""
    from tests.browsing import serve

    with serve(tmp_path_factory.mktemp("site")) as served:
        yield served
