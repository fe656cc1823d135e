"""What a database tells of its tables, asked so that one who may only read them is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from attrs import Factory, define

from pingan_logic.intake.headers import table_of

__all__ = ["Shape", "believe_any_version", "in_other_schemas", "look_at"]

T = TypeVar("T")
_SYSTEM = ("information_schema", "performance_schema", "mysql", "sys")
_SCHEMAS = 200
"""Schemas that are looked into for a table that is missing."""
_VERSION = (9, 2)
"""What a relative of PostgreSQL is taken for: nothing newer is asked of it."""


@define
class Shape:
    """The columns of a table in their order, those of its key, and those that hold moments as
    text."""

    columns: Sequence[str]
    keys: Sequence[str]
    moments: set[str] = Factory(set)


def look_at(sqlalchemy: Any, inspector: Any, name: str, *, view: bool) -> Shape:
    """Return the shape of a table or view."""
    connection = inspector.bind
    if connection.dialect.name == "sqlite":
        # it does not tell the types of what a query gives
        found = {c["name"]: c["type"] for c in inspector.get_columns(name)}
        moments = {n for n, t in found.items() if isinstance(t, sqlalchemy.types.DateTime)}
        return Shape(list(found), _keys(inspector, name), moments)
    # the catalogue of some servers hides the columns of a view from those who may read its rows
    none = sqlalchemy.select(sqlalchemy.text("*")).select_from(sqlalchemy.table(name))
    columns = list(connection.execute(none.where(sqlalchemy.text("1 = 0"))).keys())
    if view:
        return Shape(columns, [])
    keys: list[str] = []
    return Shape(columns, _asked(inspector, lambda: _keys(inspector, name), keys))


def _keys(inspector: Any, name: str) -> list[str]:
    found: list[str] = inspector.get_pk_constraint(name)["constrained_columns"]
    return found


def _asked(inspector: Any, question: Callable[[], T], otherwise: T) -> T:
    """Return what a server tells, or something else when it does not: what can be done without."""
    try:
        with inspector.bind.begin_nested():
            return question()
    # servers refuse in many ways, and what is left of the transaction goes on
    except Exception:
        return otherwise


def in_other_schemas(inspector: Any, missing: Sequence[str]) -> dict[str, list[str]]:
    """Return by schema the tables whose names are those of `missing` ones."""

    def look() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        others = [
            s
            for s in inspector.get_schema_names()
            if s != inspector.default_schema_name and s not in _SYSTEM and not s.startswith("pg_")
        ]
        for schema in sorted(others)[:_SCHEMAS]:
            names = {*inspector.get_table_names(schema), *inspector.get_view_names(schema)}
            if mine := sorted(n for n in names if table_of(n) in missing):
                found[schema] = mine
        return found

    # a database file has no schemas
    here = not missing or inspector.dialect.name == "sqlite"
    return {} if here else _asked(inspector, look, {})


def believe_any_version(engine: Any) -> None:
    """Let relatives of PostgreSQL be read whose version does not say that they are one."""
    dialect = engine.dialect
    if dialect.name != "postgresql":
        return
    ask = dialect._get_server_version_info

    def version(connection: Any) -> tuple[int, ...]:
        try:
            found: tuple[int, ...] = ask(connection)
            return found
        except AssertionError:
            return _VERSION

    dialect._get_server_version_info = version
