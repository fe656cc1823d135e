"""What to run next: commands that carry what the reader gave, printed so that they can be copied.

Every command that the command line prints for the reader to run is made and laid out here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from pingan_logic.cli.named import named_encoding, named_forms
from pingan_logic.cli.streams import columns_of
from pingan_logic.intake.database_url import is_url, shown_place
from pingan_logic.intake.load import WORKBOOKS
from pingan_logic.layout import WIDTH, width
from pingan_logic.messages.command import WORDS
from pingan_logic.shell import command_line
from pingan_logic.verdicts import Assessment

__all__ = [
    "checking",
    "data_of",
    "free_name",
    "mending",
    "of_rules",
    "said",
    "some_unit",
    "step",
    "unit_steps",
]

Steps = Iterable[tuple[str | None, str]]
"""Commands (None: one that cannot be given) with the word that says what each is for."""

_GAP = "   "


def step(
    name: str, arguments: Iterable[str] = (), more: Mapping[str, object] | None = None
) -> str | None:
    """Return the line of another command about the data, year, day and rules that this one was
    given; None when the data cannot be given again."""
    given = click.get_current_context().params
    facts = given.get("facts")
    if facts is not None and not _found_again(facts):
        return None
    asked = {"year": given.get("year"), "as-of": given.get("as_of")}
    return _line(name, arguments, {"facts": facts}, {**asked, **(more or {})})


def checking(source: str, more: Mapping[str, object] | None = None) -> str | None:
    """Return the line that checks other data by the same rules; None when it cannot be given."""
    return _line("check", [source], {}, more or {}) if _found_again(source) else None


def of_rules(name: str, folder: str) -> str | None:
    """Return the line of a command about the rules in `folder`."""
    return command_line(name, [folder], {"lang": _lang(click.get_current_context().params)})


def _line(
    name: str,
    arguments: Iterable[str],
    data: Mapping[str, object],
    asked: Mapping[str, object],
) -> str | None:
    given = click.get_current_context().params
    read = {"encoding": named_encoding(), "columns": named_forms()}
    options = {**data, **read, "policy": given.get("policy"), **asked, "lang": _lang(given)}
    return command_line(name, list(arguments), options)


def _lang(given: Mapping[str, Any]) -> str | None:
    return "en" if given.get("lang") == "en" else None


def _found_again(source: str) -> bool:
    """Whether another command can be given the same data: no pipe, and no password to show."""
    if is_url(source):
        return shown_place(source) == source
    return Path(source).is_file() or Path(source).is_dir()


def said(steps: Steps, lang: str, label: str = "next") -> str:
    """Return what to run next in lines as wide as the terminal: several commands on a line where
    they fit, else each on its own, and one that is too wide under its word. Nothing if there is
    none."""
    w = WORDS[lang]
    some = [(command, w.get(key, "")) for command, key in steps if command is not None]
    if not some:
        return ""
    room = columns_of(sys.stdout) or WIDTH
    head = w[label] + w["colon"]
    noted = [c + (w["noted"].format(note=note) if note else "") for c, note in some]
    if width(line := head + _GAP.join(noted)) <= room:
        return line
    hang = " " * width(head)
    lines = [f"{hang if n else head}{c}" for n, c in enumerate(noted)]
    if all(width(line) <= room for line in lines):
        return "\n".join(lines)
    titles = [w[label] + (w["noted"].format(note=note) if note else "") for _, note in some]
    pairs = zip(titles, (c for c, _ in some), strict=True)
    return "\n".join(f"{title}{w['colon'].rstrip()}\n{command}" for title, command in pairs)


def unit_steps(unit: str, status: str | None) -> Steps:
    """Return what can be asked next about a unit with a verdict."""
    if status == "undetermined":
        yield step("missing", [unit]), "to_missing"
    if status in ("failed", "undetermined"):
        yield step("fix", [unit]), "to_fix"


def some_unit(a: Assessment) -> str | None:
    """Return a unit whose reasons are worth asking for: one that is not met before one that is
    undetermined, and one that is named in lists before one that is only counted."""
    only = a.policy.counted_only
    for status in ("failed", "undetermined"):
        units = [u for u, _, line in a.lines(None, status) if line.kind not in only]
        if units:
            return units[0]
    return None


def data_of(given: Mapping[str, Any]) -> str | None:
    """Return the data that a command was given, if it was one only."""
    some = [given[k] for k in ("facts", "facts_b", "since", "source", "old") if given.get(k)]
    return some[0] if len(some) == 1 else None


def mending(source: str | None, lang: str) -> str:
    """Say what to do with data that was refused: where it stands in cells, have them marked."""
    w, again = WORDS[lang], source and checking(source)
    if not source or not again:
        return w["mend"]
    path = Path(source)
    cells = path.suffix.lower() in (".csv", *WORKBOOKS) or path.is_dir()
    steps: Steps = [(again, "to_check")]
    if cells and not is_url(source):
        steps = [
            (checking(source, {"annotate": free_name(w["marked_name"])}), "to_mark"),
            (checking(source, {"fix": free_name(w["fixed_name"])}), "to_correct"),
        ]
    return f"{w['mend']}\n{said(steps, lang)}"


def free_name(name: str) -> str:
    """Return the name of a file that is not there yet."""
    path, n = Path(name), 1
    while path.exists():
        n += 1
        path = Path(f"{Path(name).stem}{n}{Path(name).suffix}")
    return str(path)
