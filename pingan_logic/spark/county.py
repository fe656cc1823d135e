"""One county inside a task: its rows through the same reader, checks and rules as anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
from attrs import frozen

from pingan_logic.catalogue import Policy
from pingan_logic.errors import InputError, PinganError, Problem, visible
from pingan_logic.evaluation import evaluate
from pingan_logic.intake.rows import columns
from pingan_logic.intake.to_facts import to_facts
from pingan_logic.memory import without_collector
from pingan_logic.spark.answers import Row, batches
from pingan_logic.spark.output_rows import OutputRows, Reasons
from pingan_logic.spark.rows import RowPlace, Rows, names
from pingan_logic.spark.rules import Rules
from pingan_logic.verdicts import Assessment

__all__ = ["Job", "judge"]


@frozen
class Job:
    """What every task is told: the rules, what is asked, and the column that holds the county."""

    rules: Rules
    year: int
    as_of: date
    reasons: Reasons
    county: str


def judge(
    county: str | None, messages: Iterable[pa.RecordBatch], job: Job
) -> Iterator[pa.RecordBatch]:
    """Yield the answers of one county, or why it is not judged.

    A county with a row that cannot be used is not judged at all: what the row would have said could
    have kept any of its units from being met. Rows without a county are only named.
    """
    policy = job.rules.load()
    with without_collector():
        rows = Rows(messages)
        total = len(rows)
        stand_ins = rows.unfold(policy)
        result = _assess(county, rows, stand_ins, policy, job)
    if isinstance(result, PinganError):
        places = {(p.table, p.number) for p in _places(result.problems)}
        yield from batches(county, "reject", _rejects(result.problems, rows, policy))
        problems = len(result.problems) + result.more
        count = (False, total, len(places), problems, None, None, None)
        yield from batches(county, "count", [count])
        return
    said = OutputRows(result, stand_ins)
    yield from batches(county, "verdict", said.verdicts())
    yield from batches(county, "finding", said.findings(job.reasons))
    yield from batches(county, "notice", said.notices())
    yield from batches(county, "count", [(True, total, 0, 0, *said.counts())])


def _assess(
    county: str | None, rows: Rows, stand_ins: dict[str, pa.Array], policy: Policy, job: Job
) -> Assessment | PinganError:
    try:
        if county is None:
            raise InputError(_homeless(rows, job.county))
        facts = to_facts(rows.source(), policy)
        numbers = {unit: len(alike) for unit, alike in stand_ins.items()}
        return evaluate(facts, policy, job.year, as_of=job.as_of, numbers=numbers)
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
    places = _places(problems)
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
            text = _json({k: v for k, v in cells if v is not None})
            strangers = names(table, read[table, number]) - known
        said = (place, problem.zh, problem.en, problem.found, problem.nearest)
        found.append((table, text, *(s and visible(s) for s in said), sorted(strangers)))
    return found


def _places(problems: Sequence[Problem]) -> list[RowPlace]:
    return [p.place for p in problems if isinstance(p.place, RowPlace)]


def _json(cells: dict[str, str]) -> str:
    """Return cells as JSON whose text is readable and yet has nothing invisible in it."""
    text = json.dumps(cells, ensure_ascii=False)
    return (
        text
        if text.isprintable()
        else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)
    )
