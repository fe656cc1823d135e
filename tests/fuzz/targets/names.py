"""Ids of any accepted characters give the verdicts of plain ids: nothing gets into the rules."""

from __future__ import annotations

import random
import zlib
from typing import Any

import attrs
import clingo

import pingan_logic
from pingan_logic import Assessment, Facts
from pingan_logic.intake import read_document
from pingan_logic.solving.encode import quote
from tests.fuzz.checks import rules
from tests.fuzz.hostile import MORE, SEEDS, accepted, texts
from tests.fuzz.target import Target, target
from tests.worlds import random_county

_IDS = {"id", "unit", "parent", "responsible_unit"}


def _renamed(facts: Facts, by: dict[str, str]) -> Facts:
    """Return the facts with other ids."""
    tables: dict[str, Any] = {}
    for table in ("units", "incidents", "ledgers", "scores", "polls", "requirements"):
        rows = []
        for row in getattr(facts, table):
            mine = {f.name for f in attrs.fields(type(row))} & _IDS
            rows.append(attrs.evolve(row, **{c: by.get(v, v) for c in mine
                                             if (v := getattr(row, c)) is not None}))  # fmt: skip
        tables[table] = rows
    return Facts(**tables)


def _verdicts(a: Assessment, by: dict[str, str]) -> dict[str, Any]:
    def evidence(f: pingan_logic.Finding) -> list[str]:
        return sorted(by.get(e, e) for e in f.evidence)

    return {
        by.get(u, u): (
            a.status(u),
            [(f.clause, f.status, f.measured, f.required, evidence(f)) for f in a[u].findings],
        )
        for u in a
    }


def _run(data: bytes) -> None:
    names = texts(data)
    for text in names:
        if "\x00" not in text:
            assert clingo.parse_term(quote(text)).string == text, "the quoted text is another"
    ids = list(accepted(names, "id"))
    if not ids:
        return
    rng = random.Random(zlib.crc32(data))
    plain = read_document(random_county(rng), "facts", rules())
    there = [u.id for u in plain.units] + [i.id for i in plain.incidents]
    chosen = rng.sample(there, min(len(there), len(ids)))
    to = dict(zip(chosen, (i for i in ids if i not in there), strict=False))
    back = {v: k for k, v in to.items()}
    before = pingan_logic.evaluate(plain, rules(), 2014)
    after = pingan_logic.evaluate(_renamed(plain, to), rules(), 2014)
    assert _verdicts(before, {}) == _verdicts(after, back), "names change verdicts"


target(Target("names", lambda: SEEDS, _run, MORE, weight=2))
