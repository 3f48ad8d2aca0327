"""The plain-text reader: the press article with dateline and speakers, and any other text."""

from __future__ import annotations

import re
from collections import Counter

from archive.document_account import DocumentAccount
from archive.errors import IntakeError
from archive.records import LONGEST_HEADLINE, Article, Caption, Origin, Section, Speaker
from indexer.intake.bylines import split_names
from indexer.intake.encodings import decode_text, with_decoding
from indexer.intake.stated_dates import is_dateline, read_date
from indexer.vietnamese.dates import weekday_agrees

READER = "text"
READER_VERSION = 5

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
_PICTURE_NUMBER = re.compile(r"\s{1,8}-\s?\d+$")
_LETTER = re.compile(r"[^\W_]")
_LONGEST_BYLINE = 60


def read_text(data: bytes, source: str, encoding: str = "") -> Article:
    """Read the article in a text file.

    Args:
        data: Its bytes.
        source: The place that they were read from.
        encoding: Their encoding where somebody knows it; empty otherwise.

    Raises:
        IntakeError: the bytes are no text, or hold no words.
    """
    decoded = decode_text(data, encoding=encoding)
    article = _read_lines(decoded.text, Origin(source, READER, READER_VERSION))
    return with_decoding(article, decoded, encoding)


def _read_lines(text: str, origin: Origin) -> Article:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    # Lone dots and dashes are left over from a page's layout.
    lines_with_words = [line for line in lines if _LETTER.search(line)]
    if not lines_with_words:
        raise IntakeError("holds no words")
    title, paragraphs = lines_with_words[0], lines_with_words[1:]
    if paragraphs and (_DATELINE.fullmatch(paragraphs[0]) or is_dateline(paragraphs[0])):
        return _press_article(title, paragraphs, origin)
    if len(title.split()) > LONGEST_HEADLINE:
        title, paragraphs = "", lines_with_words
    sections = (Section(tuple(paragraphs)),) if paragraphs else ()
    return Article(title=title, origin=origin, sections=sections)


def _press_article(title: str, lines: list[str], origin: Origin) -> Article:
    stated = read_date(lines[0])
    published = stated.when if stated else None
    captions, paragraphs = _split_captions(lines[1:])
    authors, paragraphs = _split_byline(paragraphs)
    lead = paragraphs.pop(0) if paragraphs and not _SPEAKER.fullmatch(paragraphs[0]) else ""
    if published and not weekday_agrees(lines[0], published):
        # One of the two is a slip: the article is sorted by the date, and readers see the line.
        paragraphs.insert(0, lines[0])
    return Article(
        title=title,
        origin=origin,
        lead=lead,
        sections=_sections(paragraphs),
        captions=captions,
        authors=authors,
        published=published,
        account=None if stated else DocumentAccount(unread_dates=(lines[0],)),
        published_precision=stated.precision.of_record if stated else "",
    )


def _split_captions(lines: list[str]) -> tuple[tuple[Caption, ...], list[str]]:
    """Split the captions from the other lines: they end in a picture's number, or repeat."""
    counts = Counter(lines)
    captions = [line for line in counts if _PICTURE_NUMBER.search(line) or counts[line] > 2]
    texts = dict.fromkeys(_PICTURE_NUMBER.sub("", line) for line in captions)
    paragraphs = [line for line in lines if line not in set(captions)]
    return tuple(Caption(text) for text in texts), paragraphs


def _split_byline(lines: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Split the names of the byline from the other lines: a short last one without full stop."""
    if len(lines) < 3 or len(lines[-1]) > _LONGEST_BYLINE or lines[-1][-1] in '.!?:…”"':
        return (), lines
    # What is no name by its looks stands where names stand.
    return split_names(lines[-1]) or (lines[-1],), lines[:-1]


def _sections(lines: list[str]) -> tuple[Section, ...]:
    """Return the sections of a press article; each begins with the heading of a speaker."""
    sections: list[tuple[list[str], str, Speaker | None]] = [([], "", None)]
    for line in lines:
        speech = _SPEAKER.fullmatch(line)
        if speech:
            speaker = Speaker(speech["name"], speech["rank"], speech["role"])
            sections.append(([], speech["heading"], speaker))
        else:
            sections[-1][0].append(line)
    return tuple(
        Section(tuple(paragraphs), heading, speaker)
        for paragraphs, heading, speaker in sections
        if paragraphs or heading
    )
