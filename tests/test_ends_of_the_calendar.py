"""An article dated at an end of the calendar, by a crawl or by hand, stops nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.factories import ArchiveFactory, article, client_of
from web.cli.main import main

ENDS = [
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T00:00:00+00:00",
    "9999-12-31T23:59:59+00:00",
    "9999-12-31T23:59:59-11:00",
]

ADDRESSES = [
    "/?q=công",
    "/?q=công&since=0001-01-01&until=9999-12-31",
    "/?q=công&since=9999&until=0001",
    "/calendar",
    "/export.jsonl?q=công",
    "/list",
    "/list.csv?id={0}",
    "/list.ris?id={0}",
    "/feed.atom",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/sitemap.xml",
    "/article/{0}",
    "/article/{0}/changes",
    "/article/{0}/cite.ris",
    "/article/{0}/cite.json",
    "/api/v1/articles/{0}",
    "/api/v1/search?q=công",
]


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "America/Los_Angeles"])
@pytest.mark.parametrize("end", ENDS)
def test_pages_and_exports_show_it(archive_of: ArchiveFactory, end: str, zone: str) -> None:
    moment = datetime.fromisoformat(end)
    dated = article("Công an", "phường", published=moment, captured=moment)
    archive = archive_of(dated)
    (archive.store.home / "settings.toml").write_text(f'[site]\nzone = "{zone}"\n')
    client = client_of(archive, rate="")
    statuses = {name: client.get(name.format(dated.identifier)) for name in ADDRESSES}
    assert {name for name, answer in statuses.items() if answer.status_code >= 500} == set()
    assert statuses["/article/{0}"].status_code == 200


def test_the_operator_may_name_the_first_day(archive_of: ArchiveFactory) -> None:
    shown = article("Công an", "phường")
    home: Path = archive_of(shown).store.home
    hiding = ["hide", shown.identifier, "--until", "0001-01-01", "--reason", "thử", "--by", "lan"]
    for words, status in ((["rebuild", "--since", "0001-01-01"], 0), (hiding, 2)):
        run = CliRunner().invoke(main, ["--home", str(home), *words])
        assert run.exit_code == status, run.output
