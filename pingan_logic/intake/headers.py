"""Names of tables and columns as people write them: English codes or Chinese headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache

from pingan_logic.characters import narrow
from pingan_logic.errors import Problem, nearest
from pingan_logic.intake.forms import active
from pingan_logic.intake.rows import columns, required_columns
from pingan_logic.limits import NAME
from pingan_logic.model import TABLE_NAMES, TABLES

__all__ = [
    "HINTS",
    "ITEM",
    "column_of",
    "has_item_columns",
    "header_name",
    "hint_of",
    "is_header_word",
    "looks_like_header",
    "passed_over",
    "read_header",
    "table_like",
    "table_name",
    "table_names",
    "table_of",
    "title_above",
    "unknown_column",
]

_NOT_DATA = frozenset(
    {
        "备注", "序号", "序", "顺序号", "行号", "说明", "备考", "电话", "联系电话", "手机",
        "手机号", "手机号码", "联系方式", "联系人", "填表人", "填报人", "经办人", "审核人",
        "登记人", "note", "notes", "remark", "remarks", "no", "no.", "#", "phone",
        "telephone", "contact",
    }
)  # fmt: skip
"""Headers of columns that ledgers have for their readers; they are passed over with a notice."""

HINTS = {
    "@township": ("乡镇", "所在乡镇", "所属乡镇", "乡镇名称", "乡镇街道", "镇街", "township"),
    "@village": ("村", "所在村", "所属村", "村社区", "社区", "行政村", "村居", "village"),
    "@compound": ("小区", "所在小区", "所属小区", "小区名称", "compound"),
    "@building": ("楼栋", "所在楼栋", "楼栋号", "栋号", "栋", "building"),
}  # fmt: skip
"""Headers of columns that say where the unit of a row is: they tell units of one name apart."""
ITEM = "+"
"""Begins the name of a column that is an item of the table of values: what stands in its header."""
_ITEM_COLUMNS = re.compile(r"(?:数值|values)[-_–—](?=.)")
_SEPARATORS = {";": "分号", "\t": "制表符", "，": "全角逗号", "、": "顿号", "|": "竖线"}

At = Callable[[int, "int | None"], str]
"""Names the place of a row, or of the cell at a position in it."""


def table_name(table: str) -> str:
    """Return the Chinese name of a table."""
    return TABLE_NAMES[table][0]


def table_names(table: str) -> str:
    """Return both names of a table, for messages and lists."""
    return f"{table_name(table)}（{table}）"


def header_name(table: str, column: str) -> str:
    """Return the Chinese header of a column."""
    headers: tuple[str, ...] = columns(table)[column].metadata["headers"]
    return headers[0]


@lru_cache(maxsize=1)
def _tables() -> dict[str, str]:
    return {narrow(name): t for t in TABLES for name in (t, *TABLE_NAMES[t])}


@cache
def _hints() -> dict[str, str]:
    return {_plain(name): hint for hint, names in HINTS.items() for name in names}


def hint_of(header: str) -> str | None:
    """Return what a header says of where the unit of a row is, such as `@township`."""
    return _hints().get(_plain(header))


@cache
def _columns(table: str) -> dict[str, str]:
    return {
        _plain(name): code
        for code, column in columns(table).items()
        for name in (code, *column.metadata["headers"])
    }


def table_of(name: str) -> str | None:
    """Return the table that a sheet, file or database table of this name holds."""
    return active().table(name) or _tables().get(narrow(name))


def has_item_columns(name: str) -> bool:
    """Whether a sheet or file of this name has values with a column for each item."""
    return _ITEM_COLUMNS.match(narrow(name)) is not None


def column_of(table: str, header: str) -> str | None:
    """Return the column that a header means in `table`."""
    mapped = active().column(table, header)
    return (mapped or None) if mapped is not None else _columns(table).get(_plain(header))


def looks_like_header(table: str, cells: Sequence[str]) -> bool:
    """Whether most of `cells` are headers of `table`."""
    filled = [c for c in cells if c.strip()]
    known = sum(column_of(table, c) is not None for c in filled)
    return known >= 2 and known * 2 > len(filled)


def table_like(cells: Sequence[str]) -> str | None:
    """Return the table whose header `cells` look most like, if any."""
    likely = [t for t in TABLES if looks_like_header(t, cells)]
    return max(likely, key=lambda t: sum(column_of(t, c) is not None for c in cells), default=None)


@cache
def _header_words() -> frozenset[str]:
    return frozenset(
        n for t in TABLES for c, a in columns(t).items() for n in (c, *a.metadata["headers"])
    )


def is_header_word(text: str) -> bool:
    """Whether `text` is just the header of some column: a quick look before a careful one."""
    return text.strip() in _header_words()


def passed_over(cells: Sequence[str]) -> list[str]:
    """Return the headers of columns that are not data: remarks and serial numbers."""
    return [c for c in cells if _plain(c) in _NOT_DATA]


def title_above(place: str, row: int, cells: Sequence[str]) -> Problem:
    """Return the problem of `cells` at `place` that stand above the header in `row`."""
    return Problem(
        place,
        f"表头应在最上面：第{row}行像是表头，请删除它上面的行",
        f"the header must come first: row {row} looks like it; delete the rows above it",
        next((c for c in cells if c.strip()), None),
    )


def unknown_column(table: str, header: str, place: str) -> Problem:
    """Return the problem of a header that `table` does not have."""
    codes = list(columns(table))
    chinese = [header_name(table, c) for c in codes]
    shown = chinese if re.search(r"[\u3400-\u9fff]", header) else codes
    return Problem(
        place,
        f"不认识的列，应为 {'、'.join(shown)}",
        f"unknown column; expected {', '.join(codes)}",
        header,
        nearest(header, shown),
    )


def read_header(
    table: str,
    cells: Sequence[str],
    row: int,
    at: At,
    problems: list[Problem],
    required: Sequence[str] | None = None,
    *,
    by_item: bool = False,
) -> list[str] | None:
    """Return the column of each cell of a header row, "" for those that are none.

    `required` are the columns that must be there, by default those of a ledger. In one that has
    values `by_item` every other column is an item. What is wrong is added to `problems`; None when
    the rows below cannot be read at all.
    """
    if len(cells) == 1 and (problem := _not_commas(table, cells[0], at(row, None))):
        problems.append(problem)
        return None
    found: dict[str, int] = {}
    names: list[str] = []
    for position, cell in enumerate(cells):
        code = column_of(table, cell) or hint_of(cell)
        if by_item and code in (None, "item", "value") and cell.strip() and not passed_over([cell]):
            code = ITEM + cell.strip()
        names.append(code if code and code not in found else "")
        if code is None and (passed_over([cell]) or active().column(table, cell) == ""):
            continue
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
    given = {*found, *active().constants.get(table, ())}
    if required is None:
        required = ("unit", "year") if by_item else required_columns(table)
    for name in required:
        if name not in given:
            both = f"{name}（{header_name(table, name)}）"
            problems.append(Problem(where, f"缺少列 {both}", f"column {name} is missing"))
    if table == "polls" and not {"result", "rank"} & given:
        problems.append(
            Problem(
                where,
                "缺少列 result 或 rank（结果或名次）",
                "column result or rank is missing",
            )
        )
        return None
    return names if found else None


def _not_commas(table: str, line: str, place: str) -> Problem | None:
    """Return the problem of a header whose cells are parted by something else than commas."""
    for mark, name in _SEPARATORS.items():
        if looks_like_header(table, line.split(mark)):
            return Problem(
                place,
                f"各列要用英文逗号分隔，这里用的是{name}；请另存为“CSV UTF-8（逗号分隔）”",
                "the columns must be separated by commas; save it as 'CSV UTF-8 (comma delimited)'",
                line,
            )
    return None


def _plain(header: str) -> str:
    """Return a header without marks of what is required, before or after it, and remarks in
    brackets."""
    text = narrow(header)
    # a long run of marks would take the search for ever
    return text if len(text) > NAME else _MARKS.sub("", text)


_MARKS = re.compile(r"^(\*|※|★|\([^()]*\))+|(\*|※|★|:|\([^()]*\))+$")
