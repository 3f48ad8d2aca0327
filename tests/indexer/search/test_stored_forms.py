"""Stored forms: the capitals and the punctuation that articles give a phrase."""

from __future__ import annotations

import pytest

from indexer.search.stored_forms import StoredForms
from tests.factories import ArchiveFactory, article

TEXTS = (
    "Giá iPhone giảm. Đảo Hoàng Sa - Trường Sa của ta. Thấy công an bắt cò, cò bay. Mưa to ở đèo.",
    "Mua iPhone cũ. Ra Hoàng Sa - Trường Sa thăm. Công an họp. Nghe bắt cò. Cò bay. Mưa to quá.",
    "IPhone đắt. Bờ Hoàng Sa - Trường Sa xanh. Nhờ công an tìm. Đi bắt cò, cò chạy. Mưa to rồi.",
    "Dân khen Công ty Gạo Vàng. Hàng của công ty Gạo Vàng bán. Lỗ thì công ty bán huyện Yên Mây.",
    "Dân chê Công ty Lúa Trắng. Chủ của công ty lo. Xa là huyện Yên Gió, ca sĩ Lê Cúc hát.",
    "Dân mua Công ty Trà Đỏ (Công ty lớn). Lãi ở công ty cao. Gần huyện Yên Nắng có Hà Cúc.",
    "Báo ghi: Công ty Mía Đen. Nhờ công ty trả, Tổng thống Mỹ Mây đi. Nghe Tô Cúc kể.",
    "Nay Tổng thống Mỹ Gió vui. Xem Tổng thống Mỹ Nắng cười.",
    "Hôm qua Tổng thống Mỹ Mưa về.",
    "Năm con trâu đen về. Đám trâu đen nghỉ.",
    "Đàn trâu đen về.",
    "Lũ trâu đen về.",
)
ARTICLES = tuple(article("TIN", text) for text in TEXTS)


@pytest.mark.parametrize(
    ("words", "form"),
    [
        ("iphone", "iPhone"),
        ("hoàng sa trường sa", "Hoàng Sa - Trường Sa"),
        ("công an", "công an"),
        ("mưa to", "mưa to"),
        ("công ty", "công ty"),
        ("tổng thống mỹ", "Tổng thống Mỹ"),
        ("huyện yên", None),
        ("cúc", None),
        ("bắt cò cò", None),
        ("không có", None),
        ("trâu đen", None),
        ("trâu đen về", "trâu đen về"),
    ],
)
def test_a_phrase_is_written_as_within_sentences(
    archive_of: ArchiveFactory, words: str, form: str | None
) -> None:
    archive = archive_of(*ARTICLES)
    with archive.live_index.open_generation() as generation:
        forms = StoredForms()
        for _ in range(2):
            assert forms.find(words.split(), generation.engine, archive.store) == form
