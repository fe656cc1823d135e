"""The URLs of databases: which are taken, and how they are shown, without a password."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pingan_logic.errors import Problem, RequestError
from pingan_logic.extras import optional

__all__ = [
    "DRIVERS",
    "database_place",
    "database_url",
    "is_url",
    "no_url",
    "shown_place",
    "shown_url",
]


def is_url(source: str) -> bool:
    """Whether `source` is the URL of a database."""
    return "://" in source


def database_url(text: str) -> Any:
    """Return an SQLAlchemy URL; without a driver, PostgreSQL is reached through psycopg, and MySQL
    and MariaDB through PyMySQL.

    Raises RequestError when it is not one.
    """
    sqlalchemy = optional("sqlalchemy", "sql", shown_url(text))
    try:
        url = sqlalchemy.engine.make_url(text)
        url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
        url.get_dialect()
    except (sqlalchemy.exc.ArgumentError, ValueError):
        raise no_url(text) from None
    # a plugin would run whatever is installed under that name; SQLite's are ignored otherwise
    refused = set(url.query) - {"timeout"} if url.get_backend_name() == "sqlite" else {"plugin"}
    for name in sorted(refused & set(url.query)):
        raise no_url(text, name)
    return url


DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}


def database_place(text: str) -> str | Path | None:
    """Return what tells the database at a URL from others: its file, or its server and name.

    None is a database in memory. Raises RequestError when it is not a URL.
    """
    url = database_url(text)
    if url.get_backend_name() == "sqlite":
        return None if url.database in (None, "", ":memory:") else Path(url.database)
    name = "mysql" if url.get_backend_name() == "mariadb" else url.get_backend_name()
    return f"{name}://{url.host or ''}:{url.port or ''}/{url.database or ''}"


def no_url(text: str, found: str | None = None) -> RequestError:
    """Return the error of a URL that names no database."""
    return RequestError(
        [
            Problem(
                shown_url(text),
                "不认识的数据库地址，应如 sqlite:///台账.db、postgresql://用户@主机/库 或 "
                "mysql://用户@主机/库",
                "not a database URL such as sqlite:///ledger.db, postgresql://user@host/name or "
                "mysql://user@host/name",
                found,
            )
        ]
    )


def shown_url(text: str) -> str:
    """Return the URL without its password."""
    text = re.sub(r"(?<=[?&]password=)[^&]*", "***", text)
    scheme, _, rest = text.partition("://")
    login, at, host = rest.rpartition("@")
    return f"{scheme}://{login.partition(':')[0]}{':***' if ':' in login else ''}{at}{host}"


def shown_place(text: str) -> str:
    """Return where data stands: a path, or a URL without its password."""
    return shown_url(text) if is_url(text) else text
