"""A JSON document to raw tables."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from pingan_logic.errors import InputError, Problem, nearest
from pingan_logic.intake.headers import column_of, table_of, unknown_column
from pingan_logic.intake.rows import RawTable, columns
from pingan_logic.intake.source import Source
from pingan_logic.model import TABLES

__all__ = ["read_json"]


class _Twice(Exception):
    pass


def read_json(text: str, file: str) -> Source:
    """Return the tables of a document. Raises InputError when it is not one at all."""
    document = _parse(text, file)
    source = Source()
    for key, items in document.items():
        table = table_of(key)
        if table is None:
            source.problems.append(
                Problem(
                    file,
                    f"不认识的表,应为 {'、'.join(TABLES)}",
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
            problems.append(Problem(where, "应为对象", "expected an object", str(item)))
            good = False
            continue
        cells: dict[str, Any] = {}
        for key, value in item.items():
            column = column_of(table, key)
            if column is None:
                problems.append(unknown_column(table, key, where))
            elif column in cells:
                problems.append(Problem(where, "列重复", "the column stands twice", key))
            else:
                cells[column] = value
        rows.append([cells.get(n) for n in names])
        numbers.append(number)

    def at(number: int, column: str) -> str:
        return f"{place}[{number}] {column}".rstrip()

    return RawTable(table, names, rows, numbers, at, whole=good)


def _parse(text: str, file: str) -> dict[str, Any]:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            keys = [k for k, _ in items]
            raise _Twice(next(k for k in keys if keys.count(k) > 1))
        return found

    try:
        document = json.loads(
            text, object_pairs_hook=pairs, parse_float=Decimal, parse_constant=_refuse
        )
    except _Twice as error:
        raise InputError(
            [Problem(file, "同一对象中键重复", "a key stands twice in one object", str(error))]
        ) from None
    except json.JSONDecodeError as error:
        place = f"{file}:{error.lineno}:{error.colno}"
        rest = text[error.pos : error.pos + 20]
        raise InputError(
            [Problem(place, "从这里起不是合法的 JSON", "from here on it is not valid JSON", rest)]
        ) from None
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise InputError(
            [
                Problem(
                    file,
                    "不是合法的 JSON(NaN、Infinity 或层次太深)",
                    "is not valid JSON (NaN, Infinity or nested too deep)",
                    str(error) if isinstance(error, InvalidOperation) else None,
                )
            ]
        ) from None
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
    return document


def _refuse(name: str) -> Any:
    raise InvalidOperation(name)
