"""Containers as they are kept: whole beside their members, and crawls answer by answer."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.backups.backup import backup, restore
from archive.catalogue.operations import OperatorNote
from archive.errors import StoreError
from archive.originals import container_files
from archive.originals.warc_records import original_uri, record_id_of
from archive.records import sha256
from archive.store import Store
from indexer.intake.ingest import IngestReport, ingest
from indexer.intake.legacy.charsets import Charset
from indexer.intake.reparse import reparse
from tests.indexer.intake.containers.made_containers import (
    answer,
    crawl,
    crawl_record,
    mail_with,
    mailbox,
    tarred,
)
from tests.indexer.intake.html.test_content_finder import page
from tests.indexer.intake.office.made_packages import docx, paragraph, run, zipped
from tests.indexer.intake.pdf.made_pdf import down, made_pdf
from tests.legacy_bytes import encode_legacy

LETTER = docx(paragraph(run("Công văn số 5")) + paragraph(run("Đề nghị sửa cầu Đông.")))
SITE = "http://bao.example"
NOTE = OperatorNote("thử", "người trực")


@pytest.fixture
def store(tmp_path: Path) -> Store:  # type: ignore[misc]
    with Store(tmp_path / "home") as store:
        yield store


def add(store: Store, name: str, data: bytes) -> IngestReport:
    path = store.home.parent / name
    path.write_bytes(data)
    return ingest(store, [str(path)])


def heads(store: Store) -> list[dict[str, str]]:
    """The heads of the records of an archive, as any tool reads them."""
    found = []
    for path in store.originals.files():
        with path.open("rb") as file:
            found += [dict(record.rec_headers.headers) for record in ArchiveIterator(file)]
    return [head for head in found if head["WARC-Type"] != "warcinfo"]


def identifiers(store: Store) -> dict[str, str]:
    """The identifiers of the articles by the last member in their source."""
    return {each.origin.source.rpartition("!")[2]: each.identifier for each, _ in store.articles()}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_container_is_kept_once_and_its_members_refer_to_it(
    store: Store, pack: type[bytes]
) -> None:
    data = pack(tarred({"a.txt": "Bài một\nĐoạn.".encode(), "b.txt": "Bài hai\nĐoạn.".encode()}))
    assert add(store, "a.tar", data).added == 2
    assert add(store, "a.tar", data).unchanged == 2
    container, first, second = heads(store)
    assert container["WARC-Record-ID"] == record_id_of(sha256(data))
    assert (container["WARC-Type"], container["Content-Type"]) == ("resource", "application/x-tar")
    for member in (first, second):
        assert member["WARC-Type"] == "conversion"
        assert member["WARC-Refers-To"] == container["WARC-Record-ID"]
        assert member["WARC-Refers-To-Target-URI"] == container["WARC-Target-URI"]
        assert member["Content-Type"] == "text/plain"
    origins = [store.origins(name)[0] for name in identifiers(store).values()]
    assert {origin.origin.parent for origin in origins} == {sha256(data)}
    assert (store.verify().problems, store.count_originals()) == ((), 3)


def test_messages_refer_to_their_mailbox_and_attachments_to_their_message(store: Store) -> None:
    mail = mail_with(zipped({"công văn/số 5.docx": LETTER}))
    box = mailbox(mail)
    assert add(store, "thu.mbox", box).added == 2
    by_digest = {head["WARC-Target-URI"].rpartition(":")[2]: head for head in heads(store)}
    names = {digest: head["WARC-Record-ID"] for digest, head in by_digest.items()}
    assert by_digest[sha256(LETTER)]["WARC-Refers-To"] == names[sha256(mail)]
    assert by_digest[sha256(mail)]["WARC-Refers-To"] == names[sha256(box)]
    assert store.verify().problems == ()


def test_one_attachment_of_two_messages_is_one_article_with_two_origins(store: Store) -> None:
    mail = mail_with(zipped({"a.docx": LETTER}))
    second = mail.replace(b"<m1@", b"<m2@").replace(b"B=E1o", b"S=E1u")
    assert add(store, "thu.mbox", mailbox(mail, second)).added == 3
    assert add(store, "a.zip", zipped({"c/a.docx": LETTER})).unchanged == 1
    origins = store.origins(identifiers(store)["a.docx"])
    assert len({origin.origin.parent for origin in origins}) == len(origins) == 3
    assert len({origin.location for origin in origins}) == 1
    assert store.verify().problems == ()


def test_a_large_container_is_described(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.intake.containers.kept_containers.LARGEST_CONTAINER", 10)
    data = zipped({"a.txt": "Bài một\nĐoạn."})
    assert add(store, "a.zip", data).added == 1
    container, member = heads(store)
    assert (container["WARC-Type"], container["Content-Type"]) == ("metadata", "application/json")
    assert member["WARC-Refers-To"] == container["WARC-Record-ID"]
    assert container_files.LARGEST_CONTAINER > 10
    assert store.verify().problems == ()


def test_what_is_destroyed_is_destroyed_in_its_container_as_well(store: Store) -> None:
    texts = {f"{n}.txt": f"Bài {n}\n" + f"Đoạn thứ {n}. " * 60 for n in "ab"}
    add(store, "a.zip", zipped({**texts, "c.docx": LETTER}))
    with store.operator_batch() as batch:
        batch.remove(identifiers(store)["c.docx"], NOTE, destroy=True)
    # The others are read alone, and all agree with what was destroyed.
    assert store.read_original(identifiers(store)["a.txt"]).startswith("Bài a".encode())
    assert store.verify().problems == ()
    assert (
        sorted(head["WARC-Type"] for head in heads(store)) == ["conversion"] * 2 + ["metadata"] * 2
    )
    assert not any(LETTER in path.read_bytes() for path in store.originals.files())


def test_a_part_of_a_message_that_stays_is_not_destroyed(store: Store) -> None:
    add(store, "thu.eml", mail_with(zipped({"a.docx": LETTER})))
    letter = identifiers(store)["a.docx"]
    with store.operator_batch() as batch, pytest.raises(StoreError, match="holds this original"):
        batch.remove(letter, NOTE, destroy=True)
    with store.operator_batch() as batch:
        batch.remove(letter, NOTE)
    assert store.verify().problems == ()


def test_every_answer_of_a_crawl_is_kept_by_address_and_time(store: Store, tmp_path: Path) -> None:
    document = made_pdf([down("Cây cầu mới bắc qua sông.")])
    records = crawl(page("cmain").encode(), document)
    report = add(store, "a.warc.gz", b"".join(map(gzip.compress, records)))
    assert (report.added, report.captured) == (3, 4)
    again = add(store, "b.warc", b"".join(records))
    assert (again.added, again.unchanged, again.captured) == (0, 3, 0)
    (picture,) = store.captures(f"{SITE}/c.png")
    assert (picture.media_type, picture.status) == ("image/png", 200)
    assert picture.captured == "2023-02-16T01:30:00+00:00"
    assert store.originals.read(picture.location, picture.digest) == b"\x89PNG\r\n\x1a\n"
    (gone,) = store.captures(f"{SITE}/b.html")
    assert gone.status == 404
    (captured,) = store.captures("https://www.bao.example/a.html?utm_source=x")
    (origin, *_) = store.origins(store.find_by_address(f"{SITE}/a.html")[0])
    assert (origin.location, origin.digest) == (captured.location, captured.digest)
    assert store.read_origin(store.find_by_address(f"{SITE}/d.pdf")[0], sha256(document))
    assert store.verify().problems == ()
    backup(store, tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "restored")
    with Store(tmp_path / "restored") as restored:
        assert restored.captures(f"{SITE}/c.png") == [picture]


def test_an_answer_is_kept_as_the_crawl_had_it(store: Store) -> None:
    packed = gzip.compress(page("cmain").encode(), mtime=0)
    half = len(packed) // 2
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (len(part), part) for part in (packed[:half], packed[half:])
    )
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Server: thu\r\n"
        b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    )
    block = head + chunks + b"0\r\n\r\n"
    assert add(store, "a.warc", crawl_record("response", f"{SITE}/a.html", block)).added == 1
    (path,) = store.originals.files()
    with path.open("rb") as file:
        (response,) = [
            record.http_headers.to_bytes() + record.raw_stream.read()
            for record in ArchiveIterator(file)
            if record.rec_type == "response"
        ]
    assert response == block
    (identifier,) = identifiers(store).values()
    assert store.read_original(identifier) == page("cmain").encode()
    assert store.verify().problems == ()


def test_a_page_captured_again_unchanged_shares_the_record(store: Store) -> None:
    first = crawl_record("response", f"{SITE}/a.html", answer("text/html", page("cmain").encode()))
    second = first.replace(b"2023-02-16", b"2023-03-01")
    add(store, "a.warc", first + second)
    captures = store.captures(f"{SITE}/a.html")
    assert [capture.captured[:10] for capture in captures] == ["2023-02-16", "2023-03-01"]
    assert len({capture.location for capture in captures}) == 1
    assert store.verify().problems == ()
    (identifier,) = identifiers(store).values()
    with store.operator_batch() as batch:
        batch.remove(identifier, NOTE)
    assert store.captures(f"{SITE}/a.html") == []
    third = first.replace(b"2023-02-16", b"2023-04-01")
    assert (add(store, "b.warc", third).captured, len(store.captures(f"{SITE}/a.html"))) == (0, 0)


@pytest.mark.parametrize("is_packed", [True, False])
def test_an_answer_in_brotli_is_read_and_kept_as_it_came(store: Store, is_packed: bool) -> None:
    content = page("cmain").encode()
    body = brotli.compress(content) if is_packed else content
    block = answer("text/html", body, coding="br")
    bomb = answer("text/html", brotli.compress(bytes(65 << 20), quality=1), coding="br")
    torn = answer("text/html", brotli.compress(content)[:-9], coding="br")
    other = answer("text/html", content, coding="zstd")
    records = [
        crawl_record("response", f"{SITE}/{number}.html", each)
        for number, each in enumerate((block, bomb, torn, other))
    ]
    report = add(store, "a.warc", b"".join(records))
    assert (report.added, len(store.captures(f"{SITE}/0.html"))) == (1, 1)
    assert [problem.reason for problem in report.failed] == [
        f"is larger than {64 << 20} bytes",
        "is damaged (Brotli data that are cut short)",
        "is encoded as zstd, which is not read",
    ]
    (identifier,) = identifiers(store).values()
    assert store.read_original(identifier) == content
    assert reparse(store, force=True).changed == 0
    assert store.verify().problems == ()
    assert add(store, "a.warc", b"".join(records)).unchanged == 1


STORY = "Мост через реку открыт после ремонта, и жители обоих берегов могут ходить по нему."
PLAIN_STORY = (
    "Cầu Đông được sửa xong, người dân hai bên sông đi lại thuận tiện hơn trước rất nhiều."
)


def story_page(story: str, declared: str = "") -> str:
    meta = f"<meta charset='{declared}'>" if declared else ""
    body = f"<h1>{story[:30]}</h1>" + f"<p>{story}</p>" * 9
    return f"<html><head>{meta}<title>{story[:30]}</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("served", "data", "story"),
    [
        ("koi8-r", story_page(STORY).encode("koi8-r"), STORY),
        ('"KOI8-R"', story_page(STORY, "windows-1251").encode("koi8-r"), STORY),
        ("koi8-r", story_page(PLAIN_STORY).encode(), PLAIN_STORY),
        ("utf-8", story_page(STORY, "windows-1251").encode("windows-1251"), STORY),
        ("x-unknown", story_page(STORY, "koi8-r").encode("koi8-r"), STORY),
        ("iso-8859-1", encode_legacy(story_page(PLAIN_STORY), Charset.TCVN3), PLAIN_STORY),
        ("iso-8859-1", encode_legacy(story_page(PLAIN_STORY), Charset.VISCII), PLAIN_STORY),
    ],
)
def test_the_encoding_that_a_server_said_comes_before_that_of_the_page(
    store: Store, served: str, data: bytes, story: str
) -> None:
    kind = f"text/html; charset={served}"
    add(store, "a.warc", crawl_record("response", f"{SITE}/a.html", answer(kind, data)))
    (article,) = [each for each, _ in store.articles()]
    assert story in (article.lead, *article.sections[0].paragraphs)
    assert reparse(store, force=True).changed == 0
    assert store.get(article.identifier) == article


def test_captures_of_odd_answers_are_kept_or_named(store: Store) -> None:
    odd = (
        crawl_record("response", f"{SITE}/1", b"HTTP/1.1 9999 x\r\nContent-Type: a/b\r\n\r\nx"),
        crawl_record("response", f"{SITE}/2", answer("text/html", b"\x1f\x8bno", coding="gzip")),
        crawl_record("response", f"{SITE}/3", answer("text/html", b"br", coding="br")),
        crawl_record("response", "dns:bao.example", b"bao.example 1"),
    )
    add(store, "a.warc", b"".join(odd))
    statuses = [len(store.captures(f"{SITE}/{number}")) for number in (1, 2, 3)]
    assert statuses == [1, 1, 1]
    assert store.verify().problems == ()


def test_our_own_records_go_in_again(store: Store, tmp_path: Path) -> None:
    add(store, "a.zip", zipped({"a.txt": "Bài một\nĐoạn.", "b.jsonl": '{"id": "1", "title": "B"}'}))
    add(store, "a.warc", b"".join(crawl(page("cmain").encode(), made_pdf([down("Cầu.")]))))
    (own,) = store.originals.files()
    with Store(tmp_path / "second") as second:
        ingest(second, [str(own)])
        assert {each.url for each, _ in second.articles()} >= {f"{SITE}/a.html", f"{SITE}/d.pdf"}
        assert second.count_articles() == store.count_articles()
        captured = {each.captured for each, _ in second.articles() if each.url}
        assert captured == {datetime(2023, 2, 16, 1, 30, tzinfo=UTC)}
        assert second.verify().problems == ()


def test_a_line_of_json_has_an_address_of_its_own(store: Store) -> None:
    line = b'{"title": "B\xc3\xa0i", "body": "M\xe1\xbb\x99t.", "url": "https://bao.vn/1"}'
    add(store, "a.jsonl", line + b"\n")
    (head,) = heads(store)
    assert head["WARC-Target-URI"] == original_uri(sha256(line))
    assert head["WARC-Refers-To-Target-URI"] == "https://bao.vn/1"
    assert head["Content-Type"] == "application/json"
