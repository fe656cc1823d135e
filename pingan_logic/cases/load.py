"""Case files (YAML) to cases. Every value is read as text: no tag and no type is resolved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import Factory, define, evolve, frozen

from pingan_logic.catalogue import Policy
from pingan_logic.errors import InputError, Problem, RequestError, nearest, visible
from pingan_logic.intake.rows import read_value
from pingan_logic.intake.validation import check_facts
from pingan_logic.limits import too_large
from pingan_logic.model import (
    CHANGES,
    TABLES,
    Change,
    Facts,
    Incident,
    Ledger,
    NotApplicable,
    Poll,
    Requirement,
    Score,
    Unit,
    Value,
)
from pingan_logic.reading import Reading
from pingan_logic.shell import install

__all__ = ["Case", "Expectation", "load_cases"]

_KEYS = ("name", "year", "as_of", "units", "ledgers", "incidents", "scores", "polls",
         "requirements", "not_applicable", "changes", "values", "expect", "programme",
         "rows")  # fmt: skip
STATUS = {"met": "met", "failed": "failed", "undetermined": "undetermined",
          "达标": "met", "未达标": "failed", "待核": "undetermined"}  # fmt: skip


_BYTES = 2**20
"""Bytes of a case file."""
_MOST = 200_000
"""Values a file may hold, with aliases, rows and ranges of names unfolded."""
_SOME_YEAR = 2014
"""Stands for a year that could not be read, until its problem is told."""
_TEXT = 2000
"""Characters of one value."""
_DEPTH = 20
"""Levels of lists and mappings inside each other."""


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


@define
class _Room:
    """What the file may still unfold to."""

    left: int = _MOST

    def take(self, values: int) -> None:
        """Take room for so many values. Raises _Trouble when there is not as much."""
        self.left -= values
        if self.left < 0:
            raise _Trouble(
                f"展开后超过{_MOST}个值", f"unfolds to more than {_MOST} values", str(values)
            )


@frozen
class _Here:
    """The case that is being read: its year, its units by id, the policy, and the room left."""

    year: int
    policy: Policy
    room: _Room
    units: dict[str, Unit] = Factory(dict)


class _Trouble(Exception):
    def __init__(self, zh: str, en: str, found: str, near: str | None = None) -> None:
        super().__init__(zh, en, found, near)
        self.zh, self.en, self.found, self.near = zh, en, found, near


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
            room = _Room()
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


def _parse(file: Path) -> list[_Map]:
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
    room = _MOST

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
                        f"嵌套超过{_DEPTH}层，或内容过多：展开后超过{_MOST}个值",
                        f"more than {_DEPTH} levels deep, or unfolds to more than {_MOST} values",
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
        problems.append(Problem(file.name, "应为检验用例的列表", "expected a list of cases"))
    if problems:
        raise InputError(problems)
    return list(tree)


def _size(value: Any) -> int:
    """Count the values in a value."""
    if isinstance(value, dict):
        return 1 + sum(map(_size, value.values()))
    return 1 + sum(map(_size, value)) if isinstance(value, list) else 1


def _rows(cases: list[_Map], file: str, room: _Room) -> Iterator[_Map]:
    """Unfold tables: one case for each row, its values put in place of {column}."""
    for case in cases:
        rows = case.get("rows")
        if rows is None:
            yield case
            continue
        if not isinstance(rows, list) or not rows or not all(isinstance(r, _Map) for r in rows):
            raise InputError(
                [Problem(f"{file}:{case.lines['rows']}", "rows 应为若干行，每行写列名和值",
                         "rows must be a list of mappings")]
            )  # fmt: skip
        place = f"{file}:{case.lines['rows']}"
        try:
            room.take(len(rows) * (_size(case) - _size(rows)))
        except _Trouble as error:
            raise InputError([Problem(place, error.zh, error.en)]) from None
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
        if len(text) > _TEXT:
            raise InputError(
                [Problem(place, f"文字超过{_TEXT}个字符", f"text of more than {_TEXT} characters")]
            )
    return text


def _case(raw: _Map, file: str, policy: Policy, room: _Room, problems: list[Problem]) -> list[Case]:
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
    if "year" not in raw and policy.default_year is None:
        note("year", _Trouble("缺少 year", "year is missing", "year"))
    if not isinstance(raw.get("name", ""), str):
        note("name", _Trouble("应为文字", "expected text", "[…]"))
    if len(problems) > before:
        return []
    parts: dict[str, Any] = {}
    readers: dict[str, Callable[[Any], Any]] = {
        "year": _year,
        "as_of": _day,
    }
    for key, read in readers.items():
        if key in raw:
            try:
                parts[key] = read(raw[key])
            except _Trouble as error:
                note(key, error)
    year = parts.get("year", policy.default_year or _SOME_YEAR)
    here = _Here(year, policy, room)
    tables: dict[str, list[Any]] = {name: [] for name in TABLES}
    table_readers: tuple[tuple[str, Callable[..., list[Any]]], ...] = (
        ("units", _units), ("ledgers", _ledgers), ("incidents", _incidents), ("scores", _scores),
        ("polls", _polls), ("requirements", _requirements), ("not_applicable", _declared),
        ("changes", _changes), ("values", _values),
    )  # fmt: skip
    for table, read_table in table_readers:
        try:
            tables[table] = read_table(raw.get(table), here)
        except _Trouble as error:
            note(table, error)
        if table == "units":
            here.units.update((u.id, u) for u in tables[table])
    expect: list[Expectation] = []
    programme: list[tuple[str, str, str]] = []
    try:
        wanted_of = _items(raw.get("expect"))
    except _Trouble as error:
        note("expect", error)
        wanted_of = []
    for key, text in wanted_of:
        try:
            expect += _expect(key, text, here)
        except _Trouble as error:
            note("expect", error)
    try:
        for kind, wanted in _items(raw.get("programme")):
            programme += [(kind, what, str(value)) for what, value in _items(wanted)]
    except _Trouble as error:
        note("programme", error)
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
        raise _Trouble("应为日期，如 2014-06-30", "expected a date", str(text)) from None


def _year(text: Any) -> int:
    if not re.fullmatch("[1-9][0-9]{3}", str(text)):
        _bad("年份", "a year", text)
    return int(text)


def _items(value: Any) -> list[tuple[str, Any]]:
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


def _names(text: str, here: _Here) -> list[str]:
    """`户1..40` is forty names; anything else is one."""
    spread = re.fullmatch(r"(.*?)([0-9]{1,9})\.\.([0-9]{1,9})", text)
    if spread is None:
        here.room.take(1)
        return [text]
    first, last = int(spread[2]), int(spread[3])
    if last < first:
        raise _Trouble("范围应由小到大", "a range must rise", text)
    here.room.take(last - first + 1)
    return [f"{spread[1]}{n}" for n in range(first, last + 1)]


def _units(value: Any, here: _Here) -> list[Unit]:
    kinds = here.policy.kinds
    found = []
    for key, text in _items(value):
        words = str(text).split()
        if not 1 <= len(words) <= 3:
            _bad(" `类别 [所在单位或 -] [隶属]`", "`kind [parent or -] [affiliation]`", text)
        if words[0] not in kinds:
            raise _Trouble("没有这个类别", "no such kind", words[0], nearest(words[0], kinds))
        words += [""] * (3 - len(words))
        found += [
            Unit(name, words[0], "", words[1].strip("-") or None, words[2] or None)
            for name in _names(key, here)
        ]
    return found


def _known(name: str, here: _Here) -> str:
    if name not in here.units:
        raise _Trouble("没有这个单位", "no such unit", name, nearest(name, here.units))
    return name


def _type(name: str, policy: Policy) -> str:
    if name not in policy.types:
        raise _Trouble("没有这个事项", "no such item", name, nearest(name, policy.types))
    return name


def _ledgers(value: Any, here: _Here) -> list[Ledger]:
    """`all` (default), `all except T ...` at the topmost units, or a list of `unit item`."""
    tops = [u.id for u in here.units.values() if u.parent is None]
    if value is None or (isinstance(value, str) and value.split()[:1] == ["all"]):
        words = [] if value is None else value.split()[1:]
        if not words:
            return [Ledger(u, "*", here.year) for u in tops]
        if words[0] != "except" or len(words) < 2:
            _bad(" all 或 all except 事项", "all or all except ITEM", value)
        left_out = {_type(w, here.policy) for w in words[1:]}
        kept = [t for t in here.policy.types if t not in left_out]
        here.room.take(len(tops) * len(kept))
        return [Ledger(u, t, here.year) for u in tops for t in kept]
    if value == "none":
        return []
    found: list[Ledger] = []
    for row in _list(value):
        words = str(row).split()
        if len(words) not in (2, 3):
            _bad(" `单位 事项 [年度]`", "`unit item [year]`", row)
        item = "*" if words[1] == "*" else _type(words[1], here.policy)
        when = _year(words[2]) if len(words) == 3 else here.year
        found += [Ledger(_known(n, here), item, when) for n in _names(words[0], here)]
    return found


def _incidents(value: Any, here: _Here) -> list[Incident]:
    """Rows of `unit type [grade] [yes|no] [date] [-> responsible unit]`."""
    found: list[Incident] = []
    for row in _list(value):
        text, _, responsible = str(row).partition("->")
        words = text.split()
        if len(words) < 2:
            _bad(" `单位 事项 [等级] [yes|no] [日期] [-> 责任单位]`",
                 "`unit type [grade] [yes|no] [date] [-> responsible unit]`", row)  # fmt: skip
        unit, type_ = words[0], _type(words[1], here.policy)
        more: dict[str, Any] = {"date": date(here.year, 6, 1)}
        for word in words[2:]:
            if word in here.policy.grades:
                more["grade"] = word
            elif word in ("yes", "no"):
                more["liability"] = word
            elif re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word):
                more["date"] = _day(word)
            else:
                choices = [*here.policy.grades, "yes", "no"]
                raise _Trouble(
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


def _scores(value: Any, here: _Here) -> list[Score]:
    found = []
    for name, text in _items(value):
        if not re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", str(text)):
            _bad("得分", "a score", text)
        found.append(Score(_known(name, here), here.year, Decimal(str(text))))
    return found


_RANK = re.compile("[0-9]{1,10}")


def _polls(value: Any, here: _Here) -> list[Poll]:
    return [
        Poll(_known(name, here), here.year, rank=int(text))
        if _RANK.fullmatch(str(text))
        else Poll(_known(name, here), here.year, result=str(text))
        for name, text in _items(value)
    ]


def _requirements(value: Any, here: _Here) -> list[Requirement]:
    found = []
    for kind, rank in _items(value):
        if not _RANK.fullmatch(str(rank)):
            _bad("名次", "a rank", rank)
        found.append(Requirement(kind, here.year, int(rank)))
    return found


def _values(value: Any, here: _Here) -> list[Value]:
    """Of each unit, or kind, what is recorded of items: `item: value` or `item year: value`."""
    found = []
    inputs = here.policy.inputs
    for name, said in _items(value):
        for key, cell in _items(said):
            item, _, year = key.partition(" ")
            about = inputs.get(item)
            if about is None:
                raise _Trouble("没有这个项目", "no such item", item, nearest(item, inputs))
            known, wrong = read_value(about, cell)
            if wrong is not None:
                raise _Trouble(wrong.zh, wrong.en, wrong.found or "", wrong.nearest)
            unit = name if about.given else _known(name, here)
            found.append(Value(unit, item, _year(year) if year else here.year, known))
    return found


def _declared(value: Any, here: _Here) -> list[NotApplicable]:
    found = []
    for key, reason in _items(value):
        words = key.split()
        if len(words) != 2:
            _bad(" `单位 条款`", "`unit clause`", key)
        found.append(NotApplicable(_known(words[0], here), words[1], here.year, str(reason)))
    return found


def _changes(value: Any, here: _Here) -> list[Change]:
    """Rows of `unit date change value`."""
    found = []
    for row in _list(value):
        words = str(row).split()
        if len(words) != 4:
            _bad(" `单位 日期 变更 内容`", "`unit date change value`", row)
        unit, day, what, into = words
        if what not in CHANGES:
            raise _Trouble("没有这种变更", "no such change", what, nearest(what, CHANGES))
        if CHANGES[what] == "id":
            _known(into, here)
        found += [Change(_known(n, here), _day(day), what, into) for n in _names(unit, here)]
    return found


def _expect(key: str, text: Any, here: _Here) -> list[Expectation]:
    policy = here.policy
    unit, _, clause = key.partition(".")
    words = str(text).replace(",", " ").replace(",", " ").replace("、", " ").split()
    if not words or words[0] not in STATUS:
        near = nearest(words[0], STATUS) if words else None
        raise _Trouble("应以达标、未达标或待核开头", "expected met, failed or undetermined first",
                       str(text), near)  # fmt: skip
    status, rest = STATUS[words[0]], words[1:]
    names = [_known(n, here) for n in _names(unit, here)]
    if not clause:
        for c in rest:
            if c not in policy.clauses:
                raise _Trouble("没有这个条款", "no such clause", c, nearest(c, policy.clauses))
        if bool(rest) == (status == "met"):
            raise _Trouble(
                "未达标、待核要写明全部理由（条款），达标不写",
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
