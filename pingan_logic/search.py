"""Finding a unit by its id, its name or a part of its name."""

from __future__ import annotations

import unicodedata

from pingan_logic.errors import Problem, RequestError, nearest, nearest_id
from pingan_logic.model import Facts, Unit

__all__ = ["find_unit", "find_units"]

_SHOWN = 30
_CUT = 80


def find_units(facts: Facts, text: str) -> list[Unit]:
    """Return the unit with this id; else those of this name; else those with all words in it."""
    if text in facts.rows:
        return [facts.units[facts.rows[text]]]
    words = _plain(text).split()
    if not words:
        return []
    whole = "".join(words)
    names = [_plain(name).replace(" ", "") for name in facts.units.column("name")]
    named = [n for n, name in enumerate(names) if name == whole]
    named = named or [n for n, name in enumerate(names) if all(w in name for w in words)]
    return list(facts.units.take(named))


def find_unit(facts: Facts, text: str) -> Unit:
    """Return the one unit that `text` means.

    Raises RequestError with the candidates when it means several, and with the nearest id or name
    when it means none.
    """
    if not isinstance(text, str):
        raise RequestError(
            [Problem("UNIT", "应为编号或名称", "expected an id or a name", str(text))]
        )
    found = find_units(facts, text)
    if len(found) == 1:
        return found[0]
    if found:
        more = ("…",) if len(found) > _SHOWN else ()
        raise RequestError(
            [
                Problem(
                    "UNIT",
                    f"{len(found)}个单位的名称含有“{text[:_CUT]}”，请用编号指定：",
                    f"{len(found)} units have `{text[:_CUT]}` in their name; give the id of one:",
                    choices=(*(f"{u.id} {u.name}" for u in found[:_SHOWN]), *more),
                )
            ]
        )
    by_id = nearest_id(text, facts.rows)
    units = zip(facts.units.column("id"), facts.units.column("name"), strict=True)
    labels: dict[str, str] = {}
    for unit, name in units:
        labels.setdefault(name, f"{unit} {name}")
    labels.pop("", None)
    by_name = None if by_id else nearest(text, labels)
    raise RequestError(
        [
            Problem(
                "UNIT",
                "数据中没有这个编号，也没有名称含有它的单位",
                "the data has no unit with this id or with it in its name",
                text,
                by_id or (labels[by_name] if by_name else None),
            )
        ]
    )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
