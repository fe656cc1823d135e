"""The file that maps local forms: `columns.toml` says which sheet is which table, which column is
which, what its own words mean, and what holds for every row of a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from pingan_logic.characters import narrow
from pingan_logic.errors import InputError, Problem, RequestError, nearest, reason
from pingan_logic.extras import optional
from pingan_logic.intake.forms import Forms
from pingan_logic.intake.headers import column_of, header_name, hint_of, table_name, table_of
from pingan_logic.intake.rows import columns
from pingan_logic.limits import FILE_BYTES, within
from pingan_logic.model import TABLES

__all__ = ["FILE", "forms_beside", "read_forms"]

FILE = "columns.toml"
"""The name of a file that is used when it lies beside the data."""


def forms_beside(path: str | Path) -> Path | None:
    """Return the mapping file in the folder of the data, if there is one."""
    try:
        place = Path(path)
        found = (place if place.is_dir() else place.parent) / FILE
        return found if place.exists() and found.is_file() else None
    except (OSError, ValueError):
        return None


def read_forms(path: str | Path) -> Forms:
    """Read a mapping file. Raises InputError with every problem, RequestError without the file."""
    path = Path(path)
    try:
        with open(path, "rb") as file:
            text = within(file.read(FILE_BYTES + 1), path.name).decode("utf-8-sig")
    except OSError as error:
        zh, en = reason(error)
        said = Problem(str(path), f"无法读取：{zh}", f"cannot be read: {en}")
        raise RequestError([said]) from None
    except UnicodeDecodeError:
        zh, en = "应为 UTF-8 编码", "expected UTF-8"
        raise InputError([Problem(path.name, zh, en)]) from None
    toml = _toml()
    try:
        document = toml.loads(text)
    except (toml.TOMLDecodeError, RecursionError) as error:
        zh, en = f"不是合法的 TOML：{error}", f"is not TOML: {error}"
        raise InputError([Problem(path.name, zh, en)]) from None
    return _Reader(path.name).read(document)


def _toml() -> Any:
    try:
        return import_module("tomllib")
    except ImportError:
        return optional("tomli", "excel", FILE)


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.tables: dict[str, str] = {}
        self.columns: dict[tuple[str, str], str] = {}
        self.words: dict[tuple[str, str], dict[str, str]] = {}
        self.constants: dict[str, dict[str, Any]] = {}

    def add(self, place: str, zh: str, en: str, found: Any = None, near: str | None = None) -> None:
        said = None if found is None else str(found)
        self.problems.append(Problem(f"{self.file} {place}".rstrip(), zh, en, said, near))

    def read(self, document: Mapping[str, Any]) -> Forms:
        for key in document:
            if key != "sheet":
                self.add("", '应为 [sheet."工作表名"]', 'expected [sheet."NAME"]', key)
        sheets = document.get("sheet", {})
        for name, said in sheets.items() if isinstance(sheets, dict) else ():
            if isinstance(said, dict):
                self.sheet(name, said)
            else:
                self.add(name, "应为一张表的说明", "expected what is said of a sheet", said)
        if self.problems:
            raise InputError(self.problems)
        return Forms(self.tables, self.columns, self.words, self.constants)

    def sheet(self, name: str, said: Mapping[str, Any]) -> None:
        asked = said.get("table", name)
        table = table_of(str(asked))
        if table is None:
            names = [table_name(t) for t in TABLES]
            self.add(
                f"{name} table", f"应为 {'、'.join(names)}", f"expected one of {', '.join(TABLES)}",
                asked, nearest(str(asked), [*names, *TABLES]),
            )  # fmt: skip
            return
        self.tables[narrow(name)] = table
        known = {"table", "columns", "ignore", "words", "constants"}
        for key in said.keys() - known:
            self.add(
                name, f"应为 {'、'.join(sorted(known))}", f"expected {', '.join(sorted(known))}",
                key, nearest(key, known),
            )  # fmt: skip
        for header, column in self.pairs(name, said, "columns"):
            code = self.column(f"{name} columns", table, column)
            if code is not None:
                self.columns[table, narrow(header)] = code
        ignored = said.get("ignore", [])
        if not isinstance(ignored, list):
            self.add(f"{name} ignore", "应为列名的数组", "expected an array of headers", ignored)
            ignored = []
        self.columns.update({(table, narrow(str(header))): "" for header in ignored})
        for column, value in self.pairs(name, said, "constants"):
            code = self.column(f"{name} constants", table, column)
            if code is not None:
                self.constants.setdefault(table, {})[code] = value
        for column, words in self.pairs(name, said, "words"):
            code = self.column(f"{name} words", table, column)
            if not isinstance(words, dict):
                self.add(f"{name} words", "应为词的对应", "expected words with their words", words)
            elif code is not None:
                held = self.words.setdefault((table, code), {})
                held.update({narrow(str(k)): str(v) for k, v in words.items()})

    def pairs(self, name: str, said: Mapping[str, Any], key: str) -> list[tuple[str, Any]]:
        found = said.get(key, {})
        if isinstance(found, dict):
            return list(found.items())
        self.add(f"{name} {key}", "应为一组对应", "expected a table of pairs", found)
        return []

    def column(self, place: str, table: str, column: Any) -> str | None:
        code = column_of(table, str(column)) or hint_of(str(column))
        if code is None:
            names = [header_name(table, c) for c in columns(table)]
            self.add(
                place, f"应为 {'、'.join(names)}", f"expected one of {', '.join(columns(table))}",
                column, nearest(str(column), [*names, *columns(table)]),
            )  # fmt: skip
        return code
