"""The units as they stand on the day of judgement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from attrs import evolve

from pingan_logic.model import Facts, Unit
from pingan_logic.order import natural
from pingan_logic.solving.outcome import Outcome
from pingan_logic.table import ById

__all__ = ["Children", "Register"]


class Register(ById[Unit]):
    """The units under the names and in the containers of the day of judgement."""

    outcome: Outcome

    def __init__(self, facts: Facts, outcome: Outcome) -> None:
        super().__init__(facts.units)
        self.outcome = outcome

    def make(self, row: int) -> Unit:
        unit, outcome = self.table[row], self.outcome
        if unit.id in outcome.relocated:
            unit = evolve(unit, parent=outcome.relocated[unit.id])
        if unit.id in outcome.named:
            unit = evolve(unit, name=outcome.named[unit.id])
        return unit


class Children(Mapping[str, list[str]]):
    """The units in each container on the day of judgement, in the order of the data."""

    facts: Facts
    outcome: Outcome
    containers: set[str]

    def __init__(self, facts: Facts, outcome: Outcome) -> None:
        self.facts, self.outcome = facts, outcome
        self.found: dict[str, list[str]] = {}
        self.come: dict[str, list[int]] = defaultdict(list)
        for unit, container in outcome.relocated.items():
            if container:
                self.come[container].append(facts.rows[unit])
        # not from `contents`: a household asked for alone needs no list of all that is in others
        self.containers = facts.containers.union(self.come)

    def __getitem__(self, container: str) -> list[str]:
        if container not in self.found:
            if container not in self.containers:
                raise KeyError(container)
            ids, outcome = self.facts.units.column("id"), self.outcome
            rows = self.facts.contents.get(container, [])
            if outcome.relocated:
                stayed = [n for n in rows if ids[n] not in outcome.relocated]
                rows = sorted([*stayed, *self.come.get(container, ())])
            units = [ids[n] for n in rows]
            if outcome.absent:
                units = [u for u in units if u not in outcome.absent]
            self.found[container] = units
        return self.found[container]

    def inside(self, unit: str) -> list[str]:
        """Return the units that `unit` contains, each before those inside it."""
        containers = self.containers
        found = list(self[unit]) if unit in containers else []
        for here in found:  # while it grows
            if here in containers:
                found += self[here]
        return found

    def __contains__(self, container: object) -> bool:
        return container in self.containers

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.containers, key=natural))

    def __len__(self) -> int:
        return len(self.containers)
