"""Identifiers of articles: stable, so that addresses and citations of them last."""

from __future__ import annotations

from dataclasses import replace

from archive.records import (
    IDENTIFIER_LENGTH,
    Article,
    Section,
    canonical_url,
    sha256,
    text_digest,
)


def identifier_of(article: Article) -> str:
    """Return the stable identifier: from the address, else the external id, else the text."""
    address = canonical_url(article.url)
    if address:
        # One page under http and https is one article.
        key = "url:" + address.partition("://")[2]
    elif article.external_id:
        key = f"id:{article.publisher}:{article.external_id}"
    else:
        key = "text:" + text_digest(_with_made_up_title(article))
    return sha256(key.encode())[:IDENTIFIER_LENGTH]


def _with_made_up_title(article: Article) -> Article:
    """Return an article with the title that readers once made up, so that its identifier stays."""
    if article.title:
        return article
    if article.origin.reader != "text":
        return replace(article, title=article.lead or article.opening)
    # The reader of texts took the first line out of the paragraphs.
    first, *others = next((section.paragraphs for section in article.sections), ("",)) or ("",)
    sections = (Section(tuple(others)),) if others else ()
    return replace(article, title=first, sections=sections)
