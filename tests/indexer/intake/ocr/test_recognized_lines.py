"""The program's table of words: lines in their order, certainty, and rows that are none."""

from __future__ import annotations

from indexer.intake.ocr.recognized_lines import read_table
from indexer.intake.pdf.paragraphs import build_paragraphs

HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)
PAGE = "1\t1\t0\t0\t0\t0\t0\t0\t2480\t3508\t-1\t"


def word(line: int, left: int, text: str, confidence: float = 90, top: int = 0) -> str:
    places = f"5\t1\t1\t1\t{line}\t1\t{left}\t{top or 100 * line}\t100\t40"
    return f"{places}\t{confidence}\t{text}"


def test_words_become_lines() -> None:
    words = read_table(
        "\n".join([HEAD, PAGE, word(1, 10, "Hội"), word(1, 120, "chợ"), word(2, 10, "mở")])
    )
    assert [line.text for line in words.lines] == ["Hội chợ", "mở"]
    assert (words.lines[0].left, words.lines[0].right) == (10, 220)
    first, second = words.text_lines
    assert first.baseline > second.baseline
    assert first.size == second.size


def test_certainty_is_the_mean_over_letters() -> None:
    assert (
        read_table("\n".join([HEAD, PAGE, word(1, 0, "abc", 90), word(1, 1, "d", 50)])).confidence
        == 80
    )
    assert read_table(HEAD).confidence == 0


def test_letters_are_composed() -> None:
    decomposed = "hội"
    assert read_table("\n".join([HEAD, PAGE, word(1, 0, decomposed)])).lines[0].text == "hội"


def test_larger_letters_part_a_heading() -> None:
    rows = [HEAD, PAGE]
    rows.append("5\t1\t1\t1\t1\t1\t10\t100\t900\t90\t95\tHỘI CHỢ")
    rows += [word(line, 10, f"dòng {line} của bài", top=200 + 60 * line) for line in range(2, 6)]
    paragraphs = build_paragraphs(read_table("\n".join(rows)).text_lines)
    assert paragraphs[0] == "HỘI CHỢ"


def test_rows_that_are_none_are_passed_over() -> None:
    rows = [HEAD, PAGE, "5\t1", "5\t1\t1\t1\t1\t1\tx\t0\t0\t0\t90\ta", word(1, 0, "  "), "", "\0"]
    assert read_table("\n".join(rows)).lines == ()
    assert read_table("").lines == ()
