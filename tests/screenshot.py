"""Take the picture of the results page that the README shows: `make screenshot`.

The page is that of `tangthu demo`: the first article, found without diacritics.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browsing import FLAGS, browser_path
from tests.paths import ROOT

TARGET = ROOT / "web" / "images" / "results.png"
QUERY = "/?q=cong+an+nhan+dan&lang=vi"
SIZE = {"width": 900, "height": 640}


def take_screenshot(address: str, target: Path) -> None:
    """Save the page at an address as a PNG file."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        page = browser.new_page(viewport=SIZE)
        page.goto(address)
        page.screenshot(path=target)
        browser.close()


def main() -> None:
    """Serve the demo on a free port, take the picture, and stop the server."""
    command = [sys.executable, "-m", "web.cli.main", "demo", "--port", "0"]
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1"}
        server = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout is not None
            output = iter(server.stdout.readline, "")
            address = next(m[0] for line in output if (m := re.search(r"http://[\d.:]+", line)))
            take_screenshot(address + QUERY, TARGET)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
