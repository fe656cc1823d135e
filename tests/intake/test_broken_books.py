"""119 broken workbooks, a mistake or two each: refused by sheet and cell, with either reader."""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl.styles import PatternFill

import pingan_logic
from pingan_logic import InputError, Policy
from pingan_logic.intake import read_source
from tests.intake.books import BROKEN, broken_book, good_book, rewrite

ENGINES = ("python_calamine", "openpyxl")


def read(path: Path, policy: Policy) -> list[pingan_logic.Problem]:
    """Return the problems of a workbook."""
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(path, policy)
    return list(caught.value.problems)


def test_the_good_book_is_read_alike_by_both(engine: str, tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "台账.xlsx"
    good_book().save(path)
    facts = pingan_logic.load_facts(path, policy)
    assert [u.id for u in facts.units][:2] == ["990024", "T-01"]
    assert facts.units[6].affiliation == "county"
    assert [str(i.date) for i in facts.incidents] == ["2014-05-03"] * 3
    assert facts.ledgers[0] == pingan_logic.Ledger("T-01", "*", 2014)
    assert str(facts.scores[0].score) == "84.99"


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_book_is_refused_by_cell(
    name: str, engine: str, tmp_path: Path, policy: Policy
) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(broken_book(name))
    problems = read(path, policy)
    said = "\n".join(p.words("zh") for p in problems)
    for expected in BROKEN[name][1]:
        assert expected in said, said
    english = "\n".join(p.what("en") for p in problems)
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"`[^`]*`", "", english)), english


def test_a_formula_is_used_when_a_spreadsheet_calculated_it(
    engine: str, tmp_path: Path, policy: Policy
) -> None:
    """Excel stores the result beside the formula; openpyxl and XlsxWriter cannot know it."""
    book = good_book()
    book["得分"]["C2"] = "=80+5"
    path = tmp_path / "台账.xlsx"
    book.save(path)
    data = path.read_bytes()
    part = "xl/worksheets/sheet4.xml"
    with zipfile.ZipFile(path) as parts:
        written = parts.read(part)  # an empty element has two spellings
    empty = b"<v></v>" if b"</f><v></v>" in written else b"<v />"
    data = rewrite(data, part, b"<f>80+5</f>" + empty, b"<f>80+5</f><v>85</v>")
    path.write_bytes(data)
    assert "公式" in read(path, policy)[0].zh  # the writer asked for a recalculation
    path.write_bytes(rewrite(data, "xl/workbook.xml", b'fullCalcOnLoad="1"', b""))
    assert str(pingan_logic.load_facts(path, policy).scores[0].score) == "85"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<c r="C2" t="n"><v>', b'<c r="C2" t="zz"><v>'),
        (b"<v>84.5</v>", b"<v>8_5</v>"),
        (b"<v>84.5</v>", b"<v>0x55</v>"),
        (b"<v>84.5</v>", b"<v>nan</v>"),
        (b'<row r="2"', b'<row r="2" ht="nan"'),
        (b'<row r="2"', b'<row r="2" ht="1_5"'),
    ],
)
def test_cells_and_sizes_that_are_none_are_refused(
    old: bytes, new: bytes, engine: str, tmp_path: Path, policy: Policy
) -> None:
    path = tmp_path / "台账.xlsx"
    book = good_book()
    book["得分"]["C2"] = 84.5
    book.save(path)
    part = "xl/worksheets/sheet4.xml"
    with zipfile.ZipFile(path) as parts:
        written = parts.read(part)
    old = old if old in written else old.replace(b' t="n"', b"")
    assert old in written, written
    path.write_bytes(rewrite(path.read_bytes(), part, old, new))
    assert read(path, policy)


def test_what_people_add_to_a_ledger_does_no_harm(
    engine: str, tmp_path: Path, policy: Policy
) -> None:
    """Serial numbers, remarks, empty formatted cells far away, invisible characters."""
    path = tmp_path / "台账.xlsx"
    good_book().save(path)
    facts = pingan_logic.load_facts(path, policy)
    book = good_book()
    sheet = book["单位"]
    sheet.insert_cols(1)
    sheet["A1"], sheet["A2"], sheet["G1"], sheet["G4"] = "序号", 1, "备注", "已核实"
    sheet["B7"], sheet["C7"] = "\ufeffH-01\u200b", "平安\u200b家庭"
    sheet["XFD1048576"].fill = PatternFill("solid", fgColor="FFFF00")
    book["台账"].title = " 台 账 "
    book.save(path)
    source = read_source(path)
    assert pingan_logic.intake.to_facts(source, policy) == facts
    assert source.notices == [("单位：不读取的列 序号、备注", "单位: columns not read: 序号, 备注")]


@pytest.mark.parametrize("form", [14, 27, 31, 36, 50, 57, 58])
def test_dates_in_formats_built_into_chinese_spreadsheets(
    form: int, engine: str, tmp_path: Path, policy: Policy
) -> None:
    """They write only the number of the format, not what it looks like."""
    path = tmp_path / "台账.xlsx"
    book = good_book()
    book["事件"]["E2"].number_format = "[$-804]yyyy"
    book.save(path)
    number = b'numFmtId="%d" fontId' % form
    path.write_bytes(rewrite(path.read_bytes(), "xl/styles.xml", b'numFmtId="165" fontId', number))
    assert str(pingan_logic.load_facts(path, policy).incidents[0].date) == "2014-05-03"


def test_strict_open_xml_is_read(engine: str, tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "台账.xlsx"
    good_book().save(path)
    data = path.read_bytes()
    with zipfile.ZipFile(path) as book:
        parts = [n for n in book.namelist() if b"schemas.openxmlformats.org/s" in book.read(n)]
    for part in parts:
        old = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        data = rewrite(data, part, old, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
    path.write_bytes(data)
    assert len(pingan_logic.load_facts(path, policy).units) == 7


def test_rows_and_columns_of_no_size_are_hidden(
    engine: str, tmp_path: Path, policy: Policy
) -> None:
    path = tmp_path / "台账.xlsx"
    good_book().save(path)
    part = "xl/worksheets/sheet1.xml"
    data = rewrite(path.read_bytes(), part, b'<row r="5"', b'<row r="5" ht="0" customHeight="1"')
    columns = b'<cols><col min="4" max="4" width="0" customWidth="1"/></cols><sheetData>'
    path.write_bytes(rewrite(data, part, b"<sheetData>", columns))
    assert [p.place for p in read(path, policy)] == ["单位!D1", "单位 row 5"]


def test_a_row_with_a_height_is_seen_where_the_others_have_none(
    engine: str, tmp_path: Path, policy: Policy
) -> None:
    path = tmp_path / "台账.xlsx"
    good_book().save(path)
    part = "xl/worksheets/sheet1.xml"
    data = rewrite(path.read_bytes(), part, b'defaultRowHeight="15"', b'defaultRowHeight="0"')
    data = rewrite(data, part, b'<row r="', b'<row ht="15" r="')
    path.write_bytes(data)
    assert len(pingan_logic.load_facts(path, policy).units) == 7
    path.write_bytes(rewrite(data, part, b'<row ht="15" r="5"', b'<row r="5"'))
    assert [p.place for p in read(path, policy)] == ["单位 row 5"]


def test_hidden_rows_without_data_and_note_sheets_do_no_harm(
    engine: str, tmp_path: Path, policy: Policy
) -> None:
    book = good_book()
    book["单位"].row_dimensions[40].hidden = True
    book["单位"].column_dimensions["K"].hidden = True
    book.create_sheet("填写说明").append(["随便写"])
    book.create_sheet("Sheet1")
    path = tmp_path / "台账.xlsx"
    book.save(path)
    assert len(pingan_logic.load_facts(path, policy).units) == 7


def test_all_mistakes_are_told_at_once_in_the_order_of_the_book(
    engine: str, tmp_path: Path, policy: Policy
) -> None:
    book = good_book()
    for change in ("kind-misspelt", "cells-merged", "row-hidden", "date-american", "year-in-words"):
        BROKEN[change][0](book)
    path = tmp_path / "台账.xlsx"
    book.save(path)
    places = [p.place for p in read(path, policy)]
    assert places == ["单位!D6", "单位 row 7", "单位!B7 类别", "事件!E3 日期", "台账!C3 年度"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><table><tr><td>id</td></tr></table></html>", "网页"),
        (b"", "不是"),
        (b"PK\x03\x04 torn", "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "密码"),
        (b"id,what\n", "其实是文本"),
    ],
)
def test_what_is_no_workbook_is_refused(
    content: bytes, said: str, tmp_path: Path, policy: Policy
) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(content)
    assert said in read(path, policy)[0].words("zh")


def test_a_workbook_that_unpacks_too_far_is_refused(
    tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pingan_logic.intake import zipped

    monkeypatch.setattr(zipped, "UNPACKED_BYTES", 1000)
    path = tmp_path / "台账.xlsx"
    good_book().save(path)
    assert "解压" in read(path, policy)[0].zh


def test_a_document_type_in_the_xml_is_refused(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(broken_book("row-hidden"))
    data, bomb = path.read_bytes(), b'<!DOCTYPE a [<!ENTITY b "c">]><workbook'
    path.write_bytes(rewrite(data, "xl/workbook.xml", b"<workbook", bomb))
    (problem,) = read(path, policy)
    assert "不是完整的工作簿" in problem.zh


def test_missing_libraries_are_named_with_the_extra(
    tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "台账.xlsx"
    good_book().save(path)
    for module in ENGINES:
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(pingan_logic.RequestError, match=r"\[excel\]"):
        pingan_logic.load_facts(path, policy)
