"""The article, clause and point of a legal document that a query names: `khoản 2 Điều 5`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.records import Article, Section
from indexer.search.search_records import SectionRef

_ARTICLE = re.compile(r"(?<!\w)(?:điều|dieu)\s{1,3}(\d{1,4}[a-zđ]{0,2})(?!\w)", re.IGNORECASE)
_CLAUSE = re.compile(r"(?<!\w)(?:khoản|khoan)\s{1,3}(\d{1,3})(?!\w)", re.IGNORECASE)
_POINT = re.compile(r"(?<!\w)(?:điểm|diem)\s{1,3}([a-zđ]{1,2})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CitedClause:
    """The place that a query names: article (Điều) `2a`, clause (khoản) `2`, point (điểm) `đ`.

    Clause and point are empty where none is named.
    """

    article: str
    clause: str = ""
    point: str = ""


def read_cited_clause(typed: str) -> CitedClause | None:
    """Return the place that a query names; None where it names no article (Điều)."""
    article, clause, point = (
        match[1].lower() if (match := pattern.search(typed)) else ""
        for pattern in (_ARTICLE, _CLAUSE, _POINT)
    )
    return CitedClause(article, clause, point) if article else None


def find_cited_section(article: Article, cited: CitedClause) -> SectionRef | None:
    """Return the section of a legal document that is cited, at the clause where it has it."""
    name = f"Điều {cited.article}"
    for number, section in enumerate(article.sections if article.legal else (), 1):
        own_name, *page = section.locator.split(", ", 1)
        if own_name == name:
            anchor, place = _clause_anchor(section, cited)
            locator = ", ".join([place, *page])
            return SectionRef(number, anchor, section.heading_line, locator=locator)
    return None


def _clause_anchor(section: Section, cited: CitedClause) -> tuple[str, str]:
    """Return the anchor and the name of the cited place, as far as a section has it."""
    anchor = f"dieu-{cited.article.replace('đ', 'dd')}"
    place, lines = f"Điều {cited.article}", section.paragraphs
    if cited.clause:
        begins = re.compile(rf"{cited.clause}\s{{0,2}}[.)]\s")
        start = next((n for n, line in enumerate(lines) if begins.match(line)), None)
        if start is None:
            return anchor, place
        anchor, place = f"{anchor}-khoan-{cited.clause}", f"khoản {cited.clause} {place}"
        following = re.compile(rf"{int(cited.clause) + 1}\s{{0,2}}[.)]\s")
        end = next((n for n, line in enumerate(lines) if following.match(line)), len(lines))
        lines = lines[start:end]
    if cited.point and any(re.match(rf"{cited.point}\s?\)", line) for line in lines):
        anchor = f"{anchor}-diem-{cited.point.replace('đ', 'dd')}"
        place = f"điểm {cited.point} {place}"
    return anchor, place
