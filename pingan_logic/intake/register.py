"""Checks of the dated register: openings, closings, the changes of units, and what happened at
units that did not exist."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import partial

from pingan_logic.intake.checking import Checking
from pingan_logic.intake.lives import Lives, is_dated
from pingan_logic.model import CHANGES, Change, Unit

__all__ = ["check_register"]


def check_register(check: Checking) -> None:
    """Add to `check` every problem of the dates of units, of the table of changes, and of incidents
    on days on which their units do not exist."""
    if is_dated(check.facts):
        register = _Register(check)
        register.units()
        register.changes()
        register.incidents()


class _Register:
    def __init__(self, check: Checking) -> None:
        self.check = check
        self.lives = Lives(check.facts)
        self.by_id, self.merged = self.lives.by_id, self.lives.merged
        self.rows = list(enumerate(check.facts.changes))
        self.homes: dict[str, list[str]] = defaultdict(list)
        for _, row in self.rows:
            if row.change == "moved":
                self.homes[row.unit].append(row.value)

    def units(self) -> None:
        """Check the dates of each unit against each other and against its first container."""
        units = self.check.facts.units
        dates = zip(units.column("opened"), units.column("closed"), strict=True)
        for n in [n for n, (opened, closed) in enumerate(dates) if opened or closed]:
            u = units[n]
            if u.opened and u.closed and u.closed <= u.opened:
                self.check.add(
                    self.check.at("units", n, "closed"),
                    f"应晚于设立日期{u.opened}",
                    f"expected a date after the opening on {u.opened}",
                    u.closed,
                )
            above = self.by_id.get(u.parent or "")
            if u.opened and above is not None and not self.stands(above, u.opened):
                self.check.add(
                    self.check.at("units", n, "opened"),
                    f"该日首次登记的所在单位 {above.id} 不存在（尚未设立、已撤销或已并入）",
                    f"its first container {above.id} does not exist on that day",
                    u.opened,
                )

    def stands(self, unit: Unit, day: date) -> bool:
        """Whether the unit exists on `day`."""
        if unit.opened and unit.opened > day:
            return False
        end = self.lives.end(unit)
        return end is None or end > day

    def changes(self) -> None:
        """Check every row of changes."""
        self.check.unique("changes", "unit", "unit", "change", "date")
        for n, row in self.rows:
            self.check.reference("changes", n, "unit", row.unit)
            unit = self.by_id.get(row.unit)
            if unit is None or row.change not in CHANGES:
                continue
            self.in_time(n, row, unit)
            if CHANGES[row.change] == "id":
                self.other(n, row, unit)

    def in_time(self, n: int, row: Change, unit: Unit) -> None:
        """Check that the unit exists when it changes, and merges once."""
        place = self.check.at("changes", n, "date")
        merged = self.merged.get(row.unit)
        if row.change == "merged_into":
            if merged != row.date:
                self.check.add(place, "一个单位只能并入一次", "a unit merges only once", row.date)
            if unit.closed:
                self.check.add(
                    place,
                    "并入的单位在“单位”表（units）中不填撤销日期（closed）",
                    "a merged unit has no closing date in units",
                    unit.closed,
                )
            elif unit.opened and row.date <= unit.opened:
                self.absent(place, unit, row.date)
        elif not self.stands(unit, row.date):
            self.absent(place, unit, row.date)

    def other(self, n: int, row: Change, unit: Unit) -> None:
        """Check the unit that the change names: known, of a fitting kind, existing that day."""
        check = self.check
        inside = unit.kind if row.change == "moved" else ""
        check.reference("changes", n, "value", row.value, inside)
        other = self.by_id.get(row.value)
        if other is None:
            return
        place = check.at("changes", n, "value")
        if row.change == "moved":
            check.container("changes", n, "value", unit.kind, other.id)
            if row.unit in self.above(other.id):
                check.add(place, "所在单位的关系成环", "the containers form a cycle", row.value)
        elif other.kind != unit.kind and {other.kind, unit.kind} <= check.policy.unit_kinds.keys():
            one, two = (check.policy.kinds[u.kind] for u in (unit, other))
            check.add(
                place,
                f"应并入同类单位（{one.zh}），填的是{two.zh}",
                f"expected a unit of the same kind ({one.en}), and this is a {two.en}",
                other.id,
            )
        if not self.stands(other, row.date):
            self.absent(place, other, row.date)

    def incidents(self) -> None:
        """Check that the unit of each incident, and the one responsible, existed on its day."""
        incidents = self.check.facts.incidents
        days = incidents.column("date")
        for column in ("unit", "responsible_unit"):
            for n, (unit, day) in enumerate(zip(incidents.column(column), days, strict=True)):
                self.existed(partial(self.check.at, "incidents", n), column, unit, day)
        for row in self.check.torn:
            if row.table == "incidents" and "date" in row.values:
                for column in ("unit", "responsible_unit"):
                    self.existed(row.at, column, row.values.get(column), row.values["date"])

    def existed(self, at: Callable[[str], str], column: str, unit: str | None, day: date) -> None:
        """Check that a unit that an incident names in a column existed on its day."""
        if unit is None or unit not in self.by_id:
            return
        told = "date" if column == "unit" else column
        opening = self.lives.opening(unit)
        if opening is not None and day < opening[0]:
            first, by = opening
            zh = "" if by == unit else f"随所在单位“{by}”"
            en = "" if by == unit else f" with its container {by}"
            self.check.add(
                at(told),
                f"单位“{unit}”{zh}于{first}设立，此前没有它的案事件；请核对日期和单位",
                f"{unit} opened{en} on {first}, so nothing happened there before; "
                "correct the date or the unit",
                day,
            )
            return
        closed, merged = self.by_id[unit].closed, self.merged.get(unit)
        if merged is not None and day >= merged:
            heir = self.lives.successors[unit]
            self.check.add(
                at(told),
                f"单位“{unit}”已于{merged}并入“{heir}”，其后的案事件应填“{heir}”",
                f"{unit} merged into {heir} on {merged}; what happened since is recorded at {heir}",
                day,
            )
        elif closed is not None and day >= closed:
            self.check.add(
                at(told),
                f"单位“{unit}”已于{closed}撤销，其后没有它的案事件；请核对日期和单位",
                f"{unit} closed on {closed}, so nothing happened there since; "
                "correct the date or the unit",
                day,
            )

    def absent(self, place: str, unit: Unit, day: date) -> None:
        self.check.add(
            place,
            f"{unit.id}在{day}不存在（尚未设立、已撤销或已并入）",
            f"{unit.id} does not exist on {day} (not opened, closed or merged)",
            unit.id,
        )

    def above(self, unit: str) -> set[str]:
        """Return the unit and all that ever contained it."""
        found: set[str] = set()
        waiting = [unit]
        while waiting:
            here = waiting.pop()
            if here not in found and here in self.by_id:
                found.add(here)
                waiting += self.homes[here]
                waiting += [p for p in (self.by_id[here].parent,) if p]
        return found
