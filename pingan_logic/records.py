"""The records of a county, row by row, and how their columns are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import field, fields_dict, frozen

from pingan_logic.catalogue import YES_NO, Words
from pingan_logic.exact import day, decimal, exact, whole

__all__ = [
    "CHANGES",
    "TABLES",
    "YEARLY",
    "Change",
    "Incident",
    "Ledger",
    "NotApplicable",
    "Poll",
    "Requirement",
    "Score",
    "Unit",
    "Value",
]


_BODIES: Words = {"county": ("县属", "county"), "township": ("乡镇属", "township")}


_CHANGED: Words = {
    "renamed": ("更名", "renamed"),
    "moved": ("划转", "moved"),
    "merged_into": ("并入", "merged into"),
}


_RESULTS: Words = {
    "met": ("达到要求", "requirement met"),
    "failed": ("未达到要求", "requirement not met"),
}


_RESULTS_FORMERLY: Words = {"met": ("达标", "met"), "failed": ("未达标", "not met")}


def _column(
    kind: str,
    headers: str,
    *,
    words: Words | str | None = None,
    formerly: Words | None = None,
    column: bool = True,
    **options: Any,
) -> Any:
    """Declare a field that is read as `kind`.

    `headers` are the Chinese headers under which it is read; the first is the one written.
    `words` are the words it may hold, or the name of the policy's own (see intake/vocabulary.py),
    `formerly` what these were called in earlier templates;
    `column` says whether a header row must have it.
    """
    metadata = {"kind": kind, "headers": tuple(headers.split()), "words": words, "column": column}
    metadata["formerly"] = formerly or {}
    if kind in _EXACT:
        options["converter"] = _EXACT[kind]
    return field(metadata=metadata, **options)


_EXACT: dict[str, Callable[[Any], Any]] = {
    "date": day,
    "year": whole,
    "count": whole,
    "score": decimal,
    "value": exact,
}
"""What takes the values of other libraries where they are exact, by the kind of a column."""


@frozen
class Unit:
    """A unit that the notice speaks of, or a county.

    `name` and `parent` (the id of its direct container) are those first recorded; later ones are
    rows of `Change`. `affiliation` is county or township, for schools and hospitals only (blank is
    township; 四.1). It exists from the day `opened` on and from the day `closed` on no more.
    """

    id: str = _column("id", "编号 单位编号 单位代码 代码 编码")
    kind: str = _column("word", "类别 单位类别 类型", words="kinds")
    name: str = _column("text", "名称 单位名称", default="")
    parent: str | None = _column(
        "id", "所在单位 所在单位编号 所属单位 上级 上级编号 上级单位", default=None
    )
    affiliation: str | None = _column(
        "word", "隶属 隶属关系", words=_BODIES, column=False, default=None
    )
    opened: date | None = _column("date", "设立日期 成立日期", column=False, default=None)
    closed: date | None = _column("date", "撤销日期", column=False, default=None)


@frozen
class Incident:
    """Something that happened at `unit` on `date`; `grade` and `liability` may not be known yet."""

    id: str = _column("id", "编号 案事件编号 事件编号 案件编号")
    unit: str = _column("id", "单位 单位编号 单位名称 发生单位 发生地")
    type: str = _column("word", "事项 案事件类型 类型 事件类型", words="types")
    date: date = _column("date", "日期 发生日期 发生时间")
    grade: str | None = _column("word", "等级 案事件等级 事件等级", words="grades", default=None)
    responsible_unit: str | None = _column(
        "id", "责任单位 责任单位编号", column=False, default=None
    )
    liability: str | None = _column(
        "word", "有无责任 是否有责任 责任认定", words=YES_NO, column=False, default=None
    )


@frozen
class Ledger:
    """The record of `item` (an incident type or `*`) is complete for `unit` and all inside it."""

    unit: str = _column("id", "单位 单位编号 单位名称")
    item: str = _column("word", "事项 台账事项 台账类型", words="items")
    year: int = _column("year", "年度 年份")


@frozen
class Score:
    """Annual assessment score, 0 to 100 points with at most two decimal places."""

    unit: str = _column("id", "单位 单位编号 单位名称")
    year: int = _column("year", "年度 年份")
    score: Decimal = _column("score", "得分 考评得分 分数")


@frozen
class Poll:
    """Poll of the year: either a `result` (met, failed) or a `rank` (1 is best)."""

    unit: str = _column("id", "单位 单位编号 单位名称")
    year: int = _column("year", "年度 年份")
    result: str | None = _column(
        "word",
        "结果 民调结果",
        words=_RESULTS,
        formerly=_RESULTS_FORMERLY,
        column=False,
        default=None,
    )
    rank: int | None = _column("count", "名次 排名 民调排名", column=False, default=None)


@frozen
class Requirement:
    """The poll requirement from above for a kind and year: the last rank that fulfils it."""

    kind: str = _column("word", "类别 单位类别", words="kinds")
    year: int = _column("year", "年度 年份")
    max_rank: int = _column("count", "名次要求 要求名次 最差名次")


@frozen
class NotApplicable:
    """A clause declared not applicable (不适用) to a unit in a year, with the reason."""

    unit: str = _column("id", "单位 单位编号 单位名称")
    clause: str = _column("word", "条款", words="declarable")
    year: int = _column("year", "年度 年份")
    reason: str = _column("text", "理由 原因")


CHANGES = {"renamed": "text", "moved": "id", "merged_into": "id"}
"""What can happen to a unit after it was first recorded, and what kind of value says it."""


@frozen
class Change:
    """From the day `date` on, `unit` is `renamed`, `moved` to a container or `merged_into` one.

    `value` is the new name, or the id of the container or of the unit merged into.
    """

    unit: str = _column("id", "单位 单位编号 单位名称")
    date: date = _column("date", "日期 变更日期")
    change: str = _column("word", "变更 变更类型", words=_CHANGED)
    value: str = _column("text", "内容 变更内容 新值")


@frozen
class Value:
    """What is recorded of an `item` that the policy declares (`input/5`), for a unit and a year.

    `unit` is the kind where the item is a requirement from above (`given_for_kind/1`). `value` is
    as the item's type asks: a whole number, a Decimal, a date, yes or no, or the code of a choice;
    a percentage as it is said, Decimal("95.5") for 95.5%.
    """

    unit: str = _column("id", "单位 单位编号 单位名称 类别 kind")
    item: str = _column("word", "项目 数值项目 指标", words="inputs")
    year: int = _column("year", "年度 年份")
    value: int | Decimal | date | str = _column("value", "数值 值 填报值")


TABLES: dict[str, type[Any]] = {
    "units": Unit,
    "incidents": Incident,
    "ledgers": Ledger,
    "scores": Score,
    "polls": Poll,
    "requirements": Requirement,
    "not_applicable": NotApplicable,
    "changes": Change,
    "values": Value,
}

YEARLY = tuple(table for table, record in TABLES.items() if "year" in fields_dict(record))
"""The tables whose rows are each of one year."""


TABLE_NAMES: dict[str, tuple[str, ...]] = {
    "units": ("单位", "单位表", "单位名册"),
    "incidents": ("案事件", "案事件表", "案（事）件", "案（事）件表", "事件", "事件表"),
    "ledgers": ("台账", "台账登记", "零报告"),
    "scores": ("得分", "考评得分"),
    "polls": ("民调", "民意调查"),
    "requirements": ("上级要求", "要求"),
    "not_applicable": ("不适用", "不适用申报"),
    "changes": ("变更", "变更登记", "单位变更"),
    "values": ("数值", "数值表", "数值登记"),
}
"""Chinese names of the tables, for sheets and files; the first is the one written."""
