"""Names of units where ids belong: what only one unit is called is taken for it, and said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import define

from pingan_logic.characters import narrow
from pingan_logic.errors import Problem
from pingan_logic.intake.headers import HINTS
from pingan_logic.intake.rows import RawTable, columns
from pingan_logic.model import CHANGES, TABLES
from pingan_logic.table import Table

__all__ = ["Lost", "NamedUnits", "ids_for_names", "with_column"]

_SHOWN = 20
"""Candidates of a name that an error lists."""


@define
class Lost:
    """A row of which some cells could not be read: its table, number and the `values` of others."""

    table: str
    number: int
    values: dict[str, Any]


@define
class _Use:
    """A cell that names a unit otherwise than by an id."""

    table: str
    column: str
    number: int
    text: str
    put: Callable[[str], None]
    near: Mapping[str, str]
    own: str | None


@define
class NamedUnits:
    """What became of the names: tables with ids in their place, and what there is to say."""

    tables: dict[str, Table[Any]]
    problems: list[Problem]
    notices: list[tuple[str, str]]
    settled: set[str]
    """Texts that are told of already: no second message about an unknown unit."""


def ids_for_names(
    tables: Mapping[str, Table[Any]],
    kept: Mapping[str, Sequence[int]],
    torn: Iterable[Lost],
    raw: Mapping[str, RawTable],
) -> NamedUnits:
    """Put ids in the place of names, in `tables` (whose records stand in the rows `kept`) and in
    the `torn` rows.

    A name is taken when only one unit has, had or will have it, among those inside the township,
    village, compound or building that the row names beside it. One error is returned for each name
    that several units have.
    """
    return _Names(tables, kept, list(torn), raw).run()


class _Names:
    def __init__(
        self,
        tables: Mapping[str, Table[Any]],
        kept: Mapping[str, Sequence[int]],
        torn: list[Lost],
        raw: Mapping[str, RawTable],
    ) -> None:
        self.tables, self.kept, self.torn, self.raw = dict(tables), kept, torn, raw
        self.columns: dict[tuple[str, str], list[Any]] = {}
        self.ids: Collection[str] = ()
        self.label: dict[str, tuple[str, str | None]] = {}
        self.called: dict[str, dict[str, None]] = defaultdict(dict)
        self.parent: dict[str, str | None] = {}
        self.moved: dict[str, list[str]] = defaultdict(list)

    def run(self) -> NamedUnits:
        found = NamedUnits(self.tables, [], [], set())
        if "units" not in self.tables:
            return found
        units = self.tables["units"]
        lost = [t for t in self.torn if t.table == "units" and "id" in t.values]
        self.ids = {*units.rows, *(t.values["id"] for t in lost)} if lost else units.rows
        uses = list(self.uses())
        placed = [t for t in self.tables if self.hints(t)]
        if not uses and not placed:
            return found
        self.learn(lost)
        taken: dict[str, str] = {}
        cells = 0
        # the names of containers first: where a unit is tells those of one name apart
        waiting = sorted(uses, key=lambda u: u.table != "units")
        while waiting:
            left = []
            for use in waiting:
                candidates = self.candidates(use)
                if len(candidates) == 1:
                    use.put(candidates[0])
                    taken.setdefault(use.text, candidates[0])
                    cells += 1
                    if use.table == "units" and use.column == "parent" and use.own:
                        self.parent[use.own] = candidates[0]
                else:
                    left.append(use)
            if len(left) == len(waiting):
                break
            waiting = left
        for (table, column), values in self.columns.items():
            self.tables[table] = with_column(self.tables[table], table, column, values)
        found.tables = self.tables
        if taken:
            found.notices.append(_taken(taken, cells))
        self.refuse(waiting, found)
        for table in placed:
            self.misplaced(table, found)
        return found

    def misplaced(self, table: str, found: NamedUnits) -> None:
        """Add an error for each unit that is not where a row says it is."""
        units = self.tables[table].column("id" if table == "units" else "unit")
        hints = self.hints(table)
        told: set[tuple[str, str]] = set()
        for unit, number in zip(units, self.kept[table], strict=True):
            for hint, text in hints.get(number, {}).items():
                if unit not in self.ids or (unit, text) in told:
                    continue
                if self.above(unit).isdisjoint(self.meant(text)):
                    told.add((unit, text))
                    zh = f"单位“{unit}”不在该行写明的地方，请核对编号和这一列"
                    en = f"{unit} is not inside the place that the row names; check both"
                    place = self.raw[table].at(number, hint)
                    found.problems.append(Problem(place, zh, en, text))

    def uses(self) -> Iterator[_Use]:
        """Yield the cells that should hold ids and do not."""
        for table, rows in self.tables.items():
            for column in _id_columns(table):
                if not rows.given(column):
                    continue
                values = rows.column(column)
                unknown = set(values).difference(self.ids, ("", None))
                if not unknown:
                    continue
                if column == "value":
                    by_id = [CHANGES.get(c) == "id" for c in rows.column("change")]
                else:
                    by_id = [True] * len(values)
                held = self.columns.setdefault((table, column), list(values))
                nearby = self.hints(table)
                own = rows.column("id") if table == "units" else [None] * len(values)
                for n, value in enumerate(values):
                    if value in unknown and by_id[n]:
                        number = self.kept[table][n]
                        yield _Use(
                            table, column, number, value, _putter(held, n),
                            nearby.get(number, {}), own[n],
                        )  # fmt: skip
        for row in self.torn:
            for column in _id_columns(row.table):
                value = row.values.get(column)
                if column == "value" and CHANGES.get(row.values.get("change", "")) != "id":
                    continue
                if isinstance(value, str) and value and value not in self.ids:
                    near = self.hints(row.table).get(row.number, {})
                    yield _Use(
                        row.table, column, row.number, value,
                        _putter(row.values, column), near, row.values.get("id"),
                    )  # fmt: skip

    def hints(self, table: str) -> dict[int, dict[str, str]]:
        """Return what the rows of a table say, by their number, of where their unit is."""
        raw = self.raw.get(table)
        places = [(h, raw.columns.index(h)) for h in HINTS if raw and h in raw.columns]
        if raw is None or not places:
            return {}
        return {
            number: {h: text for h, p in places if (text := _text(row[p]))}
            for number, row in zip(raw.numbers, raw.rows, strict=True)
        }  # fmt: skip

    def learn(self, lost: list[Lost]) -> None:
        """Note the names of all units, those that changes give them, and where each is."""
        units = self.tables["units"]
        rows = [
            *zip(units.column("id"), units.column("name"), units.column("parent"), strict=True),
            *((t.values["id"], t.values.get("name", ""), t.values.get("parent")) for t in lost),
        ]
        for unit, name, parent in rows:
            if unit in self.label:
                continue
            self.label[unit] = (name, parent)
            self.parent[unit] = parent
            for text in (name, f"{name}({unit})", f"{unit} {name}"):
                if name:
                    self.called[narrow(text)][unit] = None
        if "changes" in self.tables:
            changes = self.tables["changes"]
            cells = (changes.column(c) for c in ("unit", "change", "value"))
            for unit, change, value in zip(*cells, strict=True):
                who = self.meant(unit)
                if change == "renamed" and len(who) == 1:
                    self.called[narrow(value)].update(dict.fromkeys(who))
                elif change == "moved" and len(who) == 1:
                    self.moved[next(iter(who))].append(value)

    def candidates(self, use: _Use) -> list[str]:
        """Return the units that a cell may mean."""
        named = list(self.called.get(narrow(use.text), ()))
        if use.column == "parent" and use.own in named:
            named.remove(use.own)  # no unit contains itself
        if len(named) < 2 and not use.near:
            return named
        return [u for u in named if self.fits(u, use.near)]

    def fits(self, unit: str, near: Mapping[str, str]) -> bool:
        """Whether a unit is, or once was, inside everything that its row says it is in."""
        above = self.above(unit)
        return all(not above.isdisjoint(self.meant(text)) for text in near.values())

    def meant(self, text: str) -> set[str]:
        """Return the units that an id or a name means."""
        return {text} if text in self.ids else set(self.called.get(narrow(text), ()))

    def above(self, unit: str) -> set[str]:
        """Return a unit and all that ever contained it, as far as that is known by now."""
        found: set[str] = set()
        waiting = [unit]
        while waiting:
            here = waiting.pop()
            if here in found:
                continue
            found.add(here)
            for home in (self.parent.get(here), *self.moved.get(here, ())):
                named = self.meant(home) if home else set()
                if len(named) == 1:
                    waiting += named
        return found

    def refuse(self, waiting: list[_Use], found: NamedUnits) -> None:
        """Add one error for each name that several units have, or none in the place given."""
        by_name: dict[tuple[str, str, bool], list[_Use]] = defaultdict(list)
        for use in waiting:
            if self.called.get(narrow(use.text)):
                by_name[use.table, use.text, bool(self.candidates(use))].append(use)
        for (table, text, several), uses in by_name.items():
            found.settled.add(text)
            named = list(self.called[narrow(text)])
            first = uses[0]
            place = self.raw[table].at(first.number, first.column)
            rows = f"（共{len(uses)}行）" if len(uses) > 1 else ""
            in_rows = f" ({len(uses)} rows)" if len(uses) > 1 else ""
            choices = [self.described(u) for u in named[:_SHOWN]]
            if several:
                zh = (
                    f"“{text}”是{len(named)}个单位的名称{rows}，请改填编号，"
                    "或另加“乡镇”“村”列写明在哪里："
                )
                en = (
                    f"{len(named)} units are called {text}{in_rows}; write the id, or say in a "
                    "column township or village where it is:"
                )
            else:
                zh = f"该行写明的地方没有“{text}”{rows}，叫这个名称的在别处："
                en = f"the place that the row names has no {text}{in_rows}; it is elsewhere:"
            found.problems.append(
                Problem(place, zh, en, choices=(*choices, *(("…",) if len(named) > _SHOWN else ())))
            )

    def described(self, unit: str) -> str:
        """Return a unit with its place, as a person would tell it from another of its name."""
        where: list[str] = []
        here = self.parent.get(unit)
        passed = {unit}
        while here and here not in passed and here in self.ids:
            passed.add(here)
            if self.parent.get(here):  # the county goes without saying
                where.insert(0, self.label[here][0] or here)
            here = self.parent.get(here)
        name = self.label[unit][0]
        return f"{unit} {name}" + (f"（{' '.join(where)}）" if where else "")


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.strip() if isinstance(cell, str) else ""


def _id_columns(table: str) -> list[str]:
    found = [
        name
        for name, column in columns(table).items()
        if column.metadata["kind"] == "id" and name != "id"
    ]
    return [*found, "value"] if table == "changes" else found


def _putter(held: Any, place: Any) -> Callable[[str], None]:
    def put(unit: str) -> None:
        held[place] = unit

    return put


def with_column(rows: Table[Any], table: str, column: str, values: list[Any]) -> Table[Any]:
    """Return the records of `table` with other values in a column."""
    record = TABLES[table]
    held = {name: rows.column(name) for name in columns(table) if rows.given(name)}
    return Table.of_columns(record, held | {column: values})


def _taken(taken: Mapping[str, str], cells: int) -> tuple[str, str]:
    some = list(taken.items())[:3]
    more = len(taken) > len(some)
    zh = "、".join(f"“{name}”为{unit}" for name, unit in some)
    en = ", ".join(f"{name} is {unit}" for name, unit in some)
    return (
        f"有{cells}处按名称认出单位（{len(taken)}个名称）：{zh}{'等' if more else ''}",
        f"units told by their names in {cells} places ({len(taken)} names): {en}"
        f"{', …' if more else ''}",
    )
