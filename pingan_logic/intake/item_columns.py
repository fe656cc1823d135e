"""Sheets of values that have a column for each item: `数值-村`, `values-village`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve

from pingan_logic.catalogue import Policy
from pingan_logic.characters import narrow
from pingan_logic.errors import Problem, nearest
from pingan_logic.intake.headers import HINTS, ITEM, header_name
from pingan_logic.intake.rows import RawTable, columns
from pingan_logic.intake.vocabulary import Vocabulary, column_words

__all__ = ["unfolded"]

_BRACKETS = re.compile(r"(.+)\([^()]*\)")
"""A header with what is said of it: its unit and its range."""


def unfolded(
    by_item: Sequence[RawTable], plain: RawTable | None, policy: Policy, problems: list[Problem]
) -> RawTable:
    """Return one table of values with a row for each cell of `by_item`, after those of `plain`.

    Headers that are no item are added to `problems`.
    """
    names = [*columns("values"), *HINTS]
    rows: list[list[Any]] = []
    origin: list[tuple[RawTable, int, str]] = []
    for raw in [] if plain is None else [plain]:
        for number, row in zip(raw.numbers, raw.rows, strict=True):
            cells = dict(zip(raw.columns, row, strict=True))
            rows.append([cells.get(name) for name in names])
            origin.append((raw, number, ""))
    for raw in by_item:
        items = _items(raw, policy, problems)
        for number, row in zip(raw.numbers, raw.rows, strict=True):
            cells = dict(zip(raw.columns, row, strict=True))
            for column, item in items.items():
                if cells[column] is None or not str(cells[column]).strip():
                    continue
                cells |= {"item": item, "value": cells[column]}
                rows.append([cells.get(name) for name in names])
                origin.append((raw, number, column))

    def at(number: int, column: str) -> str:
        raw, row, own = origin[number]
        return raw.at(row, own if own and column in ("item", "value", "") else column)

    every = [*by_item, *([] if plain is None else [plain])]
    made = RawTable("values", names, rows, range(len(rows)), at, examples=True)
    return evolve(made, whole=all(raw.whole for raw in every))


def _items(raw: RawTable, policy: Policy, problems: list[Problem]) -> Mapping[str, str]:
    """Return the item of each column of a sheet that has one for each."""
    words = column_words(policy, columns("values")["item"]) or {}
    known = Vocabulary(words)
    found: dict[str, str] = {}
    for column in raw.columns:
        if not column.startswith(ITEM):
            continue
        code, place, header = _code(known, column), raw.at(raw.head, column), column[len(ITEM) :]
        if code is None and not words:
            zh, en = "规则没有声明要登记的数值，请删除这一列", "the policy declares no items"
            problems.append(Problem(place, zh, en, header))
        elif code is None:
            zh = "、".join([*(header_name("values", c) for c in ("unit", "year")), *known.labels])
            en = ", ".join(["unit", "year", *words])
            near = nearest(header, [*known.labels, *words])
            said = f"不认识的列，应为 {zh}", f"unknown column; expected {en}"
            problems.append(Problem(place, *said, header, near))
        elif code in found.values():
            problems.append(Problem(place, "列重复", "the column stands twice", header))
        else:
            found[column] = code
    return found


def _code(known: Vocabulary, column: str) -> str | None:
    """Return the item that a header means, whatever stands in brackets after its name."""
    text: str = column[len(ITEM) :]
    while (code := known.code(text)) is None:
        match = _BRACKETS.fullmatch(narrow(text))
        if match is None:
            return None
        text = match[1]
    return code
