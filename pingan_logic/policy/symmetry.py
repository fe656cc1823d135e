"""Which rules can tell units of the same evidence apart.

Rules that only join units by the predicates they stand in cannot tell two units of the same kind,
in the same container and with the same evidence from each other: such rules hold in a county
exactly when they hold in its quotient, where one unit stands for all of them. What breaks this is
looking at an id itself (a constant, a comparison, arithmetic, an order) or at how many units there
are other than by their `weight/2`. The check is safe: what it does not understand, it names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from attrs import frozen

from pingan_logic.errors import Problem
from pingan_logic.policy.syntax import Aggregate, Atom, Element, Rule, Term

__all__ = ["INCIDENT", "UNIT", "Sorts", "tells_units_apart"]

UNIT, INCIDENT, _TEXT, _WEIGHT = "unit", "incident", "text", "weight"
_INPUTS = {
    ("unit", 2): {1: UNIT},
    ("parent", 2): {0: UNIT, 1: UNIT},
    ("affiliation", 2): {0: UNIT},
    ("incident", 6): {0: INCIDENT, 1: UNIT},
    ("responsible", 2): {0: INCIDENT, 1: UNIT},
    ("ledger", 3): {0: UNIT},
    ("score", 3): {0: UNIT},
    ("poll", 3): {0: UNIT},
    ("not_applicable", 3): {0: UNIT},
    ("opened", 2): {0: UNIT},
    ("closed", 2): {0: UNIT},
    ("changed", 3): {0: UNIT},
    ("stands_for", 2): {0: UNIT, 1: _WEIGHT},
    ("moved()", 1): {0: UNIT},  # the terms in changed/3
    ("merged_into()", 1): {0: UNIT},
    ("renamed()", 1): {0: _TEXT},
}
_WEIGHING = {
    "represents(U) :- stands_for(U,N).",
    "weight(U,N) :- stands_for(U,N).",
    "weight(U,1) :- unit(K,U); not represents(U).",
}
"""The rules that may look at how many units one stands for."""
_HIDDEN = {"stands_for", "represents"}

Place = tuple[str, int, int]
"""A position in a predicate, or in a term whose name ends with `()`: name, arity, argument."""


@frozen
class _Occurrence:
    place: Place
    binds: bool


def tells_units_apart(rules: Iterable[Rule]) -> list[Problem]:
    """Return where rules look at more of a unit than its evidence; nothing when none does."""
    return _Check(list(rules)).problems()


class Sorts:
    """What each place of each predicate can hold: units, incidents, text that rules write."""

    def __init__(self, rules: list[Rule]) -> None:
        self.rules = [r for r in rules if not r.fact]
        self.sorts: dict[Place, set[str]] = defaultdict(set)
        for (name, arity), places in _INPUTS.items():
            for n, sort in places.items():
                self.sorts[name, arity, n].add(sort)
        for rule in rules:
            for atom in rule.head:
                for place, term in _places(atom):
                    if term.kind == "str":
                        self.sorts[place].add(_TEXT)
        self.uses = {id(r): _uses(r) for r in self.rules}
        self.flow()

    def flow(self) -> None:
        """Let what a place can hold flow from bodies to heads until nothing is new."""
        heads = [
            (self.uses[id(r)], p, t.name)
            for r in self.rules
            for a in r.head
            for p, t in _places(a)
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

    def of(self, uses: Iterable[_Occurrence]) -> set[str]:
        """Return what a variable can hold: what every atom that binds it can."""
        found: set[str] | None = None
        for use in uses:
            if use.binds:
                here = self.sorts.get(use.place, set())
                found = set(here) if found is None else found & here
        return found or set()

    def owned(self, rule: Rule, atom: Atom) -> Iterator[tuple[str, str]]:
        """Yield the variables of an atom of a rule that hold a unit or an incident, and which."""
        for place, term in _places(atom):
            if term.kind == "var" and term.name != "_":
                here = self.sorts.get(place, set())
                for sort in (UNIT, INCIDENT):
                    if sort in here:
                        yield term.name, sort
                        break

    def speaks_of_units(self, atom: Atom) -> bool:
        """Whether an atom has a place for a unit or an incident."""
        return any({UNIT, INCIDENT} & self.sorts.get(p, set()) for p, _ in _places(atom))


class _Check:
    def __init__(self, rules: list[Rule]) -> None:
        found = Sorts(rules)
        self.sorts, self.rules = found.sorts, found.rules
        self.uses = [found.uses[id(r)] for r in self.rules]

    def problems(self) -> list[Problem]:
        found = []
        for rule, uses in zip(self.rules, self.uses, strict=True):
            if rule.text in _WEIGHING:
                continue
            reason = self.reason(rule, uses)
            if reason:
                place = f"{rule.file}:{rule.line}:{rule.column}"
                found.append(Problem(place, *reason, rule.text))
        return found

    def reason(self, rule: Rule, uses: dict[str, list[_Occurrence]]) -> tuple[str, str] | None:
        """Say how a rule can tell units apart; None when it cannot."""
        if rule.choice or rule.statement != "rule" or len(rule.head) > 1:
            return "规则有选择", "the rule has a choice"
        heads = {(a.name, len(a.args)) for a in rule.head}
        if heads & {("weight", 2), ("represents", 1)} or any(a.name in _HIDDEN for a in rule.body):
            return "规则改动或查看 weight", "the rule changes or looks into weights"
        for atom in rule.body:
            for place, term in _places(atom):
                if term.kind == "str" and UNIT in self.sorts.get(place, ()):
                    return "规则写了单位编号", "the rule names a unit"
        units = set()
        for name, occurrences in uses.items():
            can = {s for o in occurrences for s in self.sorts.get(o.place, ())}
            if UNIT not in can:
                continue
            units.add(name)
            if can & {_TEXT, INCIDENT}:
                return "单位编号与别的编号或文字相比", "a unit id is matched with other ids or text"
        looked_at = {
            t.name
            for o in (*_computed(rule), *(o for c in rule.comparisons for o in c.terms))
            for t in o.walk()
            if t.kind == "var"
        }
        if looked_at & {_plain(u) for u in units}:
            return "规则比较单位编号", "the rule compares unit ids"
        return self.counting(rule, units, looked_at)

    def counting(self, rule: Rule, units: set[str], looked_at: set[str]) -> tuple[str, str] | None:
        """Say whether an aggregate counts units other than by weight."""
        said = (
            "聚合按个数数单位,应写 #sum { N,X : ..., weight(X,N) }",
            "an aggregate counts units one by one; write #sum { N,X : ..., weight(X,N) }",
        )
        weighed = 0
        for number, aggregate in enumerate(rule.aggregates):
            for place, element in enumerate(aggregate.elements):
                own = f"@{number}.{place}"
                local = {_plain(u) for u in units if u.endswith(own)}
                counted = local & {
                    t.name for o in element.terms for t in o.walk() if t.kind == "var"
                }
                weights = [a for a in element.atoms if (a.name, len(a.args)) == ("weight", 2)]
                weighed += len(weights)
                if not weights:
                    if counted:
                        return said
                    continue
                unit, amount = weights[0].args
                if counted != {unit.name} or not _by_weight(aggregate, element, weights):
                    return said
                if amount.name in looked_at | _outer(rule):
                    return said
        if sum((a.name, len(a.args)) == ("weight", 2) for a in rule.body) != weighed:
            return said
        return None


def _computed(rule: Rule) -> Iterator[Term]:
    """Yield the terms that a rule computes with."""
    for atom in (*rule.head, *rule.body):
        for argument in atom.args:
            yield from (o for o in argument.walk() if o.kind in ("op", "other"))


def _outer(rule: Rule) -> set[str]:
    """Return the variables outside of aggregates."""
    atoms = (*rule.head, *(a for a in rule.body if not a.inner))
    return {t.name for a in atoms for o in a.args for t in o.walk() if t.kind == "var"}


def _by_weight(aggregate: Aggregate, element: Element, weights: list[Atom]) -> bool:
    """Whether an element is `N,X,... : ..., weight(X,N)` of a sum, and N stands nowhere else."""
    if len(weights) != 1 or aggregate.function != "sum" or len(element.terms) < 2:
        return False
    unit, number = weights[0].args
    if weights[0].negated or unit.kind != "var" or number.kind != "var":
        return False
    seen = [
        t
        for o in (*element.terms, *(a for e in element.atoms for a in e.args))
        for t in o.walk()
        if t.kind == "var" and t.name == number.name
    ]
    first = element.terms[0]
    return first.kind == "var" and first.name == number.name and len(seen) == 2


def _plain(name: str) -> str:
    return name.partition("@")[0]


def _places(atom: Atom) -> Iterator[tuple[Place, Term]]:
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


def _uses(rule: Rule) -> dict[str, list[_Occurrence]]:
    """Return where each variable stands in the body; one that is local to an element of an
    aggregate is named `X@aggregate.element`."""
    uses: dict[str, list[_Occurrence]] = defaultdict(list)
    known = _outer(rule)
    for atom in (a for a in rule.body if not a.inner):
        for place, term in _places(atom):
            if term.kind == "var" and term.name != "_":
                uses[term.name].append(_Occurrence(place, not atom.negated))
    for number, aggregate in enumerate(rule.aggregates):
        for position, element in enumerate(aggregate.elements):
            for atom in element.atoms:
                for place, term in _places(atom):
                    if term.kind != "var" or term.name == "_":
                        continue
                    local = term.name not in known
                    name = f"{term.name}@{number}.{position}" if local else term.name
                    uses[name].append(_Occurrence(place, local and not atom.negated))
    return uses
