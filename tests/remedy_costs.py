"""One question for each change that a remedy can consist of, with the cost of it by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from pingan_logic import Facts, Policy, evaluate
from pingan_logic.intake import read_document
from pingan_logic.questions.fix import find_remedy
from tests.worlds import TYPES

__all__ = ["COSTS", "cost_differences"]

YEAR = 2014
Rows = list[dict[str, Any]]
Question = tuple[dict[str, Rows], str, set[tuple[str, str, int]]]


def _unit(name: str, kind: str, parent: str = "") -> dict[str, Any]:
    return {"id": name, "kind": kind, "parent": parent}


def _ledgers(unit: str, *missing: str) -> Rows:
    return [{"unit": unit, "item": t, "year": YEAR} for t in TYPES if t not in missing]


def _data(*units: dict[str, Any], **tables: Rows) -> dict[str, Rows]:
    return {"units": list(units), **tables}


def _happened(type_: str, **more: str) -> Rows:
    return [{"id": "I", "unit": "U", "type": type_, "date": f"{YEAR}-03-03", **more}]


def _of(table: str, **values: Any) -> Rows:
    return [{"unit": "U", "year": YEAR, **values}] if table else []


HOME = _unit("H", "household", "U")
GOOD = {"polls": _of("polls", result="met"), "scores": _of("scores", score="95")}


def _costs() -> Iterator[tuple[str, Question]]:
    """Yield a name, the data, and each change (action, its unit, its cost) that makes U met."""
    for kind, cost in (("enterprise", 6), ("school", 6), ("hospital", 6)):
        data = _data(_unit("U", kind), ledgers=_ledgers("U", "mass_incident"))
        yield f"the ledger of a {kind}", (data, "U", {("ledger", "U", cost)})
    data = _data(_unit("U", "household"), ledgers=_ledgers("U", "gambling"))
    yield "the ledger of a household", (data, "U", {("ledger", "U", 1)})
    for kind, cost in (("building", 4), ("village", 15)):
        data = _data(_unit("U", kind), HOME, ledgers=_ledgers("U", "mass_incident"))
        yield f"the ledger of a {kind}", (data, "U", {("ledger", "U", cost)})
    for kind, cost in (("work_unit", 6), ("township", 60)):
        home = [HOME] if kind == "township" else []
        data = _data(_unit("U", kind), *home, ledgers=_ledgers("U", "mass_incident"), **GOOD)
        yield f"the ledger of a {kind}", (data, "U", {("ledger", "U", cost)})
    building = [_unit("B", "building", "U"), _unit("H", "household", "B")]
    ledgers = [*_ledgers("U", "mass_incident"), {"unit": "B", "item": "*", "year": YEAR}]
    data = _data(_unit("U", "compound"), *building, ledgers=ledgers)
    yield "the ledger of a compound", (data, "U", {("ledger", "U", 6)})
    data = _data(_unit("U", "compound"), HOME, ledgers=_ledgers("U"))
    yield "a declaration", (data, "U", {("declare", "U", 2)})
    for type_, kind, cost in (
        ("neighbour_dispute", "household", 3),
        ("wage_arrears", "enterprise", 20),
        ("arbitrary_charges", "school", 15),
    ):
        data = _data(_unit("U", kind), ledgers=_ledgers("U"), incidents=_happened(type_))
        yield f"settling {type_}", (data, "U", {("settle", "U", cost)})
    data = _data(
        _unit("U", "enterprise"),
        ledgers=_ledgers("U"),
        incidents=_happened("public_security_case"),
    )
    yield "a grade", (data, "U", {("grade", "U", 2)})
    whole = {"ledgers": _ledgers("U")}
    for kind, score, cost in (
        *(("township", s, n) for s, n in (("84.99", 8), ("84", 8), ("83.99", 16), ("80", 40))),
        *(("work_unit", s, n) for s, n in (("89.99", 8), ("89", 8), ("88.99", 16))),
    ):
        home = [HOME] if kind == "township" else []
        tables = {**whole, **GOOD, "scores": _of("scores", score=score)}
        yield f"{score} points", (_data(_unit("U", kind), *home, **tables), "U",
                                  {("score", "U", cost)})  # fmt: skip
    for kind in ("township", "work_unit"):
        home = [HOME] if kind == "township" else []
        for action, table, cost in (("record_score", "scores", 5), ("record_poll", "polls", 5)):
            tables = {**whole, **GOOD, table: []}
            data = _data(_unit("U", kind), *home, **tables)
            yield f"{action} of a {kind}", (data, "U", {(action, "U", cost)})
        tables = {**whole, **GOOD, "polls": _of("polls", rank=3)}
        yield f"the requirement for a {kind}", (_data(_unit("U", kind), *home, **tables), "U",
                                                {("record_requirement", "None", 2)})  # fmt: skip


COSTS: dict[str, Question] = dict(_costs())


def cost_differences(name: str, policy: Policy) -> Iterator[str]:
    """Yield what differs from the changes expected of a question."""
    data, unit, expected = COSTS[name]
    facts: Facts = read_document(data, "data", policy)
    # before the year is over, when a score may still rise
    plans = find_remedy(evaluate(facts, policy, YEAR, as_of=date(YEAR, 12, 30)), unit).plans
    found = {(c.action, str(c.unit), c.cost) for p in plans[:1] for c in p.changes}
    if found != expected:
        yield f"{name}: {sorted(found)}, expected {sorted(expected)}"
