"""Columns of a data frame as Python lists, through the dataframe interchange protocol.

For libraries without an Arrow stream, and for pandas where pyarrow is not installed.
https://data-apis.org/dataframe-protocol/latest/API.html
"""

from __future__ import annotations

import ctypes
from typing import Any

from pingan_logic.intake.arrow_stream import Unreadable, bits, decoded

__all__ = ["read_interchange"]

_BOOL, _STRING, _CATEGORICAL = 20, 21, 23
_NAN, _SENTINEL, _BITS, _BYTES = 1, 2, 3, 4


def read_interchange(frame: Any) -> dict[str, list[Any]]:
    """Return the columns of what has `__dataframe__`. Raises Unreadable for one of another type."""
    table = frame.__dataframe__(allow_copy=True)
    found: dict[str, list[Any]] = {}
    for name in table.column_names():
        values = found[str(name)] = []
        try:
            for chunk in table.get_column_by_name(name).get_chunks():
                values += _column(chunk)
        except (Unreadable, NotImplementedError, ValueError, TypeError) as error:
            raise Unreadable(str(name), str(error)) from None
    return found


def _column(column: Any) -> list[Any]:
    kind, _, form, _ = column.dtype
    first, length = column.offset, column.size()
    buffers = column.get_buffers()
    data, stored = buffers["data"]
    if int(kind) == _CATEGORICAL:
        words = column.describe_categorical["categories"]
        texts = _column(words)
        codes = decoded(_INTEGERS[stored[1]], [data.ptr], first, length)
        values = [texts[n] if 0 <= n < len(texts) else None for n in codes]
    elif int(kind) == _STRING:
        ends, ends_type = buffers["offsets"]
        values = decoded("u" if ends_type[1] == 32 else "U", [ends.ptr, data.ptr], first, length)
    elif int(kind) == _BOOL and stored[1] == 8:
        values = [bool(n) for n in decoded("C", [data.ptr], first, length)]
    else:
        values = decoded(form, [data.ptr], first, length)
    return [None if gone else v for v, gone in zip(values, _nulls(column, values), strict=True)]


_INTEGERS = {8: "c", 16: "s", 32: "i", 64: "l"}


def _nulls(column: Any, values: list[Any]) -> list[bool]:
    kind, null = column.describe_null
    first, length = column.offset, column.size()
    validity = column.get_buffers()["validity"]
    if int(kind) == _NAN:
        return [v != v for v in values]
    if int(kind) == _SENTINEL:
        if int(column.dtype[0]) == _CATEGORICAL:
            return [v is None for v in values]
        data = column.get_buffers()["data"][0]
        raw = (ctypes.c_int64 * length).from_address(data.ptr + 8 * first)
        return [n == null for n in raw]
    if validity is None or int(kind) not in (_BITS, _BYTES):
        return [False] * length
    buffer = validity[0]
    marks: list[Any]
    if int(kind) == _BITS:
        marks = bits(buffer.ptr, first, length)
    else:
        marks = decoded("C", [buffer.ptr], first, length)
    return [bool(m) == bool(null) for m in marks]
