"""Acronyms that a text explains: what is learned from a bracket and what is not."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.vietnamese.acronym_extraction import Definition, extract
from indexer.vietnamese.normalization import canonical
from tests.paths import DATA

VECTORS = DATA / "acronym_extract.tsv"


def first_article() -> str:
    sample = files("archive").joinpath("sample", "first-article.txt")
    return canonical(sample.read_text("utf-8"))


def vectors() -> list[list[str]]:
    rows = [line.split("\t") for line in VECTORS.read_text("utf-8").splitlines()]
    return [row for row in rows if len(row) == 4 and row[0] != "origin"]


def learned(text: str) -> list[tuple[str, str]]:
    return [(definition.short, definition.long) for definition in extract(text)]


def test_every_vector_gives_its_definition() -> None:
    assert len(vectors()) == 8
    for origin, short, expected, sentence in vectors():
        text = first_article() if origin == "seed article" else sentence
        definitions = [] if expected.startswith("(none") else [(short, expected)]
        assert [pair for pair in learned(text) if pair[0] == short] == definitions


def test_the_first_article_defines_three_acronyms_and_nothing_else() -> None:
    text = first_article()
    assert learned(text) == [
        ("ANM & PCTP", "An ninh mạng và phòng, chống tội phạm"),
        ("QLHC về TTXH", "quản lý hành chính về trật tự xã hội"),
        ("ANTT", "an ninh trật tự"),
    ]
    for definition in extract(text):
        assert text.startswith(definition.long, definition.start)


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("Bộ Giáo dục và Đào tạo (GD&ĐT)", "GD&ĐT", "Giáo dục và Đào tạo"),
        ("Bộ Giáo dục – Đào tạo (GD-ĐT)", "GD-ĐT", "Giáo dục – Đào tạo"),
        ("Thành phố Hồ Chí Minh (TP.HCM)", "TP.HCM", "Thành phố Hồ Chí Minh"),
        ("trung ương (T.Ư)", "T.Ư", "trung ương"),
        ("Ban Chấp hành Trung ương (BCH TW)", "BCH TW", "Ban Chấp hành Trung ương"),
        ("World Health Organization (WHO)", "WHO", "World Health Organization"),
        ("Hội đồng nhân dân (gọi tắt là HĐND)", "HĐND", "Hội đồng nhân dân"),
        ("UBND (Ủy ban nhân dân) tỉnh", "UBND", "Ủy ban nhân dân"),
        ("Cục ANM & PCTP (An ninh mạng và phòng, chống tội phạm)", "ANM & PCTP",
         "An ninh mạng và phòng, chống tội phạm"),
        ("phòng cháy, chữa cháy và cứu nạn, cứu hộ (PCCC&CNCH)", "PCCC&CNCH",
         "phòng cháy, chữa cháy và cứu nạn, cứu hộ"),
        ("đội ngũ của các bộ (ĐNB)", "ĐNB", "đội ngũ của các bộ"),
        ("Ngân hàng Nhà nước (NHNN); tòa án nhân dân", "NHNN", "Ngân hàng Nhà nước"),
        ("Tổng công ty xây dựng công trình giao thông 4 Hà Nội (TCTHN)", "TCTHN", None),
        ("bộ khoa học rất mới công nghệ (KHCN)", "KHCN", "khoa học rất mới công nghệ"),
        ("khoa học một hai ba công nghệ (KHCN)", "KHCN", None),
        ("công nghệ mới (CN)", "CN", None),
        ("Thạc sĩ (ThS)", "ThS", "Thạc sĩ"),
    ],
)  # fmt: skip
def test_a_definition_is_aligned_by_its_initials(text: str, short: str, long: str | None) -> None:
    assert learned(text) == ([] if long is None else [(short, long)])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "()",
        "(AB)",
        "ông A (SN 1980)",
        "Đề án 06 (Đề án 06)",
        "Đà Nẵng (Việt Nam)",
        "kết thúc an. Ninh trật tự (ANTT)",
        "“an ninh” trật tự (ANTT)",
        "(an ninh) trật tự (ANTT)",
        "an ninh\ntrật tự (ANTT)",
        "an ninh trật tự (antt)",
        "Liên hợp quốc (UN)",
        "nhóm A (G7)",
        "cứu hộ (và)",
        "cứu hộ (& CH)",
    ],
)
def test_what_defines_no_acronym_gives_nothing(text: str) -> None:
    assert extract(text) == []


def test_a_comma_does_not_end_the_long_form() -> None:
    assert extract("giữ trật tự, an toàn xã hội (TTATXH)") == [
        Definition("TTATXH", "trật tự, an toàn xã hội", 4)
    ]


def test_a_text_made_to_stall_the_alignment_is_answered() -> None:
    assert extract("va " * 60 + "a (XVVVVVVVVVVA)") == []
    assert extract("(" * 100_000 + "(A" * 100_000) == []


SENTENCE = st.text("AaBĐđ VvUưƯơ&.,()va \n1", max_size=60)


@given(SENTENCE)
def test_every_definition_is_in_the_text(text: str) -> None:
    for definition in extract(text):
        assert text.startswith(definition.long, definition.start)
        assert definition.short in text
        assert len(definition.long.split()) >= 1
