"""Ledgers as offices keep them: names, everyday words, titles, totals, signatures."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pingan_logic import load_facts
from pingan_logic.catalogue import Policy
from pingan_logic.errors import PROBLEMS, InputError, Problem, Problems
from pingan_logic.intake.asides import is_aside, is_title
from pingan_logic.intake.load import read_upload
from pingan_logic.intake.to_facts import to_facts
from pingan_logic.intake.vocabulary import Vocabulary
from pingan_logic.model import Facts
from tests.intake.books import good_book

UNITS = [
    ["编号", "类别", "名称", "上级"],
    ["C", "县", "某县", None],
    ["T-1", "镇", "青竹镇", "某县"],
    ["T-2", "乡", "白沙乡", "某县"],
    ["V-1", "行政村", "幸福村", "青竹镇"],
    ["V-2", "居委会", "幸福村", "白沙乡"],
    ["V-3", "村", "和平村", "白沙乡"],
    ["B-1", "居民楼", "1栋", "和平村"],
    ["E-1", "公司", "某公司", "T-2"],
]


def read(**sheets: list[list[Any]]) -> tuple[Facts, list[str]]:
    """Read sheets, and return what they hold and the Chinese notices."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {"单位": UNITS, **sheets}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    source = read_upload(out.getvalue(), "台账.xlsx")
    return to_facts(source), [zh for zh, _ in source.notices]


def incident(unit: str, *more: Any, kind: str = "盗窃", day: Any = "2014.5.3") -> list[Any]:
    return [f"I-{unit}-{kind}", unit, kind, day, None, *more]


HEADER = ["编号", "单位", "类型", "日期", "等级"]


def test_names_are_taken_for_ids_and_counted_once() -> None:
    facts, notices = read(事件=[HEADER, incident("和平村"), incident("某公司", kind="欠薪")])
    assert [u.parent for u in facts.units] == [None, "C", "C", "T-1", "T-2", "T-2", "V-3", "T-2"]
    assert [i.unit for i in facts.incidents] == ["V-3", "E-1"]
    assert [n for n in notices if "按名称" in n] == [
        "有8处按名称认出单位（5个名称）：“某县”为C、“青竹镇”为T-1、“白沙乡”为T-2等"
    ]


@pytest.mark.parametrize("text", ["青竹镇（T-1）", "T-1 青竹镇", " 青竹 镇"])
def test_a_name_with_its_id_is_as_good(text: str) -> None:
    facts, _ = read(得分=[["单位", "年度", "得分"], [text, "2014年度", "86.5分"]])
    assert [(s.unit, s.year, str(s.score)) for s in facts.scores] == [("T-1", 2014, "86.5")]


@pytest.mark.parametrize("text", ["2014年度", "2014年", "２０１４", " 2014"])
def test_a_year_as_it_is_written(text: str) -> None:
    facts, _ = read(得分=[["单位", "年度", "得分"], ["T-1", text, "86.5 分"]])
    assert [s.year for s in facts.scores] == [2014]


def test_a_name_of_several_units_is_one_error_with_their_places() -> None:
    rows = [[f"I-{n}", "幸福村", "盗窃", "2014.5.3", None] for n in range(12)]
    with pytest.raises(InputError) as error:
        read(事件=[HEADER, *rows])
    (problem,) = error.value.problems
    assert problem.zh.startswith("“幸福村”是2个单位的名称（共12行）")
    assert problem.choices == ("V-1 幸福村（青竹镇）", "V-2 幸福村（白沙乡）")
    assert str(problem.place) == "事件!B2 单位"


@pytest.mark.parametrize(("township", "unit"), [("青竹镇", "V-1"), ("T-2", "V-2")])
def test_the_township_of_the_row_tells_them_apart(township: str, unit: str) -> None:
    facts, _ = read(事件=[[*HEADER, "所在乡镇"], incident("幸福村", township)])
    assert [i.unit for i in facts.incidents] == [unit]


def test_a_name_that_the_township_of_the_row_lacks_is_not_taken() -> None:
    with pytest.raises(InputError) as error:
        read(事件=[[*HEADER, "乡镇"], incident("和平村", "青竹镇")])
    (problem,) = error.value.problems
    assert "该行写明的地方没有“和平村”" in problem.zh
    assert problem.choices == ("V-3 和平村（白沙乡）",)


def test_an_id_that_is_not_where_the_row_says_is_named() -> None:
    with pytest.raises(InputError) as error:
        read(事件=[[*HEADER, "乡镇"], incident("V-3", "青竹镇"), incident("V-2", "白沙乡")])
    (problem,) = error.value.problems
    assert (str(problem.place), problem.found) == ("事件!F2 乡镇", "青竹镇")


def test_a_unit_that_moved_is_where_it_moved_to() -> None:
    changes = [
        ["单位", "日期", "变更", "内容"],
        ["和平村", "2014.1.1", "划归", "青竹镇"],
        ["某公司", "2014-2-1", "改名", "新公司"],
    ]
    facts, _ = read(
        变更=changes,
        事件=[[*HEADER, "乡镇"], incident("和平村", "青竹镇"), incident("新公司", "")],
    )
    assert [(c.unit, c.change, c.value) for c in facts.changes] == [
        ("V-3", "moved", "T-1"),
        ("E-1", "renamed", "新公司"),
    ]
    assert [i.unit for i in facts.incidents] == ["V-3", "E-1"]


def test_buildings_of_one_name_are_told_apart_by_where_they_are() -> None:
    units = [
        *UNITS,
        ["K-1", "小区", "阳光小区", "幸福村"],
        ["B-2", "楼栋", "1栋", "阳光小区"],
        ["H-1", "户", None, "1栋"],
    ]
    header = ["编号", "类别", "名称", "上级", "乡镇", "小区"]
    rows = [header, *([*u, None, None] for u in units[1:])]
    rows[9][4] = "青竹镇"  # the compound's village
    rows[11][5] = "阳光小区"  # the household's building
    facts, _ = read(单位=rows)
    assert [facts.units[n].parent for n in (8, 9, 10)] == ["V-1", "K-1", "B-2"]


def test_plain_forms_of_days_and_years() -> None:
    days = ["2014.5.3", "2014.05.03", "20140503", 20140503, "2014年5月3号", "2014-05-03 08:30:00"]
    rows = [[f"I-{n}", "V-3", "吸毒", day, "大"] for n, day in enumerate(days)]
    facts, _ = read(事件=[HEADER, *rows])
    assert {str(i.date) for i in facts.incidents} == {"2014-05-03"}
    assert {(i.type, i.grade) for i in facts.incidents} == {("drug_involvement", "large")}


def test_an_ambiguous_word_is_refused_with_what_each_choice_decides() -> None:
    with pytest.raises(InputError) as error:
        read(事件=[HEADER, incident("V-3", kind="上访")])
    (problem,) = error.value.problems
    assert "群体性上访（计入三（一）1、" in problem.zh
    assert "越级上访（计入三（一）1、" in problem.zh
    assert problem.found == "上访"


def test_every_everyday_word_means_what_the_policy_says(policy: Policy) -> None:
    vocabularies = Vocabulary.of_tables(policy)
    column = {
        "kind": ("units", "kind"), "type": ("incidents", "type"), "grade": ("incidents", "grade"),
        "affiliation": ("units", "affiliation"), "liability": ("incidents", "liability"),
        "change": ("changes", "change"), "result": ("polls", "result"),
    }  # fmt: skip
    assert set(policy.also_called) == set(column)
    one = several = 0
    for group, words in policy.also_called.items():
        known = vocabularies[column[group]]
        for word, codes in words.items():
            assert set(codes) <= set(known.words), word
            if len(codes) == 1:
                assert known.code(word) == codes[0], word
                one += 1
            else:
                assert known.code(word) is None, word
                assert known.meanings(word) == codes
                several += 1
    assert one > 100
    assert several > 10


def titled(book: openpyxl.Workbook) -> None:
    sheet = book["单位"]
    sheet.insert_rows(1, 2)
    sheet["A1"] = "某县2014年平安创建单位名册"
    sheet.merge_cells("A1:E1")
    sheet["A2"], sheet["C2"] = "填报单位：某县综治办", "2014年12月"


def totals(book: openpyxl.Workbook) -> None:
    book["单位"].append(["合 计", 7])
    book["得分"].insert_rows(3)
    book["得分"]["A3"], book["得分"]["C3"] = "小计", 84.99


def signatures(book: openpyxl.Workbook) -> None:
    sheet = book["单位"]
    sheet.append(["填表人：某甲", None, "审核人：某乙", None, "日期：2014年12月30日"])
    row = sheet.max_row
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
    sheet.append(["（盖章）"])


def required_marks(book: openpyxl.Workbook) -> None:
    book["单位"]["A1"], book["单位"]["B1"] = "*编 号", "类\n别（必填）"
    book["得分"]["C1"] = "得分（分）"


def remarks(book: openpyxl.Workbook) -> None:
    for row, text in enumerate(("联系电话", "0730-1234567"), 1):
        book["单位"].cell(row, 6, text)


@pytest.mark.parametrize("edit", [titled, totals, signatures, required_marks, remarks])
def test_what_is_for_readers_is_passed_over_and_said(
    edit: Callable[[openpyxl.Workbook], None], tmp_path: Path
) -> None:
    good, other = good_book(), good_book()
    edit(other)
    for name, book in (("good", good), ("other", other)):
        book.save(tmp_path / f"{name}.xlsx")
    data = (tmp_path / "other.xlsx").read_bytes()
    source = read_upload(data, "other.xlsx")
    assert to_facts(source) == load_facts(tmp_path / "good.xlsx")
    said = " ".join(zh for zh, _ in source.notices)
    expected = {
        titled: "标题行不作为数据（第1、2行，共2行）",
        totals: "合计、签字等行不作为数据（第3行，共1行）",
        signatures: "合计、签字等行不作为数据（第9、10行，共2行）",
        required_marks: "",
        remarks: "联系电话",
    }
    assert expected[edit] in said


def test_the_same_of_csv(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(
        "某县单位名册,,,\n填报单位:某县,,日期:2014.12.30,\n编号,类别,名称,上级\nC,县,某县,\n"
        "T-1,镇,青竹镇,某县\n合计,2,,\n填表人:某甲\n",
        encoding="utf-8",
    )
    facts = load_facts(tmp_path)
    assert [(u.id, u.kind, u.parent) for u in facts.units] == [
        ("C", "county", None),
        ("T-1", "township", "C"),
    ]


@pytest.mark.parametrize(
    ("cells", "aside"),
    [
        (["合计", 7, None], True), (["总 计", "12户"], True), (["小计:", ""], True),
        (["合计", "七个"], False), (["合计村", "村"], False),
        (["填表人：某甲", "审核人：某乙"], True),
        (["负责人(签字)："], True), (["单位（盖章）："], True), (["日期：2014年"], True),
        (["年度：2014"], True), (["主任", "村"], False), (["单位", "类别"], False),
        (["注：以上均经核实"], True), (["total", 3], True), (["T-1", "township"], False),
        ([], False),
    ],
)  # fmt: skip
def test_rows_for_readers(cells: list[Any], aside: bool) -> None:
    assert is_aside(cells) is aside


def test_a_row_of_data_above_the_header_is_no_title() -> None:
    assert is_title(["某县名册", None, None])
    assert not is_title(["V-7", "村", "幸福村"])


def test_rows_of_one_cause_are_one_line() -> None:
    rows = [[f"V-{n}", "村村", f"村{n}", "T-1"] for n in range(10, 5010)]
    rows[7][1] = "居委"  # another slip of the same kind
    with pytest.raises(InputError) as error:
        read(单位=[*UNITS, *rows, ["V-9999", "村", "某村", "T-9"]])
    lines = error.value.lines()
    assert len(lines) == 2
    assert lines[0].startswith("  单位 第10至5009行 B 类别：同一问题5000行，应为")
    assert "发现“村村”" in lines[0]
    assert "、“居委”" in lines[0]
    assert "`T-9`" in lines[1]  # a cause found after thousands of others


def test_the_first_of_every_cause_is_named_beyond_the_limit() -> None:
    problems = Problems()
    problems.extend(Problem(f"单位!B{n} 类别", "应为类别", "a kind", "x") for n in range(PROBLEMS))
    problems.append(Problem("单位!B9999 类别", "应为类别", "a kind", "x"))
    problems.append(Problem("得分!C2 得分", "应为数字", "a number", "x"))
    problems.append(Problem("单位", "缺少表头", "no header"))
    assert (len(problems), problems.more) == (PROBLEMS + 2, 1)
    lines = InputError(problems, problems.more).lines("en")
    assert lines[0] == "  单位: no header"
    assert lines[1].startswith(
        f"  单位 rows 0 to {PROBLEMS - 1} B 类别: the same in {PROBLEMS} rows"
    )
    assert lines[3] == "  … and 1 more"


def test_different_slips_of_one_cause_are_shown_as_examples() -> None:
    found = [
        Problem(f"得分!C{n} 得分", "应为数字", "a number", f"{n}x", str(n)) for n in (2, 3, 5, 9)
    ]
    (line,) = InputError(found).lines()
    assert line == (
        "  得分 第2至3、5、9行 C 得分：同一问题4行，应为数字；"
        "发现“2x”（可写“2”）、“3x”（可写“3”）、“5x”（可写“5”）等4种"
    )
