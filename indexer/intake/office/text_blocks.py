"""Blocks of runs: what the readers of office documents gather, and the sections made of it.

A run is a text in one font. The runs of the whole document are decoded at once, since only all
of them together tell whether a legacy font drew a text (`legacy.font_runs`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

from archive.errors import IntakeError
from archive.records import LONGEST_HEADLINE, Article, Origin, Section
from indexer.intake.encodings import with_charsets
from indexer.intake.legacy.charsets import Charset
from indexer.intake.legacy.font_runs import decode_runs
from indexer.vietnamese.normalization import canonical, fold

LINE_BREAK = "\n"
"""The sign in a run that ends a line inside a paragraph."""

_NO_HEADLINE_END = tuple(".;,:!?…")


@dataclass(slots=True)
class RunBlock:
    """A paragraph, a heading or a row of a table, as runs of font and text.

    Attributes:
        runs: Font (empty where unknown) and text of each run.
        is_heading: Whether it begins a section.
        locator: The place that it begins (`trang chiếu 3`); empty where it begins none.
        is_title: Whether the document calls it its title.
    """

    runs: list[tuple[str, str]] = field(default_factory=list)
    is_heading: bool = False
    locator: str = ""
    is_title: bool = False

    def add(self, font: str, text: str) -> None:
        """Add a run."""
        if text:
            self.runs.append((font, text))


def row_blocks(cells: list[list[RunBlock]]) -> list[RunBlock]:
    """Return one block for a row of short cells, the blocks of the cells for any other row."""
    if any(len(cell) > 1 for cell in cells):
        return [block for cell in cells for block in cell]
    row = RunBlock()
    for cell in cells:
        for block in cell:
            if row.runs:
                row.runs.append((row.runs[-1][0], " "))
            row.runs += block.runs
    return [row]


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """The statements of a document about itself.

    Attributes:
        title: Its title; counts where the text shows it, or where `is_certain`.
        is_certain: Whether the format's titles are written by people (books).
        authors: The names of its authors.
        language: The label of its language; empty where unknown.
    """

    title: str = ""
    is_certain: bool = False
    authors: tuple[str, ...] = ()
    language: str = ""


def article_of(blocks: list[RunBlock], head: DocumentHead, origin: Origin) -> Article:
    """Return the article of a document's blocks.

    Raises:
        IntakeError: they hold no words.
    """
    texts, charsets = _decoded(blocks)
    sections = _sections(blocks, texts)
    if not any(map(str.isalnum, "".join(line for lines in texts for line in lines))):
        raise IntakeError("holds no words")
    article = Article(
        title=_title(blocks, texts, head),
        origin=origin,
        sections=sections,
        authors=head.authors,
        language=head.language[:8].partition("-")[0].lower() or "vi",
    )
    return with_charsets(article, charsets)


def _decoded(blocks: list[RunBlock]) -> tuple[list[list[str]], tuple[Charset, ...]]:
    """Return the lines of every block, and the legacy character sets that they were in."""
    joined = [
        (number, font, "".join(text for _, text in runs))
        for number, block in enumerate(blocks)
        for font, runs in groupby(block.runs, key=lambda run: run[0])
    ]
    decoded = decode_runs([(font, text) for _, font, text in joined])
    texts = [""] * len(blocks)
    for (number, _, _), text in zip(joined, decoded.texts, strict=True):
        texts[number] += text
    lines = [
        [line for part in text.split(LINE_BREAK) if (line := " ".join(canonical(part).split()))]
        for text in texts
    ]
    return lines, decoded.charsets


def _sections(blocks: list[RunBlock], texts: list[list[str]]) -> tuple[Section, ...]:
    """Return the sections: each begins with a heading or at a place of its own."""
    sections: list[tuple[list[str], str, str]] = [([], "", "")]
    for block, lines in zip(blocks, texts, strict=True):
        if block.locator and block.locator != sections[-1][2]:
            sections.append(([], "", block.locator))
        if block.is_heading and lines:
            paragraphs, heading, locator = sections[-1]
            if paragraphs or heading:
                sections.append(([], " ".join(lines), locator))
            else:
                sections[-1] = paragraphs, " ".join(lines), locator
        else:
            sections[-1][0].extend(lines)
    return tuple(
        Section(tuple(paragraphs), heading, locator=locator)
        for paragraphs, heading, locator in sections
        if paragraphs or heading
    )


def _title(blocks: list[RunBlock], texts: list[list[str]], head: DocumentHead) -> str:
    """Return the title that the document shows: as its title, as stated, or in its first line."""
    shown = (" ".join(lines) for block, lines in zip(blocks, texts, strict=True) if block.is_title)
    stated = " ".join(canonical(head.title).split())
    opening = fold(" ".join(line for lines in texts[:30] for line in lines)).lower()
    if stated and (head.is_certain or (" " in stated and fold(stated).lower() in opening)):
        return stated
    if title := next(shown, ""):
        return title
    lines = [line for lines in texts for line in lines][:2]
    is_headline = len(lines) == 2 and not lines[0].endswith(_NO_HEADLINE_END)
    return lines[0] if is_headline and len(lines[0].split()) <= LONGEST_HEADLINE else ""
