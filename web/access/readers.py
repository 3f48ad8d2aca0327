"""Who asks: the reader whom a session, a password or a trusted proxy names."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace

from flask import Flask, current_app, g, request, session

from archive.settings.settings_file import SETTINGS_FILE, SettingsError
from web.access.ended_sessions import EndedSessions
from web.access.password_check import PasswordCheck
from web.access.user_file import Role, User, UserFile
from web.http.client_accounts import ClientAccounts
from web.http.rate_limits import current_client
from web.settings import Settings
from web.site.access_settings import USER_NAME, AccessSettings

CONTROL = "tangthu.access_control"

_NAME, _PROOF, _IDENTIFIER = "reader", "proof", "session"
"""Keys of a session."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A person or program that said who it is."""

    name: str
    is_operator: bool = False


class AccessControl:
    """Knows the readers of one archive.

    Args:
        settings: the owner's settings; its header counts only where a proxy is trusted.
        users: the users with passwords.
        check: the check of passwords.
        ended: the sessions that are over before their time.
    """

    def __init__(
        self,
        settings: AccessSettings,
        users: UserFile,
        check: PasswordCheck,
        ended: EndedSessions,
    ) -> None:
        self.settings, self._users, self._check, self._ended = settings, users, check, ended

    @property
    def has_passwords(self) -> bool:
        """Whether somebody can log in with a password."""
        return bool(self._users.users())

    @property
    def has_operator(self) -> bool:
        """Whether somebody may operate the archive."""
        if self.settings.header and self.settings.operators:
            return True
        return any(user.role is Role.OPERATOR for user in self._users.users().values())

    def identify(self) -> Reader | None:
        """Return the reader of this request; None where nobody is named, or wrongly.

        Raises:
            TooManyRequests: too many passwords were wrong.
        """
        return self._from_header() or self._from_session() or self._from_password()

    def log_in(self, name: str, password: str) -> bool:
        """Begin a session for a name and password; False where they do not fit.

        Raises:
            TooManyRequests: too many passwords were wrong.
        """
        user = self._check.check(current_client(), name, password)
        if user is None:
            return False
        session.clear()
        session.permanent = True
        session[_NAME], session[_PROOF] = user.name, _proof(user)
        session[_IDENTIFIER] = secrets.token_hex(16)
        return True

    def log_out(self) -> None:
        """End the session of this request, also for whoever has a copy of its cookie.

        Raises:
            ArchiveError: that cannot be kept.
        """
        is_reader = self._from_session() is not None
        identifier = session.get(_IDENTIFIER, "")
        session.clear()
        if is_reader:
            self._ended.end(identifier)

    def _from_header(self) -> Reader | None:
        header = self.settings.header
        name = request.headers.get(header, "").strip() if header else ""
        if not USER_NAME.fullmatch(name):
            return None
        return Reader(name, name in self.settings.operators)

    def _from_session(self) -> Reader | None:
        user = self._users.users().get(session.get(_NAME, ""))
        # A new password ends the sessions of the one before.
        if user is None or not hmac.compare_digest(session.get(_PROOF, ""), _proof(user)):
            return None
        identifier = session.get(_IDENTIFIER, "")
        return None if not identifier or self._ended.has_ended(identifier) else _reader(user)

    def _from_password(self) -> Reader | None:
        credentials = request.authorization
        if credentials is None or credentials.type != "basic":
            return None
        name, password = credentials.username or "", credentials.password or ""
        user = self._check.check(current_client(), name, password)
        return _reader(user) if user else None


def make_control(
    app: Flask, access: AccessSettings, settings: Settings, accounts: ClientAccounts
) -> AccessControl:
    """Give the application the control of its readers, and return it."""
    if not settings.proxies:
        access = replace(access, header="")
    home = app.extensions["tangthu.archive"].store.home
    users = UserFile(home)
    check = PasswordCheck(users, accounts)
    control = AccessControl(access, users, check, EndedSessions(home))
    app.extensions[CONTROL] = control
    return control


def refuse_unusable_access(app: Flask, settings: Settings) -> None:
    """Refuse to serve an archive that nobody could read, or whose header anybody could write.

    Raises:
        SettingsError: it is so; the message says what to do.
    """
    control, wanted = current_control(app), app.extensions["tangthu.access"]
    path = app.extensions["tangthu.archive"].store.home / SETTINGS_FILE
    if wanted.header and not settings.proxies:
        raise SettingsError(
            path, "access.header", "anybody could write it: name the proxies (`--proxies 1`)"
        )
    if wanted.private and not (control.has_passwords or control.settings.header):
        raise SettingsError(path, "access.private", "nobody could read it: `tangthu user add NAME`")


def current_control(app: Flask | None = None) -> AccessControl:
    """Return the control of the application that answers this request, or of one."""
    control: AccessControl = (app or current_app).extensions[CONTROL]
    return control


def current_reader() -> Reader | None:
    """Return the reader of this request, once it was let in."""
    reader: Reader | None = g.get("reader")
    return reader


def _reader(user: User) -> Reader:
    return Reader(user.name, user.role is Role.OPERATOR)


def _proof(user: User) -> str:
    return hashlib.sha256(user.password_hash.encode()).hexdigest()[:32]
