"""Unit data as attrs classes: what a county knows of its units in one or more years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve, field, frozen

from pingan_logic.bound import bound
from pingan_logic.catalogue import YES_NO, Words
from pingan_logic.errors import InputError, Problem
from pingan_logic.exact import day, decimal, exact, whole
from pingan_logic.order import ranked
from pingan_logic.table import Table, at_rows

if TYPE_CHECKING:
    from pathlib import Path

    from pingan_logic.catalogue import Policy

__all__ = [
    "CHANGES",
    "YES_NO",
    "Change",
    "Facts",
    "Incident",
    "Ledger",
    "NotApplicable",
    "Poll",
    "Requirement",
    "Score",
    "Unit",
    "Value",
    "Words",
]

T = TypeVar("T")


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
    unit: str = _column("id", "单位 单位编号 发生单位 发生地")
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

    unit: str = _column("id", "单位 单位编号")
    item: str = _column("word", "事项 台账事项 台账类型", words="items")
    year: int = _column("year", "年度 年份")


@frozen
class Score:
    """Annual assessment score, 0 to 100 points with at most two decimal places."""

    unit: str = _column("id", "单位 单位编号")
    year: int = _column("year", "年度 年份")
    score: Decimal = _column("score", "得分 考评得分 分数")


@frozen
class Poll:
    """Poll of the year: either a `result` (met, failed) or a `rank` (1 is best)."""

    unit: str = _column("id", "单位 单位编号")
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

    unit: str = _column("id", "单位 单位编号")
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

    unit: str = _column("id", "单位 单位编号")
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

    unit: str = _column("id", "单位 单位编号 类别 kind")
    item: str = _column("word", "项目 数值项目 指标", words="inputs")
    year: int = _column("year", "年度 年份")
    value: int | Decimal | date | str = _column("value", "数值 值 填报值")


def _table(table: str, records: Iterable[T]) -> Table[T]:
    if isinstance(records, Table):
        return records
    if isinstance(records, (str, Mapping)) or not isinstance(records, Iterable):
        zh, en = "应为记录的列表", "expected a list of records"
        raise InputError([Problem(table, zh, en, type(records).__name__)])
    return Table(records)


# one for each table: a type checker learns from it what `Facts(units=...)` takes
def _units(records: Iterable[Unit]) -> Table[Unit]:
    return _table("units", records)


def _incidents(records: Iterable[Incident]) -> Table[Incident]:
    return _table("incidents", records)


def _ledgers(records: Iterable[Ledger]) -> Table[Ledger]:
    return _table("ledgers", records)


def _scores(records: Iterable[Score]) -> Table[Score]:
    return _table("scores", records)


def _polls(records: Iterable[Poll]) -> Table[Poll]:
    return _table("polls", records)


def _requirements(records: Iterable[Requirement]) -> Table[Requirement]:
    return _table("requirements", records)


def _not_applicable(records: Iterable[NotApplicable]) -> Table[NotApplicable]:
    return _table("not_applicable", records)


def _changes(records: Iterable[Change]) -> Table[Change]:
    return _table("changes", records)


def _values(records: Iterable[Value]) -> Table[Value]:
    return _table("values", records)


@frozen(slots=False, repr=False)
class Facts:
    """All data of a county. Checked when loaded, or when first evaluated if built in memory."""

    units: Table[Unit] = field(factory=Table, converter=_units)
    incidents: Table[Incident] = field(factory=Table, converter=_incidents)
    ledgers: Table[Ledger] = field(factory=Table, converter=_ledgers)
    scores: Table[Score] = field(factory=Table, converter=_scores)
    polls: Table[Poll] = field(factory=Table, converter=_polls)
    requirements: Table[Requirement] = field(factory=Table, converter=_requirements)
    not_applicable: Table[NotApplicable] = field(factory=Table, converter=_not_applicable)
    changes: Table[Change] = field(factory=Table, converter=_changes)
    values: Table[Value] = field(factory=Table, converter=_values)
    checked_by: object = field(default=None, eq=False, repr=False, kw_only=True)
    memo: dict[str, Any] = field(factory=dict, init=False, eq=False, repr=False)
    """What later steps have worked out from these facts alone, for the next time."""

    def __repr__(self) -> str:
        sizes = self.sizes().items()
        return f"<Facts: {', '.join(f'{n} {table}' for table, n in sizes if n)}>"

    def sizes(self) -> dict[str, int]:
        """Return how many rows each table has; that of values only if it has some."""
        found = {table: len(getattr(self, table)) for table in TABLES}
        return found if self.values else {t: n for t, n in found.items() if t != "values"}

    @classmethod
    def from_frames(
        cls,
        *,
        units: object,
        incidents: object = None,
        ledgers: object = None,
        scores: object = None,
        polls: object = None,
        requirements: object = None,
        not_applicable: object = None,
        changes: object = None,
        values: object = None,
        policy: Policy | str | Path | None = None,
    ) -> Facts:
        """Return checked facts from data frames whose columns are called as in the CSV files.

        A frame is anything with an Arrow stream or the dataframe interchange protocol: of pandas,
        Polars, Arrow, a relation of DuckDB. Floats are refused, as they are not exact; empty cells
        are what is not stated. Raises InputError with every problem, RequestError for what is no
        frame.
        """
        given = (
            units, incidents, ledgers, scores, polls, requirements, not_applicable, changes,
            values,
        )  # fmt: skip
        facts: Facts = bound("conversions").of_frames(dict(zip(TABLES, given, strict=True)), policy)
        return facts

    @classmethod
    def from_dict(
        cls,
        document: Mapping[str, Sequence[Mapping[str, Any]]],
        policy: Policy | str | Path | None = None,
    ) -> Facts:
        """Return checked facts from tables of rows, in the shape of the JSON document.

        Raises InputError with every problem.
        """
        facts: Facts = bound("conversions").of_tables(document, policy)
        return facts

    def to_dict(self) -> dict[str, list[dict[str, Any]]]:
        """Return the facts as JSON values that `from_dict` reads back as the same facts."""
        tables: dict[str, list[dict[str, Any]]] = bound("conversions").to_tables(self)
        return tables

    @property
    def rows(self) -> dict[str, int]:
        """The row of each unit in `units`."""
        return self.units.rows

    @cached_property
    def contents(self) -> dict[str, list[int]]:
        """The rows of the units first recorded in each container."""
        found: dict[str, list[int]] = defaultdict(list)
        for row, parent in enumerate(self.units.column("parent")):
            if parent:
                found[parent].append(row)
        return dict(found)

    @cached_property
    def containers(self) -> set[str]:
        """The units in which others were first recorded."""
        return {*self.units.column("parent")} - {None, ""}

    @cached_property
    def ordered(self) -> dict[str, Sequence[int]]:
        """The rows of the units of each kind, H-2 before H-10."""
        ids = self.units.column("id")
        runs: dict[str, list[range]] = defaultdict(list)
        at = 0
        for kind, run in groupby(self.units.column("kind")):
            runs[kind].append(range(at, at := at + len(list(run))))
        found: dict[str, Sequence[int]] = {}
        for kind, some in runs.items():
            rows = some[0] if len(some) == 1 else list(chain.from_iterable(some))
            places = ranked(at_rows(ids, rows))
            found[kind] = rows if isinstance(places, range) else [rows[n] for n in places]
        return found

    def joined(self) -> list[tuple[str, str]]:
        """Return the units that changes bring together: each with the one it moves or merges to."""
        return [(c.unit, c.value) for c in self.changes if CHANGES[c.change] == "id"]

    def years(self) -> tuple[int, ...]:
        """Return the years that any record speaks of, ascending."""
        found = {day.year for day in set(self.incidents.column("date"))}
        for table in (self.ledgers, self.scores, self.polls, self.requirements, self.values):
            found |= set(table.column("year"))
        return tuple(sorted(found))

    def until(self, year: int) -> Facts:
        """Return the facts without the records of later years."""
        dated = ("ledgers", "scores", "polls", "requirements", "not_applicable", "values")
        kept: Any = {t: _until(getattr(self, t), "year", lambda y: y <= year) for t in dated}
        kept["incidents"] = _until(self.incidents, "date", lambda day: day.year <= year)
        # what was worked out of the facts holds on where nothing is later
        same = all(kept[t] is getattr(self, t) for t in kept)
        return self if same else evolve(self, **kept)


def _until(table: Table[T], column: str, early: Callable[[Any], bool]) -> Table[T]:
    rows = [n for n, value in enumerate(table.column(column)) if early(value)]
    return table if len(rows) == len(table) else table.take(rows)


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

TABLE_NAMES: dict[str, tuple[str, ...]] = {
    "units": ("单位", "单位表", "单位名册"),
    "incidents": ("案事件", "案事件表", "事件", "事件表"),
    "ledgers": ("台账", "台账登记", "零报告"),
    "scores": ("得分", "考评得分"),
    "polls": ("民调", "民意调查"),
    "requirements": ("上级要求", "要求"),
    "not_applicable": ("不适用", "不适用申报"),
    "changes": ("变更", "变更登记", "单位变更"),
    "values": ("数值", "数值表", "数值登记"),
}
"""Chinese names of the tables, for sheets and files; the first is the one written."""
