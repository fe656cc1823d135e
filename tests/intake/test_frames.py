"""Data frames of any library as facts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from pingan_logic import Facts, InputError
from pingan_logic.intake.arrow_stream import read_stream
from pingan_logic.intake.interchange import read_interchange

pd = pytest.importorskip("pandas")
pa = pytest.importorskip("pyarrow")
pl = pytest.importorskip("polars")

UNITS = {"id": ["B", "H"], "kind": ["building", "household"], "parent": [None, "B"]}
DAY = dt.date(2014, 5, 1)
INCIDENTS = {"编号": ["I"], "单位": ["H"], "类型": ["邻里纠纷"], "日期": [DAY]}
WANTED = Facts.from_dict(
    {
        "units": [{"id": "B", "kind": "building"}, {"id": "H", "kind": "household", "parent": "B"}],
        "incidents": [{"id": "I", "unit": "H", "type": "neighbour_dispute", "date": "2014-05-01"}],
        "ledgers": [{"unit": "B", "item": "*", "year": 2014}],
    }
)
LEDGERS = {"unit": ["B"], "item": ["*"], "year": [2014], "备注": ["x"]}


class Stream:
    """Has an Arrow stream and nothing else."""

    def __init__(self, frame: Any) -> None:
        self.frame = frame

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.frame.__arrow_c_stream__(requested_schema)


class Interchange:
    """Has the interchange protocol, and a stream only with a library that is not there."""

    def __init__(self, frame: Any) -> None:
        self.frame = frame

    def __dataframe__(self, **options: Any) -> Any:
        return self.frame.__dataframe__(**options)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        raise ImportError("pyarrow")


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
@pytest.mark.parametrize("seen", [lambda frame: frame, Stream])
def test_facts_are_the_same_from_every_library(make: Any, seen: Any) -> None:
    found = Facts.from_frames(
        units=seen(make(UNITS)), incidents=seen(make(INCIDENTS)), ledgers=seen(make(LEDGERS))
    )
    assert found == WANTED


def test_a_relation_of_duckdb_and_the_interchange_protocol() -> None:
    duckdb = pytest.importorskip("duckdb")
    units = duckdb.from_arrow(pa.table(UNITS))
    incidents = pd.DataFrame({**INCIDENTS, "日期": pd.to_datetime(["2014-05-01"])})
    found = Facts.from_frames(
        units=units,
        incidents=Interchange(incidents),
        ledgers=Interchange(pa.table(LEDGERS)),
    )
    assert found == WANTED


VALUES = {
    "text": (["甲", None, "x" * 40], None),
    "views": (["甲", None, "x" * 40], "string_view"),
    "large": (["甲", None, ""], "large_string"),
    "small": ([-5, None, 127], "int8"),
    "big": ([0, None, 2**63], "uint64"),
    "yes": ([True, None, False], "bool"),
    "day": ([dt.date(1969, 12, 31), None, DAY], "date32"),
    "milliseconds": ([dt.date(1969, 12, 31), None, DAY], "date64"),
    "moment": ([DAY, None, dt.datetime(2014, 5, 1, 7)], "timestamp"),
    "nothing": ([None, None, None], "null"),
    "real": ([0.5, None, 2.0], "float64"),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_of_every_type_come_as_they_are(name: str) -> None:
    wanted, kind = VALUES[name]
    if kind == "timestamp":
        moments = [dt.datetime(2014, 5, 1), None, dt.datetime(2014, 5, 1, 7)]
        column = pa.array(moments, pa.timestamp("ns"))
    else:
        column = pa.array(wanted, pa.type_for_alias(kind) if kind else None)
    whole = pa.chunked_array([column, column.slice(1), column.slice(0, 0)])
    assert read_stream(pa.table({"x": whole}))["x"] == [*wanted, *wanted[1:]]
    assert read_stream(pa.table({"x": column}).slice(1, 1))["x"] == [wanted[1]]
    if name not in ("views", "nothing", "day", "milliseconds", "moment"):
        assert read_interchange(pa.table({"x": whole}))["x"] == [*wanted, *wanted[1:]]


def test_decimals_and_dictionaries() -> None:
    exact = [Decimal("84.50"), None, Decimal("-0.01")]
    for kind in (pa.decimal128(6, 2), pa.decimal256(40, 2)):
        assert read_stream(pa.table({"x": pa.array(exact, kind)}))["x"] == exact
    words = pa.array(["甲", None, "乙", "甲"]).dictionary_encode()
    assert read_stream(pa.table({"x": words}))["x"] == ["甲", None, "乙", "甲"]
    categories = pd.DataFrame({"x": pd.Categorical(["甲", None, "乙"])})
    assert read_interchange(categories)["x"] == ["甲", None, "乙"]


def refused(**tables: Any) -> list[tuple[str, str | None]]:
    frames = {t: pd.DataFrame(columns) for t, columns in {"units": UNITS, **tables}.items()}
    with pytest.raises(InputError) as caught:
        Facts.from_frames(**frames)
    return [(p.place, p.found) for p in caught.value.problems]


def test_what_is_wrong_is_named_by_table_row_and_column() -> None:
    score = {"unit": ["B"], "year": [2014], "score": [84.5]}
    assert refused(scores=score) == [("scores[0] score", "84.5")]
    noon = {**INCIDENTS, "日期": [dt.datetime(2014, 5, 1, 12)]}
    assert refused(incidents=noon) == [("incidents[0] date", "2014-05-01 12:00:00")]
    assert refused(ledgers={**LEDGERS, "yeer": [1]})[0] == ("ledgers yeer", "yeer")
    assert refused(ledgers={"unit": ["B"], "item": ["*"]}) == [("ledgers", None)]
    assert refused(ledgers={**LEDGERS, "unit": ["C"]}) == [("ledgers[0] unit", "C")]
    assert refused(ledgers={**LEDGERS, "item": [["*"]]})[0][0] == "ledgers item"
    twice = pd.DataFrame([["B", "building", "H"]], columns=["id", "kind", "id"])
    with pytest.raises(InputError):
        Facts.from_frames(units=twice)


def test_an_index_without_a_name_and_empty_cells_are_no_data() -> None:
    units = pd.DataFrame({**UNITS, "affiliation": [float("nan")] * 2})
    part = units[units["id"] == "B"].copy()
    part["opened"] = pd.NaT
    assert [u.id for u in Facts.from_frames(units=part.iloc[::-1]).units] == ["B"]
    assert Facts.from_frames(units=units.iloc[::-1]).units[0].id == "H"
