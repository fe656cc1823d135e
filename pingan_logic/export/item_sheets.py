"""Sheets to record values in: one for each kind of units, with a column for each item."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from attrs import frozen

from pingan_logic.catalogue import Input, Policy
from pingan_logic.messages.item_sheets import WORDS

__all__ = ["ItemSheet", "accepted", "heading", "item_sheets", "rule_of"]

_SHEET = 31
"""Characters in the name of a sheet."""
_LIST = 255
"""Characters in a list of words to choose from."""


@frozen
class ItemSheet:
    """A sheet with a row for each unit and year; `kinds` are the words for the first column where
    requirements from above are recorded, of a kind."""

    title: str
    items: tuple[Input, ...]
    kinds: tuple[str, ...]


def item_sheets(policy: Policy, lang: str) -> Iterator[ItemSheet]:
    """Yield a sheet for each kind that items are recorded of, and one for requirements."""
    words = WORDS[lang]
    for kind in policy.unit_kinds.values():
        own = tuple(i for i in policy.inputs.values() if kind.id in i.kinds and not i.given)
        if own:
            name = kind.zh if lang == "zh" else kind.id
            yield ItemSheet(words["sheet"].format(kind=name)[:_SHEET], own, ())
    given = tuple(i for i in policy.inputs.values() if i.given)
    if given:
        of = (k for k in policy.unit_kinds.values() if any(k.id in i.kinds for i in given))
        yield ItemSheet(words["given"], given, tuple(k.zh if lang == "zh" else k.id for k in of))


def heading(about: Input, lang: str, day: date) -> str:
    """Return the header of an item: its name, with its unit and range in brackets."""
    name = about.zh if lang == "zh" else about.en
    return name + WORDS[lang]["brackets"].format(said=accepted(about, lang, day))


def accepted(about: Input, lang: str, day: date) -> str:
    """Return what may be written of an item; `day` is an example."""
    words = WORDS[lang]
    if about.words is not None:
        return words["comma"].join(_choices(about, lang))
    if about.type in ("date", "rank"):
        return words[about.type].format(day=day.isoformat())
    return words["range"].join(about.said(about.value(n), lang) for n in (about.least, about.most))


def _choices(about: Input, lang: str) -> list[str]:
    return [zh if lang == "zh" else code for code, (zh, _) in (about.words or {}).items()]


def rule_of(about: Input, lang: str) -> dict[str, Any]:
    """Return the check of the cells of an item, as XlsxWriter takes it; empty for none."""
    low, high = about.value(about.least), about.value(about.most)
    if about.words is not None:
        choices = _choices(about, lang)
        short = len(",".join(choices)) <= _LIST and not any("," in c for c in choices)
        return {"validate": "list", "source": choices} if short else {}
    last: Any = high
    if about.type == "date":
        last = "=TODAY()" if about.until_today else high
        return {"validate": "date", "criteria": "between", "minimum": low, "maximum": last}
    kind = "decimal" if about.places else "integer"
    return {"validate": kind, "criteria": "between", "minimum": low, "maximum": last}
