"""What a run is asked and what it says of itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve

import pingan_logic.evaluation as evaluation
from pingan_logic import Facts, Incident, InputError, Ledger, Policy, RequestError, Unit, evaluate
from pingan_logic.errors import Problem
from pingan_logic.rules.proof import Proof

HOME = [Unit("V", "village"), Unit("H-1", "household", "", "V"), Unit("H-2", "household", "", "V")]
NOW = date(2016, 7, 8)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    class Today(date):
        @classmethod
        def today(cls) -> date:  # type: ignore[override]
            return NOW

    monkeypatch.setattr(evaluation, "date", Today)


def facts(*years: int) -> Facts:
    return Facts(units=HOME, ledgers=[Ledger("V", "*", y) for y in years])


def test_the_latest_year_of_the_data_is_judged(policy: Policy) -> None:
    result = evaluate(facts(2014, 2015, 2013), policy)
    assert (result.year, result.cut_off, result.of_the_run) == (2015, date(2015, 12, 31), ())
    assert result.policy is policy
    assert result.status("H-1").value == "met"


def test_the_shipped_policy_is_the_default(policy: Policy) -> None:
    assert evaluate(facts(2014)).policy.name == policy.name
    assert evaluate(facts(2014), policy.folder).policy.name == policy.name
    assert evaluate(facts(2014), str(policy.folder)).policy.name == policy.name


def test_data_without_a_year_is_judged_for_that_of_the_notice(policy: Policy) -> None:
    result = evaluate(facts(), policy)
    assert result.year == 2014
    assert result.of_the_run == (("no_year", "2014"), ("no_ledgers", "2014"))
    with pytest.raises(RequestError) as refusal:
        evaluate(facts(), evolve(policy, default_year=None))
    assert refusal.value.problems == (
        Problem("--year", "数据中没有年度，请指定", "the data names no year; give one"),
    )


@pytest.mark.parametrize(("year", "nearest"), [(1948, "2014"), (2017, "2014")])
def test_years_out_of_range_are_refused(policy: Policy, year: int, nearest: str) -> None:
    expected = ("年份应在1949至2016之间", "expected a year from 1949 to 2016", str(year))
    with pytest.raises(RequestError) as refusal:
        evaluate(facts(2013, 2014), policy, year)
    assert refusal.value.problems == (Problem("--year", *expected, nearest),)
    with pytest.raises(RequestError) as refusal:
        evaluate(facts(), policy, year)
    assert refusal.value.problems == (Problem("--year", *expected, None),)


@pytest.mark.parametrize("year", [1949, 2016])
def test_the_first_and_the_last_year_can_be_judged(policy: Policy, year: int) -> None:
    result = evaluate(facts(2013), policy, year)
    assert ("no_data", str(year)) in result.of_the_run
    assert ("no_ledgers", str(year)) in result.of_the_run


def test_a_year_with_data_but_without_ledgers(policy: Policy) -> None:
    other = Facts(units=HOME, incidents=[Incident("I", "V", "gambling", date(2015, 1, 1))],
                  ledgers=[Ledger("V", "*", 2014)])  # fmt: skip
    assert evaluate(other, policy).of_the_run == (("no_ledgers", "2015"),)
    assert evaluate(other, policy, 2014).of_the_run == ()


@pytest.mark.parametrize(
    ("year", "day", "cut_off", "notices"),
    [
        (2014, None, date(2014, 12, 31), ()),
        (2014, date(2014, 12, 31), date(2014, 12, 31), ()),
        (2014, date(2014, 12, 30), date(2014, 12, 30), (("preliminary", "2014-12-30"),)),
        (2014, date(2015, 3, 1), date(2014, 12, 31), ()),
        (2016, None, NOW, (("preliminary", "2016-07-08"),)),
        (2016, date(2016, 7, 9), NOW, (("preliminary", "2016-07-08"),)),
        (2016, date(2016, 7, 7), date(2016, 7, 7), (("preliminary", "2016-07-07"),)),
    ],
)
def test_the_cut_off_is_the_earliest_of_all(
    policy: Policy, year: int, day: date | None, cut_off: date, notices: tuple[Any, ...]
) -> None:
    result = evaluate(facts(2014, 2016), policy, year, as_of=day)
    assert (result.cut_off, result.of_the_run) == (cut_off, notices)


def test_rules_that_tell_units_apart_are_named_when_units_are_grouped(policy: Policy) -> None:
    found = (Problem("x.lp:1", "辨别", "tells apart"),)
    apart = evolve(policy, proof=Proof(found, (), "", ()))
    assert evaluate(facts(2014), apart).of_the_run == (("tells_apart", "x.lp:1"),)
    assert evaluate(facts(2014), apart, grouped=False).of_the_run == ()


def test_like_units_are_judged_once_unless_each_shall_be(policy: Policy) -> None:
    assert evaluate(facts(2014), policy).outcome.groups.sizes == {"V": 1, "H-1": 2}
    each = evaluate(facts(2014), policy, grouped=False)
    assert each.outcome.groups.sizes == {"V": 1, "H-1": 1, "H-2": 1}
    numbered = evaluate(facts(2014), policy, numbers={"H-2": 10})
    assert numbered.count("household")["counted"] == 11


def test_attainment_is_counted_when_asked_for(policy: Policy) -> None:
    assert evaluate(facts(2014), policy).outcome.attainment == {}
    asked = evaluate(facts(2014), policy, attainment=True).outcome.attainment
    assert asked["household", ""] == (2, 0, 2, 0, "proven_met")


def test_one_unit_is_judged_from_its_part_of_the_data(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = [Unit("W", "village"), Unit("G", "household", "", "W")]
    data = Facts(units=[*HOME, *other], ledgers=[Ledger("V", "*", 2014)])
    solve = evaluation.solve
    asked: list[Any] = []

    def recorded(judged: Facts, *told: Any, **more: Any) -> Any:
        asked.append((sorted(judged.units.column("id")), list(more["beside"]["alike"])))
        return solve(judged, *told, **more)

    monkeypatch.setattr(evaluation, "solve", recorded)
    alone = evaluate(data, policy, unit="H-2")
    assert asked == [(["H-2", "V"], [])]
    assert list(alone) == ["H-2"]
    assert alone.status("H-2").value == "met"
    whole = evaluate(data, policy)
    assert list(whole) == ["V", "W", "G", "H-1", "H-2"]
    assert asked[1:] == [(["G", "H-1", "V", "W"], ['alike("H-1")'])]
    with pytest.raises(RequestError) as refusal:
        evaluate(data, policy, unit="H-3")
    (problem,) = refusal.value.problems
    assert (problem.place, problem.found) == ("UNIT", "H-3")
    assert problem.nearest in ("H-1", "H-2")


def test_wrong_data_is_refused_and_nothing_judged(policy: Policy) -> None:
    with pytest.raises(InputError) as refusal:
        evaluate(Facts(units=[Unit("H", "household", "", "no such")]), policy)
    assert [p.found for p in refusal.value.problems] == ["no such"]


def test_the_numbers_of_ratios_may_be_left_until_they_are_asked_for(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Facts(units=HOME, ledgers=[Ledger("V", "*", 2014)])
    solve = evaluation.solve
    asked: list[list[str]] = []

    def recorded(*told: Any, **more: Any) -> Any:
        asked.append(more["asked"])
        return solve(*told, **more)

    monkeypatch.setattr(evaluation, "solve", recorded)
    found = evaluate(data, policy, shares=False)
    assert found.count("household")["met"] == 2
    assert asked == [[]]
    assert found["V"].findings == evaluate(data, policy)["V"].findings
    (ratio,) = (f for f in found["V"].findings if f.share is not None)
    assert str(ratio.share) == "2/2=100.0%"
    assert asked == [[], ["shares"], ["shares"]]
