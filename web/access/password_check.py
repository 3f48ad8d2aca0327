"""Passwords checked against the file of users, with a limit of wrong tries."""

from __future__ import annotations

import hmac
import math
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterable

from werkzeug.exceptions import TooManyRequests
from werkzeug.security import check_password_hash

from web.access.user_file import HASH_METHOD, LONGEST_PASSWORD, User, UserFile
from web.http.client_accounts import Allowance, ClientAccounts

TRIES_OF_A_CLIENT = Allowance(10, 300)
"""Wrong tries of one client in five minutes."""

TRIES_FOR_A_NAME = Allowance(100, 3600)
"""Wrong tries for one name in an hour, from wherever they come."""

_MOST_REMEMBERED = 1000

_TURNS = 64
"""Passwords that are checked at the same time, at most."""


class PasswordCheck:
    """The check of passwords; safe to share between threads.

    A right password is remembered as a keyed digest in memory, so that a program that sends it
    with every request pays for the slow hash once.

    Args:
        users: the users.
        accounts: the tries of clients, which other processes of the server may share.
    """

    def __init__(self, users: UserFile, accounts: ClientAccounts) -> None:
        self._users, self._accounts = users, accounts
        self._lock = threading.Lock()
        self._turns = [threading.Lock() for _ in range(_TURNS)]
        self._key = secrets.token_bytes(32)
        self._right: OrderedDict[bytes, None] = OrderedDict()
        # Of no password: nobody has to wait for it to be computed.
        self._nobodys_hash = f"{HASH_METHOD}${secrets.token_hex(8)}${secrets.token_hex(64)}"

    def check(self, client: str, name: str, password: str) -> User | None:
        """Return the user of a name and password; None where they do not fit.

        Raises:
            TooManyRequests: too many wrong ones came from this client, or for this name.
        """
        user = self._users.users().get(name)
        stored = user.password_hash if user else self._nobodys_hash
        digest = hmac.digest(self._key, repr((name, password, stored)).encode(), "sha256")
        if user and self._is_remembered(digest):
            return user
        # A program that begins with many requests at once sends the same password in all of them:
        # the first is checked, and the others find it remembered, with no try of theirs taken.
        with self._turns[digest[0] % len(self._turns)]:
            if user and self._is_remembered(digest):
                return user
            # An unknown name takes as long as a wrong password.
            is_right = self._try(client, name, stored, password)
            if user is None or not is_right:
                return None
            self._remember(digest)
        return user

    def _try(self, client: str, name: str, stored: str, password: str) -> bool:
        """Tell whether a password fits a hash; a try is taken before, and given back if it does.

        Tries that run at the same time are so never more than are allowed.
        """
        tries = ((f"tries {client}", TRIES_OF_A_CLIENT), (f"name {name}", TRIES_FOR_A_NAME))
        for number, (account, allowance) in enumerate(tries):
            seconds = self._accounts.spend(account, 1, allowance)
            if seconds:
                self._give_back(tries[:number])
                raise TooManyRequests(retry_after=max(1, math.ceil(seconds)))
        is_right = check_password_hash(stored, password[:LONGEST_PASSWORD])
        if is_right:
            self._give_back(tries)
        return is_right

    def _give_back(self, tries: Iterable[tuple[str, Allowance]]) -> None:
        for account, allowance in tries:
            self._accounts.refund(account, 1, allowance)

    def _is_remembered(self, digest: bytes) -> bool:
        """Tell whether a name and password were right before."""
        with self._lock:
            if digest in self._right:
                self._right.move_to_end(digest)
                return True
        return False

    def _remember(self, digest: bytes) -> None:
        with self._lock:
            self._right[digest] = None
            if len(self._right) > _MOST_REMEMBERED:
                self._right.popitem(last=False)
