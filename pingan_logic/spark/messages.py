"""The tables of all counties as one DataFrame of rows: county, table, cells, members."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sf
from pyspark.sql import types as st

from pingan_logic.errors import InputError, Problem, nearest
from pingan_logic.intake.headers import read_header
from pingan_logic.intake.rows import columns

__all__ = ["MESSAGE", "header", "to_messages"]

MESSAGE = "county string, table string, cells array<string>, members array<string>"
"""A row of a table: its cells stand in the order of the model's columns.

`members` are the ids for which a row of units stands that has none of its own (see condense.py).
"""

_TEXT = (st.StringType, st.NullType)
_WHOLE = (st.ByteType, st.ShortType, st.IntegerType, st.LongType)
_DAYS = (st.DateType, st.TimestampType, st.TimestampNTZType)
_TYPES: dict[str, tuple[type[st.DataType], ...]] = {
    "id": (*_TEXT, *_WHOLE),
    "text": _TEXT,
    "word": _TEXT,
    "year": (*_TEXT, *_WHOLE),
    "count": (*_TEXT, *_WHOLE),
    "score": (*_TEXT, *_WHOLE, st.DecimalType),
    "date": (*_TEXT, *_DAYS),
    "value": (*_TEXT, *_WHOLE, st.DecimalType, *_DAYS),
}
"""Column types that mean exactly one text; a double does not."""


def to_messages(frames: Mapping[str, DataFrame], county: str) -> DataFrame:
    """Return the rows of every table; a county that is blank or no text is null.

    Raises InputError with every problem of columns and their types.
    """
    problems: list[Problem] = []
    found = {t: header(t, frame, county, problems) for t, frame in frames.items()}
    if problems:
        raise InputError(problems)
    return reduce(DataFrame.unionAll, (_rows(t, f, county, found[t]) for t, f in frames.items()))


def header(
    table: str, frame: DataFrame, county: str, problems: list[Problem]
) -> dict[str, st.StructField]:
    """Return the column of the DataFrame for each column of the table that it has; what is wrong
    with them is added to `problems`."""
    fields = frame.schema.fields
    own = [f for f in fields if f.name != county]

    def at(_: int, position: int | None) -> str:
        return table if position is None else f"{table}.{own[position].name}"

    if len(own) == len(fields):
        problems.append(
            Problem(
                table,
                f"缺少列 {county}（每行所属的县）",
                f"column {county} is missing: the county of each row",
                None,
                nearest(county, [f.name for f in fields]),
            )
        )
    names = read_header(table, [f.name for f in own], 0, at, problems)
    kinds = [(f, "id") for f in fields if f.name == county]
    if names is not None:
        known = columns(table)
        kinds += [(f, known[n].metadata["kind"]) for f, n in zip(own, names, strict=True) if n]
    for field, kind in kinds:
        if not isinstance(field.dataType, _TYPES[kind]):
            options = ", ".join(t.typeName() for t in _TYPES[kind])
            problems.append(
                Problem(
                    f"{table}.{field.name}",
                    f"列的类型应为 {options}",
                    f"expected a column of type {options}",
                    field.dataType.simpleString(),
                )
            )
    return dict(zip(names or (), own, strict=False))


def _rows(
    table: str, frame: DataFrame, county: str, known: Mapping[str, st.StructField]
) -> DataFrame:
    blank = sf.lit(None).cast("string")
    cells = [_cell(known[n]) if n in known else blank for n in columns(table)]
    code = sf.trim(sf.try_validate_utf8(_column(county).cast("string")))
    return frame.select(
        sf.when(code != "", code).alias("county"),
        sf.lit(table).alias("table"),
        sf.array(*cells).alias("cells"),
        sf.lit(None).cast("array<string>").alias("members"),
    )


def _cell(field: st.StructField) -> Column:
    value = _column(field.name)
    if isinstance(field.dataType, st.StringType):
        # bytes that are no text would end the job: a mark in them is refused, with its place
        marked = sf.concat(sf.make_valid_utf8(value), sf.lit("\0"))
        return sf.when(sf.is_valid_utf8(value), value).otherwise(marked)
    if isinstance(field.dataType, _DAYS):
        value = value.cast("date")
    return value.cast("string")


def _column(name: str) -> Column:
    return sf.col(f"`{name.replace('`', '``')}`")
