"""Counties, ledgers and incidents that questions about remedies are put to."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

from pingan_logic.catalogue import Policy, Setting
from pingan_logic.evaluation import evaluate
from pingan_logic.intake import load_facts, read_document
from pingan_logic.model import Facts, Incident, Ledger, Unit
from pingan_logic.rules.find import data_folder
from pingan_logic.solving.load_policy import load_policy
from pingan_logic.verdicts import Status
from tests.worlds import TYPES, random_county

__all__ = [
    "POLICY", "SAMPLE", "YEAR", "facts_of", "hopeless", "ledgers", "seeds", "some_county", "status",
    "with_setting",
]  # fmt: skip

POLICY = load_policy()
SAMPLE = load_facts(data_folder("facts") / "sample-county", POLICY)
YEAR = 2014
seeds = st.integers(0, 10**9)


def facts_of(**tables: Any) -> Facts:
    return Facts(**{name: tuple(rows) for name, rows in tables.items()})


def status(facts: Facts, unit: str) -> Status:
    return evaluate(facts, POLICY, YEAR).status(unit)


def some_county(seed: int) -> Facts:
    """A random county in which most ledgers are complete and households quarrel a lot."""
    rng = random.Random(seed)
    data = random_county(rng)
    households = [u["id"] for u in data["units"] if u["kind"] == "household"]
    for n, unit in enumerate(rng.sample(households, min(len(households), rng.randint(0, 4)))):
        data["incidents"].append(
            {"id": f"纠{n}", "unit": unit, "type": "neighbour_dispute", "date": f"{YEAR}-05-05"}
        )
    if rng.random() < 0.7:
        top = next(u["id"] for u in data["units"] if u["kind"] == "county")
        left_out = rng.sample(TYPES, rng.randint(0, 2))
        data["ledgers"] = [
            {"unit": top, "item": t, "year": str(YEAR)} for t in TYPES if t not in left_out
        ]
    filled = {
        t: [{k: v for k, v in r.items() if v != ""} for r in rows] for t, rows in data.items()
    }
    return read_document(filled, "county", POLICY)


def ledgers(top: str, homes: Iterable[Unit], lacking: Mapping[str, str]) -> list[Ledger]:
    """Every ledger is kept by `top`, but those of domestic_violence (d) and pornography (p) by each
    of the homes that does not lack them."""
    items = {"d": "domestic_violence", "p": "pornography"}
    whole = [Ledger(top, t, YEAR) for t in TYPES if t not in items.values()]
    return whole + [
        Ledger(u.id, t, YEAR) for u in homes for k, t in items.items()
        if k not in lacking.get(u.id, "")
    ]  # fmt: skip


def hopeless(*units: str) -> list[Incident]:
    """Incidents that nothing can undo."""
    return [Incident(f"X{u}", u, "other_offence", date(YEAR, 3, 3)) for u in units]


def with_setting(predicate: str, key: str, *values: int | str) -> Policy:
    return load_policy(POLICY.folder, (Setting(predicate, key, values),))
