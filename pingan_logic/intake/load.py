"""CSV folder or JSON document to Facts."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pingan_logic.errors import InputError, Problem, RequestError, nearest
from pingan_logic.intake.decode import decode
from pingan_logic.intake.rows import columns, read_row, required_columns
from pingan_logic.intake.validation import check_facts
from pingan_logic.model import TABLES, Facts
from pingan_logic.policy.catalogue import Policy

__all__ = ["load_facts", "read_document"]

_NOT_READ = {".xls", ".xlsx", ".xlsm", ".ods", ".et", ".tsv", ".json"}
_Places = dict[str, list[str]]


def load_facts(path: str | Path, policy: Policy | None = None) -> Facts:
    """Read a folder of CSV files or a JSON document (`-`: standard input).

    Kinds, types and containment are checked against `policy` (default: the shipped one). Raises
    InputError with every problem found, RequestError when there is nothing at `path`.
    """
    if str(path) == "-":
        return _finish(*_read_json(sys.stdin.buffer.read(), "stdin"), policy)
    path = Path(path)
    if path.is_dir():
        return _finish(*_read_folder(path), policy)
    if path.is_file():
        return _finish(*_read_json(_bytes(path), path.name), policy)
    raise RequestError(
        [
            Problem(
                "--facts",
                "没有这个文件夹或文件",
                "there is no such folder or file",
                str(path),
            )
        ]
    )


def read_document(
    document: dict[str, list[dict[str, Any]]], name: str, policy: Policy | None = None
) -> Facts:
    """Read data in the shape of the JSON document; `name` stands for the file in messages.

    Raises InputError with every problem found.
    """
    return _finish(*_read_json(json.dumps(document).encode(), name), policy)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            [Problem(path.name, "无法读取", "cannot be read", error.strerror)]
        ) from None


def _finish(
    rows: dict[str, list[dict[str, Any]]],
    places: _Places,
    problems: list[Problem],
    policy: Policy | None,
) -> Facts:
    records: dict[str, list[Any]] = {}
    kept: _Places = {}
    for table, cls in TABLES.items():
        records[table], kept[table] = [], []
        for row, where in zip(rows.get(table, []), places.get(table, []), strict=True):

            def place(column: str, where: str = where) -> str:
                return f"{where} {column}"

            values = read_row(table, row, place, problems)
            if values is not None:
                records[table].append(cls(**values))
                kept[table].append(where)
    facts = Facts(**records)
    return check_facts(facts, policy, places=kept, problems=problems)


def _read_folder(
    folder: Path,
) -> tuple[dict[str, list[dict[str, Any]]], _Places, list[Problem]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    places: _Places = {}
    problems: list[Problem] = []
    names = [f"{t}.csv" for t in TABLES]
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or not path.is_file():
            continue
        if path.suffix.lower() in _NOT_READ:
            problems.append(
                Problem(
                    path.name,
                    "文件夹中只读取 CSV,请另存为 CSV",
                    "only CSV is read from a folder; save it as CSV",
                )
            )
        elif path.suffix.lower() == ".csv":
            if path.name not in names:
                problems.append(
                    Problem(
                        path.name,
                        f"不认识的文件,应为 {'、'.join(names)}",
                        f"unknown file; expected {', '.join(names)}",
                        path.name,
                        nearest(path.name, names),
                    )
                )
                continue
            try:
                text = decode(_bytes(path), path.name)
            except InputError as error:
                problems += error.problems
                continue
            found = list(_read_csv(text, path.stem, path.name, problems))
            rows[path.stem] = [row for row, _ in found]
            places[path.stem] = [where for _, where in found]
    if not (folder / "units.csv").is_file():
        problems.append(Problem("units.csv", "缺少该文件", "the file is missing"))
    return rows, places, problems


def _read_csv(
    text: str, table: str, file: str, problems: list[Problem]
) -> Iterator[tuple[dict[str, Any], str]]:
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        problems.append(Problem(f"{file} row {line}", "含有 NUL 字符", "contains a NUL character"))
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    number = 0
    try:
        for cells in reader:
            number += 1
            where = f"{file} row {number}"
            if not any(c.strip() for c in cells):
                continue
            if header is None:
                header = [c.strip() for c in cells]
                while header and not header[-1]:
                    header.pop()
                if not _check_header(header, table, where, problems):
                    return
                continue
            if any(c.strip() for c in cells[len(header) :]) or len(cells) < len(header):
                problems.append(
                    Problem(
                        where,
                        f"应有 {len(header)} 列",
                        f"expected {len(header)} cells",
                        str(len(cells)),
                    )
                )
                continue
            yield dict(zip(header, cells, strict=False)), where
    except csv.Error as error:
        problems.append(
            Problem(
                f"{file} row {number + 1}",
                "不是合法的 CSV(引号不配对?)",
                "is not valid CSV (unbalanced quotes?)",
                str(error),
            )
        )
        return
    if header is None:
        problems.append(Problem(file, "文件是空的,缺少表头", "the file is empty: no header"))


def _check_header(header: list[str], table: str, where: str, problems: list[Problem]) -> bool:
    known = list(columns(table))
    before = len(problems)
    for name in header:
        if name not in known:
            problems.append(
                Problem(
                    where,
                    f"不认识的列,应为 {'、'.join(known)}",
                    f"unknown column; expected {', '.join(known)}",
                    name,
                    nearest(name, known),
                )
            )
    for name in sorted({n for n in header if header.count(n) > 1}):
        problems.append(Problem(where, "列重复", "the column stands twice", name))
    for name in required_columns(table):
        if name not in header:
            problems.append(Problem(where, f"缺少列 {name}", f"column {name} is missing"))
    if table == "polls" and not {"result", "rank"} & set(header):
        problems.append(Problem(where, "缺少列 result 或 rank", "column result or rank is missing"))
    return len(problems) == before


class _Twice(Exception):
    pass


def _read_json(
    data: bytes, file: str
) -> tuple[dict[str, list[dict[str, Any]]], _Places, list[Problem]]:
    text = decode(data, file)
    problems: list[Problem] = []
    rows: dict[str, list[dict[str, Any]]] = {}
    places: _Places = {}

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [k for k, _ in items]
        for key in {k for k in keys if keys.count(k) > 1}:
            raise _Twice(key)
        return dict(items)

    def refuse(name: str) -> Any:
        raise InvalidOperation(name)

    try:
        document = json.loads(
            text, object_pairs_hook=pairs, parse_float=Decimal, parse_constant=refuse
        )
    except _Twice as error:
        raise InputError(
            [Problem(file, "同一对象中键重复", "a key stands twice in one object", str(error))]
        ) from None
    except (ValueError, RecursionError, InvalidOperation) as error:
        line = getattr(error, "lineno", "?")
        col = getattr(error, "colno", "?")
        raise InputError(
            [Problem(f"{file}:{line}:{col}", "不是合法的 JSON", "is not valid JSON", str(error))]
        ) from None
    if not isinstance(document, dict):
        raise InputError(
            [
                Problem(
                    file,
                    '应为对象 {"units": [...], ...}',
                    'expected an object {"units": [...], ...}',
                )
            ]
        )
    for table, items in document.items():
        if table not in TABLES:
            problems.append(
                Problem(
                    file,
                    f"不认识的表,应为 {'、'.join(TABLES)}",
                    f"unknown table; expected {', '.join(TABLES)}",
                    table,
                    nearest(table, TABLES),
                )
            )
            continue
        if not isinstance(items, list):
            problems.append(Problem(f"{file} {table}", "应为数组", "expected an array"))
            continue
        rows[table], places[table] = [], []
        known = list(columns(table))
        for number, item in enumerate(items):
            where = f"{file} {table}[{number}]"
            if not isinstance(item, dict):
                problems.append(Problem(where, "应为对象", "expected an object", str(item)))
                continue
            bad = [key for key in item if key not in known]
            problems += [
                Problem(
                    where,
                    f"不认识的列,应为 {'、'.join(known)}",
                    f"unknown column; expected {', '.join(known)}",
                    key,
                    nearest(key, known),
                )
                for key in bad
            ]
            rows[table].append(item)
            places[table].append(where)
    if "units" not in document:
        problems.append(Problem(f"{file} units", "缺少该表", "the table is missing"))
    return rows, places, problems
