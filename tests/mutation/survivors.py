"""The list of changes that no test noticed, in Markdown: `survivors.md`, and what a run writes."""

from __future__ import annotations

import re
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


def survivor_of(mutation: Mutation, code: str) -> Survivor:
    """Return a mutation of the code of a module as it is listed."""
    return Survivor(mutation.module, *mutation.lines(code))


def read_survivors(path: Path) -> set[Survivor]:
    """Return the survivors in the tables of a file."""
    rows = map(_ROW.fullmatch, path.read_text(encoding="utf-8").splitlines())
    return {Survivor(*(cell.replace(_BAR, "|") for cell in row.groups())) for row in rows if row}


def choose_again(
    checkout: Path, mutations: list[Mutation], survivors: set[Survivor]
) -> list[Mutation]:
    """Return the mutations that are listed survivors, as far as their code is there."""
    chosen: dict[Survivor, Mutation] = {}
    codes = {
        mutation.module: (checkout / mutation.module).read_text(encoding="utf-8")
        for mutation in mutations
    }
    listed = {(survivor.module, survivor.code) for survivor in survivors}
    for mutation in mutations:
        lines = codes[mutation.module].split("\n")[mutation.first - 1 : mutation.last]
        # Most mutations need not be made to be told apart.
        if any((mutation.module, line.strip()) in listed for line in lines):
            survivor = survivor_of(mutation, codes[mutation.module])
            if survivor in survivors:
                chosen[survivor] = mutation
    return list(chosen.values())
