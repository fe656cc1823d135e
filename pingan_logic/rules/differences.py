"""In which rules a policy differs from the shipped one of its notice, or from the shared ones.

A policy of one's own may differ on purpose; what was deleted or changed by a slip, and contradicts
nothing, shows here alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from attrs import frozen

from pingan_logic.rules.find import (
    base_folder,
    data_folder,
    policy_names,
    rule_files,
    same_notice,
)
from pingan_logic.rules.syntax import Syntax

__all__ = ["Difference", "differences"]

_LONG = 90


@frozen
class Difference:
    """A rule that only one of two policies has, and the place of the one that has it."""

    place: str
    text: str
    ours: bool

    def words(self, lang: str = "zh") -> str:
        """Return the difference as one line."""
        said = ("多出", "added") if self.ours else ("少了", "left out")
        text = self.text if len(self.text) <= _LONG else f"{self.text[:_LONG]}…"
        mark = f" {said[1]}: " if lang == "en" else f" {said[0]}："
        return f"{self.place}{mark}`{text}`"


def differences(
    folder: Path, read: Callable[[Sequence[Path]], Syntax]
) -> tuple[str, list[Difference]] | None:
    """Return the name of the shipped policy of the same notice, and what differs from it; of any
    other notice the shared rules, and what differs in the files that it replaces.

    None when it is the shipped one, or replaces nothing. `read` parses rule files.
    """
    for name in policy_names():
        shipped = data_folder("policies") / name
        if folder.resolve() == shipped.resolve():
            return None
        if same_notice(folder, shipped):
            return name, list(_between(rule_files(folder), rule_files(shipped), read))
    shared = [path for path in base_folder().glob("*.lp") if (folder / path.name).is_file()]
    own = [folder / path.name for path in shared]
    return (base_folder().name, list(_between(own, shared, read))) if shared else None


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()


def _between(
    own: Sequence[Path], others: Sequence[Path], read: Callable[[Sequence[Path]], Syntax]
) -> Iterator[Difference]:
    mine, shared = ({p.name: p for p in paths} for paths in (own, others))
    for name in sorted(mine.keys() | shared.keys()):
        here, there = mine.get(name), shared.get(name)
        if here is not None and there is not None and _same(here, there):
            continue
        ours, theirs = (_rules(read, p) if p is not None else [] for p in (here, there))
        yield from (Difference(name, text, False) for _, text in _only(theirs, ours))
        yield from (Difference(f"{name}:{line}", t, True) for line, t in _only(ours, theirs))


def _only(
    some: Sequence[tuple[int, str]], others: Sequence[tuple[int, str]]
) -> Iterator[tuple[int, str]]:
    """Yield the rules of `some` that are not among the others, each as often as it is not."""
    left = Counter(text for _, text in others)
    for line, text in some:
        if left[text]:
            left[text] -= 1
        else:
            yield line, text


def _rules(read: Callable[[Sequence[Path]], Syntax], path: Path) -> list[tuple[int, str]]:
    return [(r.line, re.sub(r"\s+", " ", r.text)) for r in read([path]).rules]
