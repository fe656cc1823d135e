"""Change files of `whatif`: rows to add and to remove, settings."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pingan_logic
from pingan_logic import Facts, PinganError
from pingan_logic.policy.settings import parse_setting
from pingan_logic.questions.comparison import change_facts, read_change
from tests.fuzz.checks import refused, room, rules
from tests.fuzz.mutate import TOKENS
from tests.fuzz.target import Target, target

_CHANGES = (
    {"add": {"ledgers": [{"unit": "B", "item": "*", "year": 2014}]},
     "remove": {"incidents": [{"id": "I"}]}, "set": ["threshold(building_households)=95/100"]},
    {"remove": {"units": [{"id": "H", "kind": "household"}]}},
    {"add": {"units": [{"id": "N", "kind": "household", "parent": "B", "name": "新"}],
             "scores": [{"unit": "B", "year": 2014, "score": 1.5}]}},
    {"set": ["switch(repeated)=3", "target(village)=90%"]},
)  # fmt: skip


@cache
def _facts() -> Facts:
    path = room() / "base.json"
    document = {
        "units": [{"id": "B", "kind": "building"}, {"id": "H", "kind": "household", "parent": "B"}],
        "incidents": [{"id": "I", "unit": "H", "type": "gambling", "date": "2014-05-01"}],
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return pingan_logic.load_facts(path, rules())


def _change(path: Path) -> None:
    change = read_change(path)
    for text in change.get("set", ()):
        parse_setting(text, rules())
    change_facts(_facts(), change, rules(), path.name)


def _run(data: bytes) -> None:
    path = room() / "change.json"
    path.write_bytes(data)
    try:
        _change(path)
    except PinganError as error:
        refused(error)


_MORE = (b'"add":', b'"remove":', b'"set":', b"[" * 400, b"[" * 900, b'{"a":' * 300, b"null",
         b"NaN", b"[]", b"{}", b'"units"', b'"\\ud800"', b"true", b"1e999999999")  # fmt: skip

target(
    Target(
        "change",
        lambda: [json.dumps(c, ensure_ascii=False).encode() for c in _CHANGES],
        _run,
        (*TOKENS, *_MORE),
        weight=200,
    )
)
