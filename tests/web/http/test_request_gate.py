"""Pages are made in turn; what is there already waits for nobody."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask

from indexer.engine.processor_time import (
    HURRIED_SHARE,
    SEARCH_SHARE,
    is_past,
    search_deadline,
)
from indexer.open_archive import OpenArchive
from indexer.search.search_records import ResultPage, SearchRequest
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article, client_of
from web.http.client_accounts import ClientAccounts, RunningClients
from web.http.request_gate import BusyError, RenderGate
from web.services import SETTINGS


class Slow(SearchService):
    """Searches that can be held up, and fail when they are to."""

    def __init__(self, archive: OpenArchive) -> None:
        super().__init__(archive.store, archive.live_index)
        self.now = self.most = self.searches = 0
        self.go_on = threading.Event()
        self.go_on.set()

    def search(self, question: SearchRequest) -> ResultPage:
        self.now += 1
        self.searches += 1
        self.most = max(self.most, self.now)
        time.sleep(0.01)
        assert self.go_on.wait(10)
        self.now -= 1
        if question.text == "sai":
            raise RuntimeError("on purpose")
        return super().search(question)


@pytest.fixture
def archive(archive_of: ArchiveFactory) -> OpenArchive:
    return archive_of(article("Công an", "x"))


@pytest.fixture
def searcher(archive: OpenArchive) -> Slow:
    return Slow(archive)


@pytest.fixture
def app(archive: OpenArchive, searcher: Slow) -> Flask:
    return client_of(replace(archive, search=searcher), rate="").application


def asked(app: Flask, path: str) -> int:
    return app.test_client().get(path).status_code


def asked_by(app: Flask, path: str, address: str) -> int:
    return app.test_client().get(path, environ_overrides={"REMOTE_ADDR": address}).status_code


def test_pages_are_made_one_after_the_other(app: Flask, searcher: Slow) -> None:
    paths = [f"{path}?q=cong+{n}" for n in range(6) for path in ("/", "/api/v1/search")]
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(lambda path: asked(app, path), paths)) == {200}
    assert searcher.most == 1


def test_what_is_there_already_waits_for_nobody(app: Flask, searcher: Slow) -> None:
    assert asked(app, "/?q=cong") == 200
    searcher.go_on.clear()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(asked, app, "/?q=an")
        while not searcher.now:
            time.sleep(0.01)
        assert asked(app, "/?q=cong") == 200
        assert asked(app, "/healthz") == 200
        assert not waiting.done()
        searcher.go_on.set()
        assert waiting.result(10) == 200


@pytest.fixture
def gate() -> RenderGate:
    """A gate before which three requests may wait, whose slot is taken."""
    gate = RenderGate(3, seconds_used, RunningClients(ClientAccounts()))
    gate.acquire("first", 0)
    return gate


def seconds_used(client: str) -> float:
    return {"heavy": 100.0, "light": 1.9, "lighter": 0.1}.get(client, 0.0)


def line_up(gate: RenderGate, clients: str, turns: list[str]) -> list[threading.Thread]:
    """Let requests of these clients wait, one after the other."""

    def wait(client: str, name: str) -> None:
        try:
            gate.acquire(client, 20, may_be_refused=True)
        except BusyError:
            turns.append(f"{name} refused")
            return
        turns.append(name)
        gate.release(client)

    threads = []
    earlier = gate._number - 1
    for number, client in enumerate(clients.split(), earlier):
        before = len(gate._waiting) + len(turns)
        threads.append(threading.Thread(target=wait, args=(client, f"{client}{number - earlier}")))
        threads[-1].start()
        while len(gate._waiting) + len(turns) == before:
            time.sleep(0.001)
        while gate._number < number + 2:
            time.sleep(0.001)
    return threads


@pytest.mark.parametrize(
    ("clients", "expected"),
    [
        ("a b c", "a0 b1 c2"),
        ("a a b", "a0 b2 a1"),
        ("a a a b", "a2 refused,a0 b3 a1"),
        ("a a a a", "a3 refused,a0 a1 a2"),
        ("heavy a b", "a1 b2 heavy0"),
        # Below two seconds plain turns are taken.
        ("light lighter a", "light0 lighter1 a2"),
    ],
)
def test_clients_take_turns_and_the_greediest_is_refused(
    gate: RenderGate, clients: str, expected: str
) -> None:
    turns: list[str] = []
    threads = line_up(gate, clients, turns)
    gate.release("first")
    for thread in threads:
        thread.join(20)
    refused, _, served = expected.rpartition(",")
    assert turns == [*filter(None, [refused]), *served.split()]


def test_only_other_clients_hurry_a_request(gate: RenderGate) -> None:
    assert not gate.others_wait("first")
    threads = line_up(gate, "first", [])
    assert not gate.others_wait("first")
    assert (gate.is_waiting("first"), gate.is_waiting("a")) == (True, False)
    threads += line_up(gate, "a", [])
    assert gate.others_wait("first")
    assert gate.is_waiting("a")
    gate.release("first")
    for thread in threads:
        thread.join(20)
    assert not gate.others_wait("first")


def test_of_one_client_one_request_runs_in_all_processes() -> None:
    accounts, process = ClientAccounts(), [1]
    gates = [
        RenderGate(9, seconds_used, RunningClients(accounts, lambda: process[0])) for _ in range(2)
    ]
    gates[1].acquire("b", 0)
    gates[1].release("b")
    gates[0].acquire("a", 0)
    process[0] = 2
    with pytest.raises(BusyError):
        gates[1].acquire("a", 0.01)
    # Another client does not wait for it, and the next request of the first comes after its end.
    gates[1].acquire("b", 0)
    turns: list[str] = []
    threads = line_up(gates[1], "a b", turns)
    gates[1].release("b")
    threads[1].join(20)
    assert turns == ["b1"]
    assert gates[1].is_waiting("a")
    gates[0].release("a")
    threads[0].join(20)
    assert turns == ["b1", "a0"]


def test_who_waits_is_told_by_client(gate: RenderGate) -> None:
    (thread,) = line_up(gate, "light", turns := [])
    assert [gate.is_waiting(client) for client in ("light", "first")] == [True, False]
    assert [gate.others_wait(client) for client in ("light", "first")] == [False, True]
    gate.release("first")
    thread.join(20)
    assert turns == ["light0"]


def test_nobody_waits_for_ever(gate: RenderGate) -> None:
    with pytest.raises(BusyError):
        gate.acquire("a", 0.01)
    gate.release("first")
    gate.acquire("a", 0)
    assert not gate.is_waiting("a")


def test_a_page_makes_haste_while_another_client_waits(
    app: Flask, searcher: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried: list[bool] = []

    def look(_: object, question: SearchRequest) -> ResultPage:
        time.sleep(0.005)
        searcher.now += 1
        assert searcher.go_on.wait(10)
        clock = time.thread_time() + HURRIED_SHARE * SEARCH_SHARE + 0.01
        with pytest.MonkeyPatch.context() as patch:
            deadline = search_deadline(question.budget)
            assert deadline
            deadline = replace(deadline, earliest=0.0)
            patch.setattr(time, "thread_time", lambda: clock)
            hurried.append(is_past(deadline))
        return SearchService.search(searcher, question)

    monkeypatch.setattr(Slow, "search", look)
    searcher.go_on.clear()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(asked, app, "/?q=an")
        while not searcher.now:
            time.sleep(0.01)
        second = pool.submit(asked_by, app, "/?q=cong", "10.0.0.9")
        while not app.extensions["tangthu.render_gate"]._waiting:
            time.sleep(0.01)
        searcher.go_on.set()
        assert [first.result(10), second.result(10)] == [200, 200]
    assert hurried == [True, False]


def test_who_waits_too_long_is_told_when_to_come_back(app: Flask, searcher: Slow) -> None:
    settings = app.extensions[SETTINGS]
    app.extensions[SETTINGS] = replace(settings, longest_wait=0.01)
    searcher.go_on.clear()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(asked, app, "/?q=an")
        while not searcher.now:
            time.sleep(0.01)
        busy = app.test_client().get("/?q=cong")
        assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")
        assert asked(app, "/healthz") == 200
        searcher.go_on.set()
        assert waiting.result(10) == 200


@pytest.mark.parametrize("path", ["/?q=cong", "/api/v1/search?q=cong"])
def test_equal_answers_are_made_once(app: Flask, searcher: Slow, path: str) -> None:
    searcher.go_on.clear()
    with ThreadPoolExecutor(5) as pool:
        answers = [pool.submit(asked, app, path) for _ in range(5)]
        while len(app.extensions["tangthu.render_gate"]._waiting) < 4:
            time.sleep(0.01)
        searcher.go_on.set()
        assert {answer.result(10) for answer in answers} == {200}
    assert searcher.searches == 1


def test_processor_time_has_a_limit(archive: OpenArchive) -> None:
    client = client_of(archive, seconds_per_minute=0.0001)
    assert client.get("/?q=cong").status_code == 200
    refused = client.get("/?q=an")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert client.get("/healthz").status_code == 200
    # What is there already costs nothing.
    assert client.get("/?q=cong").status_code == 200
    other = client.get("/?q=an", environ_overrides={"REMOTE_ADDR": "10.0.0.9"})
    assert other.status_code == 200


def test_addresses_of_one_network_are_one_client(archive: OpenArchive) -> None:
    client = client_of(archive, rate="2 per minute")
    addresses = ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"]
    answers = [
        client.get("/", environ_overrides={"REMOTE_ADDR": address}).status_code
        for address in addresses
    ]
    assert answers == [200, 200, 429, 200]


def test_one_client_has_half_of_the_exports(archive: OpenArchive) -> None:
    client = client_of(archive, exports_at_once=4)
    under_way = [client.get("/export.jsonl?q=cong") for _ in range(2)]
    assert client.get("/export.jsonl?q=cong").status_code == 503
    other = client.get("/export.jsonl?q=cong", environ_overrides={"REMOTE_ADDR": "10.0.0.9"})
    assert other.status_code == 200
    for answer in (*under_way, other):
        answer.close()


def test_a_page_that_fails_gives_its_turn_back(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert [asked(app, path) for path in ("/?q=sai", "/?q=sai", "/?q=cong")] == [500, 500, 200]
    assert asked(app, "/article/none") == 404
    assert asked(app, "/?q=an") == 200
