"""Checks of records against the policy's vocabulary and against each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import attrs

from pingan_logic.errors import InputError, Problem, nearest
from pingan_logic.intake.register import check_register
from pingan_logic.model import TABLES, Facts
from pingan_logic.policy.catalogue import Policy

__all__ = ["check_facts"]

_MAX_INT = 2**31 - 1
_MIN_YEAR = 1949


@lru_cache(maxsize=1)
def _default_policy() -> Policy:
    from pingan_logic.solving.engine import load_policy

    return load_policy()


def check_facts(
    facts: Facts,
    policy: Policy | None = None,
    *,
    places: dict[str, list[str]] | None = None,
    problems: list[Problem] | None = None,
    today: date | None = None,
) -> Facts:
    """Return `facts` marked as checked against `policy`.

    `places` names the row of every record for messages; `problems` are earlier ones to report
    together. Raises InputError with all problems.
    """
    policy = policy or _default_policy()
    if facts.checked_by == policy and not problems:
        return facts
    check = _Check(facts, policy, places, list(problems or ()), today or date.today())
    check.run()
    if check.problems:
        raise InputError(sorted(check.problems, key=_position))
    return attrs.evolve(facts, checked_by=policy)


def _position(problem: Problem) -> list[tuple[int, str]]:
    """Order problems by file and row, as a person would go through them."""
    return [(int(p or 0), t) for p, t in re.findall(r"(\d*)(\D+|$)", problem.place)]


class _Check:
    def __init__(
        self,
        facts: Facts,
        policy: Policy,
        places: dict[str, list[str]] | None,
        problems: list[Problem],
        today: date,
    ) -> None:
        self.facts, self.policy, self.places = facts, policy, places
        self.problems, self.today = problems, today
        # rows that could not be read must not cause a second message about unknown units
        self.incomplete = any("units" in p.place for p in problems)
        self.kind_of = {u.id: u.kind for u in facts.units}

    def at(self, table: str, number: int, column: str) -> str:
        if self.places is None:
            return f"{table}[{number}] {column}"
        return f"{self.places[table][number]} {column}"

    def add(
        self,
        place: str,
        zh: str,
        en: str,
        found: object = None,
        choices: Iterable[str] | None = None,
    ) -> None:
        text = None if found is None else str(found)
        near = nearest(text, choices) if text is not None and choices is not None else None
        self.problems.append(Problem(place, zh, en, text, near))

    def choice(self, place: str, value: str, choices: Iterable[str]) -> None:
        options = list(choices)
        if value not in options:
            self.add(
                place,
                f"应为 {'、'.join(options)}",
                f"expected one of {', '.join(options)}",
                value,
                options,
            )

    def run(self) -> None:
        for table, cls in TABLES.items():
            named = [(a.name, a.metadata["kind"]) for a in attrs.fields(cls)]
            for number, row in enumerate(getattr(self.facts, table)):
                if not isinstance(row, cls):
                    self.add(
                        f"{table}[{number}]", f"应为 {cls.__name__}", f"expected {cls.__name__}"
                    )
                    continue
                for name, kind in named:
                    self.value(table, number, name, kind, getattr(row, name))
        if self.problems and self.places is None:
            return
        self.units()
        check_register(self)
        self.incidents()
        self.years()

    def value(self, table: str, number: int, name: str, kind: str, value: Any) -> None:
        """Check one value of any record, also of one built in memory."""
        if value is None:
            return
        expected: tuple[str, str] | None = None
        if kind in ("id", "text", "word"):
            if not isinstance(value, str):
                expected = ("应为文字", "expected text")
            elif any(unicodedata.category(c) in _FORBIDDEN for c in value):
                expected = ("不得含控制字符、换行或 NUL", "no control characters, newlines or NUL")
            elif kind == "id" and any(c in "\"'`\\" for c in value):
                expected = ("编号不得含引号或反斜线", "no quotes or backslashes in an id")
            elif kind == "id" and not (value[:1].isalnum() and value == value.strip()):
                expected = ("编号应以字母、数字或汉字开头", "an id starts with a letter or digit")
            elif len(value) > 200:
                expected = ("不得超过 200 个字符", "at most 200 characters")
        elif kind == "year":
            if type(value) is not int or not _MIN_YEAR <= value <= self.today.year:
                expected = (
                    f"年份应在 {_MIN_YEAR} 至 {self.today.year} 之间",
                    f"expected a year from {_MIN_YEAR} to {self.today.year}",
                )
        elif kind == "count":
            if type(value) is not int or not 1 <= value <= _MAX_INT:
                expected = (f"应为 1 至 {_MAX_INT}", f"expected 1 to {_MAX_INT}")
        elif kind == "score":
            if not isinstance(value, Decimal) or not value.is_finite():
                expected = ("应为 Decimal 小数", "expected a Decimal")
            elif not 0 <= value <= 100 or value * 100 != int(value * 100):
                expected = (
                    "应为 0 至 100,最多两位小数",
                    "expected 0 to 100 with at most two decimal places",
                )
        elif type(value) is not date:
            expected = ("应为日期", "expected a date")
        elif not value.year >= _MIN_YEAR or value > self.today:
            expected = (
                f"日期应在 {_MIN_YEAR} 年之后且不晚于今天",
                f"expected a date after {_MIN_YEAR}, not in the future",
            )
        if expected:
            self.add(self.at(table, number, name), *expected, value)

    def reference(self, table: str, number: int, column: str, unit: str) -> None:
        if unit not in self.kind_of and not self.incomplete:
            self.add(
                self.at(table, number, column),
                "units 中没有这个单位",
                "there is no such unit in units",
                unit,
                self.kind_of,
            )

    def unique(self, table: str, column: str, keys: Iterable[Hashable]) -> None:
        seen: dict[Hashable, int] = {}
        for number, key in enumerate(keys):
            if key in seen:
                first = self.at(table, seen[key], "").strip()
                self.add(
                    self.at(table, number, column),
                    f"重复,已见于 {first}",
                    f"duplicate of {first}",
                    key if isinstance(key, str) else " ".join(map(str, key)),  # type: ignore[call-overload]
                )
            else:
                seen[key] = number

    def units(self) -> None:
        kinds = self.policy.kinds
        shares = [c.threshold for c in self.policy.clauses.values() if c.threshold]
        largest = max([100, *map(max, [*shares, *self.policy.targets.values()])])
        if len(self.facts.units) * largest > _MAX_INT:
            self.add(
                "units",
                f"单位数不得超过 {_MAX_INT // largest}",
                f"at most {_MAX_INT // largest} units",
                len(self.facts.units),
            )
        self.unique("units", "id", (u.id for u in self.facts.units))
        for n, u in enumerate(self.facts.units):
            self.choice(self.at("units", n, "kind"), u.kind, kinds)
            if u.affiliation:
                place = self.at("units", n, "affiliation")
                if u.kind in self.policy.affiliable:
                    self.choice(place, u.affiliation, ("county", "township"))
                elif u.kind in kinds:
                    self.add(
                        place,
                        "只有学校和医院填隶属",
                        "only schools and hospitals have an affiliation",
                        u.affiliation,
                    )
            if not u.parent:
                continue
            self.reference("units", n, "parent", u.parent)
            self.container("units", n, "parent", u.kind, u.parent)
        self.cycles()

    def container(self, table: str, number: int, column: str, kind: str, parent: str) -> None:
        """Check that a unit of `kind` may sit in `parent`."""
        kinds = self.policy.kinds
        above = self.kind_of.get(parent)
        allowed = self.policy.may_sit_in.get(kind, frozenset())
        if above in kinds and kind in kinds and above not in allowed:
            options = [k for k in kinds if k in allowed]
            self.add(
                self.at(table, number, column),
                f"{kind} 的上级应为 {'、'.join(options) or '空'}",
                f"the parent of a {kind} must be {', '.join(options) or 'blank'}",
                f"{parent} ({above})",
            )

    def cycles(self) -> None:
        parent = {u.id: u.parent for u in self.facts.units}
        row = {u.id: n for n, u in enumerate(self.facts.units)}
        done: set[str] = set()
        for start in parent:
            path: dict[str, None] = {}
            here: str | None = start
            while here is not None and here in parent and here not in done:
                if here in path:
                    loop = list(path)[list(path).index(here) :]
                    self.add(
                        self.at("units", row[here], "parent"),
                        "上级关系成环",
                        "the containers form a cycle",
                        " -> ".join([*loop, here]),
                    )
                    break
                path[here] = None
                here = parent[here]
            done.update(path)

    def incidents(self) -> None:
        types, grades = self.policy.types, self.policy.grades
        self.unique("incidents", "id", (i.id for i in self.facts.incidents))
        for n, i in enumerate(self.facts.incidents):
            self.reference("incidents", n, "unit", i.unit)
            self.choice(self.at("incidents", n, "type"), i.type, types)
            if i.grade:
                self.choice(self.at("incidents", n, "grade"), i.grade, grades)
            if i.liability:
                self.choice(self.at("incidents", n, "liability"), i.liability, ("yes", "no"))
            if i.responsible_unit:
                self.reference("incidents", n, "responsible_unit", i.responsible_unit)

    def years(self) -> None:
        facts, policy = self.facts, self.policy
        for n, ledger in enumerate(facts.ledgers):
            self.reference("ledgers", n, "unit", ledger.unit)
            self.choice(self.at("ledgers", n, "item"), ledger.item, ("*", *policy.types))
        self.unique("scores", "unit", ((s.unit, s.year) for s in facts.scores))
        for n, score in enumerate(facts.scores):
            self.reference("scores", n, "unit", score.unit)
        self.unique("polls", "unit", ((p.unit, p.year) for p in facts.polls))
        for n, poll in enumerate(facts.polls):
            self.reference("polls", n, "unit", poll.unit)
            if (poll.result is None) == (poll.rank is None):
                self.add(
                    self.at("polls", n, "result"),
                    "result 和 rank 应填且只填一个",
                    "exactly one of result and rank must be given",
                )
            if poll.result is not None:
                self.choice(self.at("polls", n, "result"), poll.result, ("met", "failed"))
        self.unique("requirements", "kind", ((r.kind, r.year) for r in facts.requirements))
        for n, requirement in enumerate(facts.requirements):
            self.choice(self.at("requirements", n, "kind"), requirement.kind, policy.kinds)
        rows = facts.not_applicable
        self.unique("not_applicable", "unit", ((d.unit, d.clause, d.year) for d in rows))
        for n, declared in enumerate(rows):
            self.reference("not_applicable", n, "unit", declared.unit)
            self.choice(
                self.at("not_applicable", n, "clause"),
                declared.clause,
                sorted(policy.may_be_declared),
            )


_FORBIDDEN = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
