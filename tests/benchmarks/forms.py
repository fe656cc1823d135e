"""How long clauses of each form take as units grow: values, rates of incidents, points, levels.

Run `python -m tests.benchmarks.forms [N ...]`: prints, for each form and number of units, the CPU
seconds of one judgement and how many units were judged for all. Every item is recorded of most
units and something happened at every other one; ten times the units should take ten times as long.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pingan_logic import Facts, evaluate, load_policy
from pingan_logic.model import Incident, Ledger, Unit, Value
from tests import best, levels, measures, periods, points, rates

SIZES, YEAR = (2_000, 20_000, 200_000), 2020
FORMS = {
    "measures": (measures, "market"),
    "rates": (rates, "village"),
    "points": (points, "market"),
    "levels": (levels, "shop"),
    "best": (best, "market"),
    "periods": (periods, "village"),
}
TYPES = ("gambling", "public_security_case", "criminal_case")
GRADES = (None, "minor", "large")


def facts_of(kind: str, items: dict[str, tuple[int, int]], number: int) -> Facts:
    """Return the data of so many units, with values from the ranges of the items."""

    def happened() -> Iterator[Incident]:
        for n in range(0, number, 2):
            day = date(YEAR, 1 + n % 12, 1 + n % 28)
            yield Incident(f"I{n}", f"U{n}", TYPES[n // 2 % 3], day, GRADES[n // 2 % 3])

    values = [
        Value(f"U{n}", item, YEAR, least + n % (most - least + 1))
        for at, (item, (least, most)) in enumerate(items.items())
        for n in range(number)
        if n % (7 + at)
    ]
    return Facts(
        units=[Unit(f"U{n}", kind) for n in range(number)],
        incidents=list(happened()),
        values=values,
        ledgers=[Ledger(f"U{n}", "*", YEAR) for n in range(number) if n % 5],
    )


def main() -> None:
    """Measure each form at each size."""
    sizes = [int(n) for n in sys.argv[1:]] or SIZES
    for name, (made, kind) in FORMS.items():
        policy = load_policy(made.folder(Path(tempfile.mkdtemp())))
        known = policy.inputs.values()
        items = {i.id: (i.least, i.most) for i in known if i.type == "whole" and not i.given}
        for number in sizes:
            facts = facts_of(kind, items, number)
            start = time.process_time()
            result = evaluate(facts, policy, YEAR)
            judged, took = len(result.outcome.groups.sizes), time.process_time() - start
            print(f"{name} {number}: {took:.2f} s, {judged} judged")


if __name__ == "__main__":
    main()
