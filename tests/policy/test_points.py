"""Clauses that count points, against all completions of small worlds, and asked everything."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from pingan_logic import Policy, Status, evaluate, load_facts
from pingan_logic.audit import audit
from pingan_logic.lint import lint
from pingan_logic.policy.sentences import sentences
from pingan_logic.questions.margin import find_margin
from pingan_logic.questions.missing import find_missing
from tests import points
from tests.one_standard import (
    ask_everything,
    certified,
    changed,
    compare_remedies,
    notice_fixtures,
    proven_unless,
    refused,
    side_by_side,
    together,
    told,
    without,
    write_csv,
)
from tests.points import YEAR, World, random_world

CLAUSES = ("market_points", "market_stars")
EVERY = frozenset({"gambling", "public_security_case"})


folder, notice = notice_fixtures(points.folder)


def test_each_clause_is_as_all_completions_say(notice: Policy) -> None:
    rng = random.Random(1)
    worlds = [random_world(rng, 5) for _ in range(400)]
    result = evaluate(side_by_side(worlds), notice, YEAR)
    seen = Counter[str]()
    for n, w in enumerate(worlds):
        for c in CLAUSES:
            found = result.finding(f"w{n}M", c).status.value
            assert found == w.status(c), w
            seen[f"{c} {found}"] += 1
    assert len(seen) == 6
    assert min(seen.values()) >= 20


def test_the_points_are_exact(notice: Policy) -> None:
    """Every sum of values and incidents, on both sides of the mark and of every limit."""
    worlds = [
        World({"sales": s, "stars": t, "post": p}, (*[("gambling", None)] * g,
              *[("public_security_case", "large")] * n), EVERY)
        for s in range(4) for t in range(3) for p in (None, 0, 1) for g in range(4)
        for n in range(3)
    ]  # fmt: skip
    result = evaluate(side_by_side(worlds), notice, YEAR)
    found = [result.finding(f"w{n}M", "market_points") for n in range(len(worlds))]
    assert [f.measured for f in found] == [str(w.points()) for w in worlds]
    assert [f.status is Status.MET for f in found] == [w.points() >= 7 for w in worlds]
    assert {6, 7} <= {w.points() for w in worlds}


def test_the_remedy_is_the_least_of_all_edits(notice: Policy) -> None:
    rng = random.Random(12)
    worlds = [random_world(rng, 2) for _ in range(60)]
    seen = Counter[str]()
    for day, some in ((date(YEAR, 12, 30), worlds[::2]), (None, worlds[1::2])):
        result = evaluate(side_by_side(some), notice, YEAR, as_of=day)
        open_year = day is not None
        least = {f"w{n}M": w.cheapest(open_year=open_year) for n, w in enumerate(some)}
        seen += compare_remedies(result, least)
    assert min(seen[a] for a in ("ledger", "settle", "value", "record_value", "none")) >= 2


def test_the_records_needed_are_the_fewest(notice: Policy) -> None:
    rng = random.Random(7)
    undecided = (w for w in iter(lambda: random_world(rng), None) if not w.decided())
    worlds = list(islice(undecided, 50))
    result = evaluate(side_by_side(worlds), notice, YEAR)
    seen = Counter[str]()
    for n, w in enumerate(worlds):
        answer = find_missing(result, f"w{n}M")
        assert answer.proven
        assert answer.unsettled == ()
        assert len(answer.records) == w.fewest(), w
        seen.update(r.kind for r in answer.records)
    assert min(seen[k] for k in ("ledger", "grade", "value")) >= 2


def test_the_margin_is_how_many_points_may_be_lost(notice: Policy) -> None:
    good = World({"sales": 3, "stars": 1, "post": 1}, (), EVERY)
    short = World({"sales": 1, "stars": 1, "post": None}, (("gambling", None),), EVERY)
    result = evaluate(side_by_side([good, short]), notice, YEAR)
    spare = [
        {d.clause: d.spare for d in find_margin(result, f"w{n}M").distances}["market_points"]
        for n in range(2)
    ]
    assert spare == [good.points() - 7, short.points() - 7] == [4, -5]


ASKED = [
    ("explain mM", "得分2分；要求不低于7分", "points: 2 points"),
    ("explain mM", "计分的：营业额 1万元、星级 1级", "values that count: turnover 1 ten thousand"),
    ("explain nM", "没有登记：营业额", "not recorded: turnover"),
    ("explain nM", "得分至多", "at most"),
    ("explain nM", "缺台账：赌博", "no ledger is filed for: gambling"),
    ("fix mM --as-of 2020-12-30", "营业额现为1万元", "turnover is 1 ten thousand yuan"),
    ("fix nM", "登记营业额", "record turnover"),
    ("margin mM", "差5分", "5 points short"),
    ("missing nM", "数值1份", "value: 1"),
    ("whatif --set asks_for(market_points)=2", "不低于7分改为不低于2分", "at least 2 points"),
    ("evaluate", "未达标1，待核1", "1 not met, 1 undetermined"),
    ("programme --list", "市场", "market"),
]
"""What is asked of two markets, and what the answer says in both languages."""


def written(data: Path, worlds: Mapping[str, World]) -> None:
    """Write the data of worlds, whose units bear their names."""
    write_csv(data, together(w.facts(name) for name, w in worlds.items()))


def test_everything_is_answered(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    short = World({"sales": 1, "stars": 1, "post": None}, (("gambling", None),), EVERY)
    open_ = World({"sales": None, "stars": 1, "post": 1}, (), EVERY - {"gambling"})
    written(tmp_path / "data", {"m": short, "n": open_})
    ask_everything(folder, Path("data"), ASKED)


def test_the_notice_passes_every_check(notice: Policy, folder: Path) -> None:
    assert lint(folder) == []
    untested = "没有检验用例，也没有性质"
    assert [o.words() for o in audit(notice).orphans if o.zh != untested] == []
    said = {s.clause: s.said for s in sentences(notice).found}
    assert said["market_points"][0] == (
        "得分不低于7分：起评1分；营业额每1万元加2分；星级每1级加2分；警务室为“是”加3分；"
        "赌博每1起扣3分；等级为“较大”及以上的治安案件每1起扣2分；（星级、警务室）合计按0分至4分计；"
        "（赌博）合计按-4分至0分计，没有登记、缺台账的，按范围的两端计，待核。"
    )


def test_met_and_failed_are_proven_and_a_wrong_rule_is_found(folder: Path, tmp_path: Path) -> None:
    old = "waiting(c,U)         :- unrecorded(c,M,U,T).\n"
    found = proven_unless(folder, tmp_path / "wrong", "points.lp", old)
    assert not found.as_expected


@pytest.mark.parametrize(
    ("change", "defect"),
    [
        (("market_points, at_least, 7)", "market_points, at_most, 7)"), "points_mark"),
        (("asks_for(market_points, at_least, 7).", ""), "points_mark"),
        (("incidents(gambling), -3)", "incidents(gambling), 3)"), "added_points"),
        (("incidents(gambling), -3)", "incidents(gamble), -3)"), "unknown_matter"),
        (("at_least(large)), -2)", "at_least(huge)), -2)"), "rate_test"),
        (("item(sales), 2)", "item(sales), 0)"), "added_points"),
        (("item(sales), 2)", "item(income), 2)"), "没有定义"),
        (("item(sales), 2)", "sales, 2)"), "added_what"),
        (("item(sales), 2)", "item(sales), 9000)"), "too_large"),
        (("extra, 0, 4)", "extra, 4, 0)"), "group_limits"),
        (("extra, 0, 4)", "others, 0, 4)"), "group_limits"),
        (("measures(market_points, points).", ""), "half_a_measure"),
        (("english(market_stars", "adds(market_stars, a, item(stars), 1). english(market_stars"),
         "no_points"),
        (("measures(market_points, points).", "measures(market_points, points). "
          "measures(market_points, item(stars))."), "two_forms"),
        (("base_points(market_points, 1).", "base_points(market_points, 1). "
          "base_points(market_points, 2)."), "twice"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(
    folder: Path, tmp_path: Path, change: tuple[str, str], defect: str
) -> None:
    made = changed(folder, tmp_path / "made", ["market.lp"], *change)
    assert told(defect) in refused(made, "market.lp")


def test_a_cost_that_points_need_is_missed(folder: Path, tmp_path: Path) -> None:
    costs = ("supply_cost(sales, 2). ", "change_cost(post, 8, 1).", "ledger_cost(market, 6).",
             "grade_cost(2).")  # fmt: skip
    for cost in costs:
        made = without(folder, tmp_path, ("market.lp", "remedies.lp"), cost)
        assert [f.rule for f in lint(made)] == ["missing-cost"], cost


def test_the_certificate_is_rechecked_and_a_forged_value_is_found(
    folder: Path, notice: Policy, tmp_path: Path
) -> None:
    rng = random.Random(4)
    data = tmp_path / "data"
    worlds = {f"w{n}": random_world(rng) for n in range(24)}
    written(data, {**worlds, "x": World({"sales": 3, "stars": 0, "post": 0}, (), EVERY)})
    result = evaluate(load_facts(data, notice), notice, YEAR)
    assert {result.status(f"{n}M") for n in worlds} == set(Status)
    wrong = certified(result, data, folder)
    values = (data / "values.csv").read_text(encoding="utf-8")
    (data / "values.csv").write_text(values.replace("xM,sales,2020,3", "xM,sales,2020,2"))
    assert any("values.csv" in said for said in wrong())


def test_units_alike_are_judged_once(notice: Policy) -> None:
    good = World({"sales": 3, "stars": 1, "post": 1}, (("gambling", None),), EVERY)
    result = evaluate(side_by_side([good] * 9), notice, YEAR)
    assert len(result.outcome.groups.sizes) == 1
    assert result.finding("w8M", "market_points").measured == "8"
    assert result.finding("w8M", "market_points").counted == ("w80",)
