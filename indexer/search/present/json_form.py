"""Pages of results as plain JSON values; the keys are stable."""

from __future__ import annotations

from typing import Any

from indexer.search.present.sentences import message
from indexer.search.search_records import QueryNotice, ResultHit, ResultPage


def to_json(page: ResultPage) -> dict[str, Any]:
    """The page as plain JSON values; the keys are stable."""
    return {
        "query": page.query,
        "searched": page.searched,
        "notes": [note_json(note) for note in page.notes],
        "total": page.total,
        "total_exact": page.total_exact,
        "took_ms": round(page.took_ms, 1),
        "page": page.page,
        "pages": page.pages,
        "hidden": page.hidden,
        "hits": [_hit_json(hit) for hit in page.hits],
        "facets": {facet.column.value: dict(facet.values) for facet in page.facets},
    }


def note_json(note: QueryNotice) -> dict[str, Any]:
    """A note as plain JSON values."""
    return {
        "kind": note.kind.value,
        "message": message(note),
        "start": note.start,
        "end": note.end,
        **dict(note.params),
    }


def _hit_json(hit: ResultHit) -> dict[str, Any]:
    section = hit.section
    return {
        "id": hit.identifier,
        "external_id": hit.external_id,
        "title": hit.title_text,
        "published": hit.published.isoformat() if hit.published else None,
        "publisher": hit.publisher,
        "url": hit.url,
        "score": round(hit.score, 4),
        "section": section
        and {
            "number": section.number,
            "anchor": section.anchor,
            "heading": section.heading,
            "speaker": section.speaker,
        },
        "snippets": [
            [{"text": piece.text, "marked": piece.marked} for piece in snippet]
            for snippet in hit.snippets
        ],
        "why": list(hit.why),
        "near": [
            {
                "id": copy.identifier,
                "title": copy.title,
                "publisher": copy.publisher,
                "published": copy.published.isoformat() if copy.published else None,
            }
            for copy in hit.near
        ],
    }
