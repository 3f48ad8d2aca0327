"""The HTML reader: metadata, boilerplate removal, main content extraction, article.

Declared metadata (JSON-LD, Open Graph) come before visible ones, where both name a thing.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from archive.errors import IntakeError, NotAnArticleError
from archive.records import Article, Origin, Section, canonical_url
from indexer.intake.encodings import decode_text
from indexer.intake.html.article_builder import ArticleBody, build_body
from indexer.intake.html.blocks import TextBlock, read_blocks, words_of
from indexer.intake.html.boilerplate import remove_asides, remove_cards, remove_silent
from indexer.intake.html.content_finder import find_main_content
from indexer.intake.html.metadata import DeclaredMetadata, host_of, read_metadata
from indexer.intake.html.text_density import DEEPEST, TextDensities
from indexer.intake.html.visible_metadata import (
    VisibleMetadata,
    end_of,
    find_lead,
    read_visible_metadata,
)

__all__ = ["DEEPEST", "LARGEST_TEXT", "MOST_TAGS", "read_html", "read_page"]

READER = "html"
READER_VERSION = 2

LARGEST_TEXT = 20 << 20
"""Characters of a page that are read; a larger one is refused."""

MOST_TAGS = 50_000
"""Tags on a page that is read, some twenty times as many as on a newspaper's; more are refused."""

_SHORTEST_TEXT = 100
_NO_ARTICLE = "is a list or front page: no article text found"


def read_page(data: bytes, source: str) -> Article:
    """Read the article in the bytes of a saved page.

    Raises:
        NotAnArticleError: the page is a front page, a list, or holds no article.
        IntakeError: no encoding fits, or the page is too large or nested too deeply.
    """
    return read_html(decode_text(data, trust_declaration=True), source)


def read_html(text: str, source: str) -> Article:
    """Read the article on a page.

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
    densities = TextDensities(soup)
    visible = read_visible_metadata(soup, densities, metadata)
    if not visible.title or _is_front_page(metadata):
        raise NotAnArticleError(_NO_ARTICLE)
    body, last = _read_body(soup, metadata, densities, visible)
    length = sum(len(line) for section in body.sections for line in section.paragraphs)
    if length < _SHORTEST_TEXT and not (body.lead and (body.sections or body.captions)):
        raise NotAnArticleError(_NO_ARTICLE)
    return Article(
        title=visible.title,
        origin=Origin(source, READER, READER_VERSION),
        url=canonical_url(metadata.url),
        publisher=metadata.publisher or host_of(metadata.url),
        lead=body.lead,
        sections=body.sections,
        captions=body.captions,
        authors=metadata.authors or visible.authors(last) or body.byline or metadata.weak_authors,
        category=visible.category,
        published=visible.published(metadata.published),
        language=metadata.language or "vi",
    )


def _is_front_page(metadata: DeclaredMetadata) -> bool:
    """Tell whether the address is that of a whole site, and no JSON-LD declares an article."""
    if not metadata.url or metadata.has_json_ld:
        return False
    try:
        return urlsplit(metadata.url).path.strip("/") in ("", "index.html", "home")
    except ValueError:
        return False


def _read_body(
    soup: BeautifulSoup,
    metadata: DeclaredMetadata,
    page_densities: TextDensities,
    visible: VisibleMetadata,
) -> tuple[ArticleBody, int]:
    """Extract the main content; return the article's body and the order of its last element."""
    remove_asides(soup, page_densities)
    densities = TextDensities(soup)
    containers = find_main_content(soup, densities, metadata.text)
    if not containers:
        # Some pages show their text by script, and repeat it in their metadata.
        if len(metadata.text) < _SHORTEST_TEXT:
            return ArticleBody(), -1
        return ArticleBody(metadata.description, (Section((metadata.text,)),)), -1
    last = end_of(containers[-1], page_densities)
    lead_tag = find_lead(soup, containers, page_densities, visible, metadata.description)
    if lead_tag is not None:
        # Some papers put links to other articles into the lead.
        remove_cards(lead_tag, densities, None)
    lead = words_of(lead_tag) if lead_tag is not None else ""
    authors = metadata.authors or visible.authors(last)
    for container in containers:
        remove_cards(container, densities, lead_tag)
    if _is_list(containers, soup, metadata):
        return ArticleBody(), last
    blocks = [block for tag in containers for block in read_blocks(tag, densities, lead_tag)]
    body = build_body(blocks, visible.title, lead, metadata.description, authors)
    return _with_description(body, blocks, metadata.description), last


def _with_description(body: ArticleBody, blocks: list[TextBlock], description: str) -> ArticleBody:
    """Return the body with the metadata's description as its lead, unless it quotes the text."""
    start = description[:25]
    if body.lead or not description or any(start in block.text for block in blocks[:4]):
        return body
    return replace(body, lead=description)


def _is_list(containers: tuple[Tag, ...], soup: BeautifulSoup, metadata: DeclaredMetadata) -> bool:
    """Tell whether the main content is a list of teasers rather than an article."""
    densities = TextDensities(soup)
    paragraphs = sum(densities[tag].paragraphs for tag in containers)
    prose = sum(densities[tag].prose for tag in containers)
    headlines = sum(densities[tag].headlines for tag in containers)
    if headlines > max(paragraphs, 2):
        return True
    # Without any word that it is an article, links all around say that it is not.
    return not metadata.is_article and densities.page.linked > 2 * prose and prose < 600
