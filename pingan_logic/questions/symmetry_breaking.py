"""Hints of the search for remedies: in which order units alike, or less alike, are seen to.

None of them changes what the cheapest plan costs; they keep the search from trying the same thing
under other names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

from attrs import define, frozen

from pingan_logic.model import Facts
from pingan_logic.order import in_order, natural
from pingan_logic.questions.offers import Lacking, offers
from pingan_logic.questions.scene import Scene
from pingan_logic.recorded import RECORDS
from pingan_logic.solving.encode import quote

__all__ = ["Order"]

_MOST_GROUPS = 300

_Alike = tuple["_Shape", Sequence[str]]
"""Units alike, and what the rules can see of each."""


@define(slots=False)
class Order:
    """The order of the units of `facts`, those of a search, by what the rules can see of them.

    `sizes`, `blocks`, `gaps`, `held` and `matters` are those of the search; where its hints are
    sound (`hinted`) the order is also by what stands against units, and with `in_turn` by what
    ledgers at the units themselves would cost: that leaves out plans that cost the same.
    """

    scene: Scene
    facts: Facts
    sizes: Mapping[str, int]
    blocks: Mapping[str, Sequence[str]]
    gaps: Mapping[str, set[str]]
    held: Sequence[tuple[str, str]]
    matters: set[str]
    hinted: bool
    in_turn: bool

    def lines(self) -> Iterator[str]:
        """Yield which of two units comes first, and which takes its turn after which others."""
        groups: dict[_Shape, list[str]] = defaultdict(list)
        for unit, shape in self._shapes():
            groups[shape].append(unit)
        ranked = sorted(
            ((shape, in_order(some)) for shape, some in groups.items()),
            key=lambda g: natural(g[1][0]),
        )
        for _, some in ranked:
            for one, other in pairwise(u for u in some if u not in self.blocks):
                yield f"before({quote(one)},{quote(other)})."
        if not self.hinted:
            return
        single = [g for g in ranked[:_MOST_GROUPS] if self.blocks.keys().isdisjoint(g[1])]
        for shape, first in single:
            for other_shape, then in single:
                if shape.less(other_shape):
                    yield f"before({quote(first[-1])},{quote(then[0])})."
        if self.in_turn:
            rows = _rows(ranked)
            yield from _turns(rows)
            yield from self._offers(rows)

    def _offers(self, rows: Sequence[Sequence[_Alike]]) -> Iterator[str]:
        row_of = {u: row for row, alike in enumerate(rows) for _, some in alike for u in some}
        happened = {u for alike in rows for shape, some in alike if shape.events for u in some}
        lacking = [
            Lacking(
                row_of.get(u), self.sizes[u], self._places.chain(u), frozenset(gaps),
                u in row_of and u not in happened and len(gaps) == 1 and self._open_by_ledgers(u),
            )
            for u, gaps in self.gaps.items() if u in self.matters
        ]  # fmt: skip
        judged = self.scene.outcome.verdicts
        containers = {c for unit in lacking for c in unit.chain if judged.get(c)} - self.matters
        yield from offers(lacking, {c: tuple(sorted(judged[c])) for c in containers})

    def _open_by_ledgers(self, unit: str) -> bool:
        """Whether nothing but ledgers of the year stands against a unit."""
        found, clauses = self.scene.outcome.findings.get(unit, {}), self.scene.policy.clauses
        against = [c for c, (status, *_) in found.items() if status != "met"]
        return unit not in self._lacked_then and all(clauses[c].prohibitions for c in against)

    @cached_property
    def _lacked_then(self) -> set[str]:
        """Units against which ledgers of earlier years stand."""
        of_groups = {u for _, _, u in self.scene.outcome.unrecorded_then}
        standing = self.scene.outcome.groups.standing
        return {u for u in self.sizes if standing.get(u, u) in of_groups}

    @cached_property
    def _places(self) -> _Places:
        return _Places(self.facts, self.scene)

    def _shapes(self) -> Iterator[tuple[str, _Shape]]:
        facts, outcome = self.facts, self.scene.outcome
        units = facts.units
        apart = self._apart()
        records, events = self._records(), self._events(apart)
        kinds = dict(zip(units.column("id"), _likeness(units), strict=True))
        for unit in units.column("id"):
            if unit in apart or self.scene.status(unit) in ("met", None):
                continue
            if self.hinted and unit not in self.matters:
                continue
            standards = tuple(sorted(outcome.verdicts[unit]))
            gaps = frozenset(self.gaps.get(unit, ()))
            chain = self._places.chain(unit)
            count = tuple(sorted(events[unit].items()))
            found = records.get(unit, ())
            if self.hinted:
                mattering = tuple(c for c in chain if c in self.matters)
                chain = chain if gaps else ()
                yield unit, _Shape(kinds[unit], standards, mattering, chain, gaps, found, count)
            else:
                yield unit, _Shape(kinds[unit], standards, chain, chain, gaps, found, count)

    def _apart(self) -> set[str]:
        """Units that are like no other: with others inside, with changes, standing for several."""
        facts = self.facts
        apart = {*facts.units.column("parent"), self.scene.unit, *facts.changes.column("unit")}
        apart.update(other for _, other in facts.joined())
        apart.update(u for u, n in self.sizes.items() if n > 1 and u not in self.blocks)
        apart.discard(None)
        return apart

    def _records(self) -> dict[str, tuple[Any, ...]]:
        found: dict[str, list[Any]] = defaultdict(list)
        for name, columns in RECORDS.items():
            table = getattr(self.facts, name)
            rows = zip(*map(table.column, columns), strict=True)
            for unit, row in zip(table.column("unit"), rows, strict=True):
                # the ledgers of the year are seen in the gaps that they leave
                if not (self.hinted and name == "ledgers" and row[1] == self.scene.year):
                    found[unit].append((name, *map(str, row)))
        return {unit: tuple(sorted(rows)) for unit, rows in found.items()}

    def _events(self, apart: set[str]) -> dict[str, Counter[tuple[str, ...]]]:
        """Count the incidents of each unit by what the rules can see; a unit whose incidents speak
        of others is put apart."""
        events: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
        happened = {i for i, _ in self.held}
        for i in self.facts.incidents:
            if i.responsible_unit not in (None, "", i.unit):
                apart.update((i.unit, str(i.responsible_unit)))
            elif i.id in happened or not self.hinted:
                seen = (i.type, i.grade or "", i.liability or "", str(bool(i.responsible_unit)))
                # where units have moved, the day says for which containers an incident counts
                still = self.hinted and not len(self.facts.changes)
                day = "" if still else i.date.isoformat()
                events[i.unit][(*seen, day)] += 1
        return events


def _rows(ranked: Iterable[_Alike]) -> list[list[_Alike]]:
    """Return the units that differ only in the ledgers that lack and in incidents, by rows."""
    rows: dict[Any, list[_Alike]] = defaultdict(list)
    for shape, some in ranked:
        if shape.gaps and len(shape.standards) == 1:
            rows[shape.seen].append((shape, some))
    return list(rows.values())


def _turns(rows: Iterable[list[_Alike]]) -> Iterator[str]:
    """Yield the turns of units alike among those that differ only in the ledgers that lack: when
    nothing but ledgers stands against those that come first, theirs are kept first."""
    for row, alike in enumerate(rows):
        alike.sort(key=lambda g: (len(g[0].gaps), len(g[0].events), natural(g[1][0])))
        for place, (shape, some) in enumerate(alike):
            one = quote(some[0])
            yield f"turn({row},{place},{one})."
            yield from (f"turns_with({one},{quote(u)})." for u in some)
            if not shape.events:
                yield f"only_ledgers({one})."


@frozen
class _Shape:
    """What the rules can see of a unit without others inside: `places` around it that matter."""

    kind: tuple[Any, ...]
    standards: tuple[str, ...]
    places: tuple[str, ...]
    chain: tuple[str, ...]
    gaps: frozenset[str]
    records: tuple[Any, ...]
    events: tuple[tuple[tuple[str, ...], int], ...]

    @property
    def seen(self) -> tuple[Any, ...]:
        """What the rules can see besides ledgers that lack and incidents."""
        return self.kind, self.standards, self.places, self.records

    def less(self, other: _Shape) -> bool:
        """Whether all that stands against this unit stands against the other as well."""
        return (
            self is not other
            and self.seen == other.seen
            and (not self.gaps or self.chain == other.chain)
            and self.gaps <= other.gaps
            and Counter(dict(self.events)) <= Counter(dict(other.events))
        )


class _Places:
    """The containers of units as they stand."""

    def __init__(self, facts: Facts, scene: Scene) -> None:
        self.parents = dict(
            zip(facts.units.column("id"), facts.units.column("parent"), strict=True)
        )
        self.parents.update((u, p) for u, p in scene.outcome.relocated.items() if u in self.parents)
        self.chains: dict[str | None, tuple[str, ...]] = {None: ()}

    def chain(self, unit: str) -> tuple[str, ...]:
        """Return the containers of a unit, inside out."""
        place = self.parents.get(unit) or None
        if place not in self.chains:
            self.chains[place] = (str(place), *self.chain(str(place)))
        return self.chains[place]


def _likeness(units: Any) -> Iterator[tuple[Any, ...]]:
    given = [units.column(n) for n in ("kind", "affiliation", "opened", "closed") if units.given(n)]
    return zip(*given, strict=True)
