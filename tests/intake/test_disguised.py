"""Files that are not what their names say: read where it is plain what they are, else named."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import pingan_logic
from pingan_logic import InputError, Policy, Problem, RequestError, Unit
from pingan_logic.cli import run
from pingan_logic.export.convert import write_facts
from pingan_logic.intake import read_source
from pingan_logic.intake.disguised import text_table
from pingan_logic.server.county import County
from pingan_logic.server.settings import Settings
from tests.intake.books import good_book

TABLE = "编号\t类别\t名称\t上级\r\nV-01\t村\t塅村\t\r\nH-1\t家庭\t甲, 乙\tV-01\r\n"
UNITS = [Unit("V-01", "village", "塅村"), Unit("H-1", "household", "甲, 乙", "V-01")]


@pytest.mark.parametrize("name", ["单位.xls", "导出.xls", "units.xlsx", "台账.et"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_workbook_that_is_text_parted_by_tabs_is_read(
    name: str, encoding: str, tmp_path: Path, policy: Policy
) -> None:
    path = tmp_path / name
    path.write_bytes(TABLE.encode(encoding))
    assert list(pingan_logic.load_facts(path, policy).units) == UNITS
    source = read_source(path)
    assert source.notices == [
        (
            f"{name}：其实是用制表符分隔的文本，已照此读取",
            f"{name}: is text separated by tabs and was read so",
        )
    ]
    assert list(pingan_logic.load_facts(tmp_path, policy).units) == UNITS


@pytest.mark.parametrize(("separator", "name"), [(",", "逗号"), (";", "分号")])
def test_a_workbook_that_is_csv_is_read(
    separator: str, name: str, tmp_path: Path, policy: Policy
) -> None:
    path = tmp_path / "导出.xls"
    text = TABLE.replace("甲, 乙", '"甲, 乙"').replace("\t", separator)
    path.write_bytes(text.encode("gb18030"))
    assert list(pingan_logic.load_facts(path, policy).units) == UNITS
    assert f"用{name}分隔" in read_source(path).notices[0][0]


def test_problems_of_text_are_named_by_row(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "导出.xls"
    path.write_text(TABLE + "H-2\t家廷\t\tV-01\r\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(path, policy)
    (problem,) = caught.value.problems
    assert (problem.place, problem.nearest) == ("导出.xls row 4 类别", "家庭")
    path.write_text("某县登记表\t\t\t\n" + TABLE, encoding="utf-8")
    assert list(pingan_logic.load_facts(path, policy).units) == UNITS


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n", "网页存档（MHTML）"),
        (b"From: <x>\r\nContent-Type: multipart/related;\r\n", "网页存档（MHTML）"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
         b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "“XML 表格 2003”"),
        (b"<html><table><tr><td>id</td></tr></table></html>", "网页"),
        (b"\r\n<table><tr><td>id</td></tr></table>", "网页"),
        (b"<!DOCTYPE html><html>", "网页"),
        (b"<a/>", "XML"),
        (b"%PDF-1.4\n", "PDF"),
        (b"{\\rtf1 x}", "RTF 文档"),
        (b"Rar!\x1a\x07\x01\x00", "压缩包"),
        (b"\x1f\x8b\x08\x00", "压缩包"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["台账.xls", "台账.xlsx", "台账.et"])
def test_what_is_plainly_something_else_is_named(
    name: str, content: bytes, said: str, tmp_path: Path, policy: Policy
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(path, policy)
    (problem,) = caught.value.problems
    assert problem.zh == f"其实是{said}，不是工作簿，请用 Excel 或 WPS 打开后另存为 xlsx"


def test_text_without_a_header_is_named(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "台账.xls"
    path.write_text("某县\t2014\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(path, policy)
    assert caught.value.problems[0] == Problem(
        "台账.xls",
        "其实是文本，不是工作簿，开头也没有表头；请用 Excel 或 WPS 打开后另存为 xlsx",
        "is text, not a workbook, and begins with no header; open it in a spreadsheet and save "
        "it as xlsx",
        "某县",
    )
    path.write_bytes(TABLE.encode("utf-16"))
    with pytest.raises(InputError, match="UTF-16"):
        pingan_logic.load_facts(path, policy)
    assert list(pingan_logic.load_facts(path, policy, encoding="utf-16").units) == UNITS


def test_a_workbook_of_wps_is_read_by_what_it_holds(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "台账.et"
    good_book().save(tmp_path / "台账.xlsx")
    (tmp_path / "台账.xlsx").rename(path)
    assert pingan_logic.load_facts(path, policy).units[0].id == "990024"
    assert pingan_logic.load_facts(tmp_path, policy).units[0].id == "990024"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(InputError, match="另存为 xlsx"):
        pingan_logic.load_facts(path, policy)


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"'])
def test_the_first_line_says_what_parts_the_columns(
    first: str, tmp_path: Path, policy: Policy
) -> None:
    text = TABLE.replace("\t", ";")
    path = tmp_path / "units.csv"
    path.write_text(f"{first}\r\n{text}", encoding="utf-8-sig", newline="")
    assert list(pingan_logic.load_facts(path, policy).units) == UNITS
    path.write_text(f"{first}\n{text}H-2;x;;\n", encoding="gb18030", newline="")
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(path, policy)
    assert [p.place for p in caught.value.problems] == ["units.csv row 5 类别"]
    for separator in ",|\t":
        more = TABLE.replace("甲, 乙", '"甲, 乙"').replace("\t", separator)
        path.write_text(f"sep={separator}\r\n{more}", encoding="utf-8", newline="")
        assert list(pingan_logic.load_facts(path, policy).units) == UNITS


def _units(change: Callable[[bytes], bytes]) -> bytes:
    """Return the good workbook with the XML of its units changed."""
    out, again = io.BytesIO(), io.BytesIO()
    good_book().save(out)
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(again, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if b"V-01" in content else content)
    return again.getvalue()


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (b"<![CDATA[V-01]]>", "V-01"),
        (b"V-<![CDATA[0]]>1", "V-01"),
        (b"V<!-- a -->-01", "V-01"),
        (b"<!--<![CDATA[-->V-01<!-- ]]> -->", "V-01"),
        (b"<![CDATA[V<!---->&01]]>", "V<!---->&01"),
    ],
)
def test_text_in_cdata_and_around_comments_is_read(
    written: bytes, name: str, engine: str, tmp_path: Path
) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(_units(lambda xml: xml.replace(b"V-01", written)))
    assert name in [row[0] for row in read_source(path).sheets["单位"]]


@pytest.mark.parametrize("written", [b"<!-- V-01", b"<![CDATA[V-01", b"<?x <!-- ?>V-01<!-- -->"])
def test_a_comment_without_end_is_refused(written: bytes, engine: str, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(_units(lambda xml: xml.replace(b"V-01", written, 1)))
    with pytest.raises(InputError, match="不是完整的工作簿"):
        read_source(path)


@pytest.mark.parametrize(
    "name", ["*编号", "＊ 编号", "★编号", "（必填）编号", "※编号*", "编号：", "编号（必填）*"]
)
def test_marks_before_and_after_a_header_are_no_part_of_it(
    name: str, tmp_path: Path, policy: Policy
) -> None:
    path = tmp_path / "units.csv"
    path.write_text("sep=\t\n" + TABLE.replace("编号", name), "utf-8")
    assert list(pingan_logic.load_facts(path, policy).units) == UNITS


def test_what_is_written_is_read_again_without_naming_an_encoding(
    tmp_path: Path, policy: Policy
) -> None:
    facts = pingan_logic.Facts(units=[Unit("V-1", "village", "·"), Unit("V-2", "village", "一")])
    for name in ("a.json", "csv"):
        write_facts(facts, str(tmp_path / name), policy)
        assert pingan_logic.load_facts(tmp_path / name, policy).units == facts.units
    only = pingan_logic.Facts(units=[Unit("V-1", "village", "·")])
    write_facts(only, str(tmp_path / "b.json"), policy)
    assert (tmp_path / "b.json").read_bytes().isascii()
    road = pingan_logic.Facts(units=[Unit("V-1", "village", "路")])
    with pytest.raises(RequestError, match="无法确定编码"):
        write_facts(road, str(tmp_path / "gb"), policy, encoding="gb18030")
    assert not (tmp_path / "gb").exists()


def test_every_command_that_reads_data_takes_its_encoding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "units.csv").write_bytes(
        "id,kind,name,parent\nC,county,路,\nT,township,,C\nV,village,,T\nH,household,,V\n".encode(
            "gb18030"
        )
    )
    (tmp_path / "ledgers.csv").write_text("unit,item,year\nC,*,2014\n", "utf-8")
    facts = ["--facts", str(tmp_path), "--year", "2014"]
    commands = [
        ["check", str(tmp_path)],
        ["convert", str(tmp_path), "-"],
        ["evaluate", *facts],
        ["explain", "V", *facts],
        ["fix", "V", *facts],
        ["margin", "V", *facts],
        ["missing", "V", *facts],
        ["whatif", "--year-b", "2014", *facts],
        ["programme", *facts],
        ["report", "--out", str(tmp_path / "报告.html"), *facts],
    ]
    for command in commands:
        with pytest.raises(SystemExit) as stop:
            run(command)
        said = "".join(capsys.readouterr())
        assert (stop.value.code, "编码无法确定" in said) == (2, True), command
        with pytest.raises(SystemExit) as stop:
            run([*command, "--encoding", "GBK"])
        said = "".join(capsys.readouterr())
        assert (stop.value.code, "编码" in said) == (0, False), said
        if command[0] == "check":
            assert "evaluate --facts" in said
            assert "--encoding gb18030" in said
    with pytest.raises(InputError, match="编码无法确定"):
        County(Settings(county=str(tmp_path)))
    assert County(Settings(county=str(tmp_path), encoding="gb18030")).latest == 2014
    with pytest.raises(SystemExit) as stop:
        run(["check", str(tmp_path), "--encoding", "gb18300"])
    assert stop.value.code == 2
    assert "最接近的有效值：`gb18030`" in capsys.readouterr().err


def test_the_name_of_the_file_decides_where_its_header_would_fit_two_tables() -> None:
    header = "单位\t年度\n"
    assert text_table(header + "V\t2014\n", "得分.xls", "得分").table == "scores"
    assert text_table(header + "V\t2014\n", "台账.xls", "台账").table == "ledgers"
    found = text_table("\n某县\n编号,类别\n", "台账.xls", "台账")
    assert (found.table, found.separator) == ("units", ",")
