"""Every page is valid HTML by a strict parser, light, and carries little script."""

from __future__ import annotations

import gzip
import itertools
from collections import Counter
from pathlib import Path

import html5lib
import pytest
from flask.testing import FlaskClient
from jinja2.defaults import DEFAULT_FILTERS
from jinja2.nodes import Const, Filter

import web
from tests.browsing import STATES, State, fill
from tests.factories import ArchiveFactory, article, client_of
from web.app import compile_templates, create_app

HEAVIEST = 20_000
"""Bytes of a page, which holds its script, with its style sheet, packed as they are sent."""

MOST_SCRIPT = 14_000
"""Bytes of all scripts together."""

STATIC = Path(web.__file__).parent / "static"
TEMPLATES = Path(web.__file__).parent / "templates"


@pytest.fixture(scope="module")
def clients(shared_archive_of: ArchiveFactory) -> dict[str, FlaskClient]:
    """Return a client of a full archive and of an empty one."""
    full, empty = shared_archive_of(), shared_archive_of()
    fill(full.store)
    return {"full": client_of(full), "empty": client_of(empty)}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_every_page_is_valid(clients: dict[str, FlaskClient], state: State, language: str) -> None:
    answer = clients[state.archive].get(state.path, headers={"Accept-Language": language})
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parse(answer.text)
    names = [element.get("id") for element in tree.iter() if element.get("id")]
    assert [name for name, times in Counter(names).items() if times > 1] == []
    for attribute in ("aria-labelledby", "aria-describedby", "for", "aria-controls"):
        named = [(element.get(attribute) or "").split() for element in tree.iter()]
        assert set(itertools.chain.from_iterable(named)) <= set(names)
    assert [
        element.tag for element in tree.iter() if element.get("style") or element.tag == "style"
    ] == []


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_every_page_is_light(clients: dict[str, FlaskClient], state: State) -> None:
    page = clients[state.archive].get(state.path).data
    files = [page, *(path.read_bytes() for path in STATIC.glob("*.*"))]
    assert sum(len(gzip.compress(file, 6)) for file in files) < HEAVIEST


def test_there_is_little_script() -> None:
    assert sum(path.stat().st_size for path in STATIC.rglob("*.js")) < MOST_SCRIPT


def test_the_first_page_waits_for_no_template(
    archive_of: ArchiveFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = article("Bài đầu", "Một đoạn.")
    app = create_app(archive_of(item))
    compile_templates(app)
    monkeypatch.setattr(app.jinja_env, "compile", lambda source, name, *_: pytest.fail(name))
    client = app.test_client()
    for path in ("/", "/?q=bai", f"/article/{item.identifier}?q=bai"):
        assert client.get(path).status_code == 200


def test_no_filter_of_the_site_is_asked_for_a_constant_when_a_template_is_compiled(
    clients: dict[str, FlaskClient],
) -> None:
    # What it answers may depend on the reader, and it would be asked once for all of them.
    environment = clients["full"].application.jinja_env
    asked = [
        (name, node.name)
        for name in environment.list_templates()
        for node in environment.parse((TEMPLATES / name).read_text("utf-8")).find_all(Filter)
        if isinstance(node.node, Const) and node.name not in DEFAULT_FILTERS
    ]
    assert asked, "no template has such a filter"
    filters = environment.filters
    assert {name for _, name in asked if not hasattr(filters[name], "jinja_pass_arg")} == set()
