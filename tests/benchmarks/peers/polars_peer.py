"""The nine standards as a hand-written Polars program. `python -m ... FOLDER [VERDICTS]`."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("POLARS_MAX_THREADS", "2")

import polars as pl

from tests.benchmarks.peers import standards
from tests.benchmarks.peers.standards import YEAR

FAILED, OPEN, MET = 1, 2, 3
NAMES = {FAILED: "failed", OPEN: "undetermined", MET: "met"}
ITEMS = {item: standards.bit(item) for item in ("*", *standards.ITEMS)}
NEEDED = {kind: standards.needed(kind) for kind in standards.KINDS}


def _worst(*statuses: pl.Expr) -> pl.Expr:
    return pl.min_horizontal(*statuses)


def _share(percent: int | pl.Expr, total: str = "total") -> pl.Expr:
    """Return the status of a ratio from the columns total, met and open."""
    whole, met, open_ = (pl.col(c).fill_null(0) for c in (total, "met", "open"))
    return (
        pl.when(whole == 0).then(OPEN)
        .when(met * 100 >= whole * percent).then(MET)
        .when((met + open_) * 100 < whole * percent).then(FAILED)
        .otherwise(OPEN)
    )  # fmt: skip


def _tally() -> list[pl.Expr]:
    status = pl.col("status")
    return [
        pl.len().cast(pl.Int64).alias("total"),
        (status == MET).sum().cast(pl.Int64).alias("met"),
        (status == OPEN).sum().cast(pl.Int64).alias("open"),
    ]


def _covered(*items: str) -> pl.Expr:
    """Return the status of the ledgers: `items` are columns of sets, `need` is what is asked."""
    held = pl.lit(0, pl.Int64)
    for item in items:
        held = held | pl.col(item).fill_null(0)
    return pl.when((held & pl.col("need")) == pl.col("need")).then(MET).otherwise(OPEN)


def _bits(column: str) -> pl.Expr:
    return pl.col(column).bitwise_or()


def judge(folder: str) -> pl.DataFrame:
    """Return id, standard and status of every judged unit."""

    def table(name: str) -> pl.LazyFrame:
        return pl.scan_csv(f"{folder}/{name}.csv", infer_schema=False)

    def of_year(name: str) -> pl.LazyFrame:
        return table(name).filter(pl.col("year") == YEAR).drop("year")

    units = (
        table("units")
        .select(
            "id",
            "kind",
            "parent",
            standard=pl.when(pl.col("affiliation") == "county")
            .then(pl.lit("work_unit"))
            .otherwise(pl.col("kind")),
        )
        .collect()
    )
    places = units.filter(pl.col("kind") != "household").drop("kind")

    # every place with itself and each of its containers
    step = places.select("id", above="id")
    steps = [step]
    parents = places.select(above="id", next="parent").drop_nulls()
    while step.height:
        step = step.join(parents, on="above").select("id", above="next")
        steps.append(step)
    inside = pl.concat(steps).lazy()

    own = (
        of_year("ledgers")
        .with_columns(items=pl.col("item").replace_strict(ITEMS, return_dtype=pl.Int64))
        .group_by("unit").agg(_bits("items"))
    )  # fmt: skip
    recorded = (
        inside.join(own, left_on="above", right_on="unit")
        .group_by("id").agg(_bits("items"))
    )  # fmt: skip

    responsible = pl.col("type").is_in(standards.BY_RESPONSIBLE_UNIT)
    also = pl.col("type").is_in(standards.ALSO_BY_RESPONSIBLE_UNIT)
    incidents = (
        table("incidents")
        .filter(pl.col("date").is_between(pl.lit(f"{YEAR}-01-01"), pl.lit(f"{YEAR}-12-31")))
        .select(
            "type",
            "liability",
            id=pl.when(responsible)
            .then(pl.concat_list(pl.coalesce("responsible_unit", "unit")))
            .when(also & pl.col("responsible_unit").is_not_null())
            .then(pl.concat_list("unit", "responsible_unit"))
            .otherwise(pl.concat_list("unit")),
            level=pl.col("grade").replace_strict(
                {grade: n for n, grade in enumerate(standards.GRADES) if n},
                default=None, return_dtype=pl.Int64,
            ),
        )
        .explode("id")
        .join(units.lazy(), on="id")
    )  # fmt: skip
    columns = ("id", "standard", "type", "level", "liability")
    above = (
        incidents.drop("id", "standard").join(inside, left_on="parent", right_on="id")
        .rename({"above": "id"}).join(places.lazy(), on="id")
    )  # fmt: skip
    rules = pl.LazyFrame(
        standards.RULES, schema=["standard", "type", "grade", "liable", "times"], orient="row"
    )
    level, grade, liable = pl.col("level"), pl.col("grade"), pl.col("liable")
    proven, possible = (
        ~liable | (pl.col("liability") == "yes").fill_null(value)
        for value in (False, True)
    )  # fmt: skip
    breaks = (grade == 0) | ((level >= grade).fill_null(value=False) & proven)
    may_break = (grade > 0) & (level >= grade).fill_null(value=True) & possible & ~breaks
    trouble = (
        pl.concat([incidents.select(columns), above.select(columns)])
        .join(rules, on=["standard", "type"])
        .group_by("id", "times")
        .agg((breaks.sum() >= pl.col("times").first()).alias("broken"), may_break.any())
        .group_by("id")
        .agg(pl.col("broken").any(), pl.col("grade").any())
        .select(
            "id",
            trouble=pl.when("broken").then(FAILED).when("grade").then(OPEN).otherwise(MET),
        )
    )  # fmt: skip

    need = pl.col("standard").replace_strict(NEEDED, default=None, return_dtype=pl.Int64)
    households = (
        units.lazy().filter(pl.col("kind") == "household")
        .with_columns(need=pl.lit(NEEDED["household"], pl.Int64))
        .join(recorded, left_on="parent", right_on="id", how="left")
        .join(own, left_on="id", right_on="unit", how="left")
        .join(trouble, on="id", how="left")
        .select(
            "id", "standard", "parent",
            status=_worst(_covered("items", "items_right"), pl.col("trouble").fill_null(MET)),
        )
    ).collect()  # fmt: skip
    tally = (
        households.lazy().drop_nulls("parent").group_by("parent").agg(_tally())
        .join(inside, left_on="parent", right_on="id")
        .group_by("above").agg(pl.col("total", "met", "open").sum())
    )  # fmt: skip

    by_kind = {"return_dtype": pl.Int64, "default": None}
    mark = pl.col("standard").replace_strict(standards.PASS_MARKS, **by_kind)
    share = pl.col("standard").replace_strict(standards.HOUSEHOLD_SHARES, **by_kind)
    points = (pl.col("score").cast(pl.Decimal(9, 2)) * 100).cast(pl.Int64)
    rank, worst_rank = pl.col("rank").cast(pl.Int64), pl.col("max_rank").cast(pl.Int64)
    scores = of_year("scores").with_columns(points=points)
    polls = of_year("polls").with_columns(polled=True)
    judged = (
        places.lazy().with_columns(need=need).drop_nulls("need")
        .join(recorded, on="id", how="left")
        .join(trouble, on="id", how="left")
        .join(tally, left_on="id", right_on="above", how="left")
        .join(scores, left_on="id", right_on="unit", how="left")
        .join(polls, left_on="id", right_on="unit", how="left")
        .join(of_year("requirements"), left_on="standard", right_on="kind", how="left")
        .select(
            "id", "standard",
            status=_worst(
                pl.col("trouble").fill_null(MET),
                _covered("items"),
                pl.when(share.is_null()).then(MET).otherwise(_share(share)),
                pl.when(mark.is_null()).then(MET).when(pl.col("points").is_null()).then(OPEN)
                .when(pl.col("points") < mark).then(FAILED).otherwise(MET),
                pl.when(mark.is_null()).then(MET).when(pl.col("polled").is_null()).then(OPEN)
                .when(pl.col("result") == "met").then(MET)
                .when(pl.col("result") == "failed").then(FAILED)
                .when(worst_rank.is_null()).then(OPEN)
                .when(rank <= worst_rank).then(MET).otherwise(FAILED),
            ),
        )
    ).collect().lazy()  # fmt: skip
    buildings = (
        judged.filter(pl.col("standard") == "building").join(inside, on="id")
        .group_by("above").agg(_tally())
    )  # fmt: skip
    declared = of_year("not_applicable").filter(pl.col("clause") == "compound_buildings")
    empty_by_right = pl.col("declared").fill_null(value=False) & pl.col("total").is_null()
    final = (
        judged.join(buildings, left_on="id", right_on="above", how="left")
        .join(
            declared.select(id="unit", declared=True).unique(), on="id", how="left"
        )
        .select(
            "id", "standard",
            status=pl.when((pl.col("standard") != "compound") | empty_by_right)
            .then(pl.col("status"))
            .otherwise(_worst(pl.col("status"), _share(standards.BUILDING_SHARE))),
        )
    )  # fmt: skip
    named = pl.col("status").replace_strict(NAMES, return_dtype=pl.String)
    both = pl.concat([households.lazy().select("id", "standard", "status"), final])
    return both.with_columns(status=named).collect()


def main(folder: str, verdicts: str | None = None) -> None:
    """Judge the county in `folder` and report the counts; write every verdict if asked to."""
    result = judge(folder)
    standards.report(result.group_by("standard", "status").len().iter_rows())
    if verdicts is not None:
        result.sort("id").write_csv(verdicts, include_header=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
