"""The list of changes that no test noticed, in Markdown: `survivors.md`, and what a run writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.mutation.mutations import Mutation

LISTED = Path(__file__).with_name("survivors.md")
"""The survivors of the samples, each with its reason."""

_ROW = re.compile(r"\| `([^`]+)` \| `(.+)` \| `(.+)` \|")
_BAR = "¦"
"""What stands for a `|`, which would end a cell."""


class Survivor(NamedTuple):
    """A change that no test noticed: the module, the code, and what it becomes."""

    module: str
    code: str
    change: str

    def __str__(self) -> str:
        code, change = (text.replace("|", _BAR) for text in (self.code, self.change))
        return f"| `{self.module}` | `{code}` | `{change}` |"


def survivor_of(mutation: Mutation | ListedMutation, code: str) -> Survivor:
    """Return a mutation of the code of a module as it is listed."""
    return Survivor(mutation.module, *mutation.lines(code))


def read_survivors(path: Path) -> set[Survivor]:
    """Return the survivors in the tables of a file."""
    rows = map(_ROW.fullmatch, path.read_text(encoding="utf-8").splitlines())
    return {Survivor(*(cell.replace(_BAR, "|") for cell in row.groups())) for row in rows if row}


@dataclass(frozen=True)
class ListedMutation:
    """A listed change, made again by its text; `first` and `last` are its line, from 1."""

    survivor: Survivor
    first: int
    indent: str

    @property
    def module(self) -> str:
        """The path of the module."""
        return self.survivor.module

    @property
    def last(self) -> int:
        """The last line that changes."""
        return self.first

    def apply(self, code: str) -> str:
        """Return the changed code of the module."""
        lines = code.split("\n")
        lines[self.first - 1] = self.indent + self.survivor.change
        return "\n".join(lines)

    def lines(self, code: str) -> tuple[str, str]:
        """Return the line that changes, as it was and as it becomes."""
        return self.survivor.code, self.survivor.change


def choose_again(
    checkout: Path, modules: list[str], survivors: set[Survivor]
) -> Iterator[ListedMutation]:
    """Yield the listed survivors of some modules at every line that has their code."""
    for survivor in sorted(survivors):
        if survivor.module not in modules:
            continue
        lines = (checkout / survivor.module).read_text(encoding="utf-8").split("\n")
        places = [number for number, line in enumerate(lines, 1) if line.strip() == survivor.code]
        if not places:
            print(f"not there any more, or of several lines: {survivor}", flush=True)
        for number in places:
            line = lines[number - 1]
            yield ListedMutation(survivor, number, line[: len(line) - len(line.lstrip())])
