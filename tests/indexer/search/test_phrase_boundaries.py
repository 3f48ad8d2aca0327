"""Phrase boundaries: where a phrase of the archive begins and ends."""

from __future__ import annotations

import pytest

from indexer.derived.phrase_table import PhraseTable
from indexer.search.phrase_boundaries import PhraseBoundaries
from indexer.search.term_statistics import TermStatistics
from tests.factories import ArchiveFactory, article

TEXTS = (
    "Phó giám đốc khen. Trên bầu trời có mây. Ngân hàng Sao Mai Lâm Hà mở cửa.",
    "Phó giám đốc chê. Trên bầu trời có chim. Ngân hàng Sao Mai Lâm Hà nghỉ.",
    "Phó giám đốc về. Nhìn bầu trời xanh. Ngân hàng Sao Mai Lâm Hà đông khách.",
    "Giám đốc đi. Trên bầu trời lặng. Trâu trắng.",
)


@pytest.mark.parametrize(
    ("phrases", "whole"),
    [
        (("giám đốc",), []),
        (("phó giám đốc",), ["phó giám đốc"]),
        (("ngân hàng sao mai",), ["ngân hàng sao mai lâm hà"]),
        (("trâu trắng",), []),
        (("bầu trời", "phó giám đốc"), ["phó giám đốc", "bầu trời"]),
    ],
)
def test_a_phrase_is_whole_where_no_neighbour_is_mostly_the_same(
    archive_of: ArchiveFactory, phrases: tuple[str, ...], whole: list[str]
) -> None:
    archive = archive_of(*(article("Tin", text) for text in TEXTS))
    with archive.live_index.open_generation() as generation:
        table = PhraseTable(generation.folder)
        ids = [tuple(table.words.index(word) for word in phrase.split()) for phrase in phrases]
        ends = PhraseBoundaries(table).whole_phrases(ids, TermStatistics(generation.engine))
        spelled = [" ".join(table.words[i] for i in phrase.word_ids) for phrase in ends]
    assert spelled == whole


def test_searches_are_bounded(archive_of: ArchiveFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = archive_of(*(article("Tin", text) for text in TEXTS))
    monkeypatch.setattr("indexer.search.phrase_boundaries.MOST_SEARCHES", 0)
    with archive.live_index.open_generation() as generation:
        table = PhraseTable(generation.folder)
        boundaries = PhraseBoundaries(table)
        phrase = tuple(table.words.index(word) for word in ("phó", "giám", "đốc"))
        (whole,) = boundaries.whole_phrases([phrase], TermStatistics(generation.engine))
    assert (whole.word_ids, whole.documents) == (phrase, 3)


def test_what_may_be_cut_at_its_left_end_is_not_offered_uncounted(
    archive_of: ArchiveFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = "Trời đẹp. " * 200 + "Phó giám đốc về."
    leads = ("Phó giám đốc khen.", "Giám đốc đi.", "Giám đốc cười.", "Giám đốc hỏi.")
    archive = archive_of(*(article("Tin", lead, rest) for lead in leads))
    monkeypatch.setattr("indexer.search.phrase_boundaries.MOST_SEARCHES", 0)
    with archive.live_index.open_generation() as generation:
        table = PhraseTable(generation.folder)
        phrase = tuple(table.words.index(word) for word in ("giám", "đốc"))
        ((_, share),) = table.words_before(phrase, 1, 0.2)
        statistics = TermStatistics(generation.engine)
        whole = list(PhraseBoundaries(table).whole_phrases([phrase], statistics))
    assert (share, whole) == (0.25, [])


def test_what_few_beginnings_have_is_behind_the_words_before_its_first_ones(
    archive_of: ArchiveFactory,
) -> None:
    leads = ("Tin cho biết mưa.", "Tin cho biết hạn.", "Nguồn tin hay.", "Nguồn tin lạ.")
    ends = ("nắng", "gió", "bão", "lụt")
    archive = archive_of(
        *(
            article("Chợ", lead, "Trời đẹp. " * 200 + f"Nguồn tin cho biết {end}.")
            for lead, end in zip(leads, ends, strict=True)
        )
    )
    with archive.live_index.open_generation() as generation:
        table = PhraseTable(generation.folder)
        phrase = tuple(table.words.index(word) for word in ("tin", "cho", "biết"))
        assert not list(table.words_before(phrase, 1, 0.0))
        statistics = TermStatistics(generation.engine)
        assert list(PhraseBoundaries(table).whole_phrases([phrase], statistics)) == []
