"""JSON lines: fields, odd values, damage and bombs; each record stands for itself."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import lzma
import zlib
from typing import Any

import pytest

from archive.errors import IntakeError
from archive.records import Article
from indexer.intake import json_lines, json_stream
from indexer.intake.decompression import open_decompressed
from indexer.intake.json_lines import read_record, read_records
from indexer.intake.json_stream import LONGEST_LINE, MOST_EMPTY_LINES

WHOLE = {
    "id": "dt1",
    "url": "https://example.vn/a-1.htm?utm_source=x",
    "date": "2022-12-19T17:02:00+07:00",
    "category": "Xã hội",
    "publisher": "Báo Mẫu",
    "authors": ["Lê An", "Trần Bình", "Lê An"],
    "title": " Thư viện xã  mở cửa",
    "summary": "Sau ba năm\nsửa chữa.",
    "body": "Đoạn một.\n\nĐoạn hai.",
}


def read(data: bytes) -> list[json_lines.Record]:
    return list(read_records(io.BufferedReader(io.BytesIO(data)), "a.jsonl"))  # type: ignore[arg-type]


def articles_in(records: list[json_lines.Record]) -> list[Article]:
    return [record.outcome for record in records if isinstance(record.outcome, Article)]


def line(**values: Any) -> bytes:
    return json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")


def test_a_whole_record_is_an_article() -> None:
    article = read_record(line(**WHOLE), "a.jsonl:1")
    assert (article.external_id, article.title) == ("dt1", "Thư viện xã mở cửa")
    assert article.url == WHOLE["url"]
    assert article.lead == "Sau ba năm sửa chữa."
    assert [section.paragraphs for section in article.sections] == [("Đoạn một.", "Đoạn hai.")]
    assert article.published is not None
    assert article.published.isoformat() == WHOLE["date"]
    assert (article.category, article.publisher) == ("Xã hội", "Báo Mẫu")
    assert article.authors == ("Lê An", "Trần Bình")
    assert (article.origin.source, article.origin.reader) == ("a.jsonl:1", "jsonlines")


@pytest.mark.parametrize(
    ("values", "title", "published"),
    [
        ({"title": "Tít"}, "Tít", None),
        ({"summary": "Chỉ có sapo."}, "", None),
        ({"body": "Chỉ có\nhai đoạn."}, "", None),
        ({"title": None, "body": "Tít rỗng"}, "", None),
        ({"title": "Tít ngắn", "summary": "Tít ngắn"}, "Tít ngắn", None),
        ({"title": "rất dài " * 13, "summary": "rất dài " * 13}, "", None),
        ({"title": "rất dài " * 13, "summary": "Sapo."}, ("rất dài " * 13).strip(), None),
        ({"title": "Tít", "id": 7, "date": 20221219}, "Tít", "2022-12-19T00:00:00+07:00"),
        ({"title": "Tít", "date": "2020-10-01"}, "Tít", "2020-10-01T00:00:00+07:00"),
        ({"title": "Tít", "date": "19/12/2022 17:02"}, "Tít", "2022-12-19T17:02:00+07:00"),
        ({"title": "Tít", "date": "hôm qua"}, "Tít", None),
        ({"title": "Tít", "date": 1e300}, "Tít", None),
        ({"title": "Tít", "author": "Lê An", "extra": {"a": [1]}}, "Tít", None),
        ({"title": "Co\u0302ng an"}, "Công an", None),
        ({"title": "CÃ´ng an nhÃ¢n dÃ¢n"}, "Công an nhân dân", None),
        ({"title": "a\ud800b\u0000c"}, None, None),
    ],
)
def test_fields_may_be_missing_or_odd(
    values: dict[str, Any], title: str | None, published: str | None
) -> None:
    article = read_record(line(**values), "a.jsonl:1")
    assert title is None or article.title == title
    article.title.encode()
    assert (article.published.isoformat() if article.published else None) == published


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", "no JSON"),
        (b"nothing", "no JSON"),
        (b"[1, 2]", "no JSON object"),
        (b'"text"', "no JSON object"),
        (b"{}", "no title, summary or body"),
        (b'{"title": " ", "body": "\\n"}', "no title, summary or body"),
        (b'{"title": ["a", "b"]}', "title that is no text"),
        (b'{"title": true}', "title that is no text"),
        (b'{"title": "a", "body": {"b": 1}}', "body that is no text"),
        (b'{"title": "\xff"}', "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"title": ' + b"9" * 5000 + b"}", "no JSON"),
    ],
)
def test_a_record_that_is_none_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(IntakeError, match=reason):
        read_record(data, "a.jsonl:1")


FILE = b"".join(line(id=str(n), title=f"Bài {n}") + b"\n" for n in range(1, 4))
WRITTEN = {
    "plain": FILE,
    "without an end": FILE.rstrip(b"\n"),
    "carriage returns": FILE.replace(b"\n", b"\r\n"),
    "empty lines": b"\n\n" + FILE.replace(b"\n", b"\n  \n"),
    "mark": codecs.BOM_UTF8 + FILE,
    "utf-16": FILE.decode().encode("utf-16"),
    "gzip": gzip.compress(FILE),
    "xz": lzma.compress(FILE),
    "gzip in members": gzip.compress(FILE[:20]) + gzip.compress(FILE[20:]) + b"\0" * 100,
    "xz in streams": lzma.compress(FILE[:20]) + lzma.compress(FILE[20:]),
    "utf-16 in xz": lzma.compress(FILE.decode().encode("utf-16")),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_files_are_read_however_they_are_written(name: str) -> None:
    records = read(WRITTEN[name])
    assert [article.title for article in articles_in(records)] == ["Bài 1", "Bài 2", "Bài 3"]
    assert [record.original for record in records] == FILE.splitlines()


def test_a_bad_line_is_named_and_the_rest_goes_on() -> None:
    data = b"".join([FILE, b"{broken\n", b"\xff\xfe{}\n", b"[]\n", FILE])
    records = read(data)
    refused = [record.place for record in records if isinstance(record.outcome, IntakeError)]
    assert (len(records), refused) == (9, ["4", "5", "6"])
    assert articles_in(records)[-1].origin.source == "a.jsonl:9"


def test_a_line_that_is_too_long_is_passed_over_unread() -> None:
    long = b'{"title": "' + b"a" * (2 * LONGEST_LINE) + b'"}\n'
    for data in (long + FILE, lzma.compress(long + FILE, preset=0)):
        first, *others = read(data)
        assert (first.place, first.original) == ("1", b"")
        assert "longer than" in str(first.outcome)
        assert len(others) == 3


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress])
def test_a_damaged_file_gives_what_is_whole_and_then_says_so(compress: Any) -> None:
    random = b"".join(line(title=f"Bài {zlib.crc32(b'%d' % n)}") + b"\n" for n in range(5000))
    data = bytearray(compress(random))
    records: list[json_lines.Record] = []
    with pytest.raises(IntakeError, match="damaged or cut short"):
        records.extend(read_records(io.BufferedReader(io.BytesIO(data[:-100])), "a"))  # type: ignore
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(IntakeError, match="damaged or cut short"):
        read(bytes(data))


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress])
def test_a_file_that_swells_as_no_text_does_is_given_up(
    compress: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.intake.decompression._UNCHECKED_BYTES", 1 << 20)
    bomb = compress(b" " * (8 << 20))
    with pytest.raises(IntakeError, match="swells"):
        read(bomb)
    # Text that repeats itself as much as text may is read to its end.
    text = compress(FILE * 2000)
    assert len(read(text)) == 6000


@pytest.mark.parametrize("empty", [b"\n", b" \t\r\n"])
@pytest.mark.parametrize("encoding", ["", "windows-1258"])
def test_a_file_of_empty_lines_is_given_up_soon(empty: bytes, encoding: str) -> None:
    stream = io.BufferedReader(io.BytesIO(FILE + empty * (3 * MOST_EMPTY_LINES)))  # type: ignore
    records: list[json_lines.Record] = []
    with pytest.raises(IntakeError, match="empty lines in a row"):
        records.extend(read_records(stream, "a.jsonl", encoding))
    # What is before them is read.
    assert len(records) == 3
    few = FILE + empty * MOST_EMPTY_LINES + FILE
    assert len(read(few)) == 6


@pytest.mark.parametrize("small", [b"{}", b"1", b'{"title":""}', b'[["a"]]'])
@pytest.mark.parametrize("is_array", [False, True])
def test_a_file_of_records_too_small_for_an_article_is_given_up(
    small: bytes, is_array: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_stream, "MOST_SMALL_DOCUMENTS", 50)
    smallest = b'{"title":"a"}'

    def file_of(*records: bytes) -> io.BufferedReader:
        text = b"[" + b",".join(records) + b"]" if is_array else b"\n".join(records)
        return io.BufferedReader(io.BytesIO(text))  # type: ignore[arg-type]

    few = [smallest, *[small] * 50] * 3
    records = list(read_records(file_of(*few), "a.jsonl"))
    assert (len(records), len(articles_in(records))) == (153, 3)
    records = []
    with pytest.raises(IntakeError, match="holds 50 records in a row that are too small"):
        records.extend(read_records(file_of(*few, *[small] * 9, smallest), "a.jsonl"))
    # What is before them is read.
    assert (len(records), len(articles_in(records))) == (153, 3)


def test_an_xz_file_that_asks_for_too_much_memory_is_refused() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30, "mode": lzma.MODE_FAST}]
    small = lzma.compress(FILE, filters=[{**filters[0], "dict_size": 1 << 20}])
    assert len(read(small)) == 3
    # The size of the dictionary is one byte of the block's header: 0x26 is 2 GiB.
    position = small.index(b"\x21\x01") + 2
    asking = bytearray(small)
    asking[position] = 0x26
    header = slice(12, 12 + (asking[12] + 1) * 4 - 4)
    asking[header.stop : header.stop + 4] = zlib.crc32(asking[header]).to_bytes(4, "little")
    with pytest.raises(IntakeError, match="[Mm]emory"):
        read(bytes(asking))


def test_what_is_not_compressed_is_given_back_as_it_is() -> None:
    stream = io.BufferedReader(io.BytesIO(FILE))  # type: ignore[arg-type]
    assert open_decompressed(stream) is stream


RECORDS = [json.loads(text) for text in FILE.splitlines()]
ARRAYS = {
    "in one line": json.dumps(RECORDS).encode(),
    "pretty": json.dumps(RECORDS, indent=2).encode(),
    "with a mark": codecs.BOM_UTF8 + json.dumps(RECORDS).encode(),
    "utf-16": json.dumps(RECORDS, indent=1).encode("utf-16"),
    "gzip": gzip.compress(json.dumps(RECORDS).encode()),
    "objects over several lines": b"\n".join(
        json.dumps(record, indent=2).encode() for record in RECORDS
    ),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_and_pretty_printed_files_are_read(name: str) -> None:
    records = read(ARRAYS[name])
    assert [article.title for article in articles_in(records)] == ["Bài 1", "Bài 2", "Bài 3"]
    for record in records:
        assert read_record(record.original, "x").title.startswith("Bài")


def test_an_array_of_any_size_is_read_piece_by_piece() -> None:
    many = [{"title": f"Bài {number}", "body": "Một đoạn dài. " * 50} for number in range(2000)]
    records = read(json.dumps(many, ensure_ascii=False).encode())
    assert [record.place for record in records] == [str(number) for number in range(1, 2001)]
    assert len(articles_in(records)) == 2000


@pytest.mark.parametrize(
    "data",
    [
        b'[{"title": "a"}, {"title": ',
        b'[{"title": "a"}, broken]',
        b'[{"title": "a"}',
        b'[{"title": "a"} {"title"',
    ],
)
def test_a_broken_array_gives_what_is_whole_and_then_says_so(data: bytes) -> None:
    records: list[json_lines.Record] = []
    with pytest.raises(IntakeError, match="array"):
        records.extend(read_records(io.BufferedReader(io.BytesIO(data)), "a"))  # type: ignore
    assert [article.title for article in articles_in(records)] in ([], ["a"])


def test_lines_that_look_like_an_object_of_several_lines_stand_for_themselves() -> None:
    records = read(b'{"title": "a",\n' + FILE)
    assert len(articles_in(records)) == 3
    assert [record.place for record in records] == ["1", "2", "3", "4"]


def test_the_encoding_of_a_file_may_be_said() -> None:
    data = FILE.decode().replace("Bài", "Bai").encode("utf-16-le")
    text = b"".join(line(title="C\u00e2u m\u00e2m") for _ in range(1)).decode().encode("cp1258")
    (record,) = read_records(io.BufferedReader(io.BytesIO(text)), "a", "windows-1258")  # type: ignore
    assert isinstance(record.outcome, Article)
    assert record.outcome.title == "Câu mâm"
    with pytest.raises(IntakeError, match="klingon"):
        list(read_records(io.BufferedReader(io.BytesIO(data)), "a", "klingon"))  # type: ignore


def test_a_bad_byte_in_a_record_is_replaced_and_counted() -> None:
    record = line(title="Cầu mới ở xã Hòa Bình đã mở").replace("xã".encode(), b"x\xc3")
    article = read_record(record, "a:1")
    assert article.title == "Cầu mới ở x\ufffd Hòa Bình đã mở"
    assert article.account is not None
    assert article.account.replaced == 1
    # Most letters of another encoding are no UTF-8.
    with pytest.raises(IntakeError, match="no JSON"):
        read_record('{"title": "câu"}'.encode("cp1258"), "a:1")


def test_small_items_behind_a_large_one_are_read() -> None:
    large = {"title": "Bài dài", "body": "Một đoạn dài. " * 100_000}
    many = [{"title": f"Bài {number}"} for number in range(5000)]
    records = read(json.dumps([large, *many], ensure_ascii=False).encode())
    assert [article.title for article in articles_in(records)] == [
        item["title"] for item in (large, *many)
    ]
