"""The work that adds a packed folder and a crawl, and the check that neither is half-done."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

from archive.store import Store
from indexer.intake.ingest import ingest
from tests.indexer.intake.containers.made_containers import answer, crawl_record, tarred

SITE = "http://bao.example"
_FOLDER = "containers"
_TEXTS = {f"{number}.txt": f"Bài {number}\nSố khoá gói {number}." for number in range(3)}


def prepare_containers(folder: Path) -> None:
    """Write a packed folder and a crawl into a folder beside the homes."""
    text = "Bài này nói về cây cầu mới bắc qua sông, thông xe sáng nay. " * 12
    head = "<head><title>Cầu mới</title></head>"
    page = f"<html>{head}<body><article><p>{text}</p></article></body></html>"
    records = [
        crawl_record("response", f"{SITE}/a.html", answer("text/html", page.encode())),
        crawl_record("response", f"{SITE}/c.png", answer("image/png", b"\x89PNG\r\n\x1a\n")),
    ]
    target = folder / _FOLDER
    target.mkdir(exist_ok=True)
    members = {name: text.encode() for name, text in _TEXTS.items()}
    (target / "a.tar.gz").write_bytes(gzip.compress(tarred(members), mtime=0))
    (target / "b.warc.gz").write_bytes(b"".join(gzip.compress(each, mtime=0) for each in records))


def add_containers(store: Store, report: Callable[[str], None]) -> None:
    """Add both, and report the articles in them."""
    store.patience = 60
    known = {identifier for identifier, _ in store.identifiers()}
    ingest(store, [str(store.home.parent / _FOLDER)])
    for identifier, _ in store.identifiers():
        if identifier not in known:
            report(identifier)


def find_half_done(store: Store) -> list[str]:
    """Return what is there of one of them without the rest, in words; then add what is missing.

    Members have their container in one transaction, and pages their captures.
    """
    problems = _find_missing(store)
    ingest(store, [str(store.home.parent / _FOLDER)])
    articles = [each for each, _ in store.articles() if _FOLDER in each.origin.source]
    if len(articles) != len(_TEXTS) + 1:
        problems.append(f"added again, {len(articles)} articles are there")
    return problems + [f"added again, {problem}" for problem in _find_missing(store)]


def _find_missing(store: Store) -> list[str]:
    containers = {container.digest for container in store.kept_containers(())}
    problems = []
    for identifier, origin in store.all_origins():
        if origin.origin.parent and origin.origin.parent not in containers:
            problems.append(f"{identifier} has no container")
    has_page = bool(store.find_by_address(f"{SITE}/a.html"))
    if has_page and not (store.captures(f"{SITE}/a.html") and store.captures(f"{SITE}/c.png")):
        problems.append("a page is there without its captures")
    return problems
