"""Measure legacy encodings: Unicode text that is changed (never), legacy text that is recognised.

    python -m tests.bench.legacy_encodings CORPUS.jsonl.xz [--articles 1000]

Every article's text is cut into runs of 4 and 8 words, paragraphs, and taken whole. As Unicode
none may be changed; written in each character set, its bytes and what a program without the font
makes of them (windows-1252) must be read back.
"""

from __future__ import annotations

import argparse
import json
import lzma
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.intake.legacy.charset_detection import detect_in_bytes, detect_in_text
from indexer.intake.legacy.charsets import Charset, decode_bytes
from indexer.vietnamese.normalization import canonical
from tests.bench.bench_tables import print_line, print_table
from tests.legacy_bytes import encode_legacy

_LENGTHS = {"4 words": 4, "8 words": 8}


def read_articles(corpus: Path, most: int) -> Iterator[list[str]]:
    """Yield the paragraphs of each article of a corpus."""
    with lzma.open(corpus, "rt", encoding="utf-8") as lines:
        for _, line in zip(range(most), lines, strict=False):
            body = json.loads(line).get("body") or ""
            paragraphs = body if isinstance(body, list) else body.split("\n")
            yield [canonical(" ".join(text.split())) for text in paragraphs if text.strip()]


def cut(paragraphs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the runs of one article: kind and text."""
    for paragraph in paragraphs:
        words = paragraph.split()
        for kind, length in _LENGTHS.items():
            for start in range(0, len(words), length):
                yield kind, " ".join(words[start : start + length])
        yield "paragraph", paragraph
    yield "article", "\n".join(paragraphs)


def windows_1252(data: bytes) -> str:
    """Return bytes as a program shows them that knows no legacy font."""
    gaps = {code: chr(code) for code in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
    return "".join(gaps.get(byte) or bytes([byte]).decode("cp1252") for byte in data)


def count_changed(articles: Sequence[list[str]]) -> tuple[Counter[str], Counter[str]]:
    """Return the runs of each kind, and those of them that are changed."""
    runs, changed = Counter[str](), Counter[str]()
    for article in articles:
        for kind, text in cut(article):
            runs[kind] += 1
            changed[kind] += detect_in_text(text) is not None
    return runs, changed


def recognised(articles: Sequence[list[str]], charset: Charset, step: int) -> list[str]:
    """Return a row of the table: shares of the runs of each kind that are read back."""
    runs, right = Counter[str](), Counter[str]()
    number = 0
    for article in articles:
        for kind, text in cut(article):
            number += 1
            data = encode_legacy(text, charset)
            if data.isascii() or (number % step and kind != "article"):
                continue
            expected = decode_bytes(data, charset)
            for way, found in (
                ("bytes", detect_in_bytes(data)),
                ("text", detect_in_text(windows_1252(data))),
            ):
                runs[f"{kind}, {way}"] += 1
                right[f"{kind}, {way}"] += (
                    found is not None and decode_bytes(data, found) == expected
                )
    return [charset, *(f"{right[kind] / runs[kind]:.2%}" for kind in sorted(runs))]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--step", type=int, default=20, help="measure one run of so many")
    options = parser.parse_args(arguments)
    started = time.process_time()
    articles = list(read_articles(options.corpus, options.articles))
    runs, changed = count_changed(articles)
    rows = [[kind, f"{runs[kind]:,}", str(changed[kind])] for kind in sorted(runs)]
    print_table(["Unicode, cut into", "runs", "changed"], rows)
    kinds = sorted(f"{kind}, {way}" for kind in runs for way in ("bytes", "text"))
    print_table(
        ["recognised", *kinds],
        [recognised(articles, charset, options.step) for charset in Charset],
    )
    print_line(f"{time.process_time() - started:.0f} processor seconds")


if __name__ == "__main__":
    main()
