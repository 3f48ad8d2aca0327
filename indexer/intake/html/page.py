"""The HTML reader: metadata, boilerplate removal, main content extraction, article.

Declared metadata (JSON-LD, Open Graph) come before visible ones, where both name a thing.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

from bs4.element import Tag

from archive.document_account import DocumentAccount, ReadingState
from archive.errors import IntakeError, NotAnArticleError
from archive.records import Article, Origin, Section, canonical_url
from indexer.intake.encodings import decode_text, with_charsets, with_decoding
from indexer.intake.html.article_length import check_length
from indexer.intake.html.boilerplate import remove_asides, remove_cards
from indexer.intake.html.content_finder import (
    SHORTEST_BODY,
    MainContent,
    find_main_content,
    find_named_content,
    find_opening,
    remove_surroundings,
)
from indexer.intake.html.discussions import remove_discussions
from indexer.intake.html.font_faces import decode_page_fonts
from indexer.intake.html.form_boxes import remove_form_boxes
from indexer.intake.html.joined_pages import split_pages
from indexer.intake.html.metadata import DeclaredMetadata, host_of, read_metadata
from indexer.intake.html.page_address import saved_address
from indexer.intake.html.publication_date import choose_published
from indexer.intake.html.script_data import body_in_scripts
from indexer.intake.html.visible_dates import unread_dates
from indexer.intake.html.visible_metadata import (
    VisibleMetadata,
    end_of,
    find_lead,
    read_visible_metadata,
)
from indexer.intake.markup.article_builder import ArticleBody, build_body
from indexer.intake.markup.blocks import BlockKind, TextBlock, read_blocks, words_of
from indexer.intake.markup.class_patterns import BODY
from indexer.intake.markup.pictures import PictureList
from indexer.intake.markup.text_density import TextDensities
from indexer.intake.markup.tree_builder import DEEPEST, PageTree, build_tree, holds_unopened
from indexer.intake.stated_dates import StatedDate
from indexer.intake.thai_dates import of_common_era

__all__ = ["DEEPEST", "LARGEST_TEXT", "MOST_TAGS", "read_html", "read_page"]

READER = "html"
READER_VERSION = 13

LARGEST_TEXT = 20 << 20
"""Characters of a page that are read; a larger one is refused."""

MOST_TAGS = 50_000
"""Tags on a page that is read, some twenty times as many as on a newspaper's; more are refused."""

_VIETNAMESE_LETTER = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_SHORTEST_UNTITLED = 600
_MOST_UNREAD = 5
_CERTAIN_PROSE = 1000
_MANY_HEADLINES = 10
_NO_ARTICLE = "is a list or front page: it links more than it tells"
_FRAMES = "shows other pages in frames, and has no text of its own: save the page inside the frame"


def read_page(data: bytes, source: str, encoding: str = "") -> Article:
    """Read the article in the bytes of a saved page.

    Args:
        data: The bytes.
        source: The place that they were read from.
        encoding: Their encoding where somebody knows it; empty otherwise.

    Raises:
        NotAnArticleError: the page is a front page, a list, or holds no article.
        IntakeError: no encoding fits, or the page is too large or nested too deeply.
    """
    decoded = decode_text(data, trust_declaration=True, encoding=encoding)
    return with_decoding(read_html(decoded.text, source), decoded, encoding)


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
    with _without_collections():
        return _read_first(split_pages(text), source)


def _read_first(pages: list[str], source: str) -> Article:
    """Read the first article in a file; one with several pages is not read as a whole.

    Raises:
        IntakeError: none of the pages is an article.
    """
    if len(pages) == 1:
        return _read_markup(pages[0], source)
    reasons: list[IntakeError] = []
    for number, page in enumerate(pages, 1):
        try:
            article = _read_markup(page, source)
        except IntakeError as error:
            reasons.append(error)
            continue
        reason = f"holds {len(pages)} pages, of which page {number} is read: split the file"
        account = replace(
            article.account or DocumentAccount(), state=ReadingState.PARTIAL, reason=reason
        )
        return replace(article, account=account)
    raise reasons[0]


@contextmanager
def _without_collections() -> Iterator[None]:
    """Put off garbage collections: a page's tree is no garbage until the page has been read.

    A tree is bounded, and the next collection frees it, all at once.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read_markup(text: str, source: str) -> Article:
    """Read a page; where it shows nothing, what stands in its templates and the like.

    Raises:
        NotAnArticleError: neither is an article.
    """
    try:
        return _read_opened(text, source, False)
    except NotAnArticleError as error:
        if str(error).endswith(_NO_ARTICLE) or not holds_unopened(text):
            raise
        reason = error
    try:
        return _read_opened(text, source, True)
    except IntakeError:
        raise reason from None


def _read_opened(text: str, source: str, is_opened: bool) -> Article:
    tree = build_tree(text, is_opened)
    try:
        return _read_tree(tree, text, source)
    finally:
        tree.dismantle()


def _read_tree(tree: PageTree, text: str, source: str) -> Article:
    charsets = decode_page_fonts(tree, text)
    metadata = read_metadata(tree, saved_address(text))
    densities = TextDensities(tree)
    if tree.tagged("frameset") and densities.page.prose < SHORTEST_BODY:
        raise NotAnArticleError(_FRAMES)
    visible = read_visible_metadata(densities, metadata)
    published = _published(metadata, visible)
    unread = () if published else (*metadata.dates.unread, *unread_dates(densities))
    body, last = _read_titled_body(metadata, densities, visible)
    article = Article(
        title=visible.title,
        origin=Origin(source, READER, READER_VERSION),
        url=canonical_url(metadata.url),
        publisher=metadata.publisher or host_of(metadata.url),
        lead=body.lead,
        sections=body.sections,
        captions=body.captions,
        pictures=body.pictures,
        authors=metadata.authors or visible.authors(last) or body.byline or metadata.weak_authors,
        category=visible.category,
        published=published.when if published else None,
        published_precision=published.precision.of_record if published else "",
        language=metadata.language,
        account=DocumentAccount(
            prose=densities.page.prose,
            kept=body.length,
            unread_dates=unread[:_MOST_UNREAD],
        ),
    )
    return with_charsets(article, charsets)


def _published(metadata: DeclaredMetadata, visible: VisibleMetadata) -> StatedDate | None:
    """Return the date of publication, in the common era."""
    is_vietnamese = _is_vietnamese(metadata.language, visible.title)
    published = choose_published(metadata.dates, visible.dates, visible.title_order, is_vietnamese)
    if published and metadata.language == "th":
        return replace(published, when=of_common_era(published.when))
    return published


def _read_titled_body(
    metadata: DeclaredMetadata,
    densities: TextDensities,
    visible: VisibleMetadata,
) -> tuple[ArticleBody, int]:
    """Read the body; that of a page without a title has to be long, since nothing else tells.

    Raises:
        NotAnArticleError: the page has no article.
    """
    if visible.title:
        return _read_body(metadata, densities, visible)
    try:
        body, last = _read_body(metadata, densities, visible)
    except NotAnArticleError as error:
        raise NotAnArticleError(f"has no title, and {error}") from error
    if body.length < _SHORTEST_UNTITLED:
        raise NotAnArticleError(f"has no title, and only {body.length} characters of text")
    return body, last


def _is_vietnamese(language: str, title: str) -> bool:
    """Tell whether a page is in Vietnamese: by its own word, else by the letters of its title."""
    return language == "vi" or (not language and bool(_VIETNAMESE_LETTER.search(title)))


def _is_site_address(metadata: DeclaredMetadata) -> bool:
    """Tell whether the address is that of a whole site, and no JSON-LD declares an article."""
    if not metadata.url or metadata.has_json_ld:
        return False
    try:
        return urlsplit(metadata.url).path.strip("/") in ("", "index.html", "home")
    except ValueError:
        return False


def _read_body(
    metadata: DeclaredMetadata, densities: TextDensities, visible: VisibleMetadata
) -> tuple[ArticleBody, int]:
    """Read the article's body: that in the metadata where the page shows a notice in its place."""
    has_declared = len(metadata.text) >= SHORTEST_BODY
    try:
        body, last = _read_shown_body(metadata, densities, visible)
    except NotAnArticleError as error:
        if has_declared:
            return _declared_body(metadata, densities), -1
        body = _body_of_scripts(densities, visible.title)
        if str(error) == _NO_ARTICLE or not body.length:
            raise
        return body, -1
    if has_declared and body.length < min(SHORTEST_BODY, len(metadata.text) / 2):
        body = _declared_body(metadata, densities)
    return body, last


def _read_shown_body(
    metadata: DeclaredMetadata,
    page_densities: TextDensities,
    visible: VisibleMetadata,
) -> tuple[ArticleBody, int]:
    """Extract the main content; return the article's body and the order of its last element."""
    remove_form_boxes(page_densities)
    remove_asides(page_densities)
    remove_discussions(page_densities)
    densities = page_densities.remeasured()
    content = find_main_content(densities, metadata.text)
    if content is None and metadata.is_article and not metadata.text:
        content = find_named_content(densities)
    if content is None:
        return _declared_body(metadata, page_densities), -1
    last = end_of(content.container, page_densities)
    lead_tag = find_lead((content.core,), page_densities, visible, metadata.description)
    remove_surroundings(content, densities)
    if lead_tag is not None and densities[lead_tag].is_removed:
        lead_tag = None
    opening = find_opening(content, densities, visible.heading_order)
    if lead_tag is None and opening:
        lead_tag = opening.pop(0)
    if lead_tag is not None:
        opening = [tag for tag in opening if not _is_inside(tag, lead_tag)]
        # Some papers put links to other articles into the lead.
        remove_cards(lead_tag, densities, None)
    lead = words_of(lead_tag) if lead_tag is not None else ""
    authors = metadata.authors or visible.authors(last)
    remove_cards(content.container, densities, lead_tag, content.core, host_of(metadata.url))
    if _is_list(content, densities, metadata) or _is_front(content, densities, metadata):
        raise NotAnArticleError(_NO_ARTICLE)
    blocks = [TextBlock(BlockKind.PARAGRAPH, words_of(tag)) for tag in opening]
    pictures = PictureList()
    blocks += read_blocks(content.container, densities, lead_tag, pictures)
    body = build_body(blocks, visible.title, lead, metadata.description, authors)
    body = replace(body, pictures=tuple(pictures.pictures))
    core, container = content.core, content.container
    is_named = container.name == "article" or BODY.matches(core) or BODY.matches(container)
    described = _with_description(body, blocks, metadata.description)
    checked = described if metadata.has_json_ld else body
    check_length(checked, page_densities, metadata.is_article, is_named)
    return described, last


def _body_of_scripts(densities: TextDensities, title: str) -> ArticleBody:
    """Return the body that stands in the data of a page which a script shows; empty if none."""
    found = body_in_scripts(densities.scripts, title)
    return ArticleBody(found.lead, found.sections, found.captions)


def _declared_body(metadata: DeclaredMetadata, densities: TextDensities) -> ArticleBody:
    """Return the body that the metadata repeat, or its lead, of a page that a script shows.

    Raises:
        NotAnArticleError: it is too short.
    """
    sections = (Section((metadata.text,)),) if metadata.text else ()
    body = ArticleBody(sections=sections)
    declared = replace(body, lead=metadata.description)
    checked = declared if metadata.has_json_ld else body
    check_length(checked, densities, metadata.is_article, False)
    return declared


def _is_inside(tag: Tag, element: Tag) -> bool:
    """Tell whether an element is another one or inside it (BeautifulSoup's `in` compares texts)."""
    return any(part is element for part in (tag, *tag.parents))


def _with_description(body: ArticleBody, blocks: list[TextBlock], description: str) -> ArticleBody:
    """Return the body with the metadata's description as its lead, unless it quotes the text."""
    start = description[:25]
    if body.lead or not description or any(start in block.text for block in blocks[:4]):
        return body
    return replace(body, lead=description)


def _is_list(
    content: MainContent,
    before: TextDensities,
    metadata: DeclaredMetadata,
) -> bool:
    """Tell whether the main content is a list of teasers rather than an article.

    Args:
        content: The main content, without cards.
        before: The text densities of the page when the cards were in it.
        metadata: The metadata of the page.
    """
    if before[content.core].prose >= _CERTAIN_PROSE and before[content.core].headlines <= 2:
        return False
    densities = before.remeasured()
    density, page = densities[content.container], densities.page
    if not density.text:
        return True
    if density.headlines > max(density.paragraphs, 2) and density.linked > density.prose:
        return True
    # Without any word that it is an article, links all around say that it is not.
    return not metadata.is_article and page.linked > 3 * density.prose and density.prose < 600


def _is_front(content: MainContent, densities: TextDensities, metadata: DeclaredMetadata) -> bool:
    """Tell whether a page, with its cards, has headlines rather than an article.

    That is a few lines among many other articles', or more headlines than paragraphs at the
    address of a whole site.
    """
    density, page = densities[content.container], densities.page
    is_certain = metadata.has_json_ld or BODY.matches(content.core)
    is_small = density.prose < min(page.prose / 4, 600)
    if is_small and not is_certain and page.headlines >= _MANY_HEADLINES:
        return True
    return _is_site_address(metadata) and page.headlines > min(density.paragraphs, 10)
