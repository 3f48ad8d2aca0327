"""The pages: safe, kind to bad input, usable without script, readable when empty."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from archive.records import Section
from archive.store import Store
from indexer.engine.records import EngineQuery, EngineResult
from indexer.indexing.index_builder import IndexBuilder
from indexer.whoosh_engine.engine import WhooshEngine
from tests.factories import ArchiveFactory, article, client_of, day, keep
from web.http.page_script import page_scripts

EVIL = article(
    "<script>alert(1)</script> công an",
    "<img src=x onerror=alert(2)> công an & nhân dân",
    lead='"><b>công an</b>',
    url="https://bao.vn/a?x=1&y=<z>",
    publisher="<i>Báo</i>",
    published=day(2022, 12, 19),
    sections=(Section(("<svg onload=alert(3)> công an",), "<u>đầu đề</u>"), Section(("hai",), "b")),
)


@pytest.fixture(scope="module")
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    others = (article(f"Công an số {number}") for number in range(24))
    return client_of(shared_archive_of(EVIL, *others))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(page)
    return parser.tags


@pytest.mark.parametrize("path", ["/?q=công+an&n=100", f"/article/{EVIL.identifier}?q=công+an"])
def test_what_documents_say_is_escaped(client: FlaskClient, path: str) -> None:
    page = re.sub(r'<svg aria-hidden="true".*?</svg>', "", client.get(path).text)  # our icons
    names = [name for name, _ in tags(page)]
    assert not {"img", "svg", "b", "i", "u"} & set(names)
    scripts = [values for name, values in tags(page) if name == "script"]
    # What is JSON-LD is data, and no browser runs it.
    run = [values for values in scripts if values.get("type") != "application/ld+json"]
    assert run
    assert not any(run)
    texts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert set(texts) <= set(page_scripts().values())
    attributes = [name for _, values in tags(page) for name in values]
    assert not [name for name in attributes if name.startswith("on") or name == "style"]
    assert "mark" in names


@pytest.mark.parametrize("path", ["/", "/?q=an", "/nothing", "/api/v1/search?q=an", "/healthz"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert "'unsafe-inline'" not in headers["Content-Security-Policy"]
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "query",
    [
        "q=an&page=abc",
        "q=an&page=-1",
        "q=an&page=0",
        f"q=an&page={10**30}",
        "q=an&page=٣",
        "q=an&sort=nonsense",
        "q=an&n=100000000",
        "q=%00%01%02",
        "q=%ff%fe",
        "q=" + "x" * 100_000,
        "q=" + "(" * 1000,
        "q=%22",
        "q=" + "*" * 50,
        "q=a*+OR+(",
        "exact=1&raw=1",
    ],
)
def test_bad_input_is_answered_kindly(client: FlaskClient, query: str) -> None:
    assert client.get(f"/?{query}").status_code == 200
    # Programs are told which parameter it is; no text of a query is an error for them either.
    answer = client.get(f"/api/v1/search?{query}")
    is_named = any(name in query for name in ("page=", "sort=", "n="))
    assert answer.status_code == (400 if is_named else 200)


CONTROLS = [
    "\x00",
    "\x01",
    "\x0b",
    "\x1b",
    "\x7f",
    "\u202e",
    "\u2067",
    "\ufdd0",
    "\ufffe",
    "\uffff",
]


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("path", ["/", "/feed.atom", "/opensearch.xml", "/help", "/trends"])
def test_no_control_of_a_query_reaches_a_page(client: FlaskClient, path: str, control: str) -> None:
    answer = client.get(path, query_string={"q": f"công {control}an{control}"})
    assert answer.status_code < 500
    assert control not in answer.text


def test_pages_follow_one_another(client: FlaskClient) -> None:
    first, second = client.get("/?q=công+an"), client.get("/?q=công+an&page=2")
    assert "trang 1 / 3" in first.text
    assert 'rel="next"' in first.text
    assert "trang 2 / 3" in second.text
    names = [values["href"] for name, values in tags(first.text) if name == "a"]
    again = [values["href"] for name, values in tags(second.text) if name == "a"]
    shared = {name for name in names if name and name.startswith("/article/")} & set(again)
    assert shared == set()


@pytest.mark.parametrize("path", ["/nothing", "/article/none", "/article/../x"])
def test_what_is_not_there_is_a_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Không có trang này" in answer.text


def test_an_empty_archive_says_what_to_do(archive_of: ArchiveFactory) -> None:
    client = client_of(archive_of())
    page = client.get("/?lang=vi").text
    # Commands are the operator's: a reader has to open them.
    assert "tangthu add" in page[page.index("<details>") : page.index("</details>")]
    assert page.count("tangthu add") == 1
    page = client.get("/?q=an&lang=vi").text
    assert "Tàng thư chưa có bài nào." in page
    assert "Hãy thử" not in page
    assert client.get("/healthz").get_json()["generation"] == ""


def test_a_new_generation_is_served_without_a_restart(archive_of: ArchiveFactory) -> None:
    archive = archive_of()
    client = client_of(archive)
    keep(archive.store, article("Một"))
    IndexBuilder(archive.store).update()
    assert client.get("/api/v1/search?q=mot").get_json()["total"] == 1
    keep(archive.store, article("Một nữa"))
    IndexBuilder(archive.store).rebuild()
    assert client.get("/api/v1/search?q=mot").get_json()["total"] == 2


def test_one_page_costs_one_engine_call_and_one_read_of_articles(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    original = Store.get_many

    def counted(self: Store, identifiers: list[str]) -> object:
        calls.append("get_many")
        return original(self, identifiers)

    monkeypatch.setattr(Store, "get_many", counted)
    client.get("/?q=công+an&n=9")
    client.get("/?q=công+an&n=9")
    assert calls == ["get_many"]


def test_the_suggestions_are_json(client: FlaskClient) -> None:
    answer = client.get("/api/v1/suggest?q=công&n=1").json
    assert answer["query"] == "công"
    assert answer["suggestions"] == [{"text": "công an số", "documents": 24}]
    assert client.get("/api/v1/suggest").json["suggestions"] == []


def test_the_list_of_suggestions_is_there_without_a_script(client: FlaskClient) -> None:
    lists = [values for name, values in tags(client.get("/").text) if name == "ul" and values]
    assert ("hidden", None) in lists[0].items()
    assert lists[0]["role"] == "listbox"
    assert lists[0]["data-address"] == "/api/v1/suggest"


def test_near_copies_are_counted_beside_the_totals(archive_of: ArchiveFactory) -> None:
    text = " ".join(f"chuyện số {number} của bản tin" for number in range(20))
    archive = archive_of(*(article(f"Bản tin {name}", text) for name in "ABC"))
    page = client_of(archive).get("/?q=ban+tin").text
    assert "gộp 2 bài gần giống" in page
    assert "2 bài gần giống</summary>" in page


def test_behind_the_last_page_nothing_is_left_to_narrow(archive_of: ArchiveFactory) -> None:
    kept = [article(f"Công an {number}", category=f"Mục {number}") for number in range(3)]
    client = client_of(archive_of(*kept))
    first, behind = (client.get(f"/?q=cong+an&page={page}").text for page in (1, 900))
    assert 'class="filters' in first
    assert "Không còn kết quả" in behind
    assert 'class="filters' not in behind
    assert "<aside" not in behind


def test_what_is_listed_beyond_the_total_is_counted_too(archive_of: ArchiveFactory) -> None:
    client = client_of(
        archive_of(
            article("Chợ nổi Cái Răng"),
            article("Mùa nước lên"),
            article("Nước mưa", "mua cho nhà, nội thành"),
        )
    )
    page = client.get("/?q=chợ+nổi+OR+mùa+nước&lang=vi").text
    assert page.count('<li id="r') == 3
    assert "<strong>2 bài</strong>" in page
    assert "1 bài khớp một phần" in page
    assert "khớp một phần" not in client.get("/?q=cái+răng&lang=vi").text


@pytest.fixture(scope="module")
def named(shared_archive_of: ArchiveFactory) -> FlaskClient:
    one = article("Công an xã", url="https://bao.vn/cong-an-xa-1.htm", external_id="tin_1")
    return client_of(shared_archive_of(one, article("Khác", external_id="tin_2")))


@pytest.mark.parametrize(
    "typed", ["http://www.bao.vn/cong-an-xa-1.htm?utm_source=x", "id:tin_1", "tin_1"]
)
def test_an_address_or_identifier_opens_its_article(named: FlaskClient, typed: str) -> None:
    answer = named.get("/", query_string={"q": typed, "lang": "en"})
    assert answer.status_code == 303
    opened = named.get(answer.headers["Location"])
    assert "Công an xã" in opened.text
    assert '<html lang="en">' in opened.text
    page = named.get("/api/v1/search", query_string={"q": typed}).get_json()
    assert [hit["external_id"] for hit in page["hits"]] == ["tin_1"]
    assert [note["kind"] for note in page["notes"]] == ["article"]


def test_an_address_that_is_not_there_is_searched_for(named: FlaskClient) -> None:
    answer = named.get("/?q=https://bao.vn/khac/cong-an-xa.htm")
    assert answer.status_code == 200
    assert "Không có bài nào với địa chỉ" in answer.text
    assert "Công an xã" in answer.text
    assert named.get("/?q=https://bao.vn/cong-an-xa-1.htm&raw=1").status_code == 200


@pytest.fixture
def partial_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every search be answered as by an engine with a shard away, which stops counting."""
    search = WhooshEngine.search

    def answer_partially(engine: WhooshEngine, request: EngineQuery) -> EngineResult:
        result = search(engine, request)
        return replace(result, total_is_exact=False, complete=False, missing_shards=1)

    monkeypatch.setattr(WhooshEngine, "search", answer_partially)


@pytest.mark.usefixtures("partial_engine")
def test_a_part_that_is_away_is_said(archive_of: ArchiveFactory) -> None:
    client = client_of(archive_of(article("Công an xã"), article("Công an tỉnh")))
    found, nothing = (client.get("/", query_string={"q": q}) for q in ("công an", "khủnglong"))
    assert "tạm vắng" in found.text
    assert "hơn 2 bài" in found.text
    assert "ETag" not in found.headers
    assert "tạm vắng" in nothing.text
    assert "Không thấy gì trong phần kho tìm được." in nothing.text
    page = client.get("/api/v1/search", query_string={"q": "công an"}).json
    assert page is not None
    assert (page["complete"], page["total_is_exact"], page["total"]) == (False, False, 2)
    assert "missing" in {note["kind"] for note in page["notes"]}
    export = client.get("/export.csv", query_string={"q": "công an"})
    assert export.status_code >= 500 or "Công an" not in export.text


def test_a_whole_archive_answers_completely(archive_of: ArchiveFactory) -> None:
    page = client_of(archive_of(article("Công an xã"))).get("/api/v1/search?q=cong+an").json
    assert page is not None
    assert (page["complete"], page["total_is_exact"]) == (True, True)


def test_articles_without_a_date_are_not_called_the_newest(archive_of: ArchiveFactory) -> None:
    undated = article("Tin không ngày", "công an")
    page = client_of(archive_of(undated)).get("/").text
    assert "Bài mới nhất" not in page
    assert "tangthu update" not in page
    dated = article("Tin có ngày", "công an", published=day(2022, 12, 5))
    page = client_of(archive_of(undated, dated)).get("/").text
    newest = page.partition('<ul class="headlines"')[2].partition("</ul>")[0]
    assert re.findall(r">(Tin [^<]*)</a>", newest) == ["Tin có ngày"]


def test_who_finds_articles_without_dates_is_asked_for_none(archive_of: ArchiveFactory) -> None:
    undated = article("Tin một", "công an", category="Xã hội")
    dated = article("Tin hai", "bò sữa", category="Xã hội", published=day(2022, 12, 5))
    client = client_of(archive_of(undated, dated))
    form = 'class="dates"'
    assert form not in client.get("/?q=công an").text
    assert form in client.get("/?q=bò sữa").text
    assert form in client.get("/?q=công an&from=2022").text  # nothing is found; it can be changed
    assert form in client.get("/?q=không có gì&category=Khác").text


def test_a_remark_does_not_link_to_a_word_alone(archive_of: ArchiveFactory) -> None:
    client = client_of(
        archive_of(
            article("Ủy ban nhân dân (UBND) xã một họp"),
            article("UBND xã hai họp"),
            article("Ủy ban nhân dân xã ba họp"),
        )
    )
    for query in ("UBND", "UBND xã"):
        page = client.get(f"/?q={query}&lang=vi").text
        note = page.partition('<div class="note">')[2].partition("</div>")[0]
        assert '<span lang="vi">UBND</span>' in note
        assert '<span lang="vi">ủy ban nhân dân</span>' in note.lower()
        # Who typed no diacritics is offered the query as typed, not the same once more.
        assert note.count("<a ") == 1
        assert "Tìm đúng như đã gõ" in note
    assert "đúng dấu" not in client.get("/?q=UBND&lang=vi").text
