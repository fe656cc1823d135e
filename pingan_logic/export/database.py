"""Facts to the tables of a SQL database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from pingan_logic.errors import Problem, RequestError
from pingan_logic.extras import optional
from pingan_logic.files import staged_file
from pingan_logic.intake.database import ORDER, first_line, open_database
from pingan_logic.intake.database_url import database_url, shown_url
from pingan_logic.intake.rows import columns
from pingan_logic.limits import LOCK_SECONDS
from pingan_logic.model import TABLES, Facts

__all__ = ["write_database"]

_MYSQL = ("mysql", "mariadb")
_NEW, _OLD = "__new", "__old"
_TEXTS = {f"{d}_{k}": v for d in _MYSQL for k, v in
          (("charset", "utf8mb4"), ("collate", "utf8mb4_bin"))}  # fmt: skip
"""MySQL keeps every character, and takes H-1 and h-1 for two, only when it is told to."""


def write_database(
    facts: Facts,
    url: str,
    *,
    overwrite: bool = False,
    check: Callable[[str], None] | None = None,
) -> None:
    """Make the tables of `facts` in the database at `url`, all or none.

    `check` is given the URL at which to look at them; it raises when they are not right. Raises
    RequestError when a table is already there (`overwrite` replaces it) or the database cannot be
    written.
    """
    parsed = database_url(url)
    new = parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists()
    if not new:
        _write(facts, url, overwrite=overwrite)
        if check is not None:
            check(url)
        return
    with staged_file(Path(parsed.database)) as temporary:
        staged = parsed.set(database=str(temporary)).render_as_string()
        _write(facts, staged, overwrite=overwrite, shown=shown_url(url))
        if check is not None:
            check(staged)


def _write(facts: Facts, url: str, *, overwrite: bool, shown: str | None = None) -> None:
    shown = shown or shown_url(url)
    sqlalchemy = optional("sqlalchemy", "sql", shown)
    engine = open_database(url, create=True)
    lite = engine.dialect.name == "sqlite"
    # making a table ends a transaction there: those that are to be replaced stand until all is done
    swapped = engine.dialect.name in _MYSQL
    kept = facts.sizes()
    made = {t: f"{t}{_NEW}" if swapped else t for t in TABLES}
    tables = sqlalchemy.MetaData()
    for table in TABLES:
        mine = [_column(sqlalchemy, c) for c in columns(table).values()]
        mine.append(sqlalchemy.Column(ORDER, sqlalchemy.Integer()))
        sqlalchemy.Table(made[table], tables, *mine, **_TEXTS)

    def exact(table: str, column: str, value: Any) -> Any:
        # SQLite keeps decimals as binary fractions; values are of many types: text is exact
        as_text = (table, column) == ("values", "value") or (lite and isinstance(value, Decimal))
        return str(value) if as_text else value

    try:
        with engine.begin() as connection:
            _wait_not_for_ever(connection)
            there = set(sqlalchemy.inspect(connection).get_table_names()) & set(TABLES)
            if there and not overwrite:
                raise RequestError(
                    Problem(
                        f"{shown} {table}",
                        "表已存在；要替换请加 --overwrite",
                        "the table is already there; --overwrite replaces it",
                    )
                    for table in TABLES
                    if table in there
                )
            tables.drop_all(connection)
            tables.create_all(connection, [tables.tables[made[t]] for t in kept])
            for table in kept:
                rows = [
                    {c: exact(table, c, v) for c, v in attrs.asdict(row).items()} | {ORDER: number}
                    for number, row in enumerate(getattr(facts, table), 1)
                ]
                if rows:
                    connection.execute(tables.tables[made[table]].insert(), rows)
            if swapped:
                _swap(connection, there, kept)
    except sqlalchemy.exc.SQLAlchemyError as error:
        if swapped:
            with suppress(sqlalchemy.exc.SQLAlchemyError):
                tables.drop_all(engine)
        said = "无法写入数据库", "the database cannot be written"
        raise RequestError([Problem(shown, *said, first_line(error))]) from None
    finally:
        engine.dispose()


def _wait_not_for_ever(connection: Any) -> None:
    """Let a server give up when others keep a table, which it waits a day for, or for ever."""
    if connection.dialect.name in _MYSQL:
        for name in ("lock_wait_timeout", "innodb_lock_wait_timeout"):
            connection.exec_driver_sql(f"SET SESSION {name} = {LOCK_SECONDS}")
    elif connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")


def _swap(connection: Any, there: set[str], made: Iterable[str]) -> None:
    """Put the tables `made` in place of those that are `there`, all at one moment."""
    for table in sorted(there):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS `{table}{_OLD}`")
    ways = [f"`{t}` TO `{t}{_OLD}`" for t in TABLES if t in there]
    ways += [f"`{t}{_NEW}` TO `{t}`" for t in made]
    connection.exec_driver_sql(f"RENAME TABLE {', '.join(ways)}")
    for table in sorted(there):
        connection.exec_driver_sql(f"DROP TABLE `{table}{_OLD}`")


def _column(sqlalchemy: Any, column: attrs.Attribute[Any]) -> Any:
    kind = column.metadata["kind"]
    types = {
        "year": sqlalchemy.Integer(),
        "count": sqlalchemy.BigInteger(),
        "date": sqlalchemy.Date(),
        "score": sqlalchemy.Numeric(5, 2).with_variant(sqlalchemy.String(8), "sqlite"),
    }
    return sqlalchemy.Column(
        column.name,
        types.get(kind, sqlalchemy.String(200)),
        nullable=column.default is not attrs.NOTHING,
        primary_key=column.name == "id",
    )
