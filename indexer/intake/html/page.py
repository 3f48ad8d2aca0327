"""Saved article pages: what the page says of itself in metadata, then what it shows."""

from __future__ import annotations

from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from archive.errors import IntakeError, NotAnArticleError
from archive.records import Article, Origin, Section, canonical_url
from indexer.intake.html.article_builder import Body, read_text
from indexer.intake.html.blocks import Block, read_blocks, words_of
from indexer.intake.html.boilerplate import remove_asides, remove_cards, remove_silent
from indexer.intake.html.content_finder import find_body
from indexer.intake.html.metadata import Metadata, read_metadata, urlsplit_host
from indexer.intake.html.text_density import DEEPEST, Measures
from indexer.intake.html.visible_metadata import Shown, end_of, find_lead, read_shown

__all__ = ["DEEPEST", "LARGEST_TEXT", "MOST_TAGS", "read_html"]

READER = "html"
READER_VERSION = 2

LARGEST_TEXT = 20 << 20
"""Characters of a page that are read; a larger one is refused."""

MOST_TAGS = 50_000
"""Tags on a page that is read, some twenty times what a newspaper writes; more are refused."""

_SHORTEST_TEXT = 100
_NO_ARTICLE = "is a list or front page: no article text found"


def read_html(text: str, source: str) -> Article:
    """The article on a page.

    Raises:
        NotAnArticleError: the page is a front page, a list, or holds no article.
        IntakeError: the page is too large or nested too deeply to be read.
    """
    if len(text) > LARGEST_TEXT:
        raise IntakeError(f"is larger than {LARGEST_TEXT} characters")
    if text.count("<") > MOST_TAGS:
        raise IntakeError(f"holds more than {MOST_TAGS} tags")
    soup = BeautifulSoup(text, "lxml")
    metadata = read_metadata(soup)
    remove_silent(soup)
    measures = Measures(soup)
    shown = read_shown(soup, measures, metadata)
    if not shown.title or _is_front(metadata):
        raise NotAnArticleError(_NO_ARTICLE)
    body, last = _body(soup, metadata, measures, shown)
    written = sum(len(line) for section in body.sections for line in section.paragraphs)
    if written < _SHORTEST_TEXT and not (body.lead and (body.sections or body.captions)):
        raise NotAnArticleError(_NO_ARTICLE)
    return Article(
        title=shown.title,
        origin=Origin(source, READER, READER_VERSION),
        url=canonical_url(metadata.url),
        publisher=metadata.publisher or urlsplit_host(metadata.url),
        lead=body.lead,
        sections=body.sections,
        captions=body.captions,
        authors=metadata.authors or shown.authors(last) or body.byline or metadata.writer,
        category=shown.category,
        published=shown.published(metadata.published),
        language=metadata.language or "vi",
    )


def _is_front(metadata: Metadata) -> bool:
    """Whether the address is that of a whole site, and no JSON-LD says it is an article."""
    if not metadata.url or metadata.linked:
        return False
    try:
        return urlsplit(metadata.url).path.strip("/") in ("", "index.html", "home")
    except ValueError:
        return False


def _body(
    soup: BeautifulSoup, metadata: Metadata, measures: Measures, shown: Shown
) -> tuple[Body, int]:
    """The text, and where it ends."""
    remove_asides(soup, measures)
    within = Measures(soup)
    containers = find_body(soup, within, metadata.text)
    if not containers:
        return _promised(metadata), -1
    last = end_of(containers[-1], measures)
    lead_tag = find_lead(soup, containers, measures, shown, metadata.description)
    lead = _words_of_lead(lead_tag, within)
    authors = metadata.authors or shown.authors(last)
    for container in containers:
        remove_cards(container, within, lead_tag)
    if _is_list(containers, soup, metadata):
        return Body("", (), (), ()), last
    blocks = [block for tag in containers for block in read_blocks(tag, within, lead_tag)]
    body = read_text(blocks, shown.title, lead, metadata.description, authors)
    return _with_description(body, blocks, metadata), last


def _words_of_lead(tag: Tag | None, measures: Measures) -> str:
    """The lead without the links to other articles that some papers put into it."""
    if tag is None:
        return ""
    remove_cards(tag, measures, None)
    return words_of(tag)


def _with_description(body: Body, blocks: list[Block], metadata: Metadata) -> Body:
    """The text with the metadata's description as its lead, unless it only quotes the text."""
    said = metadata.description
    start = said[:25]
    if body.lead or not said or any(start in block.text for block in blocks[:4]):
        return body
    return Body(said, body.sections, body.captions, body.byline)


def _promised(metadata: Metadata) -> Body:
    """The text that the metadata hold, for pages that show theirs by script."""
    if len(metadata.text) < _SHORTEST_TEXT:
        return Body("", (), (), ())
    return Body(metadata.description, (Section((metadata.text,)),), (), ())


def _is_list(containers: tuple[Tag, ...], soup: BeautifulSoup, metadata: Metadata) -> bool:
    """Whether what was found is a list of teasers rather than an article."""
    rest = Measures(soup)
    paragraphs = sum(rest[tag].paragraphs for tag in containers)
    prose = sum(rest[tag].prose for tag in containers)
    headlines = sum(rest[tag].headlines for tag in containers)
    if headlines > max(paragraphs, 2):
        return True
    # Without any word that it is an article, links all around say that it is not.
    return not metadata.article and rest.whole.linked > 2 * prose and prose < 600
