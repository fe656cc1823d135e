"""What may stand in a case file: mappings that know their lines, and the room that they take."""

from __future__ import annotations

from typing import Any

from attrs import define

__all__ = [
    "MOST",
    "Mapped",
    "Room",
    "Trouble",
]


MOST = 200_000
"""Values a file may hold, with aliases, rows and ranges of names unfolded."""


class Mapped(dict[str, Any]):
    """A mapping that knows the line of each of its keys."""

    line = 0
    lines: dict[str, int]


@define
class Room:
    """What the file may still unfold to."""

    left: int = MOST

    def take(self, values: int) -> None:
        """Take room for so many values. Raises Trouble when there is not as much."""
        self.left -= values
        if self.left < 0:
            raise Trouble(
                f"展开后超过{MOST}个值", f"unfolds to more than {MOST} values", str(values)
            )


class Trouble(Exception):
    """What is wrong with a value, in both languages."""

    zh: str
    en: str
    found: str
    near: str | None

    def __init__(self, zh: str, en: str, found: str, near: str | None = None) -> None:
        super().__init__(zh, en, found, near)
        self.zh, self.en, self.found, self.near = zh, en, found, near
