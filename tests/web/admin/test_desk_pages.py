"""An operator sees the state of the archive, and does to articles what the commands do."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from werkzeug.test import TestResponse

from archive.document_account import DocumentAccount
from archive.upkeep import running_jobs
from archive.upkeep.running_jobs import RunningJob
from archive.upkeep.verification_record import record_verification
from indexer.open_archive import OpenArchive
from tests.browsing import serve_app
from tests.factories import ArchiveFactory, article, client_of, day, user_of
from web.access.user_file import Role, write_users

PASSWORD = "một mật khẩu dài"
ONE = article(
    "Bò sữa", "Một đàn.", url="https://bao.vn/1", publisher="A", published=day(2022, 3, 5)
)
ARTICLES = [
    ONE,
    article("Trâu", publisher="A", published=day(2022, 5, 1), account=DocumentAccount(replaced=3)),
    article("Lợn", publisher="B"),
]
ROLES = {"lan": Role.OPERATOR, "minh": Role.READER}
USERS = {name: user_of(name, role, PASSWORD) for name, role in ROLES.items()}
PAGES = ("/admin", "/admin/coverage", "/admin/problems", "/admin/changes", "/admin/article")


@pytest.fixture
def archive(archive_of: ArchiveFactory) -> OpenArchive:
    opened = archive_of(*ARTICLES)
    write_users(opened.store.home, USERS)
    return opened


@pytest.fixture
def client(archive: OpenArchive) -> FlaskClient:
    return log_in(client_of(archive, rate=""), "lan")


def token_of(page: str) -> str:
    return str(re.findall('name="csrf_token" value="([^"]+)"', page)[0])


def log_in(client: FlaskClient, name: str) -> FlaskClient:
    token = token_of(client.get("/login").text)
    form = {"name": name, "password": PASSWORD, "csrf_token": token}
    assert client.post("/login", data=form).status_code == 303
    return client


def operate(client: FlaskClient, operation: str, **form: str) -> TestResponse:
    page = client.get("/admin/article", query_string={"name": ONE.identifier}).text
    data = {"csrf_token": token_of(page), "reason": "tòa án"} | form
    return client.post(f"/admin/article/{ONE.identifier}/{operation}", data=data)


@pytest.mark.parametrize("path", PAGES)
def test_only_an_operator_is_let_in(archive: OpenArchive, path: str) -> None:
    client = client_of(archive, rate="")
    asked = client.get(path, headers={"Accept": "text/html"})
    assert (asked.status_code, asked.headers["Location"]) == (303, f"/login?next={path}")
    log_in(client, "minh")
    assert client.get(path).status_code == 403
    answer = log_in(client_of(archive, rate=""), "lan").get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "noindex" in answer.headers["X-Robots-Tag"]


@pytest.mark.parametrize("path", PAGES)
def test_without_an_operator_there_is_no_desk(archive_of: ArchiveFactory, path: str) -> None:
    assert client_of(archive_of(ONE)).get(path).status_code == 404


def test_the_overview_has_the_state_of_the_upkeep(
    archive: OpenArchive, client: FlaskClient
) -> None:
    page = client.get("/admin?lang=en").text
    assert "none recorded" in page
    assert "none that is still there" in page
    record_verification(
        archive.store.home, 3, True, [{"subject": "tangthu-00001.warc.gz", "reason": "<damaged>"}]
    )
    page = client.get("/admin?lang=en").text
    assert "1 problem" in page
    assert "tangthu-00001.warc.gz: &lt;damaged&gt;" in page


def test_the_coverage_names_gaps(client: FlaskClient) -> None:
    page = client.get("/admin/coverage?lang=en").text
    assert re.search(r'class="gap"><th [^>]*><div>A</div>.*?Apr 2022</div>', page, re.DOTALL)
    assert re.search(r'class="gap"><th scope="row"><a [^>]+>Apr 2022</a>', page)
    assert "1 article without a date." in page
    month = client.get("/admin/coverage?month=2022-03").text
    assert month.count('class="gap"') == 30
    assert client.get("/admin/coverage?month=2022-13").status_code == 404


def test_what_was_not_read_is_listed(client: FlaskClient) -> None:
    page = client.get("/admin/problems").text
    assert ARTICLES[1].identifier in page
    assert ONE.identifier not in page


def test_an_article_is_removed_with_its_reason_and_the_operators_name(
    archive: OpenArchive, client: FlaskClient
) -> None:
    assert operate(client, "remove").status_code == 303
    gone = client.get(f"/article/{ONE.identifier}")
    assert gone.status_code == 410
    assert "tòa án" in gone.text
    assert client.get("/api/v1/search?q=bo+sua").get_json()["total"] == 0
    entry = list(archive.store.history(0, ONE.identifier))[-1]
    assert (entry.kind, entry.actor, entry.reason) == ("removed", "lan", "tòa án")
    assert "tòa án" in client.get("/admin/changes").text
    assert "tòa án" in client.get("/admin").text


def test_a_passage_is_removed(archive: OpenArchive, client: FlaskClient) -> None:
    assert operate(client, "remove", passages="s1.1").status_code == 303
    assert archive.store.get(ONE.identifier).sections[0].paragraphs == ("[…]",)
    assert "Một đàn." not in client.get(f"/article/{ONE.identifier}").text


def test_an_article_is_hidden_and_shown_again(client: FlaskClient) -> None:
    assert operate(client, "hide", until="2999-01-01").status_code == 303
    assert client.get(f"/article/{ONE.identifier}").status_code == 410
    assert operate(client, "show-again").status_code == 303
    assert client.get(f"/article/{ONE.identifier}").status_code == 200


def test_metadata_are_corrected_as_a_version(archive: OpenArchive, client: FlaskClient) -> None:
    form = {"title": "Bò", "was-title": "Bò sữa", "authors": "B; Lê C", "was-authors": ""}
    assert operate(client, "edit", **form).status_code == 303
    corrected = archive.store.get(ONE.identifier)
    assert (corrected.title, corrected.authors) == ("Bò", ("B", "Lê C"))
    assert len(archive.store.versions(ONE.identifier)) == 2
    assert archive.store.get(ONE.identifier, 1).title == "Bò sữa"


@pytest.mark.parametrize(
    ("operation", "form"),
    [
        ("remove", {"reason": " "}),
        ("remove", {"reason": "x" * 2001}),
        ("remove", {"version": "9"}),
        ("remove", {"version": "x"}),
        ("remove", {"passages": "s1.1 s9"}),
        ("remove", {"destroy": "1", "confirm": "x"}),
        ("remove", {"csrf_token": ""}),
        ("hide", {"until": "morgen"}),
        ("hide", {"until": "0001-01-01"}),
        ("hide", {"until": "2020-01-01"}),
        ("show-again", {}),
        ("edit", {}),
        ("edit", {"published": "gestern", "was-published": ""}),
        ("burn", {}),
    ],
)
def test_a_wrong_form_changes_nothing(
    archive: OpenArchive, client: FlaskClient, operation: str, form: dict[str, str]
) -> None:
    before = archive.store.last_sequence()
    assert operate(client, operation, **form).status_code == 400
    assert archive.store.last_sequence() == before
    assert client.get(f"/article/{ONE.identifier}").status_code == 200


@pytest.mark.parametrize(
    ("operation", "form", "kept"),
    [
        ("remove", {"version": "1", "passages": "s9", "reason": "<b>án"}, ["s9", "&lt;b&gt;án"]),
        ("hide", {"until": "2020-01-01", "reason": "<b>án"}, ["2020-01-01", "&lt;b&gt;án"]),
        (
            "edit",
            {"published": "gestern", "was-published": "", "title": "Bò tót", "reason": "<b>án"},
            ["gestern", "Bò tót", 'name="was-title" value="Bò sữa"', "&lt;b&gt;án"],
        ),
    ],
)
def test_a_refused_form_is_open_as_it_was_filled_in(
    client: FlaskClient, operation: str, form: dict[str, str], kept: list[str]
) -> None:
    page = operate(client, operation, **form).text
    (opened,) = re.findall("<details open>(.*?)</details>", page, re.DOTALL)
    assert f"/{operation}" in opened
    assert [text for text in kept if text not in opened] == []
    assert page.count("&lt;b&gt;án") == 1


@pytest.mark.parametrize(
    ("language", "refusal", "problem", "remark"),
    [
        ("vi", "không có phiên bản 9", "khớp", "hãy xóa khi không cần"),
        ("en", "has no version 9", "all agree", "delete it when it is not needed"),
    ],
)
def test_remarks_and_errors_are_in_the_language_of_the_page(
    archive: OpenArchive,
    client: FlaskClient,
    language: str,
    refusal: str,
    problem: str,
    remark: str,
) -> None:
    store = archive.store
    record_verification(store.home, 3, True, [{"subject": "x", "reason": "all agree"}])
    assert problem in client.get(f"/admin?lang={language}").text
    (store.home / "catalogue.sqlite.v4.bak").touch()
    token = token_of(client.get(f"/admin/article?name={ONE.identifier}").text)
    form = {"csrf_token": token, "reason": "tòa án"}
    path = f"/admin/article/{ONE.identifier}/remove?lang={language}"
    assert refusal in client.post(path, data=form | {"version": "9"}).text
    assert remark in client.post(path, data=form, follow_redirects=True).text


def test_an_article_is_found_by_its_address_and_nothing_is_told_kindly(
    client: FlaskClient,
) -> None:
    page = client.get("/admin/article", query_string={"name": "https://www.bao.vn/1"}).text
    assert f"/article/{ONE.identifier}" in page
    assert operate(client, "hide").status_code == 303
    page = client.get("/admin/article", query_string={"name": "https://www.bao.vn/1"}).text
    assert f"/admin/article/{ONE.identifier}/show-again" in page
    assert client.get("/admin/article?name=nothing").status_code == 200


def test_slow_requests_are_those_of_readers(
    archive: OpenArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.admin.slow_requests.LEAST_SECONDS", 0.0)
    client = log_in(client_of(archive, rate=""), "lan")
    client.get("/?q=<b>bò")
    page = client.get("/admin").text
    assert "/?q=%3Cb%3Eb%C3%B2" in page or "/?q=&lt;b&gt;bò" in page
    assert "<code>/login" not in page


def test_long_logs_come_in_pages(archive_of: ArchiveFactory) -> None:
    archive = archive_of(*(article(f"Bài {number}") for number in range(250)))
    write_users(archive.store.home, USERS)
    client = log_in(client_of(archive, rate=""), "lan")
    page = client.get("/admin/changes").text
    assert page.count("<tr ") == 201
    (earlier,) = re.findall(r"before=(\d+)", page)
    assert client.get(f"/admin/changes?before={earlier}").text.count("<tr ") == 51


@pytest.fixture
def reader_page(browser: Browser) -> Iterator[Page]:
    """A phone without script."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def test_an_operator_walks_from_the_login_to_a_removal(
    archive: OpenArchive, reader_page: Page
) -> None:
    page = reader_page
    with serve_app(client_of(archive, rate="").application) as port:
        page.goto(f"http://127.0.0.1:{port}/admin/changes?lang=en")
        page.get_by_label("Name").fill("lan")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Changes")
        page.get_by_role("link", name=ONE.identifier).click()
        page.get_by_text("Remove it").click()
        page.get_by_role("textbox", name="Reason").last.fill("by order")
        page.get_by_role("button", name="Remove").click()
        expect(page.get_by_role("status")).to_contain_text("Done.")
        expect(page.get_by_role("row", name=re.compile("removed.*lan.*by order"))).to_be_visible()
        page.get_by_role("link", name="Log out").first.click()
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


_UNREADABLE_TABLES = """[...document.querySelectorAll('.scroll-table')].filter(one =>
one.querySelector('table').getBoundingClientRect().right > innerWidth ||
[...one.querySelectorAll('.rows tbody tr')].some(row =>
[...row.cells].some((cell, column) => cell.dataset.label !==
row.closest('table').tHead.rows[0].cells[column].innerText))).map(one => one.innerText)"""
"""Tables that are wider than their place, or whose cells are not named as their columns are."""


def test_the_desk_has_no_barriers(archive: OpenArchive, browser: Browser) -> None:
    axe = Axe()
    with serve_app(client_of(archive, rate="").application) as port:
        page = browser.new_page(viewport={"width": 360, "height": 740})
        base = f"http://127.0.0.1:{port}"
        page.goto(f"{base}/login")
        assert axe.run(page).response["violations"] == []
        page.get_by_role("textbox").first.fill("lan")
        page.locator("#password").fill(PASSWORD)
        page.locator("main button").click()
        for path in (*PAGES, f"/admin/article?name={ONE.identifier}", "/logout"):
            page.goto(base + path)
            assert page.evaluate(_UNREADABLE_TABLES) == []
            assert page.get_by_role("row").count() == page.locator("tr").count()
            for summary in page.locator("main summary").all():
                summary.click()
            barriers = axe.run(page).response["violations"]
            assert [(path, each["id"], each["nodes"][0]["html"]) for each in barriers] == []
        page.close()


@pytest.mark.parametrize(("language", "amounts"), [("en", "3 of 10"), ("vi", "3 trên 10")])
def test_jobs_under_way_are_shown_with_their_progress(
    archive: OpenArchive,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    amounts: str,
) -> None:
    monkeypatch.setattr(running_jobs, "_SECONDS_BETWEEN", 0.0)
    home = archive.store.home
    with RunningJob(home, "verify") as verify, RunningJob(home, "backup", True) as copy:
        verify(3, 10)
        copy(5_000_000, 0)
        text = client.get("/admin", query_string={"lang": language}).text
    assert f"<code>verify</code>: {amounts}" in text
    assert 'value="3" aria-label="verify">30' in text
    assert f"<code>backup</code>: 5{'.' if language == 'en' else ','}0 MB" in text
    assert "<code>" not in client.get("/admin").text.partition("Jobs")[2].partition("<h2>")[0]
