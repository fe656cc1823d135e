"""A JSON document to raw tables."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pingan_logic.errors import InputError, Problem, nearest
from pingan_logic.intake.headers import column_of, table_of, unknown_column
from pingan_logic.intake.rows import RawTable, Trap, columns
from pingan_logic.intake.source import Source
from pingan_logic.model import TABLES

__all__ = ["parse_json", "read_json", "read_tables"]

_DIGITS = 18
"""Digits of a number that is read as a whole one."""


class _Twice(Exception):
    pass


class _NoNumber(Exception):
    pass


def read_json(text: str, file: str) -> Source:
    """Return the tables of a document. Raises InputError when it is not one at all."""
    document = parse_json(text, file)
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
            problems.append(Problem(where, "应为对象", "expected an object", _shown(item)))
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
                cells[column] = _cell(value)
        rows.append([cells.get(n) for n in names])
        numbers.append(number)

    def at(number: int, column: str) -> str:
        return f"{place}[{number}] {column}".rstrip()

    return RawTable(table, names, rows, numbers, at, whole=good)


def _cell(value: Any) -> Any:
    """Return a value as it is read; what is no single value is never looked into."""
    if isinstance(value, (list, dict)) or (isinstance(value, float) and not math.isfinite(value)):
        return Trap("应为文字或数字", "expected text or a number", _shown(value))
    # a number of a document that came over the network
    return Decimal(repr(value)) if isinstance(value, float) else value


def _shown(value: Any) -> str:
    return "[…]" if isinstance(value, (list, dict)) else str(value)


def _whole(text: str) -> int | Decimal:
    """Read a whole number; one longer than any we hold is not turned into one, which takes long."""
    return int(text) if len(text) <= _DIGITS else Decimal(text)


def parse_json(text: str, file: str) -> Any:
    """Return a JSON value, numbers with decimals as Decimal.

    Raises InputError when it is none, or has a key twice in one object.
    """

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            counts = Counter(k for k, _ in items)
            raise _Twice(next(k for k, n in counts.items() if n > 1))
        return found

    try:
        return json.loads(
            text,
            object_pairs_hook=pairs,
            parse_int=_whole,
            parse_float=Decimal,
            parse_constant=_refuse,
        )
    except _Twice as error:
        raise InputError(
            [Problem(file, "同一对象中键重复", "a key stands twice in one object", str(error))]
        ) from None
    except RecursionError:
        raise InputError(
            [Problem(file, "JSON 嵌套过深", "the JSON is nested too deeply")]
        ) from None
    except json.JSONDecodeError as error:
        place = f"{file}:{error.lineno}:{error.colno}"
        rest = text[error.pos : error.pos + 20]
        raise InputError(
            [Problem(place, "从这里起不是合法的 JSON", "from here on it is not valid JSON", rest)]
        ) from None
    except (_NoNumber, InvalidOperation) as error:
        raise InputError(
            [
                Problem(
                    file,
                    "不是合法的 JSON(其中有不能用的数)",
                    "is not valid JSON (a number in it cannot be used)",
                    str(error),
                )
            ]
        ) from None


def _refuse(name: str) -> Any:
    raise _NoNumber(name)
