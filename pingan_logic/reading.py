"""Reads files and tells which of them changed before everything was read."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from pingan_logic.errors import InputError, Problem, reason
from pingan_logic.limits import FILE_BYTES, within

__all__ = ["Reading"]

_Stamp = tuple[int, int, int, int]


class Reading:
    """Files read for one answer, which must all come from one moment.

    A file that is written, replaced or removed meanwhile would give half of the old data and half
    of the new; `changed` names it. Nothing is locked: who works on the data is not held up.
    """

    def __init__(self) -> None:
        self._files: dict[Path, _Stamp] = {}
        self._folders: dict[Path, set[str]] = {}
        self._told: set[Path] = set()

    def folder(self, path: Path) -> list[Path]:
        """Return what is in a folder, in order of name. Raises InputError when it is unreadable."""
        try:
            found = sorted(path.iterdir())
        except OSError as error:
            raise _unreadable(path, error) from None
        self._folders[path] = {p.name for p in found}
        return found

    def file(self, path: Path) -> bytes:
        """Return what is in a file.

        Raises InputError when it is unreadable, too large or being changed.
        """
        self._told.add(path)
        try:
            with open(path, "rb") as file:
                before = _stamp(os.fstat(file.fileno()))
                data = within(file.read(FILE_BYTES + 1), path.name)
                after = _stamp(os.fstat(file.fileno()))
        except OSError as error:
            was_there = path in self._files or path.parent in self._folders
            if was_there and isinstance(error, FileNotFoundError):
                raise InputError([_changed(path)]) from None
            raise _unreadable(path, error) from None
        if before != after or len(data) != after[2]:
            raise InputError([_changed(path)])
        self._files[path] = after
        self._told.remove(path)
        return data

    def note(self, path: Path) -> None:
        """Note the state of a file that others are about to read."""
        with suppress(OSError):
            self._files[path] = _stamp(path.stat())

    def changed(self) -> list[Problem]:
        """Return a problem for each file that is no longer what was read."""
        problems = []
        for path, stamp in self._files.items():
            try:
                now = _stamp(path.stat())
            except OSError:
                problems.append(_changed(path))
                continue
            if now != stamp:
                problems.append(_changed(path))
        for folder, names in self._folders.items():
            known = {p.name for p in (*self._files, *self._told) if p.parent == folder}
            try:
                there = {p.name for p in folder.iterdir()}
            except OSError:
                there = set()
            problems += [
                _changed(folder / name)
                for name in sorted(names ^ there)
                if name not in known and not name.startswith((".", "~$"))
            ]
        return problems


def _stamp(found: os.stat_result) -> _Stamp:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _unreadable(path: Path, error: OSError) -> InputError:
    zh, en = reason(error)
    return InputError([Problem(path.name, f"无法读取：{zh}", f"cannot be read: {en}")])


def _changed(path: Path) -> Problem:
    return Problem(
        path.name,
        "读取过程中文件被改动或移走，请等写完后再运行",
        "the file was changed or removed while the data was read; run again when it is finished",
    )
