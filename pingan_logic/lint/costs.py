"""Remedies without a cost: a policy that names costs has to name those that its clauses need."""

from __future__ import annotations

from collections.abc import Iterator

from pingan_logic.rules.predicates import COSTS
from pingan_logic.rules.syntax import Atom, Syntax, Term

__all__ = ["missing_costs"]

_NEEDS = {
    "pass_mark/2": ("point_cost", "record_cost(score)"),
    "poll_clause/1": ("record_cost(poll)", "record_cost(requirement)"),
    "may_be_declared/1": ("declare_cost",),
}
"""The costs that a clause of a form needs."""


def missing_costs(syntax: Syntax) -> Iterator[tuple[str, int, int, str]]:
    """Yield file, line, column and name of each cost that some clause needs and the policy lacks;
    nothing for rules without any cost that are no whole policy."""
    heads = [(rule.file, atom) for rule in syntax.rules for atom in rule.head]
    stated = [atom for _, atom in heads if atom.signature in COSTS]
    if not stated and not any(atom.signature == "kind/4" for _, atom in heads):
        return
    named = {name for atom in stated for name in _names(atom)}
    # what a unit came to in a period that is over is not changed
    past = {i for _, a in heads if a.signature == "result_before/1" for i in a.constants(0)}
    named |= {f"change_cost({item})" for item in past}
    prohibiting = {c for _, a in heads if _looks_at_ledgers(a) for c in a.constants(0)}
    levels = [a for _, a in heads if a.signature == "level/3"]
    of = {k: kind for a in levels for kind in a.constants(0) for k in a.constants(2)}
    told: set[str] = set()
    for file, atom in heads:
        needed = [*_NEEDS.get(atom.signature, ()), *_of_values(atom)]
        if atom.signature == "clause/4" and prohibiting.intersection(atom.constants(0)):
            needed += (f"ledger_cost({of.get(k, k)})" for k in atom.constants(1))
        if atom.signature == "prohibits/5" and "at_least" in atom.args[2].name:
            needed.append("grade_cost")
        for name in needed:
            if name not in named and name not in told:
                told.add(name)
                yield file, atom.line, atom.column, name


def _looks_at_ledgers(atom: Atom) -> bool:
    """Whether a fact says that a clause looks at incidents, so that it needs their ledgers."""
    if atom.signature == "measures/2":
        return any(t.name == "rate" for t in atom.args[1].walk())
    if atom.signature == "adds/4":
        return any(t.name == "incidents" for t in atom.args[2].walk())
    return atom.signature == "prohibits/5"


def _of_values(atom: Atom) -> Iterator[str]:
    """Yield the costs of the values that a clause looks at: what is divided by is not changed."""
    if atom.signature == "asks_for_given/3":
        yield from (f"supply_cost({item})" for item in atom.constants(2))
    if atom.signature == "adds/4":
        for term in atom.args[2].walk():
            if term.name == "incidents" and len(term.args) > 1:
                yield "grade_cost"
            for item in _constants(term.args[0]) if term.name == "item" else ():
                yield f"supply_cost({item})"
                yield f"change_cost({item})"
    if atom.signature == "measures/2":
        for term in atom.args[1].args if atom.args[1].kind == "pool" else (atom.args[1],):
            rate = term.name == "rate"
            for n, part in enumerate(term.args[:2] if rate else term.args):
                for item in () if rate and n == 0 else _constants(part):
                    yield f"supply_cost({item})"
                    if n == 0:
                        yield f"change_cost({item})"
            if rate and len(term.args) > 2:
                yield "grade_cost"


def _constants(term: Term) -> Iterator[str]:
    return (t.name for t in term.walk() if t.constant is not None)


def _names(atom: Atom) -> Iterator[str]:
    """Yield the names of the costs that a fact states."""
    if atom.name in ("ledger_cost", "record_cost", "supply_cost", "change_cost"):
        yield from (f"{atom.name}({key})" for key in atom.constants(0))
    else:
        yield atom.name
