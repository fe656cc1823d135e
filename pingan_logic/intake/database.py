"""A SQL database, by URL, to raw tables; it is only ever read."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pingan_logic.errors import InputError, PinganError, Problem, RequestError, nearest
from pingan_logic.extras import optional
from pingan_logic.intake.database_url import DRIVERS, database_url, no_url, shown_url
from pingan_logic.intake.headers import read_header, table_names, table_of
from pingan_logic.intake.rows import RawTable
from pingan_logic.intake.source import Source
from pingan_logic.limits import CONNECT_SECONDS, DATABASE_ROWS, FILE_BYTES, too_large
from pingan_logic.model import TABLES
from pingan_logic.shell import install

if TYPE_CHECKING:
    from pingan_logic.intake.catalog import Shape
    from pingan_logic.intake.patience import Patience

__all__ = [
    "ORDER",
    "first_line",
    "open_database",
    "read_database",
    "read_engine",
]


ORDER = "row_number"
"""A column that only keeps the rows in order; without it they come in the order of their key."""


for _name in ("sqlalchemy", "psycopg"):
    # unless the application asks for them, their logs would quote a server on the terminal
    logging.getLogger(_name).addHandler(logging.NullHandler())


def open_database(text: str, *, create: bool = False) -> Any:
    """Return an engine. A SQLite file that is not there is made only with `create`."""
    sqlalchemy = optional("sqlalchemy", "sql", shown_url(text))
    url = database_url(text)
    missing = url.get_backend_name() == "sqlite" and not _is_file(url.database or "")
    if missing and not create:
        raise RequestError(
            [Problem(shown_url(text), "没有这个数据库文件", "there is no such database file")]
        )
    known = url.drivername in DRIVERS.values()
    if known and "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": str(CONNECT_SECONDS)})
    arguments = {}
    if url.drivername == DRIVERS["mysql"] and url.password:
        # PyMySQL would write it in Latin-1, which has no Chinese
        arguments["password"] = str(url.password).encode()
    try:
        engine = sqlalchemy.create_engine(url, connect_args=arguments)
    except (sqlalchemy.exc.ArgumentError, ValueError, TypeError) as error:
        raise no_url(text, str(error)) from None
    except ImportError as error:
        extra = "mysql" if url.get_backend_name() in ("mysql", "mariadb") else "sql"
        said = (
            f"需要另外安装数据库驱动：{install(extra)}",
            f"a database driver must be installed: {install(extra)}",
        )
        raise RequestError([Problem(shown_url(text), *said, error.name)]) from None
    if engine.dialect.name == "sqlite":
        # Python's sqlite3 begins no transaction before CREATE, DROP or SELECT: all tables are
        # written or none, and read as they were at one moment, only when it is told to
        sqlalchemy.event.listen(engine, "connect", _begin_by_hand)
        sqlalchemy.event.listen(engine, "begin", _begin)
    return engine


def _begin_by_hand(connection: Any, _: Any) -> None:
    connection.isolation_level = None


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except (OSError, ValueError):  # no path at all: too long, or with NUL
        return False


def first_line(error: Exception) -> str:
    """Return the beginning of what a database says of an error."""
    said = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
    return said.splitlines()[0]


def read_database(text: str) -> Source:
    """Return the tables of a database that have a name of ours; the others are named in a notice.

    Raises InputError when it cannot be read.
    """
    from pingan_logic.intake.catalog import believe_any_version
    from pingan_logic.intake.patience import Patience

    sqlalchemy = optional("sqlalchemy", "sql", shown_url(text))
    engine = open_database(text)
    source = Source()
    patience = Patience()
    # before SQLAlchemy asks the server what it is
    distrust = partial(_distrust, patience)
    sqlalchemy.event.listen(engine, "connect", distrust, insert=True)
    believe_any_version(engine)

    def read() -> tuple[list[str], dict[str, list[str]]]:
        with warnings.catch_warnings():
            # they quote what the server says as it stands
            warnings.simplefilter("ignore")
            with engine.connect() as connection:
                return _read(sqlalchemy, connection, source, patience)

    try:
        return _patiently(read, engine, shown_url(text), source, patience)
    finally:
        engine.dispose()


def _patiently(
    read: Callable[[], tuple[list[str], dict[str, list[str]]]],
    engine: Any,
    place: str,
    source: Source,
    patience: Patience,
) -> Source:
    """Return `source` when `read` has put the tables into it, and say what else is there.

    Raises InputError when they cannot be read, or not in time.
    """
    try:
        with patience:
            # SQLite is stopped in the midst of what it does, and waits for nobody
            lite = engine.dialect.name == "sqlite"
            names, elsewhere = read() if lite else patience.wait_for(read)
    except (PinganError, MemoryError):
        raise
    # a damaged file, or one with an odd schema, meets SQLAlchemy with many kinds of error
    except Exception as error:
        if patience.over:
            raise too_large(place, *patience.over) from None
        said = "无法读取数据库", "the database cannot be read"
        raise InputError([Problem(place, *said, first_line(error))]) from None
    _others(source, [n for n in names if table_of(n) is None])
    if not _elsewhere(source, elsewhere, place, engine.dialect.name):
        source.require_units(place, *_NO_UNITS)
    return source


def read_engine(engine: Any) -> Source:
    """Return the tables that a caller's own SQLAlchemy engine reaches.

    Raises InputError when they cannot be read.
    """
    from pingan_logic.intake.patience import Patience

    sqlalchemy = optional("sqlalchemy", "sql", "facts")
    source, patience = Source(), Patience()

    def read() -> tuple[list[str], dict[str, list[str]]]:
        with engine.connect() as connection:
            line = connection.connection.dbapi_connection
            _hurry(patience, line)
            try:
                return _read(sqlalchemy, connection, source, patience)
            finally:
                if hasattr(line, "set_progress_handler"):
                    line.set_progress_handler(None, 0)

    return _patiently(read, engine, "facts", source, patience)


_NO_UNITS = "库中没有单位表 units（或“单位”）", "the database has no table units"


def _read(
    sqlalchemy: Any, connection: Any, source: Source, patience: Patience
) -> tuple[list[str], dict[str, list[str]]]:
    """Put the tables that have a name of ours into `source`.

    Returns the names of all, and in which other schemas there are tables of ours that are missing.
    """
    from pingan_logic.intake.catalog import in_other_schemas, look_at

    if connection.dialect.name in ("postgresql", "mysql", "mariadb"):
        # all tables as they were at one moment, whoever writes meanwhile
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    inspector = sqlalchemy.inspect(connection)
    views: set[str] = set()
    names: list[str] = []
    if inspector.default_schema_name is not None:  # an address of MySQL may name no database
        views = set(inspector.get_view_names())
        names = sorted({*inspector.get_table_names(), *views})
    for name in names:
        table = table_of(name)
        if table is not None and source.claim(table, name):
            shape = look_at(sqlalchemy, inspector, name, view=name in views)
            source.put(_table(sqlalchemy, inspector, name, table, shape, source, patience), table)
    missing = [t for t in TABLES if t not in source.names]
    return names, in_other_schemas(inspector, missing)


def _distrust(patience: Patience, connection: Any, _: Any) -> None:
    """Let a database do nothing but give rows, and that not for ever.

    A SQLite file from elsewhere may hold views that call functions or never end, and a server may
    say anything.
    """
    if hasattr(connection, "set_progress_handler"):
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA query_only=ON")
    _hurry(patience, connection)


def _hurry(patience: Patience, connection: Any) -> None:
    """Stop what a connection of a driver does at the end of patience."""
    if hasattr(connection, "set_progress_handler"):
        connection.set_progress_handler(patience.at_end, 100_000)
        return
    line = connection if hasattr(connection, "fileno") else getattr(connection, "_sock", None)
    if line is not None:  # psycopg's, or PyMySQL's
        patience.watch(line.fileno())


def _elsewhere(source: Source, found: dict[str, list[str]], place: str, dialect: str) -> bool:
    """Say which tables of ours stand in other schemas; True when it is a problem: there are no
    units here."""
    shown = ", ".join(f"{schema}.{name}" for schema, names in found.items() for name in names)
    if shown and "units" in source.names:
        source.notices.append(
            (
                f"其他模式（schema）里的同名表没有读取：{shown}",
                f"tables of other schemas are not read: {shown}",
            )
        )
    if not shown or "units" in source.names:
        return False
    first = next(iter(found))
    how = f"/{first}" if dialect in ("mysql", "mariadb") else f"?options=-csearch_path%3D{first}"
    source.partial.add("units")
    source.problems.append(
        Problem(
            place,
            f"当前模式（schema）里没有单位表，别的模式里有这些表；请在地址里指明，如 …{how}",
            f"there is no table units in this schema, but in others; name one in the URL: …{how}",
            None,
            shown,
        )
    )
    return True


def _others(source: Source, names: Sequence[str]) -> None:
    """Say which tables are not read; one that looks like a table of ours is a mistake."""
    missing = [t for t in TABLES if t not in source.names]
    for name in names:
        if near := nearest(name, missing, cutoff=0.8):
            source.problems.append(
                Problem(
                    name,
                    f"不认识的表，像是“{table_names(near)}”；请改名或建视图",
                    f"unknown table that looks like {near}; rename it or make a view",
                    name,
                    near,
                )
            )
    if names:
        shown = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        source.notices.append(
            (f"未读取的表{len(names)}个：{shown}", f"tables not read: {len(names)} ({shown})")
        )


_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?")


_AT_ONCE = 10_000


def _rows(name: str, result: Any, width: int, patience: Patience) -> list[list[Any]]:
    """Return the rows of a result. Raises InputError when there are too many, or of other columns
    than were asked for: a server may give what it likes.
    """
    rows: list[list[Any]] = []
    size = 0
    for chunk in result.partitions():
        patience.answered()
        if {*map(len, chunk)} != {width}:
            said = "服务器给出的列与表不符", "the server gave other columns than the table has"
            raise InputError([Problem(name, *said)])
        rows += map(list, chunk)
        size += sum(len(v) for row in chunk for v in row if isinstance(v, (str, bytes)))
        if len(rows) > DATABASE_ROWS or size > FILE_BYTES:
            raise too_large(
                name,
                f"超过{DATABASE_ROWS}行或{FILE_BYTES // 2**20}MiB，拒绝读取",
                f"more than {DATABASE_ROWS} rows or {FILE_BYTES // 2**20} MiB: refused",
            )
    return rows


def _table(
    sqlalchemy: Any,
    inspector: Any,
    name: str,
    table: str,
    shape: Shape,
    source: Source,
    patience: Patience,
) -> RawTable | None:
    keys = shape.keys
    wanted = [sqlalchemy.column(c) for c in shape.columns if c != ORDER]
    order = [ORDER] if ORDER in shape.columns else keys
    header = [c.name for c in wanted]

    def header_at(_: int, position: int | None) -> str:
        return name if position is None else f"{name}.{header[position]}"

    names = read_header(table, header, 0, header_at, source.problems)
    if names is None:
        return None
    source.pass_over(name, header)
    moments = [n for n, c in enumerate(header) if c in shape.moments]
    query = sqlalchemy.select(*wanted).select_from(sqlalchemy.table(name))
    query = query.order_by(*([sqlalchemy.column(c) for c in order] or wanted))
    # a server keeps the rows until they are asked for, and gives so many at a time
    result = inspector.bind.execute(query, execution_options={"yield_per": _AT_ONCE})
    rows = _rows(name, result, len(wanted), patience)
    for row in rows if moments else ():
        for n in moments:
            if isinstance(row[n], str) and _MOMENT.fullmatch(row[n]):
                row[n] = row[n][:10]
    marks = [header.index(k) for k in keys if k in header] or list(range(min(3, len(header))))

    def at(number: int, column: str) -> str:
        key = ", ".join(f"{header[m]}={rows[number][m]}" for m in marks)
        shown = header[names.index(column)] if column in names else column
        return f"{name}({key}) {shown}".rstrip()

    return RawTable(table, names, rows, range(len(rows)), at)
