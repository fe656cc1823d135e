"""79 broken workbooks, one mistake each: refused by sheet and cell, with either reader."""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

import pytest

import pingan_logic
from pingan_logic import InputError, Policy
from tests.intake.books import BROKEN, broken_book, good_book, rewrite

pytest.importorskip("openpyxl")
ENGINES = ("python_calamine", "openpyxl")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read with python-calamine, and as if it were not installed."""
    if request.param == "openpyxl":
        monkeypatch.setitem(sys.modules, "python_calamine", None)
    else:
        pytest.importorskip(request.param, reason="python-calamine needs Python 3.11")
    return str(request.param)


def read(path: Path, policy: Policy) -> list[pingan_logic.Problem]:
    """Return the problems of a workbook."""
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(path, policy)
    return list(caught.value.problems)


def test_the_good_book_is_read_alike_by_both(engine: str, tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "台账.xlsx"
    good_book().save(path)
    facts = pingan_logic.load_facts(path, policy)
    assert [u.id for u in facts.units][:2] == ["430624", "T-01"]
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
        (b"", "不是"),
        (b"PK\x03\x04 torn", "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "密码"),
        (b"id,kind,name,parent\n", "不是"),
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
    assert "DOCTYPE" in read(path, policy)[0].words("zh")


def test_missing_libraries_are_named_with_the_extra(
    tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ENGINES:
        monkeypatch.setitem(sys.modules, module, None)
    path = tmp_path / "台账.xlsx"
    good_book().save(path)
    with pytest.raises(pingan_logic.RequestError, match=r"pingan-logic\[excel\]"):
        pingan_logic.load_facts(path, policy)
