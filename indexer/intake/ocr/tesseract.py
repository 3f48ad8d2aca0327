"""The program tesseract: whether it is here, and the words that it recognises in one picture."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass

import msgspec

from archive.errors import IntakeError

LANGUAGE = "vie"
"""The model; English words are read by it as well, and a second model costs more than it gives."""

PACKAGES = ("tesseract-ocr", "tesseract-ocr-vie")
"""The packages of Debian and Ubuntu that hold the program and the model."""

_PROGRAM = "tesseract"
_LAUNCHER = """
import json, os, resource, sys
limits = json.loads(sys.argv[1])
for name, bound in limits["bounds"].items():
    kind = getattr(resource, name)
    _, hard = resource.getrlimit(kind)
    # At its hard limit of time a program is killed as others kill it, at its soft one named.
    most = bound + 5 if name == "RLIMIT_CPU" else bound
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (min(bound, most), most))
os.nice(limits["niceness"])
os.execve(sys.argv[2], sys.argv[2:], dict(os.environ))
"""
_OPEN_FILES = 32
_LOWEST_PRIORITY = 19
_ANSWER_SECONDS = 20
_INTERRUPTIONS = frozenset((signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL))
_LONGEST_MESSAGE = 200


class OcrMissingError(IntakeError):
    """The program or its model is not installed; the message names the packages.

    Attributes:
        missing: Those that are not installed.
    """

    def __init__(self, missing: tuple[str, ...] = PACKAGES) -> None:
        self.missing = missing
        super().__init__(
            f"recognising words needs the packages {' and '.join(PACKAGES)}; "
            f"not installed: {', '.join(missing)}"
        )


class OcrInterruptedError(IntakeError):
    """The program was ended over no fault of the page, which is left for the next run."""


class OcrLimits(msgspec.Struct, frozen=True):
    """The limits of recognising one page.

    Attributes:
        memory: Bytes of address space.
        processor_seconds: Processor time.
        wall_seconds: Time by the clock, after which the program is killed and the page is left
            for the next run: at the lowest priority a busy machine may hardly let it run.
    """

    memory: int = 1 << 30
    processor_seconds: int = 60
    wall_seconds: float = 3600.0


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The program that is installed: its path and its version."""

    path: str
    version: str

    @property
    def label(self) -> str:
        """The program, its version and its model, as articles keep it."""
        return f"{_PROGRAM} {self.version}, {LANGUAGE}"

    def recognize(
        self, picture: bytes, page: int = 0, resolution: int = 0, limits: OcrLimits | None = None
    ) -> str:
        """Return the words of a picture and their places, as the program's table (TSV).

        Args:
            picture: A file in a format that was proved by its head: what is none would be taken
                for a list of files to read.
            page: The number of the picture in its file, from 0.
            resolution: Dots per inch; 0 where only the picture may say it.
            limits: The limits of the program.

        Raises:
            OcrInterruptedError: somebody else ended the program, or it waited too long.
            IntakeError: it failed over the picture.
        """
        limits = limits or OcrLimits()
        options = ["stdin", "stdout", "-l", LANGUAGE, "-c", f"tessedit_page_number={page}"]
        options += ["--dpi", str(resolution)] if resolution else []
        command = [self.path, *options, "tsv"]
        answer = _run_bounded(command, picture, limits)
        if answer.returncode:
            raise _failure(answer, limits)
        return answer.stdout.decode("utf-8", "replace")


def find_tesseract() -> Tesseract:
    """Return the program that is installed.

    Raises:
        OcrMissingError: it or its model is not.
    """
    path = shutil.which(_PROGRAM)
    if path is None:
        raise OcrMissingError
    first_line = _ask(path, "--version").partition("\n")[0]
    if LANGUAGE not in _ask(path, "--list-langs").split():
        raise OcrMissingError(PACKAGES[1:])
    return Tesseract(path, first_line.split()[-1] if first_line.split() else "")


def _ask(path: str, option: str) -> str:
    """Return what the program answers to an option; empty where it does not run."""
    try:
        answer = subprocess.run(
            [path, option],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_ANSWER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.decode("utf-8", "replace")


def _run_bounded(
    command: list[str], picture: bytes, limits: OcrLimits
) -> subprocess.CompletedProcess[bytes]:
    """Run a command within limits, in a session of its own: Ctrl+C is left to this process."""
    bounds = {
        "RLIMIT_AS": limits.memory,
        "RLIMIT_CPU": limits.processor_seconds,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_NOFILE": _OPEN_FILES,
        "RLIMIT_CORE": 0,
    }
    packed = msgspec.json.encode({"bounds": bounds, "niceness": _LOWEST_PRIORITY}).decode()
    environment = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}
    if "TESSDATA_PREFIX" in os.environ:
        environment["TESSDATA_PREFIX"] = os.environ["TESSDATA_PREFIX"]
    try:
        return subprocess.run(
            [sys.executable, "-I", "-c", _LAUNCHER, packed, *command],
            input=picture,
            capture_output=True,
            timeout=limits.wall_seconds,
            env=environment,
            cwd="/",
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        seconds = round(limits.wall_seconds)
        raise OcrInterruptedError(f"took longer than {seconds} s by the clock") from error
    except OSError as error:
        raise OcrInterruptedError(f"{_PROGRAM} cannot be run: {error.strerror}") from error


def _failure(answer: subprocess.CompletedProcess[bytes], limits: OcrLimits) -> IntakeError:
    """Return the error for a program that ended with another status than 0."""
    status = answer.returncode
    if status == -signal.SIGXCPU:
        return IntakeError(f"took more than {limits.processor_seconds} s of processor time")
    if -status in _INTERRUPTIONS:
        name = signal.Signals(-status).name
        return OcrInterruptedError(f"{_PROGRAM} was ended from outside ({name})")
    if status < 0:
        return IntakeError(f"{_PROGRAM} died over it ({signal.Signals(-status).name})")
    lines = answer.stderr.decode("utf-8", "replace").split("\n")
    message = next((line.strip() for line in lines if line.strip()), f"status {status}")
    return IntakeError(f"{_PROGRAM} cannot read it: {message[:_LONGEST_MESSAGE]}")
