"""Rosters of section 四: what each body has to assess, forward, recognise and award."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from pingan_logic.memory import Once
from pingan_logic.model import Unit
from pingan_logic.order import natural
from pingan_logic.solving.grouping import of_judged
from pingan_logic.verdicts import Assessment, Status

__all__ = ["Roster", "rosters"]


@frozen
class Roster:
    """The units of one kind with which one body deals in one role.

    `body` and `role` are ids of the policy. `office` is the unit whose body it is, such as a
    township; it is None for a body of the whole county, and "" when the data does not say in
    which office's area the units are.
    """

    body: str
    office: str | None
    role: str
    kind: str
    units: tuple[str, ...]

    def to_dict(self, a: Assessment, lang: str = "zh") -> dict[str, Any]:
        """Return the roster as JSON values."""
        return {
            "body": self.body,
            "body_name": a.policy.bodies[self.body][lang == "en"],
            "office": self.office,
            "office_name": a.units[self.office].name if self.office else None,
            "role": self.role,
            "kind": self.kind,
            "count": len(self.units),
            "units": list(self.units),
        }

    def count(self, a: Assessment, status: Status) -> int:
        """Count the units of a status on the roster."""
        return sum(a.outcome.verdicts[u][self.kind] == status.value for u in self.units)


def rosters(a: Assessment) -> list[Roster]:
    """Return every roster that has units, in the order of the policy's bodies, roles and kinds."""
    policy = a.policy
    ids = {names: body for body, names in policy.bodies.items()}
    offices = {kind: _Offices(a, kind) for kind in policy.one_for_each.values()}
    found: dict[tuple[str, str | None, str, str], list[str]] = defaultdict(list)
    verdicts = of_judged(a.outcome.verdicts)

    reached = of_judged(a.outcome.at_level)

    def tasks(stand: str) -> list[tuple[str, str | None, str, str]]:
        """Return who deals in which role with units of these verdicts, by which kind's office."""
        highest = reached.get(stand)
        return [
            (ids[names], policy.one_for_each.get(ids[names]), role, kind)
            for kind, status in verdicts[stand].items()
            for role, names in policy.roles.get(kind, {}).items()
            if status in policy.lists[role]
            and (kind not in policy.level_of or kind == highest or role not in policy.lists_highest)
        ]

    dealt = Once(tasks)

    def enter(alike: tuple[str, str | None]) -> list[Callable[[str], None]]:
        """Return what enters a unit on each of its rosters."""
        stand, place = alike
        return [
            found[body, None if each is None else offices[each].of(place), role, kind].append
            for body, each, role, kind in dealt[stand]
        ]

    # units of the same verdicts in the same container stand on the same rosters
    entering = Once(enter)
    for p in a.placed:
        alike = zip(p.stands, p.ids if p.kind in offices else p.containers, strict=True)
        for unit, each_roster in zip(p.ids, map(entering.__getitem__, alike), strict=True):
            for append in each_roster:
                append(unit)
    bodies, kinds, roles = (list(x) for x in (policy.bodies, policy.kinds, policy.role_names))

    def order(key: tuple[str, str | None, str, str]) -> Any:
        body, office, role, kind = key
        place = (not office, natural(office or ""))
        return bodies.index(body), place, roles.index(role), kinds.index(kind)

    return [Roster(*key, tuple(found[key])) for key in sorted(found, key=order)]


class _Offices:
    """Finds the unit of a kind in whose area a unit is."""

    def __init__(self, a: Assessment, kind: str) -> None:
        self.units: Mapping[str, Unit] = a.units
        ids = a.facts.units.column("id")
        self.known: dict[str, str] = {ids[row]: ids[row] for row in a.facts.ordered.get(kind, ())}

    def of(self, unit: str | None) -> str:
        """Return the id of the office's unit, or "" when the unit is in none."""
        if not unit:
            return ""
        if unit not in self.known:
            self.known[unit] = self.of(self.units[unit].parent)
        return self.known[unit]
