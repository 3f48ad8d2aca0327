"""A harvester gets every record once, in Dublin Core, and learns what was deleted."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from lxml import etree
from sickle import Sickle
from sickle.oaiexceptions import IdDoesNotExist, NoRecordsMatch

from archive.catalogue.operations import OperatorNote
from indexer.open_archive import OpenArchive
from tests.browsing import serve_app
from tests.factories import ArchiveFactory, article, client_of, day, keep
from web.export import oai_pmh

SCHEMAS = Path(__file__).parents[2] / "data" / "oai_pmh"
"""The protocol's schema, in the copy that pyoai ships (it looks into no record), and for the
records one of our own with the fifteen elements of Dublin Core."""
OAI = "{http://www.openarchives.org/OAI/2.0/}"
OAI_DC = "{http://www.openarchives.org/OAI/2.0/oai_dc/}"
DC = "{http://purl.org/dc/elements/1.1/}"
ARTICLES = [
    article(
        f"Bài \x01 số {number} <&>",
        url=f"https://bao.vn/{number}?a=1&b=2",
        authors=("Lê An",),
        published=day(2022, 5, 1 + number),
        published_precision="day",
    )
    for number in range(7)
]


@pytest.fixture
def archive(archive_of: ArchiveFactory) -> OpenArchive:
    return archive_of(*ARTICLES)


@cache
def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(SCHEMAS / name))


def validated(data: bytes) -> ElementTree.Element:
    """Return a response that the protocol's schema allows, and its Dublin Core as well."""
    root = etree.fromstring(data)
    schema("OAI-PMH.xsd").assertValid(root)
    for record in root.iter(f"{OAI_DC}dc"):
        schema("oai_dc.xsd").assertValid(record)
    return ElementTree.fromstring(data)


def answer(client: FlaskClient, **arguments: str) -> ElementTree.Element:
    response = client.get("/oai", query_string=arguments)
    assert (response.status_code, response.mimetype) == (200, "text/xml")
    root = validated(response.data)
    assert [child.tag for child in root][:2] == [f"{OAI}responseDate", f"{OAI}request"]
    return root[2]


def harvest(client: FlaskClient, verb: str, **arguments: str) -> Iterator[ElementTree.Element]:
    """Follow a list to its end, as a harvester does."""
    part = answer(client, verb=verb, metadataPrefix="oai_dc", **arguments)
    while True:
        yield from part.iter(f"{OAI}header" if verb == "ListIdentifiers" else f"{OAI}record")
        token = part.findtext(f"{OAI}resumptionToken")
        if not token:
            return
        part = answer(client, verb=verb, resumptionToken=token)


@pytest.mark.parametrize("verb", ["ListIdentifiers", "ListRecords"])
@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_every_record_comes_once(
    archive: OpenArchive, monkeypatch: pytest.MonkeyPatch, verb: str, size: int
) -> None:
    monkeypatch.setattr(oai_pmh, "LIST_SIZE", size)
    records = list(harvest(client_of(archive), verb))
    names = [next(record.iter(f"{OAI}identifier")).text for record in records]
    assert sorted(map(str, names)) == sorted(
        f"oai:localhost:{each.identifier}" for each in ARTICLES
    )


def test_a_record_is_the_articles_dublin_core(archive: OpenArchive) -> None:
    client, first = client_of(archive), ARTICLES[0]
    name = f"oai:localhost:{first.identifier}"
    part = answer(client, verb="GetRecord", identifier=name, metadataPrefix="oai_dc")
    values = {element.tag: element.text for element in part.iter() if element.tag.startswith(DC)}
    assert values[f"{DC}title"] == "Bài số 0 <&>"
    assert values[f"{DC}creator"] == "Lê An"
    assert values[f"{DC}date"] == "2022-05-01"
    assert values[f"{DC}identifier"] == f"http://localhost/article/{first.identifier}"
    assert values[f"{DC}source"] == first.url
    assert values[f"{DC}publisher"] == "bao.vn"


def test_what_was_removed_is_a_deleted_record_and_what_is_edited_comes_again(
    archive: OpenArchive,
) -> None:
    client, note = client_of(archive), OperatorNote("x", "y", made="2030-01-02T00:00:00+00:00")
    with archive.store.operator_batch() as batch:
        batch.remove(ARTICLES[0].identifier, note)
        batch.edit(ARTICLES[1].identifier, {"title": "Sửa"}, note)
    late = list(harvest(client, "ListRecords", **{"from": "2030-01-01"}))
    assert len(late) == 2
    assert late[0][0].get("status") == "deleted"
    assert late[0].find(f"{OAI}metadata") is None
    assert late[1].find(f".//{DC}title").text == "Sửa"  # type: ignore[union-attr]
    early = list(harvest(client, "ListIdentifiers", until="2029-01-01T00:00:00Z"))
    assert len(early) == 5


def test_a_list_goes_on_where_it_was_while_the_archive_grows(
    archive: OpenArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oai_pmh, "LIST_SIZE", 3)
    client, names = client_of(archive), []
    for number, record in enumerate(harvest(client, "ListIdentifiers")):
        names.append(record.findtext(f"{OAI}identifier"))
        if number == 1:
            keep(archive.store, article("Bài mới"))
    assert len(names) == len(set(names)) == 8


def test_the_archive_identifies_itself(archive: OpenArchive) -> None:
    client = client_of(archive)
    part = answer(client, verb="Identify")
    tags = [child.tag.removeprefix(OAI) for child in part]
    assert tags == [
        *("repositoryName", "baseURL", "protocolVersion", "adminEmail", "earliestDatestamp"),
        *("deletedRecord", "granularity"),
    ]
    assert part.findtext(f"{OAI}baseURL") == "http://localhost/oai"
    formats = answer(client, verb="ListMetadataFormats")
    assert formats.findtext(f".//{OAI}metadataPrefix") == "oai_dc"


def test_an_administrators_address_is_one_by_the_protocols_schema(archive: OpenArchive) -> None:
    """Whatever the host is called, and where no address was set."""
    client = client_of(archive)
    for host in ("localhost", "127.0.0.1:8080", "[::1]:80", "bao.vn"):
        root = validated(client.get("/oai?verb=Identify", headers={"Host": host}).data)
        assert "@" in (root.findtext(f".//{OAI}adminEmail") or "")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Nothing", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&x=1", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=mai", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2022-01-01&until=2021-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=ti%E1%BA%BFng+%01%3C", "badArgument"),
        ("verb=ListRecords&metadataPrefix=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=a%20%C4%91", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2022-13-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=%D9%A2026-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=2026-01-01t00:00:00z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=2026-02-30T00:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=2026-W01-1", "badArgument"),
        ("verb=ListRecords&resumptionToken=", "badResumptionToken"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=%F0%9F%98%80%20%25", "badArgument"),
        ("verb=%3Cb%3E", "badVerb"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=a", "noSetHierarchy"),
        ("verb=ListSets", "noSetHierarchy"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=1990-01-01", "noRecordsMatch"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=0_2022-13-01_", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=0_0001-01-01_9999-12-31T-1", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=0_2022-01-01_2021-01-01", "badResumptionToken"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=0001-01-01", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=9999-12-31", "noRecordsMatch"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:x", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=a", "idDoesNotExist"),
    ],
)
def test_what_cannot_be_answered_has_the_protocols_code(
    archive: OpenArchive, query: str, code: str
) -> None:
    root = validated(client_of(archive).get(f"/oai?{query}").data)
    assert root[2].tag == f"{OAI}error"
    assert root[2].get("code") == code


def test_an_independent_harvester_gets_everything(
    archive: OpenArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oai_pmh, "LIST_SIZE", 3)
    gone = ARTICLES[2].identifier
    with archive.store.operator_batch() as batch:
        batch.remove(gone, OperatorNote("x", "y"))
    with serve_app(client_of(archive, rate="").application) as port:
        harvester = Sickle(f"http://127.0.0.1:{port}/oai")
        assert harvester.Identify().protocolVersion == "2.0"
        assert [each.metadataPrefix for each in harvester.ListMetadataFormats()] == ["oai_dc"]
        records = {
            record.header.identifier.rpartition(":")[2]: record
            for record in harvester.ListRecords(metadataPrefix="oai_dc")
        }
        assert set(records) == {each.identifier for each in ARTICLES}
        assert [name for name, record in records.items() if record.deleted] == [gone]
        metadata = records[ARTICLES[0].identifier].metadata
        assert (metadata["title"], metadata["creator"]) == (["Bài số 0 <&>"], ["Lê An"])
        with pytest.raises(NoRecordsMatch):
            harvester.ListRecords(**{"metadataPrefix": "oai_dc", "from": "2999-01-01"})
        with pytest.raises(IdDoesNotExist):
            harvester.GetRecord(identifier="oai:localhost:nothing", metadataPrefix="oai_dc")
