"""Progress of long tasks: a bar with rate and remaining time on a terminal, else plain lines."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from tqdm import tqdm

_SECONDS_BETWEEN_LINES = 10.0


class ProgressBar:
    """A callback for (done, total) that displays them; a context manager that ends the bar.

    Args:
        label: name of the task.
        unit: name of the things that are counted; `B` is displayed as bytes.
    """

    def __init__(self, label: str, unit: str) -> None:
        self._label, self._unit = label, unit
        self._bar: tqdm[None] | None = None
        self._last = time.monotonic()
        self._started = self._last

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, done: int, total: int) -> None:
        """Display the progress; a total of 0 is unknown."""
        if sys.stderr.isatty():
            self._show_bar(done, total)
        elif time.monotonic() - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = time.monotonic()
            self._show_line(done, total)

    def _show_bar(self, done: int, total: int) -> None:
        if self._bar is None:
            # Most commands have no terminal or are done at once.
            from tqdm import tqdm

            scaled = self._unit == "B"
            self._bar = tqdm(
                total=total or None, desc=self._label, unit=self._unit, unit_scale=scaled
            )
        if total:
            self._bar.total = total
        self._bar.update(done - self._bar.n)

    def _show_line(self, done: int, total: int) -> None:
        rate = done / max(self._last - self._started, 1e-9)
        remaining = f", {(total - done) / rate:.0f} s left" if total and rate else ""
        of_all = f" of {total}" if total else ""
        click.echo(
            f"{self._label}: {done}{of_all} {self._unit} ({rate:.0f} a second{remaining})", err=True
        )
