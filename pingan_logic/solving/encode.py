"""Unit data as ASP facts. The only module that writes them.

Ids go in as escaped strings. Kinds, types and grades are names of the policy's own vocabulary and
have been checked against it before they come here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TextIO

from pingan_logic.model import Facts

__all__ = ["INPUTS", "Word", "quote", "write_atoms", "write_facts"]

INPUTS = {
    "unit": 2,
    "parent": 2,
    "affiliation": 2,
    "incident": 6,
    "responsible": 2,
    "stands_for": 2,
    "ledger": 3,
    "score": 3,
    "poll": 3,
    "requirement": 3,
    "not_applicable": 3,
    "opened": 2,
    "closed": 2,
    "changed": 3,
    "asked": 1,
    "cut_off": 1,
    "year": 1,
}
"""The predicates that data is written as, with their arity."""


def quote(text: str) -> str:
    """Return `text` as an ASP string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


class Word(str):
    """A name of the policy's own vocabulary: written as it is, never as text."""

    __slots__ = ()


_NAME = re.compile(r"[a-z][a-zA-Z0-9_]*")


def _term(value: object) -> str:
    if isinstance(value, tuple):
        return f"{_term(value[0])}({','.join(_term(v) for v in value[1:])})"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Word):
        if not _NAME.fullmatch(value):
            raise ValueError(value)
        return value
    return quote(str(value))


def write_atoms(rows: Iterable[tuple[str, tuple[object, ...]]], out: TextIO) -> None:
    """Write facts `name(arguments)`: a Word is a name, other text is quoted, a tuple is a term
    whose first item is its name."""
    for name, arguments in rows:
        out.write(f"{name}({','.join(map(_term, arguments))}).\n")


def _day(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


def write_facts(
    facts: Facts,
    year: int,
    cut_off: date,
    out: TextIO,
    numbers: Mapping[str, int] | None = None,
    asked: Iterable[str] = (),
) -> None:
    """Write `facts` as an ASP program for one run over `year` with data up to `cut_off`.

    `numbers` says for how many units some of them stand, those for more than one alone count.
    `asked` names what the run wants beside verdicts: attainment.
    """
    write = out.write
    write(f"year({year}).\ncut_off({_day(cut_off)}).\n")
    for what in asked:
        write(f"asked({what}).\n")
    units, sizes = facts.units, numbers or {}
    for unit, kind in zip(units.column("id"), units.column("kind"), strict=True):
        write(f"unit({kind},{quote(unit)}).\n")
        if sizes.get(unit, 1) > 1:
            write(f"stands_for({quote(unit)},{sizes[unit]}).\n")
    for name, term in _OF_UNITS.items():
        if units.given(name):
            for unit, value in zip(units.column("id"), units.column(name), strict=True):
                if value:
                    write(f"{name}({quote(unit)},{term(value)}).\n")
    for c in facts.changes:
        write(f"changed({quote(c.unit)},{_day(c.date)},{c.change}({quote(c.value)})).\n")
    for i in facts.incidents:
        me = quote(i.id)
        write(
            f"incident({me},{quote(i.unit)},{i.type},{i.grade or 'none'},"
            f"{i.liability or 'none'},{_day(i.date)}).\n"
        )
        if i.responsible_unit:
            write(f"responsible({me},{quote(i.responsible_unit)}).\n")
    for ledger in facts.ledgers:
        item = "all" if ledger.item == "*" else ledger.item
        write(f"ledger({quote(ledger.unit)},{item},{ledger.year}).\n")
    for s in facts.scores:
        write(f"score({quote(s.unit)},{s.year},{int(s.score * 100)}).\n")
    for p in facts.polls:
        result = p.result or f"rank({p.rank})"
        write(f"poll({quote(p.unit)},{p.year},{result}).\n")
    for r in facts.requirements:
        write(f"requirement({r.kind},{r.year},{r.max_rank}).\n")
    for n in facts.not_applicable:
        write(f"not_applicable({quote(n.unit)},{n.clause},{n.year}).\n")


_OF_UNITS: dict[str, Callable[[Any], object]] = {
    "parent": quote, "affiliation": str, "opened": _day, "closed": _day,
}  # fmt: skip
"""The columns of units that are predicates of their own, and how their values are written."""
