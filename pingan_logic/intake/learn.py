"""A proposal of `columns.toml` for a workbook whose sheets and headers are not ours: from names
that are near, and from what the cells hold. A person goes through it before anything is read by it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attrs import define, field

from pingan_logic.catalogue import Policy
from pingan_logic.errors import nearest
from pingan_logic.intake.asides import is_aside, is_title
from pingan_logic.intake.headers import (
    column_of,
    has_item_columns,
    header_name,
    hint_of,
    passed_over,
    table_name,
    table_of,
)
from pingan_logic.intake.rows import columns, required_columns
from pingan_logic.intake.vocabulary import Vocabulary
from pingan_logic.messages.forms import WORDS
from pingan_logic.model import TABLES

__all__ = ["proposal"]

_ROWS = 200
"""Rows of a sheet that are looked at."""
_MOST = 0.7
"""The share of the cells of a column that must look like what it is taken for."""


@define
class _Guess:
    """A table that a sheet may be, with the column of each header and how it was told."""

    table: str
    columns: dict[int, tuple[str, str]] = field(factory=dict)

    @property
    def score(self) -> tuple[int, int]:
        """How well it fits: columns that must be there, then all."""
        found = {code for code, _ in self.columns.values()}
        needed = set(required_columns(self.table))
        return len(needed & found) * 2 - len(needed - found), len(found)


def proposal(sheets: Mapping[str, Sequence[Sequence[Any]]], policy: Policy, lang: str) -> str:
    """Return the proposed file for the cells of sheets, by name."""
    known = Vocabulary.of_tables(policy)
    pieces = [WORDS[lang]["head"]]
    for name, rows in sheets.items():
        if any(_filled(row) for row in rows) and not has_item_columns(name):
            pieces += ["", *_sheet(name, rows, known, lang)]
    return "\n".join(pieces) + "\n"


def _sheet(
    name: str,
    rows: Sequence[Sequence[Any]],
    known: Mapping[tuple[str, str], Vocabulary],
    lang: str,
) -> list[str]:
    w = WORDS[lang]
    head = next((n for n, row in enumerate(rows) if _filled(row) and not is_title(row)), 0)
    header = ["" if c is None else str(c).strip() for c in rows[head]]
    body = [r for r in rows[head + 1 : head + 1 + _ROWS] if _filled(r) and not is_aside(r)]
    cells = [[r[p] for r in body if p < len(r) and _written(r[p])] for p in range(len(header))]
    named = table_of(name)
    guesses = [_guess(t, header, cells, known) for t in ([named] if named else TABLES)]
    best = max(guesses, key=lambda g: g.score)
    title = f"[sheet.{_quoted(name)}]"
    if named is None and best.score[0] < 1:
        return [title, w["no_table"]]
    lines = [title, f"table = {_quoted(table_name(best.table))}"]
    mapped = {p: (c, how) for p, (c, how) in best.columns.items() if how}
    if not mapped and named:
        lines.append(w["known"])
    if mapped:
        lines.append(f"[sheet.{_quoted(name)}.columns]")
        for position, (code, how) in mapped.items():
            said = f"  # {w[how]}"
            ours = _quoted(header_name(best.table, code))
            lines.append(f"{_quoted(header[position])} = {ours}{said}")
    rest = [
        h
        for p, h in enumerate(header)
        if h and p not in best.columns and not passed_over([h]) and not hint_of(h)
    ]
    if rest:
        lines.insert(2, f"ignore = [{', '.join(map(_quoted, rest))}]")
    found = {code for code, _ in best.columns.values()}
    missing = [header_name(best.table, c) for c in required_columns(best.table) if c not in found]
    if missing:
        lines.append(w["missing"].format(names="、".join(missing)))
    for position, (code, _) in best.columns.items():
        words = known.get((best.table, code))
        strange = [] if words is None else _strange(cells[position], words)
        if words is not None and strange:
            lines.append(f"[sheet.{_quoted(name)}.words.{_quoted(header_name(best.table, code))}]")
            for text in strange:
                if meant := words.meanings(text):
                    # which of them is meant is nothing to be guessed
                    labels = "、".join(map(words.label, meant))
                    said = f"{w['several']}{labels}"
                    lines.append(f"# {_quoted(text)} = {_quoted('')}  # {said}")
                    continue
                near = words.nearest(text) or ""
                lines.append(f"{_quoted(text)} = {_quoted(near)}  # {w['word']}")
    return lines


def _guess(
    table: str,
    header: Sequence[str],
    cells: Sequence[Sequence[Any]],
    known: Mapping[tuple[str, str], Vocabulary],
) -> _Guess:
    """Return the columns that headers may mean in a table: by name, by what they hold, by a name
    that is near."""
    guess = _Guess(table)
    taken: set[str] = set()

    def take(position: int, code: str | None, how: str) -> None:
        if code is not None and code not in taken and position not in guess.columns:
            guess.columns[position] = (code, how)
            taken.add(code)

    for position, text in enumerate(header):
        take(position, column_of(table, text) if text else None, "")
    open_ = [p for p, h in enumerate(header) if h and not passed_over([h]) and not hint_of(h)]
    for position in open_:
        for code, column in columns(table).items():
            if _holds(cells[position], column.metadata["kind"], known.get((table, code))):
                take(position, code, "guess")
    names = {h: c for c, a in columns(table).items() for h in a.metadata["headers"]}
    for position in open_:
        near = nearest(header[position], [h for h, c in names.items() if c not in taken])
        take(position, names[near] if near else None, "near")
    ids = [p for p, (code, _) in guess.columns.items() if code == "id"]
    own = {_text(c) for p in ids for c in cells[p]}
    for position in open_ if table == "units" else ():
        if sum(_text(c) in own for c in cells[position]) >= max(1, _MOST * len(cells[position])):
            take(position, "parent", "guess")
    return guess


def _holds(cells: Sequence[Any], kind: str, words: Vocabulary | None) -> bool:
    """Whether most cells are words of a column, or days or years; ids and texts cannot be told."""
    if not cells:
        return False
    if words is not None:
        good = sum(isinstance(c, str) and words.code(c) is not None for c in cells)
    elif kind == "date":
        good = sum(isinstance(c, (date, datetime)) or bool(_DAY.fullmatch(_text(c))) for c in cells)
    elif kind == "year":
        good = sum(bool(_YEAR.fullmatch(_text(c))) for c in cells)
    else:
        return False
    return good >= _MOST * len(cells)


_DAY = re.compile(r"(19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?.*")
_YEAR = re.compile(r"(19|20)\d\d(年度?)?")


def _strange(cells: Sequence[Any], words: Vocabulary) -> list[str]:
    texts = dict.fromkeys(_text(c) for c in cells)
    return [t for t in texts if t and words.code(t) is None and t not in words.words]


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return unicodedata.normalize("NFKC", str(cell)).strip()


def _written(cell: Any) -> bool:
    return cell is not None and bool(str(cell).strip())


def _filled(row: Sequence[Any]) -> bool:
    return any(map(_written, row))


def _quoted(text: str) -> str:
    """Return a text as TOML writes it: its basic strings are JSON's."""
    return json.dumps(text, ensure_ascii=False)
