"""Highlights show what was meant; other forms only where the article has nothing better."""

from __future__ import annotations

import pytest

from indexer.open_archive import OpenArchive
from indexer.search.search_records import ResultHit, SearchRequest
from tests.factories import ArchiveFactory, article

ARTICLES = (
    article("Bắt nhóm buôn ma túy", "Mà người buôn ma túy sợ ma. Tụy là một cơ quan."),
    article("Cá mú và tủy xương", "Mã số của mẫu tủy ấy ghi ở đây."),
    *(article(f"Tin {number}", f"Đường dây ma túy số {number} bị phá.") for number in range(9)),
    article("Mới về quê", "Xe mới đẹp. Họ mời về nhà, anh ấy mới về."),
    article("Mời về", "Họ mời về quê."),
)


@pytest.fixture(scope="module")
def archive(shared_archive_of: ArchiveFactory) -> OpenArchive:
    return shared_archive_of(*ARTICLES)


def find_hit(archive: OpenArchive, typed: str, title: str) -> ResultHit:
    hits = archive.search.search(SearchRequest(typed, size=50)).hits
    return next(hit for hit in hits if hit.title == title)


def highlighted(hit: ResultHit) -> list[str]:
    return [
        span.text
        for snippet in (hit.title_spans, *hit.snippets)
        for span in snippet
        if span.highlighted
    ]


@pytest.mark.parametrize(
    ("typed", "title", "expected"),
    [
        ("ma túy", "Bắt nhóm buôn ma túy", ["ma túy", "ma túy"]),
        ("ma tuy", "Bắt nhóm buôn ma túy", ["ma túy", "ma túy"]),
        ("ma túy", "Cá mú và tủy xương", ["tủy", "Mã", "tủy"]),
        ('"mới về"', "Mới về quê", ["Mới về", "mới về"]),
        ('"mới về"', "Mời về", ["Mời về", "mời về"]),
        ("mới", "Mới về quê", ["Mới", "mới", "mới"]),
        ("mới", "Mời về", ["Mời", "mời"]),
        ("ma túyy", "Bắt nhóm buôn ma túy", ["ma túy", "ma túy"]),
    ],
)
def test_what_was_meant_is_highlighted(
    archive: OpenArchive, typed: str, title: str, expected: list[str]
) -> None:
    assert highlighted(find_hit(archive, typed, title)) == expected


@pytest.mark.parametrize(
    ("typed", "title", "why"),
    [
        ("ma túy", "Bắt nhóm buôn ma túy", ("exact",)),
        ("ma túy", "Cá mú và tủy xương", ("folded",)),
        ('"mới về"', "Mới về quê", ("exact",)),
        ('"mới về"', "Mời về", ("folded",)),
        ("“ma tuy”…", "Bắt nhóm buôn ma túy", ("folded",)),
    ],
)
def test_exact_is_said_where_every_typed_diacritic_is_there(
    archive: OpenArchive, typed: str, title: str, why: tuple[str, ...]
) -> None:
    assert find_hit(archive, typed, title).why == why


def test_the_texts_of_an_article_are_highlighted_as_its_hit(archive: OpenArchive) -> None:
    hit = find_hit(archive, "ma túy", "Bắt nhóm buôn ma túy")
    stored = archive.store.get(hit.identifier)
    highlighter = archive.search.highlighter("ma túy")
    pieces = highlighter.highlight("Ma sợ ma túy", highlighter.selection(stored))
    assert [piece.text for piece in pieces if piece.highlighted] == ["ma túy"]


SIGNED = (
    article("Lễ 30/4", "Từ 30-4 đến ngày 4, trong 30 giờ; sáng ngày 30 tháng 4."),
    article("Tăng 30%", "Tăng 30 % rồi 30 phần trăm, hơn 30 hộ, một phần."),
    article("Lãi quý I", "Lãi quý 1, có 1 quý sau; hạng I."),
    article("Đại hội XII", "Đại hội lần thứ 12 có 12 đại biểu, hội trường."),
    article("Hãng H&M", "Ông H. gặp bà M. ở H&M."),
    article("Lớp C++", "Vitamin C và C++, C#."),
    article("Xe ô tô", "Bãi ôtô, chỗ ở tô vẽ, một ô nhỏ."),
    article("Rửa ôtô"),
    article("Sáng 2 tháng 9", "Lễ 2 tháng 9, nghỉ 9 ngày từ 2/9."),
    article("Kẹt xe TP.HCM", "Ở TPHCM và thành phố Hồ Chí Minh."),
)


@pytest.fixture(scope="module")
def signed(shared_archive_of: ArchiveFactory) -> OpenArchive:
    return shared_archive_of(*SIGNED)


@pytest.mark.parametrize(
    ("typed", "title", "expected"),
    [
        ("30/4", "Lễ 30/4", ["30/4", "30-4", "ngày 30 tháng 4"]),
        ("30%", "Tăng 30%", ["30%", "30", "30 phần trăm"]),
        ("30 phần trăm", "Tăng 30%", ["30%", "30", "30 phần trăm"]),
        ("quý 1", "Lãi quý I", ["quý I", "quý 1"]),
        ("đại hội XII", "Đại hội XII", ["Đại hội XII", "Đại hội lần thứ 12"]),
        ("H&M", "Hãng H&M", ["H&M", "H&M"]),
        ("C++", "Lớp C++", ["C++", "C++"]),
        ("2 tháng 9", "Sáng 2 tháng 9", ["2 tháng 9", "2 tháng 9", "2/9"]),
        ("ngày 2 tháng 9", "Sáng 2 tháng 9", ["2 tháng 9", "2 tháng 9", "2/9"]),
        ("oto", "Xe ô tô", ["ô tô", "ôtô"]),
        ("ô tô", "Xe ô tô", ["ô tô", "ôtô"]),
        ("TPHCM", "Kẹt xe TP.HCM", ["TP.HCM", "TPHCM", "thành phố Hồ Chí Minh"]),
    ],
)
def test_terms_of_figures_and_signs_are_highlighted_whole(
    signed: OpenArchive, typed: str, title: str, expected: list[str]
) -> None:
    hit = find_hit(signed, typed, title)
    assert highlighted(hit) == expected
    assert hit.missing == ()


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("thành phố Hồ Chí Minh", "Mưa to ở TP.HCM sáng nay.", ["TP.HCM"]),
        ("thành phố Hồ Chí Minh", "Mưa to ở TP HCM, tại chợ.", ["TP HCM"]),
        ("thanh pho ho chi minh", "Mưa to ở TPHCM sáng nay.", ["TPHCM"]),
        ("ủy ban nhân dân", "Họp tại U.B.N.D xã.", ["U.B.N.D"]),
    ],
)
def test_a_short_form_across_punctuation_or_a_blank_is_what_was_meant(
    archive_of: ArchiveFactory, query: str, text: str, expected: list[str]
) -> None:
    search = archive_of(article("Tin vắn", text), article("Tin khác", "Nắng.")).search
    (hit,) = search.search(SearchRequest(query)).hits
    spans = [span.text for snippet in hit.snippets for span in snippet if span.highlighted]
    assert (spans, hit.missing) == (expected, ())
