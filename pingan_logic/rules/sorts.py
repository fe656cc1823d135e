"""What each place of each predicate can hold: units, incidents, days, numbers of units alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve, frozen

from pingan_logic.rules.predicates import PREDICATES
from pingan_logic.rules.syntax import Atom, Rule, Term

__all__ = [
    "CHANGE", "DAY", "HAPPENED", "INCIDENT", "NAME", "NUMBER", "OWNED", "TEXT", "UNIT",
    "Place", "Sorts", "places", "variables",
]  # fmt: skip

UNIT, INCIDENT, CHANGE = "unit", "incident", "change"
TEXT, NAME, NUMBER, DAY, HAPPENED = "text", "name", "number", "day", "happened"
OWNED = frozenset({UNIT, INCIDENT, CHANGE})
"""What is one thing of the data, not a value that several have."""
_SORTS = {"units": NUMBER, **{s: s for s in (UNIT, INCIDENT, CHANGE, DAY, HAPPENED)}}
_INPUTS = {
    **{
        p.key: {n: _SORTS[sort] for n, sort in enumerate(p.places) if sort in _SORTS}
        for p in PREDICATES
        if p.source == "given"
    },
    ("moved()", 1): {0: UNIT},  # the terms in changed/3
    ("merged_into()", 1): {0: UNIT},
    ("renamed()", 1): {0: NAME},
}

Place = tuple[str, int, int]
"""A position in a predicate, or in a term whose name ends with `()`: name, arity, argument."""


@frozen
class _Use:
    place: Place
    binds: bool


class Sorts:
    """The sorts of the places of some rules, in which every `_` has a name of its own."""

    rules: list[Rule]
    scoped: dict[int, tuple[Atom, ...]]
    uses: dict[int, dict[str, list[_Use]]]

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = [r for r in rules if not r.fact]
        self.sorts: dict[Place, set[str]] = defaultdict(set)
        for (name, arity), held in _INPUTS.items():
            for n, sort in held.items():
                self.sorts[name, arity, n].add(sort)
        for rule in rules:
            for atom in rule.head:
                for place, term in places(atom):
                    if term.kind == "str":
                        self.sorts[place].add(TEXT)
        self.scoped = {id(r): _scoped(r) for r in self.rules}
        self.uses = {id(r): _uses(r, self.scoped[id(r)]) for r in self.rules}
        self.flow()

    def flow(self) -> None:
        """Let what a place can hold flow from bodies to heads until nothing is new."""
        heads = [
            (self.uses[id(r)], p, t.name)
            for r in self.rules
            for a in r.head
            for p, t in places(a)
            if t.kind == "var"
        ]
        changed = True
        while changed:
            changed = False
            for uses, place, name in heads:
                new = self.of(uses.get(name, ())) - self.sorts[place]
                if new:
                    self.sorts[place] |= new
                    changed = True

    def of(self, uses: Iterable[_Use]) -> set[str]:
        """Return what a variable can hold: what every atom that binds it can."""
        found: set[str] | None = None
        for use in uses:
            if use.binds:
                here = self.sorts.get(use.place, set())
                found = set(here) if found is None else found & here
        return found or set()

    def named(self, rule: Rule) -> dict[str, set[str]]:
        """Return all that each variable of a rule can hold by any of its atoms."""
        return {
            name: {s for use in uses for s in self.sorts.get(use.place, ())}
            for name, uses in self.uses[id(rule)].items()
        }

    def owned(self, atom: Atom) -> list[str]:
        """Return the variables of an atom that hold a unit, an incident or a change, in order."""
        return [
            t.name for p, t in places(atom) if t.kind == "var" and OWNED & self.sorts.get(p, set())
        ]

    def holds(self, atom: Atom, sort: str) -> list[str]:
        """Return the variables of an atom at a place that can hold `sort`."""
        return [t.name for p, t in places(atom) if t.kind == "var" and sort in self.sorts[p]]

    def speaks_of_units(self, atom: Atom) -> bool:
        """Whether an atom has a place for something owned."""
        return any(OWNED & self.sorts.get(p, set()) for p, _ in places(atom))


def variables(terms: Iterable[Term]) -> set[str]:
    """Return the variables in some terms."""
    return {t.name for o in terms for t in o.walk() if t.kind == "var"}


def places(atom: Atom) -> Iterator[tuple[Place, Term]]:
    """Yield the terms of an atom with their places, those inside of terms too."""
    for n, term in enumerate(atom.args):
        yield from _inside((atom.name, len(atom.args), n), term)


def _inside(place: Place, term: Term) -> Iterator[tuple[Place, Term]]:
    if term.kind == "pool":
        for choice in term.args:
            yield from _inside(place, choice)
        return
    yield place, term
    if term.kind == "fun":
        for n, part in enumerate(term.args):
            yield from _inside((f"{term.name}()", len(term.args), n), part)


def _scoped(rule: Rule) -> tuple[Atom, ...]:
    """Return the atoms of the body: a variable that is local to an element of an aggregate is
    named `X@aggregate.element` there, and each `_` has a number."""
    known = variables(
        t for a in (*rule.head, *(a for a in rule.body if not a.inner)) for t in a.args
    )
    found = [a for a in rule.body if not a.inner]
    for number, aggregate in enumerate(rule.aggregates):
        for position, element in enumerate(aggregate.elements):
            for atom in element.atoms:
                local = f"@{number}.{position}"
                args = tuple(_renamed(t, known, local) for t in atom.args)
                found.append(evolve(atom, args=args, inner=True))
    return tuple(_numbered(found))


def _renamed(term: Term, known: set[str], local: str) -> Term:
    if term.kind == "var":
        outer = term.name in known or term.name == "_"
        return term if outer else evolve(term, name=term.name + local)
    return evolve(term, args=tuple(_renamed(t, known, local) for t in term.args))


def _numbered(atoms: Sequence[Atom]) -> Iterator[Atom]:
    count = 0

    def number(term: Term) -> Term:
        nonlocal count
        if term.kind == "var" and term.name == "_":
            count += 1
            return evolve(term, name=f"_{count}")
        return evolve(term, args=tuple(map(number, term.args))) if term.args else term

    for atom in atoms:
        yield evolve(atom, args=tuple(map(number, atom.args)))


def _uses(rule: Rule, atoms: Sequence[Atom]) -> dict[str, list[_Use]]:
    """Return where each variable stands in the body; what is the least or most of some stands where
    they do."""
    uses: dict[str, list[_Use]] = defaultdict(list)
    for atom in atoms:
        for place, term in places(atom):
            if term.kind == "var":
                local = "@" in term.name or not atom.inner
                uses[term.name].append(_Use(place, local and not atom.negated))
    for number, aggregate in enumerate(rule.aggregates):
        if aggregate.function in ("min", "max"):
            for position, element in enumerate(aggregate.elements):
                own = list(uses.get(f"{element.terms[0].name}@{number}.{position}", ()))
                for comparison in rule.comparisons:
                    left, right = comparison.terms[0], comparison.terms[-1]
                    if (
                        left.name == "aggregate"
                        and right.kind == "var"
                        and len(rule.aggregates) == 1
                    ):
                        uses[right.name] += own
    return uses
