"""Passwords checked against the file of users, with a limit of wrong tries."""

from __future__ import annotations

import hmac
import math
import secrets
import threading
from collections import OrderedDict

from werkzeug.exceptions import TooManyRequests
from werkzeug.security import check_password_hash, generate_password_hash

from web.access.user_file import LONGEST_PASSWORD, User, UserFile
from web.http.client_accounts import Allowance, ClientAccounts

TRIES_OF_A_CLIENT = Allowance(10, 300)
"""Wrong tries of one client in five minutes."""

TRIES_FOR_A_NAME = Allowance(100, 3600)
"""Wrong tries for one name in an hour, from wherever they come."""

_MOST_REMEMBERED = 1000


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
        self._key = secrets.token_bytes(32)
        self._right: OrderedDict[bytes, None] = OrderedDict()
        self._nobodys_hash = generate_password_hash(secrets.token_hex(16))

    def check(self, client: str, name: str, password: str) -> User | None:
        """Return the user of a name and password; None where they do not fit.

        Raises:
            TooManyRequests: too many wrong ones came from this client, or for this name.
        """
        user = self._users.users().get(name)
        stored = user.password_hash if user else self._nobodys_hash
        digest = hmac.digest(self._key, repr((name, password, stored)).encode(), "sha256")
        with self._lock:
            if user and digest in self._right:
                self._right.move_to_end(digest)
                return user
        tries = ((f"tries {client}", TRIES_OF_A_CLIENT), (f"name {name}", TRIES_FOR_A_NAME))
        for account, allowance in tries:
            seconds = self._accounts.spend(account, 0, allowance)
            if seconds:
                raise TooManyRequests(retry_after=max(1, math.ceil(seconds)))
        # An unknown name takes as long as a wrong password.
        is_right = check_password_hash(stored, password[:LONGEST_PASSWORD])
        if user is None or not is_right:
            for account, allowance in tries:
                self._accounts.charge(account, 1, allowance)
            return None
        with self._lock:
            self._right[digest] = None
            if len(self._right) > _MOST_REMEMBERED:
                self._right.popitem(last=False)
        return user
