"""Results of the period before: judged by `new-year`, recorded as values, asked for by clauses."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner, Result

from pingan_logic import Facts, PolicyError, RequestError, evaluate, load_facts, load_policy
from pingan_logic.cli import main
from pingan_logic.export.convert import write_facts
from pingan_logic.lint import lint
from pingan_logic.model import Change, Incident, Ledger, Unit, Value
from pingan_logic.policy.new import new_policy
from pingan_logic.programme.results_before import results_before
from pingan_logic.questions.fix import find_remedy
from pingan_logic.rules.find import sample_county
from tests.policy.test_another_county import rules_under

COMMUNITY = """
input(community_before, community, whole, "上年度评定", "result of the year before").
input_range(community_before, 0, 2).
result_before(community_before).
supply_cost(community_before, 1).
clause(community_again, community_model, "三（四）4", "上年度为示范社区").
english(community_again, "a model community the year before").
measures(community_again, item(community_before)).
asks_for(community_again, at_least, 2).
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A notice in which villages have one standard, communities two levels."""
    made = tmp_path / "linjiang-2020"
    new_policy(made)
    (made / "before.lp").write_text(rules_under("十八、"), encoding="utf-8")
    (made / "community.lp").write_text(rules_under("十六、") + COMMUNITY, encoding="utf-8")
    return made


def villages(year: int) -> Facts:
    """Return four villages: met, not met, undetermined, and one that closes in the year; and what
    each of them came to the year before."""
    names = {"V": "东村", "W": "西村", "X": "南村", "Y": "北村"}
    units = [Unit(u, "village", n, closed=date(year, 9, 1) if u == "Y" else None)
             for u, n in names.items()]  # fmt: skip
    units += [Unit(f"H{u}", "household", "", u) for u in names]
    return Facts(
        units=units,
        incidents=[Incident("I1", "W", "criminal_case", date(year, 3, 1))],
        ledgers=[Ledger(u, "*", year) for u in names if u != "X"],
        values=[Value(u, "village_before", year, "yes") for u in names],
    )


def found(facts: Facts, item: str) -> dict[str, object]:
    return {v.unit: v.value for v in facts.values if v.item == item}


def new_year(facts: Facts, folder: Path, *more: str, suffix: str = "") -> tuple[Result, Facts]:
    """Write the data of the next period from `facts`, as a user does."""
    policy, (old, new) = load_policy(folder), (folder.parent / f"{n}{suffix}" for n in ("o", "n"))
    write_facts(facts, str(old), policy, overwrite=True)
    asked = ["new-year", str(old), str(new), "--policy", str(folder), "--overwrite", *more]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.output
    return done, load_facts(new, policy)


@pytest.mark.parametrize("suffix", ["", ".xlsx", ".json"])
def test_units_of_one_standard_are_met_or_not(folder: Path, suffix: str) -> None:
    done, after = new_year(villages(2020), folder, suffix=suffix)
    assert [(v.unit, v.year, v.value) for v in after.values] == [
        ("V", 2021, "yes"), ("W", 2021, "no"),
    ]  # fmt: skip
    last = done.output.splitlines()[-3:-1]
    assert last[0].startswith("“上年度平安村”：由2020年度的判定得出2个单位，登记在2021年度。")
    assert "1个单位待核，没有填：南村（X）" in last[1]
    assert lint(folder) == []


def test_what_is_recorded_is_a_value_like_others(folder: Path) -> None:
    _, after = new_year(villages(2020), folder)
    after = evolve(after, ledgers=[Ledger(u, "*", 2021) for u in "VWX"])
    result = evaluate(after, load_policy(folder), 2021)
    said = {u: result.finding(u, "village_again").status.value for u in "VWX"}
    assert said == {"V": "met", "W": "failed", "X": "undetermined"}
    assert "上年度平安村：否；要求是" in result.explain("W").text()
    assert "没有登记上年度平安村；要求是" in result.explain("X").text()
    assert "new-year" not in result.explain("X").text()
    assert "上年度平安村" in result.missing("X").text()
    assert not result.fix("W").plans  # it is past


def test_who_needs_a_result_is_told_where_it_comes_from(folder: Path) -> None:
    facts = villages(2020)
    both = evolve(facts, ledgers=[*facts.ledgers, *(Ledger(u, "*", 2021) for u in "VW")])
    result = evaluate(both, load_policy(folder), 2021)
    assert ("no_results", "village_before") in result.notices
    said = "数据中有上一期间（2020年度），用 new-year 由它的判定得出"
    assert said in result.explain("V").text()
    assert "holds the period before (2020): new-year judges it" in result.explain("V").text("en")
    asked = str(folder.parent / "both.json")
    write_facts(both, asked, load_policy(folder))
    done = CliRunner().invoke(main, ["evaluate", asked, "--policy", str(folder)])
    assert "没有登记上一期间的结论" in done.output
    assert "（上年度平安村、上年度评定）" in done.output


def test_levels_are_recorded_by_rank(folder: Path) -> None:
    """Two levels, with the higher asking for itself the year before: open where that is not
    known."""
    facts = Facts(
        units=[Unit(u, "community") for u in "KLMNOP"],
        incidents=[
            Incident("IM", "M", "gambling", date(2020, 5, 1)),
            Incident("IO", "O", "criminal_case", date(2020, 5, 1)),
        ],
        ledgers=[Ledger(u, "*", 2020) for u in "KLMNO"],
        values=[
            *(Value(u, "patrol", 2020, "no" if u == "N" else "yes") for u in "KLMNOP"),
            *(Value(u, "community_before", 2020, 2) for u in "LMNOP"),
        ],
    )
    done, after = new_year(facts, folder)
    assert found(after, "community_before") == {"L": 2, "M": 1, "N": 0, "O": 0}
    assert "“上年度评定”：2个单位待核，没有填：K、P" in done.output
    said = evaluate(evolve(after, units=facts.units), load_policy(folder), 2021)
    text = said.explain("M").text()
    assert "上年度评定：1；要求不低于2" in text


def test_who_is_not_met_has_that_result_in_the_next_year(folder: Path) -> None:
    """A clause that asks for what the unit cannot be any more is met in no later year."""
    answer = find_remedy(evaluate(villages(2020), load_policy(folder), 2020), "W")
    assert (answer.feasible, answer.first_year) == (False, None)
    assert "等到以后年度也不能达标：有条款看上一期间的结论。" in answer.text()
    assert "a clause looks at the result of the period" in answer.text("en")
    (folder / "before.lp").unlink()
    free = evolve(villages(2020), values=())
    assert find_remedy(evaluate(free, load_policy(folder), 2020), "W").first_year == 2021


@pytest.mark.parametrize(("least", "first"), [(2, None), (1, 2021)])
def test_at_most_the_level_below_is_the_result_of_who_cannot_reach_one(
    folder: Path, least: int, first: int | None
) -> None:
    text = COMMUNITY.replace("at_least, 2", f"at_least, {least}")
    (folder / "community.lp").write_text(rules_under("十六、") + text, encoding="utf-8")
    facts = Facts(
        units=[Unit("M", "community")],
        incidents=[Incident("I", "M", "gambling", date(2020, 5, 1))],
        ledgers=[Ledger("M", "*", 2020)],
        values=[Value("M", "patrol", 2020, "yes"), Value("M", "community_before", 2020, 2)],
    )
    answer = find_remedy(evaluate(facts, load_policy(folder), 2020), "M", level=2)
    assert (answer.feasible, answer.first_year) == (False, first)


def test_what_was_stated_stays_and_is_named_where_it_differs(folder: Path) -> None:
    facts = villages(2020)
    stated = [Value("V", "village_before", 2021, "no"), Value("X", "village_before", 2021, "yes"),
              Value("W", "village_before", 2021, "no")]  # fmt: skip
    facts = evolve(facts, values=[*facts.values, *stated])
    done, after = new_year(facts, folder)  # judged for 2020, whatever 2021 has recorded
    assert found(after, "village_before") == {"V": "no", "X": "yes", "W": "no"}
    assert "原来登记在2021年度的3个单位照旧" in done.output
    assert "1个单位登记的与判定不同，照登记的：东村（V）登记“否”、判定“是”" in done.output
    assert "待核，没有填" not in done.output
    english, _ = new_year(facts, folder, "--lang", "en")
    assert "东村 (V), recorded “no”, judged “yes”" in english.output


def test_a_period_that_is_not_over_is_not_judged(folder: Path) -> None:
    this = date.today().year
    facts = villages(this)
    facts = evolve(
        facts,
        units=[evolve(u, closed=None) for u in facts.units],
        incidents=(),
        ledgers=[*(Ledger(u, "*", y) for u in "VW" for y in (this, this - 1))],
        values=[Value("V", "village_before", this - 1, "yes")],
    )
    done, after = new_year(facts, folder)
    assert not after.values
    assert f"“上年度平安村”没有计算：{this}年度还没有结束" in done.output
    _, after = new_year(facts, folder, "--year", str(this - 1))
    assert found(after, "village_before") == {"V": "yes"}


def test_units_stand_where_the_period_ends(folder: Path) -> None:
    """What has closed or merged is not recorded; what has moved is, as it is met there."""
    facts = villages(2020)
    units = [evolve(u, closed=None) for u in facts.units]
    changes = [
        Change("X", date(2020, 6, 1), "merged_into", "V"),
        Change("HX", date(2020, 6, 1), "moved", "V"),
        Change("HY", date(2020, 7, 1), "moved", "V"),
    ]
    facts = evolve(
        facts, units=units, changes=changes, ledgers=[Ledger(u, "*", 2020) for u in "VWXY"]
    )
    done, after = new_year(facts, folder)
    assert after.changes == facts.changes
    assert found(after, "village_before") == {"V": "yes", "W": "no"}
    assert "1个单位待核，没有填：北村（Y）" in done.output  # without households there is no share


def test_cycles_of_two_years(folder: Path) -> None:
    path = folder / "programme.lp"
    kept = [x for x in path.read_text(encoding="utf-8").splitlines() if "_year(" not in x]
    path.write_text("\n".join([*kept, rules_under("十五、")]), encoding="utf-8")
    facts = villages(2016)
    ended = date(2018, 6, 30)
    incidents = [Incident("I1", "W", "criminal_case", ended),
                 Incident("I2", "V", "criminal_case", ended + timedelta(1))]  # fmt: skip
    facts = evolve(facts, incidents=incidents)
    _, after = new_year(facts, folder, "--year", "2016")
    assert [(v.unit, v.year, v.value) for v in after.values] == [
        ("V", 2018, "yes"), ("W", 2018, "no"),
    ]  # fmt: skip
    result = evaluate(after, load_policy(folder), 2018)
    assert result.finding("V", "village_again").status.value == "met"
    with pytest.raises(RequestError, match="没有从这一年开始的"):
        results_before(facts, load_policy(folder), 2017)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("yes_no, ", "whole,  ", "写不下这一类单位的结论"),
        ("yes_no, ", "rank, ", "写不下这一类单位的结论"),
        ("supply_cost(village", "lasting(village_before).\nsupply_cost(village", "只说一个期间"),
        ("supply_cost(village", "on_claim(village_before).\nsupply_cost(village", "只说一个期间"),
        ("result_before(village_before)", "result_before(votes)", "没有定义这个数值项目"),
        ("_before, village, yes_no", "_before, county, yes_no", "没有标准，没有上期结果"),
    ],
)
def test_an_item_that_cannot_hold_results_is_refused(
    folder: Path, old: str, new: str, said: str
) -> None:
    path = folder / "before.lp"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PolicyError, match=said) as error:
        load_policy(folder)
    places = [p.place.partition(" ")[0] for p in error.value.problems]
    assert any(re.fullmatch(r"before\.lp:6:\d+", p) for p in places), places
    assert said in "".join(f.zh for f in lint(folder))


@pytest.mark.parametrize("kind", ["whole", "choice", "yes_no"])
def test_an_item_of_levels_holds_each_rank(folder: Path, kind: str) -> None:
    path = folder / "community.lp"
    text = path.read_text(encoding="utf-8").replace(
        "community_before, 0, 2", "community_before, 0, 1"
    )
    if kind == "choice":
        text = text.replace("input_range(community_before, 0, 1)",
                            'input_choice(community_before, 1..2, c, "社区", "c")')  # fmt: skip
    if kind == "yes_no":
        text = text.replace("at_least, 2", "at_least, 1")
    path.write_text(text.replace("before, community, whole", f"before, community, {kind}"), "utf-8")
    with pytest.raises(PolicyError, match="写不下这一类单位的结论"):
        load_policy(folder)


def test_nothing_is_judged_where_no_clause_looks_back(tmp_path: Path) -> None:
    target = str(tmp_path / "n.json")
    asked = ["new-year", str(sample_county(load_policy().folder)), target]
    done = CliRunner().invoke(main, [*asked, "--year", "2016"])
    assert "没有看上期结果的条款" in str(done.exception)


def test_the_shipped_cycles_follow_each_other(tmp_path: Path) -> None:
    """The sample is judged for its cycle, and the next looks back on what it came to."""
    policy = load_policy("luzhou-2023")
    sample = sample_county(policy.folder)
    this = evaluate(load_facts(sample, policy), policy, 2023)
    new = str(tmp_path / "2025.xlsx")
    asked = ["new-year", str(sample), new, "--policy", "luzhou-2023"]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.output
    assert "由2023年7月—2025年6月的判定得出9个单位，登记在2025年7月—2027年6月" in done.output
    assert "1个单位待核，没有填：果园市场（M10）" in done.output
    after = load_facts(new, policy)
    ranks = {"five": 3, "four": 2, "three": 1, "none": 0}
    recorded = {u: ranks[str(v)] for u, v in found(after, "prior").items()}
    levels = {"market_five": 3, "market_four": 2, "market_three": 1, None: 0}
    lines = {u: line.levels for u, _, line in this.lines("market")}
    assert recorded == {
        u: levels[at.reached] for u, at in lines.items() if at is not None and not at.open
    }
    following = evaluate(after, policy, 2025)
    for unit, status in (
        ("M01", "met"),
        ("M07", "met"),
        ("M03", "failed"),
        ("M10", "undetermined"),
    ):
        assert following.finding(unit, "market_prior").status.value == status
    assert "上一周期评定：三星级；要求不低于四星级" in following.explain("M03").text()
