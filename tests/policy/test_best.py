"""Clauses that only the best meet, against all completions of small worlds, asked everything."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from pingan_logic import Policy, Status, evaluate, explain, load_facts, load_policy
from pingan_logic.audit import audit
from pingan_logic.cli import main
from pingan_logic.lint import lint
from pingan_logic.policy.sentences import sentences
from pingan_logic.questions.edits import apply
from pingan_logic.questions.fix import find_remedy
from pingan_logic.questions.margin import find_margin
from pingan_logic.questions.missing import find_missing
from tests import best
from tests.best import CLAUSES, RANGE, YEAR, World, random_world
from tests.one_standard import (
    ask_everything,
    certified,
    changed,
    notice_fixtures,
    refused,
    told,
    without,
    write_csv,
)

folder, notice = notice_fixtures(best.folder)


def wrong_in(notice: Policy, worlds: int) -> Counter[str]:
    """Count the answers, and those that are not as all completions say."""
    rng = random.Random(1)
    seen = Counter[str]()
    for _ in range(worlds):
        w = random_world(rng)
        result = evaluate(w.facts(), notice, YEAR)
        for n in range(len(w.markets)):
            for c in CLAUSES:
                found = result.finding(f"M{n}", c).status.value
                seen[f"{c} {found}"] += 1
                seen["wrong"] += found != w.status(n, c)
    return seen


def test_each_clause_is_as_all_completions_say(notice: Policy) -> None:
    seen = wrong_in(notice, 60)
    assert seen.pop("wrong") == 0
    assert len(seen) == 6
    assert min(seen.values()) >= 10


def test_a_wrong_rule_is_found(folder: Path, tmp_path: Path) -> None:
    made = changed(folder, tmp_path / "wrong", ["market.lp"], "best_of(market_first, 2).",
                   "best_of(market_first, 3).")  # fmt: skip
    assert wrong_in(load_policy(made), 20)["wrong"] > 0


def test_the_marks_are_exact(notice: Policy) -> None:
    """Below, at and above the second of four; all that tie are in, or none of those beyond."""
    for own in range(4):
        w = World((("C", 3), ("C", 2), ("C", 1), ("C", own)))
        result = evaluate(w.facts(), notice, YEAR)
        assert result.finding("M3", "market_first").status.value == w.status(3, "market_first")
        assert (result.finding("M3", "market_first").status is Status.MET) == (own >= 2)
    tied = evaluate(World((("C", 3), ("C", 2), ("C", 2), ("C", 0))).facts(), notice, YEAR)
    first, half = ([tied.finding(f"M{n}", c).status.value for n in range(4)] for c in CLAUSES)
    assert first == ["met", "met", "met", "failed"]
    assert half == ["met", "failed", "failed", "failed"]


def test_remedy_and_records_are_the_least(notice: Policy) -> None:
    rng = random.Random(1)
    seen = Counter[str]()
    for i in range(30):
        w, open_year = random_world(rng), i % 2 == 0
        n = rng.randrange(len(w.markets))
        day = date(YEAR, 12, 30) if open_year else None
        result = evaluate(w.facts(), notice, YEAR, as_of=day)
        answer = find_remedy(result, f"M{n}")
        found = 0 if answer.status is Status.MET else None
        if answer.plans:
            found = answer.plans[0].cost
            after = evaluate(apply(result.facts, answer.plans[0].changes, YEAR), notice, YEAR)
            assert after.status(f"M{n}") is Status.MET
            seen["plan"] += 1
        assert answer.proven
        assert found == w.cheapest(n, open_year=open_year), (w, n)
        if found is None:
            possible = w.possible(n, open_year=open_year)
            assert (answer.feasible, bool(answer.waiting)) == (
                (None, True) if possible else (False, False)
            )
            seen["waiting" if possible else "barred"] += 1
        if not w.decided(n):
            missing = find_missing(evaluate(w.facts(), notice, YEAR), f"M{n}")
            assert (missing.proven, missing.unsettled) == (True, ())
            assert len(missing.records) == w.fewest(n), (w, n)
            seen["missing"] += 1
    assert min(seen[s] for s in ("plan", "missing", "waiting", "barred")) >= 3


def test_what_rests_on_others_is_said_to(notice: Policy) -> None:
    w = World((("C", 2), ("C", 1), ("C", None), ("C", None)))
    answer = find_remedy(evaluate(w.facts(), notice, YEAR), "M0")
    assert answer.to_dict()["waiting"] == ["market_first", "market_half"]
    said = answer.text()
    assert "2020年度能否达标，取决于其他单位还没有登记的数值，请先补记" in said
    assert "前50%，界线待其他单位补记；其他单位补记以后才能确定" in said
    assert "rests on values of other units that are not recorded yet" in answer.text("en")
    assert not any(words in said for words in ("不能更改", "已不能", "以后年度"))


@pytest.fixture(scope="module")
def lowest(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The same notice, of which the lowest are the best."""
    made = tmp_path_factory.mktemp("lowest") / "notice"
    low = "".join(f"lowest_first({c}).\n" for c in CLAUSES)
    return load_policy(changed(folder, made, ["market.lp"], "tied_out(", low + "tied_out("))


def test_the_lowest_are_best_as_the_highest_are_of_the_values_turned_round(
    notice: Policy, lowest: Policy
) -> None:
    rng = random.Random(2)
    seen = Counter[str]()
    for i in range(25):
        w = random_world(rng)
        turned = w.having({n: RANGE[-1] - v for n, (_, v) in enumerate(w.markets) if v is not None})
        day = date(YEAR, 12, 30) if i % 2 else None
        high = evaluate(w.facts(), notice, YEAR, as_of=day)
        low = evaluate(turned.facts(), lowest, YEAR, as_of=day)
        for n in range(len(w.markets)):
            for c in CLAUSES:
                found = [a.finding(f"M{n}", c).status.value for a in (high, low)]
                assert found == [w.status(n, c)] * 2, (turned, n, c)
                seen[found[0]] += 1
        n = min(range(len(w.markets)), key=lambda m: high.status(f"M{m}") is Status.MET)
        (plan, other) = (next(iter(find_remedy(a, f"M{n}").plans), None) for a in (high, low))
        assert (plan and plan.cost) == (other and other.cost)
        if other:
            after = evaluate(apply(low.facts, other.changes, YEAR), lowest, YEAR)
            assert after.status(f"M{n}") is Status.MET
            seen["plan"] += 1
        lacking = [find_missing(a, f"M{n}") for a in (high, low)]
        assert len({(len(m.records), m.proven) for m in lacking}) == 1
        margins = [
            {d.clause: d.spare for d in find_margin(a, f"M{n}").distances} for a in (high, low)
        ]
        assert margins[0] == margins[1]
    assert min(seen.values()) >= 3
    assert len(seen) == 4


def test_the_lowest_are_said_to_be_best(lowest: Policy) -> None:
    assert lint(lowest.folder) == []
    said = {s.clause: s.said for s in sentences(lowest).found}
    assert said["market_first"][0].startswith("在全部市场中，营业额从低到高排在前2名，并列的都算")
    assert "one of the first 2, the lowest first" in said["market_first"][1]
    w = World((("C", 0), ("C", 1), ("C", 2), ("C", 3)))
    result = evaluate(w.facts(), lowest, YEAR, as_of=date(YEAR, 12, 30))
    assert [result.status(f"M{n}") for n in range(4)] == [Status.MET] * 2 + [Status.FAILED] * 2
    assert "要求前2名，现须不高于1万元" in explain(result, "M2").text()
    (change,) = find_remedy(result, "M2").plans[0].changes
    assert (change.before, change.after) == ("2", "0")
    lacking = evaluate(World((("C", 1), ("C", 1), ("C", None))).facts(), lowest, YEAR)
    assert "不高于0万元的" in find_remedy(lacking, "M2").text()
    lacking = evaluate(World((("C", 0), ("C", 1), ("C", None))).facts(), lowest, YEAR)
    assert (
        "没有登记营业额；要求前50%，界线待其他单位补记；登记什么都不能达到"
        in find_remedy(lacking, "M2").text()
    )


@pytest.mark.parametrize(("words", "wrong"), [("营业额为最高的2个市场", 0), ("营业额前2名", 0),
                                              ("营业额为最高的3个市场", 1)])  # fmt: skip
def test_the_number_of_the_best_is_that_of_the_words(
    folder: Path, tmp_path: Path, words: str, wrong: int
) -> None:
    made = changed(folder, tmp_path / "made", ["market.lp"], "营业额在前2名", words)
    for name in ("notice.txt", "notice.md"):
        text = (made / name).read_text(encoding="utf-8")
        (made / name).write_text(text.replace("营业额在前2名", words), encoding="utf-8")
    problems = [o.words() for o in audit(load_policy(made)).orphans]
    assert sum("best_of(market_first,2)" in said for said in problems) == wrong, problems


def test_units_without_a_name_are_listed_by_their_id(
    notice: Policy, folder: Path, tmp_path: Path
) -> None:
    write_csv(tmp_path / "data", World((("C", 3), ("C", 0), ("C", 1))).facts())
    common = ["evaluate", "--policy", str(folder), "--facts", str(tmp_path / "data")]
    listed = CliRunner().invoke(main, [*common, "--list"]).output
    assert "[达标]   M0（市场）\n" in listed
    assert "[未达标] M1（市场）\n" in listed
    assert "\n  M1（市场）\n" in CliRunner().invoke(main, common).output
    assert (
        "[not met]      M1 (market)\n"
        in CliRunner().invoke(main, [*common, "--list", "--lang", "en"]).output
    )


def test_the_margin_is_how_far_the_value_is_from_the_mark(notice: Policy) -> None:
    w = World((("C", 3), ("C", 2), ("C", 0), ("C", 1)))
    result = evaluate(w.facts(), notice, YEAR)
    spare = [{d.clause: d.spare for d in find_margin(result, f"M{n}").distances} for n in range(4)]
    assert [s["market_first"] for s in spare] == [2, 1, -2, -1]
    assert [s["market_half"] for s in spare] == [1, 0, -3, -2]


ASKED = [
    ("explain M2", "营业额：1万元；要求前2名，现须不低于2万元", "the first 2, now at least 2"),
    ("explain M4", "没有登记营业额；要求前2名", "not recorded: turnover"),
    ("fix M2 --as-of 2020-12-30", "营业额现为1万元", "turnover is 1 ten thousand yuan"),
    ("fix M4", "登记营业额", "record turnover"),
    ("margin M2", "差1万元", "1 ten thousand yuan short"),
    ("missing M4", "数值1份", "value: 1"),
    ("evaluate", "未达标", "not met"),
    ("whatif --set switch(contained_incidents)=ignore", "", ""),
    ("programme --list", "市场", "market"),
]
"""What is asked of six markets, and what the answer says in both languages."""


def test_everything_is_answered(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    w = World((("C", 2), ("C", 1), ("C", 1), ("C", 0), ("D", None), ("D", 0)))
    write_csv(tmp_path / "data", w.facts())
    ask_everything(folder, Path("data"), ASKED)


def test_the_notice_passes_every_check(notice: Policy, folder: Path) -> None:
    assert lint(folder) == []
    untested = "没有检验用例，也没有性质"
    assert [o.words() for o in audit(notice).orphans if o.zh != untested] == []
    said = {s.clause: s.said[0] for s in sentences(notice).found}
    assert said["market_first"].startswith("在全部市场中，营业额从高到低排在前2名，并列的都算")
    assert said["market_half"].startswith(
        "在每个县辖内的市场中，营业额从高到低排在前50%，并列的超出名额都不算"
    )


@pytest.mark.parametrize(
    ("old", "new", "defect"),
    [
        ("best_of(market_first, 2).", "", "best_of"),
        ("best_of(market_first, 2).", "best_of(market_first, 0).", "best_of"),
        ("best_of(market_half, 1, 2).", "best_of(market_half, 3, 2).", "best_of"),
        ("best_within(market_half, county).", "best_within(market_half, town).", "没有定义"),
        ("best_of(market_first, 2).", "best_of(market_first, 2). asks_for(market_first, above, 1).",
         "two_forms"),
        ("input(sales, market, whole,", "input(sales, market, date,", "not_comparable"),
        ("tied_out(market_half).", "lowest_first(market_half). on_claim(sales).",
         "lowest_on_claim"),
        ("measures(market_first, best(sales)).\nbest_of(market_first, 2).",
         "measures(market_first, item(sales)).\nlowest_first(market_first).", "best_of"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(
    folder: Path, tmp_path: Path, old: str, new: str, defect: str
) -> None:
    made = changed(folder, tmp_path / "made", ["market.lp"], old, new)
    assert told(defect) in refused(made, "market.lp")


def test_a_cost_that_is_needed_is_missed(folder: Path, tmp_path: Path) -> None:
    for cost in ("supply_cost(sales, 2).", "change_cost(sales, 3, 1)."):
        made = without(folder, tmp_path, ("market.lp",), cost)
        assert [f.rule for f in lint(made)] == ["missing-cost"], cost


def test_the_certificate_is_rechecked_and_a_forged_value_is_found(
    folder: Path, notice: Policy, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    w = World((("C", 3), ("C", 2), ("C", 1), ("C", 0), ("D", None)))
    write_csv(data, w.facts())
    result = evaluate(load_facts(data, notice), notice, YEAR)
    assert {result.status(f"M{n}") for n in range(5)} == set(Status)
    wrong = certified(result, data, folder)
    values = (data / "values.csv").read_text(encoding="utf-8")
    (data / "values.csv").write_text(values.replace("M3,sales,2020,0", "M3,sales,2020,3"))
    assert any("values.csv" in said for said in wrong())


def test_such_a_notice_is_judged_unit_by_unit_and_unsliced(notice: Policy) -> None:
    assert notice.proof.distinctions
    assert notice.proof.elsewhere
    facts = World((("C", 3), ("D", 3), ("D", 2))).facts()
    alone = evaluate(facts, notice, YEAR, unit="M2").finding("M2", "market_first")
    assert alone == evaluate(facts, notice, YEAR).finding("M2", "market_first")
    assert alone.status is Status.FAILED
