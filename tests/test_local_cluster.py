"""`make cluster`: everything starts, both hosts find the sample, everything stops."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.local_cluster import reason_to_skip
from tests.paths import ROOT


@pytest.mark.slow
def test_the_cluster_starts_is_asked_and_stops() -> None:
    if (reason := reason_to_skip()) and not os.environ.get("CI"):
        pytest.skip(reason)
    done = subprocess.run(
        [sys.executable, "-m", "tests.local_cluster", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    assert "articles found by both hosts; engine green, originals ok" in done.stdout
