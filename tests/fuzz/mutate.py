"""Seeded mutation: the same seed makes the same inputs on every machine."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

__all__ = ["MOST", "TOKENS", "Mutate", "by_cells", "by_words", "mutate", "numbered"]

MOST = 16 * 1024
"""Bytes of the longest input."""

TOKENS: tuple[bytes, ...] = (
    *(b"", b"\x00", b"\x1b[31m", b"\x9b", b"\r", b"\n", b"\r\n", b"\t", b"\xef\xbb\xbf", b"\xff"),
    *(b"'", b'"', b"\\", b"`", b"<", b">", b"&", b"%", b"{", b"}", b"[", b"]", b"(", b")"),
    *(b"=cmd|' /C calc'!A0", b"+1", b"-1", b"@SUM(1)", b"=1+1", b"'=", b"\xef\xbc\x9d1"),
    *(b"<script>alert(1)</script>", b'"><img src=x onerror=alert(1)>', b"]]>", b"<!--", b"-->"),
    *(b'").\na("', b'\\").', b"%*", b"*%", b"#script(lua) x #end.", b'#include "x".', b"@f()"),
    *(b"0", b"-0", b"1e999", b"1e-999", b"nan", b"inf", b"Infinity", b"0x1FFFFFFFF"),
    *(b"2147483647", b"2147483648", b"4294967296", b"9" * 40, b"9" * 5000, b"\xc2\xb2"),
    *("\u202e".encode(), "\u200b".encode(), "\u2028".encode(), "\ufeff".encode()),
    *("\ufffd".encode(), "\ufffe".encode(), "\U0001f600".encode(), "\u0661".encode()),
    *(
        "平安楼栋".encode(),
        "单位".encode(),
        "户".encode() * 201,
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
    ),
    *("２０１４".encode(), "　".encode(), "示例".encode(), b"2014", b"2014-05-01", b"0000"),
)
"""Pieces that have hurt readers before."""


def mutate(
    data: bytes, rng: random.Random, seeds: Sequence[bytes], tokens: Sequence[bytes]
) -> bytes:
    """Return `data` with one to eight changes; `seeds` are other inputs to take pieces from."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4, 8))):
        _change(out, rng, seeds, tokens)
    return bytes(out[:MOST])


Mutate = Callable[[bytes, random.Random, Sequence[bytes], Sequence[bytes]], bytes]


def by_words(
    data: bytes, rng: random.Random, seeds: Sequence[bytes], tokens: Sequence[bytes]
) -> bytes:
    """Return `data` with one to three words, numbers, texts or signs in the place of others.

    What is written in a language mostly still parses then; now and then it is changed as `mutate`
    does it.
    """
    if rng.random() < 0.3:
        return mutate(data, rng, seeds, tokens)
    pieces = _PIECES.findall(data)
    others = _PIECES.findall(rng.choice(seeds))
    for _ in range(rng.choice((1, 1, 2, 3))):
        places = [n for n, p in enumerate(pieces) if not p.isspace() and p[:1] != b"%"]
        if not places:
            break
        at = rng.choice(places)
        kind = _kind(pieces[at])
        alike = [p for p in (*pieces, *others) if _kind(p) == kind]
        how = rng.randrange(5)
        if how == 0:
            pieces[at] = rng.choice(_NUMBERS)
        elif how == 1:
            del pieces[at]
        elif how == 2:
            pieces.insert(at, rng.choice(alike))
        else:
            pieces[at] = rng.choice(alike)
    return b"".join(pieces)[:MOST]


def by_cells(
    data: bytes, rng: random.Random, seeds: Sequence[bytes], tokens: Sequence[bytes]
) -> bytes:
    """Return lines of cells (`a|b|c`) with other lines, or with tokens in the place of cells.

    Now and then it is changed as `mutate` does it.
    """
    if rng.random() < 0.2:
        return mutate(data, rng, seeds, tokens)
    lines = data.split(b"\n")
    for _ in range(rng.choice((1, 1, 2, 3, 5))):
        at = rng.randrange(len(lines))
        how = rng.randrange(8)
        if how == 0 and len(lines) > 1:
            del lines[at]
        elif how == 1:
            lines.insert(at, rng.choice(rng.choice(seeds).split(b"\n")))
        else:
            cells = re.split(rb"([|:=]|^[^|] )", lines[at])
            cells[rng.randrange(0, len(cells), 2)] = rng.choice(tokens)
            lines[at] = b"".join(cells)
    return b"\n".join(lines)[:MOST]


_PIECES = re.compile(rb'%[^\n]*|"[^"\n]*"|[A-Za-z_]\w*|\d+|\s+|.', re.DOTALL)


def _kind(piece: bytes) -> int:
    first = piece[:1]
    if first.isalpha() or first == b"_":
        return 1 if first.islower() else 2
    return 3 if first.isdigit() else 4 if first == b'"' else 5


def numbered(
    number: int,
    seed: int,
    name: str,
    starts: Sequence[bytes],
    tokens: Sequence[bytes],
    change: Mutate = mutate,
) -> bytes:
    """Return input `number` of a run: first those to begin from as they are, then mutated ones.

    `name` is the target's, so that targets do not all get the same changes.
    """
    if number < len(starts):
        return starts[number][:MOST]
    rng = random.Random(f"{seed} {name} {number}")
    return change(rng.choice(starts), rng, starts, tokens)


def _change(
    out: bytearray, rng: random.Random, seeds: Sequence[bytes], tokens: Sequence[bytes]
) -> None:
    size = len(out)
    at = rng.randrange(size + 1)
    far = min(size, at + rng.choice((1, 1, 2, 4, 8, 16, 64, 256)))
    kind = rng.randrange(10)
    if kind == 0 and size:
        out[min(at, size - 1)] ^= 1 << rng.randrange(8)
    elif kind == 1 and size:
        out[min(at, size - 1)] = rng.randrange(256)
    elif kind == 2:
        del out[at:far]
    elif kind == 3:
        out[at:at] = out[at:far] * rng.choice((1, 1, 2, 8, 60))
    elif kind == 4:
        other = rng.choice(seeds)
        start = rng.randrange(len(other) + 1)
        out[at:at] = other[start : start + rng.choice((1, 4, 16, 64, 256))]
    elif kind == 5 and size:
        begin, end = _digits(out, at)
        out[begin:end] = rng.choice(_NUMBERS)
    elif kind == 6:
        here = rng.randrange(size + 1)
        piece = out[at:far]
        del out[at:far]
        out[here:here] = piece
    elif kind == 7:
        out[at:far] = rng.choice(tokens)
    else:
        out[at:at] = rng.choice(tokens)


def _digits(out: bytearray, at: int) -> tuple[int, int]:
    """Return where the next number stands, or `at` twice."""
    begin = at
    while begin < len(out) and not 48 <= out[begin] <= 57:
        begin += 1
    if begin == len(out):
        return at, at
    end = begin
    while end < len(out) and 48 <= out[end] <= 57:
        end += 1
    return begin, end


_NUMBERS = (
    *(b"0", b"1", b"-1", b"7", b"255", b"256", b"16384", b"16385", b"65536", b"1048576"),
    *(b"1048577", b"2147483647", b"2147483648", b"4294967295", b"4294967296", b"999999999"),
    *(b"9223372036854775807", b"18446744073709551616", b"0.5", b"1e9", b"9" * 30, b"9" * 5000),
)
