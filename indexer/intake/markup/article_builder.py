"""Build the body of an article from blocks: lead, sections, captions, the byline at its end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.captured_picture import CapturedPicture
from archive.records import Caption, Section
from indexer.intake.bylines import is_organisation, is_person, split_names
from indexer.intake.markup.blocks import BlockKind, TextBlock
from indexer.intake.markup.invitations import is_invitation, is_notice
from indexer.intake.stated_dates import DatePrecision, date_in_text

_LONGEST_HEADING = 200
_LONGEST_BYLINE = 100
_LONGEST_DATELINE = 60
_LONGEST_ANNOUNCEMENT = 80
_SHORTEST_LEAD = 60
_TOP_BLOCKS = 8
"""Blocks at the start among which a repeated title and the dateline are looked for."""

_LAST_BLOCKS = 4
"""Blocks at the end among which names are looked for."""

_PUBLISHER_PREFIX = re.compile(
    r"\A[^\w\-–—]{0,8}[\w.&]{1,40}(?: [Tt]rí| Online)?[^\w\-–—]{0,8}[-–—]\s{0,8}"
)
_CREDIT = re.compile(
    r"(?:[-–—.(\[]|\s)\s{0,3}(?:Ảnh|ẢNH|Nguồn ảnh|Ảnh chụp màn hình|Nguồn|Photo|Đồ họa|Graphic)"
    r"\s{0,3}:\s{0,3}(?P<credit>[^()\[\]]{2,100}?)\s{0,3}[)\].]{0,5}$"
)
_NAME = r"[A-ZĐÀ-Ỹ][\w.'’]*"
_NAMES = re.compile(
    r"(?:Theo |Bài và ảnh:? ?|Bài, ảnh:? ?|Tin,? ảnh:? ?|Bài:? |Tác giả:? ?|PV |Thực hiện:? ?)?"
    rf"{_NAME}(?:[ \-–/,&]+(?:và )?{_NAME}){{0,9}}"
    r"(?: ?\((?:tổng hợp|lược dịch|biên dịch|[Tt]heo [^)]{1,60}|t/h|T\.H|TTXVN|ghi|th)\))?",
)
_AGENCY = re.compile(r"\((?:[Tt]heo )?[\w+./ \-]{2,40}\)|(?:Theo|Nguồn:?) [A-ZĐ][\w+./ \-]{1,40}")


@dataclass(frozen=True, slots=True)
class ArticleBody:
    """The text of an article: lead, sections, captions, the names at its end, its pictures."""

    lead: str = ""
    sections: tuple[Section, ...] = ()
    captions: tuple[Caption, ...] = ()
    byline: tuple[str, ...] = ()
    pictures: tuple[CapturedPicture, ...] = ()

    @property
    def length(self) -> int:
        """The characters of all its text."""
        lines = [line for part in self.sections for line in (part.heading, *part.paragraphs)]
        return sum(map(len, (self.lead, *lines, *(caption.text for caption in self.captions))))


def build_body(
    blocks: list[TextBlock], title: str, lead: str, description_hint: str, authors: tuple[str, ...]
) -> ArticleBody:
    """Build the body of an article from its blocks.

    Args:
        blocks: The blocks of its main content in reading order.
        title: Title of the article; left out where it is repeated.
        lead: A lead outside the blocks; left out where it is repeated. Empty if there is none.
        description_hint: The description in the metadata, which tells an unnamed lead.
        authors: Names from the metadata; a last line that holds only them is left out.
    """
    captions = _captions(blocks)
    blocks = _below_title(blocks, title)
    if lead and _bare(lead) == _bare(title):
        lead = ""
    repeated = {_bare(text) for text in (title, lead, *(caption.text for caption in captions))}
    repeated.discard("")
    bylines = [block.text for block in blocks if block.kind is BlockKind.BYLINE]
    paragraphs = [
        block
        for block in blocks
        if block.kind not in (BlockKind.CAPTION, BlockKind.CREDIT, BlockKind.BYLINE)
        and _bare(block.text) not in repeated
        and not is_invitation(block.text, 0.0)
    ]
    if not lead and paragraphs and _is_lead(paragraphs[0], description_hint):
        lead = paragraphs.pop(0).text
    paragraphs = _without_notices(paragraphs)
    last_names, paragraphs = _split_byline(paragraphs, authors)
    while paragraphs and _announces_nothing(paragraphs[-1]):
        paragraphs.pop()
    names = last_names or tuple(name for text in bylines for name in _bearers(text))
    return ArticleBody(lead, _sections(paragraphs), captions, tuple(dict.fromkeys(names)))


def _below_title(blocks: list[TextBlock], title: str) -> list[TextBlock]:
    """Return the blocks below a repeated title; a dateline there becomes a byline."""
    bare = _bare(title)
    titles = []
    for i, block in enumerate(blocks[:_TOP_BLOCKS] if bare else ()):
        if block.kind is not BlockKind.CAPTION and _bare(block.text) == bare:
            titles.append(i)
        elif (
            block.kind in (BlockKind.PARAGRAPH, BlockKind.BOLD)
            and len(block.text) > _LONGEST_BYLINE
        ):
            break
    below = blocks[titles[-1] + 1 :] if titles else list(blocks)
    for i, block in enumerate(below[:_TOP_BLOCKS]):
        if len(block.text) > _LONGEST_DATELINE:
            break
        date = date_in_text(block.text)
        has_clock = date is not None and date.precision is DatePrecision.CLOCK
        if has_clock and block.kind is not BlockKind.CAPTION:
            return [*below[:i], TextBlock(BlockKind.BYLINE, block.text), *below[i + 1 :]]
    return below


def _captions(blocks: list[TextBlock]) -> tuple[Caption, ...]:
    """Return each caption once, with the credit in its own text or else in the block below it."""
    captions: dict[str, Caption] = {}
    last = ""
    for block in blocks:
        if block.kind is BlockKind.CAPTION:
            credit = _CREDIT.search(block.text)
            last = block.text
            captions.setdefault(last, Caption(last, credit["credit"].strip() if credit else ""))
        elif block.kind is BlockKind.CREDIT and last:
            if not captions[last].credit:
                name = re.sub(r"^(?:Ảnh|ẢNH|Nguồn)\s*:\s*", "", block.text)
                captions[last] = Caption(last, name)
        else:
            last = ""
    return tuple(captions.values())


def _bare(text: str) -> str:
    """Return a text for comparison, without the paper's name in front, case and punctuation."""
    text = text[prefix.end() :] if (prefix := _PUBLISHER_PREFIX.match(text)) else text
    return "".join(filter(str.isalnum, text)).lower()


def _is_lead(block: TextBlock, description_hint: str) -> bool:
    """Tell whether the first block is the lead: set in bold, or quoted in the metadata."""
    if len(block.text) < _SHORTEST_LEAD:
        return False
    if block.kind in (BlockKind.BOLD, BlockKind.HEADING):
        return True
    return bool(description_hint) and _bare(description_hint) == _bare(block.text)


def _split_byline(
    blocks: list[TextBlock], authors: tuple[str, ...]
) -> tuple[tuple[str, ...], list[TextBlock]]:
    """Split names, and agencies in brackets, in the last few blocks from the other blocks."""
    paragraphs = list(blocks)
    names: list[str] = []
    agencies: list[str] = []
    for i in range(len(paragraphs) - 1, max(len(paragraphs) - 1 - _LAST_BLOCKS, 0), -1):
        block = paragraphs[i]
        if len(block.text) > _LONGEST_BYLINE or block.kind is BlockKind.HEADING or block.is_item:
            break
        if not _holds_only(block.text, authors):
            if _AGENCY.fullmatch(block.text):
                inner = block.text[1:-1] if block.text.startswith("(") else block.text
                agencies = [*split_names(inner), *agencies]
            elif _is_names(block) and not authors:
                names = [*split_names(block.text), *names]
            else:
                break
        del paragraphs[i]
    if paragraphs and paragraphs[-1].text.endswith(":") and len(paragraphs) < len(blocks):
        # What a line announces is a list, of places as well as of people.
        return (), list(blocks)
    return tuple(names or agencies), paragraphs


def _bearers(byline: str) -> Iterator[str]:
    """Yield the names in a byline; a sentence about its author is none."""
    for name in split_names(byline):
        if is_person(name, ()) or is_organisation(name, ()):
            yield name


def _is_names(block: TextBlock) -> bool:
    if len(block.text) > 80 or not _NAMES.fullmatch(block.text):
        return False
    # A single word is a name only where names stand.
    return " " in block.text.strip() or block.right or block.kind is BlockKind.BOLD


def _holds_only(text: str, authors: tuple[str, ...]) -> bool:
    """Tell whether a text holds nothing but names of authors, and at most a short remark."""
    remark = text.lower()
    for name in authors:
        remark = remark.replace(name.lower(), "")
    return len(remark) < len(text) and len("".join(filter(str.isalnum, remark))) <= 16


def _sections(blocks: list[TextBlock]) -> tuple[Section, ...]:
    """Return the sections that the headings among some blocks begin."""
    sections: list[tuple[list[str], str]] = [([], "")]
    for block in blocks:
        if _is_heading(block):
            sections.append(([], block.text))
        else:
            sections[-1][0].append(block.text)
    # A heading that announces a list has lost it where there is nothing below.
    return tuple(
        Section(tuple(lines), heading)
        for lines, heading in sections
        if lines or (heading and not heading.endswith(":"))
    )


def _without_notices(blocks: list[TextBlock]) -> list[TextBlock]:
    """Return blocks without those of the last few that say whose the rights are."""
    first = max(len(blocks) - _LAST_BLOCKS, 1)
    return [*blocks[:first], *(block for block in blocks[first:] if not is_notice(block.text))]


def _announces_nothing(last: TextBlock) -> bool:
    """Tell whether a last block is a heading, or a line that announces what was left out."""
    if last.kind is BlockKind.HEADING:
        return True
    return len(last.text) <= _LONGEST_ANNOUNCEMENT and last.text.endswith(":")


def _is_heading(block: TextBlock) -> bool:
    is_line = block.kind is BlockKind.BOLD and not block.right and block.text[-1] not in ".,;…"
    return len(block.text) <= _LONGEST_HEADING and (block.kind is BlockKind.HEADING or is_line)
