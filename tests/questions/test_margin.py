"""Margins against every loss and every further incident in small worlds."""

from __future__ import annotations

import itertools
import random
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen

from pingan_logic import Assessment, Facts, Policy, Status, evaluate, load_policy
from pingan_logic.model import Change, Incident, Ledger, Poll, Score, Unit
from pingan_logic.questions.margin import Margin, find_margin
from pingan_logic.questions.text import margin_text
from tests.small_worlds import DATED, YEAR, changed_policy, judge

POLICY = load_policy()
TOUCHES = {"household": "neighbour_dispute", "school": "arbitrary_charges"}
"""What fails a unit and touches no clause of what contains it."""
TWO_KINDS = [
    ("members(village_households, household).", "members(village_households, (household;school))."),
]


def small_county(rng: random.Random) -> Facts:
    """A township with two villages, a compound and buildings, some of which stand just at the
    edge of their shares, and a school."""
    units = [Unit("T", "township"), Unit("V", "village", "", "T"), Unit("W", "village", "", "T")]
    units += [Unit("C", "compound", "", "V"), Unit("B0", "building", "", "C")]
    units += [Unit("B1", "building", "", rng.choice(["C", "V"]))]
    places = ["B0", "B1", "C", "V", "W", "W"]
    homes = [f"H{n}" for n in range(rng.randint(6, 14))]
    sits = dict(zip(homes, ["B0", "B1", *(rng.choice(places) for _ in homes)], strict=False))
    units += [Unit(h, "household", "", sits[h]) for h in homes]
    kind = rng.choice(["", "county", "kindergarten"])
    if kind == "kindergarten":
        units.append(Unit("S", "kindergarten", "", "V"))
    else:
        units.append(Unit("S", "school", "", "V", kind or None))
    incidents = [
        Incident(f"D{h}", h, "neighbour_dispute", date(YEAR, 2, 2))
        for h in rng.sample(homes, rng.choice([0, 0, 1]))
    ]
    if rng.random() < 0.5:
        place = rng.choice(["V", "W"])
        incidents.append(Incident("P", place, "property_crime", date(YEAR, 2, 2)))
    if rng.random() < 0.3:
        incidents.append(Incident("L", "V", "public_security_case", date(YEAR, 2, 2), "minor"))
    changes = []
    if rng.random() < 0.3:
        changes = [Change(rng.choice(homes), date(YEAR, 3, 1), "moved", rng.choice(["W", "V"]))]
    elif rng.random() < 0.2:
        units.append(Unit("X", "village", "", "T"))
        changes = [Change("X", date(YEAR, 3, 1), "merged_into", "W")]
    return Facts(
        units=units, incidents=incidents, changes=changes,
        ledgers=[Ledger("T", "*", YEAR), Ledger("S", "*", YEAR), Ledger("W", "*", YEAR)],
        scores=[Score(u, YEAR, Decimal(95)) for u in ("T", "S")],
        polls=[Poll(u, YEAR, "met") for u in ("T", "S")],
    )  # fmt: skip


def fallen(result: Assessment, facts: Facts, units: tuple[str, ...]) -> Facts:
    """Let units fall short in a way that touches nothing else."""
    more = [
        Incident(f"~{u}", u, TOUCHES[next(iter(result.outcome.verdicts[u]))], date(YEAR, 6, 1))
        for u in units
    ]
    return evolve(facts, incidents=[*facts.incidents, *more], checked_by=None)


@frozen
class Trial:
    """A world, a unit of it, and its margin."""

    facts: Facts
    unit: str
    result: Assessment
    margin: Margin

    def met(self, unit: str) -> bool:
        return unit in self.result and self.result.status(unit) is Status.MET

    def members(self, kind: str) -> list[str]:
        """Return the met members of a kind on which the verdict rests."""
        found, waiting = set(), [self.unit]
        while waiting:
            x = waiting.pop()
            counted = {
                m
                for k in self.result.outcome.verdicts.get(x, ())
                for c in self.result.policy.clauses_of(k)
                for m in c.members
            }
            if x in ("V", "W") and self.result.policy.assigned:  # villages count two kinds there
                counted |= {"household", "school"}
            for y in self.result.inside(x):
                if counted & set(self.result.outcome.verdicts.get(y, ())) and y not in found:
                    found.add(y)
                    waiting.append(y)
        return sorted(u for u in found if kind in self.result.outcome.verdicts[u] and self.met(u))


def trials(policy: Policy, seeds: range, **how: Any) -> list[Trial]:
    found = []
    for seed in seeds:
        rng = random.Random(seed)
        facts = small_county(rng)
        judged = evaluate(facts, policy, YEAR, **how)
        # of an unfinished year the question puts itself to its last day, which takes a run each
        early = seed % 5 == 0
        asked = evaluate(facts, policy, YEAR, as_of=how.get("as_of")) if early else judged
        for unit in rng.sample(["T", "V", "W", "C", "B0", "B1"], 2):
            if unit in judged:
                found.append(Trial(facts, unit, judged, find_margin(asked, unit)))
    return found


def check_losses(policy: Policy, some: list[Trial], **how: Any) -> int:
    """Every set of so many losses keeps the unit met; the named ones do not."""
    worlds, units, expected = [], [], []
    asked = 0
    for t in some:
        if not t.met(t.unit):
            assert t.margin.losses == ()
            continue
        for loss in t.margin.losses:
            if loss.kind not in TOUCHES:
                continue
            members = t.members(loss.kind)
            asked += 1
            spare = len(members) if loss.spare is None else loss.spare
            for lost in itertools.islice(itertools.combinations(members, spare), 200):
                worlds.append(fallen(t.result, t.facts, lost))
                units.append(t.unit)
                expected.append(True)
            if loss.spare is not None:
                assert len(loss.topple) == loss.spare + 1
                assert set(loss.topple) <= set(members)
                worlds.append(fallen(t.result, t.facts, loss.topple))
                units.append(t.unit)
                expected.append(False)
    seen = judge(policy, worlds, **how)
    for world, unit, one, met in zip(worlds, units, seen, expected, strict=True):
        assert (one.status(unit) is Status.MET) == met, (unit, met, world)
    return asked


def check_cascades(policy: Policy, some: list[Trial], **how: Any) -> int:
    """What falls with one unit is what falls, and with none more does."""
    worlds, units, about = [], [], []
    for t in some:
        for x in (t.unit, *t.result.inside(t.unit)):
            kinds = t.result.outcome.verdicts.get(x, {})
            if t.met(x) and len(kinds) == 1 and next(iter(kinds)) in TOUCHES:
                world = fallen(t.result, t.facts, (x,))
                above = x
                while (up := t.result.units[above].parent) is not None:
                    above = up
                    if t.met(above):
                        worlds.append(world)
                        units.append(above)
                        about.append((id(t), x))
    falls: dict[tuple[int, str], set[str]] = {}
    for key, unit, seen in zip(about, units, judge(policy, worlds, **how), strict=True):
        found = falls.setdefault(key, set())
        if seen.status(unit) is not Status.MET:
            found.add(unit)
    for t in some:
        mine = {x: found for (n, x), found in falls.items() if n == id(t)}
        most = max(map(len, mine.values()), default=0)
        cascade = t.margin.cascade
        if cascade is None:
            assert most == 0, (t.unit, mine)
        else:
            assert len(cascade.falls) >= most
            if cascade.unit in mine:
                assert set(cascade.falls) == mine[cascade.unit], (t.unit, cascade, t.facts)
    return len(some)


def check_incidents(policy: Policy, some: list[Trial], **how: Any) -> int:
    """So many more incidents of each matter may happen, and not one more."""
    worlds, units, about = [], [], []
    for t in some:
        for d in t.margin.distances:
            for m in d.matters:
                if m.spare is None or m.spare < 0 or d.status is Status.FAILED:
                    continue
                types = t.result.outcome.answers[m.matter]
                for number, type_ in itertools.product((m.spare, m.spare + 1), types):
                    more = [
                        Incident(f"~{n}", t.unit, type_, date(YEAR, 6, 1), "extreme", None, "yes")
                        for n in range(number)
                    ]
                    facts = evolve(t.facts, incidents=[*t.facts.incidents, *more], checked_by=None)
                    worlds.append(facts)
                    units.append(t.unit)
                    about.append((id(t), d.clause, m.matter, number > m.spare))
    found: dict[Any, set[bool]] = {}
    for key, unit, seen in zip(about, units, judge(policy, worlds, **how), strict=True):
        found.setdefault(key, set()).add(seen.fails(unit, key[1]))
    for key, fails in found.items():
        assert any(fails) == key[3], (key, fails)
    return len(found) // 2


@pytest.mark.no_cover
@pytest.mark.parametrize("how", [{}, DATED], ids=["over", "unfinished"])
def test_margins_of_small_counties(how: dict[str, Any]) -> None:
    some = trials(POLICY, range(20), **how)
    assert check_losses(POLICY, some, **how) >= 25
    assert check_cascades(POLICY, some, **how) >= 30
    assert check_incidents(POLICY, some, **how) >= 250


@pytest.mark.no_cover
def test_margins_of_other_policies(tmp_path: Path) -> None:
    assigned = {
        "village.lp": TWO_KINDS,
        "interpretations.lp": [
            ("switch(repeated, 2).", "switch(repeated, 4). assigned(kindergarten, school)."),
        ],
    }
    policy = changed_policy(tmp_path, assigned)
    some = trials(policy, range(100, 115))
    assert check_losses(policy, some) >= 10
    assert check_cascades(policy, some) >= 20
    assert check_incidents(policy, some) >= 150


def test_a_village_with_one_property_crime_has_none_to_spare() -> None:
    facts = Facts(
        units=[Unit("V", "village"), Unit("H", "household", "", "V")],
        incidents=[Incident("P", "V", "property_crime", date(YEAR, 2, 2))],
        ledgers=[Ledger("V", "*", YEAR)],
    )
    margin = find_margin(evaluate(facts, POLICY, YEAR), "V")
    distance = next(d for d in margin.distances if d.clause == "village_property_crime")
    assert (distance.required, distance.spare) == ("<2", 0)
    assert [m.spare for m in distance.matters] == [0]
    assert "无屡发性侵财性案件" in margin_text(margin, "zh")


@pytest.mark.parametrize(("crimes", "spare"), [(0, 1), (1, 0)])
def test_what_is_kept_in_a_broken_clause_has_room_of_its_own(
    crimes: int, spare: int, tmp_path: Path
) -> None:
    line = 'prohibits(village_cases, criminal_case, any, "刑事案件", "criminal case").'
    too = 'prohibits(village_cases, property_crime, repeated(2), "侵财", "property crime").'
    policy = changed_policy(tmp_path, {"village.lp": [(line, f"{line}\n{too}")]})
    case = Incident("A", "V", "criminal_case", date(YEAR, 3, 3))
    thefts = [Incident(f"P{n}", "V", "property_crime", date(YEAR, 2, 2)) for n in range(crimes)]
    facts = Facts(
        units=[Unit("V", "village"), Unit("H", "household", "", "V")],
        incidents=[case, *thefts],
        ledgers=[Ledger("V", "*", YEAR)],
    )
    found = find_margin(evaluate(facts, policy, YEAR), "V")
    (broken,) = (d for d in found.distances if d.clause == "village_cases")
    matters = {m.matter: m.spare for m in broken.matters}
    assert (matters["criminal_case"], broken.spare) == (-1, -1)
    assert (matters["public_security_case"], matters["property_crime"]) == (0, spare)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_margin_that_names_a_household_is_marked(lang: str) -> None:
    mark = {"zh": "内部资料", "en": "Internal"}[lang]
    units = [Unit("V", "village"), Unit("H", "household", "甲户", "V"), Unit("E", "enterprise")]
    facts = Facts(units=units, ledgers=[Ledger(u, "*", YEAR) for u in "VE"])
    result = evaluate(facts, POLICY, YEAR)
    text = margin_text(find_margin(result, "V"), lang)
    assert "甲户" not in text
    assert mark in text.splitlines()[-1]
    assert mark not in margin_text(find_margin(result, "E"), lang)


def test_what_falls_above_is_judged_by_all_that_is_there() -> None:
    units = [Unit("V", "village"), *(Unit(f"H{n}", "household", "", "V") for n in range(20))]
    facts = Facts(units=units, ledgers=[Ledger("V", "*", YEAR)])
    alone = find_margin(evaluate(facts, POLICY, YEAR, unit="H3"), "H3")
    assert alone.cascade is None
    assert alone.to_dict() == find_margin(evaluate(facts, POLICY, YEAR), "H3").to_dict()


def test_when_time_ends_a_margin_says_what_is_proven() -> None:
    units = [Unit("V", "village"), *(Unit(f"H{n}", "household", "", "V") for n in range(20))]
    facts = Facts(units=units, ledgers=[Ledger("V", "*", YEAR)])
    result = evaluate(facts, POLICY, YEAR)
    whole, cut = find_margin(result, "V"), find_margin(result, "V", limit=0)
    assert (whole.proven, cut.proven) == (True, False)
    (loss,), (bound,) = whole.losses, cut.losses
    assert (loss.spare, loss.proven) == (2, True)
    assert bound.spare is not None
    assert (bound.spare <= 2, bound.proven) == (True, False)
    assert "时限已到" in margin_text(cut, "zh")
    assert "Time limit reached" in margin_text(cut, "en")
    assert "时限" not in margin_text(whole, "zh")
    for d, proven in zip(cut.distances, whole.distances, strict=True):
        for few, all_ in zip(d.matters, proven.matters, strict=True):
            assert few.spare is not None
            assert few.spare <= (all_.spare or 0)


@pytest.mark.parametrize(
    ("lang", "said", "row"),
    [
        ("zh", "待核", r"三（四）1 禁止事项（7条） +待核 +0起 +待核"),
        ("en", "undetermined", r"三\(四\)1 prohibitions \(7\) +undetermined +0 +undetermined"),
    ],
)
def test_what_is_not_known_is_said_in_words(lang: str, said: str, row: str) -> None:
    facts = Facts(units=[Unit("V", "village"), *(Unit(h, "household", "", "V") for h in "GH")])
    text = margin_text(find_margin(evaluate(facts, POLICY, YEAR), "V"), lang)
    assert re.search(row, text)
    assert re.search(rf"{'0～2/2户' if lang == 'zh' else '0 to 2/2'} +90%", text)
    assert said in text.splitlines()[0]
    assert not re.search(r"≥|\.\.", text)


def test_a_list_of_prohibitions_has_the_name_that_the_notice_gives_it() -> None:
    units = [Unit("C", "compound"), Unit("B", "building", "", "C"), Unit("H", "household", "", "B")]
    facts = Facts(units=units, ledgers=[Ledger("C", "*", YEAR)])
    text = margin_text(find_margin(evaluate(facts, POLICY, YEAR), "C"), "zh")
    assert re.search(r"三（七）1 “七无”（7条） +0起 +0起 +无", text)
