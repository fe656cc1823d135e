"""What a terminal gets and a pipe does not: colour, progress, and side remarks unless `--quiet`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

import click

from pingan_logic.cli.streams import tell
from pingan_logic.errors import visible
from pingan_logic.intake.headers import table_name
from pingan_logic.intake.source import Watch
from pingan_logic.messages.explain import WORDS

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["colour", "counting", "paint", "progress", "quiet_option", "say", "watching"]

_QUIET = "pingan_logic.quiet"
_STYLES = {"met": "green", "failed": "red", "undetermined": "yellow"}


def _set_quiet(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        context.meta[_QUIET] = True


def quiet_option(command: Any) -> Any:
    """Add `--quiet`, which needs no parameter of the command's own."""
    return click.option(
        "-q",
        "--quiet",
        is_flag=True,
        expose_value=False,
        callback=_set_quiet,
        help="不显示提示和进度 / no notices, no progress",
    )(command)


def _quiet() -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_QUIET))


def _animated() -> bool:
    return not _quiet() and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def say(text: str) -> None:
    """Say something beside the answer on standard error, unless `--quiet`."""
    if not _quiet():
        tell("\n".join(map(visible, text.split("\n"))))


def colour(stream: TextIO) -> bool:
    """Whether to colour what goes to `stream`: https://no-color.org, FORCE_COLOR, a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def paint(text: str, lang: str) -> str:
    """Return the text of an answer with its statuses coloured, if standard output shows it."""
    if not colour(sys.stdout):
        return text
    styles = {WORDS[lang][status]: hue for status, hue in _STYLES.items()}
    words = "|".join(sorted(styles, key=len, reverse=True))

    def style(match: re.Match[str]) -> str:
        return match["before"] + click.style(match["word"], fg=styles[match["word"]], bold=True)

    shown = rf"^(?P<before>\[)(?P<word>{words})(?=\])"
    text = re.sub(shown, style, text, flags=re.MULTILINE)
    shown = rf"(?P<before>:|: )(?P<word>{words})$"
    return re.sub(shown, style, text, flags=re.MULTILINE)


def _bars() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True, no_color=not colour(sys.stderr))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True)


@contextmanager
def progress(lang: str) -> Iterator[Watch | None]:
    """Show bars for tables being read or written, on a terminal's standard error only."""
    if not _animated():
        yield None
        return
    with _bars() as bars:
        tasks: dict[str, Any] = {}

        def watch(table: str, done: int, total: int) -> None:
            if not total:
                return
            if table not in tasks:
                name = table_name(table) if lang == "zh" else table
                tasks[table] = bars.add_task(name, total=total)
            bars.update(tasks[table], completed=done)

        yield watch


@contextmanager
def counting(text: str, steps: int) -> Iterator[Callable[[], None]]:
    """Give what to call after each of `steps`, shown as a bar on a terminal's standard error."""
    if not _animated():
        yield lambda: None
        return
    with _bars() as bars:
        task = bars.add_task(text, total=steps)
        yield lambda: bars.advance(task)


@contextmanager
def watching(text: str) -> Iterator[None]:
    """Show that something of unknown length goes on, on a terminal's standard error only."""
    if not _animated():
        yield
        return
    from rich.console import Console

    with Console(stderr=True, no_color=not colour(sys.stderr)).status(text):
        yield
