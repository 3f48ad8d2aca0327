"""Paths of the checkout that tests read, and a copy of it that may be changed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
"""The top of the checkout."""

DATA = ROOT / "tests" / "data"
"""Vectors and small pages."""


def copy_checkout(target: Path) -> None:
    """Copy the files of the checkout, in which nothing else is changed meanwhile."""
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout
    for name in names.splitlines():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)
