"""Case files (YAML) to cases. Every value is read as text: no tag and no type is resolved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from attrs import evolve

from pingan_logic.cases.case import Case, Expectation
from pingan_logic.cases.tables import (
    Here,
    changes_of,
    day_of,
    declared_of,
    expectations,
    incidents_of,
    ledgers_of,
    pairs,
    polls_of,
    requirements_of,
    scores_of,
    units_of,
    values_of,
    year_of,
)
from pingan_logic.cases.written_case import MOST, Mapped, Room, Trouble
from pingan_logic.catalogue import Policy
from pingan_logic.errors import InputError, Problem, RequestError, nearest, visible
from pingan_logic.intake.validation import check_facts
from pingan_logic.limits import too_large
from pingan_logic.model import (
    TABLES,
    Facts,
)
from pingan_logic.reading import Reading
from pingan_logic.shell import install

__all__ = [
    "load_cases",
]


T = TypeVar("T")

_KEYS = ("name", "year", "as_of", "units", "ledgers", "incidents", "scores", "polls",
         "requirements", "not_applicable", "changes", "values", "expect", "programme",
         "rows")  # fmt: skip


_BYTES = 2**20
"""Bytes of a case file."""


_SOME_YEAR = 2014
"""Stands for a year that could not be read, until its problem is told."""


_TEXT = 2000
"""Characters of one value."""


_DEPTH = 20
"""Levels of lists and mappings inside each other."""


def load_cases(path: Path, policy: Policy) -> list[Case]:
    """Read the case files at `path` (a .yaml file or a folder of them), in order.

    Raises InputError with every problem by file and line, RequestError when there is none.
    """
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path] if path.is_file() else []
    if not files:
        raise RequestError(
            [Problem("PATH", "应为检验用例文件（.yaml）或含有检验用例文件的文件夹",
                     "expected a case file (.yaml) or a folder with case files", str(path))]
        )  # fmt: skip
    problems: list[Problem] = []
    cases: list[Case] = []
    for file in files:
        try:
            room = Room()
            name = visible(file.name)
            for raw in _rows(_parse(file), name, room):
                cases += _case(raw, name, policy, room, problems)
        except InputError as error:
            problems += error.problems
    names: dict[str, Case] = {}
    for case in cases:
        if case.name in names:
            problems.append(
                Problem(
                    f"{case.file}:{case.line}", "检验用例重名", "two cases with one name", case.name
                )
            )
        names[case.name] = case
    if problems:
        raise InputError(problems)
    return cases


def _parse(file: Path) -> list[Mapped]:
    try:
        import yaml
    except ImportError:
        raise RequestError(
            [
                Problem(
                    "test", f"需要另外安装：{install('desk')}", f"needs {install('desk')}", "yaml"
                )
            ]
        ) from None
    data = Reading().file(file)
    if len(data) > _BYTES:
        most = _BYTES // 1024
        raise too_large(file.name, f"检验用例文件超过{most}KiB", f"larger than {most} KiB")
    try:
        root = yaml.compose(data.decode("utf-8-sig"), Loader=yaml.BaseLoader)
    # an escape in a text may name a character that there is not
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{file.name}:{mark.line + 1}" if mark else file.name
        said = getattr(error, "problem", None) or str(error)
        raise InputError([Problem(place, "YAML 写法有误", "not valid YAML", said)]) from None
    problems: list[Problem] = []
    room = MOST

    def value(node: Any, depth: int = 0) -> Any:
        nonlocal room
        place = f"{file.name}:{node.start_mark.line + 1}"
        room -= 1
        if depth > _DEPTH or room < 0:
            if room > -2:
                room = -2
                problems.append(
                    Problem(
                        place,
                        f"嵌套超过{_DEPTH}层，或内容过多：展开后超过{MOST}个值",
                        f"more than {_DEPTH} levels deep, or unfolds to more than {MOST} values",
                    )
                )
            return ""
        if isinstance(node, yaml.ScalarNode):
            plain = node.value.replace("\n", " ")
            if len(plain) > _TEXT or visible(plain) != plain:
                problems.append(
                    Problem(
                        place,
                        f"文字超过{_TEXT}个字符，或含有控制字符、不可见字符",
                        f"text of more than {_TEXT} characters, or with control or invisible ones",
                        node.value,
                    )
                )
                return ""
            return node.value
        if isinstance(node, yaml.SequenceNode):
            return [value(v, depth + 1) for v in node.value]
        result = Mapped()
        result.line = node.start_mark.line + 1
        result.lines = {}
        for key, held in node.value:
            name = str(value(key, depth + 1))
            if name in result:
                at = f"{file.name}:{key.start_mark.line + 1}"
                problems.append(Problem(at, "同一项写了两次", "written twice", name))
            result[name] = value(held, depth + 1)
            result.lines[name] = key.start_mark.line + 1
        return result

    tree = value(root) if root is not None else []
    if not problems and not (isinstance(tree, list) and all(isinstance(c, Mapped) for c in tree)):
        problems.append(Problem(file.name, "应为检验用例的列表", "expected a list of cases"))
    if problems:
        raise InputError(problems)
    return list(tree)


def _size(value: Any) -> int:
    """Count the values in a value."""
    if isinstance(value, dict):
        return 1 + sum(map(_size, value.values()))
    return 1 + sum(map(_size, value)) if isinstance(value, list) else 1


def _rows(cases: list[Mapped], file: str, room: Room) -> Iterator[Mapped]:
    """Unfold tables: one case for each row, its values put in place of {column}."""
    for case in cases:
        rows = case.get("rows")
        if rows is None:
            yield case
            continue
        if not isinstance(rows, list) or not rows or not all(isinstance(r, Mapped) for r in rows):
            raise InputError(
                [Problem(f"{file}:{case.lines['rows']}", "rows 应为若干行，每行写列名和值",
                         "rows must be a list of mappings")]
            )  # fmt: skip
        place = f"{file}:{case.lines['rows']}"
        try:
            room.take(len(rows) * (_size(case) - _size(rows)))
        except Trouble as error:
            raise InputError([Problem(place, error.zh, error.en)]) from None
        for row in rows:
            filled = _fill(case, row, f"{file}:{row.line}")
            filled.line = row.line
            del filled["rows"]
            yield filled


def _fill(value: Any, row: Mapped, place: str) -> Any:
    if isinstance(value, Mapped):
        result = Mapped()
        result.line, result.lines = value.line, {}
        for key, held in value.items():
            name = _fill(key, row, place)
            result[name] = held if key == "rows" else _fill(held, row, place)
            result.lines[name] = value.lines[key]
        return result
    if isinstance(value, list):
        return [_fill(v, row, place) for v in value]
    text = str(value)
    for name in re.findall(r"\{(\w+)\}", text):
        if name not in row:
            raise InputError(
                [Problem(place, "这一行没有该列", "the row lacks this column", name,
                         nearest(name, row))]
            )  # fmt: skip
        text = text.replace("{" + name + "}", str(row[name]))
        if len(text) > _TEXT:
            raise InputError(
                [Problem(place, f"文字超过{_TEXT}个字符", f"text of more than {_TEXT} characters")]
            )
    return text


_TABLES: tuple[tuple[str, Callable[[Any, Here], list[Any]]], ...] = (
    ("units", units_of), ("ledgers", ledgers_of), ("incidents", incidents_of),
    ("scores", scores_of), ("polls", polls_of), ("requirements", requirements_of),
    ("not_applicable", declared_of), ("changes", changes_of), ("values", values_of),
)  # fmt: skip
"""What reads each table of a case; units come first, as the others name them."""


class _Reader:
    """Reads one case, and notes what is wrong with it at its line."""

    def __init__(self, raw: Mapped, file: str, policy: Policy, room: Room) -> None:
        self.raw, self.file, self.policy, self.room = raw, file, policy, room
        self.problems: list[Problem] = []

    def note(self, key: str, error: Trouble) -> None:
        place = f"{self.file}:{self.raw.lines.get(key, self.raw.line)} {key}"
        self.problems.append(Problem(place, error.zh, error.en, error.found, error.near))

    def tried(self, key: str, read: Callable[[], T], otherwise: T) -> T:
        """Return what is read, or note what is wrong with it."""
        try:
            return read()
        except Trouble as error:
            self.note(key, error)
            return otherwise

    def keys(self) -> None:
        """Note keys that are unknown or missing."""
        raw = self.raw
        for key in raw:
            if key not in _KEYS:
                self.note(key, Trouble("不认识的项", "unknown key", key, nearest(key, _KEYS)))
        for key in ("name", "units", "expect"):
            if key not in raw and not (key != "name" and "programme" in raw):
                self.note(key, Trouble(f"缺少 {key}", f"{key} is missing", key))
        if "year" not in raw and self.policy.default_year is None:
            self.note("year", Trouble("缺少 year", "year is missing", "year"))
        if not isinstance(raw.get("name", ""), str):
            self.note("name", Trouble("应为文字", "expected text", "[…]"))

    def tables(self, here: Here) -> dict[str, list[Any]]:
        """Return the records of each table."""
        tables: dict[str, list[Any]] = {name: [] for name in TABLES}
        for table, read in _TABLES:
            tables[table] = self.tried(table, partial(read, self.raw.get(table), here), [])
            if table == "units":
                here.units.update((u.id, u) for u in tables[table])
        return tables

    def expect(self, here: Here) -> list[Expectation]:
        """Return what units are expected to be."""
        found: list[Expectation] = []
        none: list[tuple[str, Any]] = []
        for key, text in self.tried("expect", lambda: pairs(self.raw.get("expect")), none):
            found += self.tried("expect", partial(expectations, key, text, here), [])
        return found

    def programme(self) -> list[tuple[str, str, str]]:
        """Return what the programme is expected to say."""
        found: list[tuple[str, str, str]] = []
        try:
            for kind, wanted in pairs(self.raw.get("programme")):
                found += [(kind, what, str(value)) for what, value in pairs(wanted)]
        except Trouble as error:
            self.note("programme", error)
        return found

    def case(self) -> Case | None:
        """Return the case, or None after noting what is wrong with it."""
        raw, policy = self.raw, self.policy
        self.keys()
        if self.problems:
            return None
        given = policy.default_year or _SOME_YEAR
        year, as_of = given, None
        if "year" in raw:
            year = self.tried("year", lambda: year_of(raw["year"]), given)
        if "as_of" in raw:
            as_of = self.tried("as_of", lambda: day_of(raw["as_of"]), None)
        here = Here(year, policy, self.room)
        tables = self.tables(here)
        expect, programme = self.expect(here), self.programme()
        if self.problems:
            return None
        facts = Facts(**{name: tuple(rows) for name, rows in tables.items()})
        try:
            facts = check_facts(facts, policy)
        except InputError as error:
            places = [f"{self.file}:{raw.line} {p.place}" for p in error.problems]
            self.problems += map(_at, error.problems, places)
            return None
        name = str(raw["name"])
        return Case(name, self.file, raw.line, year, as_of, facts, tuple(expect), tuple(programme))


def _at(problem: Problem, place: str) -> Problem:
    return evolve(problem, place=place)


def _case(
    raw: Mapped, file: str, policy: Policy, room: Room, problems: list[Problem]
) -> list[Case]:
    """Return a case, or none after adding what is wrong with it."""
    reader = _Reader(raw, file, policy, room)
    found = reader.case()
    problems += reader.problems
    return [] if found is None else [found]
