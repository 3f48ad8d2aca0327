"""Statements: who is cited in running text, and who is only named."""

from __future__ import annotations

import pytest

from indexer.vietnamese.statements import MOST_STATEMENTS, find_statements


def speakers(*paragraphs: str, headline: str = "") -> list[str]:
    return [statement.speaker for statement in find_statements(paragraphs, headline)]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Ông Ngô Văn Bình cho biết, cầu sẽ thông xe.", "Ngô Văn Bình"),
        ("Ông Ngô Văn Bình, Giám đốc Sở Giao thông tỉnh Lâm Hà, cho biết.", "Ngô Văn Bình"),
        ("Bà Lê Thị Mây - Phó trưởng phòng Giáo dục - khẳng định không thu.", "Lê Thị Mây"),
        ("Anh Trần Văn Rạng (45 tuổi, xã An Lạc) kể lại đêm lũ về.", "Trần Văn Rạng"),
        ("“Nước lên nhanh lắm”, chị Phạm Thị Sen nói.", "Phạm Thị Sen"),
        ('"Nước lên nhanh lắm" - chị Phạm Thị Sen vừa khóc nói.', "Phạm Thị Sen"),
        ("Theo ông Đỗ Minh Châu, giá lúa đã giảm.", "Đỗ Minh Châu"),
        ("Giá lúa, theo bà Đỗ Thị Lan, đã giảm.", "Đỗ Thị Lan"),
        ("Theo chia sẻ của ông Đỗ Minh Châu, giá lúa đã giảm.", "Đỗ Minh Châu"),
        ("Thủ tướng Đức Anna Weber ngày 3/4 nói với báo giới.", "Anna Weber"),
        ("Chủ tịch UBND huyện Lâm Hà Hồ Văn Tám nhấn mạnh.", "Hồ Văn Tám"),
        ("HLV Marco Rossi thừa nhận đội nhà chơi kém.", "Marco Rossi"),
        ("Bà Lê Thị Mây: Trường đã họp với phụ huynh.", "Lê Thị Mây"),
        ("Anh Rạng cười: “Có gì đâu”.", "Rạng"),
        ("Ông Ngô Văn Bình tại cuộc họp chiều 5/3 cũng đề nghị dừng.", "Ngô Văn Bình"),
        ("CEO Anna Weber của Sao Mai cho biết hàng đã về.", "Anna Weber"),
        ("Về ca bệnh kể trên, bác sĩ Phạm Thị Sen cho biết, hiện đã ổn.", "Phạm Thị Sen"),
        ("Trước tòa, Ngô Văn Bình khai có hai con.", "Ngô Văn Bình"),
        ("Trời đã tạnh Theo bà Đỗ Thị Lan, giá lúa đã giảm.", "Đỗ Thị Lan"),
        ("PV: Khi nào xong? - Thứ trưởng Đỗ Minh Châu: Qua kiểm tra thì còn lâu.", "Đỗ Minh Châu"),
        ("Ông Ngô Văn Bình, Giám đốc Trung tâm Lục Ngạn cho biết, đã xong.", "Ngô Văn Bình"),
        ("Anna Weber, giáo sư tại Đại học California, San Diego, nhận định.", "Anna Weber"),
        ("Trả lời Bí thư Đỗ Minh Châu, Trưởng phòng Sở Y tế Hồ Văn Tám nói không.", "Hồ Văn Tám"),
        ("Ông Ngô Văn Bình- Giám đốc sở Y tế (SYT) tỉnh Lâm Hà cho biết.", "Ngô Văn Bình"),
        ("Chủ tịch UBND tỉnh Ngô Văn Bình cho rằng phải dừng.", "Ngô Văn Bình"),
        ("Lúa đã chín – nghệ sĩ nhiếp ảnh Quang Mây nhấn mạnh.", "Quang Mây"),
        ("Ông Ngô Văn Bình đều phủ nhận. Chủ tịch huyện Trần Văn Thời nói.", "Ngô Văn Bình"),
        ("Ở Nga V.Weber vắng. Chủ tịch V.Weber cho biết sẽ họp.", "V.Weber"),
        ("Tổng thống Gabon Ali Bongo Ondimba cho biết sẽ họp.", "Ali Bongo Ondimba"),
    ],
)
def test_the_speaker_is_the_named_subject_of_a_verb_of_saying(text: str, speaker: str) -> None:
    assert speakers(text) == [speaker]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bộ Y tế cho biết, dịch đã lắng.",
        "Đại diện Công ty Sao Mai cho biết, hàng đã về.",
        "Mỹ và Nga cho biết sẽ họp.",
        "Theo báo cáo của UBND huyện Lâm Hà, lúa mất mùa.",
        "Luật sư của ông Ngô Văn Bình cho biết sẽ kháng án.",
        "Vợ anh Rạng nói không biết gì.",
        "Ông Ngô Văn Bình sẽ phát biểu tại hội nghị.",
        "Ông Ngô Văn Bình từ chối trả lời.",
        "Ông Ngô Văn Bình kể từ năm 2010 sống ở đây.",
        "Chị Phạm Thị Sen nói riêng và bà con nói chung đều mừng.",
        "Ông cho biết sẽ dừng.",
        "Tôi hỏi người bán hàng.",
        "Hiệu trưởng Trường THPT Lê Lợi cho biết, trường sẽ nghỉ.",
        "Một bác sĩ tại Bệnh viện Bạch Mai cho biết ca mổ đã xong.",
        "Thủ tướng Anh cho biết sẽ từ chức.",
        "Theo Mai Linh (Báo A)",
        "Hàng đã về đủ cả trong hôm nay. Theo Lê Mai Linh (Báo A)",
        "HLV người Bồ Đào Nha cho biết đội đã mệt.",
        "Anh Rạng triển khai công việc, chị Phạm Thị Sen chia sẻ hình ảnh mới.",
        "Tạp chí Archives of General Medicine cho biết ca bệnh đã tăng.",
        "Tờ Weekly Sunrise nổi tiếng. Weekly Sunrise cho biết cầu đã xong.",
        "Tin Grand Mirage: Có gì đâu. Grand Mirage: Còn nhiều.",
        "Anh đi theo ông Ngô Văn Bình về quê.",
        '\ud800 nói \x00: "',
    ],
)
def test_bodies_the_unnamed_and_the_silent_are_no_speakers(text: str) -> None:
    assert speakers(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Cậu nói rằng sẽ về.",
        "Theo Cậu, mọi việc đã ổn.",
        "Gã khẳng định anh sai.",
        "Lão kể rằng anh đã đi.",
        "Thị khai rằng anh bán.",
        "Ngoại kể rằng anh ngoan.",
        "Thím nói rằng cô vui.",
        "Bạn cho biết cô thế nào?",
        "Vị này cho biết cô bán.",
        "Ông Cậu cho biết đã về.",
        "Chị Mợ cho biết đã về.",
    ],
)
def test_words_of_address_are_no_names(text: str) -> None:
    # Elsewhere they stand with a title, which must not make them names.
    assert speakers(text) == speakers("Ông Cậu, anh Gã và bà Thím về.", text) == []


def test_words_of_address_are_titles_and_some_are_names_behind_one() -> None:
    assert speakers("Cậu Nam cho biết đã về.") == ["Nam"]
    assert speakers("Dì Hoa cho biết đã về.") == ["Hoa"]
    assert speakers("Chị Anh cho biết đã về.") == ["Anh"]
    assert speakers("Ông Lão cho biết đã về.") == ["Lão"]


def test_a_short_name_is_completed_by_the_full_one() -> None:
    first = "Ông Ngô Văn Bình, Giám đốc Sở Giao thông, dự lễ."
    assert speakers(first, "Ông Bình cho biết, cầu sẽ thông xe.") == ["Ngô Văn Bình"]
    assert speakers("Weber cho rằng còn sớm.", headline="Bà Anna Weber nhậm chức") == ["Anna Weber"]


def test_a_bare_word_is_a_person_only_where_the_article_says_so() -> None:
    assert speakers("Hương nói sẽ đi.") == []
    assert speakers("Hương nói sẽ đi.", "Chị Hương ở một mình.") == ["Hương"]
    assert speakers("Hương cho biết cô sẽ đi.") == ["Hương"]


def test_a_statement_says_where_the_speaker_is_named() -> None:
    (statement,) = find_statements(["Mưa to.", "“Mưa”, anh Trần Văn Rạng nói."])
    assert (statement.paragraph, statement.start, statement.end) == (1, 11, 24)


def test_statements_are_bounded() -> None:
    text = "Ông Ngô Văn Bình nói. " * (MOST_STATEMENTS + 50)
    assert len(find_statements([text])) == MOST_STATEMENTS
