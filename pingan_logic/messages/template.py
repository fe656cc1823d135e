"""The words of a template: what each column is for, and how to fill in a workbook."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["INSTRUCTIONS", "LOST", "NOTES", "NO_EXAMPLE", "TEXTS", "WORDS"]

TEXTS: Texts = {
    "instructions": ("填写说明", "instructions"),
    "words": ("词表", "words"),
    "required": ("必填", "required"),
    "optional": ("可不填", "may be blank"),
    "choose": ("请从下拉列表中选择", "choose from the list"),
    "unit": ("请填“单位”表中的编号", "an id of the sheet units"),
    "unique": ("编号不得重复", "ids must not repeat"),
    "units_listed": ("单位（编号 名称）", "units (id name)"),
    "after_opening": (
        "撤销日期应晚于设立日期，且不晚于今天",
        "a closing date is after the opening and not in the future",
    ),
    "before_closing": (
        "日期，如 {day}，不晚于今天，也不晚于该单位的撤销日期",
        "a date such as {day}, not after today nor after the unit closed",
    ),
    "once_a_year": (
        "四位年份；一个单位一年只填一行",
        "a year of four digits; one row a unit and year",
    ),
    "no_person": (
        "{kinds}只用编号或门牌，不写姓名",
        "{kinds}: a code or a door number, never a person's name",
    ),
    "year": ("四位年份，如 {year}", "a year of four digits, such as {year}"),
    "year_begun": (
        "期间开始的年份，如 {year} 表示{period}",
        "the year in which the period begins, such as {year} for {period}",
    ),
    "once_a_year_begun": (
        "期间开始的年份，如 {year} 表示{period}；一个单位一个期间只填一行",
        "the year in which the period begins, such as {year} for {period}; one row a unit and "
        "period",
    ),
    "date": ("日期，如 {day}，不晚于今天", "a date such as {day}, not after today"),
    "score": ("0至100，最多两位小数", "0 to 100, at most two decimal places"),
    "count": ("正整数", "a positive whole number"),
    "text": ("不超过200个字", "at most 200 characters"),
    "value": (
        "按所选的项目填：数字、百分数、日期、是或否、选项",
        "as the item asks: a number, a percentage, a date, yes or no, a choice",
    ),
    "items_unit": ("单位", "unit"),
    "items_kind": "common.kind",
    "items_year": "common.year",
    "sheet": ("工作表", "sheet"),
    "column": ("列", "column"),
    "fill": ("必填", "needed"),
    "accepts": ("填法", "accepts"),
    "meaning": ("含义", "meaning"),
    "example": ("示例，读取时跳过，可删除", "an example: skipped when read"),
    "report": ("检查结果", "check results"),
    "place": ("位置", "place"),
    "problem": ("问题", "problem"),
    "found": ("发现", "found"),
    "nearest": ("最接近的有效值", "nearest valid choice"),
    "none": ("没有问题", "no problems"),
    "this": ("本文件.xlsx", "THIS.xlsx"),
    "marked": ("标注.xlsx", "MARKED.xlsx"),
}

WORDS = in_languages("template", TEXTS)

INSTRUCTIONS = (
    (
        "1. 每个工作表一行一条，表头不要改动、不要合并单元格、不要留隐藏的行列。",
        "1. One row for each record; leave the headers, merge no cells, hide no rows or columns.",
    ),
    (
        "2. 先填“单位”：全县的单位都列上，“所在单位”填编号，不在任何单位之内的留空。",
        "2. Fill in units first: every unit of the county; parent is the id of the unit it is "
        "in, or blank.",
    ),
    (
        "3. “案事件”表登记已发生的案事件。没有发生的，也要在“台账”表登记（零报告）；不登记的，"
        "相关条款待核。",
        "3. Record what happened in incidents; where nothing happened, say so in ledgers, or "
        "the clause stays undetermined.",
    ),
    (
        "4. 以“示例”开头的灰色行是示例，读取时跳过；选中这几行，可一次删除。",
        "4. Rows that begin with 'example' are examples: they are skipped, and can be deleted.",
    ),
    (
        "5. 编号列是文本格式，粘贴时请选“只粘贴值”；18位代码按数字粘贴会被截断。",
        "5. Id columns are text: paste values only; codes of 18 digits pasted as numbers lose "
        "their end.",
    ),
    (
        "6. 填好后检查：{check}",
        "6. Then check: {check}",
    ),
    (
        "7. 没有问题后判定：{evaluate}",
        "7. And judge: {evaluate}",
    ),
)
"""How to fill in a workbook, line by line."""

NOTES: dict[str, tuple[str, str]] = {
    "units.id": ("单位的编号或代码，全表不重复", "id or code of the unit, unique"),
    "units.kind": ("单位属于哪一类", "kind of unit"),
    "units.name": (
        "单位名称；{kinds}只用编号，不写姓名",
        "name; {kinds}: a code, never a person's name",
    ),
    "units.name.plain": ("单位名称", "name"),
    "units.parent": (
        "直接所在的单位的编号，如{inner}填{outer}的编号",
        "id of the unit it is directly in, such as that of its {outer} for a {inner}",
    ),
    "units.parent.plain": ("直接所在的单位的编号", "id of the unit it is directly in"),
    "units.affiliation": (
        "只有{kinds}填；空白为乡镇属",
        "{kinds} only; blank is township",
    ),
    "incidents.id": ("案事件编号，全表不重复", "id of the incident, unique"),
    "incidents.unit": ("发生在哪个单位（编号）", "id of the unit where it happened"),
    "incidents.type": ("案事件的类型，从列表中选择", "type of incident"),
    "incidents.date": ("发生的日期", "day on which it happened"),
    "incidents.grade": ("等级；未定级留空", "grade; blank while not graded"),
    "incidents.responsible_unit": (
        "责任单位的编号，与发生单位不同时填",
        "id of the responsible unit when it is another one",
    ),
    "incidents.liability": ("是否认定有责任；未认定留空", "liable or not; blank while not known"),
    "ledgers.unit": ("台账覆盖该单位及其全部辖内单位", "the unit; all that it contains is covered"),
    "ledgers.item": ("哪一事项的记录完整；“全部”为所有事项", "whose record is complete; * is all"),
    "ledgers.year": ("台账的年度", "year of the ledger"),
    "scores.unit": ("单位的编号", "id of the unit"),
    "scores.year": ("考评年度", "year of the assessment"),
    "scores.score": ("年度考评得分", "annual assessment score"),
    "polls.unit": ("单位的编号", "id of the unit"),
    "polls.year": ("民调年度", "year of the poll"),
    "polls.result": ("结果和名次只填一个", "either the result or the rank"),
    "polls.rank": ("结果和名次只填一个；第1名最好", "either the result or the rank; 1 is best"),
    "requirements.kind": ("对哪一类单位的要求", "kind of unit"),
    "requirements.year": ("要求的年度", "year of the requirement"),
    "requirements.max_rank": (
        "上级要求排在第几名以内（含本名次）",
        "the largest rank number that still meets the requirement",
    ),
    "units.opened": ("设立日期；一直都有的留空", "day it was opened; blank if always there"),
    "units.closed": (
        "撤销日期（自该日起不再参评）；未撤销的不填",
        "day from which it is closed; blank if it is not",
    ),
    "changes.unit": ("变更的单位的编号", "id of the unit that changes"),
    "changes.date": ("自哪一日起", "first day of the new state"),
    "changes.change": ("更名、划转（换所在单位）或并入", "renamed, moved or merged into"),
    "changes.value": (
        "新名称、新的所在单位的编号或承接单位的编号",
        "new name, new container or successor",
    ),
    "values.unit": (
        "单位的编号；上级按类别规定的填类别",
        "id of the unit, or the kind for a requirement from above",
    ),
    "values.item": ("登记的是哪一项", "which item is recorded"),
    "values.year": ("数值所属的年度", "year that the value is of"),
    "values.value": ("这一项的数值", "what the item comes to"),
    "not_applicable.unit": ("申报“不适用”的单位的编号", "id of the unit"),
    "not_applicable.clause": ("哪一条款不适用", "clause that does not apply"),
    "not_applicable.year": ("年度", "year"),
    "not_applicable.reason": ("不适用的理由，如辖内没有这类单位", "why it does not apply"),
}
"""What to write in each column, in Chinese and English."""

NO_EXAMPLE = frozenset({"units.affiliation", "units.opened", "units.closed"})
"""Columns that the example row leaves blank, because they do not fit the example's kind."""

LOST: dict[str, tuple[str, str]] = {
    "formats": ("格式", "formats"),
    "xl/media/": ("图片", "pictures"),
    "xl/charts/chart": ("图表", "charts"),
    "shapes": ("文本框和图形", "text boxes and shapes"),
    "xl/pivotTables/": ("数据透视表", "pivot tables"),
    "xl/threadedComments/": ("会话批注", "threaded comments"),
    "xl/embeddings/": ("嵌入的对象", "embedded objects"),
    "xl/ctrlProps/": ("控件", "form controls"),
    "vbaProject.bin": ("宏", "macros"),
    "extensions": (
        "迷你图、扩展的条件格式和跨表的下拉列表",
        "sparklines, extended conditional formats and lists that refer to other sheets",
    ),
}
"""What a marked copy may lack, by the path of the parts that hold it."""
