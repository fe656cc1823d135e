"""Whether a unit's verdict rests on nothing but what it contains and what contains it.

Then one unit, or one part of a county, can be judged from its own part of the data
(`solving.slices`). Rules may read upwards what the units inside come to, and of a container what
was written down about it (ledgers, the register), never what happened in it. The check is safe:
what it does not understand, it names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pingan_logic.errors import Problem
from pingan_logic.policy.symmetry import INCIDENT, UNIT, Sorts
from pingan_logic.policy.syntax import Atom, Rule

__all__ = ["looks_elsewhere"]

Signature = tuple[str, int]

_WANTED = {
    ("verdict", 3), ("finding", 5), ("breach", 4), ("ungraded", 4), ("unrecorded", 4),
    ("holds", 2), ("accountable", 2),
}  # fmt: skip
"""What is read of a part that was judged by itself."""
_UPWARDS = {
    ("inside", 2), ("placed", 2), ("parent", 2), ("seat", 2), ("put", 2), ("moved", 2),
    ("merged", 2), ("heir", 2), ("instead", 2),
}  # fmt: skip
"""Predicates (U,A): A contains U, or takes its place; a slice holds all that A of its units."""
_HAPPENED = {("incident", 6), ("responsible", 2)}
"""What a slice holds of its own units, not of their containers."""


def looks_elsewhere(rules: Iterable[Rule]) -> list[Problem]:
    """Return the rules by which a verdict can rest on other parts of the county; none is good."""
    return _Check(list(rules)).problems()


class _Check:
    def __init__(self, rules: list[Rule]) -> None:
        self.sorts = Sorts(rules)
        self.rules = list(self.needed(rules))
        # predicates that depend on what is inside their unit, or on what happened there
        self.rising: set[Signature] = set(_HAPPENED)
        # predicates without a unit that depend on some
        self.general: set[Signature] = set()
        self.flow()

    @staticmethod
    def needed(rules: list[Rule]) -> Iterator[Rule]:
        """Yield the rules, other than facts, that what is wanted can follow from."""
        written: dict[Signature, list[Rule]] = defaultdict(list)
        for rule in rules:
            for atom in rule.head:
                written[_signature(atom)].append(rule)
        waiting, seen = list(_WANTED), set(_WANTED)
        told: set[int] = set()
        while waiting:
            for rule in written[waiting.pop()]:
                if id(rule) not in told:
                    told.add(id(rule))
                    if not rule.fact:
                        yield rule
                new = {_signature(a) for a in rule.body} - seen
                seen |= new
                waiting += new

    def flow(self) -> None:
        """Let what depends on the inside of a unit flow from bodies to heads."""
        changed = True
        while changed:
            changed = False
            for rule in self.rules:
                for head in map(_signature, rule.head):
                    owners = self.owners(rule)
                    body = {_signature(a) for a in rule.body}
                    touched = any(map(self.sorts.speaks_of_units, rule.body))
                    rises = bool(body & self.rising) or bool(self.below(rule, owners))
                    if owners and rises and head not in self.rising and head not in _UPWARDS:
                        self.rising.add(head)
                        changed = True
                    general = not owners and (touched or body & self.general)
                    if general and head not in self.general:
                        self.general.add(head)
                        changed = True

    def names(self, rule: Rule, atom: Atom) -> set[str]:
        """Return the variables of an atom that hold a unit or an incident."""
        return {v for v, _ in self.sorts.owned(rule, atom)}

    def owners(self, rule: Rule) -> set[str]:
        """Return the units of the head; its incidents if it has no unit."""
        found = {(v, s) for a in rule.head for v, s in self.sorts.owned(rule, a)}
        units = {v for v, s in found if s == UNIT}
        return units or {v for v, s in found if s == INCIDENT}

    def links(self, rule: Rule) -> set[tuple[str, str]]:
        """Return pairs (U,A) of variables by which the rule goes up from U to A."""
        return {
            (a.args[0].name, a.args[1].name)
            for a in rule.body
            if _signature(a) in _UPWARDS and not a.negated
            and a.args[0].kind == a.args[1].kind == "var"
        }  # fmt: skip

    def below(self, rule: Rule, owners: set[str]) -> set[str]:
        """Return the variables that stand below the head's units."""
        return _closed(owners, {(a, u) for u, a in self.links(rule)}) - owners

    def above(self, rule: Rule, owners: set[str]) -> set[str]:
        """Return the variables that stand above the head's units."""
        return _closed(owners, self.links(rule)) - owners

    def problems(self) -> list[Problem]:
        found = []
        for rule in self.rules:
            reason = self.reason(rule)
            if reason:
                place = f"{rule.file}:{rule.line}:{rule.column}"
                found.append(Problem(place, *reason, rule.text))
        return found

    def reason(self, rule: Rule) -> tuple[str, str] | None:
        owners = self.owners(rule)
        body = {_signature(a) for a in rule.body}
        if owners and body & self.general:
            return "规则看全部单位的汇总", "the rule reads a total over all units"
        heads = {_signature(a) for a in rule.head}
        if heads & _UPWARDS:
            if body & self.rising:
                return "归属取决于发生的事", "containment depends on what happened"
            return None
        inner = owners | self.below(rule, owners)
        inner = self.with_incidents(rule, inner)
        outer = self.above(rule, owners)
        for atom in rule.body:
            if _signature(atom) in _UPWARDS:
                continue
            names = self.names(rule, atom)
            if owners and not names and self.sorts.speaks_of_units(atom):
                return "规则看任意单位", "the rule reads any unit whatever"
            for name in names - inner:
                if name not in outer:
                    return "规则看没有上下级关系的单位", "the rule reads a unit elsewhere"
                if _signature(atom) in self.rising:
                    return (
                        "规则看上级内部发生的事",
                        "the rule reads what happened inside a container",
                    )
        return None

    def with_incidents(self, rule: Rule, units: set[str]) -> set[str]:
        """Add the incidents that the rule finds at `units`, and their other units."""
        known = set(units)
        while True:
            new = {
                v
                for a in rule.body
                if not a.negated
                for found in (dict(self.sorts.owned(rule, a)),)
                if found.keys() & known and INCIDENT in found.values()
                for v in found
            } - known
            if not new:
                return known
            known |= new


def _closed(start: set[str], links: set[tuple[str, str]]) -> set[str]:
    found = set(start)
    while True:
        new = {b for a, b in links if a in found} - found
        if not new:
            return found
        found |= new


def _signature(atom: Atom) -> Signature:
    return atom.name, len(atom.args)
