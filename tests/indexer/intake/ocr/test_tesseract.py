"""The program tesseract: found or named as missing, bounded, and its deaths told apart."""

from __future__ import annotations

import os
import signal
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from archive.errors import IntakeError
from indexer.intake.ocr.recognized_lines import read_table
from indexer.intake.ocr.tesseract import (
    OcrInterruptedError,
    OcrLimits,
    OcrMissingError,
    Tesseract,
    find_tesseract,
)
from tests.indexer.intake.ocr.scans import (
    BUFFALO,
    TEXT,
    drawn_page,
    error_rate,
    noisy,
    png,
    require_tesseract,
    tiff,
)


def program(folder: Path, script: str) -> Tesseract:
    """A program that does something else than tesseract."""
    path = folder / "tesseract"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return Tesseract(str(path), "0")


def words_of(table: str) -> str:
    return " ".join(line.text for line in read_table(table).lines)


def test_a_drawn_page_is_read_nearly_without_errors() -> None:
    tesseract = require_tesseract()
    picture = drawn_page(TEXT)
    table = tesseract.recognize(png(picture), resolution=200)
    assert error_rate(words_of(table), " ".join(TEXT)) <= 0.005
    assert read_table(table).confidence > 90


def test_a_bad_scan_is_read_with_few_errors() -> None:
    tesseract = require_tesseract()
    picture = noisy(drawn_page(TEXT, resolution=150))
    text = words_of(tesseract.recognize(png(picture), resolution=150))
    assert error_rate(text, " ".join(TEXT)) <= 0.02


def test_a_jpeg_scan_is_read() -> None:
    tesseract = require_tesseract()
    picture, file = drawn_page(TEXT), BytesIO()
    Image.frombytes("L", (picture.width, picture.height), picture.pixels).save(file, "JPEG")
    text = words_of(tesseract.recognize(file.getvalue(), resolution=200))
    assert error_rate(text, " ".join(TEXT)) <= 0.01


def test_the_pages_of_a_tiff_file_are_read_by_their_numbers() -> None:
    tesseract = require_tesseract()
    data = tiff([drawn_page(TEXT), drawn_page(BUFFALO)])
    assert words_of(tesseract.recognize(data, page=1)) == " ".join(BUFFALO)
    assert words_of(tesseract.recognize(data, page=0)).startswith("Sáng 5/3")


@pytest.mark.parametrize("cut", [200, 3000])
def test_truncated_pictures_are_named_or_read_in_part(cut: int) -> None:
    tesseract = require_tesseract()
    data = png(drawn_page(TEXT))[:cut]
    with pytest.raises(IntakeError, match="tesseract cannot read it"):
        tesseract.recognize(data)


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OcrMissingError, match="tesseract-ocr and tesseract-ocr-vie") as raised:
        find_tesseract()
    assert raised.value.missing == ("tesseract-ocr", "tesseract-ocr-vie")
    program(tmp_path, "echo tesseract 5.9; echo eng")
    with pytest.raises(OcrMissingError) as raised:
        find_tesseract()
    assert raised.value.missing == ("tesseract-ocr-vie",)
    program(tmp_path, "echo tesseract 5.9; echo vie")
    assert find_tesseract().label == "tesseract 5.9, vie"


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("kill -ABRT $$", "died over it .SIGABRT"),
        ("echo; echo 'Error: no picture' >&2; exit 1", "cannot read it: Error: no picture"),
        ("while :; do :; done", "more than 1 s of processor time"),
    ],
)
def test_a_failure_is_named(tmp_path: Path, script: str, reason: str) -> None:
    with pytest.raises(IntakeError, match=reason) as raised:
        program(tmp_path, script).recognize(b"", limits=OcrLimits(processor_seconds=1))
    assert not isinstance(raised.value, OcrInterruptedError)


def test_a_program_that_waits_is_killed_and_the_page_left_for_the_next_run(tmp_path: Path) -> None:
    with pytest.raises(OcrInterruptedError, match="took longer than 1 s by the clock"):
        program(tmp_path, "exec sleep 60").recognize(b"", limits=OcrLimits(wall_seconds=1))


@pytest.mark.parametrize("name", ["TERM", "KILL", "INT"])
def test_who_ends_it_from_outside_interrupts(tmp_path: Path, name: str) -> None:
    # Shells let what runs in the background ignore SIGINT, and its children inherit that.
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(OcrInterruptedError, match=name):
            program(tmp_path, f"kill -{name} $$").recognize(b"")
    finally:
        signal.signal(signal.SIGINT, former)


@pytest.mark.usefixtures("lowest_priority")
def test_it_runs_with_limits_and_without_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANGTHU_SECRET", "a")
    script = "env; ulimit -v; ulimit -t; ulimit -f; nice; pwd"
    answer = program(tmp_path, script).recognize(b"", limits=OcrLimits(1 << 28, 7))
    assert "SECRET" not in answer
    assert "OMP_THREAD_LIMIT=1" in answer
    lowest = str(min(19, os.nice(0) + 19))
    assert answer.split()[-5:] == [str(1 << 18), "7", "0", lowest, "/"]
