"""How local forms map to the tables, columns and words of the program, and the mapping in use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from attrs import Factory, frozen

from pingan_logic.characters import narrow

__all__ = ["NO_FORMS", "Forms", "active", "using"]


@frozen
class Forms:
    """What a mapping file says: `tables` by the name of a sheet, `columns`, `words` and `constants`
    by table; names are held as they are compared. A column that is to be passed over is ""."""

    tables: Mapping[str, str] = Factory(dict)
    columns: Mapping[tuple[str, str], str] = Factory(dict)
    words: Mapping[tuple[str, str], Mapping[str, str]] = Factory(dict)
    constants: Mapping[str, Mapping[str, Any]] = Factory(dict)

    def table(self, name: str) -> str | None:
        """Return the table that a sheet, file or database table of this name holds."""
        return self.tables.get(narrow(name)) if self.tables else None

    def column(self, table: str, header: str) -> str | None:
        """Return the column that a header means, "" for one that is passed over."""
        return self.columns.get((table, narrow(header))) if self.columns else None


NO_FORMS = Forms()
_ACTIVE: ContextVar[Forms] = ContextVar("forms", default=NO_FORMS)


def active() -> Forms:
    """Return the mapping by which data is being read."""
    return _ACTIVE.get()


@contextmanager
def using(forms: Forms) -> Iterator[None]:
    """Read data by a mapping."""
    before = _ACTIVE.set(forms)
    try:
        yield
    finally:
        _ACTIVE.reset(before)
