"""Reading the catalogue of a home: connections that follow it, statements, and pages of rows."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, tuple_
from sqlalchemy.exc import SQLAlchemyError

from archive import database, migrations
from archive.errors import catalogue_read_failure

READ_BATCH = 500
"""Articles that one statement reads, which bounds memory."""


class CatalogueReader:
    """A reader of the catalogue of one home folder; another one put in its place is opened anew.

    Args:
        home: the folder.
        catalogue_url: an SQLAlchemy URL, when the catalogue is not the home's own SQLite file.

    Raises:
        StoreError: the catalogue cannot be opened.
    """

    def __init__(self, home: Path, catalogue_url: str | None) -> None:
        self.home, self.catalogue_url = home, catalogue_url
        self._opening = threading.Lock()
        self._engine = migrations.open_catalogue(home, catalogue_url)
        self._identity = self._identify()

    def close(self) -> None:
        """Close the connections to the catalogue; closing twice is allowed."""
        self._engine.dispose()

    def _scalar(self, query: Select[Any]) -> Any:
        """Return the first value of a query's first row; None when it has no rows."""
        with self._connect() as connection:
            return connection.execute(query).scalar()

    def _rows_of(self, query: Select[Any], identifiers: Sequence[str]) -> Iterator[Row[Any]]:
        """Yield the rows of a query for its parameter `names`, some hundred of them a statement."""
        with self._connect() as connection:
            for start in range(0, len(identifiers), READ_BATCH):
                names = list(identifiers[start : start + READ_BATCH])
                yield from connection.execute(query, {"names": names})

    def _pages(
        self,
        query: Select[Any],
        order: tuple[ColumnElement[Any], ...],
        last: tuple[str | int, ...],
        limit: int,
    ) -> Iterator[Row[Any]]:
        """Yield the rows of a query in an order, beginning after `last`.

        Each page of at most `limit` rows is a statement of its own, so that no transaction stays
        open while its rows are used.
        """
        query = query.order_by(*order).limit(limit)
        while True:
            with self._connect() as connection:
                rows = connection.execute(query.where(tuple_(*order) > last)).all()
            if not rows:
                return
            yield from rows
            last = tuple(rows[-1]._mapping[column] for column in order)

    def _follow_home(self) -> None:
        """Open the catalogue again if another one was put in its place.

        Raises:
            HomeGoneError: there is none any more.
        """
        if self._identify() == self._identity:
            return
        with self._opening:
            if (identity := self._identify()) != self._identity:
                engine = migrations.open_catalogue(self.home, self.catalogue_url)
                self._engine.dispose()
                self._engine, self._identity = engine, identity

    def _identify(self) -> tuple[int, int]:
        return (0, 0) if self.catalogue_url else database.identify(self.home)

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        """Open a connection for reading; the database's own errors become a `StoreError`."""
        self._follow_home()
        try:
            with self._engine.connect() as connection:
                yield connection
        except (SQLAlchemyError, UnicodeDecodeError, TypeError, ValueError) as error:
            # Damage can make the driver fail at its own message, and a value be of another type.
            raise catalogue_read_failure(error) from error
