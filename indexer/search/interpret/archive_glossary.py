"""The glossary of one archive: shipped, defined by its articles, and the operator's own."""

from __future__ import annotations

import threading
from errno import ELOOP
from pathlib import Path

from archive.errors import EngineError
from archive.files.plain_files import open_plain_file
from indexer.derived.acronym_definitions import AcronymDefinitions, load_acronym_definitions
from indexer.vietnamese.glossary import (
    BadLine,
    Entry,
    Glossary,
    common_names,
    merge_glossaries,
    parse_glossary,
    shipped_entries,
)

GLOSSARY_FILE = "glossary.tsv"
"""The operator's glossary in an archive's home: short form, tab, long form on each line."""

SMALL_ARCHIVE = 100
"""In an archive with fewer articles a single definition of an acronym is accepted."""

_LARGEST_FILE = 4 << 20


class ArchiveGlossary:
    """The glossary of one archive, read again when the generation or the operator's file changes.

    Safe to share between threads.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._sources: tuple[object, ...] = ()
        self._glossary = Glossary()

    def get(self, generation: Path, documents: int) -> Glossary:
        """Return the glossary for the generation in a folder, which has this many documents."""
        sources = (generation, _file_state(self._home / GLOSSARY_FILE))
        with self._lock:
            if sources != self._sources:
                self._glossary = self._merge(generation, documents)
                self._sources = sources
            return self._glossary

    def _merge(self, generation: Path, documents: int) -> Glossary:
        try:
            definitions = load_acronym_definitions(generation)
        except EngineError:
            # Searches do without damaged definitions; `tangthu verify` names the damage.
            definitions = AcronymDefinitions()
        entries, _ = read_operator_glossary(self._home)
        least = 1 if documents < SMALL_ARCHIVE else 2
        shipped = (*shipped_entries(), *common_names())
        return merge_glossaries(shipped, definitions.counts(), entries, least)


def read_operator_glossary(home: Path) -> tuple[tuple[Entry, ...], tuple[BadLine, ...]]:
    """Return the entries of the operator's glossary, and its lines that cannot be used.

    A file that is missing has neither; one that cannot be read is named as its line 1.
    """
    try:
        with open_plain_file(home / GLOSSARY_FILE) as file:
            content = file.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        return (), ()
    except OSError as error:
        reason = "it is no plain file" if error.errno == ELOOP else error.strerror
        return (), (BadLine(1, "", f"the file cannot be read: {reason}"),)
    text = content[:_LARGEST_FILE].decode("utf-8", "replace")
    if len(content) <= _LARGEST_FILE:
        return parse_glossary(text)
    # The last line may be cut: it is left out with what follows.
    whole, _, rest = text.rpartition("\n")
    entries, bad_lines = parse_glossary(whole)
    number = whole.count("\n") + 2
    reason = f"what follows is beyond {_LARGEST_FILE >> 20} MB and is not read"
    return entries, (*bad_lines, BadLine(number, rest[:80], reason))


def _file_state(path: Path) -> tuple[int, int]:
    """Return the time and size of a file, which change when it is written; zeros without one."""
    try:
        state = path.stat()
    except OSError:
        return (0, 0)
    return (state.st_mtime_ns, state.st_size)
