"""Templates: blocks of rules that are written out for each clause or kind that asks for them.

    #program ratio(c,k,m).

begins a block of a rule file, in the solver's own syntax. What follows, up to the next `#program`,
is written out for each `template(ratio(village_households,village,household))` that follows from
the rules, with these names in the place of `c`, `k` and `m`; either(a,b) is written (a;b), one or
the other. With variables in their place the rules would rest on themselves for the solver, and a
block that is left to it takes a minute. What is written out keeps its lines, so that a message
names the line of the template.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from attrs import field, frozen

from pingan_logic.errors import Problem

__all__ = ["BLOCK", "Expansion", "Instance", "Template", "once", "plain", "templates_in"]

_WORD = r"\s*[a-z][a-z0-9_]*\s*"
BLOCK = re.compile(rf"#program\s+([a-z][a-z0-9_]*)\s*(?:\(({_WORD}(?:,{_WORD})*)\))?\s*\.")
"""The line that begins a block: its name, and the constants that are replaced."""
_PIECE = re.compile(
    r"""%\*.*?\*%|%[^\n]*|"(?:\\.|[^"\\\n])*"|(?P<block>\#program\b[^.]*\.)|\#\w+
    |(?P<name>\b[a-z_][A-Za-z0-9_']*\b)(?!\s*\()|\w+""",
    re.DOTALL | re.VERBOSE,
)
_AT = re.compile(r"<block>:(\d+):(\d+)-(?:(\d+):)?(\d+)")
"""Where the solver says something of a text that was not read from a file."""


@frozen
class Template:
    """A block of the file at `path`: its name, the names that are replaced, and its text, which
    begins at a line and column, right after the words `#program ...`."""

    path: Path
    line: int
    column: int
    name: str
    parameters: tuple[str, ...]
    text: str

    @property
    def signature(self) -> str:
        """Name and arity."""
        return f"{self.name}/{len(self.parameters)}"


@frozen
class Instance:
    """A template with constants in the place of its parameters."""

    template: Template
    arguments: tuple[str, ...]
    _made: tuple[str, tuple[tuple[int, int, int, int], ...]] = field(init=False, eq=False)

    @_made.default
    def _write(self) -> tuple[str, tuple[tuple[int, int, int, int], ...]]:
        replaced = dict(zip(self.template.parameters, self.arguments, strict=True))
        old = self.template.text
        text: list[str] = []
        shifts: list[tuple[int, int, int, int]] = []
        done = length = 0
        for match in _PIECE.finditer(old):
            new = replaced.get(match["name"] or "")
            if new is not None:
                text += [old[done : match.start()], new]
                length += match.start() - done + len(new)
                done = match.end()
                shifts.append((length - len(new), length, match.start(), done))
        return "".join([*text, old[done:]]), tuple(shifts)

    @property
    def text(self) -> str:
        """The rules, in as many lines as those of the template."""
        return self._made[0]

    def __str__(self) -> str:
        inside = f"({','.join(self.arguments)})" if self.arguments else ""
        return f"{self.template.name}{inside}"

    def at(self, line: int, column: int) -> tuple[int, int]:
        """Return where in the file of the template a character of the text stands; its lines are
        counted from 1, as are columns."""
        above = self.text.split("\n")[: line - 1]
        offset = sum(map(len, above)) + len(above) + column - 1
        shifts = self._made[1]
        if number := bisect_left(shifts, (offset + 1,)):
            _, end, old, old_end = shifts[number - 1]
            offset = old if offset < end else old_end + offset - end
        start = self.template.text.rfind("\n", 0, offset) + 1
        indent = 0 if start else self.template.column - 1
        return self.template.line + line - 1, indent + offset - start + 1


def templates_in(path: Path, text: str) -> Iterator[Template]:
    """Yield the templates of a rule file; what comes before the first, or after `#program base.`,
    belongs to none."""
    begin: re.Match[str] | None = None
    at = 0
    for match in _PIECE.finditer(text):
        if match["block"] is not None:
            yield from _template(path, text, begin, at, match.start())
            begin, at = BLOCK.fullmatch(match["block"]), match.end()
    yield from _template(path, text, begin, at, len(text))


def plain(text: str) -> str:
    """Return the text of a rule file without its templates."""
    kept, begin = [], 0
    inside = False
    for match in _PIECE.finditer(text):
        if match["block"] is not None:
            kept.append("" if inside else text[begin : match.start()])
            named = BLOCK.fullmatch(match["block"])
            inside, begin = named is None or named[1] != "base", match.end()
    return "".join([*kept, "" if inside else text[begin:]])


def once(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems with rules, but of those of one line that is written out several times the
    first only."""
    first: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        first.setdefault((problem.place.partition(" ")[0], problem.zh), problem)
    return list(first.values())


def _template(
    path: Path, text: str, begin: re.Match[str] | None, at: int, end: int
) -> Iterator[Template]:
    if begin is not None and begin[1] != "base":
        names = tuple(n.strip() for n in (begin[2] or "").split(",") if n.strip())
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        yield Template(path, line, column, begin[1], names, text[at:end])


@frozen
class Expansion:
    """All that is written out of the templates of a policy; `asked` tells the file and line of the
    clause for which an instance is."""

    instances: tuple[Instance, ...] = ()
    asked: Callable[[Instance], str] = field(default=str, eq=False)

    @cached_property
    def text(self) -> str:
        """The rules of all instances, one after the other."""
        return "".join(f"{i.text}\n" for i in self.instances)

    @cached_property
    def _starts(self) -> Sequence[int]:
        lines = [1]
        for instance in self.instances:
            lines.append(lines[-1] + instance.text.count("\n") + 1)
        return lines

    def located(self, message: str) -> tuple[str, Instance | None]:
        """Return what the solver says of `text`, told of the files of the templates instead, and
        the instance that it speaks of first."""
        found: list[Instance] = []

        def place(match: re.Match[str]) -> str:
            line = int(match[1])
            number = bisect_right(self._starts, line) - 1
            if number >= len(self.instances):
                return match[0]
            instance = self.instances[number]
            found.append(instance)
            own = line - self._starts[number] + 1
            first, begin = self._at(instance, own, int(match[2]))
            last, end = self._at(instance, own + int(match[3] or line) - line, int(match[4]))
            until = f"{last}:{end}" if match[3] else f"{end}"
            return f"{instance.template.path}:{first}:{begin}-{until}"

        told = _AT.sub(place, message)
        return told, found[0] if found else None

    @staticmethod
    def _at(instance: Instance, line: int, column: int) -> tuple[int, int]:
        """Return where a byte of the text stands, as bytes too: the solver counts them."""
        written = instance.text.split("\n")[line - 1].encode()[: column - 1].decode(errors="ignore")
        line, column = instance.at(line, len(written) + 1)
        old = instance.template.text.split("\n")[line - instance.template.line]
        if line == instance.template.line:
            return line, column
        return line, len(old[: column - 1].encode()) + 1
