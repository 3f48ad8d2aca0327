"""Passwords of servers: from the environment or a file, never from an address or a setting."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.errors import ArchiveError

LONGEST_PASSWORD = 4096
"""Characters of a password that are read."""


@dataclass(frozen=True, slots=True)
class PasswordSource:
    """The places where the password of a server may be.

    Attributes:
        owner: whose password it is, for messages.
        variable: the variable of the environment that may hold it.
        file: the file whose first line may be it; empty for none.
        error_type: the error that is raised for a file that cannot be read.
    """

    owner: str
    variable: str
    file: str
    error_type: type[ArchiveError]

    def read(self, environment: Mapping[str, str] | None = None) -> str | None:
        """Return the password as it is now; None where there is none.

        Raises:
            ArchiveError: its file cannot be read; of the type `error_type`.
        """
        environment = os.environ if environment is None else environment
        if password := environment.get(self.variable):
            return password
        if not self.file:
            return None
        try:
            with Path(self.file).open(encoding="utf-8") as file:
                return file.readline(LONGEST_PASSWORD).rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
            raise self.error_type(
                f"{self.owner} password cannot be read from {self.file}: {reason}"
            ) from error
