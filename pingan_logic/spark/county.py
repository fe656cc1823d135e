"""One county inside a task: its rows through the same reader, checks and rules as anywhere."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import pyarrow as pa
from attrs import evolve, frozen

from pingan_logic.errors import InputError, PinganError, Problem
from pingan_logic.evaluation import evaluate
from pingan_logic.intake.load import to_facts
from pingan_logic.intake.rows import RawTable, columns, read_rows, required_columns
from pingan_logic.intake.source import Source
from pingan_logic.intake.vocabulary import Vocabulary
from pingan_logic.memory import steady
from pingan_logic.model import CHANGES, TABLES
from pingan_logic.order import in_order
from pingan_logic.policy.catalogue import Policy
from pingan_logic.spark.answers import batches
from pingan_logic.spark.rules import Rules
from pingan_logic.verdicts import Assessment, Finding, Status

__all__ = ["Cells", "Job", "Reasons", "RowPlace", "Rows", "judge"]

Cells = tuple[str | None, ...]
Row = tuple[object, ...]
Reasons = Literal["all", "against"]
"""Which findings are wanted: all, or those that keep a unit from being met."""


@frozen
class Job:
    """What every task is told: the rules, what is asked, and the column that holds the county."""

    rules: Rules
    year: int
    as_of: date
    reasons: Reasons
    county: str


class RowPlace(str):
    """The place of a cell of a DataFrame: its table, the key of its row, its column."""

    table: str
    number: int

    def __new__(cls, table: str, number: int, key: str, column: str) -> RowPlace:
        place = super().__new__(cls, f"{table}({key}) {column}".rstrip())
        place.table, place.number = table, number
        return place


class Rows:
    """The rows of a group by table, in an order of their own: they arrive in any.

    `classes` are rows of units that stand for several (see slices.py), with the ids of those.
    """

    def __init__(self, messages: Iterable[pa.RecordBatch]) -> None:
        self.tables: dict[str, list[Cells]] = {t: [] for t in TABLES}
        self.classes: list[tuple[Cells, pa.Array]] = []
        for batch in messages:
            tables, cells = (batch.column(n).to_pylist() for n in ("table", "cells"))
            members = batch.column("members")
            if members.null_count == len(members):
                for table, row in zip(tables, cells, strict=True):
                    self.tables[table].append(tuple(row))
                continue
            for n, valid in enumerate(members.is_valid().to_pylist()):
                if valid:
                    self.classes.append((tuple(cells[n]), members[n].values))
                else:
                    self.tables[tables[n]].append(tuple(cells[n]))
        for found in self.tables.values():
            found.sort(key=_key)
        self.classes.sort(key=lambda c: (_key(c[0]), c[1][0].as_py()))

    def __len__(self) -> int:
        return sum(map(len, self.tables.values())) + sum(len(ids) for _, ids in self.classes)

    def source(self) -> Source:
        """Return the rows as a source of data like any other."""
        source = Source()
        for table in self.tables:
            source.claim(table, table)
            source.put(self.raw(table), table)
        return source

    def raw(self, table: str) -> RawTable:
        """Return the rows of a table as any reader hands them on."""
        rows, header, needed = self.tables[table], list(columns(table)), required_columns(table)
        keys = ["id"] if "id" in needed else [n for n in needed if n not in ("reason", "value")]
        marks = [header.index(k) for k in keys]

        def at(number: int, column: str) -> RowPlace:
            key = ", ".join(f"{header[m]}={rows[number][m] or ''}" for m in marks)
            return RowPlace(table, number, key, column)

        return RawTable(table, header, rows, range(len(rows)), at)

    def values(self, table: str, numbers: Sequence[int], policy: Policy) -> list[dict[str, Any]]:
        """Return what can be read of some rows of a table."""
        raw = self.raw(table)
        some = evolve(raw, rows=[raw.rows[n] for n in numbers], numbers=numbers)
        read = read_rows(some, Vocabulary.of_tables(policy), [])
        found: dict[int, dict[str, Any]] = {number: values for values, number in read.torn}
        for n, number in enumerate(read.numbers):
            found[number] = {name: column[n] for name, column in read.columns.items()}
        return [found[n] for n in numbers]

    def unfold(self, policy: Policy) -> dict[str, pa.Array]:
        """Put units in the place of the classes, and return those that one of them stands for.

        A unit that any row names is put there itself, and so is one whose id stands twice, so that
        the checks find what they would find among all the rows; and all of them are when the rules
        tell units apart.
        """
        alone = self._named(policy)
        stand_ins: dict[str, pa.Array] = {}
        for cells, members in self.classes:
            ids = members.to_pylist()
            alike = [] if policy.distinctions else [i for i in ids if i not in alone]
            if len(alike) > 1:
                # kept as Arrow keeps them: a few bytes for each of millions
                stand_ins[alike[0]] = members if alike == ids else pa.array(alike)
            shown = [*alike[:1], *(i for i in ids if i in alone)] if alike else ids
            self.tables["units"] += ((i, *cells[1:]) for i in shown)
        return stand_ins

    def _named(self, policy: Policy) -> set[str]:
        if not self.classes:
            return set()
        parent = list(columns("units")).index("parent")
        found = {str(cells[parent]) for cells, _ in self.classes}
        for table, rows in self.tables.items():
            for values in self.values(table, range(len(rows)), policy):
                found |= names(table, values)
        ids = pa.chunked_array([members for _, members in self.classes])
        if len(ids.unique()) < len(ids):
            counted = Counter(ids.to_pylist())
            found |= {unit for unit, n in counted.items() if n > 1}
        return found


def _key(cells: Cells) -> str:
    return "\0".join([cell or "" for cell in cells])


def names(table: str, values: Mapping[str, Any]) -> set[str]:
    """Return the ids of the units that a row speaks of."""
    found = {
        values.get(name)
        for name, column in columns(table).items()
        if column.metadata["kind"] == "id" and (table, name) != ("incidents", "id")
    }
    if table == "changes" and CHANGES.get(values.get("change", "")) == "id":
        found.add(values.get("value"))
    return {str(unit) for unit in found if unit}


def judge(
    county: str | None, messages: Iterable[pa.RecordBatch], job: Job
) -> Iterator[pa.RecordBatch]:
    """Yield the answers of one county, or why it is not judged.

    A county with a row that cannot be used is not judged at all: what the row would have said could
    have kept any of its units from being met. Rows without a county are only named.
    """
    policy = job.rules.load()
    with steady():
        rows = Rows(messages)
        total = len(rows)
        stand_ins = rows.unfold(policy)
        result = _assess(county, rows, stand_ins, policy, job)
    if isinstance(result, PinganError):
        rejects = _rejects(result.problems, rows, policy)
        rejected = len({r[:2] for r in rejects if r[1] is not None})
        yield from batches(county, "reject", rejects)
        count = (False, total, rejected, len(rejects), None, None, None)
        yield from batches(county, "count", [count])
        return
    told = _Told(result, stand_ins)
    yield from batches(county, "verdict", told.verdicts())
    yield from batches(county, "finding", told.findings(job.reasons))
    yield from batches(county, "notice", told.notices())
    yield from batches(county, "count", [(True, total, 0, 0, *told.counts())])


def _assess(
    county: str | None, rows: Rows, stand_ins: dict[str, pa.Array], policy: Policy, job: Job
) -> Assessment | PinganError:
    try:
        if county is None:
            raise InputError(_homeless(rows, job.county))
        facts = to_facts(rows.source(), policy)
        numbers = {unit: len(alike) for unit, alike in stand_ins.items()}
        return evaluate(facts, policy, job.year, as_of=job.as_of, numbers=numbers, workers=1)
    except PinganError as error:
        return error


def _homeless(rows: Rows, county: str) -> list[Problem]:
    """Return the problem of rows without a county, in the words for any blank cell."""
    return [
        Problem(raw.at(n, county), "不能为空", "must not be blank")
        for raw in rows.source().ordered()
        for n in raw.numbers
    ]


def _rejects(problems: Sequence[Problem], rows: Rows, policy: Policy) -> list[Row]:
    """Return a row for each problem; `names` are the units it names that the county lacks."""
    units = rows.values("units", range(len(rows.tables["units"])), policy)
    known = {values.get("id") for values in units}
    places = [p.place for p in problems if isinstance(p.place, RowPlace)]
    read: dict[tuple[str, int], dict[str, Any]] = {}
    for name in rows.tables:
        numbers = sorted({p.number for p in places if p.table == name})
        for number, values in zip(numbers, rows.values(name, numbers, policy), strict=True):
            read[name, number] = values
    found: list[Row] = []
    for problem in problems:
        table: str | None = None
        text: str | None = None
        strangers: set[str] = set()
        place = problem.place
        if isinstance(place, RowPlace):
            table, number = place.table, place.number
            cells = zip(columns(table), rows.tables[table][number], strict=True)
            text = json.dumps({k: v for k, v in cells if v is not None}, ensure_ascii=False)
            strangers = names(table, read[table, number]) - known
        found.append(
            (table, text, place, problem.zh, problem.en, problem.found, problem.nearest,
             sorted(strangers))
        )  # fmt: skip
    return found


class _Told:
    """What an assessment says of every unit, also of those for which another was judged."""

    def __init__(self, result: Assessment, stand_ins: dict[str, pa.Array]) -> None:
        self.result, self.stand_ins = result, stand_ins

    def everyone(self, unit: str) -> Sequence[str]:
        """Return the units for which a unit of the facts stands."""
        return self.stand_ins[unit].to_pylist() if unit in self.stand_ins else (unit,)

    def verdicts(self) -> Iterator[Row]:
        """Yield every unit by each standard; one not judged has no standard and no status."""
        units, found = self.result.facts.units, self.result.outcome.verdicts
        for unit, kind in zip(units.column("id"), units.column("kind"), strict=True):
            judged = sorted(found[unit].items()) if unit in found else [(None, None)]
            for one in self.everyone(unit):
                yield from ((one, kind, standard, status) for standard, status in judged)

    def findings(self, reasons: Reasons) -> Iterator[Row]:
        """Yield the findings of every unit: worked out once for units alike, as each would have
        them in the place of the one that was judged."""
        groups = self.result.outcome.groups
        for unit in groups.sizes:
            if unit not in self.result or (
                reasons == "against" and self.result.status(unit) is Status.MET
            ):
                continue
            found = list(self._findings(unit, reasons))
            for one in (o for u in groups.everyone(unit) for o in self.everyone(u)):
                yield from (
                    (one, *row) for row in (found if one == unit else _swap(found, unit, one))
                )

    def _findings(self, unit: str, reasons: Reasons) -> Iterator[Row]:
        for finding in self.result[unit].findings:
            if reasons == "against" and finding.status is Status.MET:
                continue
            standard = self.result.policy.clauses[finding.clause].kind
            for part in (None, *finding.parts):
                yield self._finding(standard, finding, part)

    def _finding(self, standard: str, clause: Finding, part: Finding | None) -> Row:
        said = part or clause
        evidence = list(said.evidence)
        if any(e in self.stand_ins for e in evidence):
            evidence = in_order(one for e in evidence for one in self.everyone(e))
        return (
            standard, clause.clause, part and part.clause, clause.source, said.status.value,
            said.measured, said.required, said.basis, evidence, list(said.missing),
        )  # fmt: skip

    def notices(self) -> Iterator[Row]:
        """Yield the notices, those about a unit that stands for others for each of them."""
        for notice, subject in self.result.notices:
            yield from ((notice, one) for one in self.everyone(subject))

    def counts(self) -> list[int]:
        """Return how many verdicts there are of each status."""
        found: Counter[str] = Counter()
        for unit, number in self.result.outcome.groups.sizes.items():
            for status in self.result.outcome.verdicts.get(unit, {}).values():
                found[status] += number
        return [found[s.value] for s in Status]


_EVIDENCE = -2


def _swap(findings: list[Row], unit: str, one: str) -> Iterator[Row]:
    """Yield the findings of `unit` as those of `one`, which no rule can tell from it."""
    for row in findings:
        evidence: Any = row[_EVIDENCE]
        if unit in evidence:
            evidence = in_order(one if e == unit else e for e in evidence)
            yield (*row[:_EVIDENCE], evidence, row[-1])
        else:
            yield row
