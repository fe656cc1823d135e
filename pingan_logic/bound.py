"""What a value offers that only layers above it can do: the package binds it.

`Facts.from_dict` reads with `intake`, which makes `Facts` itself; `evaluate` returns answers that
can be asked further questions, each of which evaluates; and answers are worded by modules that read
them. So that no module imports one that rests on it, the lower one asks for what it needs by name,
and `pingan_logic` says what that is; it is loaded when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["bind", "bound"]

_LOADERS: dict[str, Callable[[], Any]] = {}


def bind(**loaders: Callable[[], Any]) -> None:
    """Say what returns the thing of each name."""
    _LOADERS.update(loaders)


def bound(name: str) -> Any:
    """Return the thing of a name."""
    return _LOADERS[name]()
