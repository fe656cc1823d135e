"""The one reader of JSON: files, standard input, change files and bodies of requests alike."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from attrs import Factory, define

from pingan_logic.errors import InputError, Problem, Problems
from pingan_logic.intake.decode import decode

__all__ = ["read_value"]

_DIGITS = 18
"""Digits of a number that is read as a whole one."""
_SHORT = 30
"""Digits of a number that is worth writing out as a suggestion."""
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[][{},:]|[^][{},:"\s]+')


def read_value(data: bytes, file: str, encoding: str | None = None) -> Any:
    """Return a JSON value, numbers exactly as they are written: whole ones as int, longer ones and
    those with decimals as Decimal. `file` names it in messages; `encoding` is as for `decode`.

    Raises InputError when it is no JSON, or naming by place every key that stands twice in one
    object and every number in scientific notation or none at all (NaN).
    """
    text = decode(data, file, encoding)
    wrong = False

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal wrong
        found = dict(items)
        wrong = wrong or len(found) < len(items)
        return found

    def number(literal: str) -> Decimal:
        nonlocal wrong
        if "e" in literal or "E" in literal:
            wrong = True
            return Decimal()
        return Decimal(literal)

    def constant(_: str) -> None:
        nonlocal wrong
        wrong = True

    try:
        value = json.loads(
            text,
            object_pairs_hook=pairs,
            parse_int=_whole,
            parse_float=number,
            parse_constant=constant,
        )
    except RecursionError:
        raise InputError(
            [Problem(file, "JSON 嵌套过深", "the JSON is nested too deeply")]
        ) from None
    except json.JSONDecodeError as error:
        place = f"{file}:{error.lineno}:{error.colno}"
        rest = text[error.pos : error.pos + 20]
        raise InputError(
            [Problem(place, "从这里起不是合法的 JSON", "from here on it is not valid JSON", rest)]
        ) from None
    if wrong:
        problems = Problems(_faults(text, file))
        raise InputError(problems, problems.more)
    return value


def _whole(text: str) -> int | Decimal:
    """Read a whole number; one longer than any we hold is not turned into one, which takes long."""
    return int(text) if len(text) <= _DIGITS else Decimal(text)


@define
class _Open:
    """An object or array that is being read: its keys so far, or how many items came before."""

    keyed: bool
    keys: set[str] = Factory(set)
    key: str | None = None
    items: int = 0

    def step(self) -> str:
        """Return the step of a path that leads to the present value."""
        return f".{self.key}" if self.keyed else f"[{self.items}]"


def _faults(text: str, file: str) -> Iterator[Problem]:
    """Yield what is wrong in a text that is JSON otherwise, by line, column and path."""
    path: list[_Open] = []
    place = _Places(text, file)
    for match in _TOKEN.finditer(text):
        token = match[0]
        here = path[-1] if path else None
        if token in "{[":
            path.append(_Open(token == "{"))
        elif token in "}]":
            path.pop()
        elif token == "," and here is not None:
            here.key, here.items = None, here.items + 1
        elif token[0] == '"' and here is not None and here.keyed and here.key is None:
            key = json.loads(token)
            if key in here.keys:
                yield Problem(
                    place.of(match.start(), path[:-1]),
                    "同一对象中键重复，请只留一个",
                    "a key stands twice in one object; keep one of them",
                    key,
                )
            here.keys.add(key)
            here.key = key
        elif token[0] in "-0123456789NI" and (said := _no_number(token)) is not None:
            yield Problem(place.of(match.start(), path), *said[:2], token, said[2])


def _no_number(token: str) -> tuple[str, str, str | None] | None:
    """Return why a number is not taken, and how to write it, or None."""
    if token.endswith(("NaN", "Infinity")):
        return "不是合法的 JSON（这不是数）", "is not valid JSON: this is no number", None
    if "e" not in token and "E" not in token:
        return None
    plain: str | None = None
    try:
        number = Decimal(token)
        if abs(number.adjusted()) <= _SHORT:
            plain = format(number, "f")
    except InvalidOperation:
        pass
    return (
        "数字不用科学记数法，请写全",
        "a number is written out, not in scientific notation",
        plain,
    )


class _Places:
    """Names places of a text, asked for from the top down."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.line, self.start = 1, 0

    def of(self, at: int, path: list[_Open]) -> str:
        """Return the place of the character `at`, reached through `path`."""
        self.line += self.text.count("\n", self.start, at)
        self.start = max(self.start, self.text.rfind("\n", self.start, at) + 1)
        steps = "".join(o.step() for o in path).removeprefix(".")
        return f"{self.file}:{self.line}:{at - self.start + 1} {steps}".rstrip()
