"""What the predicates that Python reads must look like; a policy with others is refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pingan_logic.errors import Problem
from pingan_logic.rules.predicates import PREDICATES

__all__ = ["misshapen"]

_WORDS = {
    "n": ("名称（小写英文）", "a name"),
    "s": ("双引号内的文字", "text in quotes"),
    "i": ("整数", "a whole number"),
}


def misshapen(atoms: Any) -> Iterator[Problem]:
    """Yield a problem for the first atom of each predicate with an argument of another kind.

    `atoms` are the solver's symbolic atoms.
    """
    for predicate in PREDICATES:
        if predicate.source == "given":
            continue
        name, shape = predicate.name, predicate.form
        for atom in atoms.by_signature(name, len(shape)):
            wrong = next((n for n, k in enumerate(shape) if not _is(atom.symbol, n, k)), None)
            if wrong is not None:
                zh, en = _WORDS[shape[wrong]]
                yield Problem(
                    f"{name}/{len(shape)}",
                    f"第{wrong + 1}个参数应为{zh}",
                    f"argument {wrong + 1} must be {en}",
                    str(atom.symbol),
                )
                break


def _is(atom: Any, position: int, kind: str) -> bool:
    symbol = atom.arguments[position]
    found = symbol.type.name
    if kind == "n":
        return (
            found == "Function" and not symbol.arguments and bool(symbol.name) and symbol.positive
        )
    return kind == "t" or found == {"s": "String", "i": "Number"}[kind]
