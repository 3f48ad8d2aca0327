"""The identity of documents without a name: which article is the one of their place.

An article with an address or an external identifier is known by it. Any other one is known by
the place of its document: a changed document at a known place is a new version. Where a place is
new, the same text is the same article, so that moved and copied documents come in once; but an
article that has gone on to another text is not the one of a document with its older text. Where
even the text differs, the same words are the same article if they are many (`text_keys`): a
document and its print, a page that was saved again.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from archive.catalogue.catalogue_writer import CatalogueWriter, KnownPlace
from archive.catalogue.lookup_keys import text_keys
from archive.passages import without_passages
from archive.records import IDENTIFIER_LENGTH, from_json, sha256
from archive.writing.prepared_article import PreparedArticle


def in_its_place(
    article: PreparedArticle,
    catalogue: CatalogueWriter,
    removed_passages: Mapping[str, frozenset[str]],
) -> PreparedArticle:
    """Return an article under the identifier that its place, text or words give it.

    Args:
        article: the article.
        catalogue: what is known.
        removed_passages: the digests of the passages that were removed, by article.
    """
    known = known_place(article, catalogue)
    if known is not None:
        is_same = known.identifier == article.identifier
        return article if is_same else article.renamed(known.identifier)
    if not article.is_by_text:
        return article
    if reduced := _article_with_removed_passages(article, catalogue, removed_passages):
        return article.renamed(reduced, is_known_text=True)
    if same := _article_of_origin(article, catalogue):
        return article.renamed(same, is_known_text=True)
    state = catalogue.state(article.identifier)
    if state is None and (same := catalogue.article_of_words(article.words)):
        return article.renamed(same, is_known_text=True)
    if state and not state.is_deleted and state.version > 1:
        if state.text_digest not in ("", article.text_digest):
            name = f"place:{article.place}" if article.place else f"original:{article.digest}"
            return article.renamed(sha256(name.encode())[:IDENTIFIER_LENGTH])
    return article


def known_place(article: PreparedArticle, catalogue: CatalogueWriter) -> KnownPlace | None:
    """Return what is known at the place of a document, or at the one that its links lead to."""
    return next(filter(None, map(catalogue.place, article.places)), None)


def _article_with_removed_passages(
    article: PreparedArticle,
    catalogue: CatalogueWriter,
    removed_passages: Mapping[str, frozenset[str]],
) -> str:
    """Return the article that is a document's but for passages that were removed; else empty.

    Without them it has another text by now, which is not that of the document.
    """
    if not removed_passages:
        return ""
    whole = from_json(article.record or zlib.decompress(article.content))
    reduced = without_passages(whole, frozenset().union(*removed_passages.values()))
    if reduced == whole:
        return ""
    same = article.identifier
    if same not in removed_passages:
        same = catalogue.article_of_words(text_keys(reduced).sought)
    return same if same in removed_passages else ""


def _article_of_origin(article: PreparedArticle, catalogue: CatalogueWriter) -> str:
    """Return the article that has the same bytes from the same place as an origin, else empty."""
    for origin in catalogue.origins(article.digest):
        if origin.place and origin.place == article.description.place:
            state = catalogue.state(origin.identifier)
            if state and state.version == origin.version:
                return origin.identifier
    return ""
