"""A JSON document of facts."""

from __future__ import annotations

import json

from tests.fuzz.checks import room
from tests.fuzz.mutate import TOKENS
from tests.fuzz.reading import read
from tests.fuzz.target import Target, target
from tests.intake.books import GOOD

_SMALL = {
    "units": [
        {"id": "B", "kind": "building", "name": "一栋"},
        {"id": "H", "kind": "household", "parent": "B"},
        {"id": 7, "kind": "平安家庭", "parent": "B", "opened": "2013-01-01"},
    ],
    "incidents": [{"id": "I", "unit": "H", "type": "gambling", "date": "2014-05-01"}],
    "ledgers": [{"unit": "B", "item": "*", "year": 2014}],
    "scores": [{"unit": "B", "year": 2014, "score": 84.99}],
    "polls": [{"unit": "B", "year": "2014", "rank": 2}],
    "changes": [{"unit": "H", "date": "2015-01-01", "change": "renamed", "value": "新户"}],
}


def _seeds() -> list[bytes]:
    long = {
        table: [
            {h: str(v) for h, v in zip(rows[0], row, strict=True) if v is not None}
            for row in rows[1:]
        ]
        for table, rows in GOOD.items()
    }
    return [
        json.dumps(_SMALL).encode(),
        json.dumps(_SMALL, ensure_ascii=False, indent=1).encode(),
        json.dumps(long, ensure_ascii=False).encode("gb18030"),
        b'{"units": []}',
    ]


def _run(data: bytes) -> None:
    path = room() / "data.json"
    path.write_bytes(data)
    read(path, data)


_MORE = (
    *(b"[" * 50, b"[" * 20000, b'{"a":' * 300, b"null", b"true", b"[]", b"{}", b'"\\ud800"', b","),
    *(b'"\\u0000"', b'"\\n"', b"NaN", b"-Infinity", b"1E+999999999", b'"units"', b'"id":', b"1.0"),
)

target(Target("json", _seeds, _run, (*TOKENS, *_MORE), weight=90))
