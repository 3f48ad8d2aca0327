"""Every door to the originals of an article with removed passages, or in others, is shut."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from warcio.archiveiterator import ArchiveIterator

from archive.errors import StoreError, WithdrawnError
from archive.records import sha256
from archive.store import Store
from indexer.intake.ingest import ingest
from indexer.intake.reparse import reparse
from indexer.open_archive import OpenArchive
from tests.factories import ArchiveFactory, client_of
from tests.indexer.intake.containers.made_containers import (
    answer,
    crawl_record,
    mail_with,
    mailbox,
    tarred,
)
from tests.indexer.intake.office.made_packages import docx, open_document, paragraph, run, zipped
from web.admin.article_operations import (
    hide_article,
    make_note,
    remove_article,
    remove_passages,
    show_article_again,
)

SECRET = "Bà Huệ nợ tám đồng của hợp tác xã"
PARAGRAPHS = ("Công văn số 5", "Đề nghị sửa cầu Đông.", SECRET, "Kính đề nghị xem xét.")
LETTER = docx("".join(paragraph(run(text)) for text in PARAGRAPHS))
OPEN = open_document("text", "".join(f"<text:p>{text}</text:p>" for text in PARAGRAPHS))
MAIL = mail_with(zipped({"công văn/số 5.docx": LETTER}))
_STORY = "Cầu Đông được sửa xong trong tháng này, người dân hai bên sông đi lại thuận tiện hơn."
WEB = (
    f"<html><head><meta charset='utf-8'><title>Sửa cầu Đông</title></head><body><h1>Sửa cầu Đông"
    f"</h1><p>{_STORY}</p><p>{SECRET}</p>" + f"<p>{_STORY} Hết.</p>" * 4 + "</body></html>"
).encode()
SITE = "http://bao.example/a.html"
NOTE = make_note("tòa án", "lan")


@pytest.fixture
def archive(archive_of: ArchiveFactory) -> OpenArchive:
    return archive_of()


def add(store: Store, name: str, data: bytes) -> None:
    path = store.home.parent / f"{store.home.name}-{name}"
    path.write_bytes(data)
    ingest(store, [str(path)])


def of_secret(store: Store) -> str:
    """The identifier of the article that has the passage."""
    return next(
        each.identifier
        for each, _ in store.articles()
        if any(SECRET in section.paragraphs for section in each.sections)
    )


def place_of(store: Store, identifier: str) -> str:
    return next(
        f"s{number}.{place}"
        for number, section in enumerate(store.get(identifier).sections, 1)
        for place, text in enumerate(section.paragraphs, 1)
        if text == SECRET
    )


def doors(store: Store, client: FlaskClient, digests: set[str]) -> Iterator[str]:
    """Every address of every article, version and original, by the rules of the application."""
    name = base64.urlsafe_b64encode(SITE.encode()).decode().rstrip("=")
    values = {"number": 1, "size": "large", "kind": "bib", "name": name}
    adapter = client.application.url_map.bind("localhost")
    for identifier in [each.identifier for each, _ in store.articles()]:
        for rule in client.application.url_map.iter_rules():
            is_read = "GET" in (rule.methods or ())
            if (
                is_read
                and "identifier" in rule.arguments
                and rule.arguments <= {*values, "identifier"}
            ):
                chosen = {key: values[key] for key in rule.arguments if key in values}
                path = adapter.build(rule.endpoint, {"identifier": identifier, **chosen})
                yield path
                yield from (f"{path}?version={number}" for number in (1, 2, 3))
                yield from (f"{path}?sha256={digest}" for digest in digests)
                yield from (f"{path}?version=2&sha256={digest}" for digest in digests)


def check_doors(archive: OpenArchive, *originals: bytes) -> None:
    """No address answers with the passage, or with an original that has it."""
    client = client_of(archive, rate="")
    digests = {sha256(data) for data in originals}
    count = 0
    for path in doors(archive.store, client, digests):
        count += 1
        with client.get(path) as answered:
            assert SECRET not in answered.text, path
            assert sha256(answered.data) not in digests, path
    assert count > 20
    for path in ("/export.jsonl?q=cau", "/export.csv?q=cau", "/?q=tam+dong", "/feed.atom?q=cau"):
        with client.get(path) as answered:
            assert SECRET not in answered.text, path


def test_a_passage_of_an_attachment_is_not_in_the_message(archive: OpenArchive) -> None:
    store = archive.store
    add(store, "thu.mbox", mailbox(MAIL))
    add(store, "khac.eml", MAIL.replace(b"<m1@", b"<m2@").replace(b"B=E1o", b"S=E1u"))
    letter = of_secret(store)
    messages = {each.identifier for each, _ in store.articles()} - {letter}
    originals = {store.versions(name)[-1].digest: name for name in messages}
    assert client_of(archive).get(f"/article/{letter}/original").data == LETTER
    assert remove_passages(store, letter, NOTE, [place_of(store, letter)]).failure == ""
    assert len(originals) == 2
    for digest, name in originals.items():
        with pytest.raises(WithdrawnError):
            store.read_original(name)
        with pytest.raises(WithdrawnError):
            store.read_origin(name, digest)
        assert client_of(archive).get(f"/article/{name}/original").status_code == 410
        assert client_of(archive).get(f"/article/{name}").status_code == 200
    check_doors(archive, LETTER, MAIL)
    assert store.verify().problems == ()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("thu.mbox", mailbox(MAIL)),
        ("a.zip", zipped({"a.docx": LETTER})),
        ("a.tar", tarred({"a.docx": LETTER})),
        ("a.docx", LETTER),
        ("b.odt", OPEN),
    ],
)
def test_nothing_that_is_read_again_brings_a_passage_back(
    archive: OpenArchive, name: str, data: bytes
) -> None:
    store = archive.store
    add(store, name, data)
    letter = of_secret(store)
    remove_passages(store, letter, NOTE, [place_of(store, letter)])
    add(store, name, data)
    add(store, "other.docx", LETTER)
    add(store, "other.zip", zipped({"b/other.docx": LETTER, "c.odt": OPEN}))
    reparse(store, force=True)
    assert any("[…]" in section.paragraphs for section in store.get(letter).sections)
    check_doors(archive, LETTER, MAIL, OPEN)


def test_no_capture_shows_a_removed_passage(archive: OpenArchive) -> None:
    store = archive.store
    crawl = crawl_record("response", SITE, answer("text/html", WEB))
    add(store, "a.warc", crawl)
    story = of_secret(store)
    remove_passages(store, story, NOTE, [place_of(store, story)])
    later = WEB.replace("Hết.".encode(), "Hết rồi.".encode())
    again = crawl_record("response", SITE, answer("text/html", later)).replace(b"2023", b"2024")
    add(store, "b.warc", crawl + again)
    reparse(store, force=True)
    assert any("[…]" in section.paragraphs for section in store.get(story).sections)
    check_doors(archive, WEB, later)


def test_every_original_of_the_same_text_is_withheld(archive: OpenArchive) -> None:
    store = archive.store
    add(store, "a.docx", LETTER)
    add(store, "a.odt", OPEN)
    letter = of_secret(store)
    assert len(store.origins(letter)) == 2
    remove_passages(store, letter, NOTE, [place_of(store, letter)])
    check_doors(archive, LETTER, OPEN)


@pytest.mark.parametrize("operation", [remove_article, hide_article])
def test_a_withheld_attachment_withholds_the_message(
    archive: OpenArchive, operation: Callable[..., object]
) -> None:
    store = archive.store
    add(store, "thu.eml", MAIL)
    letter = of_secret(store)
    operation(store, letter, NOTE)
    check_doors(archive, LETTER, MAIL)
    show_article_again(store, letter, NOTE)
    (message,) = [each.identifier for each, _ in store.articles() if each.identifier != letter]
    assert store.read_original(message) == MAIL


def test_a_container_goes_with_the_passage_that_is_destroyed(archive: OpenArchive) -> None:
    store = archive.store
    add(store, "a.zip", zipped({"a.docx": LETTER, "b.txt": "Bài rời\nMột đoạn."}))
    letter = of_secret(store)
    place = place_of(store, letter)
    remove_passages(store, letter, NOTE, [place], destroy=True)
    assert sha256(LETTER) not in set(_payload_digests(store))
    assert store.verify().problems == ()


def test_a_part_of_a_message_that_stays_is_not_destroyed(archive: OpenArchive) -> None:
    store = archive.store
    add(store, "thu.eml", MAIL)
    letter = of_secret(store)
    with pytest.raises(StoreError, match="keep the original"):
        remove_passages(store, letter, NOTE, [place_of(store, letter)], destroy=True)
    assert of_secret(store) == letter


def _payload_digests(store: Store) -> Iterator[str]:
    """The digests of what every record of an archive holds, as any tool reads them."""
    for path in store.originals.files():
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                data = record.content_stream().read()
                assert b"a.docx" not in data or record.rec_type == "metadata"
                yield sha256(data)
