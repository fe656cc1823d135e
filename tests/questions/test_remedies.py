"""Remedies, margins and missing records against brute force and against the evaluation itself."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings

from pingan_logic.catalogue import Policy, Setting
from pingan_logic.errors import RequestError
from pingan_logic.evaluation import evaluate
from pingan_logic.model import Facts, Incident, Ledger, Poll, Requirement, Score, Unit
from pingan_logic.questions.edits import Edit, apply
from pingan_logic.questions.margin import Cascade, Margin, find_margin
from pingan_logic.questions.missing import Missing, Record, find_missing
from pingan_logic.solving.load_policy import load_policy
from pingan_logic.verdicts import Assessment, Status
from tests.command import run
from tests.remedy_data import (
    POLICY,
    SAMPLE,
    YEAR,
    facts_of,
    hopeless,
    ledgers,
    seeds,
    some_county,
    status,
    with_setting,
)
from tests.small_worlds import judge
from tests.worlds import TYPES


def quarrel(facts: Facts, homes: tuple[str, ...]) -> Facts:
    more = tuple(Incident(f"新{h}", h, "neighbour_dispute", date(YEAR, 12, 1)) for h in homes)
    return with_rows(facts, incidents=more)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("kind", "number"),
    [*(("village", homes) for homes in (10, 11, 20, 21)), *(("compound", n) for n in range(6))],
)
def test_every_set_of_losses_within_the_margin_keeps_it_and_one_more_can_topple(
    kind: str, number: int
) -> None:
    if kind == "village":
        units = [Unit("U", "village")]
        units += [Unit(f"H{n:02}", "household", "", "U") for n in range(number)]
    else:
        rng = random.Random(number)
        units = [Unit("U", "compound"), Unit("B0", "building", "", "U"),
                 Unit("B1", "building", "", "U")]  # fmt: skip
        units += [
            Unit(f"H{n:02}", "household", "", rng.choice(["U", "B0", "B1"])) for n in range(14)
        ]
        units += [Unit("HB0", "household", "", "B0"), Unit("HB1", "household", "", "B1")]
    facts = facts_of(units=units, incidents=(), ledgers=[Ledger("U", "*", YEAR)])
    homes = [u.id for u in units if u.kind == "household"]
    result = evaluate(facts, POLICY, YEAR)
    assert result.status("U") is Status.MET
    (loss,) = [x for x in find_margin(result, "U").losses if x.kind == "household"]
    assert loss.spare is not None
    kept = [quarrel(facts, lost) for lost in itertools.combinations(homes, loss.spare)]
    assert {seen.status("U") for seen in judge(POLICY, kept)} == {Status.MET}
    assert len(loss.topple) == loss.spare + 1
    assert status(quarrel(facts, loss.topple), "U") is not Status.MET


def homes(container: str, *numbers: int) -> list[Unit]:
    """Households of a container, with numbers in their ids so that they come in this order."""
    return [Unit(f"{container}-{n:02}", "household", "", container) for n in numbers]


def margin(units: list[Unit], unit: str, *settings: Setting, failed: str = "") -> Margin:
    """Return the margin of a unit where all ledgers are kept; `failed` is a village, by an event
    of its own."""
    days = (date(YEAR, 2, 2), date(YEAR, 2, 3)) if failed else ()
    events = [Incident(f"I{d.day}", failed, "property_crime", d) for d in days]
    ledgers = [Ledger(u.id, "*", YEAR) for u in units if u.parent is None]
    facts = facts_of(units=units, incidents=events, ledgers=ledgers)
    policy = load_policy(POLICY.folder, settings) if settings else POLICY
    return find_margin(evaluate(facts, policy, YEAR), unit)


def lost(found: Margin, kind: str) -> tuple[str, ...]:
    (loss,) = (x for x in found.losses if x.kind == kind)
    assert loss.spare == len(loss.topple) - 1
    return loss.topple


def test_the_first_of_like_members_are_named_as_losses() -> None:
    village = [Unit("V", "village"), *homes("V", *range(25))]
    assert lost(margin(village, "V"), "household") == ("V-00", "V-01", "V-02")
    share = Setting("threshold", "village_households", (9, 11))
    few = [Unit("V", "village"), *homes("V", *range(5))]  # 9/11 of 5 is 4.09: all five
    assert lost(margin(few, "V", share), "household") == ("V-00",)


def test_each_ratio_counts_its_own_members_only() -> None:
    """Of 20 buildings of 5 households, two may not fail: two households, in different ones."""
    units = [Unit("K", "compound")]
    for n in range(20):
        units += [Unit(f"B{n:02}", "building", "", "K"), *homes(f"B{n:02}", *range(5))]
    found = margin(units, "K")
    assert lost(found, "building") == ("B00", "B01")
    assert len({h[:3] for h in lost(found, "household")}) == len(lost(found, "household")) == 2


@pytest.mark.parametrize("alone", ["A", "K", "Z"])
def test_the_fewest_losses_are_found_among_unlike_members(alone: str) -> None:
    """Two households of different buildings topple the compound; of those without, it takes 3."""
    units = [Unit("K", "compound")]
    for n in range(20):
        units += [Unit(f"B{n:02}", "building", "", "K"), *homes(f"B{n:02}", 0, 1)]
    units += [Unit(f"{alone}-{n:02}", "household", "", "K") for n in range(60)]
    topple = lost(margin(units, "K"), "household")
    assert len(topple) == 2
    assert len({h[:3] for h in topple if h.startswith("B")}) == 2


def test_a_member_that_stands_brings_nothing_down() -> None:
    units = [Unit("V", "village"), Unit("B", "building", "", "V")]
    units += [*homes("B", *range(9)), *homes("V", 0)]
    assert margin(units, "V").cascade == Cascade("B-00", ("B",))


@pytest.mark.parametrize(
    ("count", "failed", "falls"),
    [
        (10, "", ("B",)),  # 9 of 10 are enough for the village
        (9, "", ("B", "V")),
        (20, "", ("B",)),
        (9, "V", ("B",)),  # the village is not met in any case
    ],
)
def test_a_cascade_stops_where_a_ratio_still_holds(
    count: int, failed: str, falls: tuple[str, ...]
) -> None:
    units = [Unit("V", "village"), Unit("B", "building", "", "V"), *homes("B", *range(count))]
    assert margin(units, "B", failed=failed).cascade == Cascade("B-00", falls)


def test_the_cascade_names_what_falls() -> None:
    margin = find_margin(evaluate(SAMPLE, POLICY, YEAR), "C-01")
    assert margin.cascade is not None
    assert margin.cascade.falls == ("B-01", "C-01")
    facts = quarrel(SAMPLE, (margin.cascade.unit,))
    after = evaluate(facts, POLICY, YEAR)
    assert all(after.status(u) is Status.FAILED for u in margin.cascade.falls)
    best = len(margin.cascade.falls)
    before = evaluate(SAMPLE, POLICY, YEAR)
    for home in [u for u in before.inside("C-01") if before.units[u].kind == "household"][::7]:
        after = evaluate(quarrel(SAMPLE, (home,)), POLICY, YEAR)
        fallen = [u for u in before if before.status(u) is Status.MET
                  and after.status(u) is not Status.MET and u != home]  # fmt: skip
        assert len(fallen) <= best


def test_distances_are_signed() -> None:
    distances = {d.clause: d for d in find_margin(evaluate(SAMPLE, POLICY, YEAR), "T-02").distances}
    assert distances["township_petitions"].spare == -1
    assert distances["township_score"].spare == -1
    assert distances["township_safety"].spare is None
    assert distances["township_households"].spare == 16
    assert distances["township_poll"].spare == 1


def completions(facts: Facts, missing: Missing, rng: random.Random) -> Facts:
    """Fill the records with arbitrary content."""
    result = evaluate(facts, POLICY, YEAR)
    changed = facts
    number = 0
    for r in missing.records:
        if r.kind == "ledger":
            assert r.unit is not None
            covered = [r.unit, *result.inside(r.unit)]
            new = []
            for unit in rng.sample(covered, rng.choice([0, 0, 0, 1, min(2, len(covered))])):
                for _ in range(rng.choice([1, 2])):
                    number += 1
                    grade = rng.choice(list(POLICY.grades))
                    liable = rng.choice(["yes", "no"])
                    new.append(Incident(f"查{number}", unit, str(r.item), date(YEAR, 6, 6), grade,
                                        None, liable))  # fmt: skip
            changed = with_rows(changed, incidents=new, ledgers=[Ledger(r.unit, str(r.item), YEAR)])
        elif r.kind in ("grade", "liability"):
            value = rng.choice(list(POLICY.grades) if r.kind == "grade" else ["yes", "no"])
            changed = facts_of(
                **{
                    **tables(changed),
                    "incidents": [
                        Incident(i.id, i.unit, i.type, i.date,
                                 value if i.id == r.incident and r.kind == "grade" else i.grade,
                                 i.responsible_unit,
                                 value if i.id == r.incident and r.kind == "liability"
                                 else i.liability)
                        for i in changed.incidents
                    ],
                }
            )  # fmt: skip
        elif r.kind == "score":
            points = Decimal(rng.choice(["0", "84.99", "85", "90", "100"]))
            changed = with_rows(changed, scores=[Score(str(r.unit), YEAR, points)])
        elif r.kind == "poll":
            changed = with_rows(
                changed, polls=[Poll(str(r.unit), YEAR, rng.choice(["met", "failed"]))]
            )
        else:
            limit = Requirement(str(r.item), YEAR, rng.randint(1, 8))
            changed = with_rows(changed, requirements=[limit])
    return changed


def tables(facts: Facts) -> dict[str, Any]:
    names = ("units", "incidents", "ledgers", "scores", "polls", "requirements", "not_applicable")
    return {n: getattr(facts, n) for n in names}


def with_rows(facts: Facts, **more: Any) -> Facts:
    old = tables(facts)
    return facts_of(**{n: (*rows, *more.get(n, ())) for n, rows in old.items()})


@pytest.mark.no_cover
@given(seeds)
@settings(max_examples=8, deadline=None)
def test_missing_records_settle_whatever_they_say_and_none_is_too_many(seed: int) -> None:
    facts = some_county(seed)
    rng = random.Random(seed)
    result = evaluate(facts, POLICY, YEAR)
    undetermined = [u for u in result if result.status(u) is Status.UNDETERMINED]
    for unit in rng.sample(undetermined, min(2, len(undetermined))):
        missing = find_missing(result, unit)
        if missing.unsettled:
            continue
        for _ in range(4):
            filled = completions(facts, missing, rng)
            assert status(filled, unit) is not Status.UNDETERMINED, missing
        good = remedy_like(missing)
        for n in range(len(good)):
            some = apply(facts, tuple(good[:n] + good[n + 1 :]), YEAR)
            if missing.records[n].kind == "requirement":
                # a poll that says met needs no requirement, a rank does
                ranked = [attrs.evolve(p, result=None, rank=1) for p in some.polls]
                some = facts_of(**{**tables(some), "polls": ranked})
            assert status(some, unit) is Status.UNDETERMINED, (missing, n)


def worst(facts: Facts, record: Record, result: Assessment) -> Facts:
    """Fill one record with the worst that it could say."""
    if record.kind == "ledger":
        assert record.unit is not None
        found = [
            Incident(f"坏{n}{more}", u, str(record.item), date(YEAR, 6, 6), "extreme", None, "yes")
            for n, u in enumerate([record.unit, *result.inside(record.unit)])
            for more in "ab"
        ]
        return with_rows(
            facts, incidents=found, ledgers=[Ledger(record.unit, str(record.item), YEAR)]
        )
    if record.kind == "score":
        return with_rows(facts, scores=[Score(str(record.unit), YEAR, Decimal(0))])
    if record.kind == "poll":
        return with_rows(facts, polls=[Poll(str(record.unit), YEAR, "failed")])
    if record.kind == "requirement":
        return with_rows(facts, requirements=[Requirement(str(record.item), YEAR, 1)])
    changed = []
    for i in facts.incidents:
        if i.id == record.incident:
            value = {"grade": "extreme", "liability": "yes"}[record.kind]
            i = attrs.evolve(i, **{record.kind: value})
        changed.append(i)
    return facts_of(**{**tables(facts), "incidents": changed})


@pytest.mark.no_cover
@given(seeds)
@settings(max_examples=10, deadline=None)
def test_the_effect_of_each_record_is_what_the_evaluation_says(seed: int) -> None:
    facts = some_county(seed)
    rng = random.Random(seed)
    result = evaluate(facts, POLICY, YEAR)
    undetermined = [u for u in result if result.status(u) is Status.UNDETERMINED]
    for unit in rng.sample(undetermined, min(1, len(undetermined))):
        missing = find_missing(result, unit)
        best = remedy_like(missing)
        for n, record in enumerate(missing.records):
            meets = status(apply(facts, (best[n],), YEAR), unit) is Status.MET
            fails = status(worst(facts, record, result), unit) is Status.FAILED
            expected = {(True, True): "either", (True, False): "meet", (False, True): "fail"}
            assert record.effect == expected.get((meets, fails), "none"), (unit, record)


def remedy_like(missing: Missing) -> list[Edit]:
    """The records as the best they could say."""
    actions = {"ledger": "ledger", "grade": "grade", "liability": "grade", "score": "record_score",
               "poll": "record_poll", "requirement": "record_requirement"}  # fmt: skip
    after = {"grade": "minor", "score": "100", "requirement": "999"}
    return [
        Edit(actions[r.kind], r.unit, r.item, r.incident, None, None, after.get(r.kind), 1)
        for r in missing.records
    ]


def test_the_effect_of_a_single_record() -> None:
    homes = [Unit(f"H{n}", "household", "", "V") for n in range(20)]
    kept = [Ledger("V", t, YEAR) for t in TYPES if t != "domestic_violence"]

    def effects(have: int, broken: int) -> set[str]:
        facts = facts_of(
            units=[Unit("V", "village"), *homes],
            incidents=[
                Incident(f"I{n}", f"H{n}", "neighbour_dispute", date(YEAR, 3, 3))
                for n in range(broken)
            ],
            ledgers=[*kept, *(Ledger(f"H{n}", "domestic_violence", YEAR) for n in range(have))],
        )
        missing = find_missing(evaluate(facts, POLICY, YEAR), "V")
        return {r.effect for r in missing.records}

    # 18 of 20 are needed; one household is open: with 18 met it does not matter at all
    assert effects(19, 1) == set()
    assert effects(19, 2) == {"either"}
    assert effects(16, 0) == {"either"}, "two of four are needed"
    # three open, two of them enough: the ledger of the village could say anything
    assert effects(17, 0) == {"either"}


def test_records_that_can_only_fail_or_only_meet() -> None:
    facts = facts_of(units=[Unit("S", "school")], ledgers=[])
    missing = find_missing(evaluate(facts, POLICY, YEAR), "S")
    assert {r.effect for r in missing.records} == {"fail"}, "eleven are missing: one cannot meet"
    units = [Unit("V", "village"), *(Unit(f"H{n}", "household", "", "V") for n in range(10))]
    most = [Ledger("V", t, YEAR) for t in TYPES if t != "domestic_violence"]
    own = [Ledger(f"H{n}", "domestic_violence", YEAR) for n in range(8)]
    missing = find_missing(
        evaluate(facts_of(units=units, ledgers=[*most, *own]), POLICY, YEAR), "V"
    )
    assert [(r.unit, r.effect) for r in missing.records] == [("V", "either")]


def records(facts: Facts, unit: str, policy: Policy | None = None) -> set[tuple[str, ...]]:
    """Return what is missing: kind, holder, incident or item, and effect."""
    missing = find_missing(evaluate(facts, policy or POLICY, YEAR), unit)
    return {(r.kind, r.unit or "", r.incident or r.item or "", r.effect) for r in missing.records}


def township(*incidents: Incident, **changed: Any) -> Facts:
    """A township whose every record is there, but for what is `changed`."""
    whole = {
        "units": [Unit("T", "township"), Unit("V", "village", "", "T"),
                  Unit("H", "household", "", "V")],
        "incidents": incidents, "ledgers": [Ledger("T", "*", YEAR)],
        "scores": [Score("T", YEAR, Decimal(95))], "polls": [Poll("T", YEAR, "met")],
    }  # fmt: skip
    return facts_of(**{**whole, **changed})


def accident(grade: str | None, liability: str | None) -> Incident:
    return Incident("A", "T", "safety_accident", date(YEAR, 4, 1), grade, None, liability)


def case(name: str) -> Incident:
    return Incident(name, "V", "public_security_case", date(YEAR, 4, 1))


def test_a_grade_and_liability_that_are_missing() -> None:
    assert records(township(accident(None, None)), "T") == {
        ("grade", "T", "A", "meet"), ("liability", "T", "A", "meet"),
    }  # fmt: skip
    assert records(township(accident("major", None)), "T") == {("liability", "T", "A", "either")}
    assert records(township(accident(None, "yes")), "T") == {("grade", "T", "A", "either")}
    assert records(township(accident(None, "no")), "T") == set()
    settled = Incident("M", "V", "public_security_case", date(YEAR, 4, 1), "minor")
    assert records(township(accident("major", None), settled), "T") == {
        ("liability", "T", "A", "either"),
    }  # fmt: skip
    first = [Poll("T", YEAR, None, 1)]
    assert records(township(accident("major", None), polls=first), "T") == {
        ("liability", "T", "A", "fail"), ("requirement", "", "township", "none"),
    }  # fmt: skip
    assert records(township(accident("large", None)), "T") == set()
    assert records(township(case("C")), "V") == {("grade", "V", "C", "either")}
    assert records(township(case("C"), case("D")), "V") == {
        ("grade", "V", "C", "fail"), ("grade", "V", "D", "fail"),
    }  # fmt: skip


def test_a_score_a_poll_and_a_requirement_that_are_missing() -> None:
    assert records(township(scores=[]), "T") == {("score", "T", "", "either")}
    # a poll may turn out to be a rank, which says nothing without a requirement
    required = ("requirement", "", "township", "none")
    assert records(township(polls=[]), "T") == {("poll", "T", "", "either"), required}
    assert records(township(scores=[], polls=[]), "T") == {
        ("score", "T", "", "fail"), ("poll", "T", "", "fail"), required,
    }  # fmt: skip
    limit = [Requirement("township", YEAR, 3)]
    assert records(township(polls=[], requirements=limit), "T") == {("poll", "T", "", "either")}
    third, first = (township(polls=[Poll("T", YEAR, None, rank)]) for rank in (3, 1))
    assert records(third, "T") == {("requirement", "", "township", "either")}
    assert records(first, "T") == {("requirement", "", "township", "meet")}
    both = township(scores=[], polls=[Poll("T", YEAR, None, 3)])
    assert records(both, "T") == {
        ("score", "T", "", "fail"), ("requirement", "", "township", "fail"),
    }  # fmt: skip


def test_what_no_record_can_settle_lets_none_meet() -> None:
    facts = facts_of(
        units=[Unit("C", "compound"), Unit("H", "household", "", "C")],
        ledgers=[Ledger("C", t, YEAR) for t in TYPES if t != "gambling"],
    )
    missing = find_missing(evaluate(facts, POLICY, YEAR), "C")
    assert missing.unsettled == (("compound_buildings", "C"),)
    assert {(r.unit, r.item, r.effect) for r in missing.records} == {("C", "gambling", "fail")}
    assert "除以下说明的条款以外" in missing.text("zh")
    assert "无论结果如何" not in missing.text("zh")
    assert "all is decided but the clauses named" in missing.text("en")


@pytest.mark.parametrize(
    ("met", "failed", "effect"),
    [(17, 0, "meet"), (16, 0, "none"), (17, 1, "meet"), (16, 2, "fail")],
)
def test_one_member_decides_when_the_others_leave_it_to(met: int, failed: int, effect: str) -> None:
    items = ["domestic_violence", "neighbour_dispute", "pornography", "other_offence"]
    homes = [Unit(f"H{n}", "household", "", "V") for n in range(20)]
    undecided = homes[met + failed :]
    lacking = dict(zip((u.id for u in undecided), items, strict=False))
    facts = facts_of(
        units=[Unit("V", "village"), *homes],
        incidents=[
            Incident(f"I{u.id}", u.id, "domestic_violence", date(YEAR, 4, 1))
            for u in homes[met : met + failed]
        ],
        ledgers=[
            *(Ledger("V", t, YEAR) for t in TYPES if t not in items),
            *(Ledger(u.id, t, YEAR) for u in homes for t in items if lacking.get(u.id) != t),
        ],
    )
    assert records(facts, "V") == {("ledger", u, t, effect) for u, t in lacking.items()}


def test_what_a_failed_member_lacks_is_neither_asked_for_nor_counted() -> None:
    homes = [Unit(f"H{n}", "household", "", "B" if n in (26, 27, 28) else "V") for n in range(30)]
    facts = facts_of(
        units=[Unit("V", "village"), Unit("B", "building", "", "V"), *homes],
        incidents=[Incident("I", "H28", "domestic_violence", date(YEAR, 4, 1))],
        ledgers=[
            *(Ledger("V", t, YEAR) for t in TYPES if t not in ("neighbour_dispute", "pornography")),
            *(Ledger(u.id, "neighbour_dispute", YEAR) for u in homes if u.parent == "V"),
            *(Ledger(u.id, "pornography", YEAR) for u in homes if u.id not in ("H28", "H29")),
        ],
    )
    # 27 of 30 are needed, 26 are met: of the three open ones, each alone is enough, and H28 has
    # failed whatever its two ledgers say
    assert records(facts, "V") == {
        ("ledger", "B", "neighbour_dispute", "meet"), ("ledger", "H29", "pornography", "meet"),
    }  # fmt: skip


def compound(lacking: Mapping[str, str], failed: Iterable[str], alone: int) -> Facts:
    """A compound of 20 buildings with a household each, and as many more in it as are `alone`."""
    buildings = [Unit(f"B{n}", "building", "", "C") for n in range(20)]
    homes = [Unit(f"K{n}", "household", "", f"B{n}") for n in range(20)]
    homes += [Unit(f"H{n}", "household", "", "C") for n in range(alone)]
    return facts_of(
        units=[Unit("C", "compound"), *buildings, *homes],
        incidents=hopeless(*failed),
        ledgers=ledgers("C", homes, lacking),
    )


def test_what_a_failed_building_holds_open_is_not_asked_for() -> None:
    facts = compound({"K1": "d", "H0": "p"}, ["K0"], 180)
    inside = attrs.evolve(next(u for u in facts.units if u.id == "H0"), parent="B0")
    units = [inside if u.id == "H0" else u for u in facts.units]
    # 196 of the 200 households are needed and 197 met; of the buildings 18 of 19
    assert records(attrs.evolve(facts, units=units), "C") == {
        ("ledger", "K1", "domestic_violence", "either")
    }


def test_each_ratio_counts_its_own_members_for_the_effect_of_a_record() -> None:
    # 97 of 98 households and 18 of 19 buildings are met: one more of each is needed and one can go
    facts = compound({"K1": "d", "K2": "p"}, ["H0"], 80)
    assert records(facts, "C") == {
        ("ledger", "K1", "domestic_violence", "meet"), ("ledger", "K2", "pornography", "meet"),
    }  # fmt: skip


def test_a_share_that_does_not_divide_is_rounded_up_for_effects_too() -> None:
    third = with_setting("threshold", "village_households", 1, 3)
    homes = [Unit(f"H{n}", "household", "", "V") for n in range(4)]

    def lacking(*items: str) -> Facts:
        return facts_of(
            units=[Unit("V", "village"), *homes],
            incidents=hopeless("H2", "H3"),
            ledgers=[
                *(Ledger("V", t, YEAR) for t in TYPES if t not in ("domestic_violence", *items)),
                *(Ledger(u.id, "domestic_violence", YEAR) for u in homes[1:]),
            ],
        )

    # 2 of 4 are needed, one is met and one open
    home = ("ledger", "H0", "domestic_violence")
    assert records(lacking(), "V", third) == {(*home, "either")}
    assert records(lacking("gambling"), "V", third) == {
        (*home, "fail"), ("ledger", "V", "gambling", "fail"),
    }  # fmt: skip


def test_of_as_many_ledgers_those_that_reach_less_are_asked_for() -> None:
    homes = [Unit(f"H{n}", "household", "", "B") for n in range(3)]
    facts = facts_of(
        units=[Unit("B", "building"), *homes],
        ledgers=[
            *(Ledger("B", t, YEAR) for t in TYPES if t not in ("gambling", "domestic_violence")),
            *(Ledger(u.id, "domestic_violence", YEAR) for u in homes[1:]),
        ],
    )
    assert records(facts, "B") == {
        ("ledger", "B", "gambling", "fail"), ("ledger", "H0", "domestic_violence", "fail"),
    }  # fmt: skip


def test_commands_speak_both_languages() -> None:
    for words in (["margin", "C-01"], ["missing", "V-14"]):
        arguments = [*words, "--year", "2014"]
        chinese = run(*arguments)
        assert chinese.returncode == 0, chinese.stderr
        assert "sample" not in chinese.stdout
        english = run(*arguments, "--lang", "en")
        assert english.returncode == 0
        json.loads(run(*arguments, "--json").stdout)


def test_mistakes_are_named(tmp_path: Path) -> None:
    result = evaluate(SAMPLE, POLICY, YEAR)
    for ask in (find_margin, find_missing):
        with pytest.raises(RequestError, match="B-19"):
            ask(result, "B-99x")  # type: ignore[operator]
