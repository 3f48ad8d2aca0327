"""Reading takes time in step with what is read, however it is doctored.

Each check runs in a process of its own that the system ends when it takes more processor time
than many times what it needs: a pattern that backtracks would take hours.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest

from tests.indexer.intake.html.page_shapes import paragraphs, shaped_page
from tests.indexer.intake.html.test_content_finder import NAMES, page
from tests.paths import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits")

LIMITED = """
import warnings; warnings.simplefilter('ignore')
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]), int(sys.argv[1])))
"""
PATTERNS = """
import importlib, pkgutil, re
import indexer.intake
from indexer.intake.markup.class_patterns import ElementPattern

def patterns():
    for info in pkgutil.walk_packages(indexer.intake.__path__, "indexer.intake."):
        for name, value in vars(importlib.import_module(info.name)).items():
            if isinstance(value, re.Pattern):
                yield f"{info.name}.{name}", value
            elif isinstance(value, ElementPattern):
                yield f"{info.name}.{name}", re.compile(value.names, re.IGNORECASE)
            elif isinstance(value, tuple):
                for number, part in enumerate(value):
                    if isinstance(part, re.Pattern):
                        yield f"{info.name}.{name}[{number}]", part

units = [*".-()<=1: aA,;[/\\n\\"\\\\", "A ", "a.", "Đ. ", ". ", "- ", "1/", '": "', " :", "và "]
units += ["1:", "12 ", "1. ", "5 th", "tháng ", "19 dec ", "2022 ", "20221219", "<p", "&#1"]
units += ["sign up ", "bitte "]
units += ["Role,", '"pubdate":', '"items" : [', "theo ", "[{", "Z+07:00 "]
# A pattern that several modules know is one.
for pattern, name in {pattern: name for name, pattern in patterns()}.items():
    print(name, flush=True)
    for unit in units:
        text = (unit * 20_000)[:20_000] + "!"
        given = text.encode() if isinstance(pattern.pattern, bytes) else text
        pattern.search(given), pattern.fullmatch(given)
print("done")
"""
READING = """
import json
from archive.errors import ArchiveError
from indexer.intake.html.page import read_html
for text in json.load(sys.stdin):
    try:
        read_html(text, "page.html")
    except ArchiveError:
        pass
print("done")
"""


def run_limited(script: str, seconds: int, given: str = "") -> str:
    """Return the last line that a script printed before it ended, or was ended."""
    command = [sys.executable, "-c", LIMITED + script, str(seconds)]
    run = subprocess.run(command, input=given, capture_output=True, text=True, cwd=ROOT)
    assert not run.stderr, run.stderr
    return run.stdout.splitlines()[-1]


def test_every_pattern_reads_twenty_thousand_repeated_characters() -> None:
    assert run_limited(PATTERNS, 240) == "done"


REPEATED = ("." * 3000 + " (ký tên)", "." * 20_000, "- " * 10_000, "A. " * 7000, "(" * 20_000)


def test_paragraphs_of_dots_and_dashes_end_nothing() -> None:
    pages = [
        shaped_page(f"<div class='x'>{paragraphs(1, 3)}<p>{text}</p>{end}</div>")
        for text in REPEATED
        for end in ("", paragraphs(4, 7))
    ]
    assert run_limited(READING, 60, json.dumps(pages)) == "done"


@pytest.mark.parametrize("count", [100, pytest.param(2000, marks=pytest.mark.slow)])
def test_mutated_pages_end_nothing(count: int) -> None:
    source = random.Random(count)
    pages = []
    for number in range(count):
        text = page(NAMES[number % len(NAMES)])
        for _ in range(source.randint(1, 8)):
            start, length = source.randrange(len(text)), source.randrange(400)
            piece = text[start : start + length] * source.choice((0, 0, 2, 30))
            place = source.randrange(len(text))
            text = text[:place] + piece + text[place + source.randrange(200) :]
        pages.append(text)
    assert run_limited(READING, 30 + count // 2, json.dumps(pages)) == "done"
