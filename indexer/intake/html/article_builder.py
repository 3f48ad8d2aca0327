"""Blocks made into an article's text: lead, sections, captions and the byline at its end."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.records import Caption, Section
from indexer.intake.html.blocks import Block, BlockKind
from indexer.vietnamese.dates import moment

_LONGEST_HEADING = 200
_LONGEST_BYLINE = 100
_LONGEST_DATELINE = 60
_SHORTEST_LEAD = 60
_TOP = 8
_TAIL = 4
"""Blocks at the end among which names are looked for."""

_PREFIX = re.compile(r"^\W*(?:[\w.&Đđ]+(?: [Tt]rí| Online)?)\W*[-–—]\s*")
_CREDIT = re.compile(
    r"(?:[-–—.(\[]|\s)\s*(?:Ảnh|ẢNH|Nguồn ảnh|Ảnh chụp màn hình|Nguồn|Photo|Đồ họa|Graphic)"
    r"\s*:\s*(?P<credit>[^()\[\]]{2,100}?)\s*[)\].]*$"
)
_NAME = r"[A-ZĐÀ-Ỹ][\w.'’]*"
_NAMES = re.compile(
    r"(?:Theo |Bài và ảnh:? ?|Bài, ảnh:? ?|Tin,? ảnh:? ?|Bài:? |Tác giả:? ?|PV |Thực hiện:? ?)?"
    rf"{_NAME}(?:[ \-–/,&]+(?:và )?{_NAME}){{0,9}}"
    r"(?: ?\((?:tổng hợp|lược dịch|biên dịch|[Tt]heo [^)]{1,60}|t/h|T\.H|TTXVN|ghi|th)\))?",
)
_AGENCY = re.compile(r"\((?:[Tt]heo )?[\w+./ \-]{2,40}\)|(?:Theo|Nguồn:?) [A-ZĐ][\w+./ \-]{1,40}")
_BEFORE_NAMES = re.compile(
    r"^(?:Theo|Nguồn|Bài và ảnh|Bài, ảnh|Tin,? ảnh|Bài|Tác giả|Thực hiện|Bởi|By)(?:\s*:\s*|\s+)"
)
_BETWEEN_NAMES = re.compile(r"\s*(?:;|,|/| - | – | \| | & |\bvà\b)\s*")


@dataclass(frozen=True, slots=True)
class Body:
    """The article's text: a lead that stood in it, sections, captions, names at its end."""

    lead: str
    sections: tuple[Section, ...]
    captions: tuple[Caption, ...]
    byline: tuple[str, ...]


def read_text(
    blocks: list[Block], title: str, lead: str, said: str, authors: tuple[str, ...]
) -> Body:
    """The article in its blocks.

    Args:
        blocks: in reading order.
        title: of the article; left out where it is repeated.
        lead: found elsewhere; left out where it is repeated. Empty if there is none.
        said: the description in the metadata, by which a lead without a name is known.
        authors: known names; a last line that holds only them is left out.
    """
    captions = _captions(blocks)
    blocks = _below_title(blocks, title)
    known = {_bare(text) for text in (title, lead, *(caption.text for caption in captions)) if text}
    known.discard("")
    named = [block.text for block in blocks if block.kind is BlockKind.BYLINE]
    rest = [
        block
        for block in blocks
        if block.kind not in (BlockKind.CAPTION, BlockKind.CREDIT, BlockKind.BYLINE)
    ]
    rest = [block for block in rest if _bare(block.text) not in known]
    if not lead and rest and _is_lead(rest[0], said):
        lead = rest.pop(0).text
    found, rest = _without_byline(rest, authors)
    names = found or tuple(name for text in named for name in split_names(text))
    return Body(lead, _sections(rest), captions, tuple(dict.fromkeys(names)))


def _below_title(blocks: list[Block], title: str) -> list[Block]:
    """The blocks without what stands above the title, and without the date right below it."""
    bare = _bare(title)
    top = [at for at, block in enumerate(blocks[:_TOP]) if _bare(block.text) == bare]
    kept = blocks[top[-1] + 1 :] if top else list(blocks)
    for at, block in enumerate(kept[:_TOP]):
        if len(block.text) > _LONGEST_DATELINE:
            break
        when = moment(block.text)
        if when is not None and (when.hour or when.minute) and block.kind is not BlockKind.CAPTION:
            names = Block(BlockKind.BYLINE, block.text)
            return [*kept[:at], names, *kept[at + 1 :]]
    return kept


def split_names(text: str) -> tuple[str, ...]:
    """The names in a byline, without what is said around them."""
    text = re.sub(r"\S+@\S+", "", text)
    text = re.sub(r"\s*\([^)]*\)\s*$", "", text.strip())
    text = _BEFORE_NAMES.sub("", text)
    # `Ban Thời sự - Thứ hai, ngày 19/12/2022`: what comes with a date is no name.
    text = re.split(r"\d|\b[Tt]hứ (?:hai|ba|tư|năm|sáu|bảy|[Hh]ai|[2-7])|\b[Cc]hủ nhật", text)[0]
    parts = (part.strip(" .:-–—|·•*") for part in _BETWEEN_NAMES.split(text))
    return tuple(part for part in parts if 2 <= len(part) <= 60 and part[0].isupper())


def _captions(blocks: list[Block]) -> tuple[Caption, ...]:
    """Each caption once; its credit is what it says itself, else the credit that follows it."""
    found: dict[str, Caption] = {}
    last = ""
    for block in blocks:
        if block.kind is BlockKind.CAPTION:
            credit = _CREDIT.search(block.text)
            last = block.text
            found.setdefault(last, Caption(last, credit["credit"].strip() if credit else ""))
        elif block.kind is BlockKind.CREDIT and last:
            if not found[last].credit:
                name = re.sub(r"^(?:Ảnh|ẢNH|Nguồn)\s*:\s*", "", block.text)
                found[last] = Caption(last, name)
        else:
            last = ""
    return tuple(found.values())


def _bare(text: str) -> str:
    """A text for comparing: without the paper's name in front, case and punctuation."""
    text = _PREFIX.sub("", text)
    return "".join(filter(str.isalnum, text)).lower()


def _is_lead(block: Block, said: str) -> bool:
    """Whether the first block of a text is its lead: set in bold, or what the metadata quote."""
    if len(block.text) < _SHORTEST_LEAD:
        return False
    if block.kind in (BlockKind.BOLD, BlockKind.HEADING):
        return True
    return bool(said) and _bare(said) == _bare(block.text)


def _without_byline(
    blocks: list[Block], authors: tuple[str, ...]
) -> tuple[tuple[str, ...], list[Block]]:
    """Names, and agencies in brackets, in the last few blocks."""
    kept = list(blocks)
    names: list[str] = []
    agencies: list[str] = []
    for at in range(len(kept) - 1, max(len(kept) - 1 - _TAIL, 0), -1):
        block = kept[at]
        if len(block.text) > _LONGEST_BYLINE or block.kind is BlockKind.HEADING:
            break
        if _is_known(block.text, authors):
            del kept[at]
        elif _AGENCY.fullmatch(block.text):
            inner = block.text[1:-1] if block.text.startswith("(") else block.text
            agencies = [*split_names(inner), *agencies]
            del kept[at]
        elif _is_names(block):
            names = [*split_names(block.text), *names]
            del kept[at]
        else:
            break
    return tuple(names or agencies), kept


def _is_names(block: Block) -> bool:
    found = _NAMES.fullmatch(block.text)
    if found is None or len(block.text) > 80:
        return False
    # A single word is a name only where names stand.
    return " " in block.text.strip() or block.right or block.kind is BlockKind.BOLD


def _is_known(text: str, authors: tuple[str, ...]) -> bool:
    """Whether nothing but known names, and at most a short remark, is in a text."""
    rest = text.lower()
    for name in authors:
        rest = rest.replace(name.lower(), "")
    return len(rest) < len(text) and len("".join(filter(str.isalnum, rest))) <= 16


def _sections(blocks: list[Block]) -> tuple[Section, ...]:
    sections: list[Section] = []
    heading, paragraphs = "", list[str]()
    for block in blocks:
        if not _is_heading(block):
            paragraphs.append(block.text)
            continue
        if paragraphs or heading:
            sections.append(Section(tuple(paragraphs), heading))
        heading, paragraphs = block.text, []
    if paragraphs or heading:
        sections.append(Section(tuple(paragraphs), heading))
    return tuple(sections)


def _is_heading(block: Block) -> bool:
    if block.kind is BlockKind.HEADING:
        return len(block.text) <= _LONGEST_HEADING
    return (
        block.kind is BlockKind.BOLD
        and not block.right
        and len(block.text) <= _LONGEST_HEADING
        and block.text[-1] not in ".,;…"
    )
