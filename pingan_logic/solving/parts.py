"""A large county judged part by part: the subtrees under it, each with what bears on it.

Memory is that of one part, and time grows with the number of units, not with that of atoms at
once. Only for rules by which a verdict rests on a unit's own part (`policy.locality`).
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from heapq import heapreplace
from pickle import dumps, loads
from typing import Any

from attrs import define, evolve, frozen

from pingan_logic.model import Facts
from pingan_logic.policy.catalogue import Policy
from pingan_logic.solving.engine import Outcome, solve
from pingan_logic.solving.forked import in_processes, may_fork
from pingan_logic.solving.grouping import ungrouped
from pingan_logic.table import Table

__all__ = ["FEW", "PART", "Part", "parts", "solve_in_parts"]

PART = 15_000
"""Units in a part at most, as far as subtrees can be put together to that number."""
FEW = 8_000
"""Up to so many units are judged at once: a second process would cost more time than it saves."""

_RECORDS = ("ledgers", "scores", "polls", "not_applicable", "changes")


@frozen
class Part:
    """The facts that bear on some subtrees; what they yield is final but for the `foreign` units
    beside them."""

    facts: Facts
    foreign: frozenset[str] = frozenset()


def parts(facts: Facts, policy: Policy, size: int = PART) -> Iterator[Part]:
    """Yield the parts of a county, one only if it is small or cannot be divided."""
    tops = _tops(facts, policy)
    bins = _bins(tops, facts, size)
    if len(set(bins.values())) < 2:
        yield Part(facts)
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
        ids = facts.units.column("id")
        bin_of = dict(zip(ids, bins, strict=True))
        heirs: dict[str, list[str]] = defaultdict(list)
        for unit, heir in facts.joined():
            heirs[unit].append(heir)
        county = _divides(facts, self.policy)
        rows: list[list[int]] = [[] for _ in range(max(bins) + 1)]
        for n, b in enumerate(bins):
            rows[b].append(n)
        happened: list[list[int]] = [[] for _ in rows]
        both = map(facts.incidents.column, ("unit", "responsible_unit"))
        for n, (place, holder) in enumerate(zip(*both, strict=True)):
            for b in {bin_of[place], bin_of.get(holder, bin_of[place])}:
                happened[b].append(n)
        others = [county | self._others(b, happened[b], bin_of, heirs) for b in range(len(rows))]
        records = {name: _by_bin(getattr(facts, name), bin_of, others) for name in _RECORDS}
        for b, own in enumerate(rows):
            foreign = {facts.rows[u] for u in others[b] if bin_of[u] != b}
            tables: dict[str, Any] = {
                "units": facts.units.take(sorted([*own, *foreign])),
                "incidents": facts.incidents.take(happened[b]),
                **{name: getattr(facts, name).take(kept[b]) for name, kept in records.items()},
            }
            yield Part(evolve(facts, **tables), frozenset(ids[n] for n in foreign))

    def _others(
        self,
        number: int,
        happened: Iterable[int],
        bin_of: Mapping[str, int],
        heirs: Mapping[str, list[str]],
    ) -> set[str]:
        """Return the units outside a bin that bear on it: those where its incidents happened or
        that are responsible for them, what contains these and what they merged into."""
        facts, others = self.facts, set[str]()
        above, places, holders = (
            facts.units.column("parent"),
            facts.incidents.column("unit"),
            facts.incidents.column("responsible_unit"),
        )
        waiting = [u for n in happened for u in (places[n], holders[n]) if u]
        while waiting:
            unit = waiting.pop()
            if bin_of[unit] != number and unit not in others:
                others.add(unit)
                waiting += [p for p in (above[facts.rows[unit]],) if p]
                waiting += heirs.get(unit, ())
        return others


def _by_bin(
    table: Table[Any], bin_of: Mapping[str, int], others: Sequence[set[str]]
) -> list[list[int]]:
    """Return the rows of a table of records for each bin: of its units and of the `others`."""
    also: dict[str, list[int]] = defaultdict(list)
    for b, units in enumerate(others):
        for unit in units:
            if bin_of[unit] != b:
                also[unit].append(b)
    kept: list[list[int]] = [[] for _ in others]
    for n, unit in enumerate(table.column("unit")):
        kept[bin_of[unit]].append(n)
        for b in also.get(unit, ()):
            kept[b].append(n)
    return kept


def solve_in_parts(
    facts: Facts,
    policy: Policy,
    year: int,
    cut_off: date,
    *,
    numbers: Mapping[str, int] | None = None,
    size: int | None = None,
    workers: int | None = None,
    meanwhile: Callable[[], object] | None = None,
) -> Outcome:
    """Derive what `solve` does, part by part, in `workers` processes (default: one a processor).

    A part has about `size` units (default: as many as make each process do the same, PART at most).
    Raises PolicyError when the policy is unsound, LimitError when a process dies.
    """
    workers = (workers or os.cpu_count() or 1) if may_fork() else 1
    size = size or min(PART, -(-len(facts.units) // workers))
    found = list(parts(facts, policy, size))
    if len(found) == 1:
        return solve(facts, policy, year, cut_off, numbers=numbers, meanwhile=meanwhile)
    jobs = [partial(solve, part.facts, numbers=_of(part, numbers or {})) for part in found]
    workers = min(len(found), workers)
    largest = max(len(part.facts.units) for part in found)
    if workers == 1 or len(facts.units) <= FEW or largest * 4 > len(facts.units) * 3:
        first, *others = jobs
        outcomes = [first(policy, year, cut_off, meanwhile=meanwhile)]
        outcomes += (job(policy, year, cut_off) for job in others)
    else:
        # packed: a process that looks at what lies scattered over all the county copies those pages
        tasks = [partial(_unpacked, dumps(job), policy, year, cut_off) for job in jobs]
        outcomes = in_processes(tasks, workers, meanwhile)
    return _joined(facts, found, outcomes, numbers)


def _of(part: Part, numbers: Mapping[str, int]) -> dict[str, int]:
    units = part.facts.units.column("id")
    return {unit: numbers[unit] for unit in units if unit in numbers}


def _unpacked(job: bytes, *given: object) -> Outcome:
    outcome: Outcome = loads(job)(*given)
    return outcome


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
        own("overall"),
        own("breaches", 2),
        own("below", 2),
        own("ungraded", 2),
        own("unrecorded", 2),
        own("holds"),
        _notices(facts, together),
        first.answers,
        own("accountable"),
        {u for part, out in together for u in out.absent if u not in part.foreign},
        own("relocated"),
        own("named"),
        own("heirs"),
        {},
        first.final,
    )


def _notices(facts: Facts, together: list[tuple[Part, Outcome]]) -> list[tuple[str, str]]:
    """Return what is said of the units and incidents of each part; what is said of neither, such as
    a kind, when every part says it."""
    known = {*facts.units.column("id"), *facts.incidents.column("id")}
    said = Counter(
        (n, x) for part, out in together for n, x in out.notices if x not in part.foreign
    )
    return sorted((n, x) for (n, x), parts in said.items() if x in known or parts == len(together))
