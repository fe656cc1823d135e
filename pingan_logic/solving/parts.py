"""A large county judged part by part: the subtrees under it, each with what bears on it.

Memory is that of one part, and time grows with the number of units, not with that of atoms at
once. Only for rules by which a verdict rests on a unit's own part (`policy.locality`).
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from heapq import heapreplace
from multiprocessing import current_process, get_all_start_methods, get_context
from typing import Any

from attrs import define, evolve, frozen

from pingan_logic.errors import LimitError
from pingan_logic.guard import alone, guard_worker, memory_of_each
from pingan_logic.memory import steady
from pingan_logic.model import Facts
from pingan_logic.policy.catalogue import Policy
from pingan_logic.solving.engine import Outcome, solve
from pingan_logic.solving.grouping import ungrouped

__all__ = ["PART", "Part", "parts", "solve_in_parts"]

PART = 25_000
"""Units in a part at most, as far as subtrees can be put together to that number."""

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
    used = {b: n for n, b in enumerate(sorted(set(bins.values())))}
    yield from _Division(facts, [used[bins[top]] for top in tops], policy).parts()


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
    """Put the subtrees, those that changes join in one, into bins of about `size` units: the
    largest first, each into the emptiest bin."""
    sizes = Counter(tops)
    joined = {top: top for top in sizes}

    def of(top: str) -> str:
        while joined[top] != top:
            top = joined[top]
        return top

    for pair in facts.joined():
        first, second = (tops[facts.rows[u]] for u in pair)
        joined[of(second)] = of(first)
    together: Counter[str] = Counter()
    for top, number in sizes.items():
        together[of(top)] += number
    bins = [(0, n) for n in range(-(-len(tops) // size))]
    place: dict[str, int] = {}
    for top, number in together.most_common():
        filled, place[top] = bins[0]
        heapreplace(bins, (filled + number, place[top]))
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
        for unit, heir in facts.joined():
            heirs[unit].append(heir)
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
    numbers: Mapping[str, int] | None = None,
    size: int = PART,
    workers: int | None = None,
    meanwhile: Callable[[], object] | None = None,
) -> Outcome:
    """Derive what `solve` does, part by part, in `workers` processes (default: one a processor).

    A part has about `size` units (default: PART).
    Raises PolicyError when the policy is unsound.
    """
    workers = (workers or os.cpu_count() or 1) if _may_fork() else 1
    found = list(parts(facts, policy, size))
    if len(found) == 1:
        return solve(facts, policy, year, cut_off, numbers=numbers, meanwhile=meanwhile)
    jobs = [(part.facts, policy, year, cut_off, numbers) for part in found]
    workers = min(len(found), workers)
    if workers == 1 or len(facts.units) <= PART:
        outcomes = [_solve(*job) for job in jobs]
    else:
        outcomes = _forked(jobs, workers, meanwhile)
    return _joined(facts, found, outcomes, numbers)


def _forked(
    jobs: list[_Job], workers: int, meanwhile: Callable[[], object] | None
) -> list[Outcome]:
    """Do the jobs in this process and `workers` - 1 others."""
    _JOBS[:] = jobs
    try:
        with ProcessPoolExecutor(
            workers - 1, get_context("fork"), guard_worker, (memory_of_each(workers),)
        ) as others:
            waiting = {n: others.submit(_solve_job, n) for n in range(len(jobs)) if n % workers}
            here = {n: _solve(*jobs[n]) for n in range(0, len(jobs), workers)}
            if meanwhile:
                meanwhile()
            return [here[n] if n in here else waiting[n].result() for n in range(len(jobs))]
    except BrokenProcessPool:
        raise LimitError.memory() from None
    finally:
        _JOBS.clear()


_Job = tuple[Facts, Policy, int, date, "Mapping[str, int] | None"]
_JOBS: list[_Job] = []
"""What forked workers find there: the facts need not be sent."""


def _solve_job(number: int) -> Outcome:
    with steady():
        return _solve(*_JOBS[number])


def _solve(
    facts: Facts, policy: Policy, year: int, cut_off: date, numbers: Mapping[str, int] | None
) -> Outcome:
    return solve(facts, policy, year, cut_off, numbers=numbers)


def _may_fork() -> bool:
    """Whether it is safe: other threads may hold locks that a forked process waits for for ever."""
    return "fork" in get_all_start_methods() and alone() and not current_process().daemon


def _joined(
    facts: Facts, found: list[Part], outcomes: list[Outcome], numbers: Mapping[str, int] | None
) -> Outcome:
    """Put together what each part says of its own units."""
    first, together = outcomes[0], list(zip(found, outcomes, strict=True))

    def own(name: str, at: int | None = None) -> dict[Any, Any]:
        kept: dict[Any, Any] = {}
        for part, out in together:
            foreign, rows = part.foreign, getattr(out, name)
            if foreign:
                kept.update(
                    (k, v) for k, v in rows.items() if (k if at is None else k[at]) not in foreign
                )
            else:
                kept.update(rows)
        return kept

    return Outcome(
        ungrouped(facts, numbers),
        own("verdicts"),
        own("findings"),
        own("breaches", 2),
        own("ungraded", 2),
        own("unrecorded", 2),
        own("holds"),
        sorted({(n, x) for part, out in together for n, x in out.notices if x not in part.foreign}),
        first.answers,
        own("accountable"),
        {u for part, out in together for u in out.absent if u not in part.foreign},
        own("relocated"),
        own("named"),
        own("heirs"),
        {},
        first.final,
    )
