"""The table of values: what a policy declares, how it is read, and what the rules are told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from pingan_logic import Facts, InputError, Policy, PolicyError, Unit, Value, evaluate, load_facts
from pingan_logic.cases import load_cases, run_cases
from pingan_logic.certificate import certificate
from pingan_logic.cli import main
from pingan_logic.export import write_facts
from pingan_logic.export.xlsx import to_xlsx
from pingan_logic.judging.classes import classes
from pingan_logic.questions.comparison import change_facts
from pingan_logic.recheck import checker
from pingan_logic.rules.find import base_folder
from pingan_logic.solving.encode import fact_atoms
from pingan_logic.solving.load_policy import load_policy
from tests.policies import policy_with_inputs

UNITS = [
    {"id": "C", "kind": "county"},
    {"id": "V", "kind": "村", "name": "东村", "parent": "C"},
    {"id": "W", "kind": "village", "parent": "C"},
    {"id": "M", "kind": "market", "parent": "V"},
    {"id": "N", "kind": "market", "parent": "V"},
]
VALUES = """unit,item,year,value
东村,常住人口,2020,1200人
V,residents,2019,1100
V,面积,2020,35.5 亩
V,监控覆盖率,2020,95.5%
M,有安保人员,2020,是
N,星级,2020,二星
V,titled,2019,2019年3月2日
V,测评名次,2020,第4名
W,survey,2020,2
村,测评名次要求,2020,3
"""
READ = [
    ("V", "residents", 2020, 1200, "1200人"),
    ("V", "residents", 2019, 1100, "1100人"),
    ("V", "area", 2020, Decimal("35.5"), "35.5亩"),
    ("V", "coverage", 2020, Decimal("95.5"), "95.5%"),
    ("M", "guarded", 2020, "yes", "是"),
    ("N", "stars", 2020, "two", "二星"),
    ("V", "titled", 2019, date(2019, 3, 2), "2019-03-02"),
    ("V", "survey", 2020, 4, "第4名"),
    ("W", "survey", 2020, 2, "第2名"),
    ("village", "survey_limit", 2020, 3, "第3名"),
]
TOLD = [
    'value("V",residents,2020,1200)', 'value("V",residents,2019,1100)', 'value("V",area,2020,355)',
    'value("V",coverage,2020,9550)', 'value("M",guarded,2020,1)', 'value("N",stars,2020,2)',
    'value("V",titled,2019,20190302)', 'value("V",survey,2020,4)', 'value("W",survey,2020,2)',
]  # fmt: skip


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    return load_policy(policy_with_inputs(tmp_path_factory.mktemp("policy") / "linjiang"))


@pytest.fixture(scope="module")
def county(declared: Policy, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    folder = tmp_path_factory.mktemp("county")
    names = ("id", "kind", "name", "parent")
    rows = [",".join(unit.get(name, "") for name in names) for unit in UNITS]
    (folder / "units.csv").write_text("\n".join([",".join(names), *rows]), encoding="utf-8")
    (folder / "数值.csv").write_text(VALUES, encoding="utf-8")
    return load_facts(folder, declared)


def test_values_are_read_as_their_items_say(declared: Policy, county: Facts) -> None:
    assert [(v.unit, v.item, v.year, v.value) for v in county.values] == [r[:4] for r in READ]
    assert [declared.inputs[r[1]].said(r[3], "zh") for r in READ] == [r[4] for r in READ]
    for _, item, _, value, _ in READ:
        about = declared.inputs[item]
        assert about.value(about.number(value)) == value
    assert Facts.from_dict(county.to_dict(), declared) == county
    assert county.years() == (2019, 2020)
    assert len(county.until(2019).values) == 2


def test_the_rules_are_told_integers(declared: Policy, county: Facts) -> None:
    atoms = fact_atoms(county, declared, 2020, date(2020, 12, 31))
    assert atoms["value"] == TOLD
    assert atoms["given"] == ["given(village,survey_limit,2020,3)"]
    found = evaluate(county, declared, 2020)
    decided = {u: found.outcome.findings[u][c][0] for u, c in (
        ("V", "village_survey"), ("W", "village_survey"),
        ("M", "market_guard"), ("N", "market_guard"))}  # fmt: skip
    assert decided == {"V": "failed", "W": "met", "M": "met", "N": "met"}
    without = Facts(units=county.units, checked_by=declared)
    assert evaluate(without, declared, 2020).outcome.findings["N"]["market_guard"][0] == "failed"


def row(unit: str, item: str, value: Any, year: Any = 2020) -> dict[str, Any]:
    return {"unit": unit, "item": item, "year": year, "value": value}


WRONG = [
    (row("V", "常驻人口", 3), "应为 常住人口、面积、监控覆盖率", "常住人口"),
    (row("V", "residnts", 3), "应为 residents、area、coverage", "residents"),
    (row("V", "residents", "12.5"), "“常住人口”应为整数", None),
    (row("V", "residents", "1200户"), "“常住人口”应为整数", None),
    (row("V", "residents", 100001), "“常住人口”应为0人～100000人", None),
    (row("V", "area", "3.25"), "“面积”应为数字，最多1位小数", None),
    (row("V", "area", True), "应为文字或数字", None),
    (row("V", "coverage", "101%"), "“监控覆盖率”应为0%～100%", None),
    (row("V", "coverage", "95.555"), "“监控覆盖率”应为百分数", None),
    (row("M", "guarded", "也许"), "“有安保人员”应为 是、否", None),
    (row("M", "stars", "四星"), "“星级”应为 一星、二星、三星", "二星"),
    (row("V", "titled", "2999-05-01"), "“授牌日期”应为1949-01-01～", None),
    (row("V", "titled", "13-05-01"), "应为日历上有的日期", None),
    (row("V", "survey", 0), "“测评名次”应为第1名～第1000000名", None),
    (row("V", "stars", "一星"), "“星级”只登记在市场名下，这个单位是村", None),
    (row("市场", "survey_limit", 3), "“测评名次要求”由上级按类别规定", None),
    (row("V", "survey_limit", 3), "单位一格应填类别：村", "village"),
    (row("V-1", "survey", 3), "“单位”表（units）中没有这个编号", None),
    (row("V", "survey", ""), "不能为空", None),
    (row("V", "survey", 0, "x"), "“测评名次”应为第1名～第1000000名", None),
    (row("M", "survey", 3, "x"), "“测评名次”只登记在村名下", None),
]


@pytest.mark.parametrize(("cells", "said", "near"), WRONG)
def test_a_wrong_value_is_told_by_its_cell(
    cells: dict[str, Any], said: str, near: str | None, declared: Policy
) -> None:
    with pytest.raises(InputError) as error:
        Facts.from_dict({"units": UNITS, "values": [cells]}, declared)
    problem = next(p for p in error.value.problems if said in p.zh)
    assert problem.place.startswith("facts values[0] ")
    assert problem.nearest == near
    assert problem.en


def test_a_value_stands_once_a_year(declared: Policy) -> None:
    rows = [row("V", "survey", 1), row("V", "survey", 1, 2019), row("V", "survey", 2)]
    with pytest.raises(InputError, match="重复，已见于 facts values"):
        Facts.from_dict({"units": UNITS, "values": rows}, declared)


def test_what_is_made_in_memory_is_checked_alike(declared: Policy) -> None:
    units = [Unit("V", "village")]
    for value, said in ((0.5, "浮点数"), ("0.5", "应为数字"), (Decimal("0.25"), "最多1位小数")):
        facts = Facts(units=units, values=[Value("V", "area", 2020, value)])  # type: ignore[arg-type]
        with pytest.raises(InputError, match=said):
            evaluate(facts, declared, 2020)


def test_a_policy_without_items_takes_no_rows(policy: Policy) -> None:
    units = [{"id": "V", "kind": "village"}]
    with pytest.raises(InputError, match="规则没有声明要登记的数值，“数值”表（values）不应有行"):
        Facts.from_dict({"units": units, "values": [row("V", "residents", 3)]}, policy)


def test_units_of_other_values_are_not_judged_for_each_other(declared: Policy) -> None:
    units = [Unit("V", "village"), *(Unit(f"M{n}", "market", parent="V") for n in range(4))]
    values = [Value(f"M{n}", "area", 2020, Decimal(n // 2)) for n in range(4)]
    facts = Facts(units=units, values=values)
    made = classes(facts, declared, 2020, date(2020, 12, 31))
    assert [made.groups.standing[f"M{n}"] for n in range(4)] == ["M0", "M0", "M2", "M2"]


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("input(depth, village, decimal(5), “深”, “depth”).", "应为 whole、decimal(1)至decimal(4)"),
        ("input(depth, valley, whole, “深”, “depth”).", "没有定义这个类别"),
        ("input(area, household, whole, “面积”, “area”).", "同一件事写了两遍"),
        ("input_range(area, 5, 4).", "范围的下限在前"),
        ("input_range(depth, 1, 4).", "没有定义这个数值项目"),
        ("input_range(survey, 0, 4).", "名次从1起"),
        ("input_range(titled, 20201301, 20201401).", "应为日历上有的日期"),
        ("input_choice(area, 1, large, “大”, “large”).", "选项型的项目才有选项"),
        ("input_choice(stars, 3, four, “四星”, “four”).", "选项各不相同"),
        ("input(depth, village, choice, “深”, “depth”).", "选项型的项目没有选项"),
        ("lasting(titel).", "没有定义这个数值项目"),
    ],
)
def test_wrong_declarations_are_told(fact: str, said: str, tmp_path: Path) -> None:
    folder = policy_with_inputs(tmp_path / "linjiang")
    with (folder / "figures.lp").open("a", encoding="utf-8") as file:
        file.write(fact.replace("“", '"').replace("”", '"') + "\n")
    with pytest.raises(PolicyError, match=said.replace("(", r"\(").replace(")", r"\)")) as error:
        load_policy(folder)
    assert error.value.problems[0].place.startswith("figures.lp:")


FORGED = [
    ("V,residents,2020,1200人", "不是该项目的数值"),
    ("V,residents,2020,100001", "不是该项目的数值"),
    ("V,area,2020,3.25", "不是该项目的数值"),
    ("V,coverage,2020,95%", "不是该项目的数值"),
    ("M,guarded,2020,是", "不是该项目的数值"),
    ("V,titled,2020,2999-01-01", "不是该项目的数值"),
    ("M,stars,2020,four", "不是该项目的数值"),
    ("V,stars,2020,two", "该项目不在它名下登记"),
    ("market,survey_limit,2020,3", "该项目不在它名下登记"),
    ("X,survey,2020,3", "没有这个单位"),
    ("V,residnts,2020,3", "应为"),
]


def test_the_checker_reads_values_as_the_program_does(
    declared: Policy, county: Facts, tmp_path: Path
) -> None:
    units = [*county.units, *(Unit(f"X{n}", "market", parent="V") for n in range(4))]
    values = [*county.values, *(Value(f"X{n}", "area", 2020, Decimal(n // 2)) for n in range(4))]
    facts = Facts(units=units, values=values)
    rules = checker.read_rules(declared.folder, base_folder())
    words = checker.vocabulary(rules)
    atoms = fact_atoms(facts, declared, 2020, date(2020, 12, 31))
    for name in ("data", "data.json"):
        data = tmp_path / name
        write_facts(facts, str(data), declared)
        read = {checker.written(fact) for fact in checker.read_data(data, words)}
        assert {*atoms["value"], *atoms["given"]} == {
            a for a in read if a.startswith(("value(", "given("))
        }
        result = evaluate(load_facts(data, declared), declared, 2020)
        lines = b"".join(certificate(result, data))
        assert lines.count(b'"alike"') == 2
        (tmp_path / "c.jsonl").write_bytes(lines)
        asked = tmp_path / "c.jsonl", data, declared.folder
        assert checker.recheck(*asked, base=base_folder())[1] == []
    for line, said in FORGED:
        (tmp_path / "data" / "values.csv").write_text(f"unit,item,year,value\n{line}\n", "utf-8")
        with pytest.raises(checker.Unreadable) as error:
            checker.read_data(tmp_path / "data", words)
        assert said in str(error.value), line


def test_a_case_states_values(declared: Policy, tmp_path: Path) -> None:
    case = """
- name: 市场{stars}，市场{status}
  units:
    村: village
    场: market 村
  values:
    场: {stars: "{stars}", area 2019: 3.5}
    village: {survey_limit: 3}
  expect:
    场.market_guard: "{status}"
  rows:
    - {stars: 二星, status: 达标}
    - {stars: one, status: 未达标}
"""
    (tmp_path / "a.yaml").write_text(case, encoding="utf-8")
    cases = load_cases(tmp_path / "a.yaml", declared)
    assert [r.differences for r in run_cases(cases, declared)] == [(), ()]
    assert cases[0].facts.values[1] == Value("场", "area", 2019, Decimal("3.5"))
    for old, new, said in (("二星", "四星", "应为"), ("area", "aria", "没有这个项目")):
        (tmp_path / "a.yaml").write_text(case.replace(old, new), encoding="utf-8")
        with pytest.raises(InputError, match=said):
            load_cases(tmp_path / "a.yaml", declared)


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.ods", "a.json", "folder", "sqlite"])
def test_values_read_back_the_same(
    name: str, declared: Policy, county: Facts, tmp_path: Path
) -> None:
    where = f"sqlite:///{tmp_path / 'a.db'}" if name == "sqlite" else str(tmp_path / name)
    for lang in ("zh", "en"):
        write_facts(county, where, declared, lang=lang, overwrite=True)
        assert load_facts(where, declared) == county
    none = Facts(units=county.units)
    write_facts(none, where, declared, overwrite=True)
    assert load_facts(where, declared) == none, "an earlier table of values is gone"


def filled(book: Path, sheets: dict[str, list[list[Any]]]) -> None:
    """Write rows below the headers of some sheets."""
    workbook = openpyxl.load_workbook(book)
    for title, rows in sheets.items():
        for number, cells in enumerate(rows, 2):
            for position, cell in enumerate(cells, 1):
                workbook[title].cell(number, position).value = cell
    workbook.save(book)


UNIT_ROWS: list[list[Any]] = [
    ["V", "村", "东村", None], ["W", "村", "西村", None], ["M", "市场", None, "V"],
    *[[None] * 4] * 6,
]  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_template_has_a_sheet_for_the_items_of_each_kind(
    lang: str, declared: Policy, tmp_path: Path
) -> None:
    book = tmp_path / "a.xlsx"
    book.write_bytes(to_xlsx(declared, None, lang))
    made = openpyxl.load_workbook(book)
    zh = lang == "zh"
    village, market, given = made.sheetnames[-4:-1]
    assert (village, market, given) == (
        ("数值-村", "数值-市场", "数值-上级要求")
        if zh
        else ("values-village", "values-market", "values-requirements")
    )
    heads = [c.value for c in made[village][1]]
    assert heads[:5] == (
        ["单位", "年度", "常住人口（0人～100000人）", "面积（0亩～100000亩）",
         "监控覆盖率（0%～100%）"]
        if zh
        else ["unit", "year", "residents (0 people to 100000 people)", "area (0 mu to 100000 mu)",
              "camera coverage (0% to 100%)"]
    )  # fmt: skip
    assert "数值" not in made.sheetnames
    assert "values" not in made.sheetnames
    checked = made[market].data_validations.dataValidation
    assert len(checked) == len([c for c in made[market][1] if c.value])
    filled(book, {
        made.sheetnames[1]: UNIT_ROWS,
        village: [["V", 2020, 1200, 35.5, 0.955, date(2019, 3, 2), 4], ["西村", 2020],
                  ["V", 2019, None, None, 0.5]],
        market: [["M", 2020, None, "是" if zh else "yes", "二星" if zh else "two"]],
        given: [["村" if zh else "village", 2020, 3]],
    })  # fmt: skip
    workbook = openpyxl.load_workbook(book)
    workbook[village]["E2"].number_format = "0.0%"
    workbook[village]["E4"].number_format = "0 %"
    workbook.save(book)
    facts = load_facts(book, declared)
    assert [(v.unit, v.item, v.year, v.value) for v in facts.values] == [
        ("V", "residents", 2020, 1200), ("V", "area", 2020, Decimal("35.5")),
        ("V", "coverage", 2020, Decimal("95.5")), ("V", "titled", 2020, date(2019, 3, 2)),
        ("V", "survey", 2020, 4), ("V", "coverage", 2019, 50), ("M", "guarded", 2020, "yes"),
        ("M", "stars", 2020, "two"),
        ("village", "survey_limit", 2020, 3),
    ]  # fmt: skip


def test_a_sheet_of_items_is_told_by_its_cells(declared: Policy, tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text("id,kind,name,parent\nV,village,,\n", encoding="utf-8")
    sheet = tmp_path / "数值-村.csv"
    sheet.write_text("单位,年度,常住人口（人）,面积\nV,2020,1200人,3.5\n", encoding="utf-8")
    (tmp_path / "values.csv").write_text("unit,item,year,value\nV,survey,2020,2\n", "utf-8")
    assert [v.value for v in load_facts(tmp_path, declared).values] == [2, 1200, Decimal("3.5")]
    sheet.write_text(
        "单位,年度,常住人口,常驻人口,面积,residents,备注\nX,2020,多,1,2,,好\nV,,1,,3.25,,\n",
        "utf-8",
    )
    with pytest.raises(InputError) as error:
        load_facts(tmp_path, declared)
    assert [(p.place, p.nearest) for p in error.value.problems] == [
        ("数值-村.csv row 1 常驻人口", "常住人口"),
        ("数值-村.csv row 1 residents", None),
        ("数值-村.csv row 2 单位", None),
        ("数值-村.csv row 2 常住人口", None),
        ("数值-村.csv row 3 年度", None),
        ("数值-村.csv row 3 面积", None),
    ]


def test_the_next_year_keeps_what_lasts(declared: Policy, county: Facts, tmp_path: Path) -> None:
    write_facts(county, str(tmp_path / "a.json"), declared)
    asked = [str(tmp_path / "a.json"), str(tmp_path / "b.xlsx"), "--policy", str(declared.folder)]
    done = CliRunner().invoke(main, ["new-year", *asked])
    assert done.exit_code == 0, done.output
    assert "一直有效的数值1行" in done.output
    assert [v.item for v in load_facts(tmp_path / "b.xlsx", declared).values] == ["titled"]


def test_a_value_is_changed_by_a_change_file(declared: Policy, county: Facts) -> None:
    change = {
        "remove": {"values": [{"unit": "V", "item": "survey"}]},
        "add": {"values": [row("V", "测评名次", "第2名")]},
    }
    after = change_facts(county, change, declared, "change.json")
    assert evaluate(county, declared, 2020).outcome.findings["V"]["village_survey"][0] == "failed"
    assert evaluate(after, declared, 2020).outcome.findings["V"]["village_survey"][0] == "met"


@pytest.mark.parametrize(
    ("old", "new", "said", "found"),
    [
        (
            "default_limits(rank,1,1000000).\n",
            "",
            "没有 input_limits/3",
            ["survey", "survey_limit"],
        ),
        ("default_limits(yes_no,0,1).", "default_limits(yes_no,0,2).", "不是这一项的值", ["0, 2"]),
    ],
)
def test_limits_of_ones_own_must_fit_every_item(
    old: str, new: str, said: str, found: list[str], tmp_path: Path
) -> None:
    folder = policy_with_inputs(tmp_path / "linjiang")
    shared = (base_folder() / "limits.lp").read_text(encoding="utf-8")
    assert old in shared
    (folder / "limits.lp").write_text(shared.replace(old, new), encoding="utf-8")
    with pytest.raises(PolicyError, match=said) as error:
        load_policy(folder)
    assert [p.found for p in error.value.problems] == found
