"""Plain text: the press article with dateline and speakers, and any other text file."""

from __future__ import annotations

import re
from collections import Counter

from archive.errors import IntakeError
from archive.records import Article, Caption, Origin, Section, Speaker
from indexer.intake.encodings import decode
from indexer.vietnamese.dates import moment, weekday_agrees

READER = "text"
READER_VERSION = 1

_DATELINE = re.compile(
    r"(?:(?:thứ\s+\w+|chủ nhật)\s*,?\s*)?(?:ngày\s+)?\d{1,2}/\d{1,2}/\d{4}\s*[,|\-]?\s*"
    r"(?:\d{1,2}[:h]\d{2})?(?:\s*\(?(?:GMT|UTC)?\s*\+\d{1,2}(?::?\d{2})?\)?)?",
    re.IGNORECASE,
)
_RANK = r"(?:(?:Thiếu|Trung|Thượng|Đại) (?:tướng|tá|úy|uý)|GS|PGS|TSKH|TS|ThS)\.?"
_NAME = r"[A-ZĐÀ-Ỹ][\w'’]*(?: [A-ZĐÀ-Ỹ][\w'’]*){1,4}"
_SPEAKER = re.compile(
    rf"(?P<rank>{_RANK}(?:[,.]? ?{_RANK})*) (?P<name>{_NAME}), (?P<role>[^:]{{3,200}}): "
    r"(?P<heading>.{3,300})"
)
_TAIL = re.compile(r"\s+-\s?\d+$")
_LETTER = re.compile(r"[^\W_]")
_LONGEST_BYLINE = 60


def read_text(data: bytes, source: str) -> Article:
    """The article in a text file.

    Raises:
        IntakeError: the bytes are no text, or hold no words.
    """
    lines = (" ".join(line.split()) for line in decode(data).split("\n"))
    # Lone dots and dashes are left over from a page's layout.
    lines_with_words = [line for line in lines if _LETTER.search(line)]
    if not lines_with_words:
        raise IntakeError("holds no words")
    origin = Origin(source, READER, READER_VERSION)
    title, rest = lines_with_words[0], lines_with_words[1:]
    if rest and _DATELINE.fullmatch(rest[0]):
        return _press_article(title, rest, origin)
    sections = (Section(tuple(rest)),) if rest else ()
    return Article(title=title, origin=origin, sections=sections)


def _press_article(title: str, lines: list[str], origin: Origin) -> Article:
    published = moment(lines[0])
    captions, rest = _without_captions(lines[1:])
    authors, rest = _without_byline(rest)
    lead = rest.pop(0) if rest and not _SPEAKER.fullmatch(rest[0]) else ""
    if published and not weekday_agrees(lines[0], published):
        # One of the two is a slip: the date is what is sorted by, and readers see the line.
        rest.insert(0, lines[0])
    return Article(
        title=title,
        origin=origin,
        lead=lead,
        sections=_sections(rest),
        captions=captions,
        authors=authors,
        published=published,
    )


def _without_captions(lines: list[str]) -> tuple[tuple[Caption, ...], list[str]]:
    """Lines that end in a picture's number, or come again and again, are captions."""
    counts = Counter(lines)
    captions = [line for line in counts if _TAIL.search(line) or counts[line] > 2]
    texts = dict.fromkeys(_TAIL.sub("", line) for line in captions)
    rest = [line for line in lines if line not in set(captions)]
    return tuple(Caption(text) for text in texts), rest


def _without_byline(lines: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """A short last line without a full stop is the byline."""
    if len(lines) < 3 or len(lines[-1]) > _LONGEST_BYLINE or lines[-1][-1] in '.!?:…”"':
        return (), lines
    names = re.split(r"\s*(?:,|;|/| - | và )\s*", lines[-1])
    return tuple(name for name in names if name), lines[:-1]


def _sections(lines: list[str]) -> tuple[Section, ...]:
    sections: list[Section] = []
    heading, speaker, paragraphs = "", None, list[str]()
    for line in [*lines, ""]:
        found = _SPEAKER.fullmatch(line)
        if found or not line:
            if paragraphs or heading:
                sections.append(Section(tuple(paragraphs), heading, speaker))
            if found:
                heading, paragraphs = found["heading"], []
                speaker = Speaker(found["name"], found["rank"], found["role"])
        else:
            paragraphs.append(line)
    return tuple(sections)
