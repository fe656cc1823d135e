"""A good workbook, and 119 broken ones: each is the good one with a single mistake or two."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import openpyxl
from openpyxl.styles import Alignment

__all__ = ["BROKEN", "GOOD", "broken_book", "good_book"]

GOOD: dict[str, list[list[Any]]] = {
    "单位": [
        ["编号", "类别", "名称", "上级", "隶属"],
        ["990024", "县", "某县", None, None],
        ["T-01", "平安乡镇", "青竹镇", "990024", None],
        ["V-01", "村(社区)", "荷塘村", "T-01", None],
        ["K-01", "小区", "滨江小区", "V-01", None],
        ["B-01", "平安楼栋", "1栋", "K-01", None],
        ["H-01", "平安家庭", "第1户", "B-01", None],
        ["S-01", "学校", "青竹学校", "T-01", "县属"],
    ],
    "事件": [
        ["编号", "单位", "类型", "等级", "日期", "责任单位", "有无责任"],
        ["I-1", "H-01", "邻里纠纷", None, date(2014, 5, 3), None, None],
        ["I-2", "S-01", "安全事故", "较大", "2014年5月3日", "T-01", "是"],
        ["I-3", "V-01", "赌博", "一般", "2014/5/3", None, None],
    ],
    "台账": [["单位", "事项", "年度"], ["T-01", "全部", 2014], ["S-01", "刑事案件", "2014年"]],
    "得分": [["单位", "年度", "得分"], ["T-01", 2014, 84.99], ["S-01", 2014, 92]],
    "民调": [
        ["单位", "年度", "结果", "名次"],
        ["T-01", 2014, None, 2],
        ["S-01", 2014, "达标", None],
    ],
    "上级要求": [["类别", "年度", "最差名次"], ["平安乡镇", 2014, 3]],
    "不适用": [
        ["单位", "条款", "年度", "理由"],
        ["K-01", "compound_buildings", 2014, "没有楼栋"],
    ],
}


def good_book() -> openpyxl.Workbook:
    """Return the workbook without a mistake."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in GOOD.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for (cell,) in sheet.iter_rows(min_col=1, max_col=1):
            cell.number_format = "@"
    return book


Break = Callable[[openpyxl.Workbook], None]
BROKEN: dict[str, tuple[Break, list[str]]] = {}
"""Mistakes by name: how to make it, and what the Chinese message must say."""


def _put(name: str, where: str, value: Any, *said: str, form: str | None = None) -> None:
    """Add the mistake of a value in one cell, such as `单位!B7`."""

    def change(book: openpyxl.Workbook) -> None:
        title, cell = where.split("!")
        book[title][cell] = value
        if form is not None:
            book[title][cell].number_format = form

    BROKEN[name] = (change, [where, *said])


def _do(name: str, *said: str) -> Callable[[Break], Break]:
    def add(change: Break) -> Break:
        BROKEN[name] = (change, list(said))
        return change

    return add


# values
_put("kind-misspelt", "单位!B7", "平安家廷", "`平安家廷`", "`家庭`")
_put("kind-misspelt-code", "单位!B7", "houshold", "`household`")
_put("kind-blank", "单位!B7", None, "不能为空")
_put("kind-is-a-number", "单位!B7", 7, "家庭、幼儿园", "`7`")
_put("id-blank", "单位!A6", None, "不能为空")
_put("id-twice", "单位!A7", "B-01", "重复", "第6行")
_put("id-twice-in-full-width", "单位!A7", "B-01", "重复", "`B-01`")
_put("id-18-digits", "单位!A8", 430624199001011234, "15位", "文本")
_put("id-scientific-text", "单位!A8", "4.30624E+11", "科学计数法", "`4.30624E+11`")
_put("id-18-digits-as-shown", "单位!A8", 430624199001011234, "`430624199001011000`")
_put("id-became-a-date", "单位!A8", date(2014, 5, 1), "日期", "文本")
_put("id-with-decimals", "单位!A8", 1.5, "编号应为文本", "`1.5`")
_put("id-shown-with-zeros", "单位!A8", 12, "显示为 000012", "`12`", form="000000")
_put("id-shown-with-a-prefix", "单位!A8", 12, "显示为 S-0012", "`12`", form='"S-"0000')
_put("id-true", "单位!A8", True, "应为文字或数字")
_put("id-time", "单位!A8", time(1, 2), "应为文字或数字")
_put("id-with-quote", "单位!A8", 'S"01', "引号")
_put("id-with-newline", "单位!A8", "S-\n01", "换行")
_put("id-like-a-formula", "单位!A8", "+S", "字母、数字或汉字")
_put("parent-unknown", "单位!D7", "B-1", "没有这个编号", "`B-01`")
_put("parent-in-other-case", "单位!D7", "b-01", "`B-01`")
_put("parent-with-letter-o", "单位!D7", "B-O1", "`B-01`")
_put("parent-lost-its-zeros", "单位!D7", 1, "没有这个编号", "`1`")
_put("parent-by-a-name-that-none-has", "单位!D8", "青竹乡", "没有这个编号")
_put("parent-number-damaged", "单位!D8", 4.3062419900101e17, "15位")
_put("parent-of-wrong-kind", "单位!D7", "S-01", "所在单位应为")
_put("parent-itself", "单位!D6", "B-01", "成环")
_put("affiliation-on-a-village", "单位!E4", "县属", "学校和医院")
_put("affiliation-unknown", "单位!E8", "省属", "`省属`", "县属、乡镇属")
_put("name-too-long", "单位!C7", "户" * 201, "200")
_put("type-misspelt", "事件!C3", "安全事固", "`安全事故`")
_put("grade-misspelt", "事件!D3", "叫较大", "`较大`")
_put("liability-unknown", "事件!G3", "也许", "是、否")
_put("date-of-no-month", "事件!E3", "2014-13-01", "日期")
_put("date-of-no-day", "事件!E3", "2014年2月30日", "日期", "`2014年2月30日`")
_put("date-with-half-a-day", "事件!E3", "2014/5/3 上午", "`2014-05-03`")
_put("date-short-year", "事件!E3", "14-5-3", "`14-5-3`")
_put("date-american", "事件!E3", "5/3/2014", "日期")
_put("date-with-dots-and-no-such-day", "事件!E3", "2014.2.30", "`2014.2.30`")
_put("date-as-eight-digits-and-no-such-day", "事件!E3", 20140230, "`20140230`")
_put("date-as-bare-serial", "事件!E3", 41762, "`41762`", "`2014-05-03`")
_put("date-in-the-future", "事件!E3", date(2999, 1, 1), "不晚于今天")
_put("date-blank", "事件!E3", None, "不能为空")
_put("unit-of-incident-unknown", "事件!B3", "S-1", "没有这个编号", "`S-01`")
_put("responsible-unknown", "事件!F3", "T-1", "`T-01`")
_put("incident-twice", "事件!A4", "I-2", "重复", "第3行")
_put("item-misspelt", "台账!B3", "刑事案", "`刑事案件`")
_put("year-two-digits", "台账!C3", 14, "四位年份", "`14`")
_put("year-in-words", "台账!C3", "今年", "四位年份")
_put("year-as-date", "台账!C3", date(2014, 1, 1), "日期")
_put("year-in-the-future", "台账!C3", 2999, "年份应在")
_put("score-over-100", "得分!C2", 100.01, "0至100", "`100.01`")
_put("score-three-places", "得分!C2", 84.995, "两位小数")
_put("score-with-two-units", "得分!C2", "85分%", "`85分%`")
_put("score-percent", "得分!C2", 0.85, "显示为 85%", "`0.85`", form="0%")
_put("score-percent-in-text", "得分!C2", "85%", "`85%`", "`85`")
_put("score-true", "得分!C2", True, "应为文字或数字")
_put("score-in-words", "得分!C2", "优秀", "应为数字")
_put("rank-zero", "民调!D2", 0, "`0`")
_put("rank-with-decimals", "民调!D2", 1.5, "正整数", "`1.5`")
_put("result-misspelt", "民调!C3", "达表", "`达到要求`")
_put("rank-and-result", "民调!C2", "达标", "只填一个")
_put("clause-unknown", "不适用!B2", "compound_building", "`compound_buildings`")
_put("reason-blank", "不适用!D2", None, "不能为空")
_put("required-kind-unknown", "上级要求!A2", "平安县", "`平安县`")
# what is seen is not what is held
_put("score-shown-rounded", "得分!C2", 84.96, "显示为 85，存的却是 84.96", form="0")
_put("score-shown-rounded-and-grouped", "得分!C2", 84.96, "显示为 85，", form="#,##0")
_put("score-shown-rounded-with-unit", "得分!C2", 84.96, "显示为 85.0分，", form='0.0"分"')
_put("score-shown-by-thousands", "得分!C2", 85, "显示为 0，存的却是 85", form="0,")
_put("score-shown-as-a-fraction", "得分!C2", 84.96, "显示为 85，", form="# ?/?")
_put("score-shown-with-a-power", "得分!C2", 84.96, "显示为 85，存的却是 84.96", form="0.0E+00")
_put("score-shown-as-nothing", "得分!C2", 85, "显示为空白，存的却是 85", form=";;;")
_put("score-shown-as-a-text", "得分!C2", 85, "显示为 不合格，存的却是 85", form='"不合格"')
_put("score-shown-by-its-size", "得分!C2", 84, "显示为 达标，", form='[<60]"未达标";"达标"')
_put("score-shown-with-a-text", "得分!C2", 85, "显示为 85（不合格），", form='0"（不合格）"')
_put("score-shown-with-more-digits", "得分!C2", 8, "显示为 98，存的却是 8", form=r"\90")
_put("year-shown-as-another", "得分!B2", 2013, "显示为 2014，存的却是 2013", form='"2014"')
_put("rank-shown-rounded", "民调!D2", 3.4, "显示为 3，存的却是 3.4", form="0")
_put("id-shown-with-a-unit", "单位!A8", 12, "显示为 12号，存的却是 12", form='0"号"')
_put(
    "result-shown-as-another", "民调!C3", "未达标", "显示为 达标，存的却是 未达标", form=';;;"达标"'
)
_put("kind-shown-as-nothing", "单位!B7", "平安家庭", "显示为空白，", form=";;;")
_put("date-shown-with-another-year", "事件!E3", date(2013, 5, 3), "显示为 2014-5-3，",
     form='"2014"-m-d')  # fmt: skip
_put("date-shown-as-a-text", "事件!E3", date(2013, 5, 3), "显示为 不详，", "41397", form='"不详"')
_put("header-shown-as-another", "得分!C1", "得分", "显示为 年度，存的却是 得分", form=';;;"年度"')
# formulas
_put("formula-never-calculated", "得分!C2", "=80+5", "公式没有保存计算结果")
_put("formula-in-an-id", "单位!D7", "=A6", "公式没有保存计算结果")
# outside the table
_put("value-without-header", "单位!G4", "备注", "没有表头")
# headers
_put("header-misspelt", "单位!C1", "名秤", "`名称`")
_put("header-twice", "单位!C1", "编号", "列重复")
_put("header-by-two-names", "台账!B1", "单位编号", "列重复")


@_do("header-missing", "得分 第1行", "缺少列 score（得分）")
def _(book: openpyxl.Workbook) -> None:
    book["得分"]["C1"] = None


@_do("rows-above-the-header", "单位 第1行", "第3行像是表头")
def _(book: openpyxl.Workbook) -> None:
    book["单位"].insert_rows(1, 2)
    for column, text in enumerate(("V-07", "村", "幸福村", "T-01"), 1):
        book["单位"].cell(1, column, text)


@_do("title-merged-and-a-bad-cell", "单位!B8", "`家庭`")
def _(book: openpyxl.Workbook) -> None:
    sheet = book["单位"]
    sheet.insert_rows(1)
    sheet["A1"] = "某县2014年单位台账"
    sheet.merge_cells("A1:E1")
    sheet["B8"] = "平安家廷"


@_do("title-of-two-rows", "台账!B4", "`刑事案件`")
def _(book: openpyxl.Workbook) -> None:
    sheet = book["台账"]
    sheet.insert_rows(1, 2)
    sheet["A1"], sheet["A2"], sheet["C2"] = "台账登记表", "填报单位:某镇", "日期:2014.5.1"
    sheet["B4"] = "刑事案"


@_do("header-and-cells-wrong", "单位!C1", "`名称`", "单位!B7", "`家庭`", "单位!D8", "`T-01`")
def _(book: openpyxl.Workbook) -> None:
    sheet = book["单位"]
    sheet["C1"], sheet["B7"], sheet["D8"] = "名秤", "平安家廷", "T-1"


@_do("required-column-missing-and-cells-wrong", "缺少列 kind（类别）", "单位!D8", "`T-01`")
def _(book: openpyxl.Workbook) -> None:
    sheet = book["单位"]
    sheet["B1"], sheet["D8"] = "性质", "T-1"


@_do("header-repeated-on-the-next-page", "单位 第5行", "又是一行表头", "单位!B8", "`家庭`")
def _(book: openpyxl.Workbook) -> None:
    sheet = book["单位"]
    sheet.insert_rows(5)
    for column, title in enumerate(GOOD["单位"][0], 1):
        sheet.cell(5, column, title)
    sheet["B8"] = "平安家廷"


@_do(
    "two-tables-one-below-the-other", "单位 第10行", "“案事件（incidents）”", "一个工作表只放一张表"
)
def _(book: openpyxl.Workbook) -> None:
    for row, cells in enumerate(GOOD["事件"], 10):
        for column, value in enumerate(cells, 1):
            book["单位"].cell(row, column, value)


@_do("two-tables-side-by-side", "单位!H1", "不认识的列", "`事项`", "单位!B7", "`家庭`")
def _(book: openpyxl.Workbook) -> None:
    for row, cells in enumerate(GOOD["台账"], 1):
        for column, value in enumerate(cells, 8):
            book["单位"].cell(row, column, value)
    book["单位"]["B7"] = "平安家廷"


@_do("total-with-words-under-the-table", "单位!B9", "`七个`")
def _(book: openpyxl.Workbook) -> None:
    book["单位"]["A9"], book["单位"]["B9"] = "合计", "七个"


@_do("value-far-away", "单位!XFD1048576", "离表格太远")
def _(book: openpyxl.Workbook) -> None:
    book["单位"]["XFD1048576"] = "x"


@_do("values-far-to-the-right-and-below", "单位!ZZ1", "离表格太远")
def _(book: openpyxl.Workbook) -> None:
    book["单位"]["ZZ1"], book["单位"]["A1048576"] = "x", "y"


@_do("sheet-with-no-name-of-its-own", "Sheet1", "像是“台账（ledgers）”", "`台账`")
def _(book: openpyxl.Workbook) -> None:
    book["台账"].title = "Sheet1"
    book["Sheet1"].insert_rows(1)
    book["Sheet1"]["A1"] = "台账登记表"


@_do("header-merged", "单位!A1", "合并单元格", "`A1:B1`")
def _(book: openpyxl.Workbook) -> None:
    book["单位"].merge_cells("A1:B1")


@_do("cells-merged", "单位!D6", "合并单元格", "`D6:D7`")
def _(book: openpyxl.Workbook) -> None:
    book["单位"].merge_cells("D6:D7")


@_do("row-hidden", "单位 第7行", "隐藏")
def _(book: openpyxl.Workbook) -> None:
    book["单位"].row_dimensions[7].hidden = True


@_do("rows-filtered", "事件 第2行", "第2至3行被隐藏")
def _(book: openpyxl.Workbook) -> None:
    book["事件"].auto_filter.ref = "A1:G4"
    for row in (2, 3):
        book["事件"].row_dimensions[row].hidden = True


@_do("last-row-hidden", "单位 第8行", "该行被隐藏")
def _(book: Any) -> None:
    book["单位"].row_dimensions[8].hidden = True


@_do("column-hidden", "事件!F1", "列被隐藏", "`F:G`")
def _(book: openpyxl.Workbook) -> None:
    for letter in "FG":
        book["事件"].column_dimensions[letter].hidden = True


@_do("sheet-hidden", "台账：工作表被隐藏")
def _(book: openpyxl.Workbook) -> None:
    book["台账"].sheet_state = "hidden"


@_do("sheet-in-two-languages", "units：", "单位", "只能保留一个")
def _(book: openpyxl.Workbook) -> None:
    book.copy_worksheet(book["单位"]).title = "units"


@_do("sheet-copied", "单位 (2)：", "副本", "`单位`")
def _(book: openpyxl.Workbook) -> None:
    book.copy_worksheet(book["单位"]).title = "单位 (2)"


@_do("sheet-misspelt", "台帐：不认识的工作表", "`台账`")
def _(book: openpyxl.Workbook) -> None:
    book["台账"].title = "台帐"


@_do("sheet-of-something-else", "通讯录：不认识的工作表")
def _(book: openpyxl.Workbook) -> None:
    book.create_sheet("通讯录").append(["姓名", "电话"])


@_do("units-missing", "缺少单位表")
def _(book: openpyxl.Workbook) -> None:
    for title in ("单位", "事件", "台账", "得分", "民调", "不适用"):
        del book[title]


@_do("column-missing", "台账 第1行", "缺少列 year（年度）")
def _(book: openpyxl.Workbook) -> None:
    book["台账"].delete_cols(3)


@_do("formula-with-an-error", "得分!C2", "公式出错", "`#DIV/0!`")
def _(book: openpyxl.Workbook) -> None:
    book["得分"]["C2"].value = "#DIV/0!"
    book["得分"]["C2"].data_type = "e"


@_do("date-and-time-in-an-id", "事件!A2", "日期")
def _(book: openpyxl.Workbook) -> None:
    book["事件"]["A2"] = datetime(2014, 5, 3, 1, 2)


@_do("comment-line-under-the-table", "单位!B10", "不能为空")
def _(book: openpyxl.Workbook) -> None:
    book["单位"]["A10"] = "以上情况属实"
    book["单位"]["A10"].alignment = Alignment(horizontal="left")


def broken_book(name: str) -> bytes:
    """Return the bytes of a broken workbook."""
    book = good_book()
    BROKEN[name][0](book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rewrite(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return a workbook with `old` replaced in one of its parts, as other programs write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(out, "w") as copy:
        for name in book.namelist():
            text = book.read(name)
            if name == part:
                assert old in text
                text = text.replace(old, new)
            copy.writestr(name, text)
    return out.getvalue()
