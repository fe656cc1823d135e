"""Whether units that are alike may be judged once for all of them, wherever they stand.

Units are alike when their own records are, and their surroundings: all that is reached from them by
`parent`, `moved` and `merged_into`, with what is written down there. One of them is then written
with its own rows, and `counts(X,A,N)` says that A contains N units like it. That is exact for rules
by which what follows for a unit rests on

- itself: its own records and incidents;
- what is above it, as far as that can be said before anything rises: by rules that read upwards
  only, and no incident (they are the rules that *surroundings* obey, `Proof.upwards`);
- what is inside it, by `counts` or what follows from it, in which one unit inside is found by one
  container alone, and its number is only added up or handed on.

Dates may only be compared with one another, with the cut-off day, and their year with the year
judged: alike is what lies on the same side. Ids and names may not be looked at. Both ends of
`responsible` and `merged_into`, and units with incidents whose surroundings changed, are never
merged (`judging.classes`), so that rules may go from one end to the other.

The check is safe: what it does not understand, it names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pingan_logic.errors import Problem
from pingan_logic.rules.predicates import DERIVED, INHERITED, RECORDED
from pingan_logic.rules.proof import Proof
from pingan_logic.rules.readings import Readings
from pingan_logic.rules.shape import COUNTING, FREE, INPUTS, Roles, Shape, Signature, signature
from pingan_logic.rules.sorts import INCIDENT, Sorts
from pingan_logic.rules.syntax import Atom, Rule
from pingan_logic.rules.templates import once

__all__ = ["prove_merging"]

_JUDGED = frozenset(p.key for p in DERIVED if p.speaks_of("unit"))
"""What is read of a part of a county that was judged by itself."""


def prove_merging(rules: Iterable[Rule]) -> Proof:
    """Look for what speaks against judging units alike once."""
    return _Check(list(rules)).proof()


class _Check:
    def __init__(self, rules: list[Rule]) -> None:
        self.all = rules
        self.sorts = Sorts(rules)
        self.rules = self.sorts.rules
        self.by_head: dict[Signature, list[Rule]] = defaultdict(list)
        for rule in rules:
            for atom in rule.head:
                self.by_head[signature(atom)].append(rule)
        self.roles = Roles(self.sorts)
        self.readings = Readings(rules, self.sorts, self.roles)
        self.general = self._general()

    def proof(self) -> Proof:
        told = self._closure(INHERITED)
        shapes = [(rule, self.roles.shape(rule)) for rule in self.rules]
        wrong: list[Problem] = []
        distinctions: list[Problem] = []
        reads = set[Signature]()
        for rule, shape in shapes:
            above = {signature(a) for a in shape.read_above}
            rests = self._closure(above)
            reads |= self._inputs(rests)
            reason = shape.reason
            if reason is None and any(signature(h) in told for h in rule.head):
                reason = self._upwards(rule)
                if reason is None and any(a.name == "asked" for a in rule.body):
                    reason = ("归属取决于所问的事", "containment depends on what is asked")
            if reason is None and self._rises(rests):
                reason = (
                    "规则看所在单位内部发生的事", "the rule reads what happened inside a container",
                )  # fmt: skip
            if rule.text in COUNTING:
                continue
            if reason is not None:
                wrong.append(_problem(rule, reason))
            elif (reason := self.readings.reason(rule)) is not None:
                distinctions.append(_problem(rule, reason))
        reads |= self._inputs(told)
        text = [r.text for r in self.all if any(signature(h) in told for h in r.head)]
        return Proof(
            tuple(once((*wrong, *distinctions))),
            tuple(once((*wrong, *self._elsewhere(shapes)))),
            "\n".join(dict.fromkeys(text)),
            tuple(RECORDED[t] for t in sorted(reads) if t in RECORDED),
        )

    def _inputs(self, above: set[Signature]) -> set[Signature]:
        """Return the predicates of the data that some rest on."""
        body = {signature(a) for s in above for r in self.by_head[s] for a in r.body}
        return (above | body) & set(INPUTS)

    def _rises(self, above: set[Signature]) -> bool:
        """Whether what is read of a container rests on what happened there, or inside it."""
        if above & {("incident", 6), ("responsible", 2)} or above & self.roles.down.keys():
            return True
        rules = (r for s in above for r in self.by_head[s] if not r.fact)
        return any(self._upwards(r) is not None for r in rules)

    def _closure(self, start: Iterable[Signature]) -> set[Signature]:
        """Return the predicates, other than inputs, that some follow from."""
        seen = set(start)
        waiting = list(seen)
        while waiting:
            for rule in self.by_head.get(waiting.pop(), ()):
                new = {signature(a) for a in rule.body} - seen - set(INPUTS)
                seen |= new
                waiting += new
        return seen

    def _upwards(self, rule: Rule) -> tuple[str, str] | None:
        """Say why surroundings cannot obey a rule."""
        for atom in self.sorts.scoped[id(rule)]:
            if signature(atom) in self.roles.down:
                return "归属取决于内部的情况", "containment depends on what is inside"
            if self.sorts.holds(atom, INCIDENT):
                return "归属取决于发生的事", "containment depends on what happened"
            if signature(atom) in self.general:
                return "归属取决于全部单位", "containment depends on all units"
        return None

    def _general(self) -> set[Signature]:
        """Return the predicates that speak of no unit and yet follow from what some are."""
        found: set[Signature] = set()
        changed = True
        while changed:
            changed = False
            for rule in self.rules:
                body = self.sorts.scoped[id(rule)]
                touched = any(self.sorts.speaks_of_units(a) or signature(a) in found for a in body)
                for head in rule.head:
                    new = touched and not self.sorts.speaks_of_units(head)
                    if new and signature(head) not in found:
                        found.add(signature(head))
                        changed = True
        return found

    def _elsewhere(self, shapes: list[tuple[Rule, Shape]]) -> Iterator[Problem]:
        """Yield the rules by which what is read of a unit rests on any unit whatever."""
        wanted = self._closure(_JUDGED)
        for rule, shape in shapes:
            heads = {signature(h) for h in rule.head}
            if not heads & wanted or not any(map(self.sorts.speaks_of_units, rule.head)):
                continue
            if any(signature(a) in self.general for a in rule.body):
                yield _problem(
                    rule, ("规则看全部单位的汇总", "the rule reads a total over all units")
                )
            elif shape.apart or any(map(self._whatever, self.sorts.scoped[id(rule)])):
                yield _problem(rule, ("规则看任意单位", "the rule reads any unit whatever"))

    def _whatever(self, atom: Atom) -> bool:
        """Whether an atom speaks of units and yet of none that the rule names."""
        return (
            self.sorts.speaks_of_units(atom)
            and not self.sorts.owned(atom)
            and signature(atom) not in FREE
        )


def _problem(rule: Rule, reason: tuple[str, str]) -> Problem:
    return Problem(rule.place, *reason, rule.text)
