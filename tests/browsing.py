"""A served archive for the browser tests, with something of everything that a page can show."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import waitress
from flask import Flask
from waitress import wasyncore

from archive.records import Article, Caption, Section, Speaker
from archive.store import Store
from indexer.indexing.index_builder import IndexBuilder
from indexer.intake.ingest import ingest
from indexer.open_archive import open_archive
from tests.factories import article, day, keep
from tests.paths import DATA, ROOT
from tests.pictured_documents import PICTURED, PICTURED_ARTICLE, PRINTED, PRINTED_ARTICLE
from web.app import create_app

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
"""What the browser may be called."""

REQUIRED = "TANGTHU_BROWSER_REQUIRED"
"""With this in the environment a missing browser is a failure: the gate never skips."""

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def browser_path() -> str | None:
    """Return the path of the machine's browser, if it has one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


SAMPLE = ROOT / "archive" / "sample" / "first-article.txt"

HOSTILE_PAGE = DATA / "hostile_page.html"
"""A saved page that tries to run scripts and to lead the reader away."""

CHANGED = article(
    "Công an phường",
    lead="Lời dẫn về công an phường",
    url="https://bao.vn/phuong",
    publisher="Báo A",
    category="Xã hội",
    authors=("Nguyễn Văn Ân", "Đỗ Thị Bé"),
    published=day(2022, 12, 5),
    sections=(
        Section(("Đoạn đầu nói về công an.", "Đoạn giữ nguyên."), "Mở đầu"),
        Section(("Phòng, chống ma túy.",), "Triển khai", Speaker("Lê Văn Cả", "Đại tá")),
    ),
    captions=(Caption("Ảnh công an phường", "PV"),),
)
"""The article that has two versions."""


@dataclass(frozen=True, slots=True)
class State:
    """Something that a page can show, and where; `archive` is `full` or `empty`."""

    name: str
    path: str
    archive: str = "full"


ARTICLE = f"/article/{CHANGED.identifier}"
STATES = (
    State("the first page", "/"),
    State("an empty archive", "/", "empty"),
    State("nothing found in an empty archive", "/?q=an", "empty"),
    State("results", "/?q=cong+an"),
    State("results with marks", "/?q=công+an&exact=1&sort=newest&n=2"),
    State("a later page", "/?q=cong+an&page=2&n=2"),
    State("after the last page", "/?q=cong+an&page=900"),
    State("keystrokes", "/?q=coong+an&n=2"),
    State("as typed", "/?q=coong+an&raw=1&n=2"),
    State("a short form", "/?q=UBND&n=2"),
    State("a section", "/?q=dien+bien+ma+tuy&n=2"),
    State("near copies", "/?q=ban+tin+quy"),
    State("fewer words", "/?q=cong+an+khunglongbao&n=2"),
    State("nothing", "/?q=khunglongbaochua"),
    State("filters", "/?q=cong+an&publisher=Báo+1&not.author=Phóng+viên+3&month=2022-03"),
    State("filters, remarks and exact", "/?q=coong+an+UBND&month=2022-03&exact=1"),
    State("filters that leave nothing", "/?q=cong+an&category=không+có"),
    State("dates nobody can read", "/?q=cong+an&from=mai&to=mốt&n=2"),
    State(
        "a date nobody can read, filters, remarks and exact",
        "/?q=coong+an+UBND+site:x&from=mai&month=2022-03&not.author=Phóng+viên+3&exact=1",
    ),
    State("a date nobody can read, as typed", "/?q=cong+an&raw=1&to=mốt&year=2022&n=2"),
    State("filters without words", "/?year=2022&n=2"),
    State("a list of values", "/values/author?q=cong+an"),
    State("an article", ARTICLE),
    State("an article with hits", f"{ARTICLE}?q=cong+an"),
    State("an older version", f"{ARTICLE}?version=1"),
    State("what changed", f"{ARTICLE}/changes"),
    State("trends", "/trends?q=cong+an&q=ma+túy&q=khong+co+dau"),
    State("trends of nothing", "/trends"),
    State("the calendar", "/calendar"),
    State("a month of the calendar", "/calendar/2022-12"),
    State("a day of the calendar", "/calendar/2022-12-05"),
    State("a person", "/person/Lê Văn Cả"),
    State("an article among results", f"{ARTICLE}?q=cong+an&at=2"),
    State("an article of a document", f"{PRINTED_ARTICLE}?q=mùa+nước+nổi"),
    State("a page of a document", f"{PRINTED_ARTICLE}/pages/2?q=mùa+nước+nổi"),
    State("an article with pictures", PICTURED_ARTICLE),
    State("results with pictures", "/?q=chợ+nổi+OR+mùa+nước"),
    State("collections", "/collections"),
    State("a reading list", f"/list?id={CHANGED.identifier}&id=none&title=Của+tôi"),
    State("a list that is not found", "/list?add=không+có"),
    State("what is not there", "/nothing"),
)
"""Every state of the pages."""

_COPIED = " ".join(f"Bản tin số {number} về công an và nhân dân trong quý." for number in range(30))


@dataclass(frozen=True, slots=True)
class Site:
    """Where the archive and an empty one are served, without a slash at the end."""

    full: str
    empty: str

    def address(self, state: State) -> str:
        """Where a state of the pages is."""
        return (self.empty if state.archive == "empty" else self.full) + state.path


def watch_console(page: Page) -> list[str]:
    """Return the list to which a page's errors and messages on the console are added."""
    problems: list[str] = []

    def add_error(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(message.text)

    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", add_error)
    return problems


@contextmanager
def serve(folder: Path) -> Iterator[Site]:
    """Serve both archives on ports of their own until the block ends."""
    with open_archive(folder / "full") as full, open_archive(folder / "empty") as empty:
        fill(full.store)
        with serve_app(create_app(full)) as full_port, serve_app(create_app(empty)) as empty_port:
            yield Site(*(f"http://127.0.0.1:{port}" for port in (full_port, empty_port)))


@contextmanager
def serve_app(app: Flask) -> Iterator[int]:
    """Serve an application from a thread until the block ends; yield the port."""
    sockets: dict[int, object] = {}
    server = waitress.create_server(app, map=sockets, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield int(server.effective_port)
    # The thread that waits for the sockets closes them, and then ends.
    server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets, ignore_all=True))
    thread.join(10)
    assert not thread.is_alive()
    server.task_dispatcher.shutdown(timeout=1)


def fill(store: Store) -> None:
    """Put something of everything into an empty archive, indexed."""
    printed, pictured = store.home / "bao-cao.pdf", store.home / "cho-noi.html"
    printed.write_bytes(PRINTED)
    pictured.write_bytes(PICTURED)
    ingest(store, [str(SAMPLE), str(HOSTILE_PAGE), str(printed), str(pictured)])
    keep(store, CHANGED, *_copies(), *_many())
    keep(store, replace(CHANGED, lead="Lời dẫn mới về công an phường"))
    IndexBuilder(store).update()


def _copies() -> list[Article]:
    return [
        article(f"Bản tin quý, {name}", _COPIED, publisher=name, published=day(2022, 11, 7))
        for name in ("Báo B", "Báo C")
    ]


def _many() -> list[Article]:
    return [
        article(
            f"Công an số {number}",
            f"Ủy ban nhân dân (UBND) xã {number} họp với công an.",
            publisher=f"Báo {number % 13}",
            category=("Xã hội", "Pháp luật", "Đời sống")[number % 3],
            authors=(f"Phóng viên {number % 17}",),
            published=day(2022, number % 12 + 1, number % 27 + 1),
        )
        for number in range(30)
    ]
