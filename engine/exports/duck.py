"""The database in memory that reads and counts; the only module that imports DuckDB.

It may read the files that it is opened with and nothing else: no other file, no network, no extension, and no setting can
be changed after that.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import duckdb

Row: TypeAlias = tuple[Any, ...]
Progress: TypeAlias = Callable[[float], None]
"""Is told how much of the present step is done, 0 to 1, while it runs."""

MEMORY = "1200MB"
MAX_THREADS = 8
_TELL_EVERY = 0.1


class QueryError(Exception):
    """The database refused; the text is its first line."""


class OutOfMemoryError(QueryError):
    """The data do not fit into the memory that is allowed."""


@dataclass(frozen=True, slots=True)
class Database:
    """A connection. `cursor` gives another one to the same data, with temporary views of its own."""

    connection: duckdb.DuckDBPyConnection

    def run(self, sql: str, parameters: Sequence[object] = (), progress: Progress | None = None) -> None:
        """Run a statement. Raises QueryError."""
        self._execute(sql, parameters, progress)

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """The rows of a query. Raises QueryError."""
        self._execute(sql, parameters, None)
        return self.connection.fetchall()

    def columns(self, sql: str, parameters: Sequence[object] = ()) -> tuple[str, ...]:
        """The names of the columns of a query. Raises QueryError."""
        self._execute(sql, parameters, None)
        return tuple(column[0] for column in self.connection.description or ())

    def cursor(self) -> Database:
        return Database(self.connection.cursor())

    def close(self) -> None:
        self.connection.close()

    def _execute(self, sql: str, parameters: Sequence[object], progress: Progress | None) -> None:
        try:
            if progress is None:
                self.connection.execute(sql, parameters or None)
            else:
                _watched(self.connection, sql, parameters, progress)
        except duckdb.OutOfMemoryException:
            raise OutOfMemoryError("out of memory") from None
        except duckdb.Error as error:
            raise QueryError(str(error).partition("\n")[0]) from None


def _watched(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object], progress: Progress) -> None:
    """Run a statement in another thread and tell how far it is; Ctrl-C ends it at once."""
    failed: list[duckdb.Error] = []
    done = threading.Event()

    def run() -> None:
        try:
            connection.execute(sql, parameters or None)
        except duckdb.Error as error:
            failed.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        while not done.wait(_TELL_EVERY):
            progress(max(0.0, min(1.0, connection.query_progress() / 100)))
    except BaseException:
        connection.interrupt()
        done.wait()
        raise
    thread.join()
    if failed:
        raise failed[0]


def open_database(files: Iterable[Path], scratch: Path) -> Database:
    """A locked database in memory that may read `files`, and read and write in the folder `scratch`."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "memory_limit": MEMORY,
            "threads": max(1, min(os.cpu_count() or 1, MAX_THREADS)),
            "temp_directory": str(scratch),
        },
    )
    allowed = ", ".join(literal(str(path)) for path in files)
    for statement in (
        "SET enable_progress_bar = true",
        "SET enable_progress_bar_print = false",
        "SET TimeZone = 'UTC'",
        f"SET allowed_paths = [{allowed}]",
        f"SET allowed_directories = [{literal(str(scratch))}]",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ):
        connection.execute(statement)
    return Database(connection)


def literal(text: str) -> str:
    """A text as it is written in SQL."""
    return "'" + text.replace("'", "''") + "'"
