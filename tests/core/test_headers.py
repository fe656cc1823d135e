"""Names of tables and columns as people write them."""

from __future__ import annotations

import pytest

from pingan_logic import Problem
from pingan_logic.intake.headers import (
    column_of,
    header_name,
    is_header_word,
    looks_like_header,
    passed_over,
    read_header,
    table_like,
    table_name,
    table_names,
    table_of,
    title_above,
    unknown_column,
)


def test_tables_have_a_chinese_name() -> None:
    assert table_name("units") == "单位"
    assert table_names("not_applicable") == "不适用（not_applicable）"
    assert header_name("incidents", "responsible_unit") == "责任单位"


@pytest.mark.parametrize(
    ("name", "table"),
    [("units", "units"), ("单位名册", "units"), (" 单 位 ", "units"), ("UNITS", "units"),
     ("零报告", "ledgers"), ("上级要求", "requirements"), ("单位们", None), ("", None)],
)  # fmt: skip
def test_a_table_by_any_of_its_names(name: str, table: str | None) -> None:
    assert table_of(name) == table


@pytest.mark.parametrize(
    ("header", "column"),
    [
        *((h, "id") for h in ("id", "ID", " 编 号 ", "单位编号", "编号*", "编号(必填)")),
        *((h, "id") for h in ("编号※", "编号(必填)*", "编号(必填)", "编号(a)(b)")),
        ("上级", "parent"),
        *((h, None) for h in ("编号?", "(编号)x", "*", "")),
    ],
)
def test_a_column_by_any_of_its_headers(header: str, column: str | None) -> None:
    assert column_of("units", header) == column


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["编号", "类别"], True),
        (["编号", "类别", "", " "], True),
        (["编号", "类别", "备注"], True),
        (["编号", "类别", "备注", "地址"], False),
        (["编号"], False),
        (["编号", "备注"], False),
        ([], False),
    ],
)
def test_a_header_row_has_two_known_headers_and_few_others(cells: list[str], said: bool) -> None:
    assert looks_like_header("units", cells) is said


UNIT_CODES = "id, kind, name, parent, affiliation, opened, closed"
UNIT_HEADERS = "编号、类别、名称、所在单位、隶属、设立日期、撤销日期"


def test_an_unknown_column_names_the_nearest_in_its_own_language() -> None:
    english = f"unknown column; expected {UNIT_CODES}"
    zh = f"不认识的列，应为 {UNIT_CODES.replace(', ', '、')}"
    assert unknown_column("units", "parnt", "here") == Problem(
        "here", zh, english, "parnt", "parent"
    )
    zh = f"不认识的列，应为 {UNIT_HEADERS}"
    assert unknown_column("units", "隶属于", "here") == Problem(
        "here", zh, english, "隶属于", "隶属"
    )


def header(table: str, *cells: str) -> tuple[list[str] | None, list[Problem]]:
    problems: list[Problem] = []
    names = read_header(table, cells, 3, lambda row, cell: f"row {row} cell {cell}", problems)
    return names, problems


def test_a_good_header() -> None:
    assert header("units", "编号", "kind", "名称(全称)", "上级") == (
        ["id", "kind", "name", "parent"],
        [],
    )
    assert header("polls", "单位", "年度", "名次")[0] == ["unit", "year", "rank"]
    assert header("polls", "单位", "年度", "结果")[0] == ["unit", "year", "result"]


def test_earlier_problems_do_not_spoil_a_good_header() -> None:
    problems = [Problem("elsewhere", "一", "one")]
    cells = ["编号", "类别", "名称", "上级"]
    assert read_header("units", cells, 1, lambda row, cell: "", problems) == [
        "id", "kind", "name", "parent",
    ]  # fmt: skip


def test_every_mistake_of_a_header_is_named_at_its_cell() -> None:
    names, problems = header("units", "编号", "", "年龄", "单位编号", "编号 ", "parent")
    assert names == ["id", "", "", "", "", "parent"]  # the rows are still looked at
    assert [(p.place, p.zh.split("，")[0], p.en.split(";")[0], p.found) for p in problems] == [
        ("row 3 cell 1", "列没有表头", "the column has no header", None),
        ("row 3 cell 2", "不认识的列", "unknown column", "年龄"),
        ("row 3 cell 3", "列重复", "the column stands twice", "编号, 单位编号"),
        ("row 3 cell 4", "列重复", "the column stands twice", "编号 "),
        ("row 3 cell None", "缺少列 kind（类别）", "column kind is missing", None),
        ("row 3 cell None", "缺少列 name（名称）", "column name is missing", None),
    ]


def test_a_poll_has_a_result_or_a_rank() -> None:
    names, problems = header("polls", "单位", "年度")
    assert names is None
    assert problems == [
        Problem("row 3 cell None", "缺少列 result 或 rank（结果或名次）",
                "column result or rank is missing")
    ]  # fmt: skip
    assert header("scores", "单位", "年度", "得分") == (["unit", "year", "score"], [])


@pytest.mark.parametrize(
    ("line", "name"),
    [("编号;类别;名称", "分号"), ("id\tkind", "制表符"), ("编号，类别", "全角逗号"),
     ("编号、类别、上级", "顿号"), ("编号|类别", "竖线")],
)  # fmt: skip
def test_a_header_without_commas_names_what_parts_it(line: str, name: str) -> None:
    assert header("units", line) == (None, [
        Problem(
            "row 3 cell None",
            f"各列要用英文逗号分隔，这里用的是{name}；请另存为“CSV UTF-8（逗号分隔）”",
            "the columns must be separated by commas; save it as 'CSV UTF-8 (comma delimited)'",
            line,
        )
    ])  # fmt: skip


def test_a_single_column_is_not_always_a_matter_of_commas() -> None:
    names, problems = header("units", "编号")
    assert names == ["id"]
    assert [p.en for p in problems] == [
        f"column {n} is missing" for n in ("kind", "name", "parent")
    ]
    names, problems = header("units", "电话;地址")
    assert names is None
    assert problems[0].found == "电话;地址"
    assert len(problems) == 5
    names, problems = header("units", "编号;类别", "名称")  # two cells: commas do part them
    assert names == ["", "name"]
    assert problems[0].zh.startswith("不认识的列")


def test_remarks_and_serial_numbers_are_passed_over() -> None:
    cells = ["序号", "编号", "备注(选填)", "类别", "NO.", "名称", "#", "上级"]
    assert header("units", *cells) == (["", "id", "", "kind", "", "name", "", "parent"], [])
    assert passed_over(cells) == ["序号", "备注(选填)", "NO.", "#"]
    assert passed_over(["编号", "地址", ""]) == []
    assert passed_over(["联系电话", "手机号码", "填表人"]) == ["联系电话", "手机号码", "填表人"]


@pytest.mark.parametrize(
    ("cells", "table"),
    [
        (["编号", "类别", "名称", "上级"], "units"),
        (["编号", "类别", "名称", "上级", "日期"], "units"),
        (["编号", "单位", "类型", "日期", "等级"], "incidents"),
        (["单位", "年度", "得分"], "scores"),
        (["单位", "年度", "名次"], "polls"),
        (["电话", "地址"], None),
        ([], None),
    ],
)
def test_the_table_that_a_header_looks_most_like(cells: list[str], table: str | None) -> None:
    assert table_like(cells) == table


def test_the_word_of_a_header() -> None:
    assert is_header_word(" 编号 ")
    assert is_header_word("responsible_unit")
    assert not is_header_word("V-01")
    assert not is_header_word("")


def test_rows_above_the_header_are_named() -> None:
    assert title_above("units.csv row 1", 3, ["", " ", "湘阴县单位名册", "x"]) == Problem(
        "units.csv row 1",
        "表头应在最上面：第3行像是表头，请删除它上面的行",
        "the header must come first: row 3 looks like it; delete the rows above it",
        "湘阴县单位名册",
    )
    assert title_above("here", 2, ["", " "]).found is None
