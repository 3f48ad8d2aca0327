"""Bylines: lists, remarks, labels, initials; and whose name is a paper's or an office's."""

from __future__ import annotations

import pytest

from indexer.intake.bylines import is_organisation, people_in, split_names

PUBLISHER = ("Báo Mẫu Thanh", "www.mauthanh.com.vn")


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Trần Mẫu", ["Trần Mẫu"]),
        ("Trần Mẫu và Lê Bình", ["Trần Mẫu", "Lê Bình"]),
        ("Trần Mẫu - Lê Bình", ["Trần Mẫu", "Lê Bình"]),
        ("Trần Mẫu, Lê Bình; Đỗ An/Hà Vy", ["Trần Mẫu", "Lê Bình", "Đỗ An", "Hà Vy"]),
        ("By Jane Doe and John Q. Public", ["Jane Doe", "John Q. Public"]),
        ("Theo Trần Mẫu", ["Trần Mẫu"]),
        ("PV Trần Mẫu", ["Trần Mẫu"]),
        ("Phóng viên: Trần Mẫu", ["Trần Mẫu"]),
        ("Bài, ảnh: Trần Mẫu", ["Trần Mẫu"]),
        ("Bài: Trần Mẫu; Ảnh: Lê Bình", ["Trần Mẫu", "Lê Bình"]),
        ("Trần Mẫu (theo AFP)", ["Trần Mẫu"]),
        ("Trần Mẫu (Hà Nội), Lê Bình (TTXVN)", ["Trần Mẫu", "Lê Bình"]),
        ("Trần Mẫu theo AFP", ["Trần Mẫu"]),
        ("Trần Mẫu tổng hợp", ["Trần Mẫu"]),
        ("Trần Mẫu - mau@example.vn", ["Trần Mẫu"]),
        ("Trần Mẫu | Thứ hai, ngày 19/12/2022", ["Trần Mẫu"]),
        ("Trần Mẫu - Ngày 19/12", ["Trần Mẫu"]),
        ("Trần Mẫu | Cập nhật lúc 10:00", ["Trần Mẫu"]),
        ("Cập nhật lúc 10:00 05/01/2023 - Đăng lúc 17:02", []),
        ("Posted on 19 December by Jane Doe", []),
        ("Mon, 19 Dec 2022 17:02:00 +0700", []),
        ("December 19, 2022 5:02 PM", []),
        ("Jane Doe, Monday, December 19, 2022", ["Jane Doe"]),
        ("Jane Doe | Sat Dec 19, 2022", ["Jane Doe"]),
        ("Trần Mẫu - Tháng Mười Hai 19, 2022", ["Trần Mẫu"]),
        ("Max Muster, Montag, 19. Dezember 2022", ["Max Muster"]),
        ("Hoài Thu 19/12/2022", ["Hoài Thu"]),
        ("Hoài Thu, 17:02 19/12/2022", ["Hoài Thu"]),
        ("Mai Sun 17:02", ["Mai Sun"]),
        ("Theresa May 19/12/2022", ["Theresa May"]),
        ("Lê Đăng Ngày", ["Lê Đăng Ngày"]),
        ("Nguyễn Đăng", ["Nguyễn Đăng"]),
        ("Author, Jane Doe, Role, Reporter", ["Jane Doe"]),
        ("T.Hằng", ["T.Hằng"]),
        ("T.H.", ["T.H."]),
        ("Trần Mẫu.", ["Trần Mẫu"]),
        ("Thảo", ["Thảo"]),
        ("Nhóm PV", ["Nhóm PV"]),
        ("O'Neil, Mary", ["O'Neil, Mary"]),
        ("O’Neil, Mary; Smith-Jones, John P.", ["O’Neil, Mary", "Smith-Jones, John P."]),
        ("Smith, J. R. and Doe, Jane", ["Smith, J. R.", "Doe, Jane"]),
        ("By O'Neil, Mary", ["O'Neil, Mary"]),
        ("van Dijk, Jan", ["van Dijk, Jan"]),
        ("Van Gogh, Vincent", ["Van Gogh, Vincent"]),
        ("Müller, Jürgen", ["Müller, Jürgen"]),
        ("Nguyễn, Văn An", ["Nguyễn, Văn An"]),
        ("John King, Jr.", ["John King, Jr."]),
        ("Mary O'Neil, PhD", ["Mary O'Neil, PhD"]),
        ("Mary O'Neil, John Smith", ["Mary O'Neil", "John Smith"]),
        ("Minh Anh, Lan Hương", ["Minh Anh", "Lan Hương"]),
        ("Lan, Minh Anh", ["Lan", "Minh Anh"]),
        ("Hoàng, Lan", ["Hoàng", "Lan"]),
        ("Theo Reuters, Guardian", ["Reuters", "Guardian"]),
        ("Smith, AFP", ["Smith", "AFP"]),
        ("Mary, John, Ann", ["Mary", "John", "Ann"]),
        ("Article Information", []),
        ("https://example.vn/trang", []),
        ("admin", []),
        ("", []),
    ],
)
def test_a_byline_is_split_into_names(byline: str, names: list[str]) -> None:
    assert list(split_names(byline)) == names


@pytest.mark.parametrize(
    "name",
    ["Lê Bảo Anh", "Nguyễn Bảo", "Nguyễn Đại", "Lê Đài Trang", "Nguyễn Điền Tú"]
    + ["Thảo", "Thanh", "T.Hằng", "Tòa Văn Soạn", "Anh Bộ"],
)
def test_a_person_is_no_organisation(name: str) -> None:
    assert people_in([name], PUBLISHER) == (name,)


@pytest.mark.parametrize(
    "name",
    ["Báo Lao Động", "Đài Tiếng nói Việt Nam", "Tạp chí Mẫu", "Công ty An Bình", "Tòa soạn"]
    + ["Toà soạn Mẫu", "Báo điện tử Mẫu", "Mẫu Online", "BBC News", "Editor", "Báo Mẫu Thanh"]
    + ["Mẫu Thanh", "Mauthanh", "PV", "Phóng viên", "VOV tại Mỹ", "Sở Y tế", "..."],
)
def test_an_organisation_is_no_person(name: str) -> None:
    assert people_in([name], PUBLISHER) == ()


def test_an_agency_is_an_author_only_where_nobody_is_named() -> None:
    assert people_in(["Theo AFP"], PUBLISHER) == ("AFP",)
    assert people_in(["AFP", "Lê An/TTXVN"], PUBLISHER) == ("Lê An",)


def test_words_without_letters_are_an_organisation() -> None:
    assert is_organisation("-", ())


@pytest.mark.parametrize(
    "text", ["(" * 20_000, "- " * 9000, "Theo " * 9000, "A." * 9000, "@" * 9000]
)
def test_a_long_byline_is_bounded(text: str) -> None:
    assert len(split_names(text)) < 300
