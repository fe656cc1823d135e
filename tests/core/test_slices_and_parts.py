"""Which part of the data goes to the rules: for one unit, and for each part of a large county."""

from __future__ import annotations

import os
import time
from datetime import date
from decimal import Decimal
from functools import partial
from multiprocessing import active_children, current_process
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import evolve

from pingan_logic import (
    Change,
    Facts,
    Incident,
    Ledger,
    NotApplicable,
    Policy,
    Poll,
    Requirement,
    Score,
    Unit,
    evaluate,
)
from pingan_logic.errors import LimitError, Problem, RequestError
from pingan_logic.intake.validation import check_facts
from pingan_logic.solving import forked
from pingan_logic.solving import parts as dividing
from pingan_logic.solving.engine import Outcome, solve
from pingan_logic.solving.forked import in_processes
from pingan_logic.solving.parts import Part, parts, solve_in_parts
from pingan_logic.solving.slices import slice_facts

DAY = date(2014, 5, 1)
YEAR_END = date(2014, 12, 31)


def kinds_of(name: str) -> str:
    return {"K": "county", "T": "township", "V": "village", "B": "building"}.get(
        name[0], "household"
    )


def county(above: dict[str, str | None], **tables: Any) -> Facts:
    """Return the facts of units by name (K county, T township, V village, B building)."""
    return Facts(units=[Unit(u, kinds_of(u), "", p) for u, p in above.items()], **tables)


ABOVE = {
    "K": None,
    "T1": "K", "V1": "T1", "H1": "V1", "H2": "V1", "B1": "V1", "H3": "B1",
    "T2": "K", "V2": "T2", "H4": "V2",
    "T3": "K", "V3": "T3", "H5": "V3",
    "V9": None, "H9": "V9",
}  # fmt: skip


def happened(number: int, unit: str, holder: str | None = None) -> Incident:
    return Incident(f"I{number}", unit, "mass_petition", DAY, None, holder)


def units(facts: Facts) -> list[str]:
    return list(facts.units.column("id"))


def slice_of(facts: Facts, policy: Policy, unit: str) -> tuple[list[str], list[str]]:
    found = slice_facts(facts, policy, unit)
    return units(found), list(found.incidents.column("id"))


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("H3", ["K", "T1", "V1", "B1", "H3"]),
        ("V1", ["K", "T1", "V1", "H1", "H2", "B1", "H3"]),
        ("K", [u for u in ABOVE if u not in ("V9", "H9")]),
        ("H9", ["V9", "H9"]),
    ],
)
def test_a_unit_rests_on_what_it_contains_and_what_contains_it(
    policy: Policy, unit: str, expected: list[str]
) -> None:
    assert slice_of(county(ABOVE), policy, unit) == (expected, [])


def test_the_places_and_holders_of_its_incidents_come_along(policy: Policy) -> None:
    incidents = [
        happened(1, "H1"),
        happened(2, "H4", "H2"),
        happened(3, "H1", "H5"),
        happened(4, "H5", "H4"),
        happened(5, "V1", None),
    ]
    facts = county(ABOVE, incidents=incidents)
    own = ["K", "T1", "V1", "H1", "H2", "B1", "H3"]
    away = ["T2", "V2", "H4", "T3", "V3", "H5"]
    assert slice_of(facts, policy, "V1") == ([*own, *away], ["I1", "I2", "I3", "I5"])
    assert slice_of(facts, policy, "H2") == (
        ["K", "T1", "V1", "H2", "T2", "V2", "H4"], ["I2"],
    )  # fmt: skip
    # what happened in the containers, and at units that are only named, stays behind
    assert slice_of(facts, policy, "B1") == (["K", "T1", "V1", "B1", "H3"], [])


def test_changes_lead_to_what_was_or_will_be_inside(policy: Policy) -> None:
    moved = Change("H4", DAY, "moved", "V1")
    named = Change("V3", DAY, "renamed", "V1")
    facts = county(ABOVE, changes=[moved, named])
    assert slice_of(facts, policy, "V1")[0] == [
        "K", "T1", "V1", "H1", "H2", "B1", "H3", "T2", "V2", "H4",
    ]  # fmt: skip
    assert slice_of(facts, policy, "H4")[0] == ["K", "T1", "V1", "T2", "V2", "H4"]
    # units that left still counted there before
    assert slice_of(facts, policy, "V2")[0] == ["K", "T1", "V1", "T2", "V2", "H4"]
    chain = [Change("V2", DAY, "merged_into", "V3"), Change("V3", DAY, "merged_into", "V1")]
    facts = county(ABOVE, changes=chain)
    assert slice_of(facts, policy, "V1")[0] == [u for u in ABOVE if u not in ("V9", "H9")]
    assert slice_of(facts, policy, "H4")[0] == ["K", "T1", "V1", "T2", "V2", "H4", "T3", "V3"]


def test_the_records_of_the_part_come_along_and_no_others(policy: Policy) -> None:
    told = ("H1", "V1", "T1", "K", "H5", "V3")
    tables: dict[str, list[Any]] = {
        "ledgers": [Ledger(u, "*", 2014) for u in told],
        "scores": [Score(u, 2014, Decimal(1)) for u in told],
        "polls": [Poll(u, 2014, "met") for u in told],
        "not_applicable": [NotApplicable(u, "compound_buildings", 2014, "x") for u in told],
        "changes": [Change(u, DAY, "renamed", "x") for u in told],
    }
    asked = [Requirement("township", 2014, 3)]
    found = slice_facts(county(ABOVE, requirements=asked, **tables), policy, "H1")
    for name in tables:
        assert list(getattr(found, name).column("unit")) == ["H1", "V1", "T1", "K"], name
    assert found.requirements == tuple(asked)


def test_all_facts_go_to_rules_that_look_elsewhere(policy: Policy) -> None:
    looking = evolve(policy, elsewhere=(Problem("x.lp:1", "看别处", "looks elsewhere"),))
    facts = county(ABOVE)
    assert slice_facts(facts, looking, "H1") is facts


def test_a_unit_that_is_not_in_the_data_rests_on_nothing(policy: Policy) -> None:
    assert slice_of(county(ABOVE), policy, "nobody") == ([], [])


# parts of a county


def divided(facts: Facts, policy: Policy, size: int) -> list[tuple[list[str], list[str]]]:
    """Return what each part says of itself: its own units, and the foreign ones beside them."""
    found = []
    for part in parts(facts, policy, size):
        here = units(part.facts)
        assert [u for u in units(facts) if u in here] == here, "in the order of the data"
        assert part.foreign <= set(here)
        own = [u for u in here if u not in part.foreign]
        found.append((own, [u for u in here if u in part.foreign]))
    return found


T1 = ["T1", "V1", "H1", "H2", "B1", "H3"]
T2 = ["T2", "V2", "H4"]
T3 = ["T3", "V3", "H5"]


def test_the_largest_subtree_goes_into_the_emptiest_bin(policy: Policy) -> None:
    facts = county(ABOVE)  # subtrees of 6, 3, 3 and 2 units, and the county itself
    last = ["V9", "H9"]
    assert divided(facts, policy, 1) == [
        (T1, ["K"]), (T2, ["K"]), (T3, ["K"]), (last, ["K"]), (["K"], []),
    ]  # fmt: skip
    assert divided(facts, policy, 4) == [
        (T1, ["K"]), (T2, ["K"]), (T3, ["K"]), (["K", *last], []),
    ]  # fmt: skip
    assert divided(facts, policy, 5) == [(T1, ["K"]), ([*T2, *last], ["K"]), (["K", *T3], [])]
    for size in (8, 14):
        assert divided(facts, policy, size) == [([*T1, *last], ["K"]), (["K", *T2, *T3], [])]


def test_a_small_county_is_one_part(policy: Policy) -> None:
    facts = county(ABOVE)
    assert list(parts(facts, policy, 15)) == [Part(facts)]
    assert list(parts(facts, policy)) == [Part(facts)]


def test_a_township_on_top_is_judged_with_all_it_contains(policy: Policy) -> None:
    facts = county({"T": None, "V": "T", "H1": "V", "W": None})
    assert divided(facts, policy, 1) == [(["T", "V", "H1"], []), (["W"], [])]
    # a county without units does not divide anything, nor does one that has itself a container
    facts = county({"K1": None, "K2": "T", "T": None, "V": "K2"})
    assert divided(facts, policy, 1) == [(["K2", "T", "V"], []), (["K1"], [])]


def test_subtrees_that_changes_join_stay_together(policy: Policy) -> None:
    joins = [
        Change("H5", DAY, "moved", "V1"),
        Change("T3", DAY, "renamed", "T2"),
        Change("V9", DAY, "merged_into", "V3"),
    ]
    assert divided(county(ABOVE, changes=joins), policy, 1) == [
        ([*T1, *T3, "V9", "H9"], ["K"]),
        (T2, ["K"]),
        (["K"], []),
    ]


def test_an_incident_brings_what_contains_its_place_and_holder(policy: Policy) -> None:
    incidents = [
        happened(1, "H1", "H4"),
        happened(2, "H4"),
        happened(3, "V9", "V3"),
        happened(4, "V9", "V9"),
    ]
    facts = county(ABOVE, incidents=incidents)
    found = list(parts(facts, policy, 1))
    assert [list(p.facts.incidents.column("id")) for p in found] == [
        ["I1"], ["I1", "I2"], ["I3"], ["I3", "I4"], [],
    ]  # fmt: skip
    assert [set(p.foreign) for p in found] == [
        {"K", "T2", "V2", "H4"}, {"K", "T1", "V1", "H1"}, {"K", "V9"}, {"K", "T3", "V3"}, set(),
    ]  # fmt: skip


def test_each_part_has_the_records_of_its_units_and_of_their_containers(policy: Policy) -> None:
    told = ("H1", "V1", "K", "H4", "H5")
    tables: dict[str, list[Any]] = {
        "ledgers": [Ledger(u, "*", 2014) for u in told],
        "scores": [Score(u, 2014, Decimal(1)) for u in told],
        "polls": [Poll(u, 2014, "met") for u in told],
        "not_applicable": [NotApplicable(u, "compound_buildings", 2014, "x") for u in told],
        "changes": [Change(u, DAY, "renamed", "x") for u in told],
    }
    asked = [Requirement("township", 2014, 3)]
    incidents = [happened(1, "H5", "H4")]
    facts = county(ABOVE, requirements=asked, incidents=incidents, **tables)
    for part, expected in zip(
        parts(facts, policy, 1),
        (["H1", "V1", "K"], ["K", "H4", "H5"], ["K", "H4", "H5"], ["K"], ["K"]),
        strict=True,
    ):
        for name in tables:
            assert list(getattr(part.facts, name).column("unit")) == expected, name
        assert part.facts.requirements == tuple(asked)


def test_where_a_unit_merged_is_known_to_the_part_that_names_it(policy: Policy) -> None:
    changes = [Change("H4", DAY, "merged_into", "H5"), Change("H4", DAY, "renamed", "H2")]
    facts = county(ABOVE, changes=changes, incidents=[happened(1, "H1", "H4")])
    found = list(parts(facts, policy, 1))
    own = [sorted(T1), sorted([*T2, *T3]), ["H9", "V9"], ["K"]]
    final = {tuple(sorted({*units(p.facts)} - p.foreign)): p.foreign for p in found}
    assert sorted(final) == sorted(map(tuple, own))
    assert final[tuple(sorted(T1))] == {"K", "T2", "V2", "H4", "T3", "V3", "H5"}


def dumped(outcome: Outcome) -> dict[str, Any]:
    """Return all that an outcome says, unit by unit."""
    return {
        "groups": outcome.groups.standing,
        "sizes": outcome.groups.sizes,
        "verdicts": dict(outcome.verdicts),
        "findings": dict(outcome.findings),
        "breaches": outcome.breaches,
        "ungraded": outcome.ungraded,
        "unrecorded": {k: sorted(v) for k, v in outcome.unrecorded.items()},
        "holds": dict(outcome.holds),
        "notices": sorted(outcome.notices),
        "answers": {m: sorted(t) for m, t in outcome.answers.items()},
        "accountable": outcome.accountable,
        "absent": outcome.absent,
        "relocated": outcome.relocated,
        "named": outcome.named,
        "heirs": outcome.heirs,
        "attainment": outcome.attainment,
        "final": outcome.final,
    }


def full_county(policy: Policy) -> Facts:
    """Return a county in which every table of an outcome speaks of more than one part."""
    above = {**ABOVE, **{f"H{n}": "V1" for n in range(20, 24)}, **dict.fromkeys(("HA", "HB"), "V2")}
    incidents = [
        happened(1, "V1", "V3"),
        Incident("I2", "V2", "public_security_case", DAY),
        Incident("I3", "V3", "criminal_case", DAY, "extreme", None, "yes"),
        Incident("I4", "V1", "safety_accident", DAY, "major", "H1", "yes"),
        Incident("I5", "H9", "gambling", DAY),
        Incident("I6", "V9", "public_security_case", DAY),
        Incident("I7", "V2", "drug_involvement", DAY, None, "H1"),
        happened(8, "H9"),
    ]
    changes = [
        Change("H2", date(2014, 3, 1), "moved", "B1"),
        Change("H5", date(2014, 3, 1), "moved", "T3"),
        Change("V2", date(2014, 3, 1), "renamed", "新村"),
        Change("V3", date(2014, 3, 1), "renamed", "三村"),
        Change("H23", date(2014, 6, 1), "merged_into", "H22"),
        Change("HB", date(2014, 6, 1), "merged_into", "HA"),
    ]
    ledgers = [Ledger("T1", "*", 2014), Ledger("V2", "gambling", 2014), Ledger("H9", "*", 2014),
               Ledger("K", "pyramid_selling", 2014)]  # fmt: skip
    scores = [Score("H1", 2014, Decimal(1)), Score("T2", 2014, Decimal(90))]
    facts = county(above, incidents=incidents, changes=changes, ledgers=ledgers, scores=scores)
    return check_facts(facts, policy)


@pytest.mark.parametrize(("size", "count"), [(1, 5), (7, 3), (16, 2)])
@pytest.mark.parametrize("numbers", [None, {"H20": 5, "H4": 3}])
def test_the_parts_say_together_what_the_whole_says(
    policy: Policy, size: int, count: int, numbers: dict[str, int] | None
) -> None:
    facts = full_county(policy)
    assert len(list(parts(facts, policy, size))) == count
    whole = solve(facts, policy, 2014, YEAR_END, numbers=numbers)
    for table in ("breaches", "ungraded", "accountable", "absent", "relocated", "named", "heirs",
                  "notices"):  # fmt: skip
        assert len(getattr(whole, table)) > 1, f"{table}: nothing to put together"
    divided = solve_in_parts(facts, policy, 2014, YEAR_END, size=size, numbers=numbers)
    expected, found = dumped(whole), dumped(divided)
    assert found == expected


def test_the_day_and_the_year_reach_every_part(policy: Policy) -> None:
    facts = full_county(policy)
    for year, day in ((2014, date(2014, 4, 1)), (2013, date(2013, 12, 31))):
        whole = solve(facts, policy, year, day)
        assert dumped(solve_in_parts(facts, policy, year, day, size=7)) == dumped(whole)


def recorded(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Let workers be forked whatever the size; return how many, each time they are, for how many
    jobs."""
    asked: list[Any] = []

    def forked(jobs: Any, workers: int, meanwhile: Any = None) -> Any:
        asked.append((len(jobs), workers))
        return in_processes(jobs, workers, meanwhile)

    monkeypatch.setattr(dividing, "FEW", 1)
    monkeypatch.setattr(dividing, "may_fork", lambda: True)
    monkeypatch.setattr(dividing, "in_processes", forked)
    return asked


def test_workers_say_the_same(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = full_county(policy)
    asked = recorded(monkeypatch)
    said: list[Any] = []
    for workers, forks in ((1, []), (2, [(5, 2)]), (9, [(5, 5)])):
        asked.clear()
        met: list[str] = []
        said.append(
            dumped(
                solve_in_parts(
                    facts, policy, 2014, YEAR_END, size=1, workers=workers,
                    numbers={"H20": 5}, meanwhile=partial(met.append, "called"),
                )
            )
        )  # fmt: skip
        assert asked == forks
        assert met == ["called"], "by this process, while others work or clingo does"
    assert said[0] == said[1] == said[2]
    asked.clear()
    without = solve_in_parts(facts, policy, 2014, YEAR_END, size=1, workers=2)
    assert without.groups.sizes["H20"] == 1
    asked.clear()
    monkeypatch.setattr(dividing, "FEW", len(facts.units))
    solve_in_parts(facts, policy, 2014, YEAR_END, size=7, workers=2)
    assert asked == [], "not worth it for so few"


def test_a_part_that_is_nearly_all_is_not_worth_another_process(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = recorded(monkeypatch)
    village = {f"H{n}": "V" for n in range(30)}
    facts = county({"K": None, "V": "K", **village, "V2": "K", "H40": "V2"})
    divided = solve_in_parts(facts, policy, 2014, YEAR_END, size=2, workers=2)
    assert dumped(divided) == dumped(solve(facts, policy, 2014, YEAR_END))
    assert asked == []


def test_one_part_is_judged_as_it_is(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    facts, numbers = full_county(policy), {"H20": 5}
    asked = recorded(monkeypatch)
    met: list[str] = []
    whole = solve_in_parts(
        facts, policy, 2014, YEAR_END, size=99, workers=2, numbers=numbers,
        meanwhile=lambda: met.append("x"),
    )  # fmt: skip
    assert dumped(whole) == dumped(solve(facts, policy, 2014, YEAR_END, numbers=numbers))
    assert (asked, met) == ([], ["x"])


def test_each_process_does_the_same(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = full_county(policy)
    asked = recorded(monkeypatch)
    whole = dumped(solve(facts, policy, 2014, YEAR_END))
    for workers, part, jobs in ((2, 99, 2), (3, 99, 3), (2, 7, 3)):
        monkeypatch.setattr(dividing, "PART", part)
        asked.clear()
        assert dumped(solve_in_parts(facts, policy, 2014, YEAR_END, workers=workers)) == whole
        assert asked == [(jobs, min(workers, jobs))]


def dies() -> None:
    os._exit(9)


def refuses(error: Exception) -> None:
    raise error


def test_a_process_that_dies_is_out_of_memory() -> None:
    with pytest.raises(LimitError) as refusal:
        in_processes([time.ctime, dies, time.ctime], 2)
    assert refusal.value.problems == LimitError.memory().problems
    assert active_children() == []


def test_what_a_process_raises_is_raised_and_the_others_end() -> None:
    refusal = RequestError([Problem("x", "不行", "no")])
    with pytest.raises(RequestError) as found:
        in_processes([partial(time.sleep, 60), partial(refuses, refusal)], 2)
    assert found.value.problems == refusal.problems
    assert active_children() == []


def test_jobs_are_done_each_in_a_process_of_its_own() -> None:
    met: list[int] = []
    found = in_processes([os.getpid] * 5, 2, lambda: met.append(os.getpid()))
    assert met == [os.getpid()]
    assert len({*found, os.getpid()}) == 6
    assert in_processes([partial(pow, n, 2) for n in range(9)], 4) == [n * n for n in range(9)]
    assert in_processes([], 2) == []


def crowd(folder: Path) -> int:
    """Be there for a while, and return how many are there meanwhile."""
    here = folder / str(os.getpid())
    here.touch()
    time.sleep(0.1)
    found = len(list(folder.iterdir()))
    here.unlink()
    return found


def test_no_more_processes_run_at_once_than_are_asked_for(tmp_path: Path) -> None:
    crowds = in_processes([partial(crowd, tmp_path)] * 5, 2)
    assert max(crowds) <= 2


def whether_it_ends_with_its_parent() -> bool:
    return bool(current_process().daemon)


def test_a_process_ends_with_its_parent() -> None:
    assert in_processes([whether_it_ends_with_its_parent], 1) == [True]


def test_what_processes_may_use_together_is_what_this_one_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(forked, "memory_of_each", lambda workers: told.append(workers) or 77)
    monkeypatch.setattr(forked, "guard_worker", lambda memory: os._exit(memory))
    with pytest.raises(LimitError):
        in_processes([time.ctime], 3)
    assert told == [3]


@pytest.mark.parametrize(
    ("processors", "safe", "forks"),
    [(2, True, True), (1, True, False), (None, True, False), (2, False, False)],
)
def test_there_are_as_many_workers_as_processors(
    policy: Policy,
    monkeypatch: pytest.MonkeyPatch,
    processors: int | None,
    safe: bool,
    forks: bool,
) -> None:
    asked = recorded(monkeypatch)
    monkeypatch.setattr(dividing, "may_fork", lambda: safe)
    monkeypatch.setattr(dividing.os, "cpu_count", lambda: processors)
    solve_in_parts(county(ABOVE), policy, 2014, YEAR_END, size=9)
    assert asked == [(2, 2)] * forks


@pytest.mark.parametrize(
    ("methods", "alone", "daemon", "may"),
    [
        (["fork", "spawn"], True, False, True),
        (["spawn"], True, False, False),
        (["fork"], False, False, False),
        (["fork"], True, True, False),
        (["spawn"], False, True, False),
        (["spawn"], False, False, False),
    ],
)
def test_workers_are_forked_where_that_is_safe(
    monkeypatch: pytest.MonkeyPatch, methods: list[str], alone: bool, daemon: bool, may: bool
) -> None:
    monkeypatch.setattr(forked, "get_all_start_methods", lambda: methods)
    monkeypatch.setattr(forked, "alone", lambda: alone)
    monkeypatch.setattr(forked, "current_process", lambda: SimpleNamespace(daemon=daemon))
    assert forked.may_fork() is may


def test_the_evaluation_divides_a_large_county_only(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pingan_logic.evaluation as evaluation

    facts = full_county(policy)
    asked: list[Any] = []

    def in_parts(judged: Facts, *told: Any, **more: Any) -> Outcome:
        more["meanwhile"]()
        asked.append((units(judged), told, more["numbers"], more["workers"]))
        return solve(judged, *told, numbers=more["numbers"])

    monkeypatch.setattr(evaluation, "solve_in_parts", in_parts)
    few = [u for u in units(facts) if evaluate(facts, policy, 2014).outcome.groups.standing[u] == u]
    assert len(few) < len(facts.units)
    monkeypatch.setattr(evaluation, "FEW", len(few))
    evaluate(facts, policy, 2014)
    assert asked == []
    monkeypatch.setattr(evaluation, "FEW", len(few) - 1)
    whole = evaluate(facts, policy, 2014, numbers={"H20": 5}, workers=3)
    assert asked == [(few, (policy, 2014, YEAR_END), {"H20": 6}, 3)]
    assert whole.count("household")["counted"] == 14  # 10 stand, and 4 more are said
    apart = (Problem("x.lp:1", "辨别", "tells apart"),)
    for option in ({"attainment": True}, {"grouped": False}):
        evaluate(facts, policy, 2014, **option)
    evaluate(facts, evolve(policy, distinctions=apart), 2014)
    evaluate(facts, evolve(policy, elsewhere=apart), 2014)
    assert len(asked) == 1
