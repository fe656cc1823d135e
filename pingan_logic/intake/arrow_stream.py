"""Columns of a data frame as Python lists, through Arrow's C stream (the PyCapsule protocol).

pandas, Polars, Arrow and DuckDB all hand out such a stream: reading it needs none of them here.
See "The Arrow C stream interface" on arrow.apache.org.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from typing import Any

__all__ = ["Unreadable", "decoded", "read_stream"]


class Unreadable(Exception):
    """A column that holds something else than text, numbers, dates or yes and no: its type."""


class _Schema(ctypes.Structure):
    pass


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_char_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(_Schema))),
    ("dictionary", ctypes.POINTER(_Schema)),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Schema))),
    ("private_data", ctypes.c_void_p),
]
_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", ctypes.POINTER(_Array)),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))),
    ("private_data", ctypes.c_void_p),
]
_Stream._fields_ = [
    (
        "get_schema",
        ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Schema)),
    ),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))),
    ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.POINTER(_Stream))),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Stream))),
    ("private_data", ctypes.c_void_p),
]


def read_stream(frame: Any) -> dict[str, list[Any]]:
    """Return the columns of what has `__arrow_c_stream__`.

    Raises Unreadable for a column of another type, OSError when the stream breaks off.
    """
    capsule = frame.__arrow_c_stream__()
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    stream = _Stream.from_address(pointer(capsule, b"arrow_array_stream"))
    schema = _Schema()
    _checked(stream, stream.get_schema(stream, schema))
    try:
        fields = [schema.children[n].contents for n in range(schema.n_children)]
        found: dict[str, list[Any]] = {}
        names = [(f.name or b"").decode() for f in fields]
        for name in names:
            found.setdefault(name, [])
        if len(found) < len(names):
            raise Unreadable(next(n for n in names if names.count(n) > 1), "")
        for array in _arrays(stream):
            for n, (name, field) in enumerate(zip(names, fields, strict=True)):
                try:
                    found[name] += _column(
                        field, array.children[n].contents, array.offset, array.length
                    )
                except Unreadable as error:
                    raise Unreadable(name, *error.args) from None
        return found
    finally:
        schema.release(schema)


def _arrays(stream: Any) -> Iterator[Any]:
    while True:
        array = _Array()
        _checked(stream, stream.get_next(stream, array))
        if not array.release:
            return
        try:
            yield array
        finally:
            array.release(array)


def _checked(stream: Any, code: int) -> None:
    if code:
        said = stream.get_last_error(stream)
        raise OSError(code, said.decode(errors="replace") if said else "broken Arrow stream")


def _column(schema: Any, array: Any, start: int, length: int) -> list[Any]:
    first = start + array.offset
    form = schema.format.decode()
    buffers = [array.buffers[n] for n in range(array.n_buffers)]
    if schema.dictionary:
        words = array.dictionary.contents
        texts = _column(schema.dictionary.contents, words, 0, words.length)
        codes = decoded(form, buffers[1:], first, length)
        values = [texts[n] if 0 <= n < len(texts) else None for n in codes]
    elif form == "n":
        return [None] * length
    else:
        values = decoded(form, buffers[1:], first, length)
    if array.null_count and buffers[0]:
        there = bits(buffers[0], first, length)
        return [v if here else None for v, here in zip(values, there, strict=True)]
    return values


def decoded(form: str, buffers: Sequence[int | None], first: int, length: int) -> list[Any]:
    """Return the values of Arrow's format `form` in the buffers after the validity: `length` from
    the one numbered `first`. Raises Unreadable for another format."""
    if not length:
        return []
    if form in _NUMBERS:
        return list(_numbers(_NUMBERS[form], buffers[0], first, length))
    if form == "b":
        return bits(buffers[0] or 0, first, length)
    if form in ("u", "U"):
        return _texts(ctypes.c_int32 if form == "u" else ctypes.c_int64, buffers, first, length)
    if form == "vu":
        return _views(buffers, first, length)
    if form.startswith("d:"):
        return _decimals(form, buffers[0] or 0, first, length)
    if form in _DAYS:
        kind, per_day = _DAYS[form]
        return [_EPOCH + timedelta(n // per_day) for n in _numbers(kind, buffers[0], first, length)]
    if form[:3] in _TICKS:
        zone = form.partition(":")[2]
        ticks = _numbers(ctypes.c_int64, buffers[0], first, length)
        return [_moment(n, _TICKS[form[:3]], zone) for n in ticks]
    raise Unreadable(form)


_EPOCH = date(1970, 1, 1)
_SECONDS = 86400
_NUMBERS: dict[str, Any] = {
    "c": ctypes.c_int8,
    "C": ctypes.c_uint8,
    "s": ctypes.c_int16,
    "S": ctypes.c_uint16,
    "i": ctypes.c_int32,
    "I": ctypes.c_uint32,
    "l": ctypes.c_int64,
    "L": ctypes.c_uint64,
    "f": ctypes.c_float,
    "g": ctypes.c_double,
}
_DAYS = {"tdD": (ctypes.c_int32, 1), "tdm": (ctypes.c_int64, _SECONDS * 1000)}
_TICKS = {"tss": 1, "tsm": 10**3, "tsu": 10**6, "tsn": 10**9}
"""Ticks of a second."""


def _numbers(kind: Any, address: int | None, first: int, length: int) -> Any:
    return (kind * length).from_address((address or 0) + first * ctypes.sizeof(kind))


def bits(address: int, first: int, length: int) -> list[bool]:
    """Return `length` bits from the one numbered `first`."""
    packed = ctypes.string_at(address, (first + length + 7) // 8)
    return [bool(packed[n >> 3] >> (n & 7) & 1) for n in range(first, first + length)]


def _texts(kind: Any, buffers: Sequence[int | None], first: int, length: int) -> list[str]:
    ends = list(_numbers(kind, buffers[0], first, length + 1))
    data = ctypes.string_at((buffers[1] or 0) + ends[0], ends[-1] - ends[0]) if buffers[1] else b""
    start = ends[0]
    pairs = pairwise(ends)
    return [_text(data[a - start : b - start]) for a, b in pairs]


def _text(raw: bytes) -> str:
    return raw.decode(errors="backslashreplace")


_INLINE = 12


def _views(buffers: Sequence[int | None], first: int, length: int) -> list[str]:
    found = []
    for n in range(first, first + length):
        raw = ctypes.string_at((buffers[0] or 0) + 16 * n, 16)
        size = int.from_bytes(raw[:4], "little")
        if size > _INLINE:
            number, offset = (int.from_bytes(raw[k : k + 4], "little") for k in (8, 12))
            raw = ctypes.string_at((buffers[1 + number] or 0) + offset, size)
            found.append(_text(raw))
        else:
            found.append(_text(raw[4 : 4 + size]))
    return found


def _decimals(form: str, address: int, first: int, length: int) -> list[Decimal]:
    _, scale, *more = (int(x) for x in form[2:].split(","))
    size = (more[0] if more else 128) // 8
    numbers = (
        int.from_bytes(ctypes.string_at(address + size * n, size), "little", signed=True)
        for n in range(first, first + length)
    )
    return [Decimal((int(n < 0), tuple(map(int, str(abs(n)))), -scale)) for n in numbers]


def _moment(ticks: int, second: int, zone: str) -> date | datetime | None:
    days, rest = divmod(ticks, second * _SECONDS)
    try:
        day = _EPOCH + timedelta(days)
    except OverflowError:
        return None
    if not rest and not zone:
        return day
    start = datetime(day.year, day.month, day.day, tzinfo=timezone.utc if zone else None)
    # what is less than a microsecond is still a time of day
    return start + timedelta(microseconds=max(1, rest * 10**6 // second))
