"""What is wrong with the facts of a policy, each problem at the fact that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import clingo

from pingan_logic.errors import PolicyError, Problem
from pingan_logic.rules.placing import Defect, place_defects, place_problem
from pingan_logic.rules.syntax import Term
from pingan_logic.solving.control import rows
from pingan_logic.solving.program import read_rules

__all__ = ["as_term", "check_facts", "defects", "placed"]


def defects(
    texts: Iterable[str],
    files: Sequence[Path],
    values: Callable[[str], Iterable[Sequence[Term]]] = lambda _: (),
) -> PolicyError:
    """Return the error that self-checks make, given as text, each at the fact behind it."""
    syntax = read_rules(files)
    words = {
        head.args[0].name: (head.args[1].name, head.args[2].name)
        for rule in syntax.rules
        for head in rule.head
        if head.signature == "defect_text/3"
    }
    found = []
    for text in sorted(set(texts)):
        symbol = clingo.parse_term(text)
        term, said = as_term(symbol), words.get(symbol.name)
        if symbol.match("unknown", 3):
            _, sort, name = symbol.arguments
            text, said = str(name), words.get(f"unknown_{sort}", said)
        found.append(Defect(term, text, said))
    return PolicyError(place_defects(found, syntax, values))


@lru_cache(maxsize=20_000)
def as_term(symbol: clingo.Symbol) -> Term:
    """Return a symbol as a term of a rule file."""
    if symbol.type == clingo.SymbolType.Number:
        return Term("num", str(symbol.number))
    if symbol.type == clingo.SymbolType.String:
        return Term("str", symbol.string)
    if symbol.type == clingo.SymbolType.Function:
        return Term("fun", symbol.name, tuple(map(as_term, symbol.arguments)))
    return Term("other", str(symbol))


def placed(problems: Iterable[Problem], files: Sequence[Path]) -> PolicyError:
    """Return the error of problems with facts of a policy, each at the fact it speaks of."""
    syntax = read_rules(files)
    made = []
    for problem in problems:
        atom = None
        if problem.found is not None and re.fullmatch(r"[a-z]\w*\(.*\)", problem.found, re.DOTALL):
            with suppress(RuntimeError):
                atom = as_term(clingo.parse_term(problem.found))
        made.append(place_problem(problem, syntax, atom))
    return PolicyError(made)


def check_facts(ctl: clingo.Control, files: Sequence[Path]) -> None:
    """Raise PolicyError with what the self-checks of ground rules say, each at its fact."""

    def values(signature: str) -> Iterator[Sequence[Term]]:
        name, _, arity = signature.partition("/")
        for atom in ctl.symbolic_atoms.by_signature(name, int(arity)):
            yield tuple(map(as_term, atom.symbol.arguments))

    if wrong := rows(ctl, "defect", 1):
        raise defects([str(row[0]) for row in wrong], files, values)
