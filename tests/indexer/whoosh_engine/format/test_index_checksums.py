"""Damaged, exchanged and doctored files: an error that says so, never another answer."""

from __future__ import annotations

import json
import random
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import AnalyzerChangedError, EngineError
from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import (
    Column,
    Fuzzy,
    InRange,
    InSection,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
)
from indexer.engine.records import EngineQuery
from indexer.engine_factory import open_engine, open_writer
from tests.engine_contract.contract_documents import CORPUS
from tests.engine_contract.engine_suite import MANIFEST, exact_forms
from tests.oracle.test_oracle import random_document

QUERIES: tuple[Query, ...] = (
    Or((Term(Field.FOLDED, "ba"), Term(Field.FOLDED, "binh"), Term(Field.PAIRS, "hoa binh"))),
    Phrase(Field.FOLDED, ("ba", "", "be")),
    Phrase(Field.EXACT, ("hòa", "bình", "ở")),
    *(Prefix(field, "b", limit=9) for field in (Field.EXACT, Field.PAIRS, Field.TITLE)),
    Fuzzy(Field.FOLDED, "binx"),
    InRange(Column.PUBLISHED, 0, None),
    InSection(("nguyen",), Term(Field.FOLDED, "binh")),
)


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two segments, one of which has dense terms, with deletions."""
    folder, rng = tmp_path_factory.mktemp("intact"), random.Random(5)
    for batch in (CORPUS, [random_document(rng, number) for number in range(300)]):
        with open_writer(folder) as writer:
            for document in batch:
                writer.add(document)
            writer.delete("d0003")
            writer.commit(1)
    return folder


@pytest.fixture
def copy(intact: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(intact, tmp_path / "copy"))


def answers_of(engine: Engine) -> list[object]:
    """Ask queries that between them use every array of an index."""
    columns = tuple(column for column in Column if column is not Column.PUBLISHED)
    answers: list[object] = [engine.search(EngineQuery(query, facets=columns)) for query in QUERIES]
    return [*answers, exact_forms(engine, "hoa binh"), sorted(engine.documents())]


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name != MANIFEST)


def flipped(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    changed[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def moved(data: bytes, rng: random.Random) -> bytes:
    """Exchange two parts of a file."""
    size = rng.choice((1, 64, 4096))
    first, second = (rng.randrange(max(1, len(data) // size)) * size for _ in "12")
    changed = bytearray(data)
    changed[first : first + size] = data[second : second + size]
    changed[second : second + size] = data[first : first + size]
    return bytes(changed[: len(data)])


def zeroed(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + bytes(len(data[start : start + 512])) + data[start + 512 :]


def longer(data: bytes, rng: random.Random) -> bytes:
    return data + rng.randbytes(rng.randint(1, 99))


DAMAGES = (flipped, cut, moved, zeroed, longer)


def check_damaged(folder: Path, path: Path, data: bytes, right: list[object]) -> bool:
    """Check that answers are right or refused; tell which."""
    path.unlink()
    path.write_bytes(data)
    try:
        answers = answers_of(open_engine(folder))
    except (EngineError, AnalyzerChangedError) as error:
        return "tangthu rebuild" in str(error)
    assert answers == right
    return False


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_files_give_no_other_answers(
    intact: Path, copy: Path, damage: Callable[[bytes, random.Random], bytes]
) -> None:
    check_many(intact, copy, damage, range(12))


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_files_damaged_in_hundreds_of_ways(
    intact: Path, copy: Path, damage: Callable[[bytes, random.Random], bytes]
) -> None:
    check_many(intact, copy, damage, range(100, 400))


def check_many(
    intact: Path, copy: Path, damage: Callable[[bytes, random.Random], bytes], seeds: range
) -> None:
    right, refused = answers_of(open_engine(intact)), 0
    for path in [*files(copy), copy / MANIFEST]:
        data = path.read_bytes()
        for seed in seeds:
            refused += check_damaged(copy, path, damage(data, random.Random(seed)), right)
        check_damaged(copy, path, data, right)
    # The answers do not need every byte: gaps between arrays, a facet nobody has.
    assert refused > len(seeds)


def test_exchanged_segments_are_refused(intact: Path, copy: Path) -> None:
    first, second = files(copy)
    contents = first.read_bytes(), second.read_bytes()
    for path, content in zip((second, first), contents, strict=True):
        path.unlink()
        path.write_bytes(content)
    with pytest.raises(EngineError, match="rebuild"):
        open_engine(copy)


def test_a_segment_of_another_index_is_refused(copy: Path, tmp_path: Path) -> None:
    with open_writer(tmp_path / "other") as writer:
        writer.add(CORPUS[0])
        writer.commit(1)
    for path in files(copy):
        shutil.copyfile(files(tmp_path / "other")[0], path)
    with pytest.raises(EngineError, match="rebuild"):
        open_engine(copy)


def test_a_missing_segment_is_refused(copy: Path) -> None:
    files(copy)[0].unlink()
    with pytest.raises(EngineError, match="rebuild"):
        open_engine(copy)


DOCTORED: tuple[tuple[str, object], ...] = (
    ("name", "../../etc/passwd"),
    ("name", 7),
    ("deleted", [5, 1]),
    ("deleted", [-1]),
    ("deleted", [10**9]),
    ("deleted", "all"),
    ("documents", "many"),
    ("extra", 1),
)


@pytest.mark.parametrize(("key", "value"), DOCTORED)
def test_a_doctored_manifest_is_refused(copy: Path, key: str, value: object) -> None:
    record = json.loads((copy / MANIFEST).read_bytes())
    del record["check"]
    record["segments"][0][key] = value

    def text() -> str:
        return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    record["check"] = zlib.crc32(text().encode())
    (copy / MANIFEST).write_text(text(), encoding="utf-8")
    with pytest.raises(EngineError, match="rebuild"):
        open_engine(copy)
