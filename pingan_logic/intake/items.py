"""What is recorded of the items that a policy declares: whether it is as their types say."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pingan_logic.catalogue import Input
from pingan_logic.errors import Problem, nearest
from pingan_logic.exact import is_day
from pingan_logic.intake.checking import Checking
from pingan_logic.intake.values import MOMENT, inexact
from pingan_logic.intake.vocabulary import Vocabulary

__all__ = ["check_torn", "check_values", "number_of"]


def check_values(check: Checking) -> None:
    """Add to `check` every problem of the table of values: of which units items are recorded, and
    whether their values are as the policy says."""
    rows = check.facts.values
    cells = zip(*map(rows.column, ("unit", "item", "value")), strict=True)
    for n, (unit, item, value) in enumerate(cells):
        about = check.policy.inputs.get(item)
        if about is None:
            check.reference("values", n, "unit", unit)
            continue
        _recorded(check, about, unit, check.at("values", n, "unit"))
        if not inexact(value):
            _value(check, about, value, check.at("values", n, "value"))
    check.unique("values", "unit", "unit", "item", "year")


def check_torn(check: Checking, cells: dict[str, Any], column: str, place: str) -> None:
    """Check a cell of a row of which others could not be read."""
    about = check.policy.inputs.get(cells.get("item", ""))
    if column == "unit" and about is not None:
        _recorded(check, about, cells["unit"], place)
    elif column == "unit" and check.policy.inputs:
        check.known(place, cells["unit"])
    elif column == "value" and about is not None:
        _value(check, about, cells["value"], place)


def _recorded(check: Checking, about: Input, unit: str, place: str) -> None:
    """Check that an item is one of units like this; of a kind, where it is given from above."""
    known, row = check.policy.unit_kinds, check.rows.get(unit)
    kind = check.kind_of.get(unit, "") if row is None else check.facts.units.column("kind")[row]
    of = [k for k in known if k in about.kinds]
    names = "、".join(known[k].zh for k in of)
    if about.given:
        if unit not in of:
            near = kind if kind in of else nearest(unit, [*of, *(known[k].zh for k in of)])
            zh = f"“{about.zh}”由上级按类别规定，单位一格应填类别：{names}"
            en = f"{about.en} is a requirement for a kind; write the kind: {', '.join(of)}"
            check.problems.append(Problem(place, zh, en, unit, near))
    elif kind in known and kind not in of:
        zh = f"“{about.zh}”只登记在{names}名下，这个单位是{known[kind].zh}"
        en = f"{about.en} is recorded only of units of the kind {' or '.join(of)}; this one is of "
        check.problems.append(Problem(place, zh, f"{en}the kind {kind}", unit))
    else:
        check.known(place, unit)


def _value(check: Checking, about: Input, value: Any, place: str) -> None:
    """Check the value of an item."""
    if said := _unfit(about, value, check.today):
        check.add(place, *said, value)
    elif (words := about.words) is not None and value not in words:
        named = Vocabulary(words)
        zh = f"“{about.zh}”应为 {'、'.join(named.labels)}"
        en = f"{about.en}: expected one of {', '.join(words)}"
        check.problems.append(Problem(place, zh, en, value, named.nearest(value)))


def number_of(about: Input) -> tuple[str, str]:
    """Return what is expected of a number that an item is."""
    if about.type == "percent":
        return (
            f"“{about.zh}”应为百分数，如 95% 或 95.5%，最多两位小数",
            f"{about.en}: expected a percentage such as 95% or 95.5%, at most two decimal places",
        )
    if about.places:
        places = "one decimal place" if about.places == 1 else f"{about.places} decimal places"
        return (
            f"“{about.zh}”应为数字，最多{about.places}位小数",
            f"{about.en}: expected a number with at most {places}",
        )
    return f"“{about.zh}”应为整数", f"{about.en}: expected a whole number"


def _unfit(about: Input, value: Any, today: date) -> tuple[str, str] | None:
    """Return what is expected instead of the value of an item; words are looked at elsewhere."""
    if about.words is not None:
        if isinstance(value, str):
            return None
        return f"“{about.zh}”应为文字", f"{about.en}: expected text"
    if about.type == "date":
        if isinstance(value, datetime):
            return MOMENT
        if not is_day(value):
            return f"“{about.zh}”应为日期", f"{about.en}: expected a date"
        last = int(f"{today:%Y%m%d}") if about.until_today else about.most
        if about.least <= about.number(value) <= last:
            return None
        return _between(about, about.least, last)
    if type(value) not in (int, Decimal) or not _is_of(value, about.places):
        return number_of(about)
    if about.least <= value * 10**about.places <= about.most:
        return None
    return _between(about, about.least, about.most)


def _is_of(value: int | Decimal, places: int) -> bool:
    """Whether a number is one with at most so many decimal places."""
    if type(value) is int:
        return True
    return Decimal(value).is_finite() and value * 10**places % 1 == 0


def _between(about: Input, least: int, most: int) -> tuple[str, str]:
    (first, last), (low, high) = (
        [about.said(about.value(n), lang) for n in (least, most)] for lang in ("zh", "en")
    )
    return (
        f"“{about.zh}”应为{first}～{last}",
        f"{about.en}: expected {low} to {high}",
    )
