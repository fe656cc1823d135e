"""Whether what a policy derived can be told: of units that there are, in words that it defines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pingan_logic.catalogue import Clause, Policy
from pingan_logic.errors import Problem
from pingan_logic.model import Facts
from pingan_logic.solving.grouping import ForEveryUnit

if TYPE_CHECKING:
    from pingan_logic.solving.outcome import Outcome

__all__ = ["unsound"]

V = TypeVar("V")

_STATUSES = frozenset({"met", "failed", "undetermined"})
_RESULTS = frozenset({"proven_met", "proven_missed", "open", "no_target", "no_units"})
_NUMBERS = {"score": 1, "rank": 2, "no_requirement": 1}
"""How many numbers a finding of this evidence has."""
_SHARES = frozenset({"share", "no_members"})
_MOST = 20
"""Problems of one run: a mistaken rule repeats itself for every unit."""


def unsound(out: Outcome, facts: Facts, policy: Policy, *, shares: bool = True) -> list[Problem]:
    """Return the first problems of an outcome; none when all of it can be told. `shares` says that
    the numbers of ratios were asked for."""
    problems: list[Problem] = []
    for problem in _OutcomeCheck(out, facts, policy, shares).problems():
        problems.append(problem)
        if len(problems) == _MOST:
            break
    return problems


def _judged(found: Mapping[Any, V]) -> Iterable[tuple[Any, V]]:
    """Yield what was derived for the units judged, each once for all that it stands for."""
    return found.found.items() if isinstance(found, ForEveryUnit) else found.items()


class _OutcomeCheck:
    def __init__(self, out: Outcome, facts: Facts, policy: Policy, shares: bool) -> None:
        self.out, self.policy, self.shares = out, policy, shares
        self.units = set(facts.units.column("id"))
        self.incidents = set(facts.incidents.column("id"))
        self.told = {
            k: [c for c in policy.clauses_of(k) if not (c.prohibitions or c.measures or c.parts)]
            for k in policy.kinds
        }

    def problems(self) -> Iterator[Problem]:
        yield from self.verdicts()
        yield from self.clauses()
        yield from self.incidents_named()
        yield from self.unrecorded()
        yield from self.unrecorded_then()
        yield from self.accountable()
        yield from self.register()
        yield from self.attainment()
        for notice, _ in self.out.notices:
            if notice not in self.policy.notice_texts:
                yield _unknown("notice/2", notice)

    def verdicts(self) -> Iterator[Problem]:
        for unit, verdicts in _judged(self.out.verdicts):
            if unit not in self.units:
                yield _unknown("verdict/3", unit)
            for kind, status in verdicts.items():
                if kind not in self.policy.kinds:
                    yield _unknown("verdict/3", kind)
                if status not in _STATUSES:
                    yield _unknown("verdict/3", status)
                for clause in self.told.get(kind, ()):
                    yield from self.finding(unit, clause)
            if len(verdicts) > 1 and self.out.overall.get(unit) not in verdicts.values():
                yield Problem(
                    "overall/2",
                    "适用几个标准的单位没有总的结论",
                    "a unit that is judged by several standards has no overall verdict",
                    unit,
                )

    def clauses(self) -> Iterator[Problem]:
        for unit, found in _judged(self.out.findings):
            if unit not in self.units:
                yield _unknown("finding/5", unit)
            for clause_id, (status, _, _) in found.items():
                if clause_id not in self.policy.clauses:
                    yield _unknown("finding/5", clause_id)
                if status not in _STATUSES:
                    yield _unknown("finding/5", status)

    def incidents_named(self) -> Iterator[Problem]:
        out = self.out
        for name, lists in (
            ("breach/4", out.breaches), ("below/4", out.below), ("ungraded/4", out.ungraded)
        ):  # fmt: skip
            for ids in lists.values():
                for incident in ids:
                    if incident not in self.incidents:
                        yield _unknown(name, incident)

    def unrecorded(self) -> Iterator[Problem]:
        for (_, _, unit), types in _judged(self.out.unrecorded):
            if unit not in self.units:
                yield _unknown("unrecorded/4", unit)
            for name in types:
                if name not in self.policy.types:
                    yield _unknown("unrecorded/4", name)

    def unrecorded_then(self) -> Iterator[Problem]:
        for (_, _, unit), rows in _judged(self.out.unrecorded_then):
            if unit not in self.units:
                yield _unknown("unrecorded_then/5", unit)
            for _, name in rows:
                if name not in self.policy.types:
                    yield _unknown("unrecorded_then/5", name)

    def accountable(self) -> Iterator[Problem]:
        for unit, ids in self.out.accountable.items():
            if unit not in self.units:
                yield _unknown("accountable/2", unit)
            for incident in ids:
                if incident not in self.incidents:
                    yield _unknown("accountable/2", incident)

    def attainment(self) -> Iterator[Problem]:
        for (kind, scope), (*_, result) in self.out.attainment.items():
            if kind not in self.policy.kinds:
                yield _unknown("attainment/5", kind)
            if result not in _RESULTS:
                yield _unknown("attained/3", result)
            if scope and scope not in self.units:
                yield _unknown("attainment/5", scope)

    def register(self) -> Iterator[Problem]:
        for unit in (*self.out.absent, *self.out.relocated, *self.out.named):
            if unit not in self.units:
                yield _unknown("absent/1 relocated/1 named/2", unit)
        for other in (*self.out.relocated.values(), *self.out.heirs.values()):
            if other is not None and other not in self.units:
                yield _unknown("put/2 heir/2", other)

    def finding(self, unit: str, clause: Clause) -> Iterator[Problem]:
        """Check that a clause is found at a unit that is judged by it, with its numbers."""
        found = self.out.findings.get(unit, {}).get(clause.id)
        if found is None:
            yield Problem(
                "finding/5",
                f"条款 {clause.id} 在该单位没有结论",
                f"the clause {clause.id} has no finding at this unit",
                unit,
            )
        elif found[1] in _SHARES and (not clause.members or clause.threshold is None):
            yield Problem(
                "finding/5",
                f"条款 {clause.id} 的依据 {found[1]} 要有 threshold/3 和 members/2",
                f"the evidence {found[1]} of clause {clause.id} needs threshold/3 and members/2",
                unit,
            )
        elif found[1] == "share" and self.shares and (clause.id, unit) not in self.out.shares:
            yield _numbers(clause, "share", 3, unit)
        elif len(found[2]) < _NUMBERS.get(found[1], 0):
            yield _numbers(clause, found[1], _NUMBERS[found[1]], unit)


def _numbers(clause: Clause, basis: str, number: int, unit: str) -> Problem:
    return Problem(
        "finding/5",
        f"条款 {clause.id} 的依据 {basis} 应有{number}个整数",
        f"the evidence {basis} of clause {clause.id} has {number} numbers",
        unit,
    )


def _unknown(place: str, name: str) -> Problem:
    zh = "规则得出的结论提到没有定义的名称"
    return Problem(place, zh, "the rules derive something of a name that is not defined", name)
