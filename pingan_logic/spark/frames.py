"""DataFrames of many counties to DataFrames of verdicts, findings and rejects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
from attrs import frozen
from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql import functions as sf

from pingan_logic.catalogue import Policy
from pingan_logic.evaluation import evaluate
from pingan_logic.intake.rows import columns
from pingan_logic.model import Facts
from pingan_logic.solving.load_policy import load_policy
from pingan_logic.spark.answers import PARTS, SCHEMA
from pingan_logic.spark.condense import condense
from pingan_logic.spark.county import Job, judge
from pingan_logic.spark.messages import MESSAGE, to_messages
from pingan_logic.spark.output_rows import Reasons
from pingan_logic.spark.rules import Rules
from pingan_logic.verdicts import Status

__all__ = ["Result", "evaluate_frames"]

_SPREAD = 1024
"""Into how many groups rows without a county are spread, since they may be many."""


@frozen
class Result:
    """What a job says, each a DataFrame that is computed when it is used.

    verdicts: county, unit, kind, standard (the kind whose standard judged it), status
    findings: county, unit, standard, clause, part (an atomic prohibition of the clause, or null),
        source (place in the notice), status, measured, required, basis, evidence, missing
    notices: county, notice, subject
    rejects: county, table, row (JSON), place, zh, en (what was expected), found, nearest
    counts: county, judged, rows, rejected, problems, met, failed, undetermined

    Of a county at most 5,000 problems are in `rejects`, and all are in `counts`.
    A county in `rejects` is not judged, its units are in no verdict, and `counts` says so. All five
    read what is kept on the disks of the executors until `unpersist`, so that a county is judged
    once however many of them are used.
    """

    verdicts: DataFrame
    findings: DataFrame
    notices: DataFrame
    rejects: DataFrame
    counts: DataFrame
    _kept: tuple[DataFrame, ...]

    def unpersist(self) -> None:
        """Let the executors forget the answers."""
        for frame in self._kept:
            frame.unpersist()


def evaluate_frames(
    units: DataFrame,
    incidents: DataFrame | None = None,
    ledgers: DataFrame | None = None,
    scores: DataFrame | None = None,
    polls: DataFrame | None = None,
    requirements: DataFrame | None = None,
    not_applicable: DataFrame | None = None,
    changes: DataFrame | None = None,
    values: DataFrame | None = None,
    *,
    year: int,
    policy: Policy | str | Path | None = None,
    as_of: date | None = None,
    county: str = "county",
    reasons: Reasons = "all",
    largest: int = 1_000_000,
) -> Result:
    """Judge the units of every county for `year`, each county as `pingan_logic.evaluate` does.

    The DataFrames have the columns of the CSV tables (text, whole numbers, dates, decimals for
    scores and values), and a column `county` that says whose row it is. `as_of` is as for
    `evaluate`. `reasons` says which findings are wanted: all, or only those against a unit. A
    county of more rows than `largest` is read in portions of about that size before it is judged
    (see condense.py).

    A row that cannot be used never stops the job. It is in the rejects, its county is not judged,
    nor is any other county that has a unit which the row names. Raises, before the job starts,
    InputError with every problem of columns, PolicyError or RequestError.
    """
    if not isinstance(policy, Policy):
        policy = load_policy(policy)
    as_of = min(as_of or date.today(), date.today())
    evaluate(Facts(), policy, year, as_of=as_of)
    given = {
        "units": units,
        "incidents": incidents,
        "ledgers": ledgers,
        "scores": scores,
        "polls": polls,
        "requirements": requirements,
        "not_applicable": not_applicable,
        "changes": changes,
        "values": values,
    }
    messages = to_messages({t: f for t, f in given.items() if f is not None}, county)
    job = Job(Rules.of(policy), year, as_of, reasons, county)

    def task(
        key: tuple[pa.Scalar, ...], rows: Iterator[pa.RecordBatch]
    ) -> Iterator[pa.RecordBatch]:
        return judge(key[0].as_py(), rows, job)

    sizes = {
        row["county"]: row["count"]
        for row in messages.where("county is not null").groupBy("county").count().collect()
    }
    portions = {c: -(-n // largest) for c, n in sizes.items() if n > largest}
    messages = _condensed(messages, portions, job.rules)
    group = sf.when(sf.isnull("county"), sf.pmod(sf.hash("cells"), sf.lit(_SPREAD))).otherwise(0)
    messages = messages.withColumn("group", group).repartition(len(sizes) + 1, "county", "group")
    grouped = messages.groupBy("county", "group")
    answers = grouped.applyInArrow(task, SCHEMA).persist(StorageLevel.DISK_ONLY)
    return _result(answers)


def _condensed(messages: DataFrame, portions: dict[str, int], rules: Rules) -> DataFrame:
    """Return the rows, with the units of large counties condensed in so many portions each."""
    if not portions:
        return messages

    def task(
        key: tuple[pa.Scalar, ...], rows: Iterator[pa.RecordBatch]
    ) -> Iterator[pa.RecordBatch]:
        return condense(key[0].as_py(), rows, rules)

    number = sf.lit(1)
    for county, n in portions.items():
        number = sf.when(sf.col("county") == county, n).otherwise(number)
    parent = sf.get("cells", sf.lit(list(columns("units")).index("parent")))
    mine = sf.coalesce(sf.col("county").isin(list(portions)), sf.lit(False))
    mine &= sf.col("table") == "units"
    portioned = messages.where(mine).withColumn("portion", sf.pmod(sf.hash(parent), number))
    portioned = portioned.repartition(sum(portions.values()), "county", "portion")
    condensed = portioned.groupBy("county", "portion").applyInArrow(task, MESSAGE)
    return messages.where(~mine).unionByName(condensed)


def _result(answers: DataFrame) -> Result:
    """Split the answers, and take back those of counties that a row of another one names."""
    units = _part(answers, "verdict")
    rejects = _part(answers, "reject")
    strays = rejects.select(
        sf.col("county").alias("other"),
        sf.explode("names").alias("unit"),
        *("table", "row", "place"),
    ).distinct()
    named = units.select("county", "unit").join(sf.broadcast(strays), "unit").distinct()
    other = sf.regexp_replace("other", r"[\p{C}\p{Zl}\p{Zp}]", "\ufffd")
    zh, en = (sf.coalesce(other, sf.lit(blank)) for blank in ("（空白）", "(blank)"))
    withheld = named.select(
        "county", "table", "row", "place",
        sf.concat(
            sf.lit("该行归在县 "), zh, sf.lit(" 名下，却写了本县的单位；该行改正前本县不判定")
        ).alias("zh"),
        sf.concat(
            sf.lit("the row stands under county "), en,
            sf.lit(" but names a unit of this one, which is not judged until the row is corrected"),
        ).alias("en"),
        sf.col("unit").alias("found"),
        sf.lit(None).cast("string").alias("nearest"),
    ).persist(StorageLevel.DISK_ONLY)  # fmt: skip
    lost = sf.broadcast(withheld.groupBy("county").agg(sf.count("*").alias("strays")))

    def kept(part: str) -> DataFrame:
        return _part(answers, part).join(lost, "county", "left_anti")

    # rows without a county came in many groups
    sums = [sf.sum(n).alias(n) for n in list(PARTS["count"])[1:]]
    counts = (
        _part(answers, "count").groupBy("county").agg(sf.first("judged").alias("judged"), *sums)
    )
    counts = counts.join(lost, "county", "left")
    judged = sf.col("judged") & sf.isnull("strays")
    numbers = [sf.when(judged, sf.col(s.value)).alias(s.value) for s in Status]
    return Result(
        kept("verdict").where("status is not null"),
        kept("finding"),
        kept("notice"),
        rejects.drop("names").unionByName(withheld),
        counts.select(
            "county", judged.alias("judged"), "rows", "rejected",
            (sf.col("problems") + sf.coalesce("strays", sf.lit(0))).alias("problems"), *numbers,
        ),
        (answers, withheld),
    )  # fmt: skip


def _part(answers: DataFrame, part: str) -> DataFrame:
    return answers.where(f"`{part}` is not null").select("county", f"{part}.*")
