"""Local forms: `columns.toml` maps sheets, columns and words; `check --learn` proposes one."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pingan_logic import load_facts
from pingan_logic.cli import run
from pingan_logic.errors import InputError, RequestError
from pingan_logic.intake.forms import NO_FORMS, active
from pingan_logic.intake.forms_file import read_forms

LOCAL: dict[str, list[list[Any]]] = {
    "户籍花名册": [
        ["某县平安创建底册"],
        ["户编码", "人户类型", "户主单位名", "归属网格", "身份证号"],
        ["C", "县", "某县", None, "x"],
        ["T1", "镇", "青竹镇", "C", "x"],
        ["V1", "行政村", "幸福村", "T1", "x"],
        ["H1", "常住户", None, "V1", "x"],
    ],
    "综治案件登记": [
        ["案号", "发案单位", "案由", "发案时间", "情节"],
        ["A1", "H1", "家暴", "2014.5.3", None],
        ["A2", "V1", "盗窃", "2014.6.3", "一般"],
    ],
    "零报": [["填报单位名称", "零报告事项"], ["V1", "全部"]],
}
MAPPING = """
[sheet."户籍花名册"]
table = "单位"
ignore = ["身份证号"]
columns = { "户编码" = "编号", "人户类型" = "类别", "户主单位名" = "名称", "归属网格" = "上级" }
[sheet."户籍花名册".words."类别"]
"常住户" = "家庭"

[sheet."综治案件登记"]
table = "incidents"
[sheet."综治案件登记".columns]
"案号" = "编号"
"发案单位" = "单位"
"案由" = "类型"
"发案时间" = "日期"
"情节" = "等级"

[sheet."零报"]
table = "台账"
columns = { "填报单位名称" = "单位", "零报告事项" = "item" }
constants = { "年度" = 2014 }
"""


@pytest.fixture
def local(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in LOCAL.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "底册.xlsx")
    return tmp_path / "底册.xlsx"


def check_read(path: str | Path, **options: Any) -> None:
    facts = load_facts(path, **options)
    assert sorted((u.id, u.kind, u.parent or "") for u in facts.units) == [
        ("C", "county", ""), ("H1", "household", "V1"), ("T1", "township", "C"),
        ("V1", "village", "T1"),
    ]  # fmt: skip
    assert [(i.id, i.unit, i.type, str(i.date)) for i in facts.incidents] == [
        ("A1", "H1", "domestic_violence", "2014-05-03"),
        ("A2", "V1", "property_crime", "2014-06-03"),
    ]
    assert [(x.unit, x.item, x.year) for x in facts.ledgers] == [("V1", "*", 2014)]
    assert active() is NO_FORMS


def test_a_mapping_beside_the_data_is_used_and_said(
    local: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError):
        load_facts(local)
    (local.parent / "columns.toml").write_text(MAPPING, encoding="utf-8")
    check_read(local)
    with pytest.raises(SystemExit) as stop:
        run(["evaluate", str(local)])
    assert stop.value.code == 0
    assert "按 columns.toml 对应表格" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["evaluate", "check", "programme"])
def test_a_mapping_by_its_name(
    command: str, local: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "对应" / "本县.toml"
    elsewhere.parent.mkdir()
    elsewhere.write_text(MAPPING, encoding="utf-8-sig")
    check_read(local, forms=elsewhere)
    with pytest.raises(SystemExit) as stop:
        run([command, "--facts", str(local), "--columns", str(elsewhere)])
    assert stop.value.code == 0, capsys.readouterr().err


def test_csv_and_json_and_databases_map_too(tmp_path: Path) -> None:
    mapping = tmp_path / "columns.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    for name, rows in LOCAL.items():
        texts = ("" if c is None else str(c) for row in rows for c in row)
        assert not any("," in t for t in texts)
        lines = [",".join("" if c is None else str(c) for c in row) for row in rows]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    check_read(tmp_path)
    tables = {n: rows[1:] if n == "户籍花名册" else rows for n, rows in LOCAL.items()}
    document = {n: [dict(zip(r[0], c, strict=True)) for c in r[1:]] for n, r in tables.items()}
    (tmp_path / "data.json").write_text(json.dumps(document), encoding="utf-8")
    check_read(tmp_path / "data.json")
    pytest.importorskip("sqlalchemy")
    with sqlite3.connect(tmp_path / "综治.db") as database:
        for name, (head, *rows) in tables.items():
            listed = ", ".join(f'"{h}" TEXT' for h in head)
            database.execute(f'CREATE TABLE "{name}" ({listed})')
            marks = ", ".join("?" * len(head))
            database.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
    check_read(f"sqlite:///{tmp_path / '综治.db'}", forms=mapping)


def test_what_is_wrong_in_a_mapping_is_all_named(tmp_path: Path) -> None:
    file = tmp_path / "columns.toml"
    file.write_text(
        '[sheets.x]\n[sheet."甲"]\ntable = "单元"\n[sheet."乙"]\ntable = "单位"\nwrods = 1\n'
        'columns = { "户号" = "编码号" }\nconstants = 3\nignore = "x"\nwords = { "类别" = 2 }\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError) as error:
        read_forms(file)
    said = error.value.words()
    for words in ("`sheets`", "甲 table", "`单位`", "`wrods`", "`编码号`", "乙 constants",
                  "乙 ignore", "乙 words"):  # fmt: skip
        assert words in said
    file.write_text("[sheet", encoding="utf-8")
    with pytest.raises(InputError, match="TOML"):
        read_forms(file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        read_forms(file)
    with pytest.raises(RequestError):
        read_forms(tmp_path / "none.toml")


def test_a_proposal_for_forms_that_are_not_known(
    local: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        run(["check", str(local), "--learn"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert "# 没有找到的列：年度" in text
    proposed = text.replace('table = "台账"', 'table = "台账"\nconstants = { "年度" = 2014 }')
    (local.parent / "columns.toml").write_text(proposed, encoding="utf-8")
    check_read(local)


def test_a_proposal_leaves_open_what_may_mean_several(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    units, incidents = book.active, book.create_sheet("案（事）件表")
    assert units is not None
    units.title = "单位名册"
    for row in (("单位编号", "类别", "单位名称", "上级单位"), ("W1", "机关", "财政局", "")):
        units.append(row)
    incidents.append(("编号", "单位名称", "事项", "发生日期", "等级"))
    incidents.append(("I1", "财政局", "上访", "2014.5.3", ""))
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(SystemExit):
        run(["check", str(tmp_path / "a.xlsx"), "--learn"])
    text = capsys.readouterr().out
    assert '# "上访" = ""  # 不止一个意思' in text
    assert "越级上访、群体性上访" in text or "群体性上访、越级上访" in text
    (tmp_path / "columns.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="这个说法不止一个意思") as error:
        load_facts(tmp_path / "a.xlsx")
    assert len(error.value.problems) == 1
    chosen = text.replace('# "上访" = ""', '"上访" = "越级上访"')
    (tmp_path / "columns.toml").write_text(chosen, encoding="utf-8")
    (incident,) = load_facts(tmp_path / "a.xlsx").incidents
    assert (incident.unit, incident.type) == ("W1", "bypass_petition")


def test_a_column_of_years_is_told_by_its_cells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "得分"
    for row in (("单位", "考评期", "得分"), ("T", "2013年度", 80), ("T", 2014, 90)):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(SystemExit):
        run(["check", str(tmp_path / "a.xlsx"), "--learn"])
    assert '"考评期" = "年度"' in capsys.readouterr().out


def test_a_proposal_of_what_is_known_maps_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.intake.books import good_book

    good_book().save(tmp_path / "a.xlsx")
    with pytest.raises(SystemExit):
        run(["check", str(tmp_path / "a.xlsx"), "--learn", "--lang", "en"])
    text = capsys.readouterr().out
    assert text.count("all headers are known") == 7
    (tmp_path / "columns.toml").write_text(text, encoding="utf-8")
    assert len(load_facts(tmp_path / "a.xlsx").units) == 7


def test_the_examples_of_the_page_are_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "clerk" / "local-forms.md").read_text(
        encoding="utf-8"
    )
    examples = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 3
    for number, text in enumerate(examples):
        file = tmp_path / f"{number}.toml"
        file.write_text(text, encoding="utf-8")
        forms = read_forms(file)
        assert len(forms.tables) == 2
        assert forms.columns
        assert set(forms.tables.values()) == {"units", "incidents"}
