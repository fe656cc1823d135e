"""Cells to values: what is read, and word for word what is said of the rest."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from pingan_logic import Policy, Problem
from pingan_logic.intake.cells import Trap
from pingan_logic.intake.rows import RawTable, Read, columns, read_rows, required_columns
from pingan_logic.intake.vocabulary import Vocabulary
from pingan_logic.intake.well_formed import WellFormed

COLUMN = {
    "id": ("ledgers", "unit"),
    "text": ("not_applicable", "reason"),
    "year": ("ledgers", "year"),
    "count": ("requirements", "max_rank"),
    "score": ("scores", "score"),
    "date": ("incidents", "date"),
}
"""A column of each kind that must not be blank."""


def read(
    table: str,
    names: list[str],
    *rows: list[Any],
    words: dict[tuple[str, str], Vocabulary] | None = None,
) -> tuple[Read, list[Problem]]:
    problems: list[Problem] = []
    numbers = [n + 2 for n in range(len(rows))]
    raw = RawTable(table, names, rows, numbers, lambda row, column: f"row {row} {column}")
    return read_rows(raw, words or {}, problems), problems


def one(kind: str, cell: Any) -> Any:
    """Read one cell; return its value, or what is said: Chinese, English, found and nearest."""
    table, name = COLUMN[kind]
    found, problems = read(table, [name], [cell])
    if not problems:
        (torn,) = found.torn  # the other columns are missing, which is told elsewhere
        return torn[0][name]
    (problem,) = problems
    assert problem.place == f"row 2 {name}"
    return problem.zh, problem.en, problem.found, problem.nearest


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("id", " V-01 ", "V-01"), ("id", "V-01", "V-01"), ("id", "V-\u200b1", "V-1"),
        ("id", " X-1X ", "X-1X"),
        ("id", 12, "12"), ("id", 12.0, "12"), ("id", -3.0, "-3"), ("id", Decimal("7"), "7"),
        ("id", 999999999999999.0, "999999999999999"), ("id", "1E+5", "1E+5"),
        ("id", "12E+15", "12E+15"), ("id", "1E+1234", "1E+1234"),
        ("text", "\u3000新 名\t", "新 名"), ("text", "12", "12"), ("text", 0.1, "0.1"),
        ("text", 1e-7, "0.0000001"), ("text", "(全)", "(全)"), ("text", "\xa0x", "x"),
        ("year", "2014", 2014), ("year", " 2014年 ", 2014), ("year", "2014年", 2014),
        ("year", 2014, 2014), ("year", 2014.0, 2014),
        ("count", "3", 3), ("count", "007", 7), ("count", "9" * 30, int("9" * 30)),
        ("count", 4.0, 4),
        ("score", "84.99", Decimal("84.99")), ("score", "-1", Decimal(-1)),
        ("score", 84.99, Decimal("84.99")), ("score", 85, Decimal(85)),
        ("score", "8" * 30 + "." + "1" * 30, Decimal("8" * 30 + "." + "1" * 30)),
        ("score", Decimal("0.5"), Decimal("0.5")),
        ("date", "2014-05-01", date(2014, 5, 1)), ("date", "2014-5-1", date(2014, 5, 1)),
        ("date", "2014/05/01", date(2014, 5, 1)), ("date", "2014年5月1日", date(2014, 5, 1)),
        ("date", "2014.5.1", date(2014, 5, 1)), ("date", "2014.05.01", date(2014, 5, 1)),
        ("date", "20140501", date(2014, 5, 1)), ("date", 20140501.0, date(2014, 5, 1)),
        ("date", "2014年5月1号", date(2014, 5, 1)),
        ("date", "2014-05-01 08:30:00", date(2014, 5, 1)),
        ("date", "2014/5/1 0:00:00", date(2014, 5, 1)),
        ("date", "2014-05-01T08:30", date(2014, 5, 1)),
        ("year", "2014年度", 2014), ("score", "86.5分", Decimal("86.5")),
        ("score", "８６．５ 分", Decimal("86.5")), ("count", "第3名", 3), ("count", "3名", 3),
        ("date", date(2014, 5, 1), date(2014, 5, 1)),
        ("date", datetime(2014, 5, 1, 9, 30), date(2014, 5, 1)),
    ],
)  # fmt: skip
def test_values(kind: str, cell: Any, value: Any) -> None:
    assert one(kind, cell) == value
    assert type(one(kind, cell)) is type(value)


YEAR = ("应为四位年份，如 2014", "expected a year of four digits, such as 2014")
COUNT = ("应为正整数", "expected a positive whole number")
SCORE = ("应为数字，如 85 或 84.99", "expected a number such as 85 or 84.99")
DATE = ("应为日历上有的日期，如 2014-05-01", "expected a real date such as 2014-05-01")
TEXT = ("应为文字或数字", "expected text or a number")
BLANK = ("不能为空", "must not be blank")
SCIENTIFIC = (
    "科学计数法的编号已丢失后面的数字，请把该列设为“文本”后重新录入",
    "an id in scientific notation has lost its last digits; format the column as text and "
    "enter it again",
)
DAMAGED = (
    "超过15位的数字已被表格软件改写，请把该列设为“文本”后重新录入",
    "a number of more than 15 digits was already changed by the spreadsheet; format the "
    "column as text and enter it again",
)
FRACTION = (
    "编号应为文本，不能是小数",
    "an id is text, not a number with decimals; format the column as text",
)
TURNED = (
    "表格软件把内容变成了日期，请把该列设为“文本”后重新录入",
    "the spreadsheet turned it into a date; format the column as text and enter it again",
)


@pytest.mark.parametrize(
    ("kind", "cell", "said"),
    [
        ("year", "14", (*YEAR, "14", None)), ("year", "2014 年", (*YEAR, "2014 年", None)),
        ("year", "20145", (*YEAR, "20145", None)),
        ("year", 2014.5, (*YEAR, "2014.5", None)),
        ("count", "-3", (*COUNT, "-3", None)), ("count", "3.5", (*COUNT, "3.5", None)),
        ("count", "9" * 31, (*COUNT, "9" * 31, None)), ("count", "第三", (*COUNT, "第三", None)),
        ("score", "85.5 %", (*SCORE, "85.5 %", "85.5")),
        ("score", "八五", (*SCORE, "八五", None)), ("score", "1e2", (*SCORE, "1e2", None)),
        ("score", "8" * 31, (*SCORE, "8" * 31, None)),
        ("score", "0." + "1" * 31, (*SCORE, "0." + "1" * 31, None)),
        ("score", "85.", (*SCORE, "85.", None)), ("score", "85XX分XX", (*SCORE, "85XX分XX", None)),
        ("date", "2014-02-30", (*DATE, "2014-02-30", None)),
        ("date", "2014-2-30", (*DATE, "2014-2-30", None)),
        ("date", "20140231", (*DATE, "20140231", None)),
        ("date", "2014年5月1", (*DATE, "2014年5月1", "2014-05-01")),
        ("date", "2014-05-01 上午", (*DATE, "2014-05-01 上午", "2014-05-01")),
        ("date", "2014.13.1", (*DATE, "2014.13.1", None)),
        ("date", "五月一日", (*DATE, "五月一日", None)),
        ("date", "2014年5月第1", (*DATE, "2014年5月第1", None)),
        ("date", "2014-W18-4", (*DATE, "2014-W18-4", None)),
        ("date", 41760.0, (*DATE, "41760", "2014-05-01")),
        ("date", 20140231.0, (*DATE, "20140231", None)),
        ("date", 41760.5, (*DATE, "41760.5", None)), ("date", 10000.0, (*DATE, "10000", None)),
        ("date", 10001.0, (*DATE, "10001", "1927-05-19")),
        ("date", 99999.0, (*DATE, "99999", "2173-10-13")),
        ("date", 100000.0, (*DATE, "100000", None)), ("date", 5.0, (*DATE, "5", None)),
        ("date", 1e8, (*DATE, "100000000", None)), ("date", 1e7, (*DATE, "10000000", None)),
        ("date", 201405.0, (*DATE, "201405", None)),
        ("id", "4.3E+11", (*SCIENTIFIC, "4.3E+11", None)),
        ("id", "4e+012", (*SCIENTIFIC, "4e+012", None)),
        ("id", 1e15, (*DAMAGED, "1000000000000000", None)),
        ("id", -1e15, (*DAMAGED, "-1000000000000000", None)),
        ("id", 1.5, (*FRACTION, "1.5", None)), ("id", True, (*TEXT, "True", None)),
        ("id", [1], (*TEXT, "[1]", None)), ("id", {"a": 1}, (*TEXT, "{'a': 1}", None)),
        ("id", time(9, 30), (*TEXT, "09:30:00", None)), ("id", b"x", (*TEXT, "b'x'", None)),
        ("id", 3j, (*TEXT, "3j", None)), ("id", float("inf"), (*TEXT, "inf", None)),
        ("date", float("nan"), (*TEXT, "nan", None)), ("score", 1e21, (*DAMAGED, "1e+21", None)),
        ("text", date(2014, 5, 1), (*TURNED, "2014-05-01", None)),
        ("id", datetime(2014, 5, 1), (*TURNED, "2014-05-01 00:00:00", None)),
        ("id", "", (*BLANK, None, None)), ("text", " \t", (*BLANK, None, None)),
        ("year", None, (*BLANK, None, None)), ("date", "\u3000", (*BLANK, None, None)),
        ("id", Trap("不可信", "not to be trusted", "#REF!"),
         ("不可信", "not to be trusted", "#REF!", None)),
        ("id", Trap("不可信", "not to be trusted"), ("不可信", "not to be trusted", None, None)),
    ],
)  # fmt: skip
def test_what_cannot_be_read(kind: str, cell: Any, said: tuple[Any, ...]) -> None:
    assert one(kind, cell) == said


def test_the_columns_of_a_table() -> None:
    assert list(columns("ledgers")) == ["unit", "item", "year"]
    assert required_columns("units") == ["id", "kind", "name", "parent"]
    assert required_columns("polls") == ["unit", "year"]


def test_whole_rows_are_kept_by_column() -> None:
    found, problems = read("scores", ["year", "unit", "score"], ["2014", "A", "90"],
                           ["2013", "B", "80.5"])  # fmt: skip
    assert problems == []
    assert {k: list(v) for k, v in found.columns.items()} == {
        "unit": ["A", "B"], "year": [2014, 2013], "score": [Decimal(90), Decimal("80.5")],
    }  # fmt: skip
    assert list(found.numbers) == [2, 3]
    assert found.torn == []
    assert isinstance(found.columns["unit"], WellFormed)


def test_rows_that_are_not_whole_keep_what_was_read() -> None:
    found, problems = read("scores", ["unit", "year", "score"], ["A", "2014", "90"],
                           ["B", "14", "x"], ["C", "2014", "80"], ["", "2014", "70"])  # fmt: skip
    assert [p.place for p in problems] == ["row 5 unit", "row 3 year", "row 3 score"]
    assert {k: list(v) for k, v in found.columns.items()} == {
        "unit": ["A", "C"], "year": [2014, 2014], "score": [Decimal(90), Decimal(80)],
    }  # fmt: skip
    assert list(found.numbers) == [2, 4]
    assert found.torn == [({"unit": "B"}, 3), ({"year": 2014, "score": Decimal(70)}, 5)]


def test_blank_and_missing_columns_hold_the_default() -> None:
    head = ["id", "kind", "name", "parent"]
    found, problems = read("units", head, ["A", "village", "", ""], ["B", "household", "x", "A"])
    assert problems == []
    assert {k: list(v) for k, v in found.columns.items()} == {
        "id": ["A", "B"], "kind": ["village", "household"], "name": ["", "x"],
        "parent": [None, "A"],
    }  # fmt: skip
    assert isinstance(found.columns["parent"], WellFormed)
    found, problems = read("units", ["id", "name"], ["A", ""], ["B", "乙"])
    assert problems == []  # the missing column is told of at the header
    assert found.torn == [({"id": "A"}, 2), ({"id": "B", "name": "乙"}, 3)]
    assert {k: list(v) for k, v in found.columns.items()} == {"id": [], "kind": [], "name": []}


def test_blanks_among_them_leave_the_other_texts_as_they_would_be() -> None:
    rows = [[f"V{n}", "village", name] for n, name in enumerate(["甲", "", " 乙 ", "丙"])]
    found, problems = read("units", ["id", "kind", "name"], *rows)
    assert problems == []
    assert list(found.columns["name"]) == ["甲", "", "乙", "丙"]


def test_repeated_ids_that_became_dates_are_each_told_of() -> None:
    rows = [[unit, "*", 2014] for unit in ["3-1", "3月2日"] * 3]
    _, problems = read("ledgers", ["unit", "item", "year"], *rows)
    assert [(p.place, p.found) for p in problems] == [
        (f"row {n} unit", "3月2日") for n in (3, 5, 7)
    ]
    assert "同列的编号如“3-1”" in problems[0].zh


def test_columns_behind_one_that_is_left_out_are_read() -> None:
    head = ["id", "kind", "name", "parent", "closed"]
    found, problems = read("units", head, ["A", "village", "甲", "", "2014-05-01"])
    assert problems == []
    assert list(found.columns["closed"]) == [date(2014, 5, 1)]


def test_a_cell_that_says_nothing_is_passed_over_in_silence() -> None:
    found, problems = read("ledgers", ["unit", "item", "year"], ["A", "*", Trap()])
    assert problems == []
    assert found.torn == [({"unit": "A", "item": "*"}, 2)]


def test_numbers_and_texts_in_one_column_are_told_apart() -> None:
    found, problems = read("ledgers", ["unit", "item", "year"], [1, "*", "2014"],
                           [True, "*", "2014"], [1.0, "*", 2014], ["1", "*", 2014.0])  # fmt: skip
    assert [(p.place, p.found) for p in problems] == [("row 3 unit", "True")]
    assert list(found.columns["unit"]) == ["1", "1", "1"]
    assert list(found.columns["year"]) == [2014, 2014, 2014]


def test_words_are_read_by_any_of_their_names(policy: Policy) -> None:
    words = Vocabulary.of_tables(policy)
    head = ["unit", "item", "year"]
    found, problems = read("ledgers", head, ["A", "全部", "2014"], ["A", "*", "2014"],
                           ["A", " 赌博 ", "2014"], ["A", "赌", "2014"],
                           words=words)  # fmt: skip
    assert problems == []
    assert list(found.columns["item"]) == ["*", "*", "gambling", "赌"]
    assert not isinstance(found.columns["item"], WellFormed)  # 赌 is told of by the checks
    found, _ = read("ledgers", head, ["A", "全部", "2014"], words=words)
    assert isinstance(found.columns["item"], WellFormed)
    grades = ["id", "unit", "type", "date", "grade"]
    found, _ = read("incidents", grades, ["I", "A", "gambling", "2014-05-01", ""], words=words)
    assert found.columns["grade"] == [None]
    assert isinstance(found.columns["grade"], WellFormed)


def test_whoever_waits_is_told_how_much_is_read() -> None:
    told: list[int] = []
    raw = RawTable("ledgers", ["unit", "item", "year"], [["A", "*", "2014"]] * 6, range(6),
                   lambda row, column: "")  # fmt: skip
    read_rows(raw, {}, [], told.append)
    assert told == [2, 4, 6]
