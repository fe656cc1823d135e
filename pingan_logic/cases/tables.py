"""The rows of a case as records: units, ledgers, incidents and what else is written in short."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import Factory, frozen

from pingan_logic.cases.case import Expectation
from pingan_logic.cases.written_case import Room, Trouble
from pingan_logic.catalogue import Policy
from pingan_logic.errors import nearest
from pingan_logic.intake.rows import read_value
from pingan_logic.model import (
    CHANGES,
    Change,
    Incident,
    Ledger,
    NotApplicable,
    Poll,
    Requirement,
    Score,
    Unit,
    Value,
)

__all__ = [
    "Here",
    "changes_of",
    "day_of",
    "declared_of",
    "expectations",
    "incidents_of",
    "ledgers_of",
    "pairs",
    "polls_of",
    "requirements_of",
    "scores_of",
    "units_of",
    "values_of",
    "year_of",
]


STATUS = {"met": "met", "failed": "failed", "undetermined": "undetermined",
          "达标": "met", "未达标": "failed", "待核": "undetermined"}  # fmt: skip


@frozen
class Here:
    """The case that is being read: its year, its units by id, the policy, and the room left."""

    year: int
    policy: Policy
    room: Room
    units: dict[str, Unit] = Factory(dict)


def _bad(zh: str, en: str, found: object) -> Any:
    raise Trouble(f"应为{zh}", f"expected {en}", str(found))


def day_of(text: Any) -> date:
    """Return a day as it is written."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise Trouble("应为日期，如 2014-06-30", "expected a date", str(text)) from None


def year_of(text: Any) -> int:
    """Return a year as it is written."""
    if not re.fullmatch("[1-9][0-9]{3}", str(text)):
        _bad("年份", "a year", text)
    return int(text)


def pairs(value: Any) -> list[tuple[str, Any]]:
    """Return the pairs of a mapping; nothing at all is none."""
    if value is None or value == "":
        return []
    if not isinstance(value, dict):
        _bad("“名称：内容”的各行", "a mapping, `name: content`", value)
    return list(value.items())


def _list(value: Any) -> list[Any]:
    """Return the rows of a list; a single value is one, nothing at all is none."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def _names(text: str, here: Here) -> list[str]:
    """`户1..40` is forty names; anything else is one."""
    spread = re.fullmatch(r"(.*?)([0-9]{1,9})\.\.([0-9]{1,9})", text)
    if spread is None:
        here.room.take(1)
        return [text]
    first, last = int(spread[2]), int(spread[3])
    if last < first:
        raise Trouble("范围应由小到大", "a range must rise", text)
    here.room.take(last - first + 1)
    return [f"{spread[1]}{n}" for n in range(first, last + 1)]


def units_of(value: Any, here: Here) -> list[Unit]:
    """Return the units: `ID: kind [parent or -] [affiliation]`."""
    kinds = here.policy.unit_kinds
    found = []
    for key, text in pairs(value):
        words = str(text).split()
        if not 1 <= len(words) <= 3:
            _bad(" `类别 [所在单位或 -] [隶属]`", "`kind [parent or -] [affiliation]`", text)
        if words[0] not in kinds:
            raise Trouble("没有这个类别", "no such kind", words[0], nearest(words[0], kinds))
        words += [""] * (3 - len(words))
        found += [
            Unit(name, words[0], "", words[1].strip("-") or None, words[2] or None)
            for name in _names(key, here)
        ]
    return found


def _known(name: str, here: Here) -> str:
    if name not in here.units:
        raise Trouble("没有这个单位", "no such unit", name, nearest(name, here.units))
    return name


def _type(name: str, policy: Policy) -> str:
    if name not in policy.types:
        raise Trouble("没有这个事项", "no such item", name, nearest(name, policy.types))
    return name


def ledgers_of(value: Any, here: Here) -> list[Ledger]:
    """`all` (default), `all except T ...` at the topmost units, in every year to which some clause
    looks, or a list of `unit item`."""
    tops = [u.id for u in here.units.values() if u.parent is None]
    looked = (p.years for c in here.policy.clauses.values() for p in c.prohibitions)
    step = here.policy.period.years
    years = range(here.year - max([*looked, step]) + step, here.year + 1, step)
    if value is None or (isinstance(value, str) and value.split()[:1] == ["all"]):
        words = [] if value is None else value.split()[1:]
        if not words:
            return [Ledger(u, "*", y) for u in tops for y in years]
        if words[0] != "except" or len(words) < 2:
            _bad(" all 或 all except 事项", "all or all except ITEM", value)
        left_out = {_type(w, here.policy) for w in words[1:]}
        kept = [t for t in here.policy.types if t not in left_out]
        here.room.take(len(tops) * len(kept) * len(years))
        return [Ledger(u, t, y) for u in tops for t in kept for y in years]
    if value == "none":
        return []
    found: list[Ledger] = []
    for row in _list(value):
        words = str(row).split()
        if len(words) not in (2, 3):
            _bad(" `单位 事项 [年度]`", "`unit item [year]`", row)
        item = "*" if words[1] == "*" else _type(words[1], here.policy)
        when = year_of(words[2]) if len(words) == 3 else here.year
        found += [Ledger(_known(n, here), item, when) for n in _names(words[0], here)]
    return found


def incidents_of(value: Any, here: Here) -> list[Incident]:
    """Rows of `unit type [grade] [yes|no] [date] [-> responsible unit]`."""
    found: list[Incident] = []
    for row in _list(value):
        text, _, responsible = str(row).partition("->")
        words = text.split()
        if len(words) < 2:
            _bad(" `单位 事项 [等级] [yes|no] [日期] [-> 责任单位]`",
                 "`unit type [grade] [yes|no] [date] [-> responsible unit]`", row)  # fmt: skip
        unit, type_ = words[0], _type(words[1], here.policy)
        more: dict[str, Any] = {"date": here.policy.period.day_in(here.year, 6, 1)}
        for word in words[2:]:
            if word in here.policy.grades:
                more["grade"] = word
            elif word in ("yes", "no"):
                more["liability"] = word
            elif re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word):
                more["date"] = day_of(word)
            else:
                choices = [*here.policy.grades, "yes", "no"]
                raise Trouble(
                    "应为等级、yes、no 或日期",
                    "expected a grade, yes, no or a date",
                    word,
                    nearest(word, choices),
                )
        if responsible.strip():
            more["responsible_unit"] = _known(responsible.strip(), here)
        for name in _names(unit, here):
            number = f"事{len(found) + 1}"
            found.append(Incident(number, _known(name, here), type_, **more))
    return found


def scores_of(value: Any, here: Here) -> list[Score]:
    """Return the scores."""
    found = []
    for name, text in pairs(value):
        if not re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", str(text)):
            _bad("得分", "a score", text)
        score = Decimal(str(text))
        found += [Score(_known(n, here), here.year, score) for n in _names(name, here)]
    return found


_RANK = re.compile("[0-9]{1,10}")


def polls_of(value: Any, here: Here) -> list[Poll]:
    """Return the polls: a result or a rank."""
    return [
        Poll(_known(n, here), here.year, rank=int(text))
        if _RANK.fullmatch(str(text))
        else Poll(_known(n, here), here.year, result=str(text))
        for name, text in pairs(value)
        for n in _names(name, here)
    ]


def requirements_of(value: Any, here: Here) -> list[Requirement]:
    """Return the requirements from above."""
    found = []
    for kind, rank in pairs(value):
        if not _RANK.fullmatch(str(rank)):
            _bad("名次", "a rank", rank)
        found.append(Requirement(kind, here.year, int(rank)))
    return found


def values_of(value: Any, here: Here) -> list[Value]:
    """Of each unit, or kind, what is recorded of items: `item: value` or `item year: value`."""
    found = []
    inputs = here.policy.inputs
    for name, said in pairs(value):
        for key, cell in pairs(said):
            item, _, year = key.partition(" ")
            about = inputs.get(item)
            if about is None:
                raise Trouble("没有这个项目", "no such item", item, nearest(item, inputs))
            known, wrong = read_value(about, cell)
            if wrong is not None:
                raise Trouble(wrong.zh, wrong.en, wrong.found or "", wrong.nearest)
            of = year_of(year) if year else here.year
            units = [name] if about.given else [_known(n, here) for n in _names(name, here)]
            found += [Value(unit, item, of, known) for unit in units]
    return found


def declared_of(value: Any, here: Here) -> list[NotApplicable]:
    """Return the clauses declared not applicable."""
    found = []
    for key, reason in pairs(value):
        words = key.split()
        if len(words) != 2:
            _bad(" `单位 条款`", "`unit clause`", key)
        units = [_known(n, here) for n in _names(words[0], here)]
        found += [NotApplicable(u, words[1], here.year, str(reason)) for u in units]
    return found


def changes_of(value: Any, here: Here) -> list[Change]:
    """Rows of `unit date change value`."""
    found = []
    for row in _list(value):
        words = str(row).split()
        if len(words) != 4:
            _bad(" `单位 日期 变更 内容`", "`unit date change value`", row)
        unit, day, what, into = words
        if what not in CHANGES:
            raise Trouble("没有这种变更", "no such change", what, nearest(what, CHANGES))
        if CHANGES[what] == "id":
            _known(into, here)
        found += [Change(_known(n, here), day_of(day), what, into) for n in _names(unit, here)]
    return found


def expectations(key: str, text: Any, here: Here) -> list[Expectation]:
    """Return what is expected of one or several units."""
    policy = here.policy
    unit, _, clause = key.partition(".")
    words = str(text).replace(",", " ").replace(",", " ").replace("、", " ").split()
    if not words or words[0] not in STATUS:
        near = nearest(words[0], STATUS) if words else None
        raise Trouble("应以达标、未达标或待核开头", "expected met, failed or undetermined first",
                       str(text), near)  # fmt: skip
    status, rest = STATUS[words[0]], words[1:]
    names = [_known(n, here) for n in _names(unit, here)]
    if not clause:
        for c in rest:
            if c not in policy.clauses:
                raise Trouble("没有这个条款", "no such clause", c, nearest(c, policy.clauses))
        if bool(rest) == (status == "met"):
            raise Trouble(
                "未达标、待核要写明全部理由（条款），达标不写",
                "failed and undetermined name all their clauses, met names none", str(text),
            )  # fmt: skip
        return [Expectation(n, None, status, tuple(rest)) for n in names]
    known = [*policy.clauses, *(p.id for c in policy.clauses.values() for p in c.prohibitions)]
    if clause not in known:
        raise Trouble("没有这个条款", "no such clause", clause, nearest(clause, known))
    evidence = None
    if "by" in rest:
        at = rest.index("by")
        rest, evidence = rest[:at], tuple(rest[at + 1 :])
    measured = " ".join(rest) or None
    return [Expectation(n, clause, status, None, measured, evidence) for n in names]
