"""The reader of Excel workbooks (XLSX): a section for each sheet, rows and comments as lines."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from lxml import etree

from archive.document_account import account_of_rest
from archive.errors import UnreadableError
from archive.records import Article, Origin
from indexer.intake.office.package_files import PackageFiles, open_package
from indexer.intake.office.package_metadata import read_core_properties
from indexer.intake.office.text_blocks import RunBlock, article_of
from indexer.intake.office.workbook_comments import read_comments

READER = "xlsx"
READER_VERSION = 3

_MOST_ROWS = 200_000
_MOST_SHEETS = 500
_FIRST_DAY = datetime(1899, 12, 30)
_LAST_SERIAL = 2_958_466
_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)])
_DATE_CODE = re.compile(r"[ymdhs]", re.IGNORECASE)
_NO_DATE_CODE = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|\\.|general", re.IGNORECASE)
_SEPARATOR = " | "

Run = tuple[str, str]
"""A font and a text."""


def read_workbook(data: bytes, source: str, _encoding: str = "") -> Article:
    """Read the article in an Excel workbook.

    Raises:
        UnreadableError: it is damaged or encrypted.
        IntakeError: it holds no words.
    """
    with open_package(data) as files:
        root = files.xml("xl/workbook.xml")
        if root is None:
            raise UnreadableError("is damaged (it has no list of sheets)")
        reader = _SheetReader(files, _is_1904(root))
        relations = files.relations("xl/workbook.xml")
        blocks: list[RunBlock] = []
        sheets = root.findall("{*}sheets/{*}sheet")
        for sheet in sheets[:_MOST_SHEETS]:
            link = next((v for key, v in sheet.attrib.items() if str(key).endswith("}id")), "")
            kind, target = relations.get(str(link), ("", ""))
            if kind == "worksheet":
                name = " ".join((sheet.get("name") or "").split())
                blocks += reader.rows(target, f"trang tính {name}")
                comments = list(read_comments(files, target, f"trang tính {name}"))
                reader.longest = max(reader.longest, len(comments))
                blocks += comments[:_MOST_ROWS]
        head = read_core_properties(files)
    account = account_of_rest(_MOST_SHEETS, len(sheets))
    account = account or account_of_rest(_MOST_ROWS, reader.longest)
    return article_of(blocks, head, Origin(source, READER, READER_VERSION), account)


def _is_1904(root: etree._Element) -> bool:
    properties = root.find("{*}workbookPr")
    return properties is not None and properties.get("date1904") in ("1", "true")


class _SheetReader:
    """A reader of the rows of one sheet after another.

    Attributes:
        longest: The rows or comments of the longest sheet, as far as they were counted.
    """

    def __init__(self, files: PackageFiles, is_1904: bool) -> None:
        self.longest = 0
        self._files = files
        self._first_day = _FIRST_DAY + timedelta(days=1462 if is_1904 else 0)
        self._fonts: list[str] = []
        self._formats: list[tuple[str, bool]] = []
        self._read_styles()
        strings = files.xml("xl/sharedStrings.xml")
        self._strings = [_rich_runs(item) for item in strings] if strings is not None else []

    def rows(self, part: str, locator: str) -> Iterator[RunBlock]:
        """Yield a block for every row of a sheet that holds something."""
        data = self._files.read(part)
        if b"<!DOCTYPE" in data[:4096]:
            raise UnreadableError(f"is damaged ({part} declares entities)")
        events = etree.iterparse(
            io.BytesIO(data), tag="{*}row", resolve_entities=False, no_network=True, huge_tree=True
        )
        try:
            for count, (_, row) in enumerate(events, 1):
                self.longest = max(self.longest, count)
                if count > _MOST_ROWS:
                    break
                block = RunBlock(locator=locator)
                for cell in row:
                    runs = self._cell_runs(cell)
                    if runs and block.runs:
                        block.runs.append((block.runs[-1][0], _SEPARATOR))
                    block.runs += runs
                row.clear()
                if block.runs:
                    yield block
        except etree.XMLSyntaxError as error:
            raise UnreadableError(f"is damaged ({part}: {error})"[:200]) from error

    def _cell_runs(self, cell: etree._Element) -> list[Run]:
        """Return the runs of one cell."""
        kind = cell.get("t") or "n"
        style = cell.get("s") or "0"
        index = int(style) if style.isdecimal() else 0
        font, is_date = self._formats[index] if index < len(self._formats) else ("", False)
        if kind == "inlineStr":
            inline = cell.find("{*}is")
            runs = _rich_runs(inline) if inline is not None else []
        else:
            value = cell.findtext("{*}v") or ""
            if kind == "s":
                number = int(value) if value.isdecimal() else -1
                runs = self._strings[number] if 0 <= number < len(self._strings) else []
            elif kind == "b":
                runs = [("", "TRUE" if value == "1" else "FALSE")]
            else:
                runs = [("", self._number(value, is_date) if kind == "n" else value)]
        return [(own or font, text) for own, text in runs if text.strip()]

    def _number(self, value: str, is_date: bool) -> str:
        """Return a number as people read it, a date in ISO 8601."""
        try:
            number = float(value)
        except ValueError:
            return value
        if is_date and 0 <= number < _LAST_SERIAL:
            moment = self._first_day + timedelta(seconds=round(number * 86_400))
            if number < 1:
                return f"{moment:%H:%M}"
            return f"{moment:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
        if number.is_integer() and abs(number) < 1e15:
            return str(int(number))
        return f"{number:.10g}"

    def _read_styles(self) -> None:
        """Read the fonts and the formats of numbers."""
        root = self._files.xml("xl/styles.xml")
        if root is None:
            return
        codes = {
            form.get("numFmtId") or "": form.get("formatCode") or ""
            for form in root.iterfind("{*}numFmts/{*}numFmt")
        }
        for font in root.iterfind("{*}fonts/{*}font"):
            name = font.find("{*}name")
            self._fonts.append((name.get("val") or "") if name is not None else "")
        for form in root.iterfind("{*}cellXfs/{*}xf"):
            number, font_number = form.get("numFmtId") or "0", form.get("fontId") or "0"
            code = _NO_DATE_CODE.sub("", codes.get(number, ""))
            is_date = bool(_DATE_CODE.search(code)) or (
                number.isdecimal() and int(number) in _DATE_FORMATS
            )
            place = int(font_number) if font_number.isdecimal() else 0
            self._formats.append((self._fonts[place] if place < len(self._fonts) else "", is_date))


def _rich_runs(item: etree._Element) -> list[Run]:
    """Return the runs of a string, without the reading aids of other scripts."""
    runs: list[Run] = []
    for child in item:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if name == "t":
            runs.append(("", child.text or ""))
        elif name == "r":
            font = child.find("{*}rPr/{*}rFont")
            text = child.findtext("{*}t") or ""
            runs.append(((font.get("val") or "") if font is not None else "", text))
    return [(font, text.replace("\n", " ")) for font, text in runs if text]
