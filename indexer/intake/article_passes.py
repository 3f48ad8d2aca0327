"""The passes over an article that any reader read: what its text tells beside its document."""

from __future__ import annotations

from archive.records import Article
from indexer.intake.legal.legal_pass import with_legal_record
from indexer.intake.text_language import with_language


def with_passes(article: Article) -> Article:
    """Return an article with its language, and with its record as a legal document."""
    return with_legal_record(with_language(article))
