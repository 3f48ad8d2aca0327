"""What commands say of one thing says so, in every message."""

from __future__ import annotations

import re

import pytest

from web.cli.progress_bar import ProgressBar
from web.languages.english_numbers import agree, plural_of
from web.languages.message_catalogue import MessageCatalogue, read_catalogue

SENTENCES = [
    ("1 articles", "1 article"),
    ("11 articles", "11 articles"),
    ("0 articles", "0 articles"),
    ("home: 1 articles up to change 1, 1 bytes", "home: 1 article up to change 1, 1 byte"),
    (
        "checked 1 versions, 1 originals, 1 indexed articles, 1 index files; "
        "1 originals that no version names",
        "checked 1 version, 1 original, 1 indexed article, 1 index file; "
        "1 original that no version names",
    ),
    (
        "remark: 1 objects in the storage are none of this archive's (x); nothing here needs them",
        "remark: 1 object in the storage is none of this archive's (x); nothing here needs them",
    ),
    (
        "went on from an interrupted rebuild: 1 articles were done",
        "went on from an interrupted rebuild: 1 article was done",
    ),
    ("has no words on its 1 pages; they need OCR", "has no words on its 1 page; it needs OCR"),
    ("1 documents wait for OCR: run it", "1 document waits for OCR: run it"),
    ("found 1 more documents in what is kept", "found 1 more document in what is kept"),
    ("version 1 has the same original", "version 1 has the same original"),
    ("2.1 articles, 1,1 articles, /srv/1 articles", "2.1 articles, 1,1 articles, /srv/1 articles"),
    ("a reason has 1 to 2000 characters", "a reason has 1 to 2000 characters"),
]

_PLURAL = re.compile(
    r"(?<![\w.,/:-])(?<!more than )(?<!at most )1 "
    r"((?:(?!of\b)[a-z]+ ){0,2}?)([a-z]{3,}s)\b"
)

_NO_NOUNS = frozenset("has was this its waits words workers links lines".split())
"""Words that end so and are not what is counted: `version 1 has`, `1 in links`."""

_LIMITS = frozenset("attributes headings shards".split())
"""Nouns with a bound of the code, or shards of all shards: their number is never one."""


@pytest.mark.parametrize(("written", "said"), SENTENCES)
def test_what_is_counted_and_its_verb_agree_with_one(written: str, said: str) -> None:
    assert agree(written) == said
    assert MessageCatalogue("en").translate(written) == said


def test_no_message_counts_one_as_many() -> None:
    several = {}
    for message, translation in read_catalogue("vi", "commands"):
        # The translation says which values are numbers.
        for hole in re.findall(r"\{(\d+):n\}", translation):
            message = message.replace(f"{{{hole}}}", "1")
        words = {plural[2] for plural in _PLURAL.finditer(agree(message))}
        if left := words - _NO_NOUNS - _LIMITS:
            several[message] = left
    assert several == {}


@pytest.mark.parametrize(("noun", "several"), [("article", "articles"), ("query", "queries")])
def test_a_noun_has_its_plural(noun: str, several: str) -> None:
    assert plural_of(noun) == several


def test_progress_counts_in_the_plural(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.cli.progress_bar._SECONDS_BETWEEN_LINES", 0.0)
    monkeypatch.setenv("TANGTHU_LANG", "en")
    with ProgressBar("indexing", "article") as progress:
        progress(5, 20)
        progress(1, 1)
    several, single = capsys.readouterr().err.splitlines()[:2]
    assert several.startswith("indexing: 5 of 20 articles (")
    assert single.startswith("indexing: 1 of 1 article (")
