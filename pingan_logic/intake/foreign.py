"""Signs that bytes which read as GB18030 were written in another encoding.

Almost any text of East Asia reads as some Chinese. A text is taken for what it says unless another
reading of it is much likelier made of names of that language. Rare Chinese characters alone are no
such sign, so names of them are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from pingan_logic.intake.tongues import CHINESE, JAPANESE, KOREAN, TAIWANESE, Tongue

__all__ = ["other_readings"]

_CELL = re.compile(rb'[^\x00-\x1f,"]*[\x80-\xff][^\x00-\x1f,"]*')
_CELLS = 3000
"""Different cells that are looked at."""


def other_readings(data: bytes) -> tuple[tuple[str, str], ...]:
    """Return the other encodings (their names, and Python's) in which `data`, which can be read as
    GB18030, is as likely to have been written; none when it is plainly Chinese."""
    cells: dict[bytes, None] = {}
    for match in _CELL.finditer(data):
        cells[match[0]] = None
        if len(cells) == _CELLS:
            break
    return tuple(_found(b"\n".join(cells)))


def _found(sample: bytes) -> Iterator[tuple[str, str]]:
    chinese = sample.decode("gb18030", "replace")
    wide = [c for c in chinese if c > "\x7f"]
    odd = sum(map(_odd, wide))
    private = sum(map(_private, wide))
    strange = (odd > 1 and odd * 4 >= len(wide)) or private * 10 >= len(wide)
    in_chinese = CHINESE.likelihood(chinese)
    for name, codec, sign in _LIKE:
        try:
            read = sample.decode(codec)
        except UnicodeDecodeError:
            continue
        if isinstance(sign, Tongue):
            likelier = sign.likelihood(read) - in_chinese >= _SURE
            is_like = likelier and not any(map(_private, read))
        else:
            is_like = sign(sample, read)
        if is_like or (strange and name in _WIDE):
            yield name, codec


_SURE = 5.0
"""How much likelier another reading must be to be thought of, as a logarithm: 150 times."""


_WIDE = ("BIG5", "EUC-JP")


def _odd(c: str) -> bool:
    """Whether a character of GB18030 is of a script or drawing that Chinese names do not use."""
    return (
        "\u0370" <= c <= "\u04ff"
        or "\u3041" <= c <= "\u312f"
        or "\u2502" <= c <= "\u257f"
        or "\u00e0" <= c <= "\u02ff"
    )


def _private(c: str) -> bool:
    return "\ue000" <= c <= "\uf8ff"


def _latin(sample: bytes, read: str) -> bool:
    chinese = sample.decode("gb18030", "replace")
    wide = sum(c > "\x7f" for c in chinese)
    inside = sum(
        c.encode("gb18030")[1:].isalpha()
        for c in re.findall(r"(?<=[A-Za-z])([^\x00-\x7f])(?![^\x00-\x7f])", chinese)
        + re.findall(r"(?<![^\x00-\x40])([^\x00-\x7f])(?=[a-z])", chinese)
    )
    return bool(inside * 2 >= wide)


_RUN = re.compile(rb"[\x80-\xff]+")
_CASED = re.compile(
    rb"[\xa5\xa8\xaa\xaf\xb2\xc0-\xdf][\xb3\xb4\xb8\xba\xbf\xdc-\xff]*"  # Windows-1251, -1253
    rb"|[\xe0-\xff]{1,2}[\xa4-\xa7\xad\xc0-\xdf]*"  # KOI8
    rb"|[\xe0-\xfa]+|[\xc0-\xdf]+"  # one case, or Hebrew
)


_LETTERS = 10
"""Letters beyond ASCII that show how a language uses capitals."""


def _cased(sample: bytes, read: str) -> bool:
    runs = _RUN.findall(sample)
    words = sum(len(run) > 2 for run in runs)
    return (
        len(b"".join(runs)) >= _LETTERS
        and words * 2 >= len(runs)
        and all(map(_CASED.fullmatch, runs))
    )


def _thai(sample: bytes, read: str) -> bool:
    """Whether a text is spelt as Thai is: vowels and tones stand at consonants."""
    words = re.findall("[\u0e00-\u0e7f]+", read)
    letters = sum(map(len, words))
    return (
        letters >= _LETTERS
        and letters == sum(c > "\x7f" for c in read)
        and all(map(_SPELT.fullmatch, words))
        and sum(-3.0 if c in _THAI else -5.0 for w in words for c in w)
        - CHINESE.likelihood(sample.decode("gb18030", "replace"))
        >= _SURE
    )


_THAI = frozenset(
    "\u0e32\u0e19\u0e23\u0e2d\u0e01\u0e40\u0e07\u0e21\u0e22\u0e25\u0e27\u0e14\u0e17\u0e2a\u0e48\u0e15\u0e30\u0e1b\u0e31\u0e49\u0e1a\u0e04\u0e35\u0e2b"
)
"""The letters of which Thai is mostly made."""


_SPELT = re.compile(
    "(?:[\u0e40-\u0e44]?[\u0e01-\u0e2e][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{0,3}[\u0e30\u0e32\u0e33\u0e45]?)+"
)


_LIKE: Sequence[tuple[str, str, Tongue | Callable[[bytes, str], bool]]] = (
    ("BIG5", "cp950", TAIWANESE),
    ("EUC-KR", "cp949", KOREAN),
    ("SHIFT_JIS", "cp932", JAPANESE),
    ("EUC-JP", "euc_jp", JAPANESE),
    ("TIS-620", "cp874", _thai),
    ("WINDOWS-1252", "latin-1", _latin),
    ("WINDOWS-1251", "latin-1", _cased),
)
