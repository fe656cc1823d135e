"""What all answers have in common: rows, one line in a shell, words in a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

from pingan_logic.errors import Problem, RequestError, nearest

__all__ = ["Answer", "html_table"]

T = TypeVar("T")


class Answer(Generic[T]):
    """An answer that is a sequence of rows, each found by its number or its name."""

    __slots__ = ()

    @property
    def rows(self) -> Sequence[T]:
        """The rows."""
        raise NotImplementedError

    def name_of(self, row: T) -> str:
        """Return the name under which a row is found."""
        raise NotImplementedError

    def text(self, lang: str = "zh") -> str:
        """Return the answer in the words of the command line."""
        raise NotImplementedError

    def about(self) -> str:
        """Return what the answer is about, for one line."""
        return ""

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return True  # an answer without rows is an answer

    @overload
    def __getitem__(self, key: int | str) -> T: ...
    @overload
    def __getitem__(self, key: slice) -> Sequence[T]: ...
    def __getitem__(self, key: int | str | slice) -> T | Sequence[T]:
        """Return a row by its number or name. Raises RequestError when none has the name."""
        if not isinstance(key, str):
            return self.rows[key]
        names = {self.name_of(row): row for row in reversed(self.rows)}
        if key not in names:
            zh, en = "没有这一项", "there is no such row"
            raise RequestError([Problem(type(self).__name__, zh, en, key, nearest(key, names))])
        return names[key]

    def __repr__(self) -> str:
        about = self.about()
        return f"<{type(self).__name__}{f' {about}' if about else ''}: {len(self)} rows>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(self.text())}</pre>"


def html_table(header: Sequence[str], rows: Sequence[Sequence[Any]], title: str = "") -> str:
    """Return a table for a notebook."""
    from html import escape

    head = "".join(f"<th>{escape(h)}</th>" for h in header)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(_cell(c))}</td>' for c in row)}</tr>" for row in rows
    )
    caption = f"<caption>{escape(title)}</caption>" if title else ""
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
