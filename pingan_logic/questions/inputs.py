"""What a question takes besides data, unit, policy, year and day."""

from __future__ import annotations

from attrs import frozen

__all__ = ["Input"]


@frozen
class Input:
    """The words of an input (Chinese, English), the least and most that it may be, and what stands
    for its value in a command line."""

    zh: str
    en: str
    low: int | None = None
    high: int | None = None
    metavar: str | None = None
