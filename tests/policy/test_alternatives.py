"""Clauses that are met by one of their parts, against all completions, and asked everything."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from pingan_logic import Policy, Status, evaluate, load_facts, load_policy
from pingan_logic.audit import audit
from pingan_logic.cli import main
from pingan_logic.lint import lint
from pingan_logic.questions.edits import apply
from pingan_logic.questions.fix import find_remedy
from pingan_logic.questions.margin import find_margin
from pingan_logic.questions.missing import find_missing
from tests import alternatives
from tests.alternatives import CLAUSES, YEAR, cheapest, facts_of, fewest, met, random_world, status
from tests.one_standard import ask_everything, certified, notice_fixtures, refused

folder, notice = notice_fixtures(alternatives.folder)


def test_each_clause_is_as_all_completions_say(notice: Policy) -> None:
    rng = random.Random(1)
    worlds = {f"M{n}": random_world(rng) for n in range(300)}
    result = evaluate(facts_of(worlds), notice, YEAR)
    seen = Counter[str]()
    for unit, v in worlds.items():
        assert [f.clause for f in result[unit].findings] == list(CLAUSES)
        for f in result[unit].findings:
            assert f.status.value == status(f.clause, v), (f, v)
            seen[f"{f.clause} {f.status.value}"] += 1
        expected = {status(c, v) for c in CLAUSES}
        worst = next(s for s in ("failed", "undetermined", "met") if s in expected)
        assert result.status(unit).value == worst
    assert len(seen) == 3 * len(CLAUSES)


def test_the_boundaries_are_exact(notice: Policy) -> None:
    bad = {"calm": 1, "sales": 1, "post": 1, "score": 79, "stalls": 2}
    worlds = {
        "none": bad, "sales": {**bad, "sales": 2}, "score": {**bad, "score": 80},
        "calm": {**bad, "calm": 0}, "half": {**bad, "post": 0, "score": 80},
        "open": {**bad, "post": None}, "open half": {**bad, "score": None},
    }  # fmt: skip
    result = evaluate(facts_of(worlds), notice, YEAR)
    assert {u: result.status(u).value for u in worlds} == {
        "none": "failed", "sales": "met", "score": "met", "calm": "met", "half": "failed",
        "open": "failed", "open half": "undetermined",
    }  # fmt: skip
    f = result.finding("none", "market_good")
    assert (f.measured, f.required, f.basis) == ("0/3", "≥1", "parts")
    assert [p.clause for p in f.parts] == ["market_calm", "market_sales", "market_both"]


@pytest.mark.parametrize("open_year", [True, False])
def test_the_remedy_is_the_least_of_all_edits(notice: Policy, open_year: bool) -> None:
    rng = random.Random(5)
    worlds = {f"M{n}": random_world(rng) for n in range(40)}
    worlds = dict([(u, v) for u, v in worlds.items() if not met(v)][:6])
    facts = facts_of(worlds)
    result = evaluate(facts, notice, YEAR, as_of=date(YEAR, 12, 30) if open_year else None)
    seen = Counter[bool]()
    for unit, v in worlds.items():
        answer = find_remedy(result, unit)
        assert answer.proven
        found = 0 if answer.status is Status.MET else None
        if answer.plans:
            found = answer.plans[0].cost
            after = apply(facts, answer.plans[0].changes, YEAR)
            assert evaluate(after, notice, YEAR).status(unit) is Status.MET
        assert found == cheapest(v, open_year=open_year), (unit, v)
        seen[bool(answer.plans)] += 1
        if not answer.plans and answer.status is Status.FAILED:
            assert {o.clause for o in answer.obstacles} <= set(CLAUSES)
    assert seen[True] >= 3


def test_the_records_needed_are_the_fewest(notice: Policy) -> None:
    rng = random.Random(9)
    seen = 0
    while seen < 5:
        v = random_world(rng)
        if {status(c, v) for c in CLAUSES} - {"met"} != {"undetermined"}:
            continue
        answer = find_missing(evaluate(facts_of({"M": v}), notice, YEAR), "M")
        assert (answer.proven, answer.unsettled) == (True, ())
        assert len(answer.records) == fewest(v), v
        seen += 1


def test_the_margin_says_how_many_parts_are_met(notice: Policy) -> None:
    v = {"calm": 0, "sales": 3, "post": 0, "score": 80, "stalls": 2}
    margin = find_margin(evaluate(facts_of({"M": v}), notice, YEAR), "M")
    (good, stalls) = margin.distances
    assert (good.measure, good.measured, good.required, good.spare) == ("parts", "2/3", "≥1", None)
    assert stalls.spare == 0


ASKED = [
    ("explain M", "3项中有一项达标即达标", "One of these 3 will do"),
    (
        "explain M",
        "“营业额2万元以上”未达标：营业额：1万元；要求不低于2万元",
        "“a turnover of 20,000” is not met",
    ),
    ("explain M", "并且考评得分80分以上”待核：2项都达标才达标", "Each of these 2 is required"),
    ("fix N", "登记警务室：N", "Record police post: N"),
    ("missing M", "考评得分1份", "score: 1"),
    ("margin M", "0/3", "0/3"),
    ("evaluate", "达标0，未达标0，待核2", "0 met, 0 not met, 2 undetermined"),
    ("whatif --set asks_for(market_sales)=1", "待核→达标", "undetermined → met"),
    ("evaluate --list", "待核", "undetermined"),
    ("programme --list", "市场", "market"),
]  # fmt: skip
"""What is asked of two markets, and what the answer says in both languages."""


def test_everything_is_answered(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "data"
    data.mkdir()
    (data / "units.csv").write_text("id,kind,name,parent\nM,market,,\nN,market,,\n")
    (data / "ledgers.csv").write_text("unit,item,year\nM,*,2020\nN,*,2020\n")
    (data / "incidents.csv").write_text(
        "id,unit,type,date,grade,liability,responsible_unit\n"
        "i,M,gambling,2020-01-01,,,\nj,N,gambling,2020-01-01,,,\n"
    )
    (data / "scores.csv").write_text("unit,year,score\nN,2020,80\n")
    (data / "values.csv").write_text(
        "unit,item,year,value\nM,sales,2020,1\nM,post,2020,yes\nM,stalls,2020,2\n"
        "N,sales,2020,1\nN,stalls,2020,2\n"
    )
    ask_everything(folder, Path("data"), ASKED)
    done = CliRunner().invoke(main, ["policy", "show", "--policy", str(folder)])
    assert "以下3项有一项达标即达标：（1）没有计入的赌博；缺台账的待核；（2）营业额不低于2万元" in (
        done.output.replace("\n    ", "")
    )


def test_the_certificate_is_rechecked_and_a_forged_value_is_found(
    folder: Path, notice: Policy, tmp_path: Path
) -> None:
    rng = random.Random(3)
    facts = facts_of({f"M{n}": random_world(rng) for n in range(30)})
    data = tmp_path / "data"
    data.mkdir()
    rows = {
        "units": ["id,kind,name,parent", *(f"{u.id},market,," for u in facts.units)],
        "values": ["unit,item,year,value",
                   *(f"{v.unit},{v.item},{v.year},{v.value}" for v in facts.values)],
        "ledgers": ["unit,item,year", *(f"{x.unit},*,{YEAR}" for x in facts.ledgers)],
        "scores": ["unit,year,score", *(f"{s.unit},{YEAR},{s.score}" for s in facts.scores)],
        "incidents": ["id,unit,type,date,grade,liability,responsible_unit",
                      *(f"{i.id},{i.unit},gambling,{i.date},,," for i in facts.incidents)],
    }  # fmt: skip
    for name, lines in rows.items():
        (data / f"{name}.csv").write_text("\n".join(lines) + "\n")
    wrong = certified(evaluate(load_facts(data, notice), notice, YEAR), data, folder)
    (data / "scores.csv").write_text("\n".join(rows["scores"][:-1]) + "\n")
    assert wrong() != []


def test_the_notice_passes_every_check(notice: Policy, folder: Path, tmp_path: Path) -> None:
    assert lint(folder) == []
    untested = "没有检验用例，也没有性质"
    assert [o.words() for o in audit(notice).orphans if o.zh != untested] == []
    made = alternatives.folder(tmp_path)
    text = (made / "market.lp").read_text(encoding="utf-8")
    wrong = text.replace('"设有警务室").', '"设有岗亭").').replace("market_sales, at_least, 2)",
                                                          "market_sales, at_least, 3)")  # fmt: skip
    (made / "market.lp").write_text(wrong, encoding="utf-8")
    said = "\n".join(o.words() for o in audit(load_policy(made)).orphans)
    assert "没有这些字：“设有岗亭”" in said
    assert "条文写的是“2万元”，规则是3" in said


@pytest.mark.parametrize(
    ("rule", "defect"),
    [
        ("any_of(market_stalls, (market_calm;market_sales)).", "mixed_form(market_stalls)"),
        ("all_of(market_good, market_stalls).", "mixed_form(market_good)"),
        ("any_of(market_new, market_stalls).", "one_part(market_new)"),
        ("any_of(market_new, (market_stalls;market_sales)).", "two_wholes(market_sales)"),
        ("all_of(market_both, market_good).", "in_itself(market_both)"),
        ("any_of(market_new, (market_stalls;village_new)). "
         'clause(village_new, village, "三（三）1", "摊位"). poll_clause(village_new).',
         "other_kind(market_new,village_new)"),
        ("any_of(market_new, (market_stalls;market_none)).", "market_none"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(tmp_path: Path, rule: str, defect: str) -> None:
    made = alternatives.folder(tmp_path)
    path = made / "market.lp"
    new = 'clause(market_new, market, "三（三）1", "摊位2个以上").\n'
    more = (new if "market_new" in rule else "") + rule + "\n"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert defect in refused(made, "market.lp")
