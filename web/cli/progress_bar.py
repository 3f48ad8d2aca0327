"""Progress of long tasks: a bar with rate and remaining time on a terminal, else plain lines."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from archive.upkeep.running_jobs import RunningJob
from web.cli.output_language import output_language
from web.cli.printed_output import print_line
from web.cli.translated_output import translate
from web.languages.english_numbers import agree, plural_of
from web.languages.message_catalogue import style_number

if TYPE_CHECKING:
    from tqdm import tqdm

_SECONDS_BETWEEN_LINES = 10.0


_FORESEEN_PARTS = 1000
"""Of so many parts of the work one has to be done before the rest is foreseen."""

_NO_COUNTS: Mapping[str, int] = MappingProxyType({})


class ProgressBar:
    """A callback for (done, total) that displays them; a context manager that ends the bar.

    Args:
        label: name of the task.
        unit: name of the things that are counted; `B` is displayed as bytes.
        job: tells the operator's page as well.
    """

    def __init__(self, label: str, unit: str, job: RunningJob | None = None) -> None:
        self._label, self._unit = translate(label), unit
        self._job = job
        self._bar: tqdm[None] | None = None
        self._last = time.monotonic()
        self._started = self._last

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, done: int, total: int, counts: Mapping[str, int] = _NO_COUNTS) -> None:
        """Display the progress.

        Args:
            done: What is done, in units.
            total: All there is to do; 0 is unknown.
            counts: What else is counted meanwhile, by its name: displayed with rates.
        """
        if self._job:
            self._job(done, total)
        if sys.stderr.isatty():
            self._show_bar(done, total, counts)
        elif time.monotonic() - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = time.monotonic()
            self._show_line(done, total, counts)

    def _show_bar(self, done: int, total: int, counts: Mapping[str, int]) -> None:
        if self._bar is None:
            # Most commands have no terminal or are done at once.
            from tqdm import tqdm

            is_bytes = self._unit == "B"
            self._bar = tqdm(
                total=total or None,
                desc=self._label,
                unit=translate(self._unit),
                unit_scale=is_bytes,
                dynamic_ncols=True,
            )
        if total:
            self._bar.total = total
        if counts:
            self._bar.set_postfix_str(self._rates(counts), refresh=False)
        self._bar.update(done - self._bar.n)

    def _show_line(self, done: int, total: int, counts: Mapping[str, int]) -> None:
        rate = done / self._seconds
        is_english = output_language() == "en"
        unit = translate(self._unit.replace("B", "MB"))
        if is_english:
            unit = plural_of(unit)
        # The first documents of an archive say nothing of the pace of all.
        is_foreseen = total and done * _FORESEEN_PARTS >= total
        remaining = f", {_remaining_time((total - done) / rate)}" if is_foreseen else ""
        shown = self._amount(done)
        shown += f" {translate('of')} {self._amount(total)}" if total else ""
        pace = translate(f"{self._amount(rate)} a second") + remaining
        rates = f"; {self._rates(counts)}" if counts else ""
        line = f"{self._label}: {shown} {unit}"
        print_line(f"{agree(line) if is_english else line} ({pace}){rates}", err=True)

    def _amount(self, units: float) -> str:
        """Return a number of units as text; bytes as megabytes."""
        amount = f"{units / 1e6:,.1f}" if self._unit == "B" else f"{units:,.0f}"
        return style_number(amount) if output_language() == "vi" else amount

    def _rates(self, counts: Mapping[str, int]) -> str:
        """Return counts with their names and rates as one text."""
        return ", ".join(
            translate(f"{count} {name} ({count / self._seconds:.0f} a second)")
            for name, count in counts.items()
        )

    @property
    def _seconds(self) -> float:
        return max(time.monotonic() - self._started, 1e-9)


def _remaining_time(seconds: float) -> str:
    """Return how long something still lasts, in the language of the output."""
    minutes = round(seconds / 60)
    if minutes < 2:
        return translate(f"{seconds:.0f} s left")
    if minutes < 120:
        return translate(f"{minutes} min left")
    return translate(f"{minutes // 60} h {minutes % 60} min left")
