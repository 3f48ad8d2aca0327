"""Accounts of clients: one for each address or IPv6 network, shared by the server's processes."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from tests.paths import ROOT
from web.http.client_accounts import (
    Allowance,
    ClientAccounts,
    RunningClients,
    client_name,
    read_allowances,
)

MINUTE = Allowance(3, 60)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("", "unknown"),
        (None, "unknown"),
        ("x", "unknown"),
    ],
)
def test_a_client_is_an_address_or_a_network(address: str | None, name: str) -> None:
    assert client_name(address) == name


def test_allowances_are_read_as_operators_write_them() -> None:
    assert read_allowances("") == []
    assert read_allowances("20 per second; 1200/minute") == [Allowance(20, 1), Allowance(1200, 60)]


def test_an_account_is_empty_until_its_window_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    accounts = ClientAccounts()
    assert [accounts.spend("a", 1, MINUTE) for _ in range(3)] == [0, 0, 0]
    moment[0] += 20
    assert accounts.spend("a", 1, MINUTE) == 40
    assert accounts.spend("b", 1, MINUTE) == 0
    moment[0] += 40
    assert accounts.spend("a", 1, MINUTE) == 0
    moment[0] += 1000
    assert accounts.spent("a", MINUTE) == 0
    moment[0] -= 1000
    assert accounts.spent("a", MINUTE) == 1


def test_what_is_used_already_is_charged_beyond_the_allowance() -> None:
    accounts = ClientAccounts()
    accounts.charge("a", 10, MINUTE)
    assert accounts.spent("a", MINUTE) == 10
    assert 0 < accounts.spend("a", 0, MINUTE) <= 60


def test_a_full_table_gives_the_oldest_account_up() -> None:
    accounts = ClientAccounts(entries=4)
    for number in range(50):
        accounts.charge(str(number), 1, MINUTE)
    assert accounts.spent("49", MINUTE) == 1
    assert sum(accounts.spent(str(number), MINUTE) for number in range(50)) <= 4


def test_a_full_table_gives_the_oldest_one_up_wherever_it_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    accounts = ClientAccounts(entries=3)
    for number in range(9):
        accounts.charge(str(number), 1, MINUTE)
        moment[0] += 1
        # Of so few places every one is looked at: the newest three are there.
        newest = range(max(0, number - 2), number + 1)
        assert all(accounts.spent(str(each), MINUTE) for each in newest)


def test_accounts_do_not_touch_each_other() -> None:
    accounts = ClientAccounts()
    for number in range(500):
        accounts.charge(str(number), number, MINUTE)
    assert [accounts.spent(str(number), MINUTE) for number in range(500)] == list(range(500))


def test_one_process_at_a_time_renders_for_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    accounts = ClientAccounts()
    first, second = (RunningClients(accounts, lambda number=number: number) for number in (7, 8))
    assert second.begin("b")
    assert (first.begin("a"), second.begin("a"), second.begin("b")) == (True, False, True)
    # The process itself may begin again.
    assert first.begin("a")
    first.end("a")
    assert (second.begin("a"), first.begin("a")) == (True, False)
    # What a process that was killed has left lasts ten seconds.
    moment[0] += 9.9
    assert first.begin("c")
    assert not first.begin("a")
    moment[0] += 0.1
    assert first.begin("a")


def test_a_client_that_is_alone_may_have_all_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    accounts = ClientAccounts()
    first, second = (RunningClients(accounts, lambda number=number: number) for number in (7, 8))
    assert (first.begin("a"), second.begin("a")) == (True, True)
    first.end("a")
    assert first.begin("b")
    assert not first.begin("a")
    # Ten seconds after another client came last.
    moment[0] += 10
    assert (first.begin("a"), second.begin("a")) == (True, True)


def test_processes_that_fork_later_count_together() -> None:
    script = """
import os
from web.http.client_accounts import Allowance, ClientAccounts
accounts, allowance = ClientAccounts(), Allowance(3, 60)
for _ in range(2):
    if not os.fork():
        accounts.charge("a", 1, allowance)
        os._exit(0)
    os.wait()
print(accounts.spent("a", allowance))
"""
    command = [sys.executable, "-W", "ignore", "-c", script]
    assert subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout == "2.0\n"


def test_what_is_given_back_is_no_more_than_was_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    accounts, spent_after = ClientAccounts(), []
    accounts.charge("a", 3, MINUTE)
    accounts.charge("b", 3, MINUTE)
    for amount in (1, 0.5, 7, 1):
        accounts.refund("a", amount, MINUTE)
        spent_after.append(accounts.spent("a", MINUTE))
    assert spent_after == [2, 1.5, 0, 0]
    assert accounts.spent("b", MINUTE) == 3
    # The window goes on.
    assert accounts.spend("a", 3, MINUTE) == 0
    assert accounts.spend("a", 1, MINUTE) == 60


def test_an_amount_that_is_replaced_begins_a_window(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    accounts = ClientAccounts()
    accounts.charge("a", 2, MINUTE)
    moment[0] += 59
    accounts.replace("a", 5, MINUTE)
    assert accounts.spent("a", MINUTE) == 5
    moment[0] += 59
    assert accounts.spend("a", 1, MINUTE) == 1
    moment[0] += 1
    assert accounts.spent("a", MINUTE) == 0


def test_an_account_has_a_window_of_each_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    accounts, hour = ClientAccounts(), Allowance(3, 3600)
    accounts.charge("a", 1, MINUTE)
    accounts.charge("a", 2, hour)
    assert (accounts.spent("a", MINUTE), accounts.spent("a", hour)) == (1, 2)


def test_a_little_beyond_the_allowance_is_spent_and_no_time_to_wait_is_zero(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    accounts = ClientAccounts()
    assert (accounts.spend("a", 2.9, MINUTE), accounts.spend("a", 2, MINUTE)) == (0, 0)
    assert accounts.spent("a", MINUTE) == 4.9
    moment[0] = 1060 - 2**-20
    # Zero would say that it was spent.
    assert accounts.spend("a", 1, MINUTE) == 0.001


def test_only_the_process_that_renders_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    accounts = ClientAccounts()
    first, second = (RunningClients(accounts, lambda number=number: number) for number in (7, 8))
    assert (second.begin("b"), first.begin("a")) == (True, True)
    second.end("a")
    assert not second.begin("a")
    first.end("a")
    assert second.begin("a")


def test_a_place_is_looked_for_among_all_its_neighbours() -> None:
    # As many as are looked at, so that every account has a place.
    accounts = ClientAccounts(entries=8)
    for number in range(8):
        accounts.charge(str(number), number + 1, MINUTE)
    assert [accounts.spent(str(number), MINUTE) for number in range(8)] == list(range(1, 9))
