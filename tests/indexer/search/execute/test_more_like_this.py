"""More like this: articles that share interesting terms with one article."""

from __future__ import annotations

import pytest

from archive.errors import NotFoundError
from archive.records import Article
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import Document, build_document
from indexer.analysis.fields import Field
from indexer.engine.records import TermFigures, TermLookup
from indexer.search.execute import more_like_this
from indexer.search.execute.more_like_this import MOST_TERMS, interesting_terms
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article, keep

ARTICLES = {
    "drugs": article("Triệt phá đường dây ma túy", "Công an Điện Biên bắt nhóm buôn ma túy."),
    "drugs2": article("Đường dây ma túy bị triệt phá", "Nhóm buôn ma túy ở Điện Biên sa lưới."),
    "weather": article("Dự báo thời tiết", "Miền Bắc có mưa rào và dông vài nơi."),
    "weather2": article("Thời tiết ngày mai", "Miền Bắc có mưa rào, miền Nam nắng nóng."),
}
NAMES = {article.identifier: name for name, article in ARTICLES.items()}


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES.values()).search


@pytest.mark.parametrize(
    ("name", "like"), [("drugs", "drugs2"), ("drugs2", "drugs"), ("weather2", "weather")]
)
def test_an_article_on_the_same_matter_is_similar(
    searcher: SearchService, name: str, like: str
) -> None:
    likes = searcher.similar(ARTICLES[name].identifier)
    assert [NAMES[article.identifier] for article in likes] == [like]
    assert likes[0].title == ARTICLES[like].title


def test_of_a_long_article_the_beginning_is_read(
    searcher: SearchService, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysed: list[int] = []

    def build(analyzer: Analyzer, beginning: Article) -> Document:
        analysed.append(sum(len(text) for part in beginning.sections for text in part.paragraphs))
        return build_document(analyzer, beginning)

    monkeypatch.setattr(more_like_this, "build_document", build)
    with searcher._live.open_generation() as generation:
        for long in (article("T", "đê điều " * 99_999), article("T", *["đê điều"] * 99_999)):
            more_like_this.interesting_terms(generation.engine, Analyzer(), long)
    assert all(1000 < length <= 20 * more_like_this.MOST_WORDS for length in analysed)


def test_no_more_are_given_than_were_asked_for(searcher: SearchService) -> None:
    assert searcher.similar(ARTICLES["drugs"].identifier, 0) == ()


def test_an_article_that_is_not_there_is_said(searcher: SearchService) -> None:
    with pytest.raises(NotFoundError):
        searcher.similar("0" * 20)


def test_an_archive_without_an_index_has_none(archive_of: ArchiveFactory) -> None:
    archive = archive_of()
    keep(archive.store, ARTICLES["drugs"])
    assert archive.search.similar(ARTICLES["drugs"].identifier) == ()


def test_the_terms_are_the_most_typical_ones_first(archive_of: ArchiveFactory) -> None:
    frequent, rare = "giá vàng tăng mạnh", " ".join(f"chữ{number}" for number in range(40))
    sample = article("Tin", f"{frequent}. {frequent}. {frequent}. {rare}.")
    archive = archive_of(sample, article("Bản sao", f"{frequent}. {rare}."))
    with archive.live_index.open_generation() as generation:
        terms = interesting_terms(generation.engine, Analyzer(), sample)
    assert len(terms) == MOST_TERMS
    assert set(terms[:3]) == {"giá vàng", "vàng tăng", "tăng mạnh"}


def test_so_many_words_are_read_and_the_paragraph_that_goes_beyond_them(
    searcher: SearchService, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []
    monkeypatch.setattr(more_like_this, "MOST_WORDS", 6)
    with searcher._live.open_generation() as generation:
        look_up = generation.engine.look_up

        def record(lookup: TermLookup) -> TermFigures:
            looked_up.extend(lookup.frequencies[Field.EXACT_PAIRS])
            return look_up(lookup)

        monkeypatch.setattr(generation.engine, "look_up", record)
        long = article("đầu đề", "một hai ba", "bốn năm sáu", "bảy tám chín")
        interesting_terms(generation.engine, Analyzer(), long)
    assert looked_up == ["đầu đề", "một hai", "hai ba", "bốn năm", "năm sáu"]
