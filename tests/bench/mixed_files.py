"""Measure the reading of office documents and PDF, isolation included: `make mixed`.

    make mixed ARGS="CORPUS.jsonl.xz"    paragraphs of a corpus; made-up ones without it

The files are made by a seeded generator: 100 PDF documents of 600 pages in all, 60 DOCX and 40 RTF
of 1 to 10 pages, 10 each of DOC, ODT and EPUB. Each is read in the children that `add` reads them
in; what is read is compared with the paragraphs that went in. Then documents of each format in
the fonts of TCVN3 and VNI, whose paragraphs are what those letters can write.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from itertools import islice
from pathlib import Path
from random import Random

from archive.records import Article
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.legacy.charsets import Charset, decode_bytes
from indexer.intake.package_types import document_type
from indexer.intake.registry import READERS_BY_TYPE
from indexer.vietnamese.normalization import canonical
from tests.bench.bench_tables import print_table
from tests.indexer.intake.office.made_packages import docx, epub, open_document, paragraph, run
from tests.indexer.intake.office.made_word_97 import WordRun, made_doc
from tests.indexer.intake.pdf.made_pdf import Words, made_pdf
from tests.legacy_bytes import encode_legacy

_SEED = 15
_LETTERS_OF_A_PAGE = 2400
_LINE_LENGTH, _LINES_OF_A_PAGE = 78, 38
_PDF_FILES, _PDF_PAGES, _LONGEST_PDF = 100, 600, 40
_LONGEST_PARAGRAPH = 1500
_MOST_LETTERS = 200
"""Different letters of a PDF document: its one font has codes of one byte."""

_RTF_HEAD = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman\fcharset163 Times New Roman;}}"
_MADE_UP = (
    "Sáng nay cây cầu mới ở xã được mở cho người đi bộ qua lại sau ba tháng thi công liên tục.",
    "Người dân hai bên sông đi lại thuận tiện hơn trước rất nhiều, nhất là học sinh ở chợ.",
    "Năm 2016 xã dự định nối thêm một phòng cho người cao tuổi đọc báo và tập dùng máy tính.",
)


@dataclass(frozen=True, slots=True)
class MadeDocument:
    """A document and the paragraphs that were put into it."""

    kind: str
    data: bytes
    paragraphs: tuple[str, ...]


_LEGACY_FILES = 10
_LEGACY_FONTS = {Charset.TCVN3: ".VnTime", Charset.VNI: "VNI-Times"}


@dataclass(slots=True)
class KindScore:
    """The files of one kind: their number, letters, wrong letters and processor seconds."""

    files: int = 0
    letters: int = 0
    wrong: int = 0
    seconds: float = 0.0


def made_documents(paragraphs: Sequence[str], share: float = 1.0) -> Iterator[MadeDocument]:
    """Yield the documents, the same ones every time.

    Args:
        paragraphs: The paragraphs that they are made of.
        share: The share of the documents that are made.
    """
    chance = Random(_SEED)
    for pages in _pdf_lengths(chance, share):
        yield _made_pdf(_some(paragraphs, chance, pages), pages)
    makers: tuple[tuple[str, int, Callable[[Sequence[str]], bytes]], ...] = (
        ("DOCX", 60, _made_docx),
        ("RTF", 40, _made_rtf),
        ("DOC", 10, _made_doc),
        ("ODT", 10, _made_odt),
        ("EPUB", 10, _made_epub),
    )
    for kind, files, make in makers:
        for _ in range(max(1, round(files * share))):
            texts = _some(paragraphs, chance, chance.randint(1, 10))
            yield MadeDocument(kind, make(texts), tuple(texts))


def _pdf_lengths(chance: Random, share: float) -> list[int]:
    """Return the pages of every PDF document: many short ones and few long ones."""
    files, pages = max(1, round(_PDF_FILES * share)), max(1, round(_PDF_PAGES * share))
    lengths = [1] * files
    while sum(lengths) < pages:
        # The longer half of the documents is chosen more often.
        number = min(chance.randrange(files), chance.randrange(files), chance.randrange(files))
        lengths[number] += lengths[number] < _LONGEST_PDF
    return lengths


def legacy_documents(paragraphs: Sequence[str], files: int) -> Iterator[MadeDocument]:
    """Yield documents of each format in each legacy font, the same ones every time.

    Args:
        paragraphs: The paragraphs that they are made of.
        files: The documents of each kind.
    """
    chance = Random(_SEED)
    for charset, font in _LEGACY_FONTS.items():
        for _ in range(files):
            texts = _some(paragraphs, chance, chance.randint(1, 4))
            codes = [encode_legacy(text, charset) for text in texts]
            truth = tuple(decode_bytes(code, charset) for code in codes)
            shown = [code.decode("latin-1") for code in codes]
            for kind, data in _made_in_font(shown, font):
                yield MadeDocument(f"{kind}, {charset}", data, truth)


def _made_in_font(shown: Sequence[str], font: str) -> Iterator[tuple[str, bytes]]:
    """Yield documents in a font: the format and the bytes.

    Args:
        shown: The paragraphs as a program without the font shows them.
        font: Its name.
    """
    lines = [
        (72.0 if number else 96.0, line)
        for text in shown
        for number, line in enumerate(textwrap.wrap(text, _LINE_LENGTH - 4, break_on_hyphens=False))
    ]
    sheets = [
        [
            (left, 760.0 - 18 * place, line)
            for place, (left, line) in enumerate(lines[start : start + _LINES_OF_A_PAGE])
        ]
        for start in range(0, len(lines), _LINES_OF_A_PAGE)
    ]
    yield "PDF", made_pdf(sheets, raw=(font, "latin-1"))
    yield "DOCX", docx("".join(paragraph(run(escape(text), font)) for text in shown))
    body = "".join(f"{_rtf_bytes(text)}\\par\n" for text in shown)
    yield "RTF", f"{_RTF_HEAD.replace('Times New Roman', font)}\\f0 {body}}}".encode("ascii")
    yield "DOC", made_doc([WordRun("".join(f"{text}\r" for text in shown), 0)], (font,))
    style = (
        '<style:style style:name="P" style:family="paragraph">'
        f'<style:text-properties style:font-name="{font}"/></style:style>'
    )
    rows = "".join(f'<text:p text:style-name="P">{escape(text)}</text:p>' for text in shown)
    yield "ODT", open_document("text", rows, style)
    yield (
        "EPUB",
        epub("".join(f'<p><font face="{font}">{escape(text)}</font></p>' for text in shown)),
    )


def _rtf_bytes(text: str) -> str:
    return "".join(
        f"\\'{ord(sign):02x}" if sign > "\x7f" else f"\\{sign}" if sign in "\\{}" else sign
        for sign in text
    )


def _some(paragraphs: Sequence[str], chance: Random, pages: int) -> list[str]:
    """Return paragraphs that fill some pages."""
    texts: list[str] = []
    while sum(map(len, texts)) < pages * _LETTERS_OF_A_PAGE:
        texts.append(chance.choice(paragraphs))
    return texts


def _made_pdf(texts: Sequence[str], pages: int) -> MadeDocument:
    """Return a PDF document with indented paragraphs; of several pages with heads and numbers."""
    lines: list[tuple[float, str]] = []
    letters: set[str] = set("Công báo 0123456789")
    paragraphs = []
    for text in texts:
        if len(letters | set(text)) > _MOST_LETTERS:
            continue
        letters |= set(text)
        wrapped = textwrap.wrap(text, _LINE_LENGTH - 4, break_on_hyphens=False)
        if len(lines) + len(wrapped) > pages * _LINES_OF_A_PAGE:
            continue
        paragraphs.append(text)
        lines += [(72.0 if number else 96.0, line) for number, line in enumerate(wrapped)]
    sheets: list[list[Words]] = []
    for start in range(0, len(lines), _LINES_OF_A_PAGE):
        number = len(sheets) + 1
        sheet: list[Words] = [
            (left, 760.0 - 18 * place, line)
            for place, (left, line) in enumerate(lines[start : start + _LINES_OF_A_PAGE])
        ]
        if len(lines) > _LINES_OF_A_PAGE:
            sheet = [(250.0, 805.0, "Công báo"), *sheet, (290.0, 40.0, str(number))]
        sheets.append(sheet)
    return MadeDocument("PDF", made_pdf(sheets), tuple(paragraphs))


def _made_docx(texts: Sequence[str]) -> bytes:
    return docx("".join(paragraph(run(escape(text))) for text in texts))


def _made_rtf(texts: Sequence[str]) -> bytes:
    body = "".join(_rtf_words(text) + "\\par\n" for text in texts)
    return f"{_RTF_HEAD}{body}}}".encode("ascii")


def _rtf_words(text: str) -> str:
    return "".join(
        f"\\u{ord(sign)}?" if sign > "\x7f" else f"\\{sign}" if sign in "\\{}" else sign
        for sign in text
    )


def _made_doc(texts: Sequence[str]) -> bytes:
    return made_doc([WordRun("".join(f"{text}\r" for text in texts), is_wide=True)])


def _made_odt(texts: Sequence[str]) -> bytes:
    return open_document("text", "".join(f"<text:p>{escape(text)}</text:p>" for text in texts))


def _made_epub(texts: Sequence[str]) -> bytes:
    chapters = (texts[start : start + 20] for start in range(0, len(texts), 20))
    return epub(*("".join(f"<p>{escape(text)}</p>" for text in part) for part in chapters))


def article_text(article: Article) -> str:
    """Return all texts of an article in their order, blanks collapsed, without its title."""
    texts = [article.lead]
    for section in article.sections:
        texts += [section.heading, *section.paragraphs]
    return " ".join(" ".join(texts).split())


def wrong_letters(truth: str, text: str) -> int:
    """Return the letters of the words in which a text differs from the truth.

    That is at least the edit distance by letters.
    """
    if truth == text:
        return 0
    expected, read = truth.split(" "), text.split(" ")
    matcher = SequenceMatcher(None, expected, read, autojunk=False)
    return sum(
        max(len(" ".join(expected[a:b])), len(" ".join(read[c:d])))
        for change, a, b, c, d in matcher.get_opcodes()
        if change != "equal"
    )


def measure(documents: Sequence[MadeDocument], rounds: int) -> dict[str, KindScore]:
    """Read documents, every kind in a child of its own, then all in one, as `add` does.

    Args:
        documents: The documents.
        rounds: How often they are read; the quickest time counts.
    """
    kinds = dict.fromkeys(document.kind for document in documents)
    groups = {kind: [one for one in documents if one.kind == kind] for kind in kinds}
    return {kind: _score(members, rounds) for kind, members in {**groups, "all": documents}.items()}


def _score(documents: Sequence[MadeDocument], rounds: int) -> KindScore:
    results = [_read(documents) for _ in range(rounds)]
    score = KindScore(len(documents), seconds=min(seconds for seconds, _ in results))
    for document, article in zip(documents, results[0][1], strict=True):
        truth = " ".join(" ".join(document.paragraphs).split())
        score.letters += len(truth)
        score.wrong += wrong_letters(truth, article_text(article))
    return score


def _read(documents: Sequence[MadeDocument]) -> tuple[float, list[Article]]:
    """Return processor seconds, those of the child and of its start included, and the articles."""
    articles = []
    started = sum(os.times()[:4])
    with ReaderChildren() as children:
        for document in documents:
            reader = READERS_BY_TYPE[document_type(document.data, children)]
            articles.append(children.read(reader, document.data, "made", ""))
    return sum(os.times()[:4]) - started, articles


def read_paragraphs(corpus: Path, most: int) -> list[str]:
    """Return the paragraphs of some articles of a corpus, as they are stored."""
    paragraphs = []
    with lzma.open(corpus, "rt", encoding="utf-8") as lines:
        for line in islice(lines, most):
            body = json.loads(line).get("body") or ""
            texts = body if isinstance(body, list) else body.split("\n")
            paragraphs += [" ".join(canonical(text).split()) for text in texts]
    return [text for text in paragraphs if 80 <= len(text) <= _LONGEST_PARAGRAPH]


def score_rows(scores: dict[str, KindScore]) -> list[list[str]]:
    """Return the rows of the table."""
    return [
        [
            kind,
            str(score.files),
            f"{score.seconds:.2f}",
            f"{score.files / score.seconds:.0f}",
            f"{100 * score.wrong / max(1, score.letters):.3f}",
        ]
        for kind, score in scores.items()
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Make, read and print."""
    parser = argparse.ArgumentParser(prog="mixed_files", description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?", help="articles as JSON lines, XZ")
    parser.add_argument("--share", type=float, default=1.0, help="share of the documents")
    parser.add_argument("--rounds", type=int, default=3, help="the quickest of these counts")
    options = parser.parse_args(arguments)
    paragraphs = read_paragraphs(options.corpus, 1000) if options.corpus else list(_MADE_UP)
    documents = list(made_documents(paragraphs, options.share))
    columns = ("format", "files", "processor s", "files a second", "wrong letters %")
    print_table(columns, score_rows(measure(documents, options.rounds)))
    in_fonts = list(legacy_documents(paragraphs, max(1, round(_LEGACY_FILES * options.share))))
    print_table(columns, score_rows(measure(in_fonts, 1)))


if __name__ == "__main__":
    main()
