"""What a written workbook helps with: lists, checks, notes, examples, layout; and what is marked in
a copy. Looked at cell by cell with another library."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import openpyxl
import pytest

from pingan_logic import (
    Facts,
    Incident,
    InputError,
    Ledger,
    Policy,
    Problem,
    RequestError,
    Requirement,
    Score,
    Unit,
)
from pingan_logic.export import annotate as annotate_module
from pingan_logic.export import plain_books
from pingan_logic.export import xlsx as xlsx_module
from pingan_logic.export.annotate import annotate
from pingan_logic.export.convert import check_target, write_facts
from pingan_logic.export.corrected import _other, _shown, corrected
from pingan_logic.export.csv_folder import write_folder
from pingan_logic.export.item_sheets import accepted, heading, item_sheets, rule_of
from pingan_logic.export.json_document import to_document, to_tables
from pingan_logic.export.tables import sheet_tables
from pingan_logic.export.xlsx import to_xlsx
from pingan_logic.intake.cells import Shown, Trap
from pingan_logic.intake.load import load_facts, read_upload
from pingan_logic.intake.source import CellPlace, Source
from pingan_logic.intake.vocabulary import Vocabulary
from pingan_logic.model import TABLES
from pingan_logic.solving.load_policy import load_policy
from tests.policies import policy_with_inputs

RED = "FFFFC7CE"
FACTS = Facts(
    units=[
        Unit("T", "township", "镇"), Unit("S", "school", "=学", "T", "county", date(2014, 1, 2)),
    ],
    incidents=[Incident("1", "S", "safety_accident", date(2014, 2, 28), "large", "T", "yes")],
    ledgers=[Ledger("T", "*", 2014)],
    scores=[Score("S", 2014, Decimal("84.99"))],
)  # fmt: skip


ROOM = 40
"""Rows to fill in that a workbook of these tests has: fewer, so that it is quickly read."""


@pytest.fixture(scope="module", autouse=True)
def _small() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xlsx_module, "_ROOM", ROOM)
        yield


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module", params=["zh", "en"])
def template(request: pytest.FixtureRequest, policy: Policy) -> tuple[str, Any]:
    return request.param, opened(to_xlsx(policy, None, request.param))


@pytest.fixture(scope="module")
def filled(policy: Policy) -> Any:
    return opened(to_xlsx(policy, FACTS))


def checks(sheet: Any) -> dict[str, Any]:
    """Return the check of each column by its letter."""
    return {str(v.sqref).partition("2:")[0]: v for v in sheet.data_validations.dataValidation}


def test_each_column_has_the_check_of_its_kind(template: tuple[str, Any]) -> None:
    lang, book = template
    units, incidents, ledgers, scores, polls = book.worksheets[1:6]
    of = checks(units)
    assert {str(v.sqref) for v in of.values()} == {f"{c}2:{c}{ROOM + 7}" for c in "ABCDEFG"}
    assert (of["A"].type, of["A"].formula1) == ("custom", f"COUNTIF($A$2:$A${ROOM + 7},A2)=1")
    assert (of["B"].type, of["B"].formula1) == ("list", "words_1")
    assert (of["D"].type, of["D"].formula1, of["D"].errorStyle) == ("list", "unit_ids", "warning")
    assert (of["F"].type, of["F"].formula1, of["F"].formula2) == ("date", "17899", "TODAY()")
    assert of["G"].formula1 == 'AND(ISNUMBER(G2),G2<=TODAY(),OR(F2="",G2>F2))'
    if lang == "en":
        assert (of["C"].type, of["C"].operator) == ("textLength", "lessThanOrEqual")
        assert of["C"].formula1 == "200"
    else:
        assert of["C"].type == "custom"
        assert 'FIND("家庭",B2)' in of["C"].formula1
        assert "LEN(C2)>1,LEN(C2)<5,LENB(C2)=2*LEN(C2)" in of["C"].formula1
    of = checks(incidents)
    assert of["D"].type == "custom"
    assert "INDEX(unit_closed,MATCH(LEFT(B2,FIND" in of["D"].formula1
    assert of["B"].formula1 == of["F"].formula1 == "unit_ids"
    year = checks(ledgers)["C"]
    assert (year.type, year.formula1, year.formula2) == ("whole", "1949", "YEAR(TODAY())")
    twice = f"COUNTIFS($A$2:$A${ROOM + 2},A2,$B$2:$B${ROOM + 2},B2)=1"
    assert twice in checks(scores)["B"].formula1
    assert "COUNTIFS(" in checks(polls)["B"].formula1
    score, rank = checks(scores)["C"], checks(polls)["D"]
    assert (score.type, score.formula1, score.formula2) == ("decimal", "0", "100")
    assert (rank.type, rank.operator, rank.formula1) == ("whole", "greaterThanOrEqual", "1")
    for sheet in book.worksheets[1:-1]:
        heads = {c.column_letter: c.value for c in sheet[1]}
        for letter, check in checks(sheet).items():
            assert check.errorTitle == heads[letter][:32]
            assert check.error
            if check.formula1 != "unit_ids" and "COUNTIF(" not in check.formula1:
                assert check.promptTitle == heads[letter][:32]
                assert check.prompt in sheet[f"{letter}1"].comment.text


def test_a_header_says_what_is_needed_and_what_is_accepted(template: tuple[str, Any]) -> None:
    lang, book = template
    units = book.worksheets[1]
    zh = lang == "zh"
    need, may = ("（必填）", "（可不填）") if zh else ("(required) ", "(may be blank) ")
    note, said = units["A1"].comment.text.splitlines()
    assert said.startswith(need)
    assert units["C1"].comment.text.splitlines()[1].startswith(may)
    assert units["A1"].fill.fgColor.rgb == units["B1"].fill.fgColor.rgb == "FF1F4E78"
    assert units["C1"].fill.fgColor.rgb == "FFDDEBF7"
    assert units["A1"].font.b
    assert units["A1"].comment.author in ("", "None"), "nobody's name"
    about = book.worksheets[0]
    rows = [[c.value for c in r] for r in about.iter_rows(min_row=2) if r[1].value]
    assert [len(r) for r in rows] == [5] * len(rows)
    by_column = {(r[0], r[1]): r[2:] for r in rows}
    title, head = units.title, units["A1"].value
    assert by_column[title, head][1:] == [
        "编号不得重复" if zh else "ids must not repeat",
        "单位的编号或代码，全表不重复" if zh else "id or code of the unit, unique",
    ]
    assert by_column[title, head][0] != by_column[title, units["C1"].value][0]
    assert note == by_column[title, head][2]
    parent = by_column[title, units["D1"].value][1]
    assert parent == ("请填“单位”表中的编号" if zh else "an id of the sheet units")
    assert by_column[title, units["B1"].value][1] == (
        "请从下拉列表中选择" if zh else "choose from the list"
    )
    assert about["A1"].value == about.title
    assert about["A1"].font.b
    lines = [r[0].value for r in about.iter_rows(max_row=12) if r[0].value]
    assert [line[:2] for line in lines[1:8]] == [f"{n}." for n in range(1, 8)]
    assert ("本文件.xlsx" if zh else "THIS.xlsx") in lines[6]


def test_examples_are_grey_and_stand_one_in_another(template: tuple[str, Any]) -> None:
    lang, book = template
    word = "示例" if lang == "zh" else "example"
    units, incidents = book.worksheets[1:3]
    rows = list(units.iter_rows(min_row=2, max_col=4, values_only=True))
    assert [r[0] for r in rows] == [f"{word}-{n}" for n in range(1, len(rows) + 1)]
    assert [r[3] for r in rows] == [None, *(r[0] for r in rows[:-1])]
    assert rows[0][1:3] == (
        ("县", "（示例）县") if lang == "zh" else ("county", "(example) county")
    )
    assert rows[-1][1] == ("家庭" if lang == "zh" else "household")
    for cell in (*units[2][:3], *incidents[2][:5]):
        assert cell.font.i
        assert cell.font.color.rgb == "FF7F7F7F"
    assert [units[f"{c}2"].number_format for c in "ABC"] == ["@"] * 3
    day = incidents["D2"]
    assert (day.value, day.number_format) == (datetime(2014, 5, 1), "yyyy-mm-dd")
    assert incidents["F2"].value is None, "who is responsible is left blank"
    score = book.worksheets[4]["C2"]
    assert (score.value, score.number_format, score.font.i) == (88.5, "General", True)
    assert book.worksheets[3]["C2"].value == 2014


def test_every_sheet_is_laid_out_for_the_screen_and_for_paper(template: tuple[str, Any]) -> None:
    _, book = template
    tables = book.worksheets[1:-1]
    for sheet in tables:
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A2", "$1:$1")
        assert sheet.row_dimensions[1].height == 24
        assert not sheet.protection.sheet
    wide = {k: int(d.width) for k, d in tables[0].column_dimensions.items()}
    assert wide == {"A": 16, "B": 20, "C": 30, "D": 16, "E": 20, "F": 13}
    words = book.worksheets[-1]
    assert words.protection.sheet
    assert [int(words.column_dimensions[c].width) for c in ("A", "J")] == [18, 30]
    assert not book.worksheets[0].sheet_view.showGridLines
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_words_to_choose_from_stand_on_a_sheet_and_have_names(template: tuple[str, Any]) -> None:
    lang, book = template
    words, units = book.worksheets[-1], book.worksheets[1]
    names = {n: d.attr_text for n, d in book.defined_names.items() if not n.startswith("_")}
    lists = [n for n in names if n.startswith("words_")]
    heads = [c.value for c in words[1]]
    assert len(heads) == len(lists) + 1
    assert heads[0] == f"{units.title} {units['B1'].value}"
    assert heads[-1] == ("单位（编号 名称）" if lang == "zh" else "units (id name)")
    assert all(c.font.b for c in words[1])
    for name in lists:
        area = names[name].rpartition("!")[2].replace("$", "")
        column = [c.value for (c,) in words[area]]
        assert None not in column
        below = words.cell(len(column) + 2, int(name.removeprefix("words_"))).value
        assert below is None, "the name covers the whole list"
    last = words.cell(1, len(heads)).column_letter
    where = f"'{words.title}'!${last}$2,0,0,MAX(1,COUNTA('{units.title}'!$A$2:$A${ROOM + 2})),1)"
    assert names["unit_ids"] == f"OFFSET({where}"
    assert names["unit_own"] == f"'{units.title}'!$A$2:$A${ROOM + 2}"
    assert names["unit_closed"] == f"'{units.title}'!$G$2:$G${ROOM + 2}"
    for row in (2, ROOM + 2):
        ids = f"'{units.title}'!A{row}&\" \"&'{units.title}'!C{row}"
        assert words.cell(row, len(heads)).value == f"=TRIM({ids})"
    assert words.max_row == ROOM + 2


def test_records_are_written_as_what_they_are(filled: Any) -> None:
    units, incidents, _, scores = filled.worksheets[1:5]
    assert filled.active.title == units.title
    assert [c.value for c in units[3]] == [
        "S", "学校", "=学", "T", "县属", datetime(2014, 1, 2), None,
    ]  # fmt: skip
    assert units["C3"].data_type == "s"
    assert [units[c].quotePrefix for c in ("C3", "A3", "C2")] == [True, False, False]
    assert [units[c].number_format for c in ("A3", "C3", "F3")] == ["@", "@", "yyyy-mm-dd"]
    assert not units["A3"].font.i
    assert [c.value for c in incidents[2]] == [
        "1", "S", "安全事故", datetime(2014, 2, 28), "较大", "T", "是",
    ]  # fmt: skip
    assert (scores["B2"].value, scores["C2"].value) == (2014, 84.99)
    assert [scores[f"{c}2"].number_format for c in "ABC"] == ["@", "General", "General"]
    assert [scores[f"{c}2"].alignment.horizontal for c in "BC"] == ["center"] * 2
    assert units.max_row == 3
    assert {str(v.sqref) for v in units.data_validations.dataValidation} == {
        f"{c}2:{c}{ROOM + 3}" for c in "ABCDEFG"
    }


def test_a_big_workbook_has_no_lists_of_units(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_module, "_LISTED", ROOM + 1)
    for facts, listed in ((Facts(units=FACTS.units[:1]), True), (FACTS, False)):
        book = opened(to_xlsx(policy, facts))
        assert ("unit_ids" in book.defined_names) is listed
        assert ("D" in checks(book["单位"])) is listed
        assert (checks(book["得分"])["B"].type == "custom") is True
        assert (checks(book["案事件"])["D"].type == "custom") is listed
        assert (book["词表"].max_row > ROOM) is listed


def test_checks_end_with_the_sheet(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_module, "LAST_ROW", 30)
    book = opened(to_xlsx(policy, FACTS))
    ends = {str(v.sqref).rpartition(":")[2].strip("ABCDEFG") for s in book.worksheets[1:-1]
            for v in s.data_validations.dataValidation}  # fmt: skip
    assert ends == {"30"}


def test_counts_are_numbers(policy: Policy) -> None:
    asked = Facts(units=FACTS.units, requirements=[Requirement("school", 2014, 3)])
    book = opened(to_xlsx(policy, asked))
    cells = book["上级要求"][2]
    assert [c.value for c in cells] == ["学校", 2014, 3]
    assert [c.number_format for c in cells] == ["@", "General", "General"]


def test_progress_is_told(policy: Policy) -> None:
    seen: list[tuple[str, int, int]] = []
    many = Facts(units=[Unit(f"H{n}", "household") for n in range(2001)])
    to_xlsx(policy, many, watch=lambda *said: seen.append(said))
    assert seen[:3] == [("units", 1000, 2001), ("units", 2000, 2001), ("units", 2001, 2001)]
    assert ("scores", 0, 0) in seen


def test_the_instructions_name_the_file_and_the_rules(declared: Policy) -> None:
    about = opened(to_xlsx(declared, None, "en", name="my book.xlsx")).worksheets[0]
    text = "\n".join(str(r[0].value) for r in about.iter_rows(max_row=12))
    assert "my book.xlsx" in text
    assert "linjiang" in text
    assert "THIS.xlsx" not in text
    said = {(r[1].value, r[3].value): r[4].value for r in about.iter_rows()}
    item = "residents (0 people to 100000 people)"
    assert said[item, "0 people to 100000 people"] == "residents"


# sheets of items

DAY = date(2020, 5, 1)


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    return load_policy(policy_with_inputs(tmp_path_factory.mktemp("policy") / "linjiang"))


def test_what_may_be_written_of_an_item(declared: Policy) -> None:
    def said(item: str) -> tuple[str, str]:
        about = declared.inputs[item]
        return accepted(about, "zh", DAY), accepted(about, "en", DAY)

    assert said("residents") == ("0人～100000人", "0 people to 100000 people")
    assert said("coverage") == ("0%～100%", "0% to 100%")
    stars = declared.inputs["stars"].words or {}
    zh, en = said("stars")
    assert zh.split("、") == [w for w, _ in stars.values()]
    assert [w.strip() for w in en.split(",")] == list(stars)
    assert heading(declared.inputs["residents"], "zh", DAY) == "常住人口（0人～100000人）"
    assert (
        heading(declared.inputs["residents"], "en", DAY) == "residents (0 people to 100000 people)"
    )


def test_the_check_of_an_item(declared: Policy) -> None:
    rules = {name: rule_of(about, "zh") for name, about in declared.inputs.items()}
    assert rules["residents"] == {
        "validate": "integer", "criteria": "between", "minimum": 0, "maximum": 100000,
    }  # fmt: skip
    assert rules["area"]["validate"] == "decimal"
    assert rules["stars"]["source"] == [
        w for w, _ in (declared.inputs["stars"].words or {}).values()
    ]
    assert rule_of(declared.inputs["stars"], "en")["source"] == list(
        declared.inputs["stars"].words or {}
    )
    day = rules["titled"]
    assert (day["validate"], day["criteria"]) == ("date", "between")
    about = declared.inputs["titled"]
    assert day["maximum"] == ("=TODAY()" if about.until_today else about.value(about.most))


def test_a_list_that_a_cell_cannot_hold_is_left_out(declared: Policy) -> None:
    about = declared.inputs["stars"]
    for words, short in (
        ({f"w{n}": ("字" * 50, "x") for n in range(5)}, True),  # 254 characters with the commas
        ({f"w{n}": ("字" * (51 if n == 0 else 50), "x") for n in range(5)}, True),
        ({f"w{n}": ("字" * (52 if n == 0 else 50), "x") for n in range(5)}, False),
        ({"a": ("一,二", "x"), "b": ("三", "y")}, False),
    ):
        choices = {code: (n, zh, en) for n, (code, (zh, en)) in enumerate(words.items(), 1)}
        own = attrs.evolve(about, choices=choices, least=1, most=len(choices))
        assert bool(rule_of(own, "zh")) is short


def test_a_sheet_for_the_items_of_each_kind_and_for_requirements(declared: Policy) -> None:
    sheets = list(item_sheets(declared, "zh"))
    assert [s.title for s in sheets] == ["数值-村", "数值-市场", "数值-上级要求"]
    assert all("village" in i.kinds and not i.given for i in sheets[0].items)
    assert [i.given for i in sheets[2].items] == [True] * len(sheets[2].items)
    assert (sheets[0].kinds, sheets[2].kinds) == ((), ("村",))
    assert [s.kinds for s in item_sheets(declared, "en")] == [(), (), ("village",)]
    book = opened(to_xlsx(declared, None))
    village, given = book["数值-村"], book["数值-上级要求"]
    assert (village.freeze_panes, village.print_title_rows) == ("C2", "$1:$1")
    assert village.row_dimensions[1].height == 24
    assert [c.value for c in village[1]][:2] == ["单位", "年度"]
    assert given["A1"].value == "类别"
    of = checks(village)
    assert (of["A"].formula1, of["A"].errorStyle) == ("unit_ids", "warning")
    assert (of["B"].formula1, of["B"].formula2) == ("1949", "YEAR(TODAY())")
    assert of["B"].error == "四位年份，如 2020"
    assert (of["C"].errorTitle, of["C"].error) == ("常住人口", "0人～100000人")
    assert checks(given)["A"].formula1 == '"村"'
    assert village["A1"].fill.fgColor.rgb == "FF1F4E78"
    assert village["C1"].fill.fgColor.rgb == "FFDDEBF7"
    assert {str(v.sqref) for v in of.values()} >= {f"{c}2:{c}{ROOM + 2}" for c in "AC"}
    about = {(r[0].value, r[1].value): r[2].value for r in book.worksheets[0].iter_rows()}
    assert about["数值-村", "常住人口（0人～100000人）"] == "可不填"


def test_a_long_name_of_an_item_has_its_check_all_the_same(declared: Policy) -> None:
    long = attrs.evolve(declared.inputs["residents"], zh="常" * 33)
    own = attrs.evolve(declared, inputs={**declared.inputs, "residents": long})
    check = checks(opened(to_xlsx(own, None))["数值-村"])["C"]
    assert (check.type, check.errorTitle) == ("whole", "常" * 32)


# other forms


def test_a_table_of_a_database_is_not_overwritten(tmp_path: Path, policy: Policy) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    write_facts(FACTS, url, policy)
    with pytest.raises(RequestError) as raised:
        write_facts(FACTS, url, policy)
    assert [p.place for p in raised.value.problems] == [
        f"{url} {t}" for t in TABLES if t != "values"
    ]
    assert "overwrite" in raised.value.problems[0].zh
    fewer = Facts(units=FACTS.units)
    write_facts(fewer, url, policy, overwrite=True)
    assert load_facts(url, policy) == fewer


def test_a_document_has_no_blanks_and_is_exact() -> None:
    tables = to_tables(FACTS)
    assert list(tables) == ["units", "incidents", "ledgers", "scores"]
    assert tables["units"][0] == {"id": "T", "kind": "township", "name": "镇"}
    assert tables["units"][1]["opened"] == "2014-01-02"
    assert tables["scores"] == [{"unit": "S", "year": 2014, "score": "84.99"}]
    assert to_tables(Facts()) == {"units": []}
    text = to_document(FACTS)
    assert "镇" in text
    assert text.endswith("}\n")
    assert '\n "units": [\n' in text
    letters = Facts(units=[Unit("H", "household", "é\u07ff")])
    assert to_document(letters).isascii(), "letters of two bytes could be another encoding"
    assert not to_document(Facts(units=[Unit("H", "household", "é\u0800")])).isascii()


def test_an_xls_with_too_many_rows_names_each_table(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_books, "_XLS_ROWS", 3)
    assert plain_books.to_xls(policy, FACTS)
    monkeypatch.setattr(plain_books, "_XLS_ROWS", 2)
    with pytest.raises(RequestError) as raised:
        plain_books.to_xls(policy, FACTS)
    (problem,) = raised.value.problems
    assert (problem.place, problem.found) == (".xls 单位", "3")
    assert "2行" in problem.zh
    assert "2 rows" in problem.en


def test_a_character_that_an_encoding_lacks_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    with pytest.raises(RequestError) as raised:
        write_folder(Facts(units=[Unit("A", "household", "a𠮷😀b")]), folder, "gbk")
    (problem,) = raised.value.problems
    assert (problem.place, problem.found[0]) == ("units.csv", "𠮷")
    assert "gbk" in problem.zh
    assert "gbk" in problem.en
    assert not folder.exists()
    write_folder(FACTS, folder)
    assert {p.name for p in folder.iterdir()} == {f"{t}.csv" for t in to_tables(FACTS)}
    lines = (folder / "units.csv").read_bytes().decode("utf-8-sig").split("\r\n")
    assert lines[2] == "S,school,'=学,T,county,2014-01-02,"
    write_folder(Facts(), folder)
    assert [p.name for p in folder.iterdir()] == ["units.csv"]


def test_where_facts_can_be_written(tmp_path: Path, policy: Policy) -> None:
    there = tmp_path / "a.xlsx"
    there.write_bytes(b"")
    for name, folder in (("b.XLSX", False), ("b", True), ("b.json", False)):
        assert check_target(str(tmp_path / name), overwrite=False) is folder
    assert check_target("sqlite:///x.db", overwrite=False) is False
    assert check_target(str(there), overwrite=True) is False
    with pytest.raises(RequestError, match="overwrite"):
        check_target(str(there), overwrite=False)
    with pytest.raises(RequestError, match="overwrite"):
        check_target(str(tmp_path), overwrite=False)
    (tmp_path / "leer").mkdir()
    assert check_target(str(tmp_path / "leer"), overwrite=False) is True
    (tmp_path / "v1.2").mkdir()
    assert check_target(str(tmp_path / "v1.2"), overwrite=False) is True
    with pytest.raises(RequestError) as raised:
        check_target(str(tmp_path / "b.doc"), overwrite=False)
    (problem,) = raised.value.problems
    assert problem.found == ".doc"
    assert ".xlsx、.xls、.ods、.json" in problem.zh
    assert ".xlsx, .xls, .ods, .json" in problem.en


def test_what_does_not_read_back_is_not_kept(
    tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "pingan_logic.export.convert.load_facts", lambda *_: Facts(units=FACTS.units[:1])
    )
    for name in ("a.json", "a.xlsx", "folder"):
        with pytest.raises(RequestError, match="读回的数据与原数据不同"):
            write_facts(FACTS, str(tmp_path / name), policy)
        assert not (tmp_path / name).exists()
    monkeypatch.undo()
    write_facts(FACTS, str(tmp_path / "a.json"), policy)
    with pytest.raises(RequestError, match="overwrite"):
        write_facts(FACTS, str(tmp_path / "a.json"), policy)


@pytest.mark.parametrize(("name", "begins"), [("a.json", b"{"), ("a.xlsx", b"PK"), ("a.ods", b"PK"),
                                               ("a.XLS", b"\xd0\xcf")])  # fmt: skip
def test_the_name_says_the_form(name: str, begins: bytes, tmp_path: Path, policy: Policy) -> None:
    write_facts(FACTS, str(tmp_path / name), policy)
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_texts_whose_encoding_cannot_be_told_are_not_kept(
    tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread(*_: Any) -> Facts:
        raise InputError([Problem("units.csv", "看不出编码", "no encoding")])

    monkeypatch.setattr("pingan_logic.export.convert.load_facts", unread)
    with pytest.raises(RequestError) as raised:
        write_facts(FACTS, str(tmp_path / "a"), policy, encoding="gb18030")
    (one,) = raised.value.problems
    assert (one.place, one.found) == (str(tmp_path / "a"), "gb18030")
    assert "utf-8-sig" in one.zh
    with pytest.raises(InputError):
        write_facts(FACTS, str(tmp_path / "a"), policy)
    assert not (tmp_path / "a").exists()


def test_cells_of_tables_for_people(policy: Policy) -> None:
    zh, en = ({t.table: t for t in sheet_tables(policy, lang)} for lang in ("zh", "en"))
    assert list(zh) == [t for t in zh if t != "values"]
    assert (zh["units"].title, en["units"].title) == ("单位", "units")
    assert [c.header for c in zh["scores"].columns] == ["单位", "年度", "得分"]
    assert [c.required for c in zh["units"].columns][:4] == [True, True, False, False]
    assert next(zh["scores"].rows(FACTS)) == ["S", 2014, Decimal("84.99")]
    assert next(zh["units"].rows(FACTS)) == ["T", "乡镇", "镇", None, None, None, None]
    assert next(en["units"].rows(FACTS))[:3] == ["T", "township", "镇"]
    assert zh["units"].columns[0].choices is None
    kinds = zh["units"].columns[1].choices or ()
    assert (kinds[0], (en["units"].columns[1].choices or ())[0]) == ("县", "county")
    assert zh["requirements"].examples[0][0] == "示例：乡镇"
    assert en["requirements"].examples[0][0] == "example:township"
    assert zh["polls"].examples[0][0] == "示例-1"


# marks


def marked(cells: dict[str, Any], problems: list[Problem], lang: str = "zh") -> Any:
    """Return the marked copy of a workbook with one sheet 单位."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "单位's"
    for place, value in cells.items():
        sheet[place] = value
    sheet.merge_cells("C3:D4")
    out = io.BytesIO()
    book.save(out)
    source = Source()
    return opened(annotate("a.xlsx", source, problems, lang, content=out.getvalue()))


def problem(row: int, column: int, zh: str, **more: Any) -> Problem:
    place = CellPlace("单位's", row, column)
    return Problem(place, zh, f"en {zh}", **more)


def test_marks_stand_at_their_cells_and_in_a_list() -> None:
    found = [
        problem(2, 2, "一", found="x", nearest="y"), problem(2, 2, "二"), problem(4, 4, "三"),
        problem(5, 0, "四"),
    ]  # fmt: skip
    book = marked({"A1": "编号", "B2": "x"}, found)
    sheet, listed = book.worksheets
    assert sheet["B2"].comment.text.splitlines() == [p.what("zh") for p in found[:2]]
    assert sheet["B2"].comment.author == "pingan_logic"
    assert sheet["B2"].value == "x"
    assert "三" in sheet["C3"].comment.text, "the first cell of what is merged"
    assert "四" in sheet["A5"].comment.text
    for cell in ("B2", "C3", "A5"):
        assert sheet[cell].fill.fgColor.rgb == RED
    assert sheet["A1"].fill.fgColor.rgb != RED
    assert sheet.sheet_properties.tabColor.rgb == RED
    assert listed.title == "检查结果"
    assert [c.value for c in listed[1]] == ["位置", "问题", "发现", "最接近的有效值"]
    assert [c.value for c in listed[2]][1:] == ["一", "x", "y"]
    assert [c.value for c in listed[3]][1:] == ["二", None, None]
    assert [listed.cell(n, 1).hyperlink.target for n in (2, 4, 5)] == [
        "#'单位''s'!B2", "#'单位''s'!D4", "#'单位''s'!A5",
    ]  # fmt: skip
    assert (listed.freeze_panes, listed.page_setup.orientation) == ("A2", "landscape")
    assert listed.page_setup.fitToHeight == 0
    assert listed.sheet_properties.pageSetUpPr.fitToPage
    assert [c.font.b for c in listed[1]] == [True] * 4
    assert [int(listed.column_dimensions[c].width) for c in "ABCD"] == [28, 70, 28, 28]
    assert listed["B2"].alignment.wrap_text
    assert listed["B2"].alignment.vertical == "top"
    english = marked({"B2": "x"}, found, "en").worksheets
    assert "en 一" in english[0]["B2"].comment.text
    assert english[1]["B2"].value == "en 一"


def test_a_long_problem_gets_a_higher_row() -> None:
    book = marked({}, [problem(2, 2, "短"), problem(2, 3, "长" * 36), problem(2, 3, "x" * 141)])
    listed = book.worksheets[1]
    assert [listed.row_dimensions[n].height for n in (2, 3, 4)] == [15, 30, 45]


def test_nothing_wrong_is_said_and_problems_of_no_cell_are_listed() -> None:
    listed = marked({}, []).worksheets[1]
    assert listed["A2"].value == "没有问题"
    listed = marked({}, [Problem("--year", "没有", "none")]).worksheets[1]
    assert listed["A2"].hyperlink is None
    assert listed["B2"].value == "没有"
    whole = marked({}, [Problem("单位's", "整张表", "the sheet")]).worksheets[0]
    assert "整张表" in whole["A1"].comment.text


def test_text_in_a_new_book_stays_text() -> None:
    source = Source()
    source.sheets = {
        "units.csv": [
            ["id", "=1"],
            [None, ""],
            [7, float("inf")],
            [date(2014, 5, 1), "a\x0bb"],
            [Trap("坏", "bad", "5e"), Shown("85", Decimal("84.96"))],
        ],
        "a[b]:/x.csv": [["q" * 3]],
    }
    content = annotate("nowhere.csv", source, [], "en")
    book = opened(content)
    sheet = book["units"]
    assert (sheet["B1"].value, sheet["B1"].data_type, sheet["B1"].number_format) == ("=1", "s", "@")
    assert sheet["A3"].value == 7
    assert (sheet["B3"].value, sheet["B3"].data_type) == ("inf", "s")
    assert (sheet["A4"].value, sheet["A4"].number_format) == (datetime(2014, 5, 1), "yyyy-mm-dd")
    assert sheet["B4"].value == "ab"
    assert (sheet["A5"].value, sheet["B5"].value) == ("5e", 84.96)
    assert [s for s in book.sheetnames if s.startswith("a b")] == ["a b   x"]
    assert source.notices, "what it lacks of the original is said"
    with pytest.raises(RequestError, match="只有工作簿和 CSV 能标注") as raised:
        annotate("nowhere.json", Source(), [], "zh")
    (one,) = raised.value.problems
    assert (one.where("zh", options=True), one.found) == ("--annotate", "nowhere.json")


def test_lines_that_a_text_takes() -> None:
    lines = annotate_module._lines
    assert [lines("", 28), lines("x" * 27, 28), lines("x" * 28, 28), lines("字" * 14, 28)] == [
        1, 1, 2, 2,
    ]  # fmt: skip


# corrections


def test_what_is_written_in_the_place_of_a_cell(policy: Policy) -> None:
    known = Vocabulary.of_tables(policy)[("units", "kind")]
    word = "日常说法改为规定的用语"

    def found(cell: Any, value: Any, kind: str = "", words: Any = None) -> Any:
        made = _other(cell, value, kind, words)
        return None if made is None else (made[0], made[1][0])

    assert found("镇", "township", "word", known) == ("乡镇", word)
    assert found("乡镇", "township", "word", known) is None
    assert found(5, "township", "word", known) is None
    day = date(2014, 5, 3)
    assert found("2014.5.3", day) == (day, "改为规定的写法")
    assert found("2014-05-03", day) is found(datetime(2014, 5, 3), day) is found(day, day) is None
    assert found("2014年", 2014) == (2014, "改为规定的写法")
    assert found(" 2014 ", 2014) is found(2014, 2014) is found(2014.0, 2014) is None
    assert found("84.99分", Decimal("84.99")) == (Decimal("84.99"), "改为规定的写法")
    assert found("青竹镇", "T-01", "id") == ("T-01", "名称改为编号")
    assert found("T-01 青竹镇", "T-01", "id") == ("T-01", "名称改为编号")
    assert found("'名", "名", "text") == ("名", "改为规定的写法")
    assert found("甲", "乙", "text") == ("乙", "名称改为编号")
    assert found(" a  b", "a b", "text") is None
    assert found(7, "7", "id") is None
    assert found("x", None, "id") is None
    assert found("x", "y", "count") is None
    assert found(Shown("85", "x"), 85) is found(Trap("坏", "bad"), 85) is None


def test_a_corrected_workbook_is_the_same_workbook(policy: Policy) -> None:
    book = openpyxl.Workbook()
    book.active.title = "单位"
    for row in (["编号", "类别", "设立日期", "名称", "所在单位"], ["T", "镇", "2014.5.3"]):
        book.active.append(row)
    book.active["A1"].font = openpyxl.styles.Font(bold=True)
    out = io.BytesIO()
    book.save(out)
    source = read_upload(out.getvalue(), "a.xlsx")
    content, made, left = corrected("a.xlsx", source, policy, "en", content=out.getvalue())
    assert (made, left, source.notices) == (2, 0, [])
    sheet = opened(content)["单位"]
    assert sheet["A1"].font.b, "formats are kept"
    assert (sheet["C2"].value, sheet["C2"].number_format) == (datetime(2014, 5, 3), "yyyy-mm-dd")
    assert (sheet["B2"].value, sheet["B2"].number_format) == ("乡镇", "@")
    listed = opened(content)["corrections"]
    assert [c.value for c in listed[1]] == ["place", "old", "new", "why"]
    assert [c.value for c in listed[3]][:3] == ["单位!C2", "2014.5.3", "2014-05-03"]
    assert listed["A3"].hyperlink.target == "#'单位'!C2"
    assert listed.freeze_panes == "A2"
    assert all(c.font.b for c in listed[1])
    assert [int(listed.column_dimensions[c].width) for c in "ABCD"] == [28, 28, 28, 50]
    again = read_upload(content, "b.xlsx")
    content, made, left = corrected("b.xlsx", again, policy, "en", content=content)
    assert (made, left) == (0, 0)
    book = opened(content)
    assert book.sheetnames.count("corrections") == 1, "one of an earlier copy is replaced"
    assert book["corrections"]["A2"].value == "nothing was corrected"


def test_a_cell_as_it_is_shown() -> None:
    assert [_shown(v) for v in (2014.0, 2014.5, "x", 7, None)] == [
        "2014", "2014.5", "x", "7", "None",
    ]  # fmt: skip


def test_an_upload_that_is_no_workbook_is_marked_in_a_new_one(policy: Policy) -> None:
    data = "编号,类别\nH,家庭\n".encode()
    source = read_upload(data, "单位.csv")
    book = opened(annotate("单位.csv", source, [], "zh", content=data))
    assert book.sheetnames == ["单位", "检查结果"]
    assert [c.value for c in book["单位"][2]] == ["H", "家庭"]
