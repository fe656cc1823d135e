"""Where a command may write: over nothing that it reads, and over nothing that is there unasked."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import combinations
from pathlib import Path
from typing import Any

import click

from pingan_logic.cli.terminal import say
from pingan_logic.errors import Problem, RequestError
from pingan_logic.files import LEFTOVER, output_file
from pingan_logic.intake.database_url import database_place, is_url
from pingan_logic.intake.load import is_data_name
from pingan_logic.messages.command import WORDS
from pingan_logic.rules.find import policy_files, sample_county

__all__ = [
    "Inputs",
    "check_outputs",
    "out_option",
    "overwrite_option",
    "table_format",
    "write_pieces",
]

_STDIN = 0


def overwrite_option(command: Any) -> Any:
    """Add `--overwrite`, which every command that writes a file has."""
    return click.option(
        "--overwrite", is_flag=True, help="替换已有的文件 / replace what is already there"
    )(command)


def out_option(command: Any) -> Any:
    """Add `--out`, for an answer that is a table or JSON."""
    return click.option(
        "--out",
        type=click.Path(),
        metavar="FILE",
        help="写入文件 .csv .json，不经屏幕 / write to a file .csv .json",
    )(command)


def table_format(out: str | None, asked: str | None) -> str | None:
    """Return `csv`, `json` or None (text): what was `asked` for, or what `out` is called.

    Raises RequestError when they are not the same, or `out` has another name.
    """
    if out is None:
        return asked
    suffix = Path(out).suffix.lower()
    if asked is not None and suffix in ("", f".{asked}"):
        return asked
    if asked is None and suffix in (".csv", ".json"):
        return suffix[1:]
    wanted = f".{asked}" if asked else None
    zh = f"文件名应以 {wanted or '.csv 或 .json'} 结尾"
    en = f"the file name must end in {wanted or '.csv or .json'}"
    raise RequestError([Problem("--out", zh, en, out, wanted and f"{Path(out).stem}{wanted}")])


def write_pieces(out: str, pieces: Iterable[str], lang: str, *, overwrite: bool) -> None:
    """Write an answer to a file piece by piece, its line ends as they are, and say so."""
    with output_file(Path(out), overwrite=overwrite) as file:
        file.writelines(piece.encode() for piece in pieces)
    say(WORDS[lang]["written"].format(file=out))


class Inputs:
    """What a command reads, by every name under which it could be written over.

    `facts` are sources of data as they are typed (None: the sample of the policy), `rules` the
    folders of policies and `files` other files; what is None or not there is passed over.
    """

    def __init__(
        self,
        facts: Iterable[str | None] = (),
        rules: Sequence[Path] = (),
        files: Iterable[str | Path | None] = (),
    ) -> None:
        self.databases: set[str] = set()
        self.folders: list[Path] = []
        self.places: list[Path] = []
        self._same: set[tuple[int, int]] = set()
        for source in facts:
            self._add_facts(str(sample_county(*rules)) if source is None else source)
        for folder in rules:
            self.places += [folder, *policy_files(folder)]
        self.places += [Path(f) for f in files if f is not None]
        self._names = {_plain(p) for p in self.places}
        self._same |= {stamp for p in self.places if (stamp := _stamp(p))}

    def _add_facts(self, source: str) -> None:
        if source == "-":
            with suppress(OSError):
                found = os.fstat(_STDIN)
                self._same.add((found.st_dev, found.st_ino))
            return
        if is_url(source):
            place = database_place(source)
            if isinstance(place, Path):
                self.places.append(place)
            elif place is not None:
                self.databases.add(place)
            return
        path = Path(source)
        self.places.append(path)
        with suppress(OSError):
            if path.is_dir():
                self.folders.append(path)
                self.places += path.iterdir()

    def hold(self, path: str | Path | None) -> bool:
        """Whether `path` is a file, folder or database that is read.

        A link to it, or its name in other case, is the same file.
        """
        if path is None or isinstance(path, str):
            return path in self.databases
        return _plain(path) in self._names or _stamp(path) in self._same

    def stand_in(self, folder: Path) -> bool:
        """Whether something that is read stands in `folder`, at any depth."""
        start = _plain(folder) + "/"
        return any(name.startswith(start) for name in self._names)

    def would_read(self, path: Path) -> bool:
        """Whether a new file `path` would be taken for data when they are read again."""
        beside = _plain(path.parent)
        return is_data_name(path) and any(_plain(f) == beside for f in self.folders)


def check_outputs(
    wanted: Mapping[str, str | Path | None],
    inputs: Inputs,
    *,
    overwrite: bool,
    folder: bool = False,
) -> None:
    """Refuse an output that would replace an input, or anything else unless `overwrite`.

    `wanted` holds the file of each option, or the folder of CSV files with `folder`, or the URL of
    a database. Raises RequestError with all that is wrong.
    """
    problems = [
        Problem(option, zh, en, str(target))
        for option, target in wanted.items()
        if target is not None
        for zh, en in _wrong(str(target), inputs, folder)
    ]
    files = [(o, Path(t)) for o, t in wanted.items() if t is not None]
    for (one, first), (other, second) in combinations(files, 2):
        if _plain(first) == _plain(second):
            zh, en = f"与 {one} 是同一个文件", f"is the same file as that of {one}"
            problems.append(Problem(other, zh, en, str(second)))
    if problems:
        raise RequestError(problems)
    if not overwrite:
        for _, path in files:
            if not is_url(str(path)) and _holds_something(path):
                from pingan_logic.export.convert import refuse_existing

                refuse_existing(str(path))


def _wrong(target: str, inputs: Inputs, folder: bool) -> Iterator[tuple[str, str]]:
    if is_url(target):
        if inputs.hold(database_place(target)):
            yield "不能写回所读的数据库，请换一个", "the database that is read is not written to"
        return
    path = Path(target)
    if inputs.hold(path):
        yield (
            "这是本次要读的文件，不能写回，请另取文件名",
            ("this is read, so it is not written over; choose another name"),
        )
    elif folder:
        if inputs.stand_in(path):
            yield (
                "本次要读的文件在这个文件夹里，请换一个文件夹",
                ("what is read stands in this folder; choose another one"),
            )
    elif path.is_dir():
        yield "这是一个文件夹，应为文件名", "this is a folder, expected the name of a file"
    elif not path.parent.is_dir():
        yield "没有这个文件夹，请先建好", "there is no such folder; make it first"
    elif inputs.would_read(path):
        yield (
            "不能写进数据文件夹（会被当作数据），请写到别处",
            ("not into the folder of the data, where it would be read as data"),
        )


def _holds_something(path: Path) -> bool:
    """Whether a file, or a folder that is not empty, is there; devices and pipes keep nothing."""
    if path.is_dir():
        return any(LEFTOVER not in p.name for p in path.iterdir())
    return path.is_file()


def _plain(path: Path) -> str:
    """Return the name under which any file system would find `path`: no links, no case."""
    with suppress(OSError, RuntimeError):  # a loop of links
        path = path.resolve()
    return unicodedata.normalize("NFC", path.as_posix()).casefold()


def _stamp(path: Path) -> tuple[int, int] | None:
    with suppress(OSError, ValueError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None
