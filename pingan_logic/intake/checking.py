"""What every check of records has: the records, their places, and the problems found."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from datetime import date
from functools import cached_property
from typing import Any

import attrs
from attrs import frozen

from pingan_logic.catalogue import Policy
from pingan_logic.errors import Problem, Problems, alike
from pingan_logic.intake.likely import Likely
from pingan_logic.intake.vocabulary import Vocabulary, column_words
from pingan_logic.model import TABLES, Facts

__all__ = ["Checking", "Place", "Torn"]


Place = Callable[[str, int, str], str]
"""Names the place of a table's record (by its number) and column."""


@frozen
class Torn:
    """A row that gave no record because some cells could not be read, with the others' `values`.

    `at` names the place of its columns.
    """

    table: str
    values: dict[str, Any]
    at: Callable[[str], str]


class Checking:
    """The records that are checked, what can be said of them, and the `problems` found so far."""

    facts: Facts
    policy: Policy
    place: Place | None
    problems: Problems
    torn: Sequence[Torn]
    today: date
    incomplete: bool
    kind_of: dict[Any, Any]
    lost: dict[Any, Any | None]
    likely: Likely
    words: dict[tuple[str, Any], dict[str, tuple[str, str]]]

    def __init__(
        self,
        facts: Facts,
        policy: Policy,
        place: Place | None,
        problems: Problems,
        torn: Sequence[Torn],
        partial: frozenset[str],
        today: date,
    ) -> None:
        self.facts, self.policy, self.place = facts, policy, place
        self.problems, self.torn, self.today = problems, torn, today
        self.told: Set[str] = frozenset()
        self.said: dict[tuple[str, str], Problem] = {}
        # rows that could not be read must not cause a second message about unknown units
        lost = [t.values for t in torn if t.table == "units"]
        self.incomplete = "units" in partial or any("id" not in v for v in lost)
        self.kind_of = {v["id"]: v.get("kind", "") for v in lost if "id" in v}
        self.lost = dict.fromkeys(self.kind_of)
        self.likely = Likely(policy, facts, dict(self.kind_of))
        self.rows: Mapping[str, int] = {}
        self.words = {
            (table, column.name): words
            for table, record in TABLES.items()
            for column in attrs.fields(record)
            if (words := column_words(policy, column)) is not None
        }

    def at(self, table: str, number: int, column: str) -> str:
        if self.place is None:
            return f"{table}[{number}] {column}"
        return self.place(table, number, column)

    def look_up(self) -> None:
        """Note where units stand, and of which kind the containers are."""
        units = self.facts.units
        self.rows, kinds = units.rows, units.column("kind")
        self.kind_of |= {unit: kinds[n] for unit, n in self.containers.items()}

    def add(self, place: str, zh: str, en: str, found: object = None) -> None:
        self.problems.append(Problem(place, zh, en, None if found is None else str(found)))

    @cached_property
    def vocabularies(self) -> dict[tuple[str, str], Vocabulary]:
        """What people write for the words of each column."""
        return Vocabulary.of_tables(self.policy)

    def choice(self, place: str, value: str, column: tuple[str, str]) -> None:
        """Check that `value` is one of a column's words; what is no code is answered in Chinese."""
        options = list(self.words[column])
        if value in options:
            return
        key = ("".join(options), value)
        if key not in self.said:  # the same mistake often stands in every row
            quick = self.problems.full  # looking for a way out of thousands takes long
            named = self.vocabularies[column]
            shown, near = options, None if quick else named.nearest_code(value)
            sure = None if quick else named.only_near(value)
            if not re.fullmatch(r"[A-Za-z_ ]+", value):
                shown, near = named.labels, None if quick else named.nearest(value)
            zh, en = f"应为 {'、'.join(shown)}", f"expected one of {', '.join(options)}"
            if not options:
                zh, en = _NO_WORDS.get(
                    column,
                    ("规则没有可填的词，应留空", "the policy has no words for it; leave it blank"),
                )
            if len(options) > _LISTED:
                zh = f"请从{len(shown)}种中选择，如{'、'.join(shown[:3])}（全部见模板的“词表”）"
                en = f"expected one of {len(options)} words, such as {', '.join(options[:3])} (all "
                en += "are in the sheet words of the template)"
            self.said[key] = Problem("", zh, en, value, near, sure=sure)
        self.problems.append(attrs.evolve(self.said[key], place=place))

    @cached_property
    def pairs(self) -> set[tuple[str, str | None]]:
        """The kinds of units, with the containers in which there are some."""
        units = self.facts.units
        return set(zip(units.column("kind"), units.column("parent"), strict=True))

    @cached_property
    def containers(self) -> dict[str, int]:
        """The rows of the units that are, or become, containers of others."""
        named = {*(parent for _, parent in self.pairs), *self.facts.changes.column("value")}
        rows = sorted(self.rows[unit] for unit in named if unit in self.rows)
        ids = self.facts.units.column("id")
        return {ids[row]: row for row in rows}

    def there(self, unit: str) -> bool:
        """Whether there is such a unit, if only in a row that gave no record."""
        return unit in self.rows or unit in self.lost

    def reference(self, table: str, number: int, column: str, unit: str, inside: str = "") -> None:
        """Check that the unit named in a row is there; one of the kind `inside` is in it."""
        if not self.there(unit):
            self.known(self.at(table, number, column), unit, inside)

    def known(self, place: str, unit: str, inside: str = "") -> None:
        """Check that there is such a unit, unless units are missing; one of the kind `inside` is
        in it."""
        if self.there(unit) or unit in self.told or self.incomplete:
            return
        zh = "“单位”表（units）中没有这个编号，请填表中的编号"
        en = "there is no such unit in units; use an id that stands there"
        kinds = self.policy.unit_kinds
        inside = inside if inside in kinds else ""
        # looking for one takes long
        near = None if self.problems.full else self.likely.unit(str(unit), inside)
        if inside:
            above = [k for k in kinds if k in self.policy.may_sit_in.get(inside, ())]
            if above:
                zh += f"（{kinds[inside].zh}在{'、'.join(kinds[k].zh for k in above)}内）"
                en += f" ({kinds[inside].en} in {' or '.join(kinds[k].en for k in above)})"
        sure = near if near is not None and alike(str(unit), self.rows) == near else None
        self.problems.append(Problem(place, zh, en, str(unit), near, sure=sure))

    def unique(self, table: str, column: str, *names: str) -> None:
        """Check that no two rows of `table` have the same values of the columns `names`."""
        columns = [getattr(self.facts, table).column(name) for name in names or (column,)]
        keys = columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
        if len(set(keys)) == len(keys):
            return
        seen: dict[Hashable, int] = {}
        for number, key in enumerate(keys):
            if key in seen:
                first = self.at(table, seen[key], "").strip()
                self.add(
                    self.at(table, number, column),
                    f"重复，已见于 {first}",
                    f"duplicate of `{first}`",
                    key if isinstance(key, str) else " ".join(map(str, key)),
                )
            else:
                seen[key] = number

    def may_sit_in(self, kind: str, parent: str) -> bool:
        """Whether a unit of `kind` may sit in the unit `parent`, as far as both are known."""
        kinds = self.policy.unit_kinds
        above = self.kind_of.get(parent)
        allowed = self.policy.may_sit_in.get(kind, frozenset())
        return above not in kinds or kind not in kinds or above in allowed

    def container(self, table: str, number: int, column: str, kind: str, parent: str) -> None:
        """Check that a unit of `kind` may sit in `parent`."""
        if not self.may_sit_in(kind, parent):
            kinds, above = self.policy.unit_kinds, self.kind_of[parent]
            options = [k for k in kinds if k in self.policy.may_sit_in.get(kind, frozenset())]
            zh = "、".join(kinds[k].zh for k in options)
            en = ", ".join(kinds[k].en for k in options)
            self.add(
                self.at(table, number, column),
                f"{kinds[kind].zh}的所在单位应为{zh or '空'}，填的是{kinds[above].zh}",
                f"the unit that a {kinds[kind].en} is in must be {en or 'blank'}, and this is a "
                f"{kinds[above].en}",
                parent,
            )


_LISTED = 15
"""Words of which a message lists every one."""


_NO_WORDS = {
    ("values", "item"): (
        "规则没有声明要登记的数值，“数值”表（values）不应有行",
        "the policy declares no items: the table values has no rows",
    )
}
"""What is said of a column for which the policy has no words at all."""


_BLANK = ("不能为空", "must not be blank")
