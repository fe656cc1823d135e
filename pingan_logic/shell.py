"""Commands that are printed for the reader to run, as the shell of the platform takes them."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from pingan_logic.catalogue import Policy
from pingan_logic.errors import visible
from pingan_logic.layout import width
from pingan_logic.rules.find import DEFAULT_POLICY, data_folder

__all__ = ["PROGRAM", "command_line", "folded", "install", "rules_arguments"]

PROGRAM = "pingan"
"""The program in every command that is printed to be run."""

_PLAIN = re.compile(r"[\w./:=+-]+")
_NOT_QUOTED = re.compile(r"[$`“”„]|%.*%")
_PLAIN_THERE = re.compile(r"[\w./:\\=+-]+")


def command_line(
    name: str,
    arguments: Sequence[str],
    options: Mapping[str, object],
    *,
    windows: bool = os.name == "nt",
) -> str | None:
    """Return the line that runs the command `name`; an option of None is left out and
    one of True has no value.

    None is returned when no line would do: a name with characters that a terminal does not show,
    or that cmd and PowerShell take for other things within quotes.
    """
    words: list[str] = []
    for option, value in options.items():
        if value is not None:
            words += [f"--{option}"] if value is True else [f"--{option}", str(value)]
    # an argument that begins with a dash would be taken for an option
    dashed = any(a.startswith("-") for a in arguments)
    words = [*words, "--", *arguments] if dashed else [*arguments, *words]
    if any(visible(w) != w or (windows and _NOT_QUOTED.search(w)) for w in words):
        return None
    quoted = [_for_windows(w) if windows else _for_posix(w) for w in words]
    return " ".join([PROGRAM, name, *quoted])


def folded(line: str, columns: int, *, windows: bool = os.name == "nt") -> list[str]:
    """Return a command in lines that a shell takes as one, `columns` wide where its words allow.

    The shells of Windows have no mark in common for a line that goes on: there it stays whole.
    """
    if windows:
        return [line]
    lines: list[str] = []
    for word in _WORDS.findall(line):
        if lines and width(lines[-1]) + width(word) + len(_GOES_ON) < columns:
            lines[-1] += f" {word}"
        else:
            lines.append(f"{'    ' if lines else ''}{word}")
    return [*(text + _GOES_ON for text in lines[:-1]), *lines[-1:]]


_GOES_ON = " \\"
_WORD = r"(?:'[^']*'|\"'\"|[^\s'\"])+"
_WORDS = re.compile(rf"--[a-z-]+ (?!--){_WORD}|{_WORD}")
"""A word, or an option with its value."""


def _for_posix(word: str) -> str:
    return word if _PLAIN.fullmatch(word) else shlex.quote(word)


def _for_windows(word: str) -> str:
    """Quote for cmd and PowerShell alike; no name of a file there has a quotation mark."""
    if _PLAIN_THERE.fullmatch(word):
        return word
    inner = word.replace('"', '\\"')
    ending = "\\" * (len(inner) - len(inner.rstrip("\\")))
    return f'"{inner}{ending}"'


def rules_arguments(policy: Policy, lang: str) -> Mapping[str, object]:
    """Return the options that make another run use the same rules and language."""
    default = policy.folder.resolve() == (data_folder("policies") / DEFAULT_POLICY).resolve()
    return {
        "policy": None if default else _named(policy.folder),
        "lang": None if lang == "zh" else lang,
    }


def _named(folder: Path) -> str:
    shipped = folder.parent.resolve() == data_folder("policies").resolve()
    return folder.name if shipped else str(folder)


def install(extra: str) -> str:
    """Return the line that installs an extra, in quotes that every shell takes.

    The project is on no index: it is installed from the folder that it came from.
    """
    return f'pip install "{_came_from()}[{extra}]"'


@cache
def _came_from() -> str:
    """Return the folder that this was installed from, `.` (the folder of the project) if that is
    not known or no longer there."""
    from importlib.metadata import PackageNotFoundError, distribution
    from urllib.parse import urlparse
    from urllib.request import url2pathname

    with suppress(PackageNotFoundError, ValueError, KeyError):
        said = json.loads(distribution("pingan-logic").read_text("direct_url.json") or "{}")
        folder = Path(url2pathname(urlparse(said["url"]).path))
        if said["url"].startswith("file:") and (folder / "pyproject.toml").is_file():
            return "." if folder == Path.cwd() else str(folder)
    return "."
