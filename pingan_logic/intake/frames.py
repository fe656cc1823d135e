"""Data frames of any library to raw tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from pingan_logic.errors import InputError, Problem, RequestError
from pingan_logic.exact import plain
from pingan_logic.intake.arrow_stream import Unreadable, read_stream
from pingan_logic.intake.cells import Trap
from pingan_logic.intake.headers import read_header
from pingan_logic.intake.interchange import read_interchange
from pingan_logic.intake.rows import RawTable, columns
from pingan_logic.intake.source import Source
from pingan_logic.intake.values import FLOAT, MOMENT, inexact

__all__ = ["read_frames"]

_INDEX = re.compile(r"__index_level_\d+__")
"""What pandas calls an index without a name: the numbers of rows."""


def read_frames(frames: Mapping[str, Any]) -> Source:
    """Return the raw tables of data frames; None is a table that is not there.

    Columns are called as in the CSV files. Raises RequestError for what is no data frame, and
    InputError for a column of another type.
    """
    source = Source()
    for table, frame in frames.items():
        if frame is not None:
            source.names[table] = table
            source.put(_table(table, _columns(table, frame), source), table)
    source.require_units("units", "缺少该表", "the table is missing")
    return source


def _columns(table: str, frame: Any) -> dict[str, list[Any]]:
    try:
        if hasattr(frame, "__arrow_c_stream__"):
            try:
                return read_stream(frame)
            except ImportError:  # pandas makes its stream with pyarrow
                if not hasattr(frame, "__dataframe__"):
                    raise
        if hasattr(frame, "__dataframe__"):
            return read_interchange(frame)
    except Unreadable as error:
        name, form = error.args
        zh, en = (
            "应为文字、整数、Decimal 或日期的列",
            "expected text, whole numbers, Decimals or dates",
        )
        if not form:
            zh, en = "列重复", "the column stands twice"
        raise InputError([Problem(f"{table} {name}", zh, en, form or None)]) from None
    except Exception as error:  # of the library that made the frame: which ones, it alone knows
        said = str(error).strip().split("\n")[0]
        zh, en = "无法读取这个数据框", "the data frame cannot be read"
        raise InputError([Problem(table, zh, en, said or type(error).__name__)]) from error
    raise RequestError(
        [
            Problem(
                table,
                "应为数据框（有 __arrow_c_stream__ 或 __dataframe__："
                "pandas、Polars、Arrow、DuckDB）",
                "expected a data frame (with __arrow_c_stream__ or __dataframe__: pandas, Polars, "
                "Arrow, DuckDB)",
                type(frame).__name__,
            )
        ]
    )


def _table(table: str, found: dict[str, list[Any]], source: Source) -> RawTable | None:
    headers = [name for name in found if not _INDEX.fullmatch(name)]

    def head(_: int, position: int | None) -> str:
        return table if position is None else f"{table} {headers[position]}"

    source.pass_over(table, headers)
    needed = [c for c, a in columns(table).items() if a.default is attrs.NOTHING]
    names = read_header(table, headers, 1, head, source.problems, needed)
    if names is None:
        return None
    read = {c: found[h] for c, h in zip(names, headers, strict=True) if c}
    rows = list(zip(*(map(_cell, values) for values in read.values()), strict=True))

    def at(number: int, column: str) -> str:
        return f"{table}[{number}] {column}".rstrip()

    return RawTable(table, list(read), rows, range(len(rows)), at)


def _cell(value: Any) -> Any:
    """Return a value of a frame as it is read."""
    if value is None or isinstance(value, str):
        return value
    value = plain(value)
    if inexact(value):
        return Trap(*FLOAT, str(value))
    if isinstance(value, datetime):
        return Trap(*MOMENT, str(value))
    return value
