"""Optional libraries: imported when needed, and named, with the extra to install, when missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from pingan_logic.errors import Problem, RequestError
from pingan_logic.shell import install

__all__ = ["optional"]


def optional(module: str, extra: str, place: str) -> Any:
    """Return an imported module. Raises RequestError telling which extra brings it."""
    try:
        return import_module(module)
    except ImportError:
        command = install(extra)
        raise RequestError(
            [
                Problem(
                    place,
                    f"需要另外安装一个组件：{command}",
                    f"another part must be installed: {command}",
                    module,
                )
            ]
        ) from None
