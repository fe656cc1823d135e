"""Checks all records of a county against each other and against the words of the policy."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import compress
from typing import Any

import attrs

from pingan_logic.errors import Problem
from pingan_logic.intake.checking import Checking, Torn
from pingan_logic.intake.items import check_torn, check_values
from pingan_logic.intake.periods import check_periods
from pingan_logic.intake.register import check_register
from pingan_logic.intake.values import distinct, expected, key_of
from pingan_logic.intake.well_formed import WellFormed, well_formed
from pingan_logic.model import TABLES

__all__ = ["FactsCheck"]


class FactsCheck(Checking):
    """One check of all records."""

    def run(self) -> None:
        for table, cls in TABLES.items():
            self.table(table, cls)
        if self.problems and self.place is None:
            return
        self.look_up()
        for row in self.torn:
            self.torn_row(row)
        self.units()
        check_register(self)
        self.incidents()
        self.years()

    def table(self, table: str, cls: type[Any]) -> None:
        """Check every value of a table for itself."""
        rows = getattr(self.facts, table)
        numbers: Sequence[int] = range(len(rows))
        if strangers := set(rows.strangers(cls)):
            said = (f"应为 {cls.__name__}", f"expected {cls.__name__}")
            self.problems.extend(Problem(f"{table}[{n}]", *said) for n in sorted(strangers))
            numbers = [n for n in numbers if n not in strangers]
            rows = rows.take(numbers)
        for column in attrs.fields(cls):
            if rows.given(column.name):
                self.column(table, column, rows.column(column.name), numbers)

    def column(
        self,
        table: str,
        column: attrs.Attribute[Any],
        values: Sequence[Any],
        numbers: Sequence[int],
    ) -> None:
        """Check the values of a column, each distinct one once."""
        kind, words = column.metadata["kind"], self.words.get((table, column.name))
        if column.default is not None and not isinstance(values, WellFormed) and None in values:
            for number, value in zip(numbers, values, strict=True):
                if value is None:
                    self.add(self.at(table, number, column.name), *_BLANK)
        texts = words is None and kind in ("id", "text")
        if isinstance(values, WellFormed) or (texts and well_formed(values, kind)):
            return
        wrong: dict[Hashable, tuple[str, str]] = {}
        strange: set[Hashable] = set()
        for key, value in distinct(values).items():
            if said := expected(kind, value, self.today):
                wrong[key] = said
            if words is not None and isinstance(value, str) and value not in words:
                strange.add(key)
        if not wrong and not strange:
            return
        for number, value in zip(numbers, values, strict=True):
            key = key_of(value)
            place = self.at(table, number, column.name)
            if key in wrong:
                self.add(place, *wrong[key], value)
            if key in strange and words is not None:
                self.choice(place, value, (table, column.name))

    def torn_row(self, row: Torn) -> None:
        """Check the values of a row that gave no record, so that nothing is told only later."""
        for column in attrs.fields(TABLES[row.table]):
            if column.name not in row.values:
                continue
            value, kind = row.values[column.name], column.metadata["kind"]
            place = row.at(column.name)
            if said := expected(kind, value, self.today):
                self.add(place, *said, value)
            words = self.words.get((row.table, column.name))
            if words is not None:
                self.choice(place, value, (row.table, column.name))
            if row.table == "values":
                check_torn(self, row.values, column.name, place)
            elif kind == "id" and column.name != "id":
                inside = row.values.get("kind", "") if column.name == "parent" else ""
                self.known(place, value, inside)

    def references(self, table: str, column: str) -> None:
        """Check that the units named in a column are there."""
        values = getattr(self.facts, table).column(column)
        self.named_units(table, column, values, set(values))

    def named_units(
        self, table: str, column: str, values: Sequence[Any], distinct: set[Any]
    ) -> None:
        """Check that the units named in a column, of which these are `distinct`, are there."""
        unknown = distinct.difference(self.rows, self.lost, ("", None))
        if unknown:
            for number, value in enumerate(values):
                if value in unknown:
                    kind = self.facts.units.column("kind")[number] if table == "units" else ""
                    self.known(self.at(table, number, column), value, kind)

    def units(self) -> None:
        kinds = self.policy.unit_kinds
        most = self.policy.most_units
        if len(self.facts.units) > most:
            self.add(
                "units",
                f"按规则中比例的精度，单位数不得超过{most}，否则计算溢出",
                f"at most {most} units with shares as fine as the policy's, or numbers overflow",
                len(self.facts.units),
            )
        units = self.facts.units
        if len(self.rows) < len(units):
            self.unique("units", "id")
        unit_kinds, parents = units.column("kind"), units.column("parent")
        bodies = units.column("affiliation")
        affiliable = [kind for k, kind in kinds.items() if k in self.policy.affiliable]
        zh, en = "单位不填隶属", "no unit has an affiliation"
        if affiliable:
            *others, last = (k.zh for k in affiliable)
            zh = f"只有{'、'.join(others)}{'和' if others else ''}{last}填隶属"
            en = f"only these have an affiliation: {', '.join(k.en for k in affiliable)}"
        for n in compress(range(len(units)), bodies):
            if unit_kinds[n] in kinds and unit_kinds[n] not in self.policy.affiliable:
                self.add(self.at("units", n, "affiliation"), zh, en, bodies[n])
        self.named_units("units", "parent", parents, {parent for _, parent in self.pairs})
        wrong = {(k, p) for k, p in self.pairs if p and not self.may_sit_in(k, p)}
        if wrong:
            for n, pair in enumerate(zip(unit_kinds, parents, strict=True)):
                if pair in wrong:
                    self.container("units", n, "parent", *pair)
        self.cycles()

    def cycles(self) -> None:
        row, parents = self.containers, self.facts.units.column("parent")
        parent = {i: parents[n] for i, n in row.items()}
        done: set[str] = set()
        for start in parent:
            path: dict[str, None] = {}
            here: str | None = start
            while here is not None and here in parent and here not in done:
                if here in path:
                    loop = list(path)[list(path).index(here) :]
                    self.add(
                        self.at("units", row[here], "parent"),
                        "所在单位的关系成环",
                        "the containers form a cycle",
                        " -> ".join([*loop, here]),
                    )
                    break
                path[here] = None
                here = parent[here]
            done.update(path)

    def incidents(self) -> None:
        self.unique("incidents", "id")
        self.references("incidents", "unit")
        self.references("incidents", "responsible_unit")

    def years(self) -> None:
        for table in ("ledgers", "scores", "polls", "not_applicable"):
            self.references(table, "unit")
        self.unique("scores", "unit", "unit", "year")
        self.unique("polls", "unit", "unit", "year")
        polls = self.facts.polls
        for n, (result, rank) in enumerate(
            zip(polls.column("result"), polls.column("rank"), strict=True)
        ):
            if (result is None) == (rank is None):
                self.add(
                    self.at("polls", n, "result"),
                    "结果（result）和名次（rank）应填且只填一个",
                    "exactly one of result and rank must be given",
                )
        self.unique("requirements", "kind", "kind", "year")
        check_values(self)
        check_periods(self)
        self.unique("not_applicable", "unit", "unit", "clause", "year")


_LISTED = 15
"""Words of which a message lists every one."""


_NO_WORDS = {
    ("values", "item"): (
        "规则没有声明要登记的数值，“数值”表（values）不应有行",
        "the policy declares no items: the table values has no rows",
    )
}
"""What is said of a column for which the policy has no words at all."""


_BLANK = ("不能为空", "must not be blank")
