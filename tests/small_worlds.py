"""Small worlds whose records can all be filled in, judged many at once; and changed policies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from pingan_logic import Assessment, Facts, Policy, Status, evaluate, load_policy
from tests.policies import copy_policy

__all__ = ["DATED", "YEAR", "Seen", "beside", "changed_policy", "judge"]

YEAR = 2014
DATED: dict[str, Any] = {"as_of": date(YEAR, 6, 30), "at_year_end": True}
"""How a year that is not over is asked about."""


@frozen
class Seen:
    """What the rules say of one of many worlds."""

    result: Assessment
    number: int

    def status(self, unit: str) -> Status:
        """Return the status of a unit."""
        return self.result.status(f"{self.number}~{unit}")

    def fails(self, unit: str, clause: str) -> bool:
        """Whether a clause fails at a unit."""
        found = self.result.outcome.findings.get(f"{self.number}~{unit}", {}).get(clause)
        return found is not None and found[0] == "failed"


def judge(policy: Policy, worlds: Sequence[Facts], **how: Any) -> list[Seen]:
    """Return what the rules say of many worlds, judged side by side."""
    found: dict[int, Seen] = {}
    for together, some in beside(worlds):
        result = evaluate(together, policy, YEAR, **how)
        found.update((n, Seen(result, n)) for n in some)
    return [found[n] for n in range(len(worlds))]


def beside(worlds: Sequence[Facts]) -> Iterator[tuple[Facts, list[int]]]:
    """Put worlds side by side in one: X of world number n is n~X there.

    What is required of a kind is common, so those with other requirements are put apart: yield
    the data of each such group, and the numbers of its worlds.
    """
    groups: dict[Any, list[int]] = defaultdict(list)
    for n, world in enumerate(worlds):
        groups[tuple(sorted((r.kind, r.year, r.max_rank) for r in world.requirements))].append(n)
    for some in groups.values():
        tables: dict[str, list[Any]] = defaultdict(list)
        for n in some:
            for table, rows in _named(worlds[n], f"{n}~").items():
                tables[table] += rows
        tables["requirements"] = list(worlds[some[0]].requirements)
        yield Facts(**tables), some


def _named(world: Facts, prefix: str) -> dict[str, list[Any]]:
    def name(text: str | None) -> str | None:
        return prefix + text if text else None

    held = {
        t: [evolve(r, unit=name(r.unit)) for r in getattr(world, t)]
        for t in ("ledgers", "scores", "polls", "not_applicable")
    }
    return {
        **held,
        "units": [evolve(u, id=name(u.id), parent=name(u.parent)) for u in world.units],
        "incidents": [
            evolve(i, id=name(i.id), unit=name(i.unit), responsible_unit=name(i.responsible_unit))
            for i in world.incidents
        ],
        "changes": [
            evolve(c, unit=name(c.unit), value=c.value if c.change == "renamed" else name(c.value))
            for c in world.changes
        ],
    }


def changed_policy(
    folder: Path, changes: Mapping[str, Sequence[tuple[str, str]]], **more: str
) -> Policy:
    """Return the shipped policy with texts of its files replaced, and files added."""
    shipped = load_policy().folder
    target = folder / shipped.name
    copy_policy(target)
    for name, pairs in changes.items():
        path = target / name
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, (name, old)
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    for name, text in more.items():
        (target / f"{name}.lp").write_text(text, encoding="utf-8")
    return load_policy(target)
