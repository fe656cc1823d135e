"""What stands in a raw table for a cell that cannot be taken as it is."""

from __future__ import annotations

from typing import Any

from attrs import frozen

__all__ = ["Shown", "Trap"]


@frozen
class Trap:
    """Stands for a cell whose value cannot be trusted, with what to say; silent when empty."""

    zh: str = ""
    en: str = ""
    found: str | None = None


@frozen
class Shown:
    """Stands for a cell that holds `value` while a person sees `text`, or may see it under a
    condition."""

    text: str
    value: Any
    conditional: bool = False
