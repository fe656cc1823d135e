"""What the rules derived of a county, as plain values."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from attrs import define

from pingan_logic.errors import PolicyError, Problem
from pingan_logic.solving.defects import defects
from pingan_logic.solving.derived_atoms import DerivedAtoms, unquoted
from pingan_logic.solving.grouping import Groups

__all__ = ["Outcome", "outcome_of"]

FindingRead = tuple[str, str, tuple[int, ...]]
"""Status, basis and numbers of a finding."""


@define
class Outcome:
    """What clingo derived, as plain values keyed by unit id.

    `groups` says which unit was judged for which others; the mappings speak of every unit.
    """

    groups: Groups
    verdicts: Mapping[str, dict[str, str]]
    findings: Mapping[str, dict[str, FindingRead]]
    overall: Mapping[str, str]
    at_level: Mapping[str, str]
    """The highest level that a unit reaches."""
    next_level: Mapping[str, str]
    """The lowest level that a unit does not reach yet."""
    breaches: Mapping[tuple[str, str, str], list[str]]
    below: Mapping[tuple[str, str, str], list[str]]
    ungraded: Mapping[tuple[str, str, str], list[str]]
    unrecorded: Mapping[tuple[str, str, str], list[str]]
    unrecorded_then: Mapping[tuple[str, str, str], list[tuple[int, str]]]
    """Years before the one judged, and the items whose ledgers are lacking for them."""
    holds: Mapping[str, set[str]]
    notices: list[tuple[str, str]]
    answers: dict[str, list[str]]
    accountable: dict[str, list[str]]
    absent: set[str]
    relocated: Mapping[str, str | None]
    named: dict[str, str]
    heirs: dict[str, str]
    attainment: dict[tuple[str, str], tuple[int, int, int, int, str]]
    final: bool
    shares: Mapping[tuple[str, str], tuple[int, ...]]
    """Met, undetermined and all units of each ratio, by clause and unit."""
    amounts: Mapping[tuple[str, str], Mapping[str, int]]
    """The values that each clause measures and compares with, by clause and unit, then by item."""
    no_value: Mapping[tuple[str, str], list[str]]
    """The items that are not recorded, by clause and unit."""
    refuted: Mapping[tuple[str, str], list[str]]
    """The measures that are not as asked for, whatever is still recorded, by clause and unit."""
    in_rate: Mapping[tuple[str, str, str], list[str]]
    """The incidents that a rate counts, by clause, matter and unit."""
    allows: Mapping[tuple[str, str], int]
    """The most incidents that a rate bears by the value recorded, or by the limit of one that is
    not, by clause and unit."""
    due: Mapping[tuple[str, str], int]
    """The least value with which a unit is among the best for sure, by clause and unit."""
    points: Mapping[tuple[str, str], tuple[int, int]]
    """The least and most points that a clause counts, by clause and unit."""
    compared: Mapping[tuple[str, str], list[tuple[str, int]]]
    """What each measure of a clause is compared with: a comparison and the integer."""


def outcome_of(found: DerivedAtoms, groups: Groups, files: Sequence[Path]) -> Outcome:
    """Return what was derived. Raises PolicyError when the self-checks of the rules say so."""
    if wrong := found.written("defect", 1):
        raise defects([row[0] for row in wrong], files)
    verdicts = _verdicts(found)
    findings: dict[str, dict[str, FindingRead]] = defaultdict(dict)
    shares: dict[tuple[str, str], tuple[int, ...]] = {
        (c, u): (int(a), int(q), int(t)) for c, u, t, a, q in found["tally", 5]
    }
    for clause, _, unit, status, evidence in found["finding", 5]:
        basis, numbers = _evidence(evidence)
        findings[unit][clause] = (status, basis, numbers)
    breaches: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    ungraded: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    unrecorded: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    below: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    in_rate: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for name, target in (
        ("breach", breaches), ("below", below), ("ungraded", ungraded), ("unrecorded", unrecorded),
        ("in_rate", in_rate),
    ):  # fmt: skip
        for c, m, u, x in found[name, 4]:
            target[c, m, u].append(x)
    unrecorded_then: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
    for c, m, u, item, of in found["unrecorded_then", 5]:
        unrecorded_then[c, m, u].append((int(of), item))
    holds: dict[str, set[str]] = defaultdict(set)
    for u, t in found["holds", 2]:
        holds[u].add(t)
    answers: dict[str, list[str]] = defaultdict(list)
    for m, t in found["answers", 2]:
        answers[m].append(t)
    amounts: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for c, u, item, number in found["amount", 4]:
        amounts[c, u][item] = int(number)
    no_value: dict[tuple[str, str], list[str]] = defaultdict(list)
    for c, u, item in found["no_value", 3]:
        no_value[c, u].append(item)
    refuted: dict[tuple[str, str], list[str]] = defaultdict(list)
    for c, u, about in found["refuted", 3]:
        refuted[c, u].append(about)
    compared: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for c, comparison, number, about in found["compared", 4]:
        compared[c, about].append((comparison, int(number)))
    accountable: dict[str, list[str]] = defaultdict(list)
    for u, i in found["accountable", 2]:
        accountable[u].append(i)
    relocated: dict[str, str | None] = {u: None for (u,) in found["relocated", 1]}
    relocated.update(found["put", 2])
    return Outcome(
        groups,
        dict(verdicts),
        dict(findings),
        dict(found["overall", 2]),
        dict(found["at_level", 2]),
        dict(found["next_level", 2]),
        dict(breaches),
        dict(below),
        dict(ungraded),
        dict(unrecorded),
        {key: sorted(some) for key, some in unrecorded_then.items()},
        dict(holds),
        sorted(found["notice", 2]),
        dict(answers),
        dict(accountable),
        {unit for (unit,) in found["absent", 1]},
        relocated,
        dict(found["named", 2]),
        dict(found["heir", 2]),
        _attainment(found),
        bool(found["final", 0]),
        shares,
        dict(amounts),
        dict(no_value),
        dict(refuted),
        dict(in_rate),
        {(c, u): int(n) for c, u, n in found["allows", 3]},
        {(c, u): int(n) for c, u, n in found["sure_from", 3]},
        {(c, u): (int(a), int(b)) for c, u, a, b in found["points", 4]},
        dict(compared),
    )


@lru_cache(maxsize=65536)
def _evidence(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the basis of a finding and its numbers, such as `share` and met, open, all."""
    name, _, rest = text.partition("(")
    arguments = rest.removesuffix(")").split(",") if rest else []
    numbers = tuple(int(a) for a in arguments if re.fullmatch(r"-?\d+", a))
    return (f"{name}_{arguments[0]}" if arguments and not numbers else name), numbers


def _verdicts(found: DerivedAtoms) -> dict[str, dict[str, str]]:
    """Return the verdicts of each unit by kind. Raises PolicyError when there are two of one."""
    verdicts: dict[str, dict[str, str]] = defaultdict(dict)
    twice = []
    for kind, unit, status in found["verdict", 3]:
        if verdicts[unit].setdefault(kind, status) != status:
            twice.append(f"{kind} {unit}")
    if twice:
        raise PolicyError(
            Problem("verdict", "同一单位有两个结论", "one unit has two verdicts", t) for t in twice
        )
    return verdicts


def _attainment(found: DerivedAtoms) -> dict[tuple[str, str], tuple[int, int, int, int, str]]:
    """Return met, undetermined, all, short and what follows, by kind and scope (empty: the
    data)."""
    short = {(k, z): int(m) for k, z, m in found.written("short", 3)}
    attained = {(k, z): r for k, z, r in found.written("attained", 3)}
    result = {}
    for k, z, met, open_, total in found.written("attainment", 5):
        numbers = int(met), int(open_), int(total), short.get((k, z), 0), attained.get((k, z), "")
        result[k, unquoted(z) if z.startswith('"') else ""] = numbers
    return result
