"""A JSON document to raw tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from pingan_logic.errors import InputError, Problem, nearest
from pingan_logic.exact import plain
from pingan_logic.intake.cells import Trap
from pingan_logic.intake.forms import active
from pingan_logic.intake.headers import column_of, table_of, unknown_column
from pingan_logic.intake.json_document import read_value
from pingan_logic.intake.rows import RawTable, columns
from pingan_logic.intake.source import Source
from pingan_logic.intake.values import FLOAT, MOMENT, inexact
from pingan_logic.model import TABLES

__all__ = ["read_json", "read_tables"]


def read_json(data: bytes, file: str, encoding: str | None = None) -> Source:
    """Return the tables of a document. Raises InputError when it is not one at all."""
    document = read_value(data, file, encoding)
    if not isinstance(document, dict):
        raise InputError(
            [
                Problem(
                    file,
                    '应为对象 {"units": [...], ...}',
                    'expected an object {"units": [...], ...}',
                )
            ]
        )
    return read_tables(document, file)


def read_tables(document: Mapping[str, Any], file: str) -> Source:
    """Return the tables of a document that was parsed already; `file` names it in messages."""
    source = Source()
    for key, items in document.items():
        table = table_of(key)
        if table is None:
            source.problems.append(
                Problem(
                    file,
                    f"不认识的表，应为 {'、'.join(TABLES)}",
                    f"unknown table; expected {', '.join(TABLES)}",
                    key,
                    nearest(key, TABLES),
                )
            )
        elif not isinstance(items, list):
            source.problems.append(Problem(f"{file} {key}", "应为数组", "expected an array"))
            source.claim(table, f"{file} {key}")
            source.partial.add(table)
        elif source.claim(table, f"{file} {key}"):
            source.put(_table(items, table, f"{file} {key}", source.problems), table)
    source.require_units(f"{file} units", "缺少该表", "the table is missing")
    return source


def _table(items: list[Any], table: str, place: str, problems: list[Problem]) -> RawTable:
    names = list(columns(table))
    rows: list[list[Any]] = []
    numbers: list[int] = []
    good = True
    for number, item in enumerate(items):
        where = f"{place}[{number}]"
        if not isinstance(item, dict):
            problems.append(Problem(where, "应为对象", "expected an object", _shown(item)))
            good = False
            continue
        cells: dict[str, Any] = {}
        for key, value in item.items():
            column = column_of(table, key)
            if column is None and active().column(table, key) == "":
                continue
            if column is None:
                problems.append(unknown_column(table, key, where))
            elif column in cells:
                problems.append(Problem(where, "列重复", "the column stands twice", key))
            else:
                cells[column] = _cell(value)
        rows.append([cells.get(n) for n in names])
        numbers.append(number)

    def at(number: int, column: str) -> str:
        return f"{place}[{number}] {column}".rstrip()

    return RawTable(table, names, rows, numbers, at, whole=good)


def _cell(value: Any) -> Any:
    """Return a value as it is read; what is no single value is never looked into."""
    if isinstance(value, (list, dict)):
        return Trap("应为文字或数字", "expected text or a number", _shown(value))
    if value is None or isinstance(value, (str, int, Decimal)):
        return value
    value = plain(value)  # in a document made in memory
    if inexact(value):
        return Trap(*FLOAT, _shown(value))
    if isinstance(value, datetime):
        return Trap(*MOMENT, _shown(value))
    return value


def _shown(value: Any) -> str:
    return "[…]" if isinstance(value, (list, dict)) else str(value)
