"""What a task of Spark does with the rows of a county, and what columns of DataFrames may be."""

from __future__ import annotations

import json
import random
import zlib
from collections import Counter
from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

from pingan_logic import InputError, Problem
from pingan_logic.intake.rows import columns
from pingan_logic.model import TABLES
from tests.fuzz.checks import clean, refused, rules
from tests.fuzz.mutate import TOKENS, by_cells
from tests.fuzz.target import Target, target
from tests.spark.here import Here, batch, told
from tests.worlds import random_county

Row = tuple[str, tuple[str | None, ...]]
_YEAR = 2014


def _rows(data: bytes) -> list[Row]:
    """Return the rows of lines as `units|B|building|~`, where `~` is no value."""
    found = []
    for line in data.decode("utf-8", "replace").split("\n"):
        table, *cells = line.split("|")
        if table in TABLES:
            given: list[str | None] = [None if c == "~" else c for c in cells]
            wide = len(columns(table))
            found.append((table, tuple([*given, *[None] * wide][:wide])))
    return found


def _run(data: bytes) -> None:
    from pingan_logic.spark.condense import condense
    from pingan_logic.spark.county import Job, judge

    rows = _rows(data)
    here: Any = Here(rules())
    job = Job(here, _YEAR, date(_YEAR, 12, 31), "all", "county")
    county = None if zlib.crc32(data) % 20 == 0 else "990024"
    whole = told(judge(county, [batch(rows)], job))
    _complete(rows, whole, county)
    units = batch([row for row in rows if row[0] == "units"])
    others = batch([row for row in rows if row[0] != "units"])
    portioned = told(judge(county, [others, *condense("990024", [units], here)], job))
    assert portioned["count"][0]["rows"] == len(rows)
    assert bool(portioned["reject"]) == bool(whole["reject"])
    for part in ("verdict", "finding", "notice"):
        assert _counted(portioned.get(part, [])) == _counted(whole.get(part, [])), part


def _counted(rows: Sequence[dict[str, Any]]) -> Counter[str]:
    return Counter(map(repr, rows))


def _complete(rows: list[Row], said: dict[str, list[dict[str, Any]]], county: str | None) -> None:
    """Check that every row is either used or told of, and told in clean words."""
    (count,) = said["count"]
    given = Counter(
        (table, json.dumps({k: v for k, v in zip(columns(table), cells, strict=True)
                            if v is not None}, sort_keys=True))
        for table, cells in rows
    )  # fmt: skip
    assert count["rows"] == len(rows)
    assert count["problems"] == len(said["reject"])
    if count["judged"]:
        assert not said["reject"]
        assert not count["rejected"]
        verdicts = [(v["unit"], v["standard"]) for v in said.get("verdict", [])]
        assert len(set(verdicts)) == len(verdicts), "doubled"
        assert len({unit for unit, _ in verdicts}) == sum(t == "units" for t, _ in rows), "lost"
        return
    assert said["reject"] or not rows
    assert not said.get("verdict")
    named = set()
    for reject in said["reject"]:
        for words in ("place", "zh", "en"):
            assert reject[words], f"no {words}"
        for words in ("place", "zh", "en", "found", "nearest", "row"):
            clean(reject[words] or "", lines=False)
        if reject["row"] is not None:
            row = json.dumps(json.loads(reject["row"]), sort_keys=True)
            named.add((reject["table"], row))
    assert named <= given.keys(), "a row that was not given"
    assert len(named) <= count["rejected"] <= sum(given[row] for row in named)
    assert county is not None or count["rejected"] == len(rows)


def _seeds() -> list[bytes]:
    found = []
    for seed in range(4):
        county = random_county(random.Random(seed))
        lines = [
            "|".join([table, *("~" if row.get(c) is None else str(row[c]) for c in columns(table))])
            for table in TABLES
            for row in county.get(table, [])
        ]
        found.append("\n".join(lines[:12] if seed == 3 else lines).encode())
    small = ("units|B|building|一栋||||", "units|H|household|~|B||2013-01-01|",
             "units|H2|household||B||2013-01-01|", "ledgers|B|*|2014", "scores|B|2014|84.99",
             "incidents|I|H|gambling|2014-05-01|~|~|~")  # fmt: skip
    return ["\n".join(small).encode(), "\n".join((*small[:3], small[1])).encode(), *found]


def _columns(data: bytes) -> None:
    """Read the columns of a DataFrame, in lines as `id|string` after one with the table."""
    from pyspark.sql import types

    from pingan_logic.spark.messages import header

    table, *lines = data.decode("utf-8", "replace").split("\n")
    kinds = {kind.typeName(): kind for kind in vars(types).values()
             if isinstance(kind, type) and issubclass(kind, types.AtomicType)
             and kind is not types.AtomicType}  # fmt: skip
    fields = [
        types.StructField(name, kinds.get(kind, types.StringType)())
        for name, _, kind in (line.partition("|") for line in lines)
    ]
    frame: Any = SimpleNamespace(schema=types.StructType(fields))
    problems: list[Problem] = []
    found = header(table if table in TABLES else "units", frame, "county", problems)
    if problems:
        refused(InputError(problems))
    else:
        assert {f.name for f in found.values()} <= {f.name for f in fields}
        assert "county" in {f.name for f in fields}


_TYPES = (b"string", b"integer", b"long", b"double", b"date", b"timestamp", b"binary", b"decimal",
          b"boolean", b"void", b"variant")  # fmt: skip
_TABLES = ("units\nid|string\nkind|string\nname|string\nparent|string\ncounty|string",
           "单位\n编号|long\n类别|string\ncounty|integer\n备注|string",
           "scores\nunit|string\nyear|integer\nscore|decimal\ncounty|string",
           "incidents\nid|long\nunit|void\ntype|string\ndate|timestamp\ncounty|string")  # fmt: skip
_VALUES = (
    *(b"~", b"", b" ", b"1.0E10", b"1e309", b"-0", b"NaN", b"-Infinity", b"9223372036854775808"),
    *(
        b"[1, 2]",
        b'{"a": 1}',
        b"b'x'",
        b"2014-02-30",
        b"294276-12-31",
        b"-0001-01-01",
        b"0000-00-00",
    ),
    *(
        b"true",
        b"units",
        b"incidents",
        b"changes",
        b"renamed",
        b"merged_into",
        b"x" * 5000,
        b"B",
        b"H",
    ),
    *(
        "ﷺ".encode() * 60,
        "\u0378".encode(),
        "\U000e0041".encode(),
        "\u3000".encode(),
        b"9999-12-31",
    ),
)

target(
    Target("spark", _seeds, _run, (*TOKENS, *_VALUES), change=by_cells, weight=2, needs="pyspark")
)
target(
    Target(
        "spark-columns",
        lambda: [table.encode() for table in _TABLES],
        _columns,
        (*TOKENS, *_TYPES),
        change=by_cells,
        weight=20,
        needs="pyspark",
    )
)
