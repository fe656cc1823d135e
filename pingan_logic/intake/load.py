"""Any source of data to Facts: one path from raw tables to checked records."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any, Protocol

from pingan_logic.catalogue import Policy
from pingan_logic.errors import InputError, Problem, RequestError, nearest, reason
from pingan_logic.intake.archive import is_archive, members
from pingan_logic.intake.csv_tables import read_csv
from pingan_logic.intake.database import read_database, read_engine
from pingan_logic.intake.database_url import is_url
from pingan_logic.intake.decode import BLANK, decode, encoding_named
from pingan_logic.intake.disguised import MAGIC, is_text, refuse_other, text_table
from pingan_logic.intake.forms import NO_FORMS, using
from pingan_logic.intake.forms_file import FILE, forms_beside, read_forms
from pingan_logic.intake.headers import has_item_columns, table_name, table_of
from pingan_logic.intake.source import Source, Watch
from pingan_logic.intake.to_facts import to_facts
from pingan_logic.limits import FILE_BYTES, within
from pingan_logic.memory import without_collector
from pingan_logic.model import TABLES, Facts
from pingan_logic.reading import Reading
from pingan_logic.solving.load_policy import as_policy

__all__ = [
    "EXAMPLES",
    "WORKBOOKS",
    "DataSource",
    "is_data_name",
    "load_facts",
    "read_document",
    "read_source",
    "read_upload",
]


EXAMPLES = {"zh": "示例", "en": "example"}
"""Begins the first cell of a template's example rows, which are not data, by language."""


WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".et", ".ods"}
"""What the names of workbooks end with."""


_NOT_READ = {".tsv", ".json", ".xlsb", ".numbers", ".fods", ".ots", ".xltx"}


def is_data_name(path: Path) -> bool:
    """Whether a file of this name in a folder of data is read as data, or refused as unreadable."""
    suffix = path.suffix.lower()
    return suffix in {".csv", *WORKBOOKS, *_NOT_READ} or table_of(path.stem) is not None


def load_facts(
    path: DataSource,
    policy: Policy | str | Path | None = None,
    *,
    watch: Watch | None = None,
    encoding: str | None = None,
    forms: str | Path | None = None,
) -> Facts:
    """Read unit data and check it against `policy` (default: the shipped one).

    `path` is a folder of CSV files and workbooks, a workbook (xlsx, xls, ods), a zip of such files,
    a JSON document, the URL of a database, or `-`: a JSON document or workbook on standard input.
    It may also be an open file of these, the JSON document as a dict of lists of rows, or an
    SQLAlchemy engine.
    `watch` is told how far it is; `encoding` is what CSV and JSON are read as that are not plainly
    UTF-8, and `forms` a file that says how local forms map (default: `columns.toml` beside the
    data). Raises InputError with every problem found, RequestError when there is nothing at `path`
    or a library for its format is missing.
    """
    with without_collector():
        return to_facts(read_source(path, encoding, forms), as_policy(policy), watch=watch)


class SupportsConnect(Protocol):
    """An SQLAlchemy engine."""

    def connect(self) -> Any:
        """Return a connection."""


DataSource = str | Path | Mapping[str, Any] | IO[bytes] | IO[str] | SupportsConnect
"""A path, the URL of a database, a document, an open file or an SQLAlchemy engine."""


def read_source(
    path: DataSource, encoding: str | None = None, forms: str | Path | None = None
) -> Source:
    """Return the raw tables at `path`, with the problems of files, sheets and headers.

    `forms` is a file that says how local forms map; without one the file `columns.toml` beside the
    data is used, and said. Raises InputError when it is nothing that can be read, RequestError when
    it is not there.
    """
    beside = forms_beside(path) if forms is None and isinstance(path, (str, Path)) else None
    mapping = forms or beside
    with using(read_forms(mapping) if mapping else NO_FORMS):
        source = _read_source(path, encoding)
    if beside is not None:
        zh, en = f"按 {FILE} 对应表格", f"read by the mapping in {FILE}"
        source.notices.insert(0, (zh, en))
    return source


def _read_source(path: DataSource, encoding: str | None) -> Source:
    encoding = None if encoding is None else encoding_named(encoding)
    if not isinstance(path, (str, Path)):
        return _read_object(path, encoding)
    if str(path) == "-":
        return _read_file(_standard_input(), "stdin", "", encoding)
    if is_url(str(path)):
        return read_database(str(path))
    if not str(path).strip():
        raise RequestError([Problem("PATH", "没有给出文件名", "no file is named")])
    path = Path(path)
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
        is_pipe = path.exists() and not is_folder and not is_file
    except (OSError, ValueError):  # no path at all: too long, or with NUL
        is_folder = is_file = is_pipe = False
    if is_folder:
        return _read_folder(path, encoding)
    if is_file:
        reading = Reading()
        reading.note(path)
        source = _read_file(reading.file(path), path.name, path.suffix.lower(), encoding)
        source.problems += reading.changed()
        return source
    if is_pipe:
        return _read_file(_pipe(path), path.name, path.suffix.lower(), encoding)
    raise RequestError(
        [
            Problem(
                str(path),
                "没有这个文件夹或文件",
                "there is no such folder or file",
                None,
                _sibling(path),
            )
        ]
    )


def _read_object(source: Any, encoding: str | None) -> Source:
    """Return the raw tables of something that is no path."""
    if isinstance(source, Mapping):
        from pingan_logic.intake.json_tables import read_tables

        return read_tables(source, "facts")
    if callable(getattr(source, "read", None)):
        data = source.read()
        name = getattr(source, "name", None)
        file = Path(name).name if isinstance(name, str) else "facts"
        if isinstance(data, str):
            data = data.encode(errors="replace")
        if isinstance(data, (bytes, bytearray)):
            return _read_file(within(bytes(data), file), file, Path(file).suffix.lower(), encoding)
    if hasattr(source, "connect") and hasattr(source, "dialect"):
        return read_engine(source)
    raise RequestError(
        [
            Problem(
                "facts",
                "应为路径、数据库地址、打开的文件、字典或 SQLAlchemy 的 engine",
                "expected a path, a database URL, an open file, a dict or an SQLAlchemy engine",
                type(source).__name__,
            )
        ]
    )


def _standard_input() -> bytes:
    try:
        if sys.stdin is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return within(sys.stdin.buffer.read(FILE_BYTES + 1), "stdin")
    except OSError as error:
        raise InputError([_unreadable("stdin", error)]) from None


def _pipe(path: Path) -> bytes:
    """Return what comes out of a pipe or device, which has no length and comes but once."""
    try:
        with open(path, "rb") as file:
            return within(file.read(FILE_BYTES + 1), path.name)
    except OSError as error:
        raise InputError([_unreadable(path.name, error)]) from None


def _unreadable(place: str, error: OSError) -> Problem:
    zh, en = reason(error)
    return Problem(place, f"无法读取：{zh}", f"cannot be read: {en}")


def read_upload(data: bytes, name: str) -> Source:
    """Return the raw tables of a file that was sent: a workbook, CSV or JSON; `name` is its name,
    or empty for one without.

    Raises InputError when it is nothing that can be read.
    """
    path = Path(name)
    return _read_file(data, path.name or "stdin", path.suffix.lower(), None)


def read_document(
    document: dict[str, list[dict[str, Any]]], name: str, policy: Policy | None = None
) -> Facts:
    """Read data in the shape of the JSON document; `name` stands for the file in messages.

    Raises InputError with every problem found.
    """
    from pingan_logic.intake.json_tables import read_tables

    return to_facts(read_tables(document, name), policy)


def _sibling(path: Path) -> str | None:
    """Return the file or folder beside it whose name is most like it."""
    try:
        names = [p.name for p in path.parent.iterdir()]
    except (OSError, ValueError):
        return None
    near = nearest(path.name, names, cutoff=0.7)
    return None if near is None else str(path.with_name(near))


def _read_file(data: bytes, file: str, suffix: str, encoding: str | None) -> Source:
    if suffix not in WORKBOOKS and is_archive(data):
        return _read_archive(data, file, encoding)
    workbook = _is_workbook(data, suffix)
    if workbook or suffix == ".csv":
        source = Source()
        if workbook:
            _add_workbook(source, data, file, encoding)
        else:
            _add_csv(source, data, file, encoding)
        source.require_units(file, *_no_units())
        return source
    if suffix != ".json" and not data.lstrip(BLANK).startswith(b"{"):
        raise InputError(
            [
                Problem(
                    file,
                    "不认识的文件格式，应为 xlsx、xls、et、ods、csv 或 json；请另存为 xlsx",
                    "unknown file format; expected xlsx, xls, et, ods, csv or json; save it as "
                    "xlsx",
                    suffix or None,
                )
            ]
        )
    from pingan_logic.intake.json_tables import read_json

    return read_json(data, file, encoding)


def _no_units() -> tuple[str, str]:
    return (
        "缺少单位表：工作簿要有工作表“单位”（或 units）；分成几个文件时请给出它们所在的文件夹",
        "there are no units: a workbook needs a sheet named units; give the folder when the data "
        "is in several files",
    )


def _is_workbook(data: bytes, suffix: str) -> bool:
    return suffix in WORKBOOKS or (suffix != ".csv" and data.startswith(MAGIC))


def _add_workbook(
    source: Source, data: bytes, file: str, encoding: str | None, prefix: str = ""
) -> None:
    if is_text(data):
        refuse_other(data, file)
        text = decode(data, file, encoding)
        found = text_table(text, file, Path(file).stem)
        source.notices.append(found.said)
        _add_text(source, text, found.table, file, found.separator)
        return
    from pingan_logic.intake.workbooks import add_workbook

    add_workbook(source, data, file, Path(file).stem, prefix)


def _add_csv(source: Source, data: bytes, file: str, encoding: str | None) -> None:
    if has_item_columns(Path(file).stem):
        text = decode(data, file, encoding)
        raw = read_csv(text, "values", file, source, by_item=True)
        if raw is None:
            source.partial.add("values")
        else:
            source.by_item.append(raw)
        return
    table = table_of(Path(file).stem)
    if table is None:
        names = [f"{t}.csv" for t in TABLES]
        source.problems.append(
            Problem(
                file,
                f"不认识的文件，应为 {'、'.join(names)}（或中文表名）",
                f"unknown file; expected {', '.join(names)}",
                file,
                nearest(file, [*names, *(f"{table_name(t)}.csv" for t in TABLES)]),
            )
        )
        return
    try:
        text = decode(data, file, encoding)
    except InputError as error:
        if source.claim(table, file):
            source.problems += error.problems
            source.put(None, table)
    else:
        _add_text(source, text, table, file)


def _add_text(source: Source, text: str, table: str, file: str, separator: str = ",") -> None:
    if source.claim(table, file):
        source.put(read_csv(text, table, file, source, separator), table)


def _no_file(name: str) -> Problem:
    return Problem(
        name,
        "不是普通文件（失效的链接、管道或文件夹），没有读取",
        "is no plain file (a broken link, a pipe or a folder) and was not read",
    )


def _add_member(source: Source, name: str, read: Callable[[], bytes], encoding: str | None) -> None:
    """Add what a file of a folder or archive holds, if its name says that it is data."""
    suffix = Path(name).suffix.lower()
    known = suffix == ".csv" or suffix in WORKBOOKS
    try:
        if suffix in _NOT_READ or (table_of(Path(name).stem) and not known):
            source.problems.append(
                Problem(
                    name,
                    "文件夹中只读取 CSV 和工作簿（xlsx、xls、ods）；JSON 请直接给出文件名",
                    "only CSV files and workbooks are read from a folder; give a JSON file by "
                    "its own name",
                )
            )
        elif suffix == ".csv":
            _add_csv(source, read(), name, encoding)
        elif suffix in WORKBOOKS:
            _add_workbook(source, read(), name, encoding, f"{name} ")
    except InputError as error:
        source.problems += error.problems
        source.partial |= set(TABLES)


def _read_archive(data: bytes, file: str, encoding: str | None) -> Source:
    source = Source()
    held = members(data, file)
    for name in held:
        _add_member(source, name, partial(held.__getitem__, name), encoding)
    source.require_units(file, *_no_units())
    return source


def _read_folder(folder: Path, encoding: str | None) -> Source:
    source, reading = Source(), Reading()
    for path in reading.folder(folder):
        suffix = path.suffix.lower()
        if path.name.startswith((".", "~$")):
            continue
        if not path.is_file():
            if suffix in {".csv", *WORKBOOKS}:
                source.problems.append(_no_file(path.name))
            continue
        _add_member(source, path.name, partial(reading.file, path), encoding)
    source.problems += reading.changed()
    source.require_units(
        "units.csv", "缺少该文件（或工作表“单位”）", "the file is missing (or a sheet named units)"
    )
    return source
