"""Unit data as attrs classes: what a county knows of its units in one or more years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve, field, frozen

from pingan_logic.bound import bound
from pingan_logic.catalogue import YES_NO, Words
from pingan_logic.errors import InputError, Problem
from pingan_logic.order import ranked
from pingan_logic.period import CALENDAR, Period
from pingan_logic.records import (
    CHANGES,
    TABLE_NAMES,
    TABLES,
    YEARLY,
    Change,
    Incident,
    Ledger,
    NotApplicable,
    Poll,
    Requirement,
    Score,
    Unit,
    Value,
)
from pingan_logic.table import Table, at_rows

if TYPE_CHECKING:
    from pathlib import Path

    from pingan_logic.catalogue import Policy

__all__ = [
    "CHANGES",
    "TABLES",
    "TABLE_NAMES",
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
    def nested(self) -> dict[str, list[str]]:
        """The containers first recorded in each container."""
        rows, parents = self.rows, self.units.column("parent")
        found: dict[str, list[str]] = defaultdict(list)
        for container in self.containers:
            if container in rows and (parent := parents[rows[container]]):
                found[parent].append(container)
        return dict(found)

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

    def years(self, period: Period = CALENDAR) -> tuple[int, ...]:
        """Return the years that any record speaks of, ascending: those in which periods begin."""
        found = {period.of(day) for day in set(self.incidents.column("date"))}
        for table in (self.ledgers, self.scores, self.polls, self.requirements, self.values):
            found |= set(table.column("year"))
        return tuple(sorted(found))

    def until(self, year: int, period: Period = CALENDAR) -> Facts:
        """Return the facts without the records of later years."""
        kept: Any = {t: _until(getattr(self, t), "year", lambda y: y <= year) for t in YEARLY}
        kept["incidents"] = _until(self.incidents, "date", lambda day: day <= period.ends(year))
        # what was worked out of the facts holds on where nothing is later
        same = all(kept[t] is getattr(self, t) for t in kept)
        return self if same else evolve(self, **kept)


def _until(table: Table[T], column: str, early: Callable[[Any], bool]) -> Table[T]:
    rows = [n for n, value in enumerate(table.column(column)) if early(value)]
    return table if len(rows) == len(table) else table.take(rows)
