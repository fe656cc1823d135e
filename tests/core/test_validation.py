"""Checks of whole records: every mistake word for word, all at once, in the order of the rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest

from pingan_logic import Facts, Incident, InputError, Policy, Problem, Unit
from pingan_logic.intake.checking import Torn
from pingan_logic.intake.validation import check_facts, default_policy
from pingan_logic.intake.values import FLOAT
from pingan_logic.model import Change, Ledger, NotApplicable, Poll, Requirement, Score

TODAY = date(2016, 7, 1)
V = Unit("V", "village")
H = Unit("H", "household", "", "V")


def problems(policy: Policy, facts: Facts, **options: Any) -> list[Problem]:
    try:
        check_facts(facts, policy, today=TODAY, **options)
    except InputError as error:
        return list(error.problems)
    return []


def said(policy: Policy, facts: Facts, **options: Any) -> list[tuple[str, ...]]:
    found = problems(policy, facts, **options)
    return [(p.place, p.zh, p.en, p.found, p.nearest) for p in found]


def of(column: str, value: Any) -> Facts:
    """Return facts of one row, sound but for one column, as in `units.id`."""
    table, _, name = column.partition(".")
    sound: dict[str, Any] = {
        "units": Unit("U", "village"),
        "incidents": Incident("I", "U", "gambling", date(2014, 5, 1)),
        "ledgers": Ledger("U", "*", 2014),
        "scores": Score("U", 2014, Decimal(90)),
        "polls": Poll("U", 2014, "met"),
        "requirements": Requirement("village", 2014, 3),
        "not_applicable": NotApplicable("U", "compound_buildings", 2014, "无住户"),
        "changes": Change("U", date(2014, 5, 1), "renamed", "新名"),
    }
    rows = {table: [attrs.evolve(sound[table], **{name: value})]}
    return Facts(**{"units": [sound["units"]], **rows})


YEAR = ("年份应在1949至2016之间", "expected a year from 1949 to 2016")
COUNT = ("应为1至2147483647", "expected 1 to 2147483647")
DECIMAL = ("应为 Decimal 小数", "expected a Decimal")
SCORE = ("应为0至100，最多两位小数", "expected 0 to 100 with at most two decimal places")
DAY = ("日期应在1949年之后且不晚于今天", "expected a date after 1949, not in the future")
TEXT = ("应为文字", "expected text")
CONTROL = (
    "不得含控制字符、换行或 NUL、不可见字符",
    "no control characters, newlines, NUL or invisible characters",
)
QUOTE = ("编号不得含引号或反斜线", "no quotes or backslashes in an id")
FIRST = ("编号应以字母、数字或汉字开头", "an id starts with a letter or digit")
LONG = ("不得超过200个字符", "at most 200 characters")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("units.id", "村01"), ("units.id", "1"), ("units.id", "x" * 200), ("units.name", "-"),
        ("units.name", "x" * 200), ("units.name", ' "x" '), ("ledgers.year", 1949),
        ("ledgers.year", 2016), ("polls.rank", None), ("requirements.max_rank", 1),
        ("requirements.max_rank", 2**31 - 1), ("scores.score", Decimal(0)),
        ("scores.score", Decimal(100)), ("scores.score", Decimal("84.99")),
        ("scores.score", Decimal("84.990")), ("incidents.date", date(1949, 1, 1)),
        ("incidents.date", date(2016, 7, 1)), ("incidents.grade", None),
        ("ledgers.item", "gambling"),
    ],
)  # fmt: skip
def test_values_that_fit(policy: Policy, column: str, value: Any) -> None:
    assert said(policy, of(column, value)) == []


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("units.name", 7, TEXT), ("units.name", b"x", TEXT), ("units.name", "a\nb", CONTROL),
        ("units.name", "a\x00", CONTROL), ("units.name", "a\u2028", CONTROL),
        ("units.name", "\ud800", CONTROL), ("units.name", "x" * 201, LONG),
        ("units.id", 'a"', QUOTE), ("units.id", "a'", QUOTE), ("units.id", "a\\", QUOTE),
        ("units.id", "a`", QUOTE), ("units.id", "a\tb", CONTROL), ("units.id", "-a", FIRST),
        ("units.id", "", FIRST), ("units.id", " a", FIRST), ("units.id", "a ", FIRST),
        ("units.id", "a" * 201, LONG),
        ("ledgers.year", 1948, YEAR), ("ledgers.year", 2017, YEAR), ("ledgers.year", "2014", YEAR),
        ("ledgers.year", True, YEAR), ("ledgers.year", 2014.0, FLOAT),
        ("requirements.max_rank", 0, COUNT), ("requirements.max_rank", 2**31, COUNT),
        ("requirements.max_rank", True, COUNT), ("requirements.max_rank", "3", COUNT),
        ("scores.score", 84.5, FLOAT), ("scores.score", Decimal("NaN"), DECIMAL),
        ("scores.score", Decimal("Infinity"), DECIMAL), ("scores.score", Decimal("-0.01"), SCORE),
        ("scores.score", Decimal("100.01"), SCORE), ("scores.score", Decimal("84.999"), SCORE),
        ("incidents.date", date(1948, 12, 31), DAY), ("incidents.date", date(2016, 7, 2), DAY),
        ("incidents.date", "2014-05-01", ("应为日期", "expected a date")),
    ],
)  # fmt: skip
def test_values_that_do_not(
    policy: Policy, column: str, value: Any, expected: tuple[str, str]
) -> None:
    table, _, name = column.partition(".")
    found = said(policy, of(column, value))
    assert found == [(f"{table}[0] {name}", *expected, str(value), None)]


GRADES = ("应为 {}", "expected one of minor, large, major, extreme")


@pytest.mark.parametrize(
    ("column", "value", "shown", "near"),
    [
        ("incidents.grade", "majr", "minor、large、major、extreme", "major"),
        ("incidents.grade", "zzz zzz", "minor、large、major、extreme", None),
        ("incidents.grade", "特大", "一般、较大、重大、特别重大", "特别重大"),
        ("incidents.grade", "重大的", "一般、较大、重大、特别重大", "重大"),
        ("incidents.grade", "", "一般、较大、重大、特别重大", None),
        ("incidents.grade", "3", "一般、较大、重大、特别重大", None),
    ],
)
def test_words_are_answered_in_their_language(
    policy: Policy, column: str, value: str, shown: str, near: str | None
) -> None:
    table, _, name = column.partition(".")
    assert said(policy, of(column, value)) == [
        (f"{table}[0] {name}", GRADES[0].format(shown), GRADES[1], value, near)
    ]


def test_the_same_mistake_stands_in_every_row(policy: Policy) -> None:
    facts = Facts(
        units=[V], ledgers=[Ledger("V", i, y) for i, y in (("x", 9), ("*", 2014), ("x", 9))]
    )
    found = problems(policy, facts)
    assert [(p.place, p.found) for p in found] == [
        ("ledgers[0] item", "x"), ("ledgers[0] year", "9"),
        ("ledgers[2] item", "x"), ("ledgers[2] year", "9"),
    ]  # fmt: skip
    assert found[0].en == found[2].en
    assert found[0].en.startswith("expected one of 24 words, such as *, ")


def test_one_value_may_be_wrong_in_two_ways(policy: Policy) -> None:
    found = said(policy, of("incidents.grade", "x\x00"))
    assert found[0][1:3] == CONTROL
    assert found[1][2] == GRADES[1]
    (problem,) = problems(policy, of("incidents.grade", 5))  # not text, so no word either
    assert (problem.zh, problem.found) == ("应为文字", "5")


def test_values_that_are_equal_but_not_the_same_are_told_apart(policy: Policy) -> None:
    facts = Facts(units=[V], ledgers=[Ledger("V", "*", y) for y in (2014, 2014.0)])  # type: ignore[arg-type]
    assert [p.place for p in problems(policy, facts)] == ["ledgers[1] year"]
    facts = Facts(units=[V], polls=[Poll("V", 2014, None, r) for r in (True, 1)])
    assert [p.place for p in problems(policy, facts)] == ["polls[0] rank"]
    facts = Facts(units=[V, Unit(["U"], "village"), Unit(["W"], "village")])  # type: ignore[arg-type]
    assert [(p.place, *(p.zh, p.en), p.found) for p in problems(policy, facts)] == [
        ("units[1] id", *TEXT, "['U']"), ("units[2] id", *TEXT, "['W']"),
    ]  # fmt: skip


def test_rows_that_are_no_records(policy: Policy) -> None:
    facts = Facts(units=[V, "H", Unit("W", "x", "a\n")])  # type: ignore[list-item]
    found = said(policy, facts)
    assert found[0] == ("units[1]", "应为 Unit", "expected Unit", None, None)
    assert [f[0] for f in found[1:]] == ["units[2] kind", "units[2] name"]


UNKNOWN = ("“单位”表（units）中没有这个编号，请填表中的编号",
           "there is no such unit in units; use an id that stands there")  # fmt: skip


@pytest.mark.parametrize(
    ("column", "place"),
    [
        ("incidents.unit", "incidents[0] unit"),
        ("incidents.responsible_unit", "incidents[0] responsible_unit"),
        ("ledgers.unit", "ledgers[0] unit"),
        ("scores.unit", "scores[0] unit"),
        ("polls.unit", "polls[0] unit"),
        ("not_applicable.unit", "not_applicable[0] unit"),
        ("changes.unit", "changes[0] unit"),
        ("units.parent", "units[0] parent"),
    ],
)
def test_every_unit_named_is_there(policy: Policy, column: str, place: str) -> None:
    found = said(policy, of(column, "U9"))
    if column != "units.parent":
        assert found == [(place, *UNKNOWN, "U9", "U")]
        assert said(policy, of(column, "U")) == []
        return
    # what it may be in is said, and nothing offered that it may not be in
    inside = ("（村（社区）在县、乡镇内）", " (village in county or township)")
    assert found == [(place, *(u + i for u, i in zip(UNKNOWN, inside, strict=True)), "U9", None)]


def test_a_float_of_numpy_is_no_exact_number(policy: Policy) -> None:
    numpy = pytest.importorskip("numpy")
    score = numpy.float32(84.5)
    assert said(policy, of("scores.score", score)) == [("scores[0] score", *FLOAT, "84.5", None)]


def test_what_stands_in_nothing_is_told_nothing_of_containers(policy: Policy) -> None:
    facts = Facts(units=[Unit("C", "county", "", "U9")])
    assert said(policy, facts)[0] == ("units[0] parent", *UNKNOWN, "U9", None)


def test_a_container_is_offered_that_may_stand_there(policy: Policy) -> None:
    units = [Unit("T-01", "township"), Unit("V-1", "village", "", "T-99"),
             *(Unit(f"H-{n:04}", "household", "", "V-1") for n in (99, 799))]  # fmt: skip
    assert [(f[3], f[4]) for f in said(policy, Facts(units=units))] == [("T-99", "T-01")]


def test_a_name_where_an_id_belongs_is_understood(policy: Policy) -> None:
    units = [Unit("V-1", "village", "东村"), Unit("V-2", "village", "西村"),
             Unit("V-3", "village", "同名"), Unit("V-4", "village", "同名")]  # fmt: skip
    ledgers = [Ledger(u, "*", 2014) for u in ("东村", "西村", "同名", "东村")]
    found = said(policy, Facts(units=units, ledgers=ledgers))
    assert [(f[0], f[4]) for f in found] == [
        ("ledgers[0] unit", "V-1"), ("ledgers[1] unit", "V-2"), ("ledgers[2] unit", None),
        ("ledgers[3] unit", "V-1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "rows", "column", "found"),
    [
        ("units", [V, H, V], "id", "V"),
        ("incidents", [Incident("I", u, "gambling", date(2014, 5, 1)) for u in "VHV"], "id", "I"),
        ("scores", [Score(u, 2014, Decimal(n)) for n, u in enumerate("VHV")], "unit", "V 2014"),
        ("polls", [Poll(u, 2014, "met") for u in "VHV"], "unit", "V 2014"),
        ("requirements", [Requirement(k, 2014, 3) for k in ("village", "township", "village")],
         "kind", "village 2014"),
        ("not_applicable", [NotApplicable(u, "compound_buildings", 2014, "无") for u in "VHV"],
         "unit", "V compound_buildings 2014"),
    ],
)  # fmt: skip
def test_rows_that_stand_twice(
    policy: Policy, table: str, rows: list[Any], column: str, found: str
) -> None:
    facts = Facts(**{"units": [V, H], table: rows})
    twice = [p for p in said(policy, facts) if p[1].startswith("重复")]
    first = 1 if table == "incidents" else 0
    expected = (f"重复，已见于 {table}[0]", f"duplicate of `{table}[0]`", found, None)
    assert twice[-1] == (f"{table}[2] {column}", *expected)
    assert len(twice) == 1 + first


def test_other_years_and_clauses_are_no_duplicates(policy: Policy) -> None:
    facts = Facts(
        units=[V],
        scores=[Score("V", y, Decimal(90)) for y in (2014, 2015)],
        polls=[Poll("V", y, "met") for y in (2014, 2015)],
        requirements=[Requirement("village", y, 3) for y in (2014, 2015)],
        not_applicable=[NotApplicable("V", "compound_buildings", y, "无") for y in (2014, 2015)],
    )
    assert said(policy, facts) == []


def test_a_poll_has_a_result_or_a_rank(policy: Policy) -> None:
    polls = [Poll("V", 2013, "met", 1), Poll("V", 2014, None, 1), Poll("V", 2015)]
    either = ("结果（result）和名次（rank）应填且只填一个",
              "exactly one of result and rank must be given", None, None)  # fmt: skip
    assert said(policy, Facts(units=[V], polls=polls)) == [
        ("polls[0] result", *either), ("polls[2] result", *either),
    ]  # fmt: skip


def test_only_schools_and_hospitals_are_affiliated(policy: Policy) -> None:
    units = [Unit("S", "school", affiliation="county"), Unit("V", "village", affiliation="county"),
             Unit("X", "nothing", affiliation="county"), H]  # fmt: skip
    found = said(policy, Facts(units=units), place=lambda t, n, c: f"{t} {n} {c}")
    assert [f for f in found if f[0].endswith("affiliation")] == [
        ("units 1 affiliation", "只有学校和医院填隶属",
         "only these have an affiliation: school, hospital", "county", None),
    ]  # fmt: skip
    other = attrs.evolve(policy, affiliable=frozenset({"village"}))
    assert {f[1:3] for f in said(other, Facts(units=[units[0]]))} == {
        ("只有村（社区）填隶属", "only these have an affiliation: village")
    }
    three = attrs.evolve(policy, affiliable=frozenset({"school", "hospital", "enterprise"}))
    assert {f[1] for f in said(three, Facts(units=[units[1]]))} == {"只有企业、学校和医院填隶属"}
    none = attrs.evolve(policy, affiliable=frozenset())
    assert {f[1:3] for f in said(none, Facts(units=[units[0]]))} == {
        ("单位不填隶属", "no unit has an affiliation")
    }


def test_what_may_contain_what(policy: Policy) -> None:
    units = [V, H, Unit("W", "village", "", "H"), Unit("C", "county", "", "V"),
             Unit("X", "nothing", "", "H"), Unit("Y", "household", "", "X")]  # fmt: skip
    found = said(policy, Facts(units=units), place=lambda t, n, c: f"{t} {n} {c}")
    assert [f for f in found if f[0].endswith("parent")] == [
        ("units 2 parent", "村（社区）的所在单位应为县、乡镇，填的是家庭",
         "the unit that a village is in must be county, township, and this is a household",
         "H", None),
        ("units 3 parent", "县的所在单位应为空，填的是村（社区）",
         "the unit that a county is in must be blank, and this is a village", "V", None),
    ]  # fmt: skip


def test_containers_do_not_form_a_cycle(policy: Policy) -> None:
    def loops(**parents: str) -> list[tuple[str, str | None]]:
        units = [Unit(u, "building", "", p) for u, p in parents.items()]
        found = said(policy, Facts(units=units))
        assert {f[1:3] for f in found if "环" in f[1]} <= {
            ("所在单位的关系成环", "the containers form a cycle")
        }
        return [(f[0], f[3]) for f in found if "环" in f[1]]

    assert loops(A="A") == [("units[0] parent", "A -> A")]
    assert loops(A="B", B="C", C="B") == [("units[1] parent", "B -> C -> B")]
    assert loops(A="B", B="A", C="D", D="C") == [
        ("units[0] parent", "A -> B -> A"), ("units[2] parent", "C -> D -> C"),
    ]  # fmt: skip
    assert loops(A="C", B="C", C="D", D="") == []


def test_too_many_units(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Policy, "most_units", 1)
    assert said(policy, Facts(units=[V])) == []
    assert said(policy, Facts(units=[V, H])) == [
        ("units", "按规则中比例的精度，单位数不得超过1，否则计算溢出",
         "at most 1 units with shares as fine as the policy's, or numbers overflow", "2", None),
    ]  # fmt: skip


def torn(table: str, **values: Any) -> Torn:
    return Torn(table, values, lambda column: f"{table} row 9 {column}")


def test_the_rest_of_a_row_that_could_not_be_read_is_checked_too(policy: Policy) -> None:
    rows = [torn("incidents", id="I", unit="Z", type="gamblin", grade="major"),
            torn("ledgers", unit="V", year=1900)]  # fmt: skip
    found = said(policy, Facts(units=[V]), torn=rows, place=lambda t, n, c: "")
    assert [(f[0], *f[3:]) for f in found] == [
        ("incidents row 9 type", "gamblin", "gambling"), ("incidents row 9 unit", "Z", None),
        ("ledgers row 9 year", "1900", None),
    ]  # fmt: skip
    assert found[1][1:3] == UNKNOWN


def test_a_unit_whose_row_could_not_be_read_is_still_there(policy: Policy) -> None:
    ledger = [Ledger("W-1", "*", 2014)]
    lost = torn("units", id="W-1", kind="household")
    assert said(policy, Facts(units=[V], ledgers=ledger), torn=[lost]) == []
    facts = Facts(units=[V], ledgers=[Ledger("W-2", "*", 2014)])
    assert said(policy, facts, torn=[lost]) == [("ledgers[0] unit", *UNKNOWN, "W-2", "W-1")]
    below = Facts(units=[V, Unit("U", "village", "", "W-1")])
    assert [f[0] for f in said(policy, below, torn=[lost])] == ["units[1] parent"]
    without_kind = torn("units", id="W-1")
    assert said(policy, below, torn=[without_kind]) == []


def test_no_unit_is_unknown_while_rows_of_units_are_missing(policy: Policy) -> None:
    facts = Facts(units=[V], ledgers=[Ledger("Z", "*", 2014)])
    assert len(said(policy, facts)) == 1
    assert said(policy, facts, torn=[torn("units", kind="village")]) == []
    assert said(policy, facts, partial=frozenset({"units"})) == []
    assert len(said(policy, facts, torn=[torn("scores", year=2014)])) == 1
    assert len(said(policy, facts, partial=frozenset({"scores"}))) == 1


def test_earlier_problems_are_told_together_in_the_order_of_the_rows(policy: Policy) -> None:
    early = [Problem("units.csv row 10 id", "十", "ten"), Problem("units.csv row 9 id", "九", "n"),
             Problem("polls.csv", "表", "table")]  # fmt: skip
    found = problems(policy, Facts(units=[V]), problems=early)
    assert [p.place for p in found] == ["polls.csv", "units.csv row 9 id", "units.csv row 10 id"]
    assert len(early) == 3
    facts = Facts(units=[attrs.evolve(V, kind="x")], ledgers=[Ledger("Z", "*", 2014)])
    found = problems(policy, facts, problems=early[:1], place=lambda t, n, c: f"{t}.csv row 2 {c}")
    assert [p.place for p in found] == [
        "ledgers.csv row 2 unit", "units.csv row 2 kind", "units.csv row 10 id",
    ]  # fmt: skip


def test_facts_are_marked_as_checked_and_not_checked_again(policy: Policy) -> None:
    facts = Facts(units=[V])
    checked = check_facts(facts, policy, today=TODAY)
    assert facts.checked_by is None
    assert checked.checked_by is policy
    assert checked == facts
    assert check_facts(checked, policy) is checked
    assert check_facts(facts).checked_by == default_policy()
    wrong = Facts(units=[attrs.evolve(V, kind="x")], checked_by=policy)
    assert check_facts(wrong, policy) is wrong
    with pytest.raises(InputError):
        check_facts(wrong, attrs.evolve(policy, name="another"))
    with pytest.raises(InputError):
        check_facts(checked, policy, problems=[Problem("here", "一", "one")])


def test_dates_are_checked_against_today(policy: Policy) -> None:
    facts = of("incidents.date", date.today())
    assert check_facts(facts, policy).checked_by is policy


def test_the_shipped_policy_is_loaded_once() -> None:
    assert default_policy() is default_policy()
