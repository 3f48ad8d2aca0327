"""The parent of a reading child: it starts it, sends it documents, and outlives its deaths.

A child that dies costs one document at most: the document is read once more by a fresh child, and
then, where it has pages, page by page (`page_salvage`). The parent parses none of it.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from archive.document_account import ReadingState
from archive.errors import DamagedError, IntakeError, NotAnArticleError, UnreadableError
from archive.records import Article, from_json
from indexer.intake.isolation.frames import (
    LENGTHS,
    ChildLimits,
    ReadAnswer,
    ReadRequest,
    frame_length,
    pack_frame,
    split_frame,
)
from indexer.intake.isolation.page_salvage import read_by_pages
from indexer.intake.registry import DocumentReader

Answer = TypeVar("Answer")
"""The type of an outcome of a request."""

_ROOT = Path(__file__).parents[3]
_SCRIPT = (
    "import sys; sys.path[:0] = [sys.argv[1]]; "
    "from indexer.intake.isolation.reading_process import main; main(sys.argv[2])"
)
_CHUNK = 1 << 18


class ReaderDeathError(IntakeError):
    """A reading child died over a document.

    Attributes:
        is_slow: Whether it was killed because it took too long.
    """

    def __init__(self, message: str, is_slow: bool = False) -> None:
        self.is_slow = is_slow
        super().__init__(message)


class ReaderChildren:
    """The reading children of one process, one at a time, started when the first is needed.

    A context manager; leaving it ends the child.

    Attributes:
        limits: The limits of every child.
        deaths: Children that died over a document so far.
        slow_deaths: Those of them that took too long.
        processor_seconds: Processor time of all requests that were answered, and of slow deaths.
    """

    def __init__(self, limits: ChildLimits | None = None) -> None:
        self.limits = limits or ChildLimits()
        self.deaths = self.slow_deaths = 0
        self.processor_seconds = 0.0
        self._child: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._documents = 0

    @property
    def child_count(self) -> int:
        """Children that run now: one or none."""
        return int(self._child is not None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the child."""
        self._end_child()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def read(self, reader: DocumentReader, data: bytes, source: str, encoding: str) -> Article:
        """Read the article in a document by a reader in a child.

        Raises:
            NotAnArticleError: the document holds no article.
            UnreadableError: it is damaged, encrypted, or the reader dies of it.
            IntakeError: it cannot be read.
        """
        request = ReadRequest(reader.module, reader.function, source, encoding)
        try:
            return self._ask_twice(self.read_article, request, data)
        except ReaderDeathError as death:
            if not reader.page_counter:
                raise UnreadableError(str(death)) from death
            counting = ReadRequest(reader.module, reader.page_counter, source, encoding)
            return read_by_pages(self, counting, request, data, str(death))

    def read_article(self, request: ReadRequest, data: bytes) -> Article:
        """Send one request for an article.

        Raises:
            ReaderDeathError: the child died.
            IntakeError: as `read`.
        """
        _, body = self._answer(request, data)
        try:
            return from_json(body)
        except DamagedError as error:
            raise self._nonsense() from error

    def count_pages(self, request: ReadRequest, data: bytes) -> int:
        """Send one request for the number of pages.

        Raises:
            ReaderDeathError: the child died.
            IntakeError: as `read`.
        """
        answer, _ = self._answer(request, data)
        return answer.count

    def read_bytes(self, request: ReadRequest, data: bytes) -> bytes:
        """Send one request for bytes: the picture of a page, or files that were taken out.

        Raises:
            ReaderDeathError: the child died.
            IntakeError: as `read`.
        """
        _, body = self._answer(request, data)
        return body

    def convert(self, request: ReadRequest, data: bytes) -> bytes:
        """Return the bytes that a function in a child makes of a document.

        Raises:
            UnreadableError: it is damaged, or the child dies of it.
            IntakeError: as `read`.
        """
        try:
            return self._ask_twice(self.read_bytes, request, data)
        except ReaderDeathError as death:
            raise UnreadableError(str(death)) from death

    def _ask_twice(
        self, ask: Callable[[ReadRequest, bytes], Answer], request: ReadRequest, data: bytes
    ) -> Answer:
        try:
            return ask(request, data)
        except ReaderDeathError as death:
            if death.is_slow:
                raise
        # What earlier documents left in the child's memory may have been the cause.
        return ask(request, data)

    def _answer(self, request: ReadRequest, data: bytes) -> tuple[ReadAnswer, bytes]:
        """Exchange a request for its answer.

        Raises:
            ReaderDeathError: the child died, or was killed at its deadline.
            IntakeError: the answer is an error of a reader.
        """
        frame = self._exchange(pack_frame(request, data))
        try:
            header, body = split_frame(frame)
            answer = msgspec.json.decode(header, type=ReadAnswer)
        except msgspec.MsgspecError as error:
            raise self._nonsense() from error
        self._documents += 1
        # A child that a document took over may say anything.
        most = float(self.limits.processor_seconds)
        self.processor_seconds += min(max(0.0, answer.processor_seconds), most)
        if self._documents >= self.limits.documents or answer.resident > self.limits.resident:
            self._end_child()
        if answer.error:
            raise _error_of(answer)
        return answer, body

    def _exchange(self, request: bytes) -> bytes:
        """Send a frame to the child and return the frame of its answer."""
        child = self._child or self._start_child()
        assert child.stdin is not None
        assert child.stdout is not None
        deadline = time.monotonic() + self.limits.wall_seconds
        unsent, answer, length = memoryview(request), bytearray(), LENGTHS.size
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            selector.register(child.stdin, selectors.EVENT_WRITE)
            while len(answer) < length:
                ready = selector.select(max(0.0, deadline - time.monotonic()))
                if not ready:
                    raise self._death(is_late=True)
                for key, _ in ready:
                    if key.fileobj is child.stdout:
                        received = os.read(child.stdout.fileno(), _CHUNK)
                        if not received:
                            raise self._death()
                        answer += received
                        length = self._length_of(answer)
                    else:
                        unsent = unsent[self._send(child, unsent) :]
                        if not unsent:
                            selector.unregister(child.stdin)
        return bytes(answer)

    def _length_of(self, answer: bytearray) -> int:
        if len(answer) < LENGTHS.size:
            return LENGTHS.size
        try:
            return frame_length(bytes(answer[: LENGTHS.size]))
        except IntakeError as error:
            raise self._nonsense() from error

    def _send(self, child: subprocess.Popen[bytes], unsent: memoryview) -> int:
        assert child.stdin is not None
        try:
            return os.write(child.stdin.fileno(), unsent[:_CHUNK])
        except BlockingIOError:
            return 0
        except BrokenPipeError:
            # Its end is seen where its answer should come from.
            return len(unsent)

    def _start_child(self) -> subprocess.Popen[bytes]:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="tangthu-reader-")
        limits = msgspec.json.encode(self.limits).decode()
        self._child = subprocess.Popen(
            [sys.executable, "-I", "-c", _SCRIPT, str(_ROOT), limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder.name,
            env={},
            bufsize=0,
        )
        assert self._child.stdin is not None
        os.set_blocking(self._child.stdin.fileno(), False)
        self._documents = 0
        return self._child

    def _death(self, is_late: bool = False) -> ReaderDeathError:
        """Return the error for a child that died, or is killed now because it is late."""
        self.deaths += 1
        status = self._end_child(is_killed=is_late)
        if is_late or status == -signal.SIGXCPU:
            self.slow_deaths += 1
            self.processor_seconds += self.limits.processor_seconds
        if is_late:
            seconds = round(self.limits.wall_seconds)
            return ReaderDeathError(f"took longer than {seconds} s to read", is_slow=True)
        if status == -signal.SIGXCPU:
            seconds = self.limits.processor_seconds
            return ReaderDeathError(f"took more than {seconds} s of processor time", is_slow=True)
        reason = signal.Signals(-status).name if status < 0 else f"status {status}"
        return ReaderDeathError(f"the reader died over it ({reason}) and was started again")

    def _nonsense(self) -> ReaderDeathError:
        """Return the error for a child that answered something else, and is ended now."""
        self.deaths += 1
        self._end_child()
        return ReaderDeathError("the reader answered something else")

    def _end_child(self, is_killed: bool = True) -> int:
        """End the child and return its status."""
        child, self._child = self._child, None
        if child is None:
            return 0
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        if is_killed:
            child.kill()
        return child.wait()


def _error_of(answer: ReadAnswer) -> IntakeError:
    """Return the error that a child met."""
    if answer.error == NotAnArticleError.__name__:
        return NotAnArticleError(answer.message)
    if answer.error == UnreadableError.__name__:
        states = {state.value for state in ReadingState}
        state = answer.state if answer.state in states else ReadingState.DAMAGED.value
        return UnreadableError(answer.message, state)
    return IntakeError(answer.message)
