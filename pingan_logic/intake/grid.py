"""The cells of a CSV text without quotation marks, cut at one stroke and handed out by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

__all__ = ["Grid"]

_END = "\n"


class Grid(Sequence["list[str]"]):
    """Rows of equally many cells, kept in one list: an item for each cell and one for the end of
    each row. A million rows are no million lists, and a column is a slice."""

    width: int

    __slots__ = ("_cells", "_known", "_rows", "width")

    def __init__(self, cells: list[str], width: int, rows: range) -> None:
        self._cells, self.width, self._rows = cells, width, rows
        self._known: tuple[int, str] | None = None

    @classmethod
    def of(cls, text: str) -> Grid | None:
        """Return the rows of `text`; None when they are not equally wide or need a CSV reader."""
        if '"' in text or not text:
            return None
        if "\r" in text:
            text = text.replace("\r\n", _END)
            if "\r" in text:
                return None
        ended = text.endswith(_END)
        rows = text.count(_END) + (not ended)
        width = text.count(",", 0, text.find(_END) if _END in text else len(text)) + 1
        cells = text.replace(_END, f",{_END},").split(",")
        if ended:
            del cells[-2:]  # the last end, and nothing after it
        # as many ends as there are rows, each after `width` cells: then none is anywhere else
        if len(cells) != rows * (width + 1) - 1 or {_END, *cells[width :: width + 1]} != {_END}:
            return None
        return cls(cells, width, range(rows))

    def column(self, place: int) -> list[str]:
        """Return the cells of a column, row by row."""
        size = self.width + 1
        rows = self._rows
        return self._cells[rows.start * size + place : rows.stop * size : size]

    def lines(self, place: int) -> str:
        """Return the cells of a column, each in its line."""
        whole = _END.join(self.column(place))
        self._known = place, whole
        return whole

    def known(self, place: int) -> str | None:
        """Return the `lines` of a column, if they were the last asked for."""
        return self._known[1] if self._known is not None and self._known[0] == place else None

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, row: int) -> list[str]: ...
    @overload
    def __getitem__(self, row: slice) -> Grid: ...
    def __getitem__(self, row: int | slice) -> list[str] | Grid:
        if isinstance(row, slice):
            rows = self._rows[row]
            if rows.step != 1:
                raise ValueError(row)
            return Grid(self._cells, self.width, rows)
        start = self._rows[row] * (self.width + 1)
        return self._cells[start : start + self.width]

    def __iter__(self) -> Iterator[list[str]]:
        return map(self.__getitem__, range(len(self)))
