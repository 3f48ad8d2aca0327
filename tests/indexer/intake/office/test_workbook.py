"""Excel workbooks: a section for each sheet, a line for each row, dates as dates."""

from __future__ import annotations

import pytest

from indexer.intake.legacy.charsets import Charset
from indexer.intake.office import workbook as module
from indexer.intake.office.workbook import read_workbook
from tests.indexer.intake.office.made_packages import workbook
from tests.legacy_bytes import encode_legacy

TCVN3 = encode_legacy("phương pháp ước tính", Charset.TCVN3).decode("latin-1")
STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="165" formatCode="[$VND] #,##0"/></numFmts>'
    '<fonts><font/><font><name val=".VnTime"/></font></fonts>'
    '<cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="164" fontId="0"/>'
    '<xf numFmtId="165" fontId="0"/><xf numFmtId="0" fontId="1"/></cellXfs>'
)
ROWS = (
    '<row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>Số</t></is></c></row><row><c/></row>'
    '<row><c><v>12</v></c><c><v>0.5</v></c><c s="1"><v>44972</v></c><c s="2"><v>44972</v></c>'
    '<c t="b"><v>1</v></c><c t="s"><v>99</v></c><c t="str"><v>kết quả</v></c></row>'
)


def test_rows_are_lines_and_sheets_are_sections() -> None:
    strings = "<si><t>Tên</t></si>"
    article = read_workbook(workbook({"Lúa": ROWS, "Ngô": ROWS}, strings, STYLES), "a.xlsx")
    assert [section.locator for section in article.sections] == ["trang tính Lúa", "trang tính Ngô"]
    assert article.sections[0].paragraphs == (
        "Tên | Số",
        "12 | 0.5 | 2023-02-15 | 44972 | TRUE | kết quả",
    )


def test_cells_and_rich_texts_in_legacy_fonts_are_decoded() -> None:
    rich = f'<si><r><t>giá bán </t></r><r><rPr><rFont val=".VnTime"/></rPr><t>{TCVN3}</t></r></si>'
    rows = f'<row><c t="s"><v>0</v></c><c s="3" t="inlineStr"><is><t>{TCVN3}</t></is></c></row>'
    article = read_workbook(workbook({"a": rows}, rich, STYLES), "a.xlsx")
    assert article.sections[0].paragraphs == (
        "giá bán phương pháp ước tính | phương pháp ước tính",
    )


@pytest.mark.parametrize(
    ("rows", "sheets", "state"), [(9, 9, ""), (1, 9, "partial"), (9, 1, "partial")]
)
def test_what_is_beyond_the_limits_is_said(
    monkeypatch: pytest.MonkeyPatch, rows: int, sheets: int, state: str
) -> None:
    monkeypatch.setattr(module, "_MOST_ROWS", rows)
    monkeypatch.setattr(module, "_MOST_SHEETS", sheets)
    row = '<row><c t="inlineStr"><is><t>Một hàng</t></is></c></row>'
    article = read_workbook(workbook({"a": row * 2, "b": row}), "a.xlsx")
    assert (article.account.state if article.account else "") == state
    assert len(article.sections[0].paragraphs) == min(rows, 2)
