"""Paths of the checkout that tests read."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent
"""The top of the checkout."""

DATA = ROOT / "tests" / "data"
"""Vectors and small pages."""
