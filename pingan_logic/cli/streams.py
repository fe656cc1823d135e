"""The standard streams of the process, whatever the caller made of them."""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from contextlib import suppress
from typing import TextIO

import click

from pingan_logic.layout import broken, width
from pingan_logic.shell import PROGRAM, folded

__all__ = ["columns_of", "fitted", "fitted_help", "open_streams", "put", "tell"]

_COLUMN = re.compile(r" {2,4}\S+(?: \S+)* {2,}")
"""What stands before the second column of a help."""
_COMMAND = re.compile(rf"(?P<label>.*?[：:])? *(?P<command>{PROGRAM} [a-z].*)")
"""A command to be run, by itself or after what it is for."""
_LEAST = 40
"""Columns below which lines are left as they are."""


def open_streams() -> None:
    """Make the standard streams such that anything can be printed, byte for byte as it is meant.

    Text is UTF-8 with the line ends that it has, on every platform and whatever PYTHONIOENCODING
    or the locale say. A stream that was closed stays so for the reader, but its number is taken:
    else the next file opened would get it, and be written to by whoever prints. Printing to a
    closed standard output is an error, as it is for other programs; notices nobody can see are
    dropped.
    """
    for number, mode in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            # numbers are given out from below, and those below are taken by now
            os.open(os.devnull, mode)
    if sys.stdout is None:
        sys.stdout = _writer(1)
    if sys.stderr is None:
        sys.stderr = _writer(2)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _writer(number: int) -> io.TextIOWrapper:
    """Return a stream that writes to the file of a number, which is not closed with it."""
    raw = io.FileIO(number, "w", closefd=False)
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8")


def tell(text: str) -> None:
    """Print beside the answer, on standard error; where nobody can read that, the answer stands."""
    with suppress(OSError, ValueError):
        click.echo(fitted(text, sys.stderr), err=True)


def put(text: str) -> None:
    """Print an answer for people, each line as wide as a terminal at most."""
    click.echo(fitted(text.removesuffix("\n")), color=True)


def fitted_help(text: str) -> str:
    """Break the lines of a help that are wider than the terminal; what stands in a second column
    goes on in it."""
    columns = shutil.get_terminal_size().columns
    if columns < _LEAST:
        return text
    lines = []
    for line in text.split("\n"):
        column = _COLUMN.match(line)
        start = line[: column.end() if column else len(line) - len(line.lstrip(" "))]
        hang = " " * min(width(start), columns // 2)
        fits = width(line) <= columns
        lines += [line] if fits else broken(line[len(start) :], columns, start, hang)
    return "\n".join(lines)


def columns_of(stream: TextIO) -> int | None:
    """Return the columns of the terminal, or COLUMNS; a pipe has no width, nor has a terminal so
    narrow that lines are left as they are."""
    given = os.environ.get("COLUMNS", "")
    if not (given.isdecimal() or stream.isatty()):
        return None
    columns = shutil.get_terminal_size().columns
    return columns if columns >= _LEAST else None


def fitted(text: str, stream: TextIO | None = None) -> str:
    """Break the lines that are wider than the terminal (of `stream`, else standard output)."""
    columns = columns_of(stream or sys.stdout)
    if columns is None:
        return text
    lines = []
    for line in text.split("\n"):
        bare = line.lstrip(" ")
        indent = line[: len(line) - len(bare)]
        if 2 * len(line) <= columns or width(click.unstyle(line)) <= columns:
            lines.append(line)
        elif found := _COMMAND.match(line):
            lines += [found["label"]] * bool(found["label"])
            lines += folded(found["command"], columns)
        else:
            lines += broken(bare, columns, indent, indent and indent + "    ")
    return "\n".join(lines)
