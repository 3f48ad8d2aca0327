"""Read documents of every format with random damage and print the outcome as JSON.

    python -m tests.faults.mutated_documents [--count N] [--seed S] [--kind docx]

Each is read as `add` reads it, binary formats in a reading child. Exit status 1 when anything was
raised that is no refusal, a document took longer than 30 s, or this process grew beyond 150 MB.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import resource
import sys
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random

from archive.errors import IntakeError
from archive.records import Article
from indexer.intake.document_stream import read_stream
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.isolation.reading_process import peak_memory
from indexer.intake.legacy.charsets import Charset
from tests.indexer.intake.containers.made_containers import crawl, mail_with, mailbox, tarred
from tests.indexer.intake.office import made_packages as made
from tests.indexer.intake.office.made_word_97 import WordRun, made_doc
from tests.indexer.intake.office.test_outlook_message import made_msg
from tests.indexer.intake.pdf.made_pdf import down, made_pdf
from tests.indexer.intake.pictures.made_pictures import made_picture
from tests.legacy_bytes import encode_legacy

MOST_SECONDS = 30.0
"""Seconds by the clock that one damaged document may take."""

MOST_MEMORY = 150 << 20
"""Bytes of memory that the parent of the reading children may have."""

_TEXTS = ("Nghị định số 99/2031/NĐ-CP", "Điều 1. Phạm vi", "Cầu Đông được sửa xong.", "a) Đường;")
_NUMBERS = (
    b"\x00" * 4,
    b"\xff" * 4,
    b"\x7f\xff\xff\xff",
    b"99999999",
    b"-1",
    b"<",
    b">",
    b"\\",
    b"{",
)
_LEAST_PACKED = 30


@dataclass(slots=True)
class MutationTally:
    """The outcomes of reading damaged documents.

    Attributes:
        outcomes: Articles, skipped and refused documents, by the name of their kind.
        deaths: Reading children that died.
        slowest: The seconds that the slowest document took, and its name.
        failures: What must not be: errors of other kinds, and documents that took too long.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    deaths: int = 0
    slowest: tuple[float, str] = (0.0, "")
    failures: list[str] = field(default_factory=list)


def whole_documents() -> dict[str, bytes]:
    """Return a small document of every format that is read, by the ending of its name."""
    paragraphs = "".join(made.paragraph(made.run(text, ".VnTime")) for text in _TEXTS)
    letter = made.docx(paragraphs + made.table(("Tên", "Số"), ("Lúa", "12")))
    pages = made_pdf([down(*_TEXTS), down(*reversed(_TEXTS))])
    rtf = "".join(f"\\u{ord(sign)}?" if sign > "\x7f" else sign for sign in "\\par ".join(_TEXTS))
    html = "".join(f"<p>{text} {text} {text}</p>" for text in _TEXTS * 4)
    page = f"<html><head><title>{_TEXTS[2]}</title></head><body>{html}</body></html>".encode()
    mail = mail_with(made.zipped({"a/b.docx": letter}))
    return {
        "pdf": pages,
        "docx": letter,
        "odt": made.open_document("text", "".join(f"<text:p>{text}</text:p>" for text in _TEXTS)),
        "epub": made.epub(html),
        "xlsx": made.workbook({"Sổ": "<row><c><v>1</v></c></row>"}),
        "pptx": made.presentation(made.shape(*_TEXTS)),
        "rtf": f"{{\\rtf1\\ansi{{\\fonttbl{{\\f0 .VnTime;}}}}\\f0 {rtf}}}".encode("latin-1"),
        "doc": made_doc([WordRun("".join(f"{text}\r" for text in _TEXTS), is_wide=True)]),
        "msg": made_msg({"0037001F": _TEXTS[0], "1000001F": "\r\n".join(_TEXTS)}),
        "eml": mail,
        "mbox": mailbox(mail, mail.replace(b"<m1@", b"<m2@")),
        "warc": b"".join(crawl(page, pages)),
        "zip": made.zipped({"a.docx": letter, "b.zip": made.zipped({"c.html": page})}),
        "tar": gzip.compress(tarred({"a.txt": "\n\n".join(_TEXTS).encode(), "b.pdf": pages})),
        "html": page,
        "txt": encode_legacy("\n\n".join(_TEXTS * 3), Charset.TCVN3),
        "jsonl": json.dumps({"title": _TEXTS[0], "body": "\n".join(_TEXTS)}).encode() + b"\n",
        "jpg": made_picture(1200, 900),
        "tif": made_picture(1200, 900, "TIFF"),
    }


def mutated(data: bytes, chance: Random) -> bytes:
    """Return a document with random damage; every other package has it inside its parts."""
    if data[:2] == b"PK" and chance.random() < 0.5:
        return _with_mutated_part(data, chance)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        data = chance.choice(_DAMAGES)(data, chance)
    return data


def _with_mutated_part(data: bytes, chance: Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = chance.choice(sorted(parts))
    return made.zipped({**parts, name: mutated(parts[name], chance)})


def _place(data: bytes, chance: Random) -> int:
    return chance.randrange(len(data) + 1)


def _flip(data: bytes, chance: Random) -> bytes:
    place = _place(data, chance)
    return (
        data[:place]
        + bytes(byte ^ 1 << chance.randrange(8) for byte in data[place : place + 1])
        + data[place + 1 :]
    )


def _cut(data: bytes, chance: Random) -> bytes:
    place = _place(data, chance)
    return (
        data[:place]
        if chance.random() < 0.3
        else data[:place] + data[place + chance.randrange(200) :]
    )


def _repeat(data: bytes, chance: Random) -> bytes:
    place = _place(data, chance)
    return (
        data[:place]
        + data[place : place + chance.randrange(300)] * chance.choice((2, 3, 500))
        + data[place:]
    )


def _overwrite(data: bytes, chance: Random) -> bytes:
    place, number = _place(data, chance), chance.choice(_NUMBERS)
    return data[:place] + number + data[place + len(number) :]


def _scramble(data: bytes, chance: Random) -> bytes:
    place = _place(data, chance)
    return data[:place] + chance.randbytes(chance.randrange(1, 64)) + data[place:]


def _repack(data: bytes, chance: Random) -> bytes:
    """Return a document with damage inside one of its deflated streams."""
    start = data.find(b"\x78\x9c", _place(data, chance))
    if start < 0:
        return _flip(data, chance)
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(data[start:], 1 << 20)
    except zlib.error:
        return _flip(data, chance)
    if len(content) < _LEAST_PACKED:
        return data
    return data[:start] + zlib.compress(_overwrite(content, chance)) + unpacking.unused_data


_DAMAGES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flip,
    _cut,
    _repeat,
    _overwrite,
    _scramble,
    _repack,
)


def read_mutations(count: int, seed: int, documents: Mapping[str, bytes]) -> MutationTally:
    """Read damaged documents one after another, with one pool of reading children.

    Args:
        count: How many.
        seed: Of the damage; each document has a seed of its own from it.
        documents: The whole documents, by the ending of their names.
    """
    tally, kinds = MutationTally(), sorted(documents)
    with ReaderChildren() as children:
        for number in range(count):
            chance = Random(f"{seed} {number}")
            kind = kinds[number % len(kinds)]
            data = mutated(documents[kind], chance)
            _read(data, f"{number}.{kind}", children, tally)
        tally.deaths = children.deaths
    return tally


def _read(data: bytes, name: str, children: ReaderChildren, tally: MutationTally) -> None:
    started = time.monotonic()
    try:
        for document in read_stream(io.BytesIO(data), name, name, "", children):
            outcome = document.outcome
            is_article = isinstance(outcome, Article)
            state = outcome.reading_state if isinstance(outcome, Article) else ""
            tally.outcomes[state if is_article else type(outcome).__name__] += 1
    except IntakeError as error:
        tally.outcomes[type(error).__name__] += 1
    except Exception as error:  # noqa: BLE001  (it is what is looked for)
        tally.failures.append(f"{name}: {type(error).__name__}: {error}"[:300])
    seconds = time.monotonic() - started
    tally.slowest = max(tally.slowest, (round(seconds, 1), name))
    if seconds > MOST_SECONDS:
        tally.failures.append(f"{name}: took {seconds:.0f} s")


def main() -> None:
    """Read, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=date.today().toordinal())
    parser.add_argument("--kind", default="", help="only documents of this ending")
    options = parser.parse_args()
    documents = whole_documents()
    if options.kind:
        documents = {options.kind: documents[options.kind]}
    tally = read_mutations(options.count, options.seed, documents)
    scale = 1 if sys.platform == "darwin" else 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * scale
    if (own := peak_memory()) > MOST_MEMORY:
        tally.failures.append(f"this process had {own >> 20} MiB")
    figures = {
        "seed": options.seed,
        "mutations": options.count,
        "outcomes": dict(sorted(tally.outcomes.items())),
        "deaths": tally.deaths,
        "slowest": tally.slowest,
        "parent_mib": own >> 20,
        "largest_child_mib": children >> 20,
        "failures": len(tally.failures),
    }
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stderr.write("".join(f"{line}\n" for line in tally.failures[:40]))
    raise SystemExit(1 if tally.failures else 0)


if __name__ == "__main__":
    main()
