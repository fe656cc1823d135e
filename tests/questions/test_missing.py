"""The records still needed, against every completion of small worlds."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from math import prod
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen

from pingan_logic import Facts, Policy, Status, evaluate, load_policy
from pingan_logic.model import Change, Incident, Ledger, Poll, Requirement, Score, Unit
from pingan_logic.questions.missing import Missing, find_missing
from pingan_logic.questions.text import missing_text
from tests.small_worlds import DATED, YEAR, Seen, beside, changed_policy, judge
from tests.worlds import TYPES

POLICY = load_policy()
GRADED = {
    "public_security_case": [("minor", None), ("large", None), ("extreme", None)],
    "criminal_case": [("minor", None), ("extreme", None)],
    "safety_accident": [("minor", None), ("extreme", "no"), ("extreme", "yes")],
}
Content = tuple[Any, ...]
Key = tuple[str, str, str]
"""Kind, holder (or kind of units) and item (or incident) of a record."""


@frozen
class World:
    """Data, the units asked about, and what can be recorded at the first of them or inside: for
    each record all that it may say, as rows to add to the tables or fields of an incident to fill
    in."""

    facts: Facts
    units: Sequence[str]
    records: dict[Key, list[Content]]

    def inside(self, x: str | None, holder: str) -> bool:
        """Whether a unit is, or stands in, another, after the moves."""
        return x is not None and (x == holder or self.inside(placed(self.facts)[x], holder))

    def about(self, unit: str) -> set[Key]:
        """Return the records that can be made at a unit or inside it, and those of its kind."""
        return {
            (kind, holder, what)
            for kind, holder, what in self.records
            if kind == "requirement" or self.inside(holder, unit)
        }


def ledger(facts: Facts, unit: str, item: str, inside: Sequence[str]) -> list[Content]:
    """What the ledger of an item may say: incidents at any of the units that no ledger covers."""
    row = ("ledgers", Ledger(unit, item, YEAR))
    lots: list[list[Content]] = []
    day = date(YEAR, 6, 1)
    for x in inside:
        kinds = GRADED.get(item, [("minor", None)])
        some: list[Content] = [()]
        some += [
            (("incidents", Incident(f"{unit}{item}{x}{g}{v}", x, item, day, g, None, v)),)
            for g, v in kinds
        ]
        if item == "property_crime":
            some += [
                tuple(
                    ("incidents", Incident(f"{unit}{item}{x}{n}", x, item, day, "minor"))
                    for n in range(many)
                )
                for many in (2, 3)
            ]
        lots.append(some)
    return [(row, *itertools.chain(*said)) for said in itertools.product(*lots)]


def filled(world: World, said: dict[Key, Content]) -> Facts:
    """Return the data with some records made."""
    tables: dict[str, list[Any]] = defaultdict(list)
    fields: dict[str, dict[str, str]] = defaultdict(dict)
    for (kind, _, what), content in said.items():
        if kind in ("grade", "liability"):
            fields[what][kind] = content[0]
        else:
            for table, row in content:
                tables[table].append(row)
    incidents = [evolve(i, **fields.get(i.id, {})) for i in world.facts.incidents]
    more = {t: (*getattr(world.facts, t), *rows) for t, rows in tables.items() if t != "incidents"}
    more["incidents"] = (*incidents, *tables["incidents"])
    return evolve(world.facts, checked_by=None, **more)


def small_world(rng: random.Random) -> World:
    """A village with up to three households, some in a building, of which some ledgers, gradings
    and days of moving are open; it, the building and the households are asked about."""
    homes = [f"H{n}" for n in range(rng.choice([1, 1, 1, 2]))]
    units = [Unit("V", "village"), Unit("B", "building", "", "V")]
    units += [Unit(h, "household", "", rng.choice(["V", "B", "B"])) for h in homes]
    changes = []
    if rng.random() < 0.25:
        moved = rng.choice(homes)
        changes = [Change(moved, date(YEAR, 3, 3), "moved", rng.choice(["V", "B"]))]
    elif rng.random() < 0.2:
        units.append(Unit("W", "village"))
        changes = [Change("W", date(YEAR, 2, 2), "merged_into", "V")]
    incidents = []
    if rng.random() < 0.15:
        incidents.append(Incident("D", rng.choice(homes), "neighbour_dispute", date(YEAR, 5, 5)))
    if rng.random() < 0.25:
        place = rng.choice(["V", "B", *homes])
        incidents.append(Incident("C", place, "public_security_case", date(YEAR, 5, 5)))
    open_items = rng.sample(
        ["gambling", "domestic_violence", "pornography"] * 3
        + ["public_security_case", "property_crime", "mass_incident"],
        rng.choice([1, 1, 1, 1, 2]),
    )  # fmt: skip
    kept = [Ledger("V", t, YEAR) for t in TYPES if t not in open_items]
    kept += [Ledger(h, t, YEAR) for t in open_items for h in ["B", *homes] if rng.random() < 0.35]
    facts = Facts(
        units=units, incidents=incidents, ledgers=kept, changes=changes,
    )  # fmt: skip
    return World(facts, ["V", "B", *homes], dict(open_records(facts, "V", open_items)))


def placed(facts: Facts) -> dict[str, str | None]:
    """Return the containers after the moves."""
    parents = {u.id: u.parent for u in facts.units}
    parents.update({c.unit: c.value for c in facts.changes if c.change == "moved"})
    gone = {c.unit for c in facts.changes if c.change == "merged_into"}
    return {u: p for u, p in parents.items() if u not in gone}


def open_records(
    facts: Facts, unit: str, items: Sequence[str]
) -> Iterator[tuple[Key, list[Content]]]:
    """Yield what can be recorded."""
    parents = placed(facts)

    def chain(x: str | None) -> Iterator[str]:
        while x is not None:
            yield x
            x = parents[x]

    held = {(r.unit, r.item) for r in facts.ledgers}
    for item in items:
        bare = {x for x in parents if not any((y, item) in held for y in chain(x))}
        for holder in parents:
            inside = [x for x in parents if x in bare and holder in chain(x)]
            if inside and unit in chain(holder):
                yield ("ledger", holder, item), ledger(facts, holder, item, inside)
    for i in facts.incidents:
        if i.type == "public_security_case" and i.grade is None:
            yield ("grade", i.unit, i.id), [("minor",), ("large",), ("extreme",)]


def county_school(rng: random.Random) -> World:
    """A work unit, a school or hospital of the county or a township, with its annual records."""
    kind = rng.choice(["work_unit", "school", "hospital", "township"])
    standard = "township" if kind == "township" else "work_unit"
    affiliation = "county" if kind in ("school", "hospital") else None
    units = [Unit("U", kind, affiliation=affiliation)]
    if kind == "township":
        units += [Unit("V", "village", "", "U"), Unit("H", "household", "", "V")]
    incidents = []
    if kind == "township" and rng.random() < 0.6:
        grade = rng.choice([None, "minor", "extreme"])
        liable = rng.choice([None, "yes", "no"])
        incidents.append(
            Incident("A", "U", "safety_accident", date(YEAR, 5, 5), grade, None, liable)
        )
    elif rng.random() < 0.4:
        incidents.append(Incident("C", "U", "public_security_case", date(YEAR, 5, 5)))
    late = [t for t in ("drug_involvement", "mass_incident") if rng.random() < 0.3]
    facts = Facts(
        units=units,
        incidents=incidents,
        ledgers=[Ledger("U", t, YEAR) for t in TYPES if t not in late],
        scores=[Score("U", YEAR, Decimal(rng.choice([84, 85, 90])))] if rng.random() < 0.6 else [],
        polls=rng.choice(
            [[], [], [Poll("U", YEAR, "met")], [Poll("U", YEAR, None, 1)],
             [Poll("U", YEAR, None, 3)]]
        ),
        requirements=rng.choice([[], [Requirement(standard, YEAR, 2)]]),
    )  # fmt: skip
    records = dict(open_records(facts, "U", late))
    for i in incidents:
        if i.type == "safety_accident" and i.grade is None:
            records["grade", "U", "A"] = [("minor",), ("large",), ("major",), ("extreme",)]
        if i.type == "safety_accident" and i.liability is None:
            records["liability", "U", "A"] = [("yes",), ("no",)]
    if not facts.scores:
        marks = ["0", "84.99", "85", "90", "100"]
        records["score", "U", ""] = [(("scores", Score("U", YEAR, Decimal(m))),) for m in marks]
    if not facts.polls:
        said = [Poll("U", YEAR, r) for r in ("met", "failed")]
        said += [Poll("U", YEAR, None, n) for n in (1, 2, 3, 5)]
        records["poll", "U", ""] = [(("polls", p),) for p in said]
    if not facts.requirements:
        limits = [Requirement(standard, YEAR, n) for n in (1, 2, 3, 4)]
        records["requirement", standard, ""] = [(("requirements", r),) for r in limits]
    return World(facts, ["U"], records)


class Trial:
    """Every set of records of a world with all that they may say, and what then follows."""

    MOST = 250

    def __init__(self, world: World) -> None:
        self.world = world
        self.number = prod(1 + len(said) for said in world.records.values())
        if self.number > self.MOST:
            return
        self.said: list[dict[Key, Content]] = [
            dict(zip(keys, contents, strict=True))
            for size in range(len(world.records) + 1)
            for keys in itertools.combinations(world.records, size)
            for contents in itertools.product(*(world.records[k] for k in keys))
        ]
        self.seen: Sequence[Seen] = ()

    def outcomes(self, unit: str) -> dict[frozenset[Key], set[Status]]:
        """Return what can follow for a unit from each set of records at it or inside."""
        found: dict[frozenset[Key], set[Status]] = defaultdict(set)
        about = self.world.about(unit)
        for said, seen in zip(self.said, self.seen, strict=True):
            if about.issuperset(said):
                found[frozenset(said)].add(seen.status(unit))
        return found

    def wrong(self, unit: str, answer: Missing) -> str:
        """Say how an answer for a unit differs from the smallest sets that decide, if it does."""
        outcomes = self.outcomes(unit)
        now = outcomes[frozenset()]
        if now != {Status.UNDETERMINED}:
            return "" if not answer.records and {answer.status} == now else f"{now}"
        deciding = [s for s, found in outcomes.items() if Status.UNDETERMINED not in found]
        mine = frozenset(map(key, answer.records))
        if not deciding:
            return "" if answer.unsettled else "nothing decides"
        least = min(map(len, deciding))
        if answer.unsettled or not answer.proven or answer.lower != least:
            return f"unsettled {answer.unsettled}, proven {answer.proven}, {answer.lower}"
        if mine not in deciding or len(mine) != least:
            return f"{sorted(mine)}, not one of {[sorted(s) for s in deciding if len(s) == least]}"
        reach = min(self.reach(s) for s in deciding if len(s) == least)
        if self.reach(mine) != reach:
            return f"reaches {self.reach(mine)}, not {reach}"
        for r in answer.records:
            found = outcomes[frozenset([key(r)])]
            effect = {(True, True): "either", (True, False): "fail", (False, True): "meet"}.get(
                (Status.FAILED in found, Status.MET in found), "none"
            )
            if r.effect != effect:
                return f"{key(r)} is said to {r.effect}, not {effect}"
        return ""

    def reach(self, records: frozenset[Key]) -> int:
        """Count the units that the ledgers of a set speak of."""
        units = placed(self.world.facts)
        return sum(
            sum(self.world.inside(x, holder) for x in units) if kind == "ledger" else 1
            for kind, holder, _ in records
        )


def key(record: Any) -> Key:
    """Return a record, found among worlds side by side, as its own world names it."""
    if record.kind == "requirement":
        return "requirement", record.item, ""
    what = (record.incident or record.item or "").rpartition("~")[2]
    return record.kind, record.unit.rpartition("~")[2], what


Maker = Callable[[random.Random], World]


def compared(policy: Policy, make: Maker, seeds: range, **how: Any) -> int:
    """Compare the answers for many worlds; return how many units that are not decided were asked
    about. What follows from all that can be recorded is judged for all worlds together."""
    trials = []
    for seed in seeds:
        trial = Trial(make(random.Random(seed)))
        if trial.world.records and trial.number <= Trial.MOST:
            trials.append(trial)
    worlds = [filled(t.world, said) for t in trials for said in t.said]
    seen = iter(judge(policy, worlds, **how))
    for t in trials:
        t.seen = list(itertools.islice(seen, len(t.said)))
    asked = 0
    for facts, some in beside([t.world.facts for t in trials]):
        result = evaluate(facts, policy, YEAR, **how)
        for n in some:
            for unit in trials[n].world.units:
                if (here := f"{n}~{unit}") in result:
                    wrong = trials[n].wrong(unit, find_missing(result, here))
                    assert not wrong, (wrong, unit, trials[n].world.facts)
                    asked += result.status(here) is Status.UNDETERMINED
    return asked


@pytest.mark.no_cover
def test_villages_buildings_and_households() -> None:
    assert compared(POLICY, small_world, range(210)) >= 220


@pytest.mark.no_cover
def test_annual_records_also_of_county_schools() -> None:
    assert compared(POLICY, county_school, range(50)) >= 20


@pytest.mark.no_cover
def test_years_that_are_not_over() -> None:
    assert compared(POLICY, small_world, range(1000, 1030), **DATED) >= 20


@pytest.mark.no_cover
def test_other_policies(tmp_path: Path) -> None:
    repeated = [("switch(repeated, 2).", "switch(repeated, 3).")]
    kinds = [
        ("members(village_households, household).",
         "members(village_households, (household;building))."),
    ]  # fmt: skip
    policy = changed_policy(tmp_path, {"interpretations.lp": repeated, "village.lp": kinds})
    assert compared(policy, small_world, range(600, 630)) >= 20


BEFORE = """
clause(village_before, village, "三（四）3", "上一年无群体性事件").
english(village_before, "no mass incident in the year before").
occurred_before(U) :- standard(village,U), year(Y),
    incident(I,U,mass_incident,G,L,D), D/10000 == Y-1.
kept_before(U)     :- standard(village,U), year(Y), ledger(U,mass_incident,Y-1).
finding(village_before, village, U, failed, occurred) :- occurred_before(U).
finding(village_before, village, U, undetermined, unknown) :- standard(village,U),
    not occurred_before(U), not kept_before(U).
finding(village_before, village, U, met, kept) :- kept_before(U), not occurred_before(U).
"""


def test_a_look_back_asks_for_the_ledger_of_the_year_before(tmp_path: Path) -> None:
    policy = changed_policy(tmp_path, {}, before=BEFORE)
    units = [Unit("V", "village"), Unit("H", "household", "", "V")]
    now = [Ledger("V", "*", YEAR)]
    facts = Facts(units=units, ledgers=now)
    (record,) = find_missing(evaluate(facts, policy, YEAR), "V").records
    assert (record.kind, record.unit, record.item, record.year, record.effect) == (
        "ledger", "V", "mass_incident", YEAR - 1, "either",
    )  # fmt: skip
    before = Incident("I", "V", "mass_incident", date(YEAR - 1, 5, 5))
    answer = find_missing(evaluate(evolve(facts, incidents=[before]), policy, YEAR), "V")
    assert (answer.status, answer.records) == (Status.FAILED, ())
    kept = evolve(facts, ledgers=[*now, Ledger("V", "mass_incident", YEAR - 1)])
    assert find_missing(evaluate(kept, policy, YEAR), "V").status is Status.MET


def test_what_can_only_be_made_at_the_years_end_is_said_so() -> None:
    facts = Facts(
        units=[Unit("U", "work_unit")],
        ledgers=[Ledger("U", t, YEAR) for t in TYPES if t != "gambling"],
        polls=[Poll("U", YEAR, "met")],
    )
    now = evaluate(facts, POLICY, YEAR, as_of=DATED["as_of"], unit="U")
    answer = find_missing(now, "U")
    assert {(r.kind, r.at_year_end) for r in answer.records} == {("ledger", True), ("score", False)}
    assert answer.to_dict()["assumes"] == ["year_end", "nothing_new", "ledgers_kept"]
    text = missing_text(answer, "zh")
    assert text.startswith("预评")
    assert "年末" in text


def test_a_limit_gives_a_set_that_decides_and_a_bound() -> None:
    homes = [Unit(f"H{n}", "household", "", f"V{n % 5}") for n in range(60)]
    villages = [Unit(f"V{n}", "village", "", "T") for n in range(5)]
    facts = Facts(units=[Unit("T", "township"), *villages, *homes], ledgers=[])
    a = evaluate(facts, POLICY, YEAR)
    answer = find_missing(a, "T", limit=0)
    whole = find_missing(a, "T")
    assert (answer.proven, whole.proven) == (False, True)
    assert answer.lower <= len(whole.records) == whole.lower <= len(answer.records)
    assert (answer.decides, whole.decides) == (False, True)
    assert {r.effect for r in answer.records} == {"unknown"}
    assert "时限已到" in missing_text(answer, "zh")


def test_words_do_not_say_that_filing_hurts() -> None:
    facts = Facts(units=[Unit("S", "school")], ledgers=[])
    answer = find_missing(evaluate(facts, POLICY, YEAR), "S")
    assert {r.effect for r in answer.records} == {"fail"}
    for lang in ("zh", "en"):
        text = missing_text(answer, lang)
        assert "只可能" not in text
        assert "fail" not in text
