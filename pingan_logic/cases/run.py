"""Run cases: evaluate each small world and compare status and reasons."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from attrs import define, field, frozen

from pingan_logic.cases.case import Case, Expectation
from pingan_logic.catalogue import Policy
from pingan_logic.errors import PinganError, PolicyError
from pingan_logic.evaluation import evaluate
from pingan_logic.verdicts import Assessment, Finding, Status

__all__ = ["CaseResult", "Coverage", "Difference", "run_case", "run_cases"]


@frozen
class Difference:
    """What was looked at (`unit` or `unit.clause`), what was expected there and what came."""

    what: str
    expected: str
    actual: str


@frozen
class CaseResult:
    """A case with its differences; none means that it passed. `seconds` is its time."""

    case: Case
    differences: tuple[Difference, ...]
    seen: frozenset[tuple[str, str]]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether everything came as expected."""
        return not self.differences


@define
class Coverage:
    """Which clauses the passing cases showed as met, failed and undetermined."""

    policy: Policy
    seen: set[tuple[str, str]] = field(factory=set)

    @property
    def total(self) -> int:
        """Three for each clause."""
        return 3 * sum(c.within is None for c in self.policy.clauses.values())

    def missing(self) -> list[tuple[str, str]]:
        """Return the (clause, status) pairs that no case shows, in the order of the notice."""
        return [
            (c, s.value)
            for c, clause in self.policy.clauses.items()
            for s in Status
            if clause.within is None and (c, s.value) not in self.seen
        ]

    @property
    def covered(self) -> int:
        """How many (clause, status) pairs are shown."""
        return self.total - len(self.missing())

    @property
    def tenths(self) -> int:
        """Tenths of a percent, truncated: 99.96% is 999, never 1000."""
        return self.covered * 1000 // self.total


def run_cases(cases: Iterable[Case], policy: Policy) -> Iterator[CaseResult]:
    """Yield the result of each case. Raises PolicyError when the policy is unsound."""
    for case in cases:
        yield run_case(case, policy)


def run_case(case: Case, policy: Policy) -> CaseResult:
    """Evaluate the world of a case and compare. Raises PolicyError for an unsound policy."""
    start = time.perf_counter()
    differences: list[Difference] = []
    seen: set[tuple[str, str]] = set()
    if case.expect:
        try:
            result = evaluate(case.facts, policy, case.year, as_of=case.as_of)
        except PolicyError:
            raise
        except PinganError as error:
            differences.append(Difference(case.name, "-", error.words()))
        else:
            for wanted in case.expect:
                differences += _compare(wanted, result)
            for unit in dict.fromkeys(e.unit for e in case.expect):
                if unit in result:
                    seen |= {(f.clause, f.status.value) for f in result[unit].findings}
    differences += _programme(case, policy)
    return CaseResult(case, tuple(differences), frozenset(seen), time.perf_counter() - start)


def _compare(wanted: Expectation, result: Assessment) -> Iterator[Difference]:
    what = f"{wanted.unit}.{wanted.clause}" if wanted.clause else wanted.unit
    if wanted.unit not in result:
        yield Difference(what, wanted.status, "-")
        return
    here = result[wanted.unit]
    if wanted.clause is None:
        deciding = here.clauses(here.status) if here.status is not Status.MET else []
        expected = " ".join((wanted.status, *sorted(wanted.reasons or ())))
        actual = " ".join((here.status.value, *sorted(deciding)))
        if expected != actual:
            yield Difference(what, expected, actual)
        return
    found = _finding(here.findings, wanted.clause)
    if found is None:
        yield Difference(what, wanted.status, "-")
        return
    expected, actual = wanted.status, found.status.value
    if wanted.measured is not None:
        said = found.measured or "-"
        short = said.partition("=")[0]
        expected += f" {wanted.measured}"
        actual += f" {short if short == wanted.measured else said}"
    if wanted.evidence is not None:
        expected += f" by {' '.join(sorted(wanted.evidence))}"
        actual += f" by {' '.join(sorted(found.evidence))}"
    if expected != actual:
        yield Difference(what, expected, actual)


def _finding(findings: tuple[Finding, ...], name: str) -> Finding | None:
    clause, _, matter = name.partition(".")
    for f in findings:
        if f.clause == clause:
            if not matter:
                return f
            return next((p for p in f.parts if p.clause == name), f if not f.parts else None)
    return None


def _programme(case: Case, policy: Policy) -> Iterator[Difference]:
    for kind, what, expected in case.programme:
        if what == "target":
            target = policy.targets.get(kind)
            actual = f"{target[0]}/{target[1]}" if target else "none"
        else:
            roles = policy.roles.get(kind, {})
            actual = roles[what][0] if what in roles else "none"
        if actual != expected:
            yield Difference(f"{kind}.{what}", expected, actual)
