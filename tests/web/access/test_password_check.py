"""Passwords are checked no more often than is allowed, however many tries run at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from werkzeug.exceptions import TooManyRequests

from web.access import password_check
from web.access.password_check import TRIES_FOR_A_NAME, TRIES_OF_A_CLIENT, PasswordCheck
from web.access.user_file import Role, UserFile, make_user, write_users
from web.http.client_accounts import ClientAccounts

PASSWORD = "một mật khẩu dài"
AT_ONCE = 24


@pytest.fixture
def accounts() -> ClientAccounts:
    return ClientAccounts()


@pytest.fixture
def check(tmp_path: Path, accounts: ClientAccounts) -> PasswordCheck:
    write_users(tmp_path, {"lan": make_user("lan", Role.READER, PASSWORD)})
    return PasswordCheck(UserFile(tmp_path), accounts)


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the passwords that are hashed; a hash waits for all tries that can run with it."""
    passwords: list[str] = []
    together = Barrier(AT_ONCE)

    def slow_check(_stored: str, password: str) -> bool:
        passwords.append(password)
        with suppress(BrokenBarrierError):
            together.wait(0.3)
        return password == PASSWORD

    monkeypatch.setattr(password_check, "check_password_hash", slow_check)
    return passwords


def outcome(check: PasswordCheck, client: str, name: str, password: str) -> str:
    try:
        return "right" if check.check(client, name, password) else "wrong"
    except TooManyRequests:
        return "refused"


def at_once(tries: Callable[[int], str]) -> Counter[str]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(tries, range(AT_ONCE)))


@pytest.mark.parametrize("name", ["lan", "nobody"])
def test_wrong_tries_at_once_are_no_more_than_allowed(
    check: PasswordCheck, hashed: list[str], name: str
) -> None:
    seen = at_once(lambda number: outcome(check, "192.0.2.1", name, f"falsch {number}"))
    allowed = int(TRIES_OF_A_CLIENT.amount)
    assert len(hashed) == allowed
    assert seen == {"wrong": allowed, "refused": AT_ONCE - allowed}


def test_the_same_wrong_password_at_once_counts_every_time(
    check: PasswordCheck, hashed: list[str]
) -> None:
    seen = at_once(lambda _: outcome(check, "192.0.2.1", "lan", "falsch"))
    assert seen["wrong"] == len(hashed) == TRIES_OF_A_CLIENT.amount


def test_right_ones_at_once_are_hashed_once_and_none_is_refused(
    check: PasswordCheck, hashed: list[str], accounts: ClientAccounts
) -> None:
    assert at_once(lambda _: outcome(check, "192.0.2.1", "lan", PASSWORD)) == {"right": AT_ONCE}
    assert hashed == [PASSWORD]
    assert accounts.spent("tries 192.0.2.1", TRIES_OF_A_CLIENT) == 0
    assert accounts.spent("name lan", TRIES_FOR_A_NAME) == 0


def test_a_refusal_for_the_name_takes_no_try_of_the_client(
    check: PasswordCheck, hashed: list[str], accounts: ClientAccounts
) -> None:
    accounts.charge("name lan", TRIES_FOR_A_NAME.amount, TRIES_FOR_A_NAME)
    assert outcome(check, "192.0.2.2", "lan", "falsch") == "refused"
    assert not hashed
    assert accounts.spent("tries 192.0.2.2", TRIES_OF_A_CLIENT) == 0


def test_what_is_given_back_is_never_more_than_was_spent(accounts: ClientAccounts) -> None:
    accounts.refund("tries x", 5, TRIES_OF_A_CLIENT)
    assert accounts.spent("tries x", TRIES_OF_A_CLIENT) == 0
