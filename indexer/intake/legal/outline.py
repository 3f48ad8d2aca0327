"""The outline of a legal document: its parts, chapters and articles (Điều) as sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.records import Section

_LONGEST_HEADING = 250
_ARTICLE = re.compile(
    r"(?P<name>Điều\s{1,3}\d{1,4}[a-zđ]{0,2})\s{0,3}(?:[.:]\s{0,3}(?P<title>.*)|\Z)"
)
_PART = re.compile(
    r"(?P<name>(?:Phần\s{1,3}(?:thứ\s{1,3})?|Chương\s{1,3}|Mục\s{1,3}|Tiểu mục\s{1,3})"
    r"(?:[IVXLC]{1,8}|\d{1,3}|nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười))\b\s{0,3}[.:\-–]?\s{0,3}"
    r"(?P<title>.*)",
    re.IGNORECASE,
)
_ANNEX = re.compile(
    r"(?P<name>PHỤ LỤC(?:\s{1,3}(?:SỐ\s{1,3})?(?:[IVX]{1,5}|\d{1,3}))?)\b[.:]?(?P<title>.{0,200})"
)
_CLOSING = re.compile(r"\s{0,5}(?:Nơi nhận\s{0,3}:|(?:TM|KT|TL|TUQ)\s{0,2}\.\s{0,3}[A-ZĐÀ-Ỹ]{2})")
_CLAUSE = re.compile(r"(\d{1,3})\s{0,2}[.)]\s{1,5}\S")
_POINT = re.compile(r"([a-zđ]{1,2})\s?\)\s{0,5}\S")
_ARTICLE_LOCATOR = re.compile(r"Điều (\d{1,4})([a-zđ]{0,2})")
_PART_LOCATOR = re.compile(r"(chương|mục|phần) (?:thứ )?([ivxlc\d]{1,8})")
_PART_ANCHORS = {"chương": "chuong", "mục": "muc", "phần": "phan"}


@dataclass(frozen=True, slots=True)
class LegalLine:
    """One line of a document, and the page that it stands on: `trang 3`, and its number from 1."""

    text: str
    page: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class LegalClause:
    """A clause (khoản) or point (điểm): its anchor `dieu-1-khoan-2-diem-dd`, and its name."""

    anchor: str
    name: str


def count_legal_articles(lines: Iterable[LegalLine]) -> int:
    """Return the number of articles (Điều) that a document has."""
    return sum(_ARTICLE.fullmatch(line.text) is not None for line in lines)


def outline_sections(lines: Sequence[LegalLine]) -> tuple[Section, ...]:
    """Return the sections of a legal document; the locator of each is its name (`Điều 2a`)."""
    sections: list[tuple[list[str], str, str]] = [([], "", "")]
    numbers = [lines[0].number if lines else 0]
    is_title = False
    for place, line in enumerate(lines):
        if is_title:
            # The title of a chapter, which the line before took up.
            is_title = False
        elif article := _ARTICLE.fullmatch(line.text):
            sections.append(_article_section(article, line.page))
        elif part := _part_of(line.text):
            name, title = " ".join(part["name"].split()), part["title"].strip()
            following = lines[place + 1].text if place + 1 < len(lines) else ""
            if not title and following and not _begins_section(following):
                title, is_title = following, True
            sections.append(([], f"{name}: {title}" if title else name, _locator(name, line.page)))
        elif _CLOSING.match(line.text) and sections[-1][2]:
            sections.append(([line.text], "", ""))
        else:
            sections[-1][0].append(line.text)
        numbers += [line.number] * (len(sections) - len(numbers))
    return tuple(
        Section(tuple(paragraphs), heading, locator=locator, page=number)
        for (paragraphs, heading, locator), number in zip(sections, numbers, strict=True)
        if paragraphs or heading
    )


def _article_section(article: re.Match[str], page: str) -> tuple[list[str], str, str]:
    """Return the section of an article; its heading is the article's title, if it is short."""
    name, title = " ".join(article["name"].split()), (article["title"] or "").strip()
    locator = _locator(name, page)
    if len(title) > _LONGEST_HEADING:
        return [title], name, locator
    return [], f"{name}. {title}" if title else name, locator


def _part_of(text: str) -> re.Match[str] | None:
    if len(text) > _LONGEST_HEADING:
        return None
    part = _ANNEX.fullmatch(text) or _PART.fullmatch(text)
    title = part["title"].strip() if part else ""
    # A sentence may begin with a chapter's name (`Chương II của Nghị định này …`).
    return part if part and (not title or not title[0].islower()) else None


def _begins_section(text: str) -> bool:
    return bool(_ARTICLE.fullmatch(text) or _part_of(text)) or len(text) > _LONGEST_HEADING


def _locator(name: str, page: str) -> str:
    return f"{name}, {page}" if page else name


def section_anchor(section: Section) -> str:
    """Return the anchor of a section of a legal document (`dieu-2a`); empty for any other."""
    article = _ARTICLE_LOCATOR.match(section.locator)
    if article:
        return f"dieu-{article[1]}{article[2].replace('đ', 'dd')}"
    part = _PART_LOCATOR.match(section.locator.lower())
    return f"{_PART_ANCHORS[part[1]]}-{part[2]}" if part else ""


def legal_clauses(section: Section) -> Iterator[LegalClause | None]:
    """Yield the clause or point that each paragraph of a section begins, or None.

    Clauses count from 1 without gaps; points follow a clause, or stand in the article itself.
    """
    article = _ARTICLE_LOCATOR.match(section.locator)
    anchor, place, clause = section_anchor(section), article[0] if article else "", 0
    for paragraph in section.paragraphs:
        numbered, point = _CLAUSE.match(paragraph), _POINT.match(paragraph)
        if article is None:
            yield None
        elif numbered and int(numbered[1]) == clause + 1:
            clause += 1
            anchor = f"{section_anchor(section)}-khoan-{clause}"
            place = f"khoản {clause} {article[0]}"
            yield LegalClause(anchor, place)
        elif point:
            letter = point[1].replace("đ", "dd")
            yield LegalClause(f"{anchor}-diem-{letter}", f"điểm {point[1]} {place}")
        else:
            yield None
