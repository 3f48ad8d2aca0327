"""Provenance: every original of an article on its page, in JSON, and on the command line."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.catalogue.origins import ArticleOrigin
from archive.records import Origin, WarcLocation, sha256
from archive.store import Store
from indexer.open_archive import OpenArchive
from tests.factories import ArchiveFactory, article, client_of
from web.citations.provenance import origin_name
from web.cli.main import main

TEXT = article("Cầu mới", "Xã vừa sửa cầu qua suối.", url="https://bao.vn/cau")


@pytest.fixture
def archive(archive_of: ArchiveFactory) -> OpenArchive:
    """An archive of one article with two originals."""
    archive = archive_of(TEXT)
    copy = replace(TEXT, origin=Origin("/nhà riêng/thư.zip!công văn/cầu <b>.html", "html", 4))
    archive.store.add(b"copy", copy)
    return archive


def run(home: Path, *words: str) -> str:
    done = CliRunner().invoke(main, ["--home", str(home), *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_page_lists_the_originals_and_sends_each(archive: OpenArchive) -> None:
    client = client_of(archive)
    page = client.get(f"/article/{TEXT.identifier}").get_data(as_text=True)
    assert "thư.zip!công văn/cầu &lt;b&gt;.html" in page
    assert "nhà riêng" not in page
    address = f"/article/{TEXT.identifier}/original?sha256={sha256(b'copy')}"
    assert address in page
    assert client.get(address).data == b"copy"
    assert client.get(address[:-1] + "0").status_code == 404
    assert re.search(r"sha256=[0-9a-f]{64}", page)


def test_the_json_interface_names_the_originals(archive: OpenArchive) -> None:
    answer = client_of(archive).get(f"/api/v1/articles/{TEXT.identifier}/versions").get_json()
    (version,) = answer["versions"]
    own, copy = version["origins"]
    assert own["sha256"] == version["sha256"]
    assert (copy["original"], copy["reader"]) == ("thư.zip!công văn/cầu <b>.html", "html")


def test_the_command_line_names_the_originals(archive: OpenArchive) -> None:
    home = archive.store.home
    record = json.loads(run(home, "show", "--json", TEXT.identifier))
    assert [origin["sha256"] for origin in record["origins"]][1] == sha256(b"copy")
    assert record["origins"][0]["warc"]["file"] == "tangthu-00001.warc.gz"
    assert "/nhà riêng/thư.zip!công văn" in run(home, "show", TEXT.identifier)
    status = json.loads(run(home, "status", "--json"))
    assert (status["articles"], status["origins"]) == (1, 2)


def test_an_older_version_has_the_original_that_it_was_read_from(tmp_path: Path) -> None:
    with Store(tmp_path / "home") as store:
        store.add(b"1", TEXT)
        store.add(b"2", replace(TEXT, lead="Sửa"))
    old = json.loads(run(tmp_path / "home", "show", "--json", "--version", "1", TEXT.identifier))
    assert [origin["sha256"] for origin in old["origins"]] == [sha256(b"1")]


def test_a_name_has_no_folders_of_the_operator() -> None:
    def name(source: str) -> str:
        place = WarcLocation("", 0, 0)
        return origin_name(ArticleOrigin(1, "", "", Origin(source, "", 0), "", "", place))

    assert name("/a/b/thu.mbox!1!x.zip!c/d.docx") == "thu.mbox!1!x.zip!c/d.docx"
    assert name("C:\\a\\b.docx") == "b.docx"
