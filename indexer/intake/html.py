"""Saved article pages: what the page says of itself in metadata, then what it shows."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from archive.article import Article, Caption, Origin, canonical_url
from archive.errors import IntakeError, NotAnArticleError
from indexer.intake.dates import moment
from indexer.intake.html_body import find_body, read_body, words_of
from indexer.intake.html_metadata import Metadata, read_metadata

READER = "html"
READER_VERSION = 1

LARGEST_TEXT = 20 << 20
"""Characters of a page that are read; a larger one is refused."""

DEEPEST = 2000
"""Elements inside elements; a deeper page is refused."""

_LEAD = re.compile(
    r"sapo|(^|[-_ ])(lead|description|summary|chapeau|intro)([-_ ]|$)", re.IGNORECASE
)
_BYLINE = re.compile(r"(^|[-_ ])(author|byline|tac-?gia|writer)", re.IGNORECASE)
_DATE = re.compile(r"date|time|publish|ngay", re.IGNORECASE)
_CRUMBS = re.compile(r"breadcrumb", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*?(/?)>")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def read_html(text: str, source: str) -> Article:
    """The article on a page.

    Raises:
        NotAnArticleError: the page is a front page, a list, or holds no article.
        IntakeError: the page is too large or nested too deeply to be read.
    """
    if len(text) > LARGEST_TEXT:
        raise IntakeError(f"is larger than {LARGEST_TEXT} characters")
    if _deep(text):
        raise IntakeError(f"nests elements more than {DEEPEST} deep")
    soup = BeautifulSoup(text, "lxml")
    metadata = read_metadata(soup)
    title = _title(soup, metadata)
    container = find_body(soup)
    if container is None or not title:
        raise NotAnArticleError("is a list or front page: no article text found")
    lead, lead_tag = _lead(soup, container, metadata, title)
    published = _published(soup, metadata)
    authors = _authors(soup, metadata)
    body = read_body(container, (title, lead), lead_tag)
    if sum(len(p) for section in body.sections for p in section.paragraphs) < 100 and not lead:
        raise NotAnArticleError("is a list or front page: no article text found")
    return Article(
        title=title,
        origin=Origin(source, READER, READER_VERSION),
        url=canonical_url(metadata.url),
        publisher=metadata.publisher or urlsplit(metadata.url).hostname or "",
        lead=lead,
        sections=body.sections,
        captions=tuple(Caption(text) for text in body.captions),
        authors=authors or body.byline,
        category=metadata.category or _category(soup),
        published=published,
        language=metadata.language or "vi",
    )


def _deep(text: str) -> bool:
    """Whether elements nest deeper than anything a person writes."""
    depth = 0
    for tag in _TAG.finditer(text):
        if tag[2].lower() in _VOID or tag[3]:
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > DEEPEST:
            return True
    return False


def _title(soup: BeautifulSoup, metadata: Metadata) -> str:
    """The page's own heading; the one that the metadata know, where there are several."""
    headings = [text for tag in soup.find_all("h1") if (text := words_of(tag))]
    for text in headings:
        if text in metadata.title or metadata.title.startswith(text[:30]):
            return text
    return metadata.title or (headings[0] if headings else "")


def _lead(
    soup: BeautifulSoup, container: Tag, metadata: Metadata, title: str
) -> tuple[str, Tag | None]:
    """The lead and its element: one called so near the text, else what the metadata say."""
    found = []
    for tag in soup.find_all(["h2", "p", "div", "strong", "span"], class_=_LEAD):
        text = words_of(tag)
        if 30 <= len(text) <= 1500 and text != title and container not in tag.descendants:
            found.append((text, tag))
    start = " ".join(metadata.description.split())[:25]
    for text, tag in found:
        if start and start in text:
            return text, tag
    before = [pair for pair in found if _before(pair[1], container)]
    if before:
        return before[-1] if len(before) == 1 else before[0]
    return ("" if start and start in words_of(container)[:400] else metadata.description), None


def _before(tag: Tag, container: Tag) -> bool:
    """Whether an element stands before the text, or inside it."""
    if container in tag.parents:
        return True
    return any(other is container for other in tag.find_all_next(container.name, limit=200))


def _published(soup: BeautifulSoup, metadata: Metadata) -> datetime | None:
    if metadata.published:
        return metadata.published
    for tag in soup.find_all("time", limit=5):
        found = moment(str(tag.get("datetime") or "")) or moment(words_of(tag))
        if found:
            return found
    dated = [
        found
        for tag in soup.find_all(class_=_DATE, limit=60)
        if len(text := words_of(tag)) <= 120 and (found := moment(text))
    ]
    # One with a clock is the article's own; the page's header often shows today's date alone.
    return next((one for one in dated if one.hour or one.minute), dated[0] if dated else None)


def _authors(soup: BeautifulSoup, metadata: Metadata) -> tuple[str, ...]:
    if metadata.authors:
        return metadata.authors
    for tag in soup.find_all(["a", "p", "span", "div", "strong"], class_=_BYLINE, limit=20):
        name = words_of(tag).removeprefix("Tác giả:").strip(" -–|")
        if 3 <= len(name) <= 60 and " " in name and not any(c.isdigit() for c in name):
            return (name,)
    return ()


def _category(soup: BeautifulSoup) -> str:
    """The last breadcrumb."""
    crumbs = soup.find(class_=_CRUMBS)
    links = [words_of(link) for link in crumbs.find_all("a")] if isinstance(crumbs, Tag) else []
    named = [link for link in links if link and link.lower() not in ("trang chủ", "home")]
    return named[-1][:100] if named else ""
