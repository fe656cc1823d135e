"""Clauses that measure values, against all completions of small worlds, and asked everything."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from pingan_logic import (
    Assessment,
    Policy,
    PolicyError,
    Status,
    evaluate,
    load_facts,
    load_policy,
)
from pingan_logic.audit import audit
from pingan_logic.catalogue import Asked
from pingan_logic.lint import lint
from pingan_logic.measured import ratio_asked
from pingan_logic.model import Unit, Value
from pingan_logic.policy.sentences import sentences
from pingan_logic.policy.settings import parse_setting
from pingan_logic.questions.fix import find_remedy
from pingan_logic.questions.margin import find_margin
from pingan_logic.questions.missing import find_missing
from pingan_logic.rules.find import base_folder
from tests import measures
from tests.measures import CLAUSES, ITEMS, YEAR, Values, facts_of
from tests.one_standard import (
    ask_everything,
    certified,
    changed,
    compare_remedies,
    notice_fixtures,
    proven_unless,
    refused,
    told,
)

DECEMBER = date(YEAR, 12, 30)


folder, notice = notice_fixtures(measures.folder)


def good(**but: int | None) -> dict[str, int | None]:
    """Return values by which a market is met, but for some."""
    v: dict[str, int | None] = {
        "sales": 2, "empty": 1, "post": 1, "title": 2, "place": 2, "place_limit": 2, "cases": 0,
        "stalls": 2,
    }  # fmt: skip
    return {**v, **but}


def worlds(seed: int, number: int, given: int | None) -> dict[str, Values]:
    """Return random markets, of which most items are good."""
    rng = random.Random(seed)
    found: dict[str, Values] = {}
    for n in range(number):
        other = measures.random_values(rng)
        v = {i: other[i] if rng.random() < 0.35 else known for i, known in good().items()}
        found[f"M{n}"] = {**v, "place_limit": given}
    return found


def judged(notice: Policy, some: Mapping[str, Values], given: int | None) -> Assessment:
    return evaluate(facts_of(some, given), notice, YEAR)


def test_each_clause_is_as_all_completions_say(notice: Policy) -> None:
    seen = Counter[str]()
    for given in (None, 1, 2, 3):
        some = worlds(7, 250, given)
        result = judged(notice, some, given)
        for unit, v in some.items():
            for f in result[unit].findings:
                assert f.status.value == measures.status(f.clause, v), (f, v)
                seen[f"{f.clause} {f.status.value}"] += 1
    statuses = ("met", "failed", "undetermined")
    assert {f"{c} {s}" for c in CLAUSES for s in statuses} - set(seen) == {
        "market_title undetermined"
    }


def test_the_boundaries_are_exact(notice: Policy) -> None:
    some = {
        f"{item}{n}": good(**{item: n}) for item, values in ITEMS.items()
        for n in values if item != "place_limit"
    }  # fmt: skip
    result = judged(notice, some, 2)
    met = {u for u in some if result.status(u) is Status.MET}
    assert met == {
        "sales2", "empty0", "empty1", "post1", "title2", "place1", "place2", "cases0", "stalls1",
        "stalls2", "stalls3",
    }  # fmt: skip
    at = judged(notice, {f"C{s}": good(cases=1, stalls=s) for s in (1, 2, 3)}, 2)
    assert [at.status(f"C{s}").value for s in (1, 2, 3)] == ["failed", "failed", "met"]


def test_a_lasting_value_holds_until_it_is_recorded_again(notice: Policy) -> None:
    some = {u: good(post=None, title=None) for u in "ABCD"}
    facts = facts_of(some, 2)
    more = [
        Value("A", "post", 2015, "yes"), Value("B", "post", 2015, "yes"),
        Value("B", "post", 2019, "no"), Value("C", "post", 2021, "yes"),
        Value("D", "post", 2020, "yes"),
        *(Value(u, "title", 2019, date(2019, 1, 2)) for u in "ABC"),
        Value("D", "title", 2020, date(2021, 1, 1)),
    ]  # fmt: skip
    result = evaluate(evolve(facts, values=(*facts.values, *more)), notice, YEAR)
    assert [result.status(u).value for u in "ABCD"] == ["met", "failed", "undetermined", "failed"]
    assert result.finding("D", "market_title").status is Status.FAILED


def test_the_remedy_is_the_least_of_all_edits(notice: Policy) -> None:
    seen = Counter[str]()
    for given, open_year in ((None, True), (2, True), (None, False), (1, False)):
        some = worlds(11, 8, given)
        day = DECEMBER if open_year else None
        result = evaluate(facts_of(some, given), notice, YEAR, as_of=day)
        least = {u: measures.cheapest(v, open_year=open_year) for u, v in some.items()}
        seen += compare_remedies(result, least)
    assert seen["plan"] >= 12
    assert seen["failed"] >= 3


def test_what_has_to_be_of_values_recorded_anew_is_said(notice: Policy) -> None:
    some = {"M": good(cases=None, stalls=None), "N": good(stalls=None, cases=0)}
    result = evaluate(facts_of(some, 2), notice, YEAR)
    both, one = (" ".join(find_remedy(result, u).text("zh").split()) for u in some)
    assert both.count("投诉与摊位之比低于1/2的，本条达标") == 2
    assert "登记摊位：N 工作量9 登记以后，本条达标" in one
    english = " ".join(find_remedy(result, "M").text("en").split())
    assert "The clause is met if the ratio of complaints to stalls is less than 1/2" in english
    assert ratio_asked(Asked("below", 12, 1)) == "12"
    assert ratio_asked(Asked("below", 24, 2)) == "24/2"


def test_the_records_needed_are_the_fewest(notice: Policy) -> None:
    seen = 0
    for given in (None, 2):
        some = {u: v for u, v in worlds(5, 60, given).items()
                if {measures.status(c, v) for c in CLAUSES} == {"met", "undetermined"}}  # fmt: skip
        result = judged(notice, some, given)
        for unit, v in list(some.items())[:8]:
            answer = find_missing(result, unit)
            assert answer.proven
            assert answer.unsettled == ()
            assert len(answer.records) == measures.fewest(v), (unit, v)
            assert {r.kind for r in answer.records} == {"value"}
            seen += 1
    assert seen >= 12


def test_the_margin_is_what_the_value_may_lose(notice: Policy) -> None:
    result = judged(notice, {"M": good(empty=0, place=1, stalls=3), "N": good(sales=1)}, 2)
    margin = {d.clause: d.spare for d in find_margin(result, "M").distances}
    assert margin == {
        "market_sales": 0, "market_band": 0, "market_empty": 1, "market_post": None,
        "market_title": None, "market_place": 1, "market_cases": 1,
    }  # fmt: skip
    short = {d.clause: d.spare for d in find_margin(result, "N").distances}
    assert (short["market_sales"], short["market_band"]) == (-1, 1)


ASKED = [
    ("explain M", "营业额：1万元；要求不低于2万元", "required: at least 2 ten thousand yuan"),
    ("explain M", "投诉 1件，摊位 2个；要求两者之比低于1/2", "a ratio of less than 1/2"),
    ("explain M", "没有登记空置率；要求低于0.02%", "not recorded: empty stalls; required: less"),
    (
        "explain M",
        "没有登记称号，按没有计；要求不早于2017-12-31",
        "title is not recorded and counts as none",
    ),
    ("explain M", "名次：第2名；要求第2名以内（上级规定）", "required: rank 2 or better"),
    (
        "fix M --as-of 2020-12-30",
        "营业额现为1万元，须不低于2万元",
        "turnover is 1 ten thousand yuan, and has to be",
    ),
    (
        "fix M",
        "营业额：1万元；要求不低于2万元；已经登记，不能更改",
        "recorded and cannot be changed",
    ),
    ("fix N", "登记空置率：N", "Record empty stalls: N"),
    ("margin M", "差1万元", "1 ten thousand yuan short"),
    ("missing N", "数值1份", "value: 1"),
    (
        "whatif --set asks_for(market_empty)=0.01%",
        "要求由低于0.02%改为低于0.01%",
        "less than 0.01%",
    ),
    ("whatif --set switch(turnover)=1", "营业额要求1万元", "a turnover of 1 is asked for"),
    ("evaluate", "达标0，未达标1，待核1", "0 met, 1 not met, 1 undetermined"),
    ("programme --list", "市场", "market"),
]
"""What is asked of two markets, and what the answer says in both languages."""


def test_everything_is_answered(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "data"
    data.mkdir()
    (data / "units.csv").write_text("id,kind,name,parent\nM,market,,\nN,market,,\n")
    rows = ["unit,item,year,value", "market,place_limit,2020,2"]
    recorded = {
        "M": "sales=1 place=2 cases=1 stalls=2 post=yes",
        "N": "sales=2 place=1 cases=0 stalls=2 post=yes title=2018-01-01",
    }
    for unit, some in recorded.items():
        rows += [f"{unit},{i},2020,{n}" for i, n in (pair.split("=") for pair in some.split())]
    (data / "values.csv").write_text("\n".join(rows) + "\n")
    ask_everything(folder, Path("data"), ASKED)


def test_the_notice_passes_every_check(notice: Policy, folder: Path) -> None:
    assert lint(folder) == []
    untested = "没有检验用例，也没有性质"
    assert [o.words() for o in audit(notice).orphans if o.zh != untested] == []
    said = {s.clause: s.said for s in sentences(notice).found}
    assert said["market_sales"][0] == "营业额不低于2万元，没有登记的待核。"
    assert said["market_cases"][1] == (
        "The ratio of complaints to 摊位 is less than 1/2, and undetermined until recorded."
    ).replace("摊位", "stalls")
    assert said["market_title"][0] == (
        "最近一次登记的称号的日期在判定期间末日之前3年之内，没有登记的按没有计。"
    )
    assert str(parse_setting("asks_for(market_empty)=0.01%", notice)) == (
        "asks_for(market_empty)=0.01%"
    )


def test_met_and_failed_are_proven_and_a_wrong_rule_is_found(folder: Path, tmp_path: Path) -> None:
    old = "not has_value(U,I), not on_claim(I).\nno_value(C,U,J)"
    new = "not has_value(U,I), not on_claim(I), lasting(I).\nno_value(C,U,J)"
    found = proven_unless(folder, tmp_path / "wrong", "measures.lp", old, new)
    assert not found.as_expected
    assert re.search("(营业额|空置率|名次|投诉|摊位)：", found.text())


@pytest.mark.parametrize(
    ("change", "defect"),
    [
        (("market_band, at_most, 2)", "market_band, at_most, 4)"), "beyond_limits"),
        (("asks_for(market_band, at_most, 2).", ""), "half_a_measure"),
        (("asks_for(market_band, at_most, 2)", "asks_for(market_band, most, 2)"), "no_comparison"),
        (("measures(market_band, item(sales))", "measures(market_band, item(place_limit))"),
         "not_comparable"),
        (("asks_for(market_band, at_most, 2).", "asks_for(market_band, at_most, 2). "
          "pass_mark(market_band, 10)."), "two_forms"),
        (("per(cases,stalls)", "per(stalls,cases)"), "per_nothing"),
        (("below, 1, 2)", "below, 1, 900000000)"), "too_large"),
        (("measures(market_band, item(sales))", "measures(market_band, item(income))"), "没有定义"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(
    folder: Path, tmp_path: Path, change: tuple[str, str], defect: str
) -> None:
    made = changed(folder, tmp_path / "made", ["market.lp"], *change)
    assert told(defect) in refused(made, "market.lp")


def test_units_alike_are_judged_once(notice: Policy) -> None:
    values = good()
    facts = facts_of({f"M{n}": values for n in range(9)} | {"N": good(sales=1)}, 2)
    result = evaluate(facts, notice, YEAR)
    assert len(result.outcome.groups.sizes) == 2
    assert Unit("M0", "market") in facts.units
    assert {result.status(f"M{n}").value for n in range(9)} == {"met"}
    assert result.finding("M8", "market_cases").measured == "0/2"


def test_the_certificate_is_rechecked_and_a_forged_value_is_found(
    folder: Path, notice: Policy, tmp_path: Path
) -> None:
    some = worlds(3, 40, 2)
    data = tmp_path / "data"
    data.mkdir()
    rows = [f"{v.unit},{v.item},{v.year},{v.value}" for v in facts_of(some, 2).values]
    (data / "units.csv").write_text(
        "id,kind,name,parent\n" + "".join(f"{u},market,,\n" for u in some), encoding="utf-8"
    )
    (data / "values.csv").write_text("\n".join(["unit,item,year,value", *rows]) + "\n")
    result = evaluate(load_facts(data, notice), notice, YEAR)
    seen = {f.status for u in some for f in result[u].findings}
    assert seen == {Status.MET, Status.FAILED, Status.UNDETERMINED}
    wrong = certified(result, data, folder)
    sure = next(u for u in some if result.finding(u, "market_sales").status is Status.FAILED)
    number = next(n for n, row in enumerate(rows) if row.startswith(f"{sure},sales,"))
    rows[number] = f"{sure},sales,{YEAR},2"
    (data / "values.csv").write_text("\n".join(["unit,item,year,value", *rows]) + "\n")
    assert any("values.csv" in said for said in wrong())


def test_a_number_of_the_words_that_a_switch_never_gives_is_said(
    folder: Path, tmp_path: Path
) -> None:
    made = tmp_path / folder.name
    shutil.copytree(folder, made)
    for name in ("market.lp", "notice.md", "notice.txt"):
        text = (made / name).read_text(encoding="utf-8")
        assert "营业额2万元" in text
        (made / name).write_text(text.replace("营业额2万元", "营业额7万元"), encoding="utf-8")
    assert any("条文里的“7万元”没有规则用到" in o.words() for o in audit(load_policy(made)).orphans)


def test_a_measure_that_is_compared_with_nothing_is_named(folder: Path, tmp_path: Path) -> None:
    made = tmp_path / "made"
    shutil.copytree(folder, made)
    shared = (base_folder() / "measures.lp").read_text(encoding="utf-8")
    rule = "compared(C,at_least,1,item(I)) :- measures(C,item(I)), input(I,_,T,_,_), T == yes_no"
    assert rule in shared
    bent = shared.replace(rule, rule.replace("T == yes_no", "T == rank"))
    (made / "measures.lp").write_text(bent, encoding="utf-8")
    result = judged(load_policy(made), {"M": good(post=None)}, 2)
    with pytest.raises(PolicyError) as refused:
        result.finding("M", "market_post")
    (problem,) = refused.value.problems
    assert problem.words("zh") == (
        "clause(market_post)：规则没有得出这一度量与什么数比较（compared/4）；发现 `item(post)`"
    )
