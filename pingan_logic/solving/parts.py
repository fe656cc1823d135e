"""A large county judged part by part: the subtrees under it, each with what bears on it.

Memory is that of one part, and time grows with the number of units, not with that of atoms at
once. Only for rules by which a verdict rests on a unit's own part (`policy.locality`).
"""

from __future__ import annotations

import os
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from multiprocessing import current_process, get_all_start_methods, get_context
from typing import Any

from attrs import define, evolve, frozen

from pingan_logic.memory import steady
from pingan_logic.model import CHANGES, Facts
from pingan_logic.policy.catalogue import Policy
from pingan_logic.solving.engine import Outcome, solve
from pingan_logic.solving.grouping import Groups, Spread

__all__ = ["PART", "Part", "parts", "solve_in_parts"]

PART = 250_000
"""Units in a part, as far as subtrees can be put together to that number."""

_RECORDS = ("ledgers", "scores", "polls", "not_applicable", "changes")


@frozen
class Part:
    """The facts that bear on some subtrees, the units for which what they yield is final, and the
    `foreign` ones beside them."""

    facts: Facts
    inside: frozenset[str]
    foreign: frozenset[str] = frozenset()


def parts(facts: Facts, policy: Policy, size: int = PART) -> Iterator[Part]:
    """Yield the parts of a county, one only if it is small or cannot be divided."""
    tops = _tops(facts, policy)
    bins = _bins(tops, facts, size)
    if len(set(bins.values())) < 2:
        yield Part(facts, frozenset(facts.units.column("id")))
        return
    yield from _Division(facts, [bins[top] for top in tops], policy).parts()


def _divides(facts: Facts, policy: Policy) -> set[str]:
    """Return the containers that are not judged themselves, such as the county."""
    judged = set(policy.judged_kinds)
    ids, kinds, above = map(facts.units.column, ("id", "kind", "parent"))
    containers = set(above)
    rows = zip(ids, kinds, above, strict=True)
    return {i for i, kind, p in rows if i in containers and kind not in judged and not p}


def _tops(facts: Facts, policy: Policy) -> list[str]:
    """Return, for each unit, the outermost unit that contains it, short of the county."""
    ids, above = map(facts.units.column, ("id", "parent"))
    containers, dividing = set(above), _divides(facts, policy)
    parent = {i: p for i, p in zip(ids, above, strict=True) if i in containers}
    top: dict[str | None, str] = {}
    for here in parent:
        path = [here]
        while path[-1] not in top:
            up = parent[path[-1]]
            if up is None or up in dividing:
                top[path[-1]] = path[-1]
            else:
                path.append(up)
        for passed in path:
            top[passed] = top[path[-1]]
    for county in dividing:
        del top[county]
    return [top.get(p, i) for i, p in zip(ids, above, strict=True)]


def _bins(tops: Sequence[str], facts: Facts, size: int) -> dict[str, int]:
    """Put the subtrees together, those that changes join in one, up to `size` units."""
    sizes = Counter(tops)
    joined = {top: top for top in sizes}

    def of(top: str) -> str:
        while joined[top] != top:
            top = joined[top]
        return top

    for c in facts.changes:
        if CHANGES[c.change] == "id":
            first, second = (tops[facts.rows[u]] for u in (c.unit, c.value))
            joined[of(second)] = of(first)
    together: dict[str, int] = defaultdict(int)
    for top, number in sizes.items():
        together[of(top)] += number
    place: dict[str, int] = {}
    current, filled = 0, 0
    for top, number in together.items():
        if filled and filled + number > size:
            current, filled = current + 1, 0
        place[top] = current
        filled += number
    return {top: place[of(top)] for top in sizes}


@define
class _Division:
    facts: Facts
    bins: list[int]
    policy: Policy

    def parts(self) -> Iterator[Part]:
        facts, bins = self.facts, self.bins
        ids, above = map(facts.units.column, ("id", "parent"))
        evidence = {u for t in _RECORDS for u in getattr(facts, t).column("unit")}
        places = facts.incidents.column("unit")
        holders = facts.incidents.column("responsible_unit")
        heirs: dict[str, list[str]] = defaultdict(list)
        for c in facts.changes:
            if CHANGES[c.change] == "id":
                heirs[c.unit].append(c.value)
        evidence.update(places, holders, above, *heirs.values())
        bin_of = {u: b for u, b in zip(ids, bins, strict=True) if u in evidence}
        row_of = {u: n for n, u in enumerate(ids) if u in evidence}
        rows: list[list[int]] = [[] for _ in range(max(bins) + 1)]
        for n, b in enumerate(bins):
            rows[b].append(n)
        county = _divides(facts, self.policy)
        for number, own in enumerate(rows):
            happened = [
                n
                for n, (place, holder) in enumerate(zip(places, holders, strict=True))
                if number in (bin_of[place], bin_of.get(holder))
            ]
            others: set[str] = set(county)
            waiting = [u for n in happened for u in (places[n], holders[n]) if u]
            while waiting:
                unit = waiting.pop()
                if bin_of[unit] != number and unit not in others:
                    others.add(unit)
                    waiting += [p for p in (above[row_of[unit]],) if p]
                    waiting += heirs.get(unit, ())
            foreign = {row_of[u] for u in others if bin_of[u] != number}
            tables: dict[str, Any] = {
                "units": facts.units.take(sorted([*own, *foreign])),
                "incidents": facts.incidents.take(happened),
            }
            for name in _RECORDS:
                table = getattr(facts, name)
                column = table.column("unit")
                kept = [n for n, u in enumerate(column) if bin_of[u] == number or u in others]
                tables[name] = table.take(kept)
            yield Part(
                evolve(facts, **tables),
                frozenset(ids[n] for n in own),
                frozenset(ids[n] for n in foreign),
            )


def solve_in_parts(
    facts: Facts,
    policy: Policy,
    year: int,
    cut_off: date,
    *,
    size: int = PART,
    numbers: Mapping[str, int] | None = None,
    workers: int | None = None,
) -> Outcome:
    """Derive what `solve` does, part by part, in `workers` processes (default: one a processor).

    Raises PolicyError when the policy is unsound.
    """
    found = list(parts(facts, policy, size))
    jobs = [(part.facts, policy, year, cut_off, numbers) for part in found]
    workers = min(len(found), workers or os.cpu_count() or 1)
    if workers > 1 and len(facts.units) > PART and _may_fork():
        _JOBS[:] = jobs
        try:
            with get_context("fork").Pool(workers) as pool:
                outcomes = pool.map(_solve_job, range(len(jobs)), chunksize=1)
        finally:
            _JOBS.clear()
    else:
        outcomes = [_solve(*job) for job in jobs]
    if len(found) == 1:
        return outcomes[0]
    return _joined(found, outcomes, numbers or {})


_Numbers = Mapping[str, int] | None
_JOBS: list[tuple[Facts, Policy, int, date, _Numbers]] = []
"""What forked workers find there: the facts need not be sent."""


def _solve_job(number: int) -> Outcome:
    with steady():
        return _solve(*_JOBS[number])


def _solve(facts: Facts, policy: Policy, year: int, cut_off: date, numbers: _Numbers) -> Outcome:
    return solve(facts, policy, year, cut_off, numbers=numbers)


def _may_fork() -> bool:
    """Whether it is safe: other threads may hold locks that a forked process waits for for ever."""
    return (
        "fork" in get_all_start_methods()
        and threading.active_count() == 1
        and not current_process().daemon
    )


def _joined(found: list[Part], outcomes: list[Outcome], numbers: Mapping[str, int]) -> Outcome:
    """Put together what each part says of its own units."""
    kept = [(part.inside, out) for part, out in zip(found, outcomes, strict=True)]
    first = outcomes[0]
    standing: dict[str, str] = {}
    notices: set[tuple[str, str]] = set()
    for part, out in zip(found, outcomes, strict=True):
        here = out.groups.standing
        standing.update(zip(part.inside, map(here.__getitem__, part.inside), strict=True))
        notices.update((n, x) for n, x in out.notices if x not in part.foreign)
    groups = Groups(standing, numbers)

    def own(name: str, at: int | None = None) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for inside, out in kept:
            rows = getattr(out, name)
            rows = rows.found if isinstance(rows, Spread) else rows
            found.update((k, v) for k, v in rows.items() if (k if at is None else k[at]) in inside)
        return found

    return Outcome(
        groups,
        Spread(own("verdicts"), groups),
        Spread(own("findings"), groups),
        own("breaches", 2),
        own("ungraded", 2),
        Spread(own("unrecorded", 2), groups, 2),
        Spread(own("holds"), groups),
        sorted(notices),
        first.answers,
        own("accountable"),
        {u for inside, out in kept for u in out.absent if u in inside},
        own("relocated"),
        own("named"),
        own("heirs"),
        {},
        first.final,
    )
