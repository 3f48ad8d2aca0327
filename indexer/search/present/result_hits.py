"""The hits of a page: titles and snippets with highlights, and why each article matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archive.records import Article
from indexer.engine.records import Hit
from indexer.search.present.cited_clauses import find_cited_section, read_cited_clause
from indexer.search.present.highlighter import Highlighter, ScannedArticle
from indexer.search.present.highlights import has_phrase, split_at_highlights
from indexer.search.present.snippets import RankedSnippet
from indexer.search.query.interpreted_query import InterpretedQuery
from indexer.search.query_notices import KeystrokesNotice
from indexer.search.search_records import NearDuplicate, ResultHit, SectionRef

LONGEST_LEAD = 1000
"""Characters of a lead that a hit carries."""


def present_hits(
    hits: Sequence[Hit],
    articles: Mapping[str, Article],
    query: InterpretedQuery,
    highlighter: Highlighter,
) -> tuple[ResultHit, ...]:
    """Return hits as they are shown; articles deleted since they were indexed are left out.

    When the highlighter is out of time, those that remain are shown by their opening.

    Args:
        hits: those of one page.
        articles: the articles of the hits and of those collapsed under them, by identifier.
        query: the query that they match.
        highlighter: that of the query.
    """
    is_accented = query.has_diacritics
    return tuple(
        _present_hit(hit, articles, query, highlighter, is_accented)
        for hit in hits
        if hit.identifier in articles
    )


def _present_hit(
    hit: Hit,
    articles: Mapping[str, Article],
    query: InterpretedQuery,
    highlighter: Highlighter,
    is_accented: bool,
) -> ResultHit:
    article = articles[hit.identifier]
    scanned = highlighter.scan(article)
    snippets = highlighter.best_snippets(article, scanned)
    cited = read_cited_clause(query.typed) if article.legal else None
    shown = find_cited_section(article, cited) if cited else None
    section = shown or _section_ref(article, snippets)
    why = _reasons(query, is_accented, scanned, section)
    read_as = query.restorations[0] if query.restorations else ()
    if read_as and _shows_forms(article.shown_title, scanned, snippets, read_as):
        why = (*why, "reading")
    return ResultHit(
        identifier=article.identifier,
        external_id=article.external_id,
        title=article.shown_title,
        has_title=article.has_title,
        title_spans=split_at_highlights(article.shown_title, scanned.title),
        published=article.published,
        published_precision=article.published_precision,
        publisher=article.publisher,
        url=article.url,
        category=article.category,
        authors=article.authors,
        lead=article.lead[:LONGEST_LEAD],
        digest=article.digest,
        state=article.reading_state,
        pictures=article.pictures,
        language=article.language,
        score=hit.score,
        section=section,
        snippets=tuple(ranked.snippet for ranked in snippets),
        why=why,
        near=tuple(_near_duplicate(articles[name]) for name in hit.collapsed if name in articles),
        missing=_missing_words(highlighter, scanned),
    )


def _missing_words(highlighter: Highlighter, scanned: ScannedArticle) -> tuple[str, ...]:
    """Return the words of the query that an article lacks, if there was time to see."""
    return () if highlighter.is_out_of_time else highlighter.missing_words(scanned.highlights)


def _near_duplicate(article: Article) -> NearDuplicate:
    return NearDuplicate(
        article.identifier,
        article.shown_title,
        article.publisher,
        article.published,
        article.published_precision,
        article.has_title,
        article.language,
    )


def _reasons(
    query: InterpretedQuery, is_accented: bool, scanned: ScannedArticle, section: SectionRef | None
) -> tuple[str, ...]:
    """Return why an article matched: exact, folded, acronym, keystrokes, section."""
    typed = [highlight for highlight in scanned.highlights if not highlight.alternative]
    with_typed_diacritics = {highlight.term for highlight in typed if highlight.exact}
    all_agree = all(highlight.term in with_typed_diacritics for highlight in typed)
    reasons = {
        "exact": is_accented and bool(typed) and all_agree,
        "folded": bool(typed) and not (is_accented and all_agree),
        "acronym": any(highlight.alternative for highlight in scanned.highlights),
        "keystrokes": any(isinstance(notice, KeystrokesNotice) for notice in query.notices),
        "section": section is not None and bool(section.speaker),
    }
    return tuple(name for name, holds in reasons.items() if holds)


def _shows_forms(
    title: str,
    scanned: ScannedArticle,
    snippets: Sequence[RankedSnippet],
    forms: Sequence[str],
) -> bool:
    """Tell whether title or snippets show exact forms in a row."""
    return has_phrase(title, scanned.title, forms) or any(
        has_phrase(snippet.text, snippet.highlights, forms) for snippet in snippets
    )


def _section_ref(article: Article, snippets: Sequence[RankedSnippet]) -> SectionRef | None:
    """Return the section of the best snippet, if it has a heading or locator to name it by."""
    number = snippets[0].section if snippets and snippets[0].score else 0
    section = article.sections[number - 1] if number else None
    if section is None or not (section.heading_line or section.locator):
        return None
    speaker = section.speaker.name if section.speaker else ""
    place = (section.locator, section.page)
    return SectionRef(number, f"s{number}", section.heading_line, speaker, *place)
