"""Small worlds with every set of edits tried: the cheapest remedy and the first year by hand.

All edited copies of a world are judged in one run, under ids of their own. What can be edited and
what it costs is written here once more, by hand.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from pingan_logic import Facts, Policy, Status, evaluate
from pingan_logic.model import Change, Incident, Ledger, NotApplicable, Poll, Score, Unit
from tests.worlds import TYPES

__all__ = ["World", "cheapest", "first_possible", "random_world"]

YEAR = 2014
JUNE = date(YEAR, 6, 30)
LEDGER = {
    "household": 1, "building": 4, "compound": 6, "work_unit": 6, "enterprise": 6, "school": 6,
    "hospital": 6, "village": 15, "township": 60,
}  # fmt: skip
SETTLE = {
    ("neighbour_dispute", "household"): 3, ("wage_arrears", "enterprise"): 20,
    ("arbitrary_charges", "school"): 15,
}  # fmt: skip
MARKS = {"township": (85, 5, 8), "work_unit": (90, 5, 8)}
RATIOS = {
    "township": ["township_households"], "village": ["village_households"],
    "compound": ["compound_buildings", "compound_households"],
    "building": ["building_households"],
}  # fmt: skip
MOST = 7
"""Edits of a world: so many sets of them, to the power of two, are judged."""

Edit = tuple[str, str, str, int]
"""What is edited (ledger, settle, grade, score, poll, declare), where, more, and the cost."""


@attrs.frozen
class World:
    """Data, the standard of each unit by hand, and the cut-off day of an unfinished year."""

    facts: Facts
    standards: Mapping[str, str]
    as_of: date | None

    @property
    def open_year(self) -> bool:
        return self.as_of is not None


def random_world(rng: random.Random, assigned: str | None = None) -> World:
    """A village with what can stand in it; units move or merge, a school may be the county's, a
    body may be assigned to the kind `assigned`."""
    units = [Unit("C", "county"), Unit("T", "township", "", "C"), Unit("V", "village", "", "T")]
    standards = {"T": "township", "V": "village"}

    def add(unit: Unit, standard: str) -> None:
        units.append(unit)
        standards[unit.id] = standard

    if rng.random() < 0.5:
        add(Unit("W", "village", "", "T"), "village")
    if rng.random() < 0.4:
        add(Unit("Q", "compound", "", "V"), "compound")
    if rng.random() < 0.6:
        add(Unit("B", "building", "", "Q" if "Q" in standards else "V"), "building")
    places = [p for p in ("V", "V", "B", "Q", "W") if p in standards]
    for n in range(rng.randint(1, 4)):
        add(Unit(f"H{n}", "household", "", rng.choice(places)), "household")
    if rng.random() < 0.4:
        county = rng.random() < 0.5
        where = rng.choice([p for p in ("V", "B") if p in standards])
        add(
            Unit("S", "school", "", where, "county" if county else None),
            "work_unit" if county else "school",
        )
    if rng.random() < 0.3:
        add(Unit("E", "enterprise", "", "V"), "enterprise")
    if assigned:
        add(Unit("K", "kindergarten", "", "V"), assigned)
    changes = []
    homes = [u for u in standards if u.startswith("H")]
    if rng.random() < 0.25 and "W" in standards:
        changes.append(Change(rng.choice(homes), date(YEAR, 3, 1), "moved", "W"))
    if rng.random() < 0.15 and len(homes) > 1:
        changes.append(Change(homes[0], date(YEAR, 4, 1), "merged_into", homes[1]))
        del standards[homes[0]]
    as_of = JUNE if rng.random() < 0.3 else None
    facts = Facts(
        units=tuple(units),
        incidents=tuple(_incidents(rng, list(standards), units)),
        ledgers=tuple(_ledgers(rng, list(standards))),
        scores=tuple(_scores(rng, standards)),
        polls=tuple(Poll(u, YEAR, rng.choice(["met", "met", "failed"])) for u, k in
                    standards.items() if k in MARKS and rng.random() < 0.8),
        changes=tuple(changes),
    )  # fmt: skip
    return World(facts, standards, as_of)


def _incidents(rng: random.Random, judged: list[str], units: list[Unit]) -> Iterator[Incident]:
    kinds = {u.id: u.kind for u in units}
    for n in range(rng.randint(0, 4)):
        where = rng.choice(judged)
        likely = {
            "household": ["neighbour_dispute"] * 4 + ["gambling"],
            "enterprise": ["wage_arrears", "pollution"],
            "school": ["arbitrary_charges", "arbitrary_charges", "property_crime"],
        }
        some = likely.get(kinds[where], ["public_security_case", "property_crime"])
        grade = rng.choice([None, "minor", "large"])
        what = rng.choice(some)
        yield Incident(
            f"I{n}", where, what, date(YEAR, rng.choice([2, 5, 9]), 7),
            grade=grade if what == "public_security_case" else None,
        )  # fmt: skip


def _ledgers(rng: random.Random, judged: list[str]) -> Iterator[Ledger]:
    missing = rng.sample(["gambling", "neighbour_dispute", "mass_incident"], rng.randint(0, 2))
    yield from (Ledger("C", t, YEAR) for t in TYPES if t not in missing)
    for item in missing:
        for unit in rng.sample(judged, rng.randint(0, 3)):
            yield Ledger(unit, item, YEAR)


def _scores(rng: random.Random, standards: Mapping[str, str]) -> Iterator[Score]:
    for unit, kind in standards.items():
        if kind in MARKS and rng.random() < 0.8:
            mark = MARKS[kind][0]
            yield Score(unit, YEAR, Decimal(rng.choice([mark, 95, mark - 1.5])))


def edits(world: World, empty: set[tuple[str, str]]) -> list[Edit]:
    """Return what can be edited, by hand: whatever the verdict of any unit may rest on.

    `empty` are units with the ratios that have no members in them.
    """
    facts, found = world.facts, []
    last = world.as_of or date(YEAR, 12, 31)
    recorded = {(x.unit, x.item) for x in facts.ledgers}
    kept = {x.item for x in facts.ledgers if x.unit == "C"}
    for unit, kind in world.standards.items():
        found += [("ledger", unit, t, LEDGER[kind]) for t in TYPES
                  if t not in kept and (unit, t) not in recorded]  # fmt: skip
    heirs = {c.unit: c.value for c in facts.changes if c.change == "merged_into"}
    for i in facts.incidents:
        held = heirs.get(i.unit, i.unit)
        cost = SETTLE.get((i.type, world.standards.get(held, "")))
        if i.date <= last and cost:
            found.append(("settle", i.id, "", cost))
        if i.date <= last and i.type == "public_security_case" and i.grade is None:
            found.append(("grade", i.id, "", 2))
    for unit, kind in world.standards.items():
        if kind in MARKS:
            mark, record, point = MARKS[kind]
            here = [s.score for s in facts.scores if s.unit == unit]
            if not here:
                found.append(("score", unit, str(mark), record))
            elif here[0] < mark and world.open_year:
                found.append(("score", unit, str(mark), point * math.ceil(mark - here[0])))
            if not any(p.unit == unit for p in facts.polls):
                found.append(("poll", unit, "", 5))
        found += [("declare", unit, c, 2) for c in RATIOS.get(kind, ()) if (unit, c) in empty]
    return found


def edited(facts: Facts, chosen: Sequence[Edit], prefix: str) -> Facts:
    """Return the data after some edits, with every id under a prefix."""
    gone = {x for what, x, *_ in chosen if what == "settle"}
    graded = {x for what, x, *_ in chosen if what == "grade"}
    scored = {x: Decimal(mark) for what, x, mark, _ in chosen if what == "score"}

    def name(unit: str | None) -> str | None:
        return unit and prefix + unit

    tables: dict[str, Any] = {
        "units": [attrs.evolve(u, id=name(u.id), parent=name(u.parent)) for u in facts.units],
        "incidents": [
            attrs.evolve(i, id=name(i.id), unit=name(i.unit),
                         grade="minor" if i.id in graded else i.grade)
            for i in facts.incidents if i.id not in gone
        ],
        "ledgers": [attrs.evolve(x, unit=name(x.unit)) for x in facts.ledgers]
        + [Ledger(prefix + u, t, YEAR) for what, u, t, _ in chosen if what == "ledger"],
        "scores": [attrs.evolve(s, unit=name(s.unit)) for s in facts.scores if s.unit not in scored]
        + [Score(prefix + u, YEAR, value) for u, value in scored.items()],
        "polls": [attrs.evolve(p, unit=name(p.unit)) for p in facts.polls]
        + [Poll(prefix + u, YEAR, "met") for what, u, *_ in chosen if what == "poll"],
        "not_applicable": [
            NotApplicable(prefix + u, c, YEAR, "x") for what, u, c, _ in chosen if what == "declare"
        ],
        "changes": [
            attrs.evolve(c, unit=name(c.unit),
                         value=c.value if c.change == "renamed" else name(c.value))
            for c in facts.changes
        ],
    }  # fmt: skip
    return Facts(**{k: tuple(rows) for k, rows in tables.items()})


def joined(parts: Sequence[Facts]) -> Facts:
    tables = ("units", "incidents", "ledgers", "scores", "polls", "not_applicable", "changes")
    return Facts(**{t: tuple(r for f in parts for r in getattr(f, t)) for t in tables})


def until(world: World) -> Facts:
    """Return what is known on the last day of the data; nothing new happens after it."""
    if world.as_of is None:
        return world.facts
    kept = tuple(i for i in world.facts.incidents if i.date <= world.as_of)
    return attrs.evolve(world.facts, incidents=kept, checked_by=None)


def cheapest(world: World, policy: Policy) -> dict[str, int | None] | None:
    """Return the least cost of each judged unit, None where no set of edits makes it met; None
    for a world with too many edits."""
    found = evaluate(until(world), policy, YEAR).outcome.findings
    empty = {
        (unit, clause)
        for unit in world.standards
        for clause, (_, basis, _) in found.get(unit, {}).items()
        if basis == "no_members"
    }
    possible = edits(world, empty)
    if len(possible) > MOST:
        return None
    sets = [s for n in range(len(possible) + 1) for s in itertools.combinations(possible, n)]
    known = until(world)
    every = joined([edited(known, chosen, f"s{n}-") for n, chosen in enumerate(sets)])
    result = evaluate(every, policy, YEAR)
    least: dict[str, int | None] = {}
    for unit in world.standards:
        costs = [
            sum(e[3] for e in chosen) for n, chosen in enumerate(sets)
            if result.status(f"s{n}-{unit}") is Status.MET
        ]  # fmt: skip
        least[unit] = min(costs, default=None)
    return least


def first_possible(world: World, policy: Policy, last: int) -> dict[str, int | None]:
    """Return the first later year in which each unit is met when all that can be recorded of that
    year is recorded for the better."""
    known = until(world)
    marked = [u for u, k in world.standards.items() if k in MARKS]
    found: dict[str, int | None] = dict.fromkeys(world.standards)
    for year in range(YEAR + 1, last + 1):
        best = attrs.evolve(
            known,
            ledgers=tuple(Ledger(u, "*", year) for u in world.standards),
            scores=tuple(Score(u, year, Decimal(100)) for u in marked),
            polls=tuple(Poll(u, year, "met") for u in marked),
            not_applicable=tuple(
                NotApplicable(u, c, year, "x")
                for u, k in world.standards.items()
                for c in RATIOS.get(k, ())
            ),
            checked_by=None,
        )
        result = evaluate(best, policy, year)
        for unit in found:
            if found[unit] is None and unit in result and result.status(unit) is Status.MET:
                found[unit] = year
    return found
