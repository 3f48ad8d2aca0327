"""The small changes of the code that are tried, made by cosmic-ray, and those that are left out.

Left out by rule, whatever the tests: what says nothing of them.

- `|`, which nearly always is in an annotation that nothing evaluates, and operations on bits in the
  place of sums and products, which often give the same by accident (2 + 4 is 2 ^ 4);
- `is` in the place of `==` and the other way round, which depends on how Python keeps small values;
  an order (`<`) in the place of `is`;
- decorators of data classes (slots, frozen), the heads of structs, and `strict=` of `zip`: they
  guard against mistakes of programmers;
- definitions of a module's constants: limits and weights, chosen by measurement or taste, where a
  neighbouring value is as right, and a test would only repeat the number.

Of the variants of an operator at one place one is tried: a `/` between paths could become ten other
operators, which say all the same of the tests.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cosmic_ray.plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from tests.paths import ROOT

PACKAGES = (
    "archive",
    "indexer/indexing",
    "indexer/generations",
    "indexer/search/interpret",
    "indexer/search/execute",
    "web/http",
)
"""The packages whose tests have to notice."""

_LEFT_OUT = re.compile(
    r"core/(ReplaceBinaryOperator_(?:BitOr_\w+|\w+_(?:Bit(?:Or|And|Xor)|[LR]Shift))"
    r"|ReplaceComparisonOperator_(?:\w+_Is(?:Not)?|Is(?:Not)?_(?:Eq|NotEq|LtE?|GtE?)))"
)
_Position = tuple[int, int]
_OPPOSITES = ("core/ReplaceComparisonOperator_Is_IsNot", "core/ReplaceComparisonOperator_IsNot_Is")
_DECORATOR = re.compile(r"\s*(?:@dataclass|class \w+\(msgspec\.Struct)")
_CONSTANT = re.compile(r"[A-Z_][A-Z0-9_, ]*(?::[^=]*)?=(?!=)")


@dataclass(frozen=True)
class Mutation:
    """A small change of the code of a module.

    Attributes:
        module: the module's path below the checkout.
        operator: what cosmic-ray calls the change.
        occurrence: the place among those where the operator could change the module.
        first: the first line that changes, from 1.
        last: the last one.
    """

    module: str
    operator: str
    occurrence: int
    first: int
    last: int

    def apply(self, code: str) -> str:
        """Return the changed code of the module."""
        operator = cosmic_ray.plugins.get_operator(self.operator)()
        changed: str = mutate_code(code, operator, self.occurrence)
        return changed

    def lines(self, code: str) -> tuple[str, str]:
        """Return the lines that change, as they were and as they become."""
        pairs = zip(code.split("\n"), self.apply(code).split("\n"), strict=False)
        changed = [(old.strip(), new.strip()) for old, new in pairs if old != new]
        return " ".join(old for old, _ in changed), " ".join(new for _, new in changed)


def package_of(module: str) -> str:
    """Return the package of `PACKAGES` that a module is in; else its folder."""
    return next(
        (name for name in PACKAGES if module.startswith(f"{name}/")), str(Path(module).parent)
    )


def list_modules(places: list[str]) -> list[str]:
    """Return the modules at some places of the checkout."""
    paths = [ROOT / place for place in places]
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*.py"))]
    return sorted(str(file.relative_to(ROOT)) for file in files if file.stem != "__init__")


def list_mutations(checkout: Path, modules: list[str], chance: random.Random) -> list[Mutation]:
    """Return the mutations of some modules in an order of chance, one of a kind for each place."""
    changes = [change for module in modules for change in _mutations_of(checkout, module)]
    chance.shuffle(changes)
    places = {}
    for start, end, mutation in changes:
        kind = mutation.operator.partition("_")[0]
        places[mutation.module, start, end, kind] = mutation
    return list(places.values())


def _mutations_of(checkout: Path, module: str) -> Iterator[tuple[_Position, _Position, Mutation]]:
    """Yield start, end and mutation of every place of a module that no rule leaves out."""
    code = (checkout / module).read_text(encoding="utf-8")
    lines = code.split("\n")
    left_out = set(_lines_left_out(lines))
    nodes = list(ast_nodes(get_ast(code)))
    for name in sorted(cosmic_ray.plugins.operator_names()):
        operator_class = cosmic_ray.plugins.get_operator(name)
        if operator_class.arguments() or (_LEFT_OUT.fullmatch(name) and name not in _OPPOSITES):
            continue
        positions = (span for node in nodes for span in operator_class().mutation_positions(node))
        for occurrence, (start, end) in enumerate(positions):
            line = lines[start[0] - 1]
            is_strict = line[: start[1]].endswith("strict=")
            # cosmic-ray cannot replace an exception of a module (`zlib.error`).
            is_dotted = "Exception" in name and "." in line[start[1] : end[1]]
            if start[0] not in left_out and not is_strict and not is_dotted:
                yield start, end, Mutation(module, name, occurrence, start[0], end[0])


def _lines_left_out(lines: list[str]) -> Iterator[int]:
    """Yield the lines of the decorators of data classes, and of a module's constants."""
    is_inside = False
    for number, line in enumerate(lines, 1):
        if line and not line.startswith((" ", ")", "]", "}")):
            is_inside = bool(_CONSTANT.match(line))
        if is_inside or _DECORATOR.match(line):
            yield number
