"""What a person sees of a cell and what it holds: the same, said, or refused; xlsx, xls and ods."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlwt
from openpyxl.formatting.rule import CellIsRule, DataBarRule, IconSetRule, Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

import pingan_logic
from pingan_logic import Facts, Incident, InputError, Policy, Unit
from pingan_logic.export import write_facts
from pingan_logic.intake import read_source, to_facts
from pingan_logic.intake.formats import looked_at, shown
from tests.intake.books import good_book, rewrite

DAY = 41762.0
"""3 May 2014, as spreadsheets count days."""


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (84.96, "General", None),
        (84.96, "0.00", None),
        (84.5, "0.00", None),
        (84.96, "0.0#", None),
        (85.0, "0", None),
        (85.0, "0.??", None),
        (1234.0, "#,##0", None),
        (84.5, "# ?/?", None),
        (84.96, '0.00_);[Red]\\(0.00\\)', None),
        (85.0, "[DBNum1]0", None),
        (85.0, "[$-804]0.0", None),
        (84.96, "0", "85"),
        (84.995, "0.00", "85.00"),
        (84.96, "0.0", "85.0"),
        (84.96, "#", "85"),
        (0.4, "#", ""),
        (84.96, "##0.0E+0", "85.0"),
        (84.96, "0.00E+00", "85.0"),
        (84.96, "0.000E+00", None),
        (84.96, "# ?/?", "85"),
        (84.96, "# ?/8", "85"),
        (84.25, "# ??/100", None),
        (84.3, "# ?/2", "84 1/2"),
        (85.0, "0%", "8500%"),
        (85000.0, '0,"千"', "85千"),
        (85.0, '"第"0"名"', "第85名"),
        (85.0, "G/通用格式", None),
        (85.0, 'General"分"', "85分"),
        (85.0, "@", None),
        (85.0, ";;;", ""),
        (85.0, '"合格"', "合格"),
        (-1.0, '0;"缺考"', "缺考"),
        (0.0, '0;-0;"缺考"', "缺考"),
        (0.0, "0;-0;;@", ""),
        (0.0, '0;-0;"缺考"@', None),
        (59.0, '[<60]"不合格";[>=90]"优秀";0', "不合格"),
        (95.0, '[<60]"不合格";[>=90]"优秀";0', "优秀"),
        (75.0, '[<60]"不合格";[>=90]"优秀";0', None),
        (75.0, "[<60]0;[>=90]0", "########"),
        (7.0, '"H-"00', "H-07"),
        (20140503.0, "0000-00-00", "2014-05-03"),
        ("达标", ";;;", ""),
        ("达标", ';;;"未达标"', "未达标"),
        ("达标", '@"（补）"', "达标（补）"),
        ("达标", "0;-0;0;@", None),
        ("达标", '"未达标"', None),
        ("达标", "0.00", None),
        (DAY, "yyyy-mm-dd", None),
        (DAY, 'yyyy"年"m"月"d"日"', None),
        (DAY, 'm"月"d"日"', "5月3日"),
        (DAY + 0.5, "mm-dd hh:mm", "05-03 12:00"),
        (DAY, "d-mmm", "3-May"),
        (DAY, "d mm", "3 05"),
        (DAY, 'm"月"d"日" aaaa', "5月3日 星期六"),
        (DAY, "aaa", "六"),
        (DAY, "dddd dd", "Saturday 03"),
        (DAY + 4, "ddd", "Wed"),
        (DAY, '"2015"-mm-dd', "2015-05-03"),
    ],
)  # fmt: skip
def test_what_a_format_shows(value: Any, code: str, text: str | None) -> None:
    assert shown(value, code) == text
    assert text is None or looked_at(code)


def test_days_counted_from_1904() -> None:
    assert shown(DAY - 1462, 'm"月"d"日"', leap=True) == "5月3日"


def as_xls(cells: dict[str, tuple[Any, str]]) -> bytes:
    """Return the good book as xls with other values and formats in some cells."""
    book = xlwt.Workbook(encoding="utf-8")
    for sheet in good_book():
        copy = book.add_sheet(sheet.title)
        for row in sheet:
            for cell in row:
                value, code = cells.get(f"{sheet.title}!{cell.coordinate}", (cell.value, "General"))
                if isinstance(value, date) and code == "General":
                    code = "yyyy-mm-dd"
                if value is not None:
                    style = xlwt.easyxf(num_format_str=code)
                    copy.write(cell.row - 1, cell.column - 1, value, style)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_xlsx(cells: dict[str, tuple[Any, str]]) -> bytes:
    """Return the good book with other values and formats in some cells."""
    book = good_book()
    for where, (value, code) in cells.items():
        title, cell = where.split("!")
        book[title][cell] = value
        book[title][cell].number_format = code
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


SEEN = {
    "得分!C2": (84.96, "0"),
    "得分!C3": (92, '"不合格"'),
    "民调!D2": (2, ";;;"),
    "单位!C4": ("荷塘村", ';;;"松冈村"'),
    "事件!E2": (date(2014, 5, 3), 'm"月"d"日"'),
    "事件!E4": (date(2014, 5, 4), 'm"月"d"日"'),
}


@pytest.mark.parametrize("form", ["xlsx", "xls"])
def test_a_decision_is_refused_and_a_name_is_said(
    form: str, tmp_path: Path, policy: Policy
) -> None:
    path = tmp_path / f"a.{form}"
    path.write_bytes(as_xls(SEEN) if form == "xls" else as_xlsx(SEEN))
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(path, policy)
    assert [(p.place, p.found) for p in caught.value.problems] == [
        ("得分!C2 得分", "84.96"),
        ("得分!C3 得分", "92"),
        ("民调!D2 名次", "2"),
    ]
    said = {where: cell for where, cell in SEEN.items() if where[:2] in ("单位", "事件")}
    path.write_bytes(as_xls(said) if form == "xls" else as_xlsx(said))
    source = read_source(path)
    facts = to_facts(source, policy)
    assert (facts.units[2].name, str(facts.incidents[0].date)) == ("荷塘村", "2014-05-03")
    assert [zh for zh, _ in source.notices] == [
        "单位!C4 名称：单元格显示为 松冈村，存的是“荷塘村”，按存的读取",
        "事件!E2 日期：单元格显示为 5月3日，存的是“2014-05-03”，按存的读取（该列另有1格）",
    ]


def test_what_does_no_harm_is_not_spoken_of(engine: str, tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "a.xlsx"
    cells = {
        "得分!B2": (2014, '0"年"'),
        "得分!C2": (84.99, '0.00"分"'),
        "得分!C3": (92, "0.0"),
        "民调!D2": (2, '"第"0"名"'),
        "事件!E2": (date(2014, 5, 3), "[$-804]yyyy/m/d"),
        "单位!C4": ("荷塘村", "@"),
    }
    path.write_bytes(as_xlsx(cells))
    source = read_source(path)
    assert str(to_facts(source, policy).scores[0].score) == "84.99"
    assert source.notices == []


MIME = "application/vnd.oasis.opendocument.spreadsheet"
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    "{}</office:spreadsheet></office:body></office:document-content>"
)
UNITS = (("编号", "类别", "名称", "上级"), ("C", "县", "某县", ""), ("T", "平安乡镇", "镇", "C"))


def text_cell(text: str, inside: str = "", held: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string"{held}>{inside or f"<text:p>{text}</text:p>"}'
        "</table:table-cell>"
    )


def as_ods(score: str, name: str = "") -> bytes:
    """Return a county with one score, whose cell is given, and maybe the cell of a name."""
    rows = [[text_cell(c) for c in row] for row in UNITS]
    rows[2][2] = name or rows[2][2]
    scores = [
        [text_cell(c) for c in ("单位", "年度", "得分")],
        [text_cell("T"), text_cell("2014"), score],
    ]
    tables = "".join(
        f'<table:table table:name="{title}">'
        + "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in table)
        + "</table:table>"
        for title, table in (("单位", rows), ("得分", scores))
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", MIME)
        book.writestr("content.xml", ODS.format(tables))
    return out.getvalue()


CONDITIONED = (
    '<office:automatic-styles><style:style style:name="ce1" style:family="table-cell">'
    '<style:map style:condition="cell-content()&lt;100" style:apply-style-name="Seen"/>'
    "</style:style></office:automatic-styles>"
)
AREA = (
    "<calcext:conditional-formats><calcext:conditional-format "
    """calcext:target-range-address="'得 分'.$A$1:'得 分'.C2 得分.C9:.D9">{}"""
    "</calcext:conditional-format></calcext:conditional-formats></table:table>"
)
NAMESPACES = (
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
)
STYLES = (
    f"<office:document-styles {NAMESPACES}><office:styles>{{}}"
    '<style:style style:name="Base" style:data-style-name="N1"/>'
    '<style:style style:name="Seen" style:parent-style-name="Base"/>'
    "</office:styles></office:document-styles>"
)
WHOLE = '<number:number number:decimal-places="0" number:min-integer-digits="1"/>'
TWO = WHOLE.replace('"0"', '"2"')
GENERAL = '<number:number number:min-integer-digits="1"/>'


def conditioned(place: str, number: str, area: str = "") -> bytes:
    """Return a county with one score of 84.5, whose cell may take another format."""
    cell = number_cell("84.5", "<text:p>84.5</text:p>")
    if place == "cell":
        cell = cell.replace("<table:table-cell", '<table:table-cell table:style-name="ce1"')
    data = as_ods(cell)
    data = rewrite(data, "content.xml", b"<office:body>", f"{CONDITIONED}<office:body>".encode())
    namespaces = f"<office:document-content {NAMESPACES.rpartition(' ')[0]}".encode()
    data = rewrite(data, "content.xml", b"<office:document-content", namespaces)
    if place == "column":
        old = '<table:table table:name="得分">'
        new = f'{old}<table:table-column table:number-columns-repeated="9" {{}}="ce1"/>'
        new = new.format("table:default-cell-style-name")
        data = rewrite(data, "content.xml", old.encode(), new.encode())
    if area:
        data = rewrite(data, "content.xml", b"</table:table>", AREA.format(area).encode())
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as book:
        style = f'<number:number-style style:name="N1">{number}</number:number-style>'
        book.writestr("styles.xml", STYLES.format(style))
    return out.getvalue()


ICONS = '<calcext:icon-set calcext:icon-set-type="3Arrows" calcext:show-value="{}"/>'
APPLIED = '<calcext:condition calcext:apply-style-name="Seen" calcext:value="&lt;100"/>'


@pytest.mark.parametrize(
    ("place", "number", "area", "said"),
    [
        ("cell", WHOLE, "", "显示为 85，"),
        ("column", WHOLE, "", "显示为 85，"),
        ("cell", "<number:text>合格</number:text>", "", "显示为 合格，"),
        ("cell", "<number:fraction/>", "", "显示为 ?，"),
        ("", GENERAL, APPLIED, ""),
        ("", WHOLE, APPLIED, "显示为 85，"),
        ("", "", ICONS.format("false"), "显示为空白，"),
        ("", "", ICONS.format("true"), ""),
        ("", WHOLE, "", ""),
        ("cell", GENERAL, "", ""),
        ("cell", TWO, "", ""),
        ("cell", f"{TWO}<number:text>分</number:text>", "", ""),
    ],
)
def test_what_an_ods_shows_otherwise_under_a_condition_is_refused(
    place: str, number: str, area: str, said: str, tmp_path: Path, policy: Policy
) -> None:
    path = tmp_path / "a.ods"
    path.write_bytes(conditioned(place, number, area))
    if not said:
        assert str(pingan_logic.load_facts(path, policy).scores[0].score) == "84.5"
        return
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(path, policy)
    told = [p for p in caught.value.problems if p.place == "得分!C2 得分"]
    assert [f"条件格式可能使单元格{said}" in p.zh for p in told] == [True]


def number_cell(value: str, shown: str, kind: str = "float") -> str:
    return (
        f'<table:table-cell office:value-type="{kind}" office:value="{value}">{shown}'
        "</table:table-cell>"
    )


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (number_cell("84.96", "<text:p>85</text:p>"), "显示为 85，存的却是 84.96"),
        (number_cell("85", "<text:p/>"), "显示为空白，存的却是 85"),
        (number_cell("85", "<text:p>不合格</text:p>"), "显示为 不合格，存的却是 85"),
        (number_cell("0.85", "<text:p>85%</text:p>", "percentage"), "显示为 85%，存的却是 0.85"),
        (number_cell("84.96", "<text:p>84.96</text:p>"), ""),
        (number_cell("84.96", "<text:p>84.96分</text:p>"), ""),
        (number_cell("84.96", ""), ""),
    ],
)
def test_what_an_ods_shows(cell: str, said: str, tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "a.ods"
    path.write_bytes(as_ods(cell))
    if not said:
        assert str(pingan_logic.load_facts(path, policy).scores[0].score) == "84.96"
        return
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(path, policy)
    (problem,) = caught.value.problems
    assert problem.place == "得分!C2 得分"
    assert said in problem.zh


@pytest.mark.parametrize("text", ["2014-05-03", "2014年5月3日", "03/05/14", "5月3日"])
def test_a_day_that_an_ods_shows_otherwise(text: str, tmp_path: Path, policy: Policy) -> None:
    """Nothing is said where the whole day is seen."""
    path = tmp_path / "a.ods"
    day = Incident("I", "H", "gambling", date(2014, 5, 3))
    write_facts(Facts(units=[Unit("H", "household")], incidents=[day]), str(path), policy)
    old, new = b"<text:p>2014-05-03</text:p>", f"<text:p>{text}</text:p>".encode()
    path.write_bytes(rewrite(path.read_bytes(), "content.xml", old, new))
    source = read_source(path)
    assert to_facts(source, policy).incidents == (day,)
    assert bool(source.notices) == (text == "5月3日")


def test_what_a_column_of_notes_shows_does_not_matter(engine: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(as_xlsx({"得分!D1": ("备注", "General"), "得分!D2": (84.96, "0")}))
    source = read_source(path)
    assert source.problems == []
    assert source.notices == [("得分：不读取的列 备注", "得分: columns not read: 备注")]


def test_what_stands_outside_the_columns_is_told_as_it_is_held(engine: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(as_xlsx({"得分!F2": (84.96, "0")}))
    (problem,) = read_source(path).problems
    assert (str(problem.place), problem.zh) == ("得分!F2", "该列没有表头")
    assert problem.found == "84.96"


@pytest.mark.parametrize("kind", [b' t="n"', b""])
def test_a_day_of_an_xlsx_without_its_type_is_one(kind: bytes, engine: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    data = as_xlsx({"事件!E2": (date(2014, 5, 3), 'm"月"d"日"')})
    path.write_bytes(rewrite(data, "xl/worksheets/sheet2.xml", b' t="n"', kind))
    (said,) = read_source(path).notices
    assert said[0] == "事件!E2 日期：单元格显示为 5月3日，存的是“2014-05-03”，按存的读取"


def test_what_stands_beside_a_text_of_an_ods_is_not_of_it(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "a.ods"
    ruby = (
        "<text:p>青<text:ruby><text:ruby-base>竹</text:ruby-base><text:ruby-text>zhu</text:ruby-text>"
        '</text:ruby><text:span>镇</text:span><text:note text:note-class="footnote">'
        "<text:note-citation>1</text:note-citation></text:note></text:p>"
    )
    path.write_bytes(as_ods(number_cell("85", ""), text_cell("", ruby)))
    assert pingan_logic.load_facts(path, policy).units[1].name == "青竹镇"
    other = text_cell("乙镇", held=' office:string-value="甲镇"')
    path.write_bytes(as_ods(number_cell("85", ""), other))
    source = read_source(path)
    assert to_facts(source, policy).units[1].name == "甲镇"
    assert source.notices[0][0] == "单位!C3 名称：单元格显示为 乙镇，存的是“甲镇”，按存的读取"


def test_phonetic_text_of_an_xlsx_is_not_of_the_value(
    engine: str, tmp_path: Path, policy: Policy
) -> None:
    path = tmp_path / "a.xlsx"
    good_book().save(path)
    name = "荷塘村".encode("ascii", "xmlcharrefreplace")
    rich = b'<r><t>%b</t></r><r><t>%b</t></r><rPh sb="0" eb="1"><t>he</t></rPh>' % (
        name[:16], name[16:])  # fmt: skip
    path.write_bytes(
        rewrite(path.read_bytes(), "xl/worksheets/sheet1.xml", b"<t>%b</t>" % name, rich)
    )
    assert pingan_logic.load_facts(path, policy).units[2].name == "荷塘村"


def differential(form: str) -> DifferentialStyle:
    return DifferentialStyle(numFmt=NumberFormat(numFmtId=190, formatCode=form))


def under_a_condition(form: str) -> Rule:
    return Rule(type="cellIs", operator="lessThan", formula=["100"], dxf=differential(form))


X14 = (
    "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "http://schemas.microsoft.com/office/excel/2006/main",
)


def extended(rule: str, cells: str) -> bytes:
    """Return a conditional format as spreadsheets write those that older ones do not know."""
    return (
        f'<extLst><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:x="{X14[0]}" '
        f'xmlns:m="{X14[1]}"><x:conditionalFormattings>'
        f"<x:conditionalFormatting>{rule}<m:sqref>{cells}</m:sqref></x:conditionalFormatting>"
        "</x:conditionalFormattings></ext></extLst></worksheet>"
    ).encode()


@pytest.mark.parametrize(
    ("cells", "rule", "refused"),
    [
        ("C2", under_a_condition('"85"'), ["C2"]),
        ("C1:C1048576", under_a_condition("0"), ["C2"]),
        ("A1 B2:C3", under_a_condition(";;;"), ["A1", "B2", "C2", "B3", "C3"]),
        ("C2:C3", IconSetRule("3Arrows", "num", [0, 60, 85], showValue=False), ["C2", "C3"]),
        ("C2:C3", DataBarRule("num", 0, "num", 100, "FF638EC6", showValue=False), ["C2", "C3"]),
        ("C2:C3", "<x:cfRule><x:dxf><numFmt formatCode='0'/></x:dxf></x:cfRule>", ["C2"]),
        ("C2:C3", "<x:cfRule><x:iconSet showValue='0'/></x:cfRule>", ["C2", "C3"]),
        ("C2:C3", IconSetRule("3Arrows", "num", [0, 60, 85]), []),
        ("C2:C3", under_a_condition("0.00"), []),
        ("C2:C3", CellIsRule(operator="lessThan", formula=["85"], font=Font(color="FFFF0000")), []),
        ("D2:D9", under_a_condition(";;;"), []),
        ("C2", under_a_condition("yyyy-mm-dd"), ["C2"]),
    ],
)
def test_what_shows_otherwise_under_a_condition_is_refused(
    cells: str,
    rule: Rule | str,
    refused: list[str],
    engine: str,
    tmp_path: Path,
    policy: Policy,
) -> None:
    book, path = good_book(), tmp_path / "a.xlsx"
    if isinstance(rule, Rule):
        book["得分"].conditional_formatting.add(cells, rule)
    book.save(path)
    if isinstance(rule, str):
        part = f"xl/worksheets/sheet{book.sheetnames.index('得分') + 1}.xml"
        path.write_bytes(rewrite(path.read_bytes(), part, b"</worksheet>", extended(rule, cells)))
    if not refused:
        assert str(pingan_logic.load_facts(path, policy).scores[0].score) == "84.99"
        return
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(path, policy)
    told = [p for p in caught.value.problems if "条件格式" in p.zh]
    assert [str(p.place).split()[0] for p in told] == [f"得分!{cell}" for cell in refused]


def test_the_format_that_misleads_is_told_beside_one_that_does_not(
    engine: str, tmp_path: Path, policy: Policy
) -> None:
    book, path = good_book(), tmp_path / "a.xlsx"
    sheet = book["得分"]
    sheet["C2"].number_format = '0.00"分"'
    sheet.conditional_formatting.add("C2", under_a_condition('0.00"分"'))
    sheet.conditional_formatting.add("C2", under_a_condition("0"))
    book.save(path)
    # the cells of another list, beside the conditions
    part = f"xl/worksheets/sheet{book.sheetnames.index('得分') + 1}.xml"
    other = extended("", "").replace(b"conditionalFormatting", b"dataValidation")
    path.write_bytes(rewrite(path.read_bytes(), part, b"</worksheet>", other))
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(path, policy)
    assert ["可能使单元格显示为 85" in p.zh for p in caught.value.problems] == [True]


def test_a_day_under_a_condition_that_shows_a_day_is_read(
    engine: str, tmp_path: Path, policy: Policy
) -> None:
    book, path = good_book(), tmp_path / "a.xlsx"
    sheet = book["事件"]
    sheet.conditional_formatting.add("E2", under_a_condition('m"月"d"日"'))
    book.save(path)
    pingan_logic.load_facts(path, policy)
    sheet.conditional_formatting.add("E2", under_a_condition("0"))
    book.save(path)
    with pytest.raises(InputError, match=r"事件!E2 日期.*可能使单元格显示为 41762，"):
        pingan_logic.load_facts(path, policy)


def test_a_row_struck_through_is_told(engine: str, tmp_path: Path, policy: Policy) -> None:
    book, path = good_book(), tmp_path / "a.xlsx"
    for column in "ABC":
        book["得分"][f"{column}3"].font = Font(strike=True)
    book["得分"]["A2"].font = Font(strike=True)
    book["得分"]["B2"].font = Font(strike=False)
    book.save(path)
    source = read_source(path)
    facts = to_facts(source, policy)
    assert len(facts.scores) == 2
    assert source.notices == [
        (
            "得分：整行有删除线，仍作为数据读取，不算数的请删除整行（第3行，共1行）",
            "得分: struck through as a whole, and read all the same; delete what does not count "
            "(row 3)",
        )
    ]


def test_a_row_struck_through_in_an_ods_is_told(tmp_path: Path, policy: Policy) -> None:
    data = conditioned("cell", GENERAL)
    struck = b'<style:text-properties style:text-line-through-style="solid"/><style:map '
    data = rewrite(data, "content.xml", b"<style:map ", struck)
    path = tmp_path / "a.ods"
    path.write_bytes(data)
    source = read_source(path)
    to_facts(source, policy)
    assert source.notices == []
    every = b'<table:table-cell table:style-name="ce1" office:value-type="string">'
    data = rewrite(data, "content.xml", b'<table:table-cell office:value-type="string">', every)
    path.write_bytes(data)
    source = read_source(path)
    to_facts(source, policy)
    assert [zh.partition("，仍")[0] for zh, _ in source.notices] == [
        "单位：整行有删除线",
        "得分：整行有删除线",
    ]


CSV = "编号,类别,名称,上级\nC,县,某县,\n{}\n"


@pytest.mark.parametrize(
    ("ids", "suspected"),
    [
        (["3-1", "3月2日", "13-1"], ["3月2日"]),
        (["3月1日", "3月2日", "3月3日", "13-1"], ["3月1日", "3月2日", "3月3日"]),
        (["B-01", "Mar-01", "B-02"], ["Mar-01"]),
        (["B-01", "1-Mar", "B-02"], ["1-Mar"]),
        (["B-01", "2014/3/1", "B-02"], ["2014/3/1"]),
        (["B-01", "2014年3月", "B-02"], ["2014年3月"]),
        (["3月1日", "3月2日", "3月3日"], []),
        (["3月1号楼", "B-01"], []),
        (["2014-03-01", "B-01"], []),
    ],
)
def test_ids_that_became_dates_are_suspected(
    ids: list[str], suspected: list[str], tmp_path: Path, policy: Policy
) -> None:
    (tmp_path / "单位.csv").write_text(
        CSV.format("\n".join(f"{i},平安乡镇,镇,C" for i in ids)), encoding="utf-8"
    )
    if not suspected:
        assert [u.id for u in pingan_logic.load_facts(tmp_path, policy).units] == ["C", *ids]
        return
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(tmp_path, policy)
    problems = caught.value.problems
    assert [p.found for p in problems] == suspected
    assert all("改成了日期" in p.zh and "编号" in p.place for p in problems)
