"""Case files (YAML) to cases. Every value is read as text: no tag and no type is resolved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from pingan_logic.errors import InputError, Problem, RequestError, nearest
from pingan_logic.intake.validation import check_facts
from pingan_logic.model import (
    TABLES,
    Facts,
    Incident,
    Ledger,
    NotApplicable,
    Poll,
    Requirement,
    Score,
    Unit,
)
from pingan_logic.policy.catalogue import Policy

__all__ = ["Case", "Expectation", "load_cases"]

_KEYS = ("name", "year", "as_of", "units", "ledgers", "incidents", "scores", "polls",
         "requirements", "not_applicable", "expect", "programme", "rows")  # fmt: skip
STATUS = {"met": "met", "failed": "failed", "undetermined": "undetermined",
          "达标": "met", "未达标": "failed", "待核": "undetermined"}  # fmt: skip


_MOST = 1_000_000
"""Values a file may hold, aliases unfolded."""


@frozen
class Expectation:
    """What a case expects: of a unit (its status and exactly the clauses that decide it), of a
    clause or an atomic prohibition at a unit (status, measured value, evidence)."""

    unit: str
    clause: str | None
    status: str
    reasons: tuple[str, ...] | None = None
    measured: str | None = None
    evidence: tuple[str, ...] | None = None


@frozen
class Case:
    """A case: its name states the law; `file` and `line` say where it stands.

    `programme` are expectations of section 二 and 四: (kind, what, value), such as
    (village, target, 95/100) or (village, assesses, township_government).
    """

    name: str
    file: str
    line: int
    year: int
    as_of: date | None
    facts: Facts
    expect: tuple[Expectation, ...]
    programme: tuple[tuple[str, str, str], ...] = ()


class _Map(dict[str, Any]):
    """A mapping that knows the line of each of its keys."""

    line = 0
    lines: dict[str, int]


class _Trouble(Exception):
    def __init__(self, zh: str, en: str, found: str, near: str | None = None) -> None:
        super().__init__(zh)
        self.zh, self.en, self.found, self.near = zh, en, found, near


def load_cases(path: Path, policy: Policy) -> list[Case]:
    """Read the case files at `path` (a .yaml file or a folder of them), in order.

    Raises InputError with every problem by file and line, RequestError when there is none.
    """
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path] if path.is_file() else []
    if not files:
        raise RequestError(
            [Problem("PATH", "应为案例文件(.yaml)或含有案例文件的文件夹",
                     "expected a case file (.yaml) or a folder with case files", str(path))]
        )  # fmt: skip
    problems: list[Problem] = []
    cases: list[Case] = []
    for file in files:
        try:
            for raw in _rows(_parse(file), file.name):
                cases += _case(raw, file.name, policy, problems)
        except InputError as error:
            problems += error.problems
    names: dict[str, Case] = {}
    for case in cases:
        if case.name in names:
            problems.append(
                Problem(
                    f"{case.file}:{case.line}", "案例重名", "two cases with one name", case.name
                )
            )
        names[case.name] = case
    if problems:
        raise InputError(problems)
    return cases


def _parse(file: Path) -> list[_Map]:
    try:
        import yaml
    except ImportError:
        raise RequestError(
            [Problem("test", "需要安装 pingan-logic[desk]", "needs pingan-logic[desk]", "yaml")]
        ) from None
    try:
        root = yaml.compose(file.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{file.name}:{mark.line + 1}" if mark else file.name
        said = getattr(error, "problem", None) or str(error)
        raise InputError([Problem(place, "YAML 写法有误", "not valid YAML", said)]) from None
    problems: list[Problem] = []
    room = _MOST

    def value(node: Any, depth: int = 0) -> Any:
        nonlocal room
        place = f"{file.name}:{node.start_mark.line + 1}"
        room -= 1
        if depth > 20 or room < 0:
            if room > -2:
                room = -2
                problems.append(
                    Problem(place, "嵌套过深或内容过多", "nested too deeply or too much")
                )
            return ""
        if isinstance(node, yaml.ScalarNode):
            return node.value
        if isinstance(node, yaml.SequenceNode):
            return [value(v, depth + 1) for v in node.value]
        result = _Map()
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
    if not problems and not (isinstance(tree, list) and all(isinstance(c, _Map) for c in tree)):
        problems.append(Problem(file.name, "应为案例的列表", "expected a list of cases"))
    if problems:
        raise InputError(problems)
    return list(tree)


def _rows(cases: list[_Map], file: str) -> Iterator[_Map]:
    """Unfold tables: one case for each row, its values put in place of {column}."""
    for case in cases:
        rows = case.get("rows")
        if rows is None:
            yield case
            continue
        if not isinstance(rows, list) or not rows or not all(isinstance(r, _Map) for r in rows):
            raise InputError(
                [Problem(f"{file}:{case.lines['rows']}", "rows 应为若干行,每行写列名和值",
                         "rows must be a list of mappings")]
            )  # fmt: skip
        for row in rows:
            filled = _fill(case, row, f"{file}:{row.line}")
            filled.line = row.line
            del filled["rows"]
            yield filled


def _fill(value: Any, row: _Map, place: str) -> Any:
    if isinstance(value, _Map):
        result = _Map()
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
    return text


def _case(raw: _Map, file: str, policy: Policy, problems: list[Problem]) -> list[Case]:
    before = len(problems)

    def note(key: str, error: _Trouble) -> None:
        place = f"{file}:{raw.lines.get(key, raw.line)} {key}"
        problems.append(Problem(place, error.zh, error.en, error.found, error.near))

    for key in raw:
        if key not in _KEYS:
            note(key, _Trouble("不认识的项", "unknown key", key, nearest(key, _KEYS)))
    for key in ("name", "units", "expect"):
        if key not in raw and not (key != "name" and "programme" in raw):
            note(key, _Trouble(f"缺少 {key}", f"{key} is missing", key))
    if len(problems) > before:
        return []
    year = policy.default_year or 0
    parts: dict[str, Any] = {}
    readers: dict[str, Callable[[Any], Any]] = {
        "year": lambda v: int(v) if re.fullmatch(r"\d{4}", str(v)) else _bad("年份", "a year", v),
        "as_of": _day,
    }
    for key, read in readers.items():
        if key in raw:
            try:
                parts[key] = read(raw[key])
            except _Trouble as error:
                note(key, error)
    year = parts.get("year", year)
    tables: dict[str, list[Any]] = {name: [] for name in TABLES}
    table_readers: tuple[tuple[str, Callable[..., list[Any]]], ...] = (
        ("units", _units), ("ledgers", _ledgers), ("incidents", _incidents), ("scores", _scores),
        ("polls", _polls), ("requirements", _requirements), ("not_applicable", _declared),
    )  # fmt: skip
    for table, read_table in table_readers:
        try:
            tables[table] = read_table(raw.get(table), year, tables["units"], policy)
        except _Trouble as error:
            note(table, error)
    expect: list[Expectation] = []
    for key, text in (raw.get("expect") or {}).items():
        try:
            expect += _expect(key, text, tables["units"], policy)
        except _Trouble as error:
            note("expect", error)
    programme = []
    for kind, wanted in (raw.get("programme") or {}).items():
        for what, value in wanted.items():
            programme.append((str(kind), str(what), str(value)))
    if len(problems) > before:
        return []
    facts = Facts(**{name: tuple(rows) for name, rows in tables.items()})
    try:
        facts = check_facts(facts, policy)
    except InputError as error:
        problems += [evolve(p, place=f"{file}:{raw.line} {p.place}") for p in error.problems]
        return []
    return [
        Case(
            str(raw["name"]), file, raw.line, year, parts.get("as_of"), facts, tuple(expect),
            tuple(programme),
        )
    ]  # fmt: skip


def _bad(zh: str, en: str, found: object) -> Any:
    raise _Trouble(f"应为{zh}", f"expected {en}", str(found))


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise _Trouble("应为日期,如 2014-06-30", "expected a date", str(text)) from None


def _names(text: str) -> list[str]:
    """`户1..40` is forty names; anything else is one."""
    spread = re.fullmatch(r"(.*?)(\d+)\.\.(\d+)", text)
    if spread is None:
        return [text]
    first, last = int(spread[2]), int(spread[3])
    if not 0 <= last - first < 100_000:
        raise _Trouble("范围应由小到大", "a range must rise", text)
    return [f"{spread[1]}{n}" for n in range(first, last + 1)]


def _units(value: Any, year: int, units: list[Unit], policy: Policy) -> list[Unit]:
    del year, units
    found = []
    for key, text in (value or {}).items():
        words = str(text).split()
        if not 1 <= len(words) <= 3:
            _bad(" `类别 [上级或 -] [隶属]`", "`kind [parent or -] [affiliation]`", text)
        if words[0] not in policy.kinds:
            raise _Trouble(
                "没有这个类别", "no such kind", words[0], nearest(words[0], policy.kinds)
            )
        words += [""] * (3 - len(words))
        found += [
            Unit(name, words[0], "", words[1].strip("-") or None, words[2] or None)
            for name in _names(key)
        ]
    return found


def _known(name: str, units: list[Unit]) -> str:
    ids = [u.id for u in units]
    if name not in ids:
        raise _Trouble("没有这个单位", "no such unit", name, nearest(name, ids))
    return name


def _type(name: str, policy: Policy) -> str:
    if name not in policy.types:
        raise _Trouble("没有这个事项", "no such item", name, nearest(name, policy.types))
    return name


def _ledgers(value: Any, year: int, units: list[Unit], policy: Policy) -> list[Ledger]:
    """`all` (default), `all except T ...` at the topmost units, or a list of `unit item`."""
    tops = [u.id for u in units if u.parent is None]
    if value is None or (isinstance(value, str) and value.split()[:1] == ["all"]):
        words = [] if value is None else value.split()[1:]
        if not words:
            return [Ledger(u, "*", year) for u in tops]
        if words[0] != "except" or len(words) < 2:
            _bad(" all 或 all except 事项", "all or all except ITEM", value)
        left_out = {_type(w, policy) for w in words[1:]}
        return [Ledger(u, t, year) for u in tops for t in policy.types if t not in left_out]
    if value == "none":
        return []
    found: list[Ledger] = []
    for row in value if isinstance(value, list) else [value]:
        words = str(row).split()
        if len(words) not in (2, 3):
            _bad(" `单位 事项 [年度]`", "`unit item [year]`", row)
        item = "*" if words[1] == "*" else _type(words[1], policy)
        when = int(words[2]) if len(words) == 3 and words[2].isdigit() else year
        found += [Ledger(_known(n, units), item, when) for n in _names(words[0])]
    return found


def _incidents(value: Any, year: int, units: list[Unit], policy: Policy) -> list[Incident]:
    """Rows of `unit type [grade] [yes|no] [date] [-> responsible unit]`."""
    found: list[Incident] = []
    for row in value or []:
        text, _, responsible = str(row).partition("->")
        words = text.split()
        if len(words) < 2:
            _bad(" `单位 事项 [等级] [yes|no] [日期] [-> 责任单位]`",
                 "`unit type [grade] [yes|no] [date] [-> responsible unit]`", row)  # fmt: skip
        unit, type_ = words[0], _type(words[1], policy)
        more: dict[str, Any] = {"date": date(year, 6, 1)}
        for word in words[2:]:
            if word in policy.grades:
                more["grade"] = word
            elif word in ("yes", "no"):
                more["liability"] = word
            elif re.fullmatch(r"\d{4}-\d\d-\d\d", word):
                more["date"] = _day(word)
            else:
                choices = [*policy.grades, "yes", "no"]
                raise _Trouble(
                    "应为等级、yes、no 或日期",
                    "expected a grade, yes, no or a date",
                    word,
                    nearest(word, choices),
                )
        if responsible.strip():
            more["responsible_unit"] = _known(responsible.strip(), units)
        for name in _names(unit):
            number = f"事{len(found) + 1}"
            found.append(Incident(number, _known(name, units), type_, **more))
    return found


def _scores(value: Any, year: int, units: list[Unit], policy: Policy) -> list[Score]:
    del policy
    found = []
    for name, text in (value or {}).items():
        try:
            found.append(Score(_known(name, units), year, Decimal(str(text))))
        except InvalidOperation:
            _bad("得分", "a score", text)
    return found


def _polls(value: Any, year: int, units: list[Unit], policy: Policy) -> list[Poll]:
    del policy
    return [
        Poll(_known(name, units), year, rank=int(text))
        if str(text).isdigit()
        else Poll(_known(name, units), year, result=str(text))
        for name, text in (value or {}).items()
    ]


def _requirements(value: Any, year: int, units: list[Unit], policy: Policy) -> list[Requirement]:
    del units, policy
    return [
        Requirement(kind, year, int(rank) if str(rank).isdigit() else _bad("名次", "a rank", rank))
        for kind, rank in (value or {}).items()
    ]


def _declared(value: Any, year: int, units: list[Unit], policy: Policy) -> list[NotApplicable]:
    del policy
    found = []
    for key, reason in (value or {}).items():
        words = str(key).split()
        if len(words) != 2:
            _bad(" `单位 条款`", "`unit clause`", key)
        found.append(NotApplicable(_known(words[0], units), words[1], year, str(reason)))
    return found


def _expect(key: str, text: Any, units: list[Unit], policy: Policy) -> list[Expectation]:
    unit, _, clause = key.partition(".")
    words = str(text).replace(",", " ").replace(",", " ").replace("、", " ").split()
    if not words or words[0] not in STATUS:
        near = nearest(words[0], STATUS) if words else None
        raise _Trouble("应以达标、未达标或待核开头", "expected met, failed or undetermined first",
                       str(text), near)  # fmt: skip
    status, rest = STATUS[words[0]], words[1:]
    names = [_known(n, units) for n in _names(unit)]
    if not clause:
        for c in rest:
            if c not in policy.clauses:
                raise _Trouble("没有这个条款", "no such clause", c, nearest(c, policy.clauses))
        if bool(rest) == (status == "met"):
            raise _Trouble(
                "未达标、待核要写明全部理由(条款),达标不写",
                "failed and undetermined name all their clauses, met names none", str(text),
            )  # fmt: skip
        return [Expectation(n, None, status, tuple(rest)) for n in names]
    known = [*policy.clauses, *(p.id for c in policy.clauses.values() for p in c.prohibitions)]
    if clause not in known:
        raise _Trouble("没有这个条款", "no such clause", clause, nearest(clause, known))
    evidence = None
    if "by" in rest:
        at = rest.index("by")
        rest, evidence = rest[:at], tuple(rest[at + 1 :])
    measured = " ".join(rest) or None
    return [Expectation(n, clause, status, None, measured, evidence) for n in names]
