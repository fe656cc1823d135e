"""How the units and incidents of a rule hang together: which is above which, and inside which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from attrs import define, field

from pingan_logic.rules.predicates import GIVEN
from pingan_logic.rules.sorts import INCIDENT, Sorts, places
from pingan_logic.rules.syntax import Atom, Rule

__all__ = ["COUNTING", "FREE", "INPUTS", "Roles", "Shape", "Signature", "signature"]

Signature = tuple[str, int]
Reason = tuple[str, str]

COUNTS: Signature = ("counts", 3)
INPUTS = frozenset(GIVEN.items()) - {COUNTS}
"""The predicates of the data, but for what units count, which rules say too."""
_DATED = frozenset({("changed", 3), ("opened", 2), ("closed", 2)})
FREE = frozenset({("asked", 1)})
COUNTING = frozenset(
    {
        "counts(U,A,1) :- inside(U,A); not alike(U).",
        "counts(U,all,1) :- asked(attainment); unit(K,U); not alike(U).",
    }
)
"""The rules that say what a unit counts that stands for itself alone."""


def signature(atom: Atom) -> Signature:
    """Return name and arity."""
    return atom.name, len(atom.args)


@define
class Shape:
    """What was found of a rule: `read_above` are the atoms about what is above the unit that the
    rule speaks of; `apart` says that it reads units that nothing links to it."""

    read_above: list[Atom] = field(factory=list)
    apart: bool = False
    reason: Reason | None = None
    heads: dict[Signature, str | int] = field(factory=dict)


class Roles:
    """What predicates of several units or incidents say of them.

    `down` holds, of the pairs by which something is inside a container, the place of the container;
    `tied` those that join an incident and its units, or units that are never merged; any other
    leads from its first unit upwards.
    """

    sorts: Sorts
    dated: set[tuple[str, int]]
    lone: set[tuple[str, int]]

    def __init__(self, sorts: Sorts) -> None:
        self.sorts = sorts
        self.tied: set[Signature] = set()
        self.down: dict[Signature, int] = {COUNTS: 1}
        several = {
            signature(h) for r in sorts.rules for h in r.head if len(set(sorts.owned(h))) > 1
        }
        # at first all are taken for ties; what a rule shows to be a link upwards is one
        self.tied = {("incident", 6), ("responsible", 2), *several}
        self._settle(sorts.rules)
        self.dated, self.lone = self._never_merged()

    def _never_merged(self) -> tuple[set[Signature], set[Signature]]:
        """Return the predicates of units that the register says more of, or of what is above them,
        and those of incidents at such units: they are never merged."""
        rules = [r for r in self.sorts.rules if len(r.head) == 1 and self.sorts.owned(r.head[0])]
        heads = {signature(r.head[0]) for r in rules}
        self.dated = {*_DATED, *heads}
        self.lone = {signature(r.head[0]) for r in rules if self.sorts.holds(r.head[0], INCIDENT)}
        changed = True
        while changed:
            changed = False
            for rule in rules:
                key, first = signature(rule.head[0]), self.sorts.owned(rule.head[0])[0]
                tree = Tree(self.sorts.scoped[id(rule)], self)
                for kept, is_kept in ((self.dated, tree.is_dated), (self.lone, tree.is_lone)):
                    if key in kept and not is_kept(first):
                        kept.discard(key)
                        changed = True
        return self.dated, self.lone

    def _settle(self, rules: Iterable[Rule]) -> None:
        rules = [r for r in rules if any(signature(h) in self.tied for h in r.head)]
        changed = True
        while changed:
            changed = False
            for rule in rules:
                for head in rule.head:
                    changed = self._role(rule, head) or changed

    def _role(self, rule: Rule, head: Atom) -> bool:
        """Correct what is taken of the head's predicate by one of its rules."""
        key, names = signature(head), self.sorts.owned(head)
        if len(set(names)) < 2 or rule.text in COUNTING:
            return False
        tree = Tree(self.sorts.scoped[id(rule)], self)
        tops = {tree.top_of(n) for n in names} - {None}
        if tops:
            top = next((n for n in names if n in tops), None)
            if top is not None and key not in self.down:
                held = [t.name if t.kind == "var" else "" for t in head.args]
                if top in held:
                    self.down[key] = held.index(top)
                    self.tied.discard(key)
                    return True
            return False
        if key in self.tied and len({tree.node(n) for n in names}) > 1:
            self.tied.discard(key)
            return True
        return False

    def shape(self, rule: Rule) -> Shape:
        """Return what holds a rule together, or why units alike may not be merged for it."""
        atoms = self.sorts.scoped[id(rule)]
        inner = sum(len(e.atoms) for a in rule.aggregates for e in a.elements)
        if rule.choice or rule.statement != "rule" or len(rule.head) > 1:
            return Shape(reason=("规则有选择", "the rule has a choice"))
        if sum(a.inner for a in rule.body) != inner:
            return Shape(reason=("规则有条件文字", "the rule has a conditional literal"))
        tree = Tree(atoms, self)
        names = [n for h in rule.head for n in self.sorts.owned(h)]
        return tree.shape(names, rule.head[0] if rule.head else None)


class Tree:
    """The units and incidents of one rule: ties make one node of several, links lead upwards, and
    pairs of a container and what is inside it lead down."""

    roles: Roles
    atoms: list[Atom]

    def __init__(self, atoms: Iterable[Atom], roles: Roles) -> None:
        self.roles, self.atoms = roles, list(atoms)
        self.of: dict[str, str] = {}
        self.up: list[tuple[str, str]] = []
        self.pairs: list[tuple[str, str]] = []
        for atom in self.atoms:
            self._take(atom)

    def node(self, name: str) -> str:
        """Return the node of a variable."""
        while self.of.setdefault(name, name) != name:
            name = self.of[name]
        return name

    def _tie(self, names: Iterable[str]) -> None:
        first, *others = names
        for other in others:
            self.of[self.node(other)] = self.node(first)

    def _take(self, atom: Atom) -> None:
        names, key = self.roles.sorts.owned(atom), signature(atom)
        for name in names:
            self.node(name)
        top = self.roles.down.get(key)
        if top is not None:
            term = atom.args[top]
            below = [n for n in names if term.kind != "var" or n != term.name]
            if term.kind == "var" and below:
                self.pairs += ((term.name, b) for b in below)
            if below:
                self._tie(below)
        elif len(names) > 1 and (key in self.roles.tied or _merged(atom)):
            self._tie(names)
        elif len(names) > 1:
            self.up += ((names[0], n) for n in names[1:])

    def top_of(self, name: str) -> str | None:
        """Return the variable of the container that a variable is found inside of."""
        return next((t for t, b in self.pairs if self.node(b) == self.node(name)), None)

    def is_dated(self, name: str) -> bool:
        """Whether the register says more of a unit, or of what is above it."""
        parts = self.parts()
        here = parts.get(self.node(name))
        return here is not None and any(
            signature(a) in self.roles.dated
            and not a.negated
            and not a.inner
            and parts[self.node(self.roles.sorts.owned(a)[0])] == here
            for a in self.atoms
            if self.roles.sorts.owned(a)
        )

    def is_lone(self, name: str) -> bool:
        """Whether an incident is at a unit that is never merged, and so is all that is above it."""
        node, sorts = self.node(name), self.roles.sorts
        happened = {self.node(n) for a in self.atoms for n in sorts.holds(a, INCIDENT)}
        if node not in happened:
            return False
        return self.is_dated(name) or any(
            signature(a) in self.roles.lone
            and not a.negated
            and not a.inner
            and node in {self.node(n) for n in sorts.holds(a, INCIDENT)}
            for a in self.atoms
        )

    def _reached(self, start: str) -> set[str]:
        found, waiting = {start}, [start]
        while waiting:
            here = waiting.pop()
            new = {self.node(b) for a, b in self.up if self.node(a) == here} - found
            found |= new
            waiting += new
        return found

    def shape(self, names: list[str], head: Atom | None) -> Shape:
        """Return the shape of the rule with these owned variables in its head."""
        shape = Shape()
        nodes = {self.node(n) for n in list(self.of)}
        heads = [self.node(n) for n in names]
        tops: dict[str, set[str]] = defaultdict(set)
        for t, b in self.pairs:
            tops[self.node(b)].add(self.node(t))
        unbound = [n for n in heads if n not in nodes]
        if unbound:
            nodes.update(unbound)
        parts = self._parts(nodes)
        if any(len(t) > 1 for t in tops.values()):
            shape.reason = (
                "规则在两个所在单位内找同一单位",
                "the rule finds one unit inside of two containers",
            )
            return shape
        roots: dict[str, str] = {}
        for part in set(parts.values()):
            here = {n for n in nodes if parts[n] == part}
            below = [n for n in here if n in tops]
            wished = below or [n for n in heads if n in here] or sorted(here)
            if len(below) > 1 or not (root := self._root(wished, here)):
                shape.reason = (
                    "规则看没有上下级关系的单位",
                    "the rule reads a unit that is not above",
                )
                return shape
            roots[part] = root
        for b, above in tops.items():
            for t in above:
                if parts[t] == parts[b] or roots[parts[t]] != t:
                    shape.reason = (
                        "规则看所在单位内部的情况",
                        "the rule reads what is inside a container above",
                    )  # fmt: skip
                    return shape
        if self._looped(tops, parts):
            shape.reason = ("规则绕回自身", "the rule leads back to where it began")
            return shape
        shape.reason = self._head(heads, parts, roots, tops) or self._container(head, tops)
        trunk = {self._trunk(n, parts, roots, tops) for n in nodes}
        shape.apart = bool(heads) and len(trunk) > 1
        upper = {n for n in nodes if roots[parts[n]] != n}
        shape.read_above = [
            a for a in self.atoms
            if {self.node(n) for n in self.roles.sorts.owned(a)} & upper
            and signature(a) not in self.roles.lone
        ]  # fmt: skip
        return shape

    def parts(self) -> dict[str, str]:
        """Name, for each node, the part that links upwards join it to."""
        return self._parts({self.node(n) for n in list(self.of)})

    def _parts(self, nodes: set[str]) -> dict[str, str]:
        part = {n: n for n in nodes}

        def of(n: str) -> str:
            while part[n] != n:
                n = part[n]
            return n

        for a, b in self.up:
            part[of(self.node(b))] = of(self.node(a))
        return {n: of(n) for n in nodes}

    def _root(self, wished: Iterable[str], here: set[str]) -> str | None:
        return next((n for n in wished if here <= self._reached(n)), None)

    @staticmethod
    def _looped(tops: dict[str, set[str]], parts: dict[str, str]) -> bool:
        above = {parts[b]: parts[t] for b, found in tops.items() for t in found}
        for start in above:
            here, steps = start, 0
            while here in above:
                here, steps = above[here], steps + 1
                if steps > len(above):
                    return True
        return False

    @staticmethod
    def _trunk(
        node: str, parts: dict[str, str], roots: dict[str, str], tops: dict[str, set[str]]
    ) -> str:
        """Return the part that a node is found from: its own, or that of the container."""
        here = parts[node]
        while above := tops.get(roots[here]):
            here = parts[min(above)]
        return here

    def _head(
        self,
        heads: list[str],
        parts: dict[str, str],
        roots: dict[str, str],
        tops: dict[str, set[str]],
    ) -> Reason | None:
        """Say what is wrong with the units of a head."""
        if not heads:
            return None
        stray = ("规则把没有联系的单位放在一起", "the rule relates units that nothing links")
        if len({self._trunk(n, parts, roots, tops) for n in heads}) > 1:
            return stray
        in_parts = {parts[n] for n in heads}
        trunk = self._trunk(heads[0], parts, roots, tops)
        if trunk not in in_parts:
            return (
                "规则由所在单位内部推及单位",
                "the rule concludes from a container to what is inside",
            )
        if len(in_parts) > 2:
            return stray
        if len(in_parts) == 2:
            # a container and what is inside it: nothing above either
            return None if all(roots[parts[n]] == n for n in heads) else stray
        # the first one is the unit of which something is said; others are above it
        return None if roots[trunk] == heads[0] else stray

    def _container(self, head: Atom | None, tops: dict[str, set[str]]) -> Reason | None:
        """Say whether a pair of a container and what is inside it comes from anything else."""
        top = self.roles.down.get(signature(head)) if head is not None else None
        if head is None or top is None:
            return None
        above = head.args[top]
        for name in self.roles.sorts.owned(head):
            node = self.node(name)
            if above.kind != "var" or name == above.name or node == self.node(above.name):
                continue
            if self.node(above.name) not in tops.get(node, ()) and not self.is_lone(name):
                return (
                    "规则另立所在单位与内部单位的关系",
                    "the rule finds what is inside not by counts",
                )
        return None


def _merged(atom: Atom) -> bool:
    """Whether an atom joins a unit with the one it merged into: neither is ever merged."""
    return any(p[0] == "merged_into()" and t.kind == "var" for p, t in places(atom))
