"""Many small counties, as DataFrames and as each of them is judged by itself."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import frozen

import pingan_logic
from pingan_logic import Assessment, Policy, Status
from pingan_logic.rules.find import data_folder
from tests.worlds import County

SAMPLE = data_folder("facts") / "sample-county"
TYPES = {"year": "int", "rank": "int", "max_rank": "int", "date": "date", "score": "decimal(5,2)"}
MAKE: dict[str, Any] = {
    "year": int,
    "rank": int,
    "max_rank": int,
    "date": date.fromisoformat,
    "score": Decimal,
}


def read_sample() -> County:
    """Return the sample county as dictionaries."""
    data: County = {}
    for path in SAMPLE.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            data[path.stem] = list(csv.DictReader(lines))
    return data


def frames(
    spark: Any, nation: Mapping[str | None, County], *, typed: bool = False
) -> dict[str, Any]:
    """Return a DataFrame for each table, all text or with numbers and dates as such."""
    tables: dict[str, list[tuple[str | None, dict[str, Any]]]] = {}
    for county, data in nation.items():
        for table, rows in data.items():
            tables.setdefault(table, []).extend((county, row) for row in rows)
    found = {}
    for table, rows in tables.items():
        names = list(dict.fromkeys(n for _, row in rows for n in row))
        kinds = [TYPES.get(n, "string") if typed else "string" for n in names]
        schema = ", ".join(["county string", *map(" ".join, zip(names, kinds, strict=True))])
        values = [(county, *(_value(row.get(n), n, typed) for n in names)) for county, row in rows]
        found[table] = spark.createDataFrame(values, schema)
    return found


def _value(text: Any, name: str, typed: bool) -> Any:
    if not typed or name not in MAKE:
        return text
    return MAKE[name](text) if text else None


def judge(data: County, policy: Policy, folder: Path, year: int, **options: Any) -> Assessment:
    """Judge one county as the command line does. Raises InputError as that would tell it."""
    path = folder / "county.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    facts = pingan_logic.load_facts(path, policy)
    return pingan_logic.evaluate(facts, policy, year, **options)


def verdicts(county: str, result: Assessment) -> Iterable[tuple[Any, ...]]:
    """Yield county, unit, kind, standard and status."""
    for unit in result:
        for standard in result[unit].standards:
            status = result.outcome.verdicts[unit][standard]
            yield county, unit, result.unit(unit).kind, standard, status


def findings(
    county: str, result: Assessment, *, against: bool = False
) -> Iterable[tuple[Any, ...]]:
    """Yield every finding of every unit, and the prohibitions it is made of."""
    for unit in result:
        for finding in result[unit].findings:
            if against and finding.status is Status.MET:
                continue
            standard = result.policy.clauses[finding.clause].kind
            for part in (None, *finding.parts):
                said = part or finding
                yield (
                    county, unit, standard, finding.clause, part.clause if part else None,
                    finding.source, said.status.value, said.measured, said.required, said.basis,
                    said.evidence, said.missing,
                )  # fmt: skip


def rows(frame: Any) -> Counter[tuple[Any, ...]]:
    """Collect a DataFrame; a row that stands twice is counted twice."""
    return Counter(
        tuple(tuple(v) if isinstance(v, list) else v for v in row) for row in frame.collect()
    )


@frozen
class Collected:
    """The answers of a job, each read once."""

    verdicts: Counter[tuple[Any, ...]]
    findings: Counter[tuple[Any, ...]]
    notices: Counter[tuple[Any, ...]]
    rejects: list[dict[str, Any]]
    counts: list[dict[str, Any]]

    @classmethod
    def of(cls, result: Any) -> Collected:
        """Run the job and let it go."""
        found = cls(
            rows(result.verdicts),
            rows(result.findings),
            rows(result.notices),
            [row.asDict() for row in result.rejects.collect()],
            [row.asDict() for row in result.counts.collect()],
        )
        result.unpersist()
        return found
