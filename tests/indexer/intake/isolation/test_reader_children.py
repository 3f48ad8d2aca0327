"""Reading children: a death costs one document, is named, and leaves nothing behind."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

import pytest

from archive.document_account import ReadingState
from archive.errors import IntakeError, NotAnArticleError, UnreadableError
from indexer.intake.isolation.frames import ChildLimits
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.registry import DocumentReader

MODULE = "tests.indexer.intake.isolation.hostile_readers"
LIMITS = ChildLimits(memory=512 << 20, processor_seconds=1, documents=4)


@pytest.fixture
def children() -> Iterator[ReaderChildren]:
    with ReaderChildren(LIMITS) as children:
        yield children


def reader(function: str, page_counter: str = "") -> DocumentReader:
    return DocumentReader("test", 1, MODULE, function, (), True, page_counter=page_counter)


def text_of(children: ReaderChildren, function: str, data: bytes = b"a") -> str:
    article = children.read(reader(function), data, "a.bin", "")
    return article.sections[0].paragraphs[0]


def test_a_document_is_read_and_the_child_is_used_again(children: ReaderChildren) -> None:
    text = "công an " * 100_000
    assert text_of(children, "read_text", text.encode()) == text
    first, second, third, fourth = (
        ast.literal_eval(text_of(children, "read_environment")) for _ in range(4)
    )
    assert first == second == third
    # Python itself sets one variable.
    assert set(first[0]) <= {"LC_CTYPE"}
    assert first[1] == []
    assert first[2] != os.getpid()
    # After so many documents a child is replaced.
    assert fourth[2] != first[2]


@pytest.mark.parametrize(
    ("data", "error", "state"),
    [
        (b"skip", NotAnArticleError("is a list"), None),
        (b"plain", IntakeError("holds no words"), None),
        (b"locked", UnreadableError("needs a password"), ReadingState.ENCRYPTED),
        (
            b"odd",
            UnreadableError("is damaged (ValueError: a library says this)"),
            ReadingState.DAMAGED,
        ),
    ],
)
def test_the_errors_of_readers_come_back(
    children: ReaderChildren, data: bytes, error: IntakeError, state: str | None
) -> None:
    with pytest.raises(type(error)) as raised:
        children.read(reader("refuse"), data, "a.bin", "")
    assert (type(raised.value), str(raised.value)) == (type(error), str(error))
    assert getattr(raised.value, "state", None) == state
    assert children.deaths == 0


@pytest.mark.parametrize(
    ("function", "reason", "deaths"),
    [
        ("abort", "SIGABRT", 2),
        ("loop", "took more than 1 s of processor time", 1),
        ("fill_memory", "needs more memory", 0),
        ("nest", "nested too deeply", 0),
        ("write_file", "", 0),
        ("lie", "the reader", 2),
    ],
)
def test_a_reader_that_goes_wild_costs_one_document(
    children: ReaderChildren, function: str, reason: str, deaths: int
) -> None:
    with pytest.raises(UnreadableError) as raised:
        children.read(reader(function), b"a", "a.bin", "")
    assert reason in str(raised.value)
    assert raised.value.state == ReadingState.DAMAGED
    assert children.deaths == deaths
    assert text_of(children, "read_text", "công".encode()) == "công"


def test_a_child_that_waits_for_ever_is_killed_at_its_deadline() -> None:
    with ReaderChildren(ChildLimits(wall_seconds=0.5)) as children:
        with pytest.raises(UnreadableError, match="took longer"):
            children.read(reader("wait"), bytes(1 << 20), "a.bin", "")
        assert (children.deaths, children.slow_deaths) == (1, 1)


def test_a_document_that_only_dies_after_others_is_read_alone(children: ReaderChildren) -> None:
    assert text_of(children, "abort_second", b"a") == "a"
    assert text_of(children, "abort_second", b"b") == "b"
    assert children.deaths == 1


def test_the_readable_pages_of_a_deadly_document_are_kept(children: ReaderChildren) -> None:
    pages = [f"Trang {number}" for number in range(1, 12)]
    pages[4] = "bomb"
    data = "\f".join(pages).encode()
    article = children.read(reader("read_pages", "count_pages"), data, "a.bin", "")
    kept = [section.paragraphs[0] for section in article.sections]
    assert kept == [page for page in pages if page != "bomb"]
    assert article.title == "Trang 1"
    assert article.account is not None
    (kind,) = article.account.problems
    assert kind == ReadingState.PARTIAL
    assert article.account.reason.startswith("1 pages could not be read (5): the reader died")


@pytest.mark.parametrize("data", [b"bomb", b"bomb\fbomb\fbomb"])
def test_a_document_without_a_readable_page_is_damaged(
    children: ReaderChildren, data: bytes
) -> None:
    with pytest.raises(UnreadableError, match="SIGABRT"):
        children.read(reader("read_pages", "count_pages"), data, "a.bin", "")


def test_nothing_is_left_behind(children: ReaderChildren) -> None:
    with ReaderChildren() as children:
        _, _, child = ast.literal_eval(text_of(children, "read_environment"))
        folder = os.readlink(f"/proc/{child}/cwd") if os.path.isdir("/proc/self") else ""
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    assert not (folder and os.path.exists(folder))


def test_the_memory_of_a_child_is_not_that_of_its_parent() -> None:
    ballast = bytearray(256 << 20)
    for place in range(0, len(ballast), 4096):
        ballast[place] = 1
    # The ballast is more than the limit, the child is less: it is kept for the next document.
    with ReaderChildren(ChildLimits(resident=200 << 20)) as measured:
        _, _, first = ast.literal_eval(text_of(measured, "read_environment"))
        _, _, second = ast.literal_eval(text_of(measured, "read_environment"))
    assert first == second
