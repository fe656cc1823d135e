"""What if: two evaluations side by side, and what each interpretation decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import attrs
from attrs import field, frozen

from pingan_logic.catalogue import Policy, Setting
from pingan_logic.errors import InputError, Problem, RequestError, nearest
from pingan_logic.evaluation import evaluate
from pingan_logic.intake import read_document
from pingan_logic.intake.json_document import read_value
from pingan_logic.model import TABLES, Facts
from pingan_logic.order import natural
from pingan_logic.reading import Reading
from pingan_logic.solving.load_policy import load_policy
from pingan_logic.verdicts import Assessment, Status

__all__ = [
    "Comparison",
    "Difference",
    "Flip",
    "SwitchEffect",
    "change_facts",
    "compare",
    "each_switch",
    "read_change",
]


@frozen
class Flip:
    """A unit whose status differs, with the clauses that decide: those that stood against it
    before and no longer do, or that stand against it now. Of a unit that is judged by levels the
    level that it reaches may differ too: `levels` are both, None for none."""

    unit: str
    kind: str
    before: str
    after: str
    clauses: tuple[str, ...]
    levels: tuple[str | None, str | None] | None = None

    @property
    def direction(self) -> tuple[str, str]:
        """From what to what: levels that are reached, or else statuses."""
        old, new = self.levels or (None, None)
        return old or self.before, new or self.after

    def to_dict(self) -> dict[str, Any]:
        """Return the flip as JSON values."""
        levels = dict(zip(("level_before", "level_after"), self.levels or (), strict=False))
        return {
            "unit": self.unit,
            "kind": self.kind,
            "before": self.before,
            "after": self.after,
            **levels,
            "clauses": list(self.clauses),
        }


@frozen
class Difference:
    """A unit of which anything differs: statuses by standards and of clauses, (name, before,
    after) each; None on the side on which the unit is not judged by that standard.

    The clauses are those of standards by which both judge.
    """

    unit: str
    kind: str
    standards: tuple[tuple[str, str | None, str | None], ...]
    clauses: tuple[tuple[str, str, str], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as JSON values."""
        return {
            "unit": self.unit,
            "kind": self.kind,
            "standards": [{"standard": k, "before": b, "after": a} for k, b, a in self.standards],
            "clauses": [{"clause": c, "before": b, "after": a} for c, b, a in self.clauses],
        }


@frozen
class Comparison:
    """Two evaluations: the flips by unit, all that differs of any unit that both judge, and the
    units that only one of them judges."""

    flips: tuple[Flip, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    differences: tuple[Difference, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON values."""
        return {
            "flips": [f.to_dict() for f in self.flips],
            "counts": [
                {"before": b, "after": a, "units": n} for (b, a), n in self.directions().items()
            ],
            "differences": [d.to_dict() for d in self.differences],
            "only_before": list(self.only_before),
            "only_after": list(self.only_after),
        }

    @property
    def beneath(self) -> list[Difference]:
        """What differs of units whose status does not."""
        flipped = {f.unit for f in self.flips}
        return [d for d in self.differences if d.unit not in flipped]

    def directions(self) -> dict[tuple[str, str], int]:
        """Count the flips by direction, as (before, after): statuses first, then levels."""
        count = Counter(f.direction for f in self.flips)
        names = (x for f in self.flips for x in f.direction)
        order = list(dict.fromkeys([*(s.value for s in Status), *names]))
        return {(b, a): count[b, a] for b in order for a in order if count[b, a]}


@frozen
class SwitchEffect:
    """What one other value of a switch would change in this data."""

    switch: str
    value: str
    other: str
    comparison: Comparison
    base: Assessment = field(repr=False, eq=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the effect as JSON values."""
        return {
            "switch": self.switch,
            "value": self.value,
            "other": self.other,
            "units": len(self.comparison.flips),
            **self.comparison.to_dict(),
        }


def compare(before: Assessment, after: Assessment) -> Comparison:
    """Return what differs between two assessments, unit by unit: the status, the status by every
    standard and that of every clause."""
    flips, differences = [], []
    order = list(dict.fromkeys((*before.policy.clauses, *after.policy.clauses)))
    for unit in sorted(set(before) & set(after), key=natural):
        found = _difference(before, after, unit, order)
        if found is None:
            continue
        differences.append(found)
        flip = _flip(before, after, unit, found.kind, order)
        if flip is not None:
            flips.append(flip)
    return Comparison(
        tuple(flips),
        tuple(sorted(set(before) - set(after), key=natural)),
        tuple(sorted(set(after) - set(before), key=natural)),
        tuple(differences),
    )


def _difference(
    before: Assessment, after: Assessment, unit: str, order: list[str]
) -> Difference | None:
    old, new = before.outcome.verdicts[unit], after.outcome.verdicts[unit]
    was, now = _against(before, unit), _against(after, unit)
    if old == new and was == now:
        return None
    standards = tuple(
        (k, old.get(k), new.get(k)) for k in dict.fromkeys((*old, *new)) if old.get(k) != new.get(k)
    )
    both = {
        c
        for a in (before, after)
        for k in old.keys() & new.keys()
        for c in (x.id for x in a.policy.clauses_of(k))
    }
    met = Status.MET.value
    clauses = tuple(
        (c, was.get(c, met), now.get(c, met))
        for c in order
        if c in both and was.get(c) != now.get(c)
    )
    kind = after.units[unit].kind
    return Difference(unit, kind, standards, clauses) if standards or clauses else None


def _against(a: Assessment, unit: str) -> dict[str, str]:
    found = a.outcome.findings.get(unit, {})
    return {c: s for c, (s, _, _) in found.items() if s != Status.MET.value}


def _flip(
    before: Assessment, after: Assessment, unit: str, kind: str, order: Sequence[str]
) -> Flip | None:
    """Return how the verdict of a unit differs, or the level that it reaches."""
    old, new = before.status(unit), after.status(unit)
    levels = before.outcome.at_level.get(unit), after.outcome.at_level.get(unit)
    leveled = any(
        unit in a.outcome.at_level or unit in a.outcome.next_level for a in (before, after)
    )
    if old is new and (not leveled or levels[0] == levels[1]):
        return None
    was, now = old, new
    if leveled and (level := _decided_at(before, after, unit, *levels)) is not None:
        of = {c.id for a in (before, after) for c in a.policy.deciding(level)}
        order = [c for c in order if c in of]
        was = Status(before.outcome.verdicts[unit].get(level, old))
        now = Status(after.outcome.verdicts[unit].get(level, new))
    clauses = tuple(_deciding(before, after, unit, was, now, order))
    return Flip(unit, kind, old.value, new.value, clauses, levels if leveled else None)


def _decided_at(
    before: Assessment, after: Assessment, unit: str, old: str | None, new: str | None
) -> str | None:
    """Return the level by which levels that are reached differ: that which is won or lost."""
    ranked = after.policy.levels.get(after.units[unit].kind, ())
    places = [ranked.index(k) + 1 if k in ranked else 0 for k in (old, new)]
    if places[0] != places[1]:
        return new if places[1] > places[0] else old
    return ranked[0] if ranked else None


def _deciding(
    before: Assessment,
    after: Assessment,
    unit: str,
    old: Status,
    new: Status,
    order: Sequence[str],
) -> Iterator[str]:
    was, now = _against(before, unit), _against(after, unit)
    # towards met: what decided before and is gone; else: what decides now and did not
    worse = {Status.MET: 0, Status.UNDETERMINED: 1, Status.FAILED: 2}
    for clause in order:
        if worse[new] > worse[old]:
            decides = now.get(clause) == new.value and was.get(clause) != new.value
        else:
            decides = was.get(clause) == old.value and now.get(clause) != old.value
        if decides:
            yield clause


def each_switch(
    facts: Facts,
    policy: Policy,
    year: int | None = None,
    as_of: date | None = None,
    done: Callable[[], None] = lambda: None,
) -> Iterator[SwitchEffect]:
    """Evaluate with each other value of each switch and yield what it would change.

    A switch that is a number is tried with the values that the policy names, and one lower (if
    still positive) and one higher. `done` is called after each evaluation.
    """
    base = evaluate(facts, policy, year, as_of=as_of)
    for setting in switch_settings(policy):
        other = policy_with(policy, [setting])
        result = compare(base, evaluate(facts, other, base.year, as_of=as_of))
        done()
        value, another = str(policy.switches[setting.key]), str(setting.values[0])
        yield SwitchEffect(setting.key, value, another, result, base)


def switch_settings(policy: Policy) -> list[Setting]:
    """Return one setting for each other value of each switch, in the order of the policy."""
    found = []
    for name, value in policy.switches.items():
        values: set[int | str] = set(policy.switch_values.get(name, ()))
        if isinstance(value, int):
            numbers = {n for n in values | {value - 1, value + 1} if isinstance(n, int) and n > 0}
            others: list[int | str] = [*sorted(numbers)]
        else:
            others = [*policy.switch_values.get(name, ())]
        found += [Setting("switch", name, (v,)) for v in others if v != value]
    return found


def read_change(path: Path) -> dict[str, Any]:
    """Read a change file: JSON with `add` and `remove` (table to rows) and `set` (settings).

    Raises InputError naming what is wrong in it.
    """
    change = read_value(Reading().file(path), path.name)
    problems = []
    if not isinstance(change, dict):
        problems.append(Problem(path.name, "应为对象", "expected an object"))
        change = {}
    known = ("add", "remove", "set")
    for key, value in change.items():
        if key not in known:
            problems.append(
                Problem(path.name, "不认识的项", "unknown key", str(key), nearest(str(key), known))
            )
        elif key == "set":
            if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
                problems.append(Problem(f"{path.name} set", "应为文字的列表", "expected a list"))
        elif not isinstance(value, dict):
            problems.append(Problem(f"{path.name} {key}", "应为按表列出的行", "expected tables"))
        else:
            problems += _table_problems(path.name, key, value)
    if problems:
        raise InputError(problems)
    return dict(change)


def _table_problems(name: str, key: str, tables: dict[str, Any]) -> Iterator[Problem]:
    for table, rows in tables.items():
        if table not in TABLES:
            yield Problem(
                f"{name} {key}", "没有这张表", "no such table", table, nearest(table, TABLES)
            )
        elif not isinstance(rows, list) or not all(isinstance(r, dict) and r for r in rows):
            yield Problem(f"{name} {key} {table}", "应为行的列表", "expected a list of rows")


def change_facts(facts: Facts, change: dict[str, Any], policy: Policy, name: str) -> Facts:
    """Return the data with rows removed and added as in a change file.

    A row to remove is named by some of its columns and must match; the result is checked like
    any other data. Raises InputError with every problem.
    """
    problems = [
        p for key in ("add", "remove") for p in _table_problems(name, key, change.get(key, {}))
    ]
    if problems:
        raise InputError(problems)
    document: dict[str, list[dict[str, str]]] = {}
    for table, row_type in TABLES.items():
        columns = [f.name for f in attrs.fields(row_type)]
        document[table] = [
            {c: str(value) for c in columns if (value := getattr(row, c)) is not None}
            for row in getattr(facts, table)
        ]
    for table, rows in change.get("remove", {}).items():
        for number, row in enumerate(rows, 1):
            wanted = {str(k): _said(v) for k, v in row.items()}
            kept = [r for r in document[table] if any(r.get(k, "") != v for k, v in wanted.items())]
            if len(kept) == len(document[table]):
                problems.append(
                    Problem(f"{name} remove {table}[{number}]", "没有这样的行", "no such row",
                            ", ".join(f"{k}={v}" for k, v in wanted.items()))
                )  # fmt: skip
            document[table] = kept
    if problems:
        raise InputError(problems)
    for table, rows in change.get("add", {}).items():
        document[table] += rows
    return read_document({t: rows for t, rows in document.items() if rows}, name, policy)


def _said(value: Any) -> str:
    return "[…]" if isinstance(value, (list, dict)) else str(value)


def policy_with(policy: Policy, settings: list[Setting]) -> Policy:
    """Return the policy with some facts replaced, those that were replaced before as well.

    Raises PolicyError when it is unsound so.
    """
    replaced = {(s.predicate, s.key): s for s in (*policy.settings, *settings)}
    return load_policy(policy.folder, tuple(replaced.values()))


def refuse_nothing_to_compare() -> RequestError:
    """Return the error for a what-if without an if."""
    return RequestError(
        [
            Problem(
                "whatif",
                "请给出改变：--set、--change、--policy-b、--facts-b、--year-b 或 --each-switch",
                "name a change: --set, --change, --policy-b, --facts-b, --year-b or --each-switch",
            )
        ]
    )
