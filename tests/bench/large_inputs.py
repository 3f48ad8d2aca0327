"""Inputs of a size and shape that `tangthu add` gets at worst, made by a seed.

`python -m tests.bench.large_inputs pages FOLDER` writes 20,000 small pages, `records FOLDER` 500 MB
of JSON lines, `hostile FOLDER` one file for each shape that once took long or much memory. The
table in `tests/bench/README.md` is of these.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final

_WORDS: Final = (
    "xã Hòa Bình vừa sửa xong cây cầu cũ dài ba mươi mét người dân đi lại dễ dàng hơn trước nhiều "
    "cán bộ huyện nói trường học chợ đường mưa lũ kinh phí đồng công trình hoàn thành sớm bà con "
    "vui mừng giáo viên bệnh viện thành phố kinh tế xuất khẩu nông sản giá vàng bóng đá đội tuyển"
).split()
_SENTENCE: Final = (
    "Xã Hòa Bình vừa sửa xong cây cầu cũ dài ba mươi mét, bà con hai bên sông từ nay đi chợ và đưa "
    "trẻ đến trường không còn phải chờ đò mỗi sáng."
)
_MEGABYTE: Final = 1_000_000
_FILES_OF_FOLDER: Final = 100


def write_pages(folder: Path, count: int = 20_000) -> None:
    """Write small pages of one article each, a hundred in a folder."""
    rng = random.Random(7)
    for number in range(count):
        title = f"Cầu số {number} ở xã {rng.choice(_WORDS)}"
        head = f"<title>{title}</title>" + (
            f'<meta property="article:published_time" content="{_day(rng)}T08:00:00+07:00">'
        )
        body = "".join(f"<p>{_paragraph(rng, 35)}</p>" for _ in range(4))
        path = folder / f"{number // _FILES_OF_FOLDER:03}" / f"{number:05}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_page(head, f"<h1>{title}</h1><article>{body}</article>"))


def write_records(folder: Path, size: int = 500 * _MEGABYTE) -> None:
    """Write JSON lines of about 5 KB each."""
    rng, written, number = random.Random(11), 0, 0
    with (folder / "records.jsonl").open("w") as file:
        while written < size:
            record = {
                "title": f"Bài số {number} về {' '.join(rng.choices(_WORDS, k=5))}",
                "url": f"https://example.vn/bai-{number}.html",
                "date": _day(rng),
                "body": "\n\n".join(_paragraph(rng, 60) for _ in range(14)),
            }
            line = json.dumps(record, ensure_ascii=False) + "\n"
            file.write(line)
            written, number = written + len(line.encode()), number + 1


def write_hostile(folder: Path) -> None:
    """Write one file for each shape: pages, packed files of gigabytes, broken lines."""
    article = f"<h1>Cầu mới</h1><div>{f'<p>{_SENTENCE}</p>' * 7}</div>"
    for name, shape in _shapes():
        (folder / f"{name}.html").write_text(_page("<title>Cầu mới</title>", shape + article))
    million = b"a" * _MEGABYTE
    with gzip.open(folder / "page_of_2_gb.html.gz", "wb", 1) as file:
        _fill(file, b"<p>" + million, 2_000)
    with gzip.open(folder / "records_of_3_gb.jsonl.gz", "wb", 1) as file:
        _fill(file, b'{"title":"' + million, 3_000)
    with lzma.open(folder / "text_of_1_gb.txt.xz", "wb", preset=0) as file:
        _fill(file, million, 1_000)
    with (folder / "one_line_of_500_mb.jsonl").open("wb") as file:
        file.write(b'{"title":"')
        _fill(file, million, 500)
    (folder / "broken_lines.jsonl").write_bytes(b'{"title": "x", broken\n' * 300_000)
    (folder / "empty_lines.jsonl.gz").write_bytes(gzip.compress(b"\n" * 300 * _MEGABYTE, 1))


def _shapes() -> Iterator[tuple[str, str]]:
    """Yield what stands before the article in a hostile page, with a name."""
    yield "page_of_30_mb", f"<p>{_SENTENCE * 200_000}</p>"
    yield "paragraphs_of_12_mb", f"<p>{_SENTENCE * 40}</p>" * 1_900
    yield "nested_100000", "<b>" * 100_000
    yield "nested_20000", "<b>" * 20_000
    yield "tables_15000", "<table><tr><td>" * 15_000
    yield "attributes_1000000", f"<div {' '.join(f'a{n}=x' for n in range(1_000_000))}>x</div>"
    yield "class_of_6_mb", f"<div class='{'side-bar comment ' * 375_000}'>x</div>"
    yield "entities_2000000", f"<p>{'&amp;&#7841;' * 1_000_000}</p>"
    yield "open_links_20000", "<a href='/a'>Chợ nổi " * 20_000
    yield "json_ld_of_19_mb", f"<script type='application/ld+json'>{'[' * 19_000_000}</script>"
    yield "comments_49000", "<!-- chợ -->" * 49_000
    yield "breaks_40000", "<br>" * 40_000
    yield "dates_20000", "<p>19/12/2022 17:02</p>" * 20_000
    yield "siblings_12000", "<div>chợ</div>" * 12_000
    yield "dots_3000", f"<p>{'.' * 3_000} (ký tên)</p>"
    yield "dots_1000000", f"<p>{'.' * 1_000_000} (ký tên)</p>"
    yield "spans_40000", f"<div>{f'<span>{_SENTENCE}</span>' * 40_000}</div>"
    yield "nested_spans_900", f"<span>{_SENTENCE}" * 900


def _page(head: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}'
        f'<meta property="og:type" content="article"></head><body>{body}</body></html>'
    )


def _paragraph(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(_WORDS, k=words)).capitalize() + "."


def _day(rng: random.Random) -> str:
    return f"20{rng.randrange(10, 24)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"


def _fill(file: IO[bytes] | gzip.GzipFile | lzma.LZMAFile, unit: bytes, times: int) -> None:
    for _ in range(times):
        file.write(unit)


WRITERS: Final[dict[str, Callable[[Path], None]]] = {
    "pages": write_pages,
    "records": write_records,
    "hostile": write_hostile,
}


def main() -> None:
    """Write the inputs of one kind into a new folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("kind", choices=WRITERS)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True)
    WRITERS[options.kind](options.folder)


if __name__ == "__main__":
    main()
