"""Which rules look at more of units, incidents, days and numbers than units alike share."""

from __future__ import annotations

from collections.abc import Iterator

from pingan_logic.rules.predicates import DERIVED
from pingan_logic.rules.shape import COUNTING, Roles, Signature, Tree, signature
from pingan_logic.rules.sorts import (
    DAY,
    HAPPENED,
    INCIDENT,
    NAME,
    NUMBER,
    OWNED,
    TEXT,
    UNIT,
    Sorts,
    places,
    variables,
)
from pingan_logic.rules.syntax import Aggregate, Atom, Element, Rule, Term

__all__ = ["Readings"]

Reason = tuple[str, str]

_TURNED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}
"""The same comparison, the other side first."""

_READ = frozenset(p.key for p in DERIVED if p.speaks_of("incident")) | {
    ("notice", 2),
    ("notice", 3),
}
"""What is read of incidents."""
_YEAR = "10000"
_CUT_OFF: Signature = ("cut_off", 1)
_BEGINS: Signature = ("begins", 1)
_BEGINNING = "begins(F) :- year(Y); span(Y,F,L)."
"""The rule that says on which day the period judged begins."""
_PERIODS = frozenset({("period_begins", 2), ("period_years", 2)})
"""What a policy states whose periods are no calendar years."""
_COUNTED: Reason = (
    "聚合按个数数单位或事件，应写 #sum { N,X : counts(X,U,N), ... }",
    "an aggregate counts units or incidents one by one; write #sum { N,X : counts(X,U,N), ... }",
)
_DATED: Reason = (
    "日期只可相互比较、与截止日比较（<=、>）、与期间的首日比较（>=、<）、取年份与本年度比较",
    "a day may only be compared with days, with the cut-off day (<=, >), with the day on which the "
    "period begins (>=, <), or its year with the year",
)


class Readings:
    """The check of each rule by itself, and what it needs to know of all of them."""

    sorts: Sorts
    roles: Roles
    facts: list[Rule]
    heads: set[tuple[str, int]]
    timely: set[tuple[str, int]]
    bounds: dict[Signature, tuple[str, ...]]
    """What days may be compared with, and how where the day comes first."""
    calendar: bool

    def __init__(self, rules: list[Rule], sorts: Sorts, roles: Roles) -> None:
        self.sorts, self.roles = sorts, roles
        self.facts = [r for r in rules if r.fact]
        self.heads = {signature(h) for r in sorts.rules for h in r.head}
        begun = {r.text for r in rules if any(signature(h) == _BEGINS for h in r.head)}
        self.bounds = {_CUT_OFF: ("<=", ">")}
        if begun == {_BEGINNING}:
            self.bounds[_BEGINS] = (">=", "<")
        self.calendar = not any(signature(h) in _PERIODS for r in self.facts for h in r.head)
        self.timely = self._timely()

    def reason(self, rule: Rule) -> Reason | None:
        """Say how a rule can tell units apart that are alike; None when it cannot."""
        if rule.text in COUNTING:
            return None
        heads = {signature(h) for h in rule.head}
        if ("counts", 3) in heads or any(a.name == "alike" for a in rule.body):
            return "规则改动或查看 counts 的来历", "the rule changes counts, or looks behind it"
        return (
            self._ids(rule)
            or self._numbers(rule)
            or self._aggregates(rule)
            or self._days(rule)
            or self._years(rule)
        )

    def _ids(self, rule: Rule) -> Reason | None:
        atoms = self.sorts.scoped[id(rule)]
        for atom in (*rule.head, *atoms):
            for place, term in places(atom):
                if term.kind == "str" and (OWNED | {NAME}) & self.sorts.sorts[place]:
                    return "规则写了单位编号或名称", "the rule names a unit"
        compared = _looked_at(rule)
        for name, can in self.sorts.named(rule).items():
            if UNIT in can and can & {TEXT, NAME, INCIDENT}:
                return "单位编号与别的编号或文字相比", "a unit id is matched with other ids or text"
            if can & (OWNED | {NAME}) and _plain(name) in compared:
                return "规则比较单位编号", "the rule compares unit ids"
            if NAME in can and len(self.sorts.uses[id(rule)][name]) > 1:
                return "规则比较名称", "the rule compares names"
        return None

    def _numbers(self, rule: Rule) -> Reason | None:
        """Say whether a number of units alike is more than added up or handed on."""
        lost = "规则丢失或改动户数", "the rule loses or changes a number of units alike"
        atoms = self.sorts.scoped[id(rule)]
        tree = Tree(atoms, self.roles)
        looked_at = _looked_at(rule)
        for head in rule.head:
            top = self.roles.down.get(signature(head))
            owned = self.sorts.owned(head)
            whole = len({tree.node(n) for n in owned}) == 1 or any(map(tree.is_lone, owned))
            for place, term in places(head):
                if NUMBER in self.sorts.sorts.get(place, ()) and not (
                    term.kind == "var" or (top is not None and whole and term.name == "1")
                ):
                    return lost
        for name, can in self.sorts.named(rule).items():
            if NUMBER not in can or "@" in name:
                continue
            uses = [a for a in atoms if name in variables(a.args)]
            if name.startswith("_") and uses[0].inner:
                continue  # what the aggregate makes of it is looked at there
            if len(uses) > 1 or name in looked_at or uses[0].negated or uses[0].inner:
                return lost
            handed = [h for h in rule.head if name in variables(h.args)]
            for head in handed:
                nodes = {tree.node(n) for n in self.sorts.owned(head)}
                if not {tree.node(n) for n in self.sorts.owned(uses[0])} <= nodes:
                    return lost
                if not any(t.kind == "var" and t.name == name for t in head.args):
                    return lost
            if any(name in variables(e.terms) for a in rule.aggregates for e in a.elements):
                return lost
        return None

    def _aggregates(self, rule: Rule) -> Reason | None:
        """Say whether an aggregate counts units or incidents other than by their numbers."""
        atoms = iter([a for a in self.sorts.scoped[id(rule)] if a.inner])
        for number, aggregate in enumerate(rule.aggregates):
            for position, element in enumerate(aggregate.elements):
                own = [next(atoms) for _ in element.atoms]
                local = f"@{number}.{position}"
                compared = {_plain(n) for a in own for n in self.sorts.holds(a, NUMBER)}
                if compared & variables(t for c in rule.comparisons for t in c.terms):
                    return _COUNTED
                if not self._adds_up(aggregate, element, own, local):
                    return _COUNTED
        return None

    def _adds_up(
        self, aggregate: Aggregate, element: Element, atoms: list[Atom], local: str
    ) -> bool:
        said = {n if _is_outer(n, atoms, local) else n + local for n in variables(element.terms)}
        owned = {n for a in atoms for n in self.sorts.owned(a) if n.endswith(local)}
        days = {n for a in atoms for s in (DAY, HAPPENED) for n in self.sorts.holds(a, s)}
        if said & {n for a in atoms for n in self.sorts.holds(a, NAME)}:
            return False
        if said & days and aggregate.function not in ("min", "max"):
            return False
        numbered = [a for a in atoms if self.sorts.holds(a, NUMBER)]
        if not numbered or (not said & owned and not said & set(self._numbers_of(numbered))):
            return not said & owned
        if len(numbered) > 1 or numbered[0].negated or aggregate.function != "sum":
            return False
        (number,) = self.sorts.holds(numbered[0], NUMBER)
        if not number.endswith(local) or not _is_factor(element.terms[0], _plain(number)):
            return False
        others = (
            list(element.terms[1:]),
            [t for a in atoms if a is not numbered[0] for t in a.args],
        )
        if any(_plain(number) in {_plain(n) for n in variables(o)} for o in others):
            return False
        if signature(numbered[0]) not in self.roles.down:
            return False
        top = numbered[0].args[self.roles.down[signature(numbered[0])]]
        below = set(self.sorts.owned(numbered[0])) - variables([top])
        return below <= said and said & owned <= below

    def _numbers_of(self, atoms: list[Atom]) -> Iterator[str]:
        return (n for a in atoms for n in self.sorts.holds(a, NUMBER))

    def _days(self, rule: Rule) -> Reason | None:
        """Say whether a day is more than compared with what units alike share of it."""
        can = self.sorts.named(rule)
        days = {_plain(n): can[n] & {DAY, HAPPENED} for n in can if can[n] & {DAY, HAPPENED}}
        if not days:
            return None
        atoms = self.sorts.scoped[id(rule)]
        tree = Tree(atoms, self.roles)
        parts = tree.parts()
        for comparison in rule.comparisons:
            sides = zip(comparison.terms, comparison.signs, comparison.terms[1:], strict=False)
            for left, sign, right in sides:
                if not self._comparable(rule, left, sign, right, days):
                    return _DATED
        if variables(_computed(rule)) & set(days) and not self._only_years(rule, days):
            return _DATED
        for atom in (*rule.head, *atoms):
            for place, term in places(atom):
                dated = {DAY, HAPPENED} & self.sorts.sorts.get(place, set())
                if dated and term.kind == "num" and term.name != "0":
                    return _DATED
        for day, sorts in days.items():
            about = {
                n for a in atoms if day in {_plain(v) for v in variables(a.args)}
                for n in self.sorts.owned(a)
            }  # fmt: skip
            if len({parts[tree.node(n)] for n in about}) > 1:
                return _DATED
            incidents = {tree.node(n) for n in about if INCIDENT in can[n]}
            if HAPPENED in sorts and len(incidents) > 1:
                return _DATED
        return None

    def _comparable(
        self, rule: Rule, left: Term, sign: str, right: Term, days: dict[str, set[str]]
    ) -> bool:
        if not (variables([left]) | variables([right])) & set(days):
            return True
        if left.kind == "op" or right.kind == "op":
            return sign == "=" and (
                self._is_year(rule, left, right, days) or self._is_year(rule, right, left, days)
            )
        if any(t.kind == "other" and t.name == "aggregate" for t in (left, right)):
            return True
        if left.kind != "var" or right.kind != "var":
            return False
        both = days.get(left.name), days.get(right.name)
        if None not in both:
            return {HAPPENED} not in both or both != ({HAPPENED}, {HAPPENED})
        other = left.name if both[0] is None else right.name
        said = sign if both[1] is None else _TURNED.get(sign, sign)
        return any(said in s and self._bound(rule, other, by) for by, s in self.bounds.items())

    def _is_year(self, rule: Rule, left: Term, right: Term, days: dict[str, set[str]]) -> bool:
        """Whether `left` is the year of a day, and `right` the year judged."""
        if not self.calendar or left.kind != "op" or left.name != "/" or right.kind != "var":
            return False
        day, by = left.args
        if (
            day.kind != "var"
            or day.name not in days
            or not self._bound(rule, right.name, ("year", 1))
        ):
            return False
        return (by.kind == "num" and by.name == _YEAR) or self._always(rule, by, _YEAR)

    def _always(self, rule: Rule, term: Term, value: str) -> bool:
        """Whether a variable is bound by a predicate that has one value there in all its facts."""
        for atom in rule.body:
            for n, own in enumerate(atom.args):
                if own.kind == term.kind == "var" and own.name == term.name:
                    facts = [
                        h.args[n] for r in self.facts for h in r.head
                        if signature(h) == signature(atom)
                    ]  # fmt: skip
                    return signature(atom) not in self.heads and {
                        (t.kind, t.name) for t in facts
                    } == {("num", value)}
        return False

    @staticmethod
    def _bound(rule: Rule, name: str, by: tuple[str, int]) -> bool:
        return any(
            signature(a) == by and not a.negated and a.args[0].kind == "var"
            and a.args[0].name == name
            for a in rule.body
        )  # fmt: skip

    def _only_years(self, rule: Rule, days: dict[str, set[str]]) -> bool:
        """Whether all that is computed with days stands in comparisons, where it is looked at."""
        computed = [
            o for a in (*rule.head, *rule.body) for t in a.args for o in t.walk()
            if o.kind in ("op", "other")
        ]  # fmt: skip
        return not variables(computed) & set(days)

    def _timely(self) -> set[tuple[str, int]]:
        """Return the predicates that only incidents of the year, up to the cut-off, are in."""
        found = {
            signature(h) for r in self.sorts.rules for h in r.head
            if self.sorts.holds(h, INCIDENT)
        }  # fmt: skip
        self.timely = found
        changed = True
        while changed:
            changed = False
            for rule in self.sorts.rules:
                for head in rule.head:
                    late = self._late(rule) & set(self.sorts.holds(head, INCIDENT))
                    if signature(head) in found and late:
                        found.discard(signature(head))
                        changed = True
        return found

    def _late(self, rule: Rule) -> set[str]:
        """Return the incidents of a rule that may be of another year."""
        atoms = self.sorts.scoped[id(rule)]
        incidents = {n for a in atoms for n in self.sorts.holds(a, INCIDENT)}
        kept = set()
        for atom in (a for a in atoms if not a.negated):
            if signature(atom) in self.timely:
                kept.update(self.sorts.holds(atom, INCIDENT))
            if signature(atom) == ("incident", 6) and not atom.inner and self._of_year(rule, atom):
                kept.update(self.sorts.holds(atom, INCIDENT))
        known = {
            t.name
            for a in atoms
            if signature(a) == ("incident", 6)
            and not a.negated
            and not a.inner
            and a.args[0].name in kept
            for t in a.args[5:]
        }
        same = {a.args[0].name for a in atoms if signature(a) == ("incident", 6)
                and not a.negated and not a.inner and a.args[5].name in known}  # fmt: skip
        return incidents - kept - same

    def _of_year(self, rule: Rule, atom: Atom) -> bool:
        day = atom.args[5]
        if day.kind != "var":
            return False
        days = {day.name: {HAPPENED}}
        in_year = until = False
        for c in rule.comparisons:
            for left, sign, right in zip(c.terms, c.signs, c.terms[1:], strict=False):
                in_year |= sign == "=" and (
                    self._is_year(rule, left, right, days) or self._is_year(rule, right, left, days)
                )
                in_year |= self._on_side(rule, left, sign, right, day, _BEGINS, ">=")
                until |= self._on_side(rule, left, sign, right, day, _CUT_OFF, "<=")
        return in_year and until

    def _on_side(
        self, rule: Rule, left: Term, sign: str, right: Term, day: Term, by: Signature, side: str
    ) -> bool:
        """Whether a comparison says that a day is on one side of the day that `by` holds."""
        first, second = (left, right) if sign == side else (right, left)
        return (
            by in self.bounds
            and sign in (side, _TURNED[side])
            and first.kind == second.kind == "var"
            and first.name == day.name
            and self._bound(rule, second.name, by)
        )

    def _years(self, rule: Rule) -> Reason | None:
        late = self._late(rule)
        said = {n for h in rule.head for n in self.sorts.holds(h, INCIDENT)}
        if late - said or (late and {signature(h) for h in rule.head} & _READ):
            return "规则看其他年度的事件", "the rule reads incidents of other years"
        return None


def _is_outer(name: str, atoms: list[Atom], local: str) -> bool:
    return name + local not in {n for a in atoms for n in variables(a.args)}


def _is_factor(term: Term, number: str) -> bool:
    """Whether a term is a number of units alike, or it times something else."""
    if term.kind == "var":
        return term.name == number
    factors = term.args if term.kind == "op" and term.name == "*" else ()
    named = [t for t in factors if t.kind == "var" and t.name == number]
    return len(named) == 1 and sum(number in variables([t]) for t in factors) == 1


def _computed(rule: Rule) -> Iterator[Term]:
    """Yield the terms that a rule computes with, other than in comparisons."""
    for atom in (*rule.head, *rule.body):
        for argument in atom.args:
            yield from (o for o in argument.walk() if o.kind in ("op", "other"))


def _looked_at(rule: Rule) -> set[str]:
    """Return the variables that a rule computes with or compares."""
    return variables((*_computed(rule), *(t for c in rule.comparisons for t in c.terms)))


def _plain(name: str) -> str:
    return name.partition("@")[0]
