"""Measure the names of the code: vague words, twins, riddles, and the newcomer's search terms.

`python -m tests.naming [FOLDER]` lists the places, for whoever wants to mend them.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.paths import DATA, ROOT

PACKAGES = ("archive", "indexer", "web")


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file and what stands there."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def word_lists() -> list[list[str]]:
    """The lists of `names.txt`: vague names, search terms, forbidden beginnings of docstrings."""
    lists: list[list[str]] = []
    for line in (DATA / "names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            lists.append([])
        elif line and not line.startswith("#"):
            lists[-1].append(line)
    return lists


VAGUE_NAMES = frozenset(" ".join(word_lists()[0]).split())
SEARCH_TERMS = tuple(word_lists()[1])
RIDDLES = tuple(word_lists()[2])


def sources(folder: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the path and syntax tree of every module below a folder of the checkout."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def bound_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield every name that is bound by assignment, loop or parameter, and its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno


def vague_names(folder: str) -> tuple[list[Place], int]:
    """Return the bindings with a vague name, and the number of all bindings."""
    bindings = [(path, *binding) for path, tree in sources(folder) for binding in bound_names(tree)]
    vague = [Place(path, line, name) for path, name, line in bindings if name in VAGUE_NAMES]
    return vague, len(bindings)


def class_twins() -> dict[str, list[str]]:
    """Return the classes that are defined in more than one module, with their modules."""
    modules = defaultdict[str, list[str]](list)
    for package in PACKAGES:
        for path, tree in sources(package):
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    modules[node.name].append(path)
    return {name: paths for name, paths in modules.items() if len(paths) > 1}


def file_twins() -> dict[str, list[str]]:
    """Return the file names that occur more than once, with their paths."""
    allowed = {"__init__.py", "errors.py", "records.py", "engine.py"}
    paths = [path for package in PACKAGES for path, _ in sources(package)]
    names = Counter(Path(path).name for path in paths)
    return {
        name: [path for path in paths if Path(path).name == name]
        for name, count in names.items()
        if count > 1 and name not in allowed
    }


def misplaced_tests() -> list[str]:
    """Return the test files whose path mirrors no module, other file or folder of a package."""
    return [
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in sorted((ROOT / "tests" / package).rglob("test_*.py"))
        if not _mirrors_something(path.relative_to(ROOT / "tests"))
    ]


def _mirrors_something(test: Path) -> bool:
    names = {path.name.split(".")[0] for path in (ROOT / test.parent).glob("*")}
    return test.stem.removeprefix("test_") in names


def riddles(folder: str) -> list[Place]:
    """Return the docstrings whose first sentence hides its noun."""
    places = []
    for path, tree in sources(folder):
        for node in ast.walk(tree):
            text = _docstring(node)
            if text and re.match("|".join(rf"{re.escape(words)}\b" for words in RIDDLES), text):
                places.append(Place(path, getattr(node, "lineno", 1), text.splitlines()[0]))
    return places


def _docstring(node: ast.AST) -> str | None:
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
        return ast.get_docstring(node)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        # The sentence below a constant or an attribute.
        return node.value.value if isinstance(node.value.value, str) else None
    return None


def unknown_terms() -> list[str]:
    """Return the search terms that occur nowhere in code or docstrings."""
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    ).lower()
    patterns = {term: re.sub(r"\\ ", "[ _-]", re.escape(term.lower())) for term in SEARCH_TERMS}
    return [term for term, pattern in patterns.items() if not re.search(pattern, text)]


def main(folders: list[str]) -> None:
    """Print what a folder's names could say better."""
    for folder in folders or PACKAGES:
        vague, bindings = vague_names(folder)
        for place in (*vague, *riddles(folder)):
            print(place)
        print(f"{folder}: {len(vague)} of {bindings} names are vague ({len(vague) / bindings:.1%})")
    print("classes twice:", class_twins(), "files twice:", file_twins())
    print("tests that mirror nothing:", misplaced_tests())
    print("search terms without a hit:", unknown_terms())


if __name__ == "__main__":
    main(sys.argv[1:])
