"""Unit data as ASP facts. The only module that writes them.

Ids go in as escaped strings. Kinds, types and grades are names of the policy's own vocabulary and
have been checked against it before they come here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TextIO

from pingan_logic.catalogue import Policy
from pingan_logic.memory import Once
from pingan_logic.model import Facts
from pingan_logic.table import Table

__all__ = ["REPORTED", "Word", "fact_atoms", "quote", "write_atoms"]

REPORTED = ("shares", "attainment")
"""What a run can be asked for beside verdicts."""


def quote(text: str) -> str:
    """Return `text` as an ASP string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _quoted(texts: Sequence[str]) -> list[str]:
    """Return texts as ASP strings: in most of a county there is nothing to escape in any."""
    whole = "".join(texts)
    if "\\" in whole or '"' in whole or "\n" in whole:
        return list(map(quote, texts))
    return [f'"{text}"' for text in texts]


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


def fact_atoms(
    facts: Facts,
    policy: Policy,
    year: int,
    cut_off: date,
    asked: Iterable[str] = (),
) -> dict[str, list[str]]:
    """Return the facts of one run over `year` with data up to `cut_off`: ground atoms as text, by
    predicate; the values of items are the integers that `policy` says they are.

    `asked` names what the run wants beside verdicts: shares, attainment; year_end asks
    about the end of a year that is not over.
    """
    units = facts.units
    names = _quoted(units.column("id"))
    of_units = {
        name: [f"{name}({unit},{said[v]})" for unit, v in zip(names, column, strict=True) if v]
        for name, said in ((name, Once(term)) for name, term in _OF_UNITS.items())
        if units.given(name) and (column := units.column(name))
    }

    def rows(table: Table[Any], *columns: str) -> Iterator[tuple[Any, ...]]:
        return zip(*map(table.column, columns), strict=True)

    values: dict[str, list[str]] = {"value": [], "given": []}
    for unit, item, of, value in rows(facts.values, "unit", "item", "year", "value"):
        about = policy.inputs[item]
        said = f"{item},{of},{about.number(value)})"
        if about.given:
            values["given"].append(f"given({unit},{said}")
        else:
            values["value"].append(f"value({quote(unit)},{said}")

    return {
        "year": [f"year({year})"],
        "cut_off": [f"cut_off({_day(cut_off)})"],
        "asked": [f"asked({what})" for what in asked],
        "unit": [f"unit({k},{u})" for k, u in zip(units.column("kind"), names, strict=True)],
        **of_units,
        "changed": [
            f"changed({quote(c.unit)},{_day(c.date)},{c.change}({quote(c.value)}))"
            for c in facts.changes
        ],
        "incident": [
            f"incident({quote(i)},{quote(unit)},{what},{grade or 'none'},{liability or 'none'},"
            f"{_day(day)})"
            for i, unit, what, grade, liability, day in rows(
                facts.incidents, "id", "unit", "type", "grade", "liability", "date"
            )
        ],
        "responsible": [
            f"responsible({quote(i)},{quote(unit)})"
            for i, unit in rows(facts.incidents, "id", "responsible_unit")
            if unit
        ],
        "ledger": [
            f"ledger({quote(unit)},{'all' if item == '*' else item},{of})"
            for unit, item, of in rows(facts.ledgers, "unit", "item", "year")
        ],
        "score": [f"score({quote(s.unit)},{s.year},{int(s.score * 100)})" for s in facts.scores],
        "poll": [
            f"poll({quote(p.unit)},{p.year},{p.result or f'rank({p.rank})'})" for p in facts.polls
        ],
        "requirement": [f"requirement({r.kind},{r.year},{r.max_rank})" for r in facts.requirements],
        "not_applicable": [
            f"not_applicable({quote(n.unit)},{n.clause},{n.year})" for n in facts.not_applicable
        ],
        **values,
    }


_OF_UNITS: dict[str, Callable[[Any], object]] = {
    "parent": quote, "affiliation": str, "opened": _day, "closed": _day,
}  # fmt: skip
"""The columns of units that are predicates of their own, and how their values are written."""
