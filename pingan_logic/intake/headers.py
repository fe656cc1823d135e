"""Names of tables and columns as people write them: English codes or Chinese headers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, lru_cache

from pingan_logic.errors import Problem, nearest
from pingan_logic.intake.limits import NAME
from pingan_logic.intake.rows import columns, required_columns
from pingan_logic.model import TABLE_NAMES, TABLES

__all__ = [
    "column_of",
    "header_name",
    "looks_like_header",
    "read_header",
    "table_name",
    "table_names",
    "table_of",
    "unknown_column",
]

At = Callable[[int, "int | None"], str]
"""Names the place of a row, or of the cell at a position in it."""


def table_name(table: str) -> str:
    """Return the Chinese name of a table."""
    return TABLE_NAMES[table][0]


def table_names(table: str) -> str:
    """Return both names of a table, for messages and lists."""
    return f"{table_name(table)}({table})"


def header_name(table: str, column: str) -> str:
    """Return the Chinese header of a column."""
    headers: tuple[str, ...] = columns(table)[column].metadata["headers"]
    return headers[0]


@lru_cache(maxsize=1)
def _tables() -> dict[str, str]:
    return {_narrow(name): t for t in TABLES for name in (t, *TABLE_NAMES[t])}


@cache
def _columns(table: str) -> dict[str, str]:
    return {
        _plain(name): code
        for code, column in columns(table).items()
        for name in (code, *column.metadata["headers"])
    }


def table_of(name: str) -> str | None:
    """Return the table that a sheet, file or database table of this name holds."""
    return _tables().get(_narrow(name))


def column_of(table: str, header: str) -> str | None:
    """Return the column that a header means in `table`."""
    return _columns(table).get(_plain(header))


def looks_like_header(table: str, cells: Sequence[str]) -> bool:
    """Whether most of `cells` are headers of `table`."""
    filled = [c for c in cells if c.strip()]
    known = sum(column_of(table, c) is not None for c in filled)
    return known >= 2 and known * 2 > len(filled)


def unknown_column(table: str, header: str, place: str) -> Problem:
    """Return the problem of a header that `table` does not have."""
    codes = list(columns(table))
    chinese = [header_name(table, c) for c in codes]
    shown = chinese if re.search(r"[\u3400-\u9fff]", header) else codes
    return Problem(
        place,
        f"不认识的列,应为 {'、'.join(shown)}",
        f"unknown column; expected {', '.join(codes)}",
        header,
        nearest(header, shown),
    )


def read_header(
    table: str, cells: Sequence[str], row: int, at: At, problems: list[Problem]
) -> list[str] | None:
    """Return the column of each cell of a header row, or None after naming what is wrong."""
    before = len(problems)
    found: dict[str, int] = {}
    names: list[str] = []
    for position, cell in enumerate(cells):
        code = column_of(table, cell)
        names.append(code or "")
        if code is None:
            place = at(row, position)
            if cell.strip():
                problems.append(unknown_column(table, cell, place))
            else:
                problems.append(Problem(place, "列没有表头", "the column has no header"))
        elif code in found:
            first = cells[found[code]]
            twice = cell if first.strip() == cell.strip() else f"{first}, {cell}"
            place = at(row, position)
            problems.append(Problem(place, "列重复", "the column stands twice", twice))
        else:
            found[code] = position
    where = at(row, None)
    for name in required_columns(table):
        if name not in found:
            both = f"{name}({header_name(table, name)})"
            problems.append(Problem(where, f"缺少列 {both}", f"column {name} is missing"))
    if table == "polls" and not {"result", "rank"} & set(found):
        problems.append(
            Problem(
                where,
                "缺少列 result 或 rank(结果或名次)",
                "column result or rank is missing",
            )
        )
    return names if len(problems) == before else None


def _narrow(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).casefold())


def _plain(header: str) -> str:
    """Return a header without marks of what is required and remarks in brackets."""
    narrow = _narrow(header)
    # a long run of marks would take the search for ever
    return narrow if len(narrow) > NAME else re.sub(r"(\*|※|\([^()]*\))+$", "", narrow)
