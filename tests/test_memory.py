"""Memory of a server: what is remembered of pages has bounds, however varied the questions are."""

from __future__ import annotations

import gc
import random
import re
import urllib.parse
import weakref

import pytest
from flask.testing import FlaskClient

from indexer.search import phrase_boundaries, service, stored_forms, term_statistics
from indexer.search.present import term_scanner
from indexer.vietnamese import input_methods
from indexer.whoosh_engine.format import positions, segment, term_dictionary
from indexer.whoosh_engine.reading import collection_statistics
from tests.factories import ArchiveFactory, article, client_of
from web.addresses import urls
from web.http import request_gate, validators
from web.http.page_cache import PageCache

WORDS = tuple(
    f"{onset}{rhyme}" for onset in "b c d g h k l m n ph t th tr v x".split()
    for rhyme in "a an ang ao au e en eo i in o on ong u un ung".split()
)  # fmt: skip
MOST = 30
"""Entries of every cache, in this test."""


@pytest.fixture
def client(archive_of: ArchiveFactory, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Pages of an archive whose caches are small."""
    for module, name in (
        (collection_statistics, "_CACHE_SIZE"),
        (collection_statistics, "_FREQUENCY_CACHE_SIZE"),
        (service, "_MOST_MEMOIZED"),
        (segment, "_CACHE_SIZE"),
        (term_dictionary, "_CACHE_SIZE"),
        (positions, "_CACHE_SIZE"),
        (phrase_boundaries, "_MOST_REMEMBERED"),
        (term_statistics, "_MOST_KNOWN"),
        (stored_forms, "_MOST_REMEMBERED"),
        (validators, "_MOST_ANSWERED"),
        (request_gate, "_MOST_REMEMBERED"),
    ):
        monkeypatch.setattr(module, name, MOST)
    chance = random.Random(1)
    articles = (
        article(" ".join(chance.choices(WORDS, k=8)), " ".join(chance.choices(WORDS, k=200)))
        for _ in range(40)
    )
    return client_of(archive_of(*articles), rate="", page_cache_bytes=200_000)


def ask(client: FlaskClient, numbers: range) -> None:
    """Ask for pages, no two of which are equal."""
    for number in numbers:
        chance = random.Random(number)
        # Words of the archive, and some that nobody ever typed.
        new = [f"{word}{number}" for word in chance.sample(WORDS, k=3)]
        words = "+".join([*chance.choices(WORDS, k=2), *new])
        path = ("/?q=", "/api/v1/search?q=", "/api/v1/suggest?q=")[number % 3]
        answer = client.get(path + words, environ_overrides={"REMOTE_ADDR": f"10.0.0.{number}"})
        assert answer.status_code == 200


def count_objects() -> int:
    """Return the objects that hold others, without those of the standard library's caches."""
    re.purge()
    urllib.parse.clear_cache()
    gc.collect()
    return sum(not isinstance(thing, weakref.ref) for thing in gc.get_objects())


def test_nothing_is_remembered_without_a_bound(client: FlaskClient) -> None:
    for number in range(8192):
        # Their bounds are beyond the pages of a test.
        urls._quoted(f"{number}")
        input_methods._decode_method(f"a{number}", "vni")
    for number in range(2048):
        term_scanner._form_pattern(f"{number}")
        term_scanner._prefix_pattern(f"{number}")
    ask(client, range(120))
    objects = count_objects()
    ask(client, range(120, 180))
    growth = count_objects() - objects
    # A run of text for each new word would be 180.
    assert growth < 90
    pages: PageCache = client.application.extensions["tangthu.pages"]
    assert pages.size == sum(page.size for page in pages._pages.values()) <= 200_000
