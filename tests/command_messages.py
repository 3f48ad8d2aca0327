"""Finds what commands and errors say in the code, and brings it into the catalogue `commands.po`.

    python -m tests.command_messages

Found are the arguments of calls that say something or make an error or a problem of ours, the help
of commands and options, and in the rooms whose reasons reach an operator every text of two words or
more. What stands for a value is `{0}`, `{1}` and so on.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from tests.paths import ROOT
from web.languages.message_catalogue import FOLDER, flow_lines

PACKAGES = ("archive", "indexer", "web")

_SAYING = frozenset(
    "say translate UsageError BadParameter ProgressBar prompt NoteError FormError".split()
)
"""Calls whose texts are said to people, beside those of errors and problems."""

_TABLES = frozenset("COMMANDS PROBLEM_KINDS STATUS_LABELS CHANGE_KINDS NAMES ORIGINS".split())
"""Tables in the code whose values are said."""

_SILENT_ROOMS = (
    "indexer/vietnamese",
    "indexer/search",
    "indexer/analysis",
    "indexer/engine",
    "web/api",
    "web/export",
    "web/http",
    "web/pages",
    "web/site/accent_colours.py",
    "web/addresses",
    "web/citations",
    "web/languages/languages.py",
    "web/languages/content_languages.py",
    "web/languages/english_numbers.py",
    "archive/files/json_records.py",
    "indexer/intake/record_keys.py",
    "indexer/intake/encoding_labels.py",
    "indexer/intake/html",
    "indexer/intake/month_names.py",
    "indexer/intake/legacy",
    "indexer/intake/office",
)
"""Where only errors speak to an operator: other texts are data, or for pages."""

_DATA = frozenset(
    "split compile Meta Table text execute gettext lazy_gettext pgettext lazy_pgettext".split()
)
"""Calls whose texts are data, code, or sentences of the pages."""

_WORDS = re.compile(r"[a-z]{2,} [a-z]{2,}")
_LETTERS = re.compile(r"[A-Za-z]{2}")
_CODE = re.compile(r"SELECT |CREATE |INSERT |UPDATE |DELETE |PRAGMA|ALTER |import |return |\n|\(\?")


def _trees() -> dict[str, ast.Module]:
    paths = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


def _own_errors(trees: dict[str, ast.Module]) -> set[str]:
    """Return the names of all classes below `ArchiveError`."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    own = {"ArchiveError"}
    while more := {name for name, above in bases.items() if above & own} - own:
        own |= more
    return own


def skeleton(node: ast.expr) -> str | None:
    """Return the text of a string with `{0}` for each value in it; None of what is no string."""
    parts = list(_parts(node))
    if not any(isinstance(part, str) for part in parts):
        return None
    text, holes = "", 0
    for part in parts:
        text += part if isinstance(part, str) else f"{{{holes}}}"
        holes += not isinstance(part, str)
    return text


def _parts(node: ast.expr) -> Iterator[str | ast.expr]:
    """Yield the texts and the values of a string, of its pieces and of what is added to it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for value in node.values:
            yield from _parts(value) if isinstance(value, ast.Constant) else [value]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _parts(node.left)
        yield from _parts(node.right)
    else:
        yield node


def _strings(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Yield the strings in a part of the code, the longest first, and those in their values."""
    if isinstance(node, ast.expr) and (text := skeleton(node)) is not None:
        yield node, text
        for part in _parts(node):
            if isinstance(part, ast.FormattedValue):
                yield from _strings(part.value)
            elif isinstance(part, ast.expr):
                yield from _strings(part)
        return
    for child in ast.iter_child_nodes(node):
        yield from _strings(child)


def _name(call: ast.Call) -> str:
    function = call.func
    return getattr(function, "id", "") or getattr(function, "attr", "")


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Return the values of the constants of a module by name."""
    return {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _said_in_calls(tree: ast.Module, own: set[str]) -> Iterator[str]:
    constants = _constants(tree)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = _name(call)
        is_saying = name in _SAYING
        if is_saying or name in own or name.endswith("Problem"):
            for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
                if not is_saying and isinstance(argument, ast.Name):
                    argument = constants.get(argument.id, argument)
                for _, text in _strings(argument):
                    if _LETTERS.search(text) and (is_saying or " " in text):
                        yield text
        for keyword in call.keywords:
            if name in ("option", "argument") and keyword.arg == "help":
                yield from (text for _, text in _strings(keyword.value))


def _said_of_commands(tree: ast.Module) -> Iterator[str]:
    """Yield the help of commands, and the tables of what is said."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            decorators = [call for call in node.decorator_list if isinstance(call, ast.Call)]
            if {"command", "group"} & {_name(call) for call in decorators}:
                yield inspect.cleandoc(ast.get_docstring(node) or "")
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and target.id in _TABLES:
                # A command's own help follows the name of its module.
                for value in node.value.values:
                    yield from (text for _, text in [*_strings(value)][-1:])


def _worded(tree: ast.Module, own: set[str]) -> Iterator[str]:
    """Yield every text of two words or more that is no documentation, code or data."""
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            silent.add(id(node.value))
        elif isinstance(node, ast.Call) and _is_silent(_name(node), own):
            silent |= {id(inner) for inner in ast.walk(node)}
    for node, text in _strings(tree):
        if id(node) not in silent and _WORDS.search(text) and not _CODE.search(text):
            yield text


def _is_silent(name: str, own: set[str]) -> bool:
    """Tell whether the texts in a call are for programmers or machines."""
    is_foreign_error = name.endswith(("Error", "Exception")) and name not in own
    return is_foreign_error or name in _DATA


def command_messages() -> set[str]:
    """Return everything that commands and errors say, in English, with holes for values."""
    trees = _trees()
    own, said = _own_errors(trees), set[str]()
    for path, tree in trees.items():
        said |= set(_said_in_calls(tree, own))
        if path.startswith(("web/cli/", "indexer/intake/media_types.py")):
            said |= set(_said_of_commands(tree))
        if not path.startswith(_SILENT_ROOMS):
            said |= set(_worded(tree, own))
    return {flow_lines(text) for text in said if _LETTERS.search(re.sub(r"\{\d+\}", "", text))}


def wordless_sentences() -> list[str]:
    """Return the calls of `say` and `translate` with a text of values alone."""
    return [
        f"{path}:{call.lineno}: {text}"
        for path, tree in _trees().items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _name(call) in ("say", "translate") and call.args
        for text in [skeleton(call.args[0])]
        if text is not None and not _LETTERS.search(re.sub(r"\{\d+\}", "", text))
    ]


def main() -> None:
    """Bring the messages into the catalogue: new ones stay empty, old ones go."""
    path = Path(FOLDER) / "vi" / "LC_MESSAGES" / "commands.po"
    template = Catalog()
    for message in sorted(command_messages()):
        template.add(message)
    catalogue = Catalog(locale="vi")
    if path.exists():
        with path.open("rb") as lines:
            catalogue = read_po(lines, locale="vi")
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with path.open("wb") as out:
        write_po(out, catalogue, width=0, omit_header=True, sort_output=True)


if __name__ == "__main__":
    main()
