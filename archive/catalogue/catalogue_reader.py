"""Reading the catalogue of a home: connections that follow it, statements, and pages of rows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, inspect, tuple_
from sqlalchemy.exc import SQLAlchemyError

from archive.catalogue import database, migrations
from archive.errors import catalogue_read_failure
from archive.settings.catalogue_location import CatalogueLocation, read_location

T = TypeVar("T")

READ_BATCH = 500
"""Articles that one statement reads, which bounds memory."""


class CatalogueReader:
    """A reader of the catalogue of one home folder; another one put in its place is opened anew.

    Args:
        home: the folder.
        location: where its catalogue is; None is where environment and settings say.

    Attributes:
        home: the folder.
        location: where its catalogue is.

    Raises:
        StoreError: the catalogue cannot be opened.
        SettingsError: the settings name none that is supported.
    """

    def __init__(self, home: Path, location: CatalogueLocation | None) -> None:
        self.home, self.location = home, location or read_location(home)
        self._opening = threading.Lock()
        self._tables: set[str] = set()
        self._engine = migrations.open_catalogue(home, self.location)
        self._identity = self._identify()

    @property
    def engine(self) -> Engine:
        """The catalogue's database."""
        return self._engine

    def close(self) -> None:
        """Close the connections to the catalogue; closing twice is allowed."""
        self._engine.dispose()

    def _scalar(self, query: Select[Any]) -> Any:
        """Return the first value of a query's first row; None when it has no rows."""
        return self._read(lambda connection: connection.execute(query).scalar())

    def _rows_of(self, query: Select[Any], identifiers: Sequence[str]) -> Iterator[Any]:
        """Yield the rows of a query for its parameter `names`, some hundred of them a statement."""
        for start in range(0, len(identifiers), READ_BATCH):
            names = list(identifiers[start : start + READ_BATCH])
            yield from self._rows(query, {"names": names})

    def _rows(self, query: Select[Any], parameters: dict[str, Any] | None = None) -> Sequence[Any]:
        """Return all rows of a query."""
        return self._read(lambda connection: connection.execute(query, parameters).all())

    def _has_table(self, table: Table) -> bool:
        """Tell whether the catalogue has a table; one of an older schema may lack it."""
        if table.name not in self._tables:
            self._tables |= set(self._read(lambda bind: inspect(bind).get_table_names()))
        return table.name in self._tables

    def _pages(
        self,
        query: Select[Any],
        order: tuple[ColumnElement[Any], ...],
        last: tuple[str | int, ...],
        limit: int,
    ) -> Iterator[Any]:
        """Yield the rows of a query in an order, beginning after `last`.

        Each page of at most `limit` rows is a statement of its own, so that no transaction stays
        open while its rows are used.
        """
        query = query.order_by(*order).limit(limit)
        while True:
            rows = self._rows(query.where(tuple_(*order) > last))
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
                engine = migrations.open_catalogue(self.home, self.location)
                self._engine.dispose()
                self._engine, self._identity, self._tables = engine, identity, set()

    def _identify(self) -> tuple[int, int]:
        return database.identify(self.home, self.location)

    def _read(self, query: Callable[[Connection], T]) -> T:
        """Return what a function reads with a connection; a dropped one is made anew.

        Raises:
            StoreError: the catalogue cannot be read.
        """
        self._follow_home()

        def read_once() -> T:
            with self._engine.connect() as connection:
                return query(connection)

        try:
            return database.retry_dropped(read_once)
        except (SQLAlchemyError, UnicodeDecodeError, TypeError, ValueError, OSError) as error:
            # Damage can make the driver fail at its own message, and a value be of another type.
            raise catalogue_read_failure(error) from error
