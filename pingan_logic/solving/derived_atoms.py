"""The atoms that follow from rules and facts, read as text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

import clingo

from pingan_logic.errors import PolicyError, Problem
from pingan_logic.solving.control import contradiction, not_unique

__all__ = ["DerivedAtoms", "as_written", "plain", "unquoted"]

_TEXT = r'"(?:[^"\\\n]|\\.)*"'


_ARGUMENT = rf'({_TEXT}|[^",()\n]+)'


@cache
def _pattern(arity: int) -> re.Pattern[str]:
    arguments = ",".join([*[_ARGUMENT] * (arity - 1), "(.+)"])
    return re.compile(rf"^\({arguments}\)$", re.MULTILINE)


@cache
def _plain_pattern(arity: int) -> re.Pattern[str]:
    """Return the pattern of arguments of which the last one may be any term without texts."""
    argument, last = (rf'"?((?<=")[^"\n]*(?=")|(?<!")[^{other}\n]+)"?' for other in ('",()', '"'))
    return re.compile(rf"^\({','.join([*[argument] * (arity - 1), last])}\)$", re.MULTILINE)


class DerivedAtoms:
    """The atoms that follow, by name and arity: their arguments, names and texts alike as text.

    They are read from the one answer there is, and as text: several times faster than argument by
    argument. Raises PolicyError when the answer is not unique, or there is none: all atoms of a
    stratified policy are facts, which leaves the solver nothing to decide.
    """

    def __init__(self, ctl: clingo.Control) -> None:
        with ctl.solve(yield_=True) as handle:
            model = handle.model()
            if model is None:
                raise contradiction()
            symbols = model.symbols(shown=True)
        if ctl.statistics["problem"]["generator"]["vars"]:
            some = sorted(str(a.symbol) for a in ctl.symbolic_atoms if not a.is_fact)
            raise not_unique(some[0] if some else None)
        self.atoms: dict[str, list[str]] = defaultdict(list)
        for atom in as_written(symbols):
            name, _, arguments = atom.partition("(")
            self.atoms[name].append(f"({arguments}")

    def __getitem__(self, signature: tuple[str, int]) -> list[Any]:
        name, arity = signature
        atoms = self.atoms.get(name, [])
        lines = "\n".join(atoms)
        if arity and "\\" not in lines:  # no quote within a text: those there are its ends
            found = _plain_pattern(arity).findall(lines)
            if len(found) == len(atoms):
                return [(row,) for row in found] if arity == 1 else found
        return [tuple(map(unquoted, row)) for row in self.written(name, arity)]

    def written(self, name: str, arity: int) -> list[Any]:
        """Return the arguments as they are written: texts in quotes."""
        atoms = self.atoms.get(name, [])
        if arity == 0:
            return [()] * len(atoms)
        lines = "\n".join(atoms)
        found = _pattern(arity).findall(lines)
        if len(found) != len(atoms):
            odd = next(a for a in atoms if not _pattern(arity).match(a))
            raise PolicyError(
                [
                    Problem(
                        "clingo", "结论的形式无法读取", "a result in a form that cannot be read",
                        f"{name}{odd}",
                    )
                ]
            )  # fmt: skip
        return [(row,) for row in found] if arity == 1 else found


def as_written(symbols: Sequence[clingo.Symbol]) -> list[str]:
    """Return each symbol as it is written, asking clingo once for all: three times faster.

    They are written as one tuple with a text between them that is nowhere else: in a text a quote
    would have a backslash before it, and data holds no line feed.
    """
    if not symbols:
        return []
    items = [clingo.String("\n")] * (2 * len(symbols))
    items[::2] = symbols
    text = str(clingo.Tuple_(items))
    return text.removeprefix("(").removesuffix(',"\\n")').split(',"\\n",')


_ESCAPES = {"\\n": "\n", '\\"': '"', "\\\\": "\\"}


def unquoted(text: str) -> str:
    """Return what a text in quotes says; another term as it is written."""
    if text[:1] != '"':
        return text
    if "\\" not in text:
        return text[1:-1]
    return re.sub(r"\\.", lambda m: _ESCAPES[m[0]], text[1:-1])


def plain(symbol: clingo.Symbol) -> Any:
    """Return a term as int, str or a tuple (name, arguments...)."""
    kind = symbol.type  # each look at a symbol asks the solver
    if kind == clingo.SymbolType.Number:
        return symbol.number
    if kind == clingo.SymbolType.String:
        return symbol.string
    if kind == clingo.SymbolType.Function:
        arguments = symbol.arguments
        return (symbol.name, *map(plain, arguments)) if arguments else symbol.name
    return str(symbol)
