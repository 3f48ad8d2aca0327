"""Examples of answers for the interface's description, made of its own records."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import to_builtins

from archive.records import Article, Origin, Section, Speaker, sha256
from indexer.engine.queries import Column
from indexer.search.completion import Suggestion
from indexer.search.present.json_form import to_json
from indexer.search.search_records import ResultHit, SectionRef, TextSpan
from indexer.vietnamese.dates import VIETNAM
from web.api.records import (
    ChangeRecord,
    ChangesRecord,
    FacetsRecord,
    HistogramRecord,
    MonthCount,
    SearchRecord,
    SuggestionsRecord,
    ValueCount,
    VersionRecord,
    VersionsRecord,
)
from web.citations.provenance import public_record, title_keys

ARTICLE = Article(
    title="Khai mạc hội chợ Điện Biên",
    origin=Origin("bai-1.html", "html", 7),
    identifier="6fef0c1d2b3a4e5f6071",
    language="vi",
    url="https://bao.example.vn/hoi-cho-dien-bien.html",
    publisher="Báo Ví Dụ",
    lead="Sáng 5/3, UBND tỉnh khai mạc hội chợ.",
    sections=(
        Section(
            ("Hội chợ có 120 gian hàng.",),
            heading="Nhiều hàng địa phương",
            speaker=Speaker("Trần Thị B", role="Phó chủ tịch tỉnh"),
        ),
    ),
    authors=("Lê C",),
    category="Kinh tế",
    published=datetime(2022, 3, 5, 9, 30, tzinfo=VIETNAM),
    captured=datetime(2022, 3, 5, 10, 0, tzinfo=VIETNAM),
    digest=sha256(b"<h1>Khai m\xe1\xba\xa1c</h1>"),
)
"""The made-up article of all examples."""

_SITE = "https://luutru.example.vn/"
_API = f"{_SITE}api/v1/"

_HIT = ResultHit(
    identifier=ARTICLE.identifier,
    external_id="",
    title=ARTICLE.title,
    title_spans=(TextSpan("Khai mạc "), TextSpan("hội chợ", True), TextSpan(" Điện Biên")),
    published=ARTICLE.published,
    publisher=ARTICLE.publisher,
    url=ARTICLE.url,
    score=12.3456,
    section=SectionRef(1, "s1", ARTICLE.sections[0].heading_line, "Trần Thị B"),
    snippets=((TextSpan("Hội chợ", True), TextSpan(" có 120 gian hàng.")),),
    why=("folded",),
    category=ARTICLE.category,
    authors=ARTICLE.authors,
    lead=ARTICLE.lead,
    digest=ARTICLE.digest,
    language=ARTICLE.language,
)

_PAGE = SearchRecord(
    query="hoi cho",
    searched="hoi cho",
    notices=(),
    total=11,
    total_exact=11,
    total_full=11,
    total_folded=14,
    listed=14,
    meant=("hội chợ",),
    took_ms=2.4,
    page=1,
    pages=2,
    hidden=0,
    hits=(_HIT,),
    facets={},
    generation="g7",
    next=f"{_API}search?q=hoi+cho&page=2",
)

_VERSION = VersionRecord(
    number=1,
    captured="2022-03-05T10:00:00+07:00",
    sha256=ARTICLE.digest,
    original="bai-1.html",
    reader="html",
    reader_version=7,
    warc_file="tangthu-00001.warc.gz",
    warc_offset=0,
    warc_length=1715,
)

_CHANGE = ChangeRecord(
    sequence=1205,
    identifier=ARTICLE.identifier,
    kind="changed",
    version=2,
    changed="2022-03-05T10:00:00+07:00",
    url=f"{_API}articles/{ARTICLE.identifier}",
)


def example_answers() -> dict[str, Any]:
    """Return the answers that are shown as examples, by the name of the operation."""
    numbers = {"part": 1, "parts": 1, "first_section": 1}
    records = {
        "suggest": SuggestionsRecord("hoi c", (Suggestion("hội chợ", 14),)),
        "versions": VersionsRecord(ARTICLE.identifier, (_VERSION,)),
        "changes": ChangesRecord(1204, 1205, (_CHANGE,)),
        "facets": FacetsRecord("hoi cho", 11, True, {Column.CATEGORY: (ValueCount("Kinh tế", 9),)}),
        "histogram": HistogramRecord("hoi cho", 11, True, (MonthCount("2022-03", 11),)),
    }
    answers = {name: to_builtins(record, str_keys=True) for name, record in records.items()}
    answers["article"] = public_record(ARTICLE) | title_keys(ARTICLE) | numbers
    answers["search"] = to_json(_PAGE)
    return answers
