"""Derivations that differ only in ids and numbers, written once with a row for each unit."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pingan_logic.order import natural
from pingan_logic.recheck.checker import canonical
from pingan_logic.solving.encode import quote
from pingan_logic.solving.trace import Step

__all__ = ["blocks"]

Shape = tuple[tuple[str, ...], ...]
"""Steps, each a rule's place, an atom and what it rests on, with $1, $2, ... for some values."""

_VALUE = re.compile(r'"(?:\\.|[^"\\])*"|(?<![\w"])-?\d+')
_TEXT = re.compile(r'"(?:\\.|[^"\\])*"')
_PLACE = re.compile(r"\$\d+")
_ROWS = 1000
"""Rows in a block, so that no line is too long and a message can name one."""


def blocks(steps: Sequence[Step], subjects: Iterable[str]) -> Iterator[dict[str, list[Any]]]:
    """Yield the steps of a proof as `steps` with `rows` of values for $1, $2, ...

    What is proven about one of the `subjects` stands together, once for all of which the same is
    proven.
    """
    about: dict[str, list[Step]] = defaultdict(list)
    rows: dict[Shape, list[list[str]]] = defaultdict(list)
    known = set(map(quote, subjects))
    for step in steps:
        named = next((t for t in _TEXT.findall(step[1]) if t in known), "")
        if named:
            about[named].append(step)
        else:
            yield from _folded(*_abstract([step]))
    for named, mine in about.items():
        shape, values = _abstract(mine, named)
        rows[shape].append(values)
    order = {shape: sorted(found, key=_order) for shape, found in rows.items()}
    for shape, found in sorted(order.items(), key=lambda item: (_order(item[1][0]), item[0])):
        yield from _folded(shape, *found, kept=1)


def _order(row: Sequence[str]) -> tuple[Any, ...]:
    return tuple(map(natural, row))


def _abstract(steps: Sequence[Step], *first: str) -> tuple[Shape, list[str]]:
    """Return steps with a place for each text and number in them, and these values."""
    values = {value: n for n, value in enumerate(first, 1)}

    def place(match: re.Match[str]) -> str:
        return f"${values.setdefault(match[0], len(values) + 1)}"

    # as one text: a step has several, and a county hundreds of thousands of steps
    whole = "\n".join(["\t".join((atom, *rests)) for _, atom, rests in steps])
    texts = _VALUE.sub(place, whole).split("\n")
    shape = [(at, *text.split("\t")) for (at, _, _), text in zip(steps, texts, strict=True)]
    return tuple(shape), list(values)


def _folded(shape: Shape, *rows: list[str], kept: int = 0) -> Iterator[dict[str, list[Any]]]:
    """Yield blocks without the places at which all rows have the same value, but for the first."""
    same = [n >= kept and len(set(column)) == 1 and "$" not in column[0]
            for n, column in enumerate(zip(*rows, strict=True))]  # fmt: skip
    left = [n for n, constant in enumerate(same) if not constant]
    place = {n: f"${at}" for at, n in enumerate(left, 1)}
    said = {f"${n + 1}": place.get(n, rows[0][n]) for n in range(len(same))}
    whole = "\n".join(["\t".join(step) for step in shape])
    texts = _PLACE.sub(lambda m: said[m[0]], whole).split("\n")
    steps = [text.split("\t") for text in texts]
    found = [[_plain(row[n]) for n in left] for row in rows]
    steps.sort(key=canonical)
    for start in range(0, len(found), _ROWS):
        yield {"rows": sorted(found[start : start + _ROWS], key=canonical), "steps": steps}


def _plain(value: str) -> str | int:
    if not value.startswith('"'):
        return int(value)
    if "\\" not in value:
        return value[1:-1]
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], value[1:-1])
