"""The comments on the cells of a workbook: notes, and the threads that newer programs write."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from indexer.intake.office.package_files import PackageFiles
from indexer.intake.office.text_blocks import RunBlock


def read_comments(files: PackageFiles, part: str, locator: str) -> Iterator[RunBlock]:
    """Yield a block for every comment on a sheet: the name of its cell, and its words.

    Args:
        files: The files of the workbook.
        part: The name of the sheet's part.
        locator: The locator of the sheet's section.
    """
    parts: dict[str, list[str]] = {}
    for kind, target in files.relations(part).values():
        parts.setdefault(kind, []).append(target)
    threads = _comments(files, parts.get("threadedComment", []), "{*}threadedComment")
    notes = _comments(files, parts.get("comments", []), "{*}commentList/{*}comment")
    threaded = {cell for cell, _ in threads}
    # A program that writes threads repeats each as a note, for older ones.
    lines = [*threads, *(note for note in notes if note[0] not in threaded)]
    for cell, text in lines:
        yield RunBlock([("", f"{cell}: {text}" if cell else text)], locator=locator)


def _comments(files: PackageFiles, parts: list[str], path: str) -> list[tuple[str, str]]:
    """Return the cell and the words of each comment in some parts."""
    comments = []
    for part in parts:
        root = files.xml(part)
        if root is None:
            continue
        for comment in root.iterfind(path):
            if text := _words_of(comment):
                comments.append((comment.get("ref") or "", text))
    return comments


def _words_of(comment: etree._Element) -> str:
    """Return the words of a comment, without the reading aids of other scripts."""
    runs = comment.iterfind("{*}text/{*}r/{*}t")
    texts = [comment.findtext("{*}text") or "", comment.findtext("{*}text/{*}t") or ""]
    return " ".join("".join([*texts, *(run.text or "" for run in runs)]).split())
