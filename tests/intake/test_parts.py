"""xlsx whose parts have unusual names: read and checked as OPC says, or refused by sheet."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import pingan_logic
from pingan_logic import Policy
from pingan_logic.export.annotate import annotate
from pingan_logic.intake import read_source
from tests.intake.books import good_book, rewrite
from tests.intake.test_broken_books import read

Parts = dict[str, bytes]
RELATIONS = "xl/_rels/workbook.xml.rels"


def book_with_traps() -> Parts:
    """Return the parts of a book with a mistake of each kind that only the XML tells of."""
    book = good_book()
    book["单位"].merge_cells("D6:D7")
    book["事件"].row_dimensions[3].hidden = True
    book["台账"].sheet_state = "hidden"
    book["得分"]["C2"], book["得分"]["C2"].number_format = 0.85, "0%"
    book["民调"].column_dimensions["C"].hidden = True
    book["上级要求"]["C2"] = "=1+2"
    return parts_of(book)


PLACES = ["单位!D6", "事件 row 3", "台账", "得分!C2 得分", "民调!C1", "上级要求!C2 最差名次"]
"""Where they are told."""


def parts_of(book: object) -> Parts:
    out = io.BytesIO()
    book.save(out)  # type: ignore[attr-defined]
    with zipfile.ZipFile(out) as parts:
        return {n: parts.read(n) for n in parts.namelist()}


def pack(parts: Parts, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return path


def moved(parts: Parts, old: str, new: str, target: str | None = None) -> None:
    """Give a part another name, and the relation another target when one is given."""
    parts[new] = parts.pop(old)
    if target is not None:
        for way in (f"/{old}", old.removeprefix("xl/")):
            parts[RELATIONS] = parts[RELATIONS].replace(
                f'Target="{way}"'.encode(), f'Target="{target}"'.encode()
            )
        assert target.encode() in parts[RELATIONS]


SHEETS = [f"xl/worksheets/sheet{n}.xml" for n in range(1, 8)]


def every_sheet(name: Callable[[int], str], target: Callable[[int], str] | None = None):  # type: ignore[no-untyped-def]
    def change(parts: Parts) -> None:
        for n, old in enumerate(SHEETS, 1):
            moved(parts, old, name(n), None if target is None else target(n))

    return change


def _main(parts: Parts) -> None:
    moved(parts, "xl/workbook.xml", "Office/Book.XML")
    parts["office/_rels/book.xml.rels"] = parts.pop(RELATIONS)
    old = next(
        t for t in (b'"/xl/workbook.xml"', b'"xl/workbook.xml"') if t in parts["_rels/.rels"]
    )
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(old, b'"office/book%2Exml"')
    relations = parts["office/_rels/book.xml.rels"].replace(b'"styles.xml"', b'"/xl/styles.xml"')
    parts["office/_rels/book.xml.rels"] = relations


def _styles_elsewhere(parts: Parts) -> None:
    moved(parts, "xl/styles.xml", "xl/style1.xml", "style1.xml")


def _without_types(parts: Parts) -> None:
    """No cell says that it holds a number, as some programs write it."""
    for name in SHEETS:
        assert b' t="n"' in parts[name] or b"<v>" not in parts[name]
        parts[name] = parts[name].replace(b' t="n"', b"")


def _styles_shadowed(parts: Parts) -> None:
    """Another part has the usual name, and no format that shows anything otherwise."""
    _styles_elsewhere(parts)
    parts["xl/styles.xml"] = parts["xl/style1.xml"].replace(b'numFmtId="9"', b'numFmtId="0"')


UNUSUAL: dict[str, Callable[[Parts], None]] = {
    "capital letters in the package": every_sheet(lambda n: f"XL/Worksheets/Sheet{n}.XML"),
    "capital letters in the relation": every_sheet(
        lambda n: f"xl/worksheets/sheet{n}.xml", lambda n: f"WORKSHEETS/SHEET{n}.xml"
    ),
    "percent-encoded in the relation": every_sheet(
        lambda n: f"xl/工作表 {n}.xml",
        lambda n: f"%E5%B7%A5%E4%BD%9C%E8%A1%A8%20{n}.xml",
    ),
    "percent-encoded in the package": every_sheet(
        lambda n: f"xl/%E5%B7%A5%E4%BD%9C%E8%A1%A8{n}.xml", lambda n: f"工作表{n}.xml"
    ),
    "with dots in the relation": every_sheet(
        lambda n: f"sheets/{n}.xml", lambda n: f"worksheets/.././../sheets/{n}.xml"
    ),
    "without the ending of XML": every_sheet(lambda n: f"xl/blatt{n}", lambda n: f"/xl/blatt{n}"),
    "among properties": every_sheet(
        lambda n: f"docProps/{n}.xml", lambda n: f"../docProps/{n}.xml"
    ),
    "backslashes in the package": every_sheet(lambda n: rf"xl\worksheets\sheet{n}.xml"),
    "numbers without their type": _without_types,
    "styles of an unusual name": _styles_elsewhere,
    "styles beside others of the usual name": _styles_shadowed,
    "workbook of an unusual name": _main,
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_every_sheet_is_read_and_checked(
    name: str, engine: str, tmp_path: Path, policy: Policy
) -> None:
    good_book().save(tmp_path / "good.xlsx")
    good = pingan_logic.load_facts(tmp_path / "good.xlsx", policy)
    parts = parts_of(good_book())
    UNUSUAL[name](parts)
    path = pack(parts, tmp_path / "a.xlsx")
    assert pingan_logic.load_facts(path, policy) == good
    parts = book_with_traps()
    UNUSUAL[name](parts)
    pack(parts, path)
    assert [p.place for p in read(path, policy)] == PLACES


def test_a_marked_copy_keeps_sheets_that_openpyxl_does_not_find(
    tmp_path: Path, policy: Policy
) -> None:
    import openpyxl

    for change in UNUSUAL.values():
        parts = book_with_traps()
        change(parts)
        path = pack(parts, tmp_path / "a.xlsx")
        source = read_source(path)
        problems = read(path, policy)
        book = openpyxl.load_workbook(io.BytesIO(annotate(path, source, problems, "zh")))
        assert book.sheetnames[:7] == good_book().sheetnames
        assert book["得分"]["C2"].comment is not None


def _dropped(parts: Parts) -> None:
    del parts["xl/worksheets/sheet2.xml"], parts["xl/worksheets/sheet3.xml"]


def _unrelated(parts: Parts) -> None:
    for n in (2, 3):
        parts[RELATIONS] = parts[RELATIONS].replace(b'Id="rId%d"' % n, b'Id="other%d"' % n)


def _outside(parts: Parts) -> None:
    for n in (2, 3):
        old = b'Target="/xl/worksheets/sheet%d.xml"' % n
        assert old in parts[RELATIONS]
        parts[RELATIONS] = parts[RELATIONS].replace(old, old + b' TargetMode="External"')


def _macros(parts: Parts) -> None:
    for n in (2, 3):
        old = b'worksheet" Target="/xl/worksheets/sheet%d.xml"' % n
        assert old in parts[RELATIONS]
        new = old.replace(b'worksheet"', b'dialogsheet"')
        parts[RELATIONS] = parts[RELATIONS].replace(old, new)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_dropped, "没有它的内容"),
        (_unrelated, "没有它的内容"),
        (_outside, "没有它的内容"),
        (_macros, "宏表"),
    ],
)
def test_sheets_that_are_not_there_are_all_named(
    change: Callable[[Parts], None], said: str, engine: str, tmp_path: Path, policy: Policy
) -> None:
    parts = parts_of(good_book())
    change(parts)
    problems = read(pack(parts, tmp_path / "台账.xlsx"), policy)
    assert [p.place for p in problems] == ["台账.xlsx 事件", "台账.xlsx 台账"]
    assert all(said in p.zh for p in problems)


def _styles_missing(parts: Parts) -> None:
    del parts["xl/styles.xml"]


def _two_books(parts: Parts) -> None:
    old = b"</Relationships>"
    new = b'<Relationship Id="x" Type="a/officeDocument" Target="xl/other.xml"/>' + old
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(old, new)


def _two_parts(parts: Parts) -> None:
    parts["xl/worksheets/SHEET1.xml"] = parts["xl/worksheets/sheet1.xml"]


def _two_relations(parts: Parts) -> None:
    parts[RELATIONS] = parts[RELATIONS].replace(b'Id="rId2"', b'Id="rId1"')


def _no_strings(parts: Parts) -> None:
    old = b't="inlineStr"'
    parts[SHEETS[0]] = parts[SHEETS[0]].replace(old, b't="s"', 1)


def _no_worksheet(parts: Parts) -> None:
    parts[SHEETS[1]] = (
        parts[SHEETS[1]].replace(b"<worksheet", b"<sheet").replace(b"</worksheet", b"</sheet")
    )


def _put(old: bytes, new: bytes, part: str = SHEETS[3]) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new, 1)

    return change


SCORE = b'<c r="C3" t="n"><v>92</v></c>'


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (_put(SCORE, SCORE + b'<c r="C3"><v>95</v></c>'), "得分: <row"),
        (_put(SCORE, b'<c r="D3"><v>1</v></c>' + SCORE), "得分: <row"),
        (_put(SCORE, SCORE + b'<c r="D2"><v>95</v></c>'), "得分: <row"),
        (_put(SCORE, SCORE + b'<c r="AA2"><v>95</v></c>'), '得分: <c r="AA2"'),
        (_put(b"</sheetData>", b'<row r="2"><c r="C2"/></row></sheetData>'), "得分: <row"),
        (_put(b"</sheetData>", b"</sheetData><sheetData/>"), "2 × <sheetData>"),
        (_put(b"<v>92</v>", b"<v>92</v><v>95</v>"), "得分: </v><v"),
        (_put(b"<v>92</v>", b"<v>9<x/>2</v>"), "得分: <v>9<x"),
        (_put(SCORE, b'<c r="C3" s="3"><v>92</v></c>'), 's="3"'),
        (_put(SCORE, b'<c r="C3" s="-1"><v>92</v></c>'), 's="-1"'),
        (
            _put(
                b'<numFmts count="1">',
                b'<numFmts><numFmt numFmtId="164" formatCode="0"/>',
                "xl/styles.xml",
            ),
            '2 × numFmtId="164"',
        ),
        (_styles_missing, "styles.xml"),
        (_two_books, "2 × officeDocument"),
        (_two_parts, "2 × xl/worksheets/SHEET1.xml"),
        (_two_relations, '2 × Id="rId1"'),
        (_no_strings, '单位: t="s"'),
        (_no_worksheet, "<sheet"),
    ],
)
def test_what_no_spreadsheet_writes_is_refused(
    change: Callable[[Parts], None], found: str, engine: str, tmp_path: Path, policy: Policy
) -> None:
    parts = parts_of(good_book())
    change(parts)
    (problem,) = read(pack(parts, tmp_path / "a.xlsx"), policy)
    assert "不是完整的工作簿" in problem.zh
    assert found in (problem.found or "")


@pytest.mark.parametrize(
    "style", [b' s = "3"', b'\ns="3"', b'\ts="3"', b' s="03"', b' s="&#51;"', b" s='3'", b""]
)
def test_a_format_is_found_however_it_is_written(
    style: bytes, engine: str, tmp_path: Path, policy: Policy
) -> None:
    """Also that of cells which name none: they have the first."""
    parts = parts_of(good_book())
    new = b'<xf numFmtId="01"/></cellXfs>'
    _put(b"</cellXfs>", new, "xl/styles.xml")(parts)
    if not style:
        _put(b'<cellXfs count="3"><xf numFmtId="0"', b'<cellXfs><xf numFmtId="1"',
             "xl/styles.xml")(parts)  # fmt: skip
    _put(SCORE, b'<c r="C3"%b><v>84.96</v></c>' % style)(parts)
    problems = read(pack(parts, tmp_path / "a.xlsx"), policy)
    assert "得分!C3 得分" in [p.place for p in problems]
    assert "显示为 85，存的却是 84.96" in problems[-1].zh


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b'<row r="2">', b'<row r="2" hidden="TRUE">', "得分 row 2"),
        (b'<row r="2">', b'<row r="2" hidden="&#49;">', "得分 row 2"),
        (b'<row r="2">', b'<row r="2" ht="1E-5">', "得分 row 2"),
        (b'<row r="2">', b'<row r="2" ht=" 00">', "得分 row 2"),
        (b'<row r="2">', b'<row r="2" ht="-1">', "得分 row 2"),
        (b'defaultRowHeight="15"', b'defaultRowHeight="0.1"', "得分 row 1"),
    ],
)
def test_rows_are_hidden_in_many_ways(
    old: bytes, new: bytes, place: str, engine: str, tmp_path: Path, policy: Policy
) -> None:
    parts = parts_of(good_book())
    _put(old, new)(parts)
    assert [p.place for p in read(pack(parts, tmp_path / "a.xlsx"), policy)] == [place]


def test_a_sheet_of_a_chart_does_no_harm(engine: str, tmp_path: Path, policy: Policy) -> None:
    import openpyxl

    book = good_book()
    book.create_chartsheet("图").add_chart(openpyxl.chart.BarChart())
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert len(pingan_logic.load_facts(path, policy).units) == 7


@pytest.mark.parametrize("since", ["0", "1"])
def test_days_since_1904(since: str, engine: str, tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "a.xlsx"
    good_book().save(path)
    new = b'<workbookPr date1904="%b"/>' % since.encode()
    path.write_bytes(rewrite(path.read_bytes(), "xl/workbook.xml", b"<workbookPr/>", new))
    day = "2014-05-03" if since == "0" else "2018-05-04"
    assert str(pingan_logic.load_facts(path, policy).incidents[0].date) == day


def test_columns_without_width_are_hidden(engine: str, tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "a.xlsx"
    good_book().save(path)
    old = b'<sheetFormatPr baseColWidth="8"'
    new = b'<sheetFormatPr defaultColWidth="0" baseColWidth="8"'
    path.write_bytes(rewrite(path.read_bytes(), SHEETS[3], old, new))
    assert [(p.place, p.found) for p in read(path, policy)] == [("得分!A1", "A:C")]
    wide = b'<cols><col min="1" max="2" width="0.5"/><col min="3" max="3" width="9"/></cols>'
    data = rewrite(path.read_bytes(), SHEETS[3], b"<sheetData>", wide + b"<sheetData>")
    path.write_bytes(data)
    assert [(p.place, p.found) for p in read(path, policy)] == [("得分!A1", "A:B")]


def test_a_text_in_two_fonts_is_read_whole(engine: str, tmp_path: Path, policy: Policy) -> None:
    """As Excel writes it: runs of a shared string, some with spaces to keep."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        red = book.add_format({"font_color": "red"})
        sheet = book.add_worksheet("单位")
        for column, title in enumerate(("编号", "类别", "名称", "上级")):
            sheet.write(0, column, title)
        for row, (unit, parent) in enumerate((("C-00", ""), ("T-01", "C-00"), ("T-02", "C-00")), 1):
            sheet.write_rich_string(row, 0, red, unit[:3], unit[3:])
            sheet.write(row, 1, "乡镇" if parent else "县")
            sheet.write_rich_string(row, 2, "青 ", red, " 竹", "镇")
            sheet.write(row, 3, parent)
    with zipfile.ZipFile(path) as parts:
        strings = parts.read("xl/sharedStrings.xml").decode()
    names = ["青  竹镇"] * 3
    assert [u.name for u in pingan_logic.load_facts(path, policy).units] == names
    # a first run that is none, which python-calamine below 0.7 takes for the whole
    old = re.findall(r"<si><r>(?:<rPr>.*?</rPr>)?(<t[^>]*>T-0</t>)</r>", strings)[0]
    new = re.sub(r"<r>(?:<rPr>(?:(?!</rPr>).)*</rPr>)?(<t[^>]*>T-0</t>)</r>", r"\1", strings)
    assert old in new
    part = "xl/sharedStrings.xml"
    path.write_bytes(rewrite(path.read_bytes(), part, strings.encode(), new.encode()))
    assert [(u.id, u.name) for u in pingan_logic.load_facts(path, policy).units] == list(
        zip(("C-00", "T-01", "T-02"), names, strict=True)
    )
