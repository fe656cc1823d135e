"""Clauses that look back over several years, against all completions, and asked everything."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner

from pingan_logic import Facts, Policy, Status, evaluate, load_facts
from pingan_logic.cli import main
from pingan_logic.library import verify
from pingan_logic.lint import lint
from pingan_logic.model import Change, Incident, Ledger, Unit
from pingan_logic.questions.edits import apply
from pingan_logic.questions.fix import find_remedy
from pingan_logic.questions.margin import find_margin
from pingan_logic.questions.missing import find_missing
from tests import lookback
from tests.lookback import CLAUSES, YEAR, World, random_world
from tests.one_standard import ask_everything, certified, notice_fixtures, refused, together

folder, notice = notice_fixtures(lookback.folder)


def side_by_side(worlds: list[World]) -> Facts:
    """Put worlds side by side: X of world number n is n~X."""
    return together(w.facts(f"{n}~") for n, w in enumerate(worlds))


def test_each_clause_is_as_all_completions_say(notice: Policy) -> None:
    rng = random.Random(20)
    worlds = [random_world(rng) for _ in range(250)]
    result = evaluate(side_by_side(worlds), notice, YEAR)
    seen = Counter[str]()
    for n, world in enumerate(worlds):
        for v in world.villages:
            for f in result[f"{n}~{v}"].findings:
                assert f.status.value == world.status(v, f.clause), (f, v, world)
                seen[f"{f.clause} {f.status.value}"] += 1
    assert len(seen) == 3 * len(CLAUSES)


def test_the_boundaries_are_exact(notice: Policy) -> None:
    full = frozenset(("C", t, y) for t, *_ in CLAUSES.values() for y in range(2010, YEAR + 1))
    worlds, expected = [], []
    for clause, (kind, years, many, _) in CLAUSES.items():
        for back in range(6):
            happened = (("V", kind, YEAR - back, "large"),) * many
            seen = back < years
            worlds += [
                World(("V",), happened, full), World(("V",), happened[1:], full),
                World(("V",), (), full - {("C", kind, YEAR - back)}),
            ]  # fmt: skip
            expected += [
                (clause, "failed" if seen else "met"), (clause, "met"),
                (clause, "undetermined" if seen else "met"),
            ]  # fmt: skip
    result = evaluate(side_by_side(worlds), notice, YEAR)
    for n, (clause, status) in enumerate(expected):
        assert result.finding(f"{n}~V", clause).status.value == status, worlds[n]


def test_the_remedy_is_the_least_of_all_edits(notice: Policy) -> None:
    rng = random.Random(4)
    seen = Counter[str]()
    while sum(seen.values()) < 9 or len(seen) < 3:
        world = random_world(rng, few=True)
        missing = {x for c in CLAUSES for x in world.lacking("V", c)}
        if len(missing) > 2 or world.met("V"):
            continue
        facts = world.facts()
        answer = find_remedy(evaluate(facts, notice, YEAR), "V")
        found = None
        if answer.plans:
            found = answer.plans[0].cost
            after = apply(facts, answer.plans[0].changes, YEAR)
            assert evaluate(after, notice, YEAR).status("V") is Status.MET
            then = any(c.year is not None for c in answer.plans[0].changes)
            seen["plan of an earlier year" if then else "plan"] += 1
        else:
            seen["none"] += 1
        assert answer.proven
        assert found == world.cheapest("V"), world


def test_the_records_needed_are_the_fewest(notice: Policy) -> None:
    rng = random.Random(8)
    seen = 0
    while seen < 6:
        world = random_world(rng, few=True)
        missing = {x for c in CLAUSES for x in world.lacking("V", c)}
        if {world.status("V", c) for c in CLAUSES} != {"met", "undetermined"} or len(missing) > 4:
            continue
        answer = find_missing(evaluate(world.facts(), notice, YEAR), "V")
        assert (answer.proven, answer.unsettled) == (True, ())
        assert len(answer.records) == world.fewest("V"), world
        seen += 1


def test_a_ledger_of_a_year_that_is_over_need_not_wait_for_this_one(notice: Policy) -> None:
    world = World(("V",), (), frozenset())
    now = evaluate(world.facts(), notice, YEAR, as_of=date(YEAR, 6, 30))
    records = find_missing(now, "V").records
    assert {r.year for r in records} > {YEAR}
    assert all(r.at_year_end == (r.year == YEAR) for r in records)


def test_time_helps_only_when_no_clause_looks_back_any_more(notice: Policy) -> None:
    full = frozenset(("C", t, y) for t, *_ in CLAUSES.values() for y in range(2010, YEAR + 6))
    for back in range(3):
        world = World(("V",), (("V", "criminal_case", YEAR - back, None),), full)
        answer = find_remedy(evaluate(world.facts(), notice, YEAR), "V")
        assert (answer.feasible, answer.first_year) == (False, YEAR - back + 3)
    graded = World(("V",), (("V", "public_security_case", YEAR, "large"),), full)
    assert find_remedy(evaluate(graded.facts(), notice, YEAR), "V").first_year == YEAR + 4


def test_the_margin_counts_incidents_of_all_the_years(notice: Policy) -> None:
    full = frozenset(("C", t, y) for t, *_ in CLAUSES.values() for y in range(2010, YEAR + 1))
    before = (("V", "gambling", YEAR - 1, None),)
    margin = find_margin(evaluate(World(("V",), before, full).facts(), notice, YEAR), "V")
    spare = {d.clause: d.spare for d in margin.distances}
    assert spare == {
        "village_crime": 0, "village_gambling": 0, "village_cases": 0, "village_violence": 0,
    }  # fmt: skip
    many = (*before, *before, ("VH", "gambling", YEAR, None))
    margin = find_margin(evaluate(World(("V",), many, full).facts(), notice, YEAR), "V")
    assert {d.clause: d.spare for d in margin.distances}["village_gambling"] == -2


def test_a_ledger_is_that_of_where_a_unit_stood(notice: Policy) -> None:
    """A market of the county moves into a village in 2019: its years before are covered there."""
    units = [
        Unit("C", "county"), Unit("D", "county"), Unit("V", "village", "", "C"),
        Unit("W", "village", "", "C"), Unit("X", "village", "", "C", closed=date(2019, 6, 1)),
    ]  # fmt: skip
    types = {t for t, *_ in CLAUSES.values()}
    of_county = [Ledger(c, t, y) for c in "CD" for t in types for y in range(2016, 2021)]
    facts = Facts(
        units=units, ledgers=of_county, changes=[Change("V", date(2019, 6, 1), "moved", "D")]
    )
    result = evaluate(facts, notice, YEAR)
    assert result.status("V") is Status.MET
    for top, year, expected in (("C", 2018, "undetermined"), ("D", 2018, "met"),
                                ("C", 2019, "met"), ("D", 2019, "undetermined")):  # fmt: skip
        some = [x for x in of_county if (x.unit, x.item, x.year) != (top, "criminal_case", year)]
        found = evaluate(evolve(facts, ledgers=some), notice, YEAR).finding("V", "village_crime")
        assert found.status.value == expected, (top, year)
        assert found.missing_then == (((year, "criminal_case"),) if expected != "met" else ())


def test_what_merged_brings_its_years(notice: Policy) -> None:
    units = [Unit("C", "county"), Unit("V", "village", "", "C"), Unit("W", "village", "")]
    types = {t for t, *_ in CLAUSES.values()}
    covered = [Ledger(u, t, y) for u in "CW" for t in types for y in range(2016, 2021)]
    merged = [Change("W", date(2019, 6, 1), "merged_into", "V")]
    facts = Facts(units=units, ledgers=covered, changes=merged)
    assert evaluate(facts, notice, YEAR).status("V") is Status.MET
    crime = Incident("I", "W", "criminal_case", date(2018, 5, 5))
    found = evaluate(evolve(facts, incidents=[crime]), notice, YEAR)
    assert found.finding("V", "village_crime").status is Status.FAILED
    for year, expected in ((2018, "undetermined"), (2019, "met")):
        some = [x for x in covered if (x.unit, x.item, x.year) != ("W", "criminal_case", year)]
        found = evaluate(evolve(facts, ledgers=some), notice, YEAR)
        assert found.finding("V", "village_crime").status.value == expected, year


ASKED = [
    ("explain W", "缺2018年度的台账：刑事案件", "No ledger is filed for 2018: criminal case"),
    ("explain V", "案事件：i1（2018-05-05，刑事案件，甲村（V））", "i1 (2018-05-05, criminal case"),
    ("explain X", "依据：丙村（X）2017-2020年度台账，没有计入", "for 2018-2020; no incident"),
    ("fix V", "从2021年度起可以重新参评", "can be assessed again for 2021"),
    ("fix W", "核实后如实补报2018年度的台账（刑事案件", "file the ledger of 2018 (criminal case"),
    ("missing W", "刑事案件（2018年度）", "criminal case (2018)"),
    ("margin X", "（3条）", "(3)"),
    ("evaluate", "达标1，未达标1，待核1", "1 met, 1 not met, 1 undetermined"),
    ("programme --list", "村", "village"),
    ("whatif --set switch(contained_incidents)=ignore", "不计入所在单位", ""),
]  # fmt: skip
"""What is asked of three villages, and what the answer says in both languages."""


def test_everything_is_answered(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "data"
    data.mkdir()
    (data / "units.csv").write_text(
        "id,kind,name,parent\nV,village,甲村,\nW,village,乙村,\nX,village,丙村,\n", encoding="utf-8"
    )
    (data / "incidents.csv").write_text(
        "id,unit,type,date,grade,liability,responsible_unit\ni1,V,criminal_case,2018-05-05,,,\n"
    )
    rows = [f"{u},*,{y}" for u in "VWX" for y in range(2017, 2021) if (u, y) != ("W", 2018)]
    (data / "ledgers.csv").write_text("\n".join(["unit,item,year", *rows]) + "\n")
    ask_everything(folder, Path("data"), ASKED)
    done = CliRunner().invoke(main, ["policy", "show", "--policy", str(folder)])
    assert "看3年（含判定年度），没有计入的刑事案件；缺其中一年台账的待核。" in done.output


def test_the_certificate_is_rechecked_and_a_forged_year_is_found(
    folder: Path, notice: Policy, tmp_path: Path
) -> None:
    rng = random.Random(3)
    facts = side_by_side([random_world(rng) for _ in range(12)])
    data = tmp_path / "data"
    data.mkdir()
    units = [f"{u.id},{u.kind},,{u.parent or ''},{u.opened or ''}" for u in facts.units]
    (data / "units.csv").write_text("\n".join(["id,kind,name,parent,opened", *units]) + "\n")
    head = "id,unit,type,date,grade,liability,responsible_unit"
    happened = [f"{i.id},{i.unit},{i.type},{i.date},{i.grade or ''},," for i in facts.incidents]
    (data / "incidents.csv").write_text("\n".join([head, *happened]) + "\n")
    ledgers = [f"{x.unit},{x.item},{x.year}" for x in facts.ledgers]
    (data / "ledgers.csv").write_text("\n".join(["unit,item,year", *ledgers]) + "\n")
    result = evaluate(load_facts(data, notice), notice, YEAR)
    wrong = certified(result, data, folder)
    (data / "ledgers.csv").write_text("\n".join(["unit,item,year", *ledgers[1:]]) + "\n")
    assert wrong() != []


def test_the_notice_passes_every_check_and_is_proven(folder: Path, notice: Policy) -> None:
    assert lint(folder) == []
    names = ("met_is_proven", "failure_is_proven", "other_years_do_not_count")
    assert verify(notice, properties=names).as_expected


@pytest.mark.parametrize(
    ("rule", "defect"),
    [
        ("looks_back(village_crime, gambling, 2).", "looks_back(village_crime,gambling)"),
        ("looks_back(village_crime, criminal_case, 2).", "twice(looks_back,village_crime,"),
        ("looks_back(village_violence, domestic_violence, 1).", "years_back(village_violence,1)"),
        ("looks_back(village_violence, domestic_violence, 11).", "years_back(village_violence,11)"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, rule: str, defect: str) -> None:
    made = lookback.folder(tmp_path)
    path = made / "village.lp"
    path.write_text(path.read_text(encoding="utf-8") + rule + "\n", encoding="utf-8")
    assert defect in refused(made, "village.lp")
