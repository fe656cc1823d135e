"""An assessment beside what the oracle says: every difference in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pingan_logic import Assessment, Policy
from pingan_logic.programme import rosters
from tests.oracle import DECLARED, LEVEL, MATTERS, ROSTERS, SITS_IN, TARGETS, TOWN, Oracle

__all__ = ["differences", "words"]

NOTICES = {
    *("counts_for_none", "petition_by_place", "score_ignored", "poll_ignored", "out_of_scope"),
    *("no_parent", "declared_in_vain", "not_standing"),
    *("responsible_ignored", "no_residence", "not_its_container", "moved_incident"),
    *("requirement_unused", *(f"maybe_{other}" for others in MATTERS.values() for other in others)),
}


def differences(found: Assessment, oracle: Oracle) -> Iterator[str]:
    """Yield every point in which an assessment differs from the oracle."""
    expected = oracle.everyone
    yield from _differ("judged", set(found), set(expected))
    for unit in expected:
        if unit in found:
            yield from _unit(found, oracle, unit)
    own = {u: set(here.standards) for u, here in expected.items()}
    outcome, clauses = found.outcome, found.policy.clauses
    told = {(c, u) for u, findings in outcome.findings.items() for c in findings}
    for table in (outcome.breaches, outcome.ungraded, outcome.unrecorded):
        told |= {(c, u) for c, _, u in table}
    stray = {(c, u) for c, u in told if clauses[c].kind not in own.get(u, ())}
    yield from _differ("clauses of other standards", stray, set())
    for what, waiting in found.outcome.ungraded.items():
        both = {*waiting} & {*found.outcome.breaches.get(what, ())}
        yield from _differ(f"{what} breaks and waits for a grade", both, set())
    yield from _differ("attainment", found.outcome.attainment, oracle.attainment)
    accountable = {u: {*i} for u, i in found.outcome.accountable.items()}
    yield from _differ("accountable", accountable, oracle.accountable)
    lists = {(r.body, r.office, r.role, r.kind): {*r.units} for r in rosters(found)}
    yield from _differ("rosters", lists, oracle.rosters)
    said = {(n, x) for n, x in found.notices if n in NOTICES}
    yield from _differ("notices", said, oracle.notices)
    placed = {u: (found.units[u].name, found.units[u].parent or "") for u in oracle.units}
    rows = {u: (row["name"] or "", row["parent"] or "") for u, row in oracle.units.items()}
    yield from _differ("names and containers", placed, rows)
    yield from _differ("final", found.outcome.final, oracle.year == "2016" and oracle.over)


def words(policy: Policy) -> Iterator[str]:
    """Yield every point in which the words of a policy differ from the oracle's tables."""
    yield from _differ("may_sit_in", policy.may_sit_in, SITS_IN)
    yield from _differ("affiliable", policy.affiliable, {"school", "hospital"})
    yield from _differ("declarable", policy.may_be_declared, set(DECLARED.values()))
    yield from _differ("grades", list(policy.grades), [g for g in LEVEL if g])
    yield from _differ("lists", policy.lists, ROSTERS)
    yield from _differ("posted", policy.posted, {"awards"})
    yield from _differ("one_for_each", policy.one_for_each, {TOWN: "township"})
    yield from _differ("years", policy.programme_years, (2014, 2015, 2016))
    yield from _differ("default year", policy.default_year, 2014)
    targets = {k: (100, 100) if t == 1 else (95, 100) for k, t in TARGETS.items() if t}
    yield from _differ("targets", policy.targets, targets)
    yield from _differ("units alike told apart", policy.proof.distinctions, ())
    yield from _differ("looks outside of a unit's own part", policy.proof.elsewhere, ())


def _unit(found: Assessment, oracle: Oracle, unit: str) -> Iterator[str]:
    here, expected = found[unit], oracle.judge(unit)
    clauses = found.policy.clauses
    yield from _differ(unit, here.status.value, expected.status)
    yield from _differ(unit, found.outcome.verdicts[unit], expected.standards)
    said = {(clauses[f.clause].kind, f.text): f for f in here.findings}
    yield from _differ(f"{unit} clauses", set(said), set(expected.clauses))
    for key in set(said) & set(expected.clauses):
        f, e = said[key], expected.clauses[key]
        parts = [p.clause for p in f.parts]
        yield from _differ(f"{unit} {key} parts", len(parts), len(set(parts)))
        status: Any = f.status.value
        if f.basis == "prohibition":
            status = (status, {*f.evidence}, {*f.missing})
            yield from _differ(f"{unit} {key}", status, (e.status, {*e.evidence}, {*e.missing}))
            if e.measured is not None:
                yield from _differ(f"{unit} {key}", f.measured, e.measured)
        elif e.share is not None and f.share is not None:
            share = (f.share.met, f.share.undetermined, f.share.total)
            counted = (status, share, {*f.evidence})
            yield from _differ(f"{unit} {key}", counted, (e.status, e.share, {*e.evidence}))
        else:
            limit = f.required.removeprefix("≤") if f.basis == "rank" else None
            measured = None if f.basis == "not_applicable" else f.measured
            if f.basis != "no_members":
                said_here = (status, measured, limit)
                yield from _differ(f"{unit} {key}", said_here, (e.status, e.measured, e.limit))


def _differ(what: str, found: Any, expected: Any) -> Iterator[str]:
    if found != expected:
        yield f"{what}: {found!r}, expected {expected!r}"
