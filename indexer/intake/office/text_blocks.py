"""Blocks of runs: what the readers of office documents gather, and the sections made of it.

A run is a text in one font. The runs of the whole document are decoded at once, since only all
of them together tell whether a legacy font drew a text (`legacy.font_runs`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby

from archive.captured_picture import CapturedPicture
from archive.document_account import DocumentAccount
from archive.errors import IntakeError
from archive.records import LONGEST_HEADLINE, Article, Origin, Section
from indexer.intake.encodings import with_charsets
from indexer.intake.legacy.charsets import Charset
from indexer.intake.legacy.font_runs import decode_runs
from indexer.intake.markup.pictures import LEAST_SIDE, LONGEST_ALT, MOST_PICTURES, picture_place
from indexer.vietnamese.normalization import canonical, fold

LINE_BREAK = "\n"
"""The sign in a run that ends a line inside a paragraph."""

_OPENING_BLOCKS = 30
"""Blocks at the beginning of a document in which its stated title may stand."""

_NO_HEADLINE_END = tuple(".;,:!?…")


@dataclass(slots=True)
class RunBlock:
    """A paragraph, a heading or a row of a table, as runs of font and text.

    Attributes:
        runs: Font (empty where unknown) and text of each run.
        is_heading: Whether it begins a section.
        locator: The place that it begins (`trang chiếu 3`); empty where it begins none.
        is_title: Whether the document calls it its title.
        pictures: The pictures in it; they stand below its text, or below that before it.
    """

    runs: list[tuple[str, str]] = field(default_factory=list)
    is_heading: bool = False
    locator: str = ""
    is_title: bool = False
    pictures: list[CapturedPicture] = field(default_factory=list)

    def add(self, font: str, text: str) -> None:
        """Add a run."""
        if text:
            self.runs.append((font, text))


def row_blocks(cells: list[list[RunBlock]]) -> list[RunBlock]:
    """Return one block for a row of short cells, the blocks of the cells for any other row.

    Blocks without text are left out; their pictures stand below the row.
    """
    wordless = [picture for cell in cells for b in cell if not b.runs for picture in b.pictures]
    cells = [[block for block in cell if block.runs] for cell in cells]
    if any(len(cell) > 1 for cell in cells):
        blocks = [block for cell in cells for block in cell]
    else:
        blocks = [RunBlock()]
        for block in (block for cell in cells for block in cell):
            if blocks[0].runs:
                blocks[0].runs.append((blocks[0].runs[-1][0], " "))
            blocks[0].runs += block.runs
            blocks[0].pictures += block.pictures
    blocks[-1].pictures += wordless
    return blocks


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


def article_of(
    blocks: list[RunBlock],
    head: DocumentHead,
    origin: Origin,
    account: DocumentAccount | None = None,
) -> Article:
    """Return the article of a document's blocks.

    Args:
        blocks: The blocks.
        head: What the document states about itself.
        origin: Where it was read from.
        account: The account of what was not read; None where all was.

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
        language=head.language[:8].partition("-")[0].lower(),
        pictures=_pictures(blocks, texts),
        account=account,
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


def _pictures(blocks: list[RunBlock], texts: list[list[str]]) -> tuple[CapturedPicture, ...]:
    """Return the pictures of blocks, each once, with the places where they stand."""
    pictures: dict[str, CapturedPicture] = {}
    last = ""
    for block, lines in zip(blocks, texts, strict=True):
        last = (" ".join(lines) if block.is_heading else lines[-1]) if lines else last
        for picture in block.pictures:
            placed = replace(picture, follows=picture_place(last))
            pictures.setdefault(picture.embedded, placed)
    return tuple(pictures.values())[:MOST_PICTURES]


def office_picture(key: str, alt: str, sides: tuple[int, int]) -> list[CapturedPicture]:
    """Return the picture of a package as a list; an empty one for an icon, or without a key."""
    width, height = sides
    if not key or 0 < width < LEAST_SIDE or 0 < height < LEAST_SIDE:
        return []
    alt = " ".join(canonical(alt).split())[:LONGEST_ALT]
    has_sides = width > 0 and height > 0
    return [
        CapturedPicture((), key, alt, "", width if has_sides else 0, height if has_sides else 0)
    ]


def _opens_with(texts: list[list[str]], title: str) -> bool:
    """Tell whether the beginning of a document shows a title."""
    opening = " ".join(line for lines in texts[:_OPENING_BLOCKS] for line in lines)
    return fold(title).lower() in fold(opening).lower()


def _title(blocks: list[RunBlock], texts: list[list[str]], head: DocumentHead) -> str:
    """Return the title that the document shows: as its title, as stated, or in its first line."""
    shown = (" ".join(lines) for block, lines in zip(blocks, texts, strict=True) if block.is_title)
    stated = " ".join(canonical(head.title).split())
    if stated and (head.is_certain or (" " in stated and _opens_with(texts, stated))):
        return stated
    if title := next(shown, ""):
        return title
    lines = [line for lines in texts for line in lines][:2]
    is_headline = len(lines) == 2 and not lines[0].endswith(_NO_HEADLINE_END)
    return lines[0] if is_headline and len(lines[0].split()) <= LONGEST_HEADLINE else ""
