"""Bytes to text: UTF-8 or GB18030, each strictly; what could as well be something else is asked."""

from __future__ import annotations

import codecs
import re
import unicodedata

from pingan_logic.characters import is_han
from pingan_logic.errors import InputError, Problem, RequestError, nearest
from pingan_logic.intake.foreign import other_readings

__all__ = ["BLANK", "ENCODINGS", "decode", "encoding_named"]

BLANK = b"\xef\xbb\xbf \t\r\n"
"""What may stand before the first character of a text."""

ENCODINGS = (
    "utf-8", "gb18030", "big5", "big5hkscs", "euc-kr", "cp949", "shift_jis", "cp932", "euc-jp",
    "tis-620", "utf-16", "windows-1250", "windows-1251", "windows-1252",
)  # fmt: skip
"""Encodings that can be named for a text that does not tell its own."""

_GB = "gb18030"
_UTF8_MARK = codecs.BOM_UTF8
_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"PK\x03\x04", "xlsx/zip"),
    (b"\xd0\xcf\x11\xe0", "xls"),
)
_OTHERS = ("big5", "shift_jis", "euc_kr", "latin-1")
_OLD_PRIVATE = str.maketrans(
    "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864\ue816\ue817\ue818\ue831\ue83b\ue855\ue7c7",
    "龴龵龶龷龸龹龺龻𠂇𠂉𠃌𡗗𢦏𤇾ḿ",
)
"""Characters for which GB18030 of 2000 had none of Unicode's yet; since 2005 and 2022 it has."""
_PRIVATE = re.compile("[\ue000-\uf8ff]")


_ALSO = {"gbk": _GB, "gb2312": _GB, "cp936": _GB, "utf-8-sig": "utf-8", "cp950": "big5"}
"""Encodings that another one contains."""


def encoding_named(name: str) -> str:
    """Return an encoding by any of its names. Raises RequestError naming the nearest."""
    name = str(name)
    wanted = name.strip().lower()
    wanted = _ALSO.get(wanted, wanted)
    try:
        found = codecs.lookup(wanted).name
    except LookupError:
        found = ""
    for known in ENCODINGS:
        if found == codecs.lookup(known).name:
            return known
    raise RequestError(
        [
            Problem(
                "--encoding",
                f"不认识的编码，应为 {'、'.join(ENCODINGS)}",
                f"unknown encoding; expected one of {', '.join(ENCODINGS)}",
                name,
                nearest(wanted, ENCODINGS),
            )
        ]
    )


def decode(data: bytes, file: str, encoding: str | None = None) -> str:
    """Return the text of `data`: UTF-8 (with a BOM or without) or GB18030.

    `encoding` is what a text is read as that is not plainly UTF-8. Raises InputError when it is
    neither, when its rows differ, or when another encoding is as likely.
    """
    if encoding != "utf-16":
        _refuse_marks(data, file)
    start = 0
    while data.startswith(_UTF8_MARK, start):
        start += len(_UTF8_MARK)
    marked = start > 0
    try:
        text = str(memoryview(data)[start:], "utf-8")
    except UnicodeDecodeError as error:
        data = data[start:]
        if marked or encoding == "utf-8":
            raise _refused_row(data, file, "utf-8", error.start) from None
        if encoding is None:
            _refuse_mixed(data, file, error.start)
    else:
        if text.isascii() or marked or encoding == "utf-8" or _plainly_utf8(text):
            return text
        if encoding is None:
            return _utf8_or_gb18030(data, text, file)
    return _gb18030(data, file) if encoding is None else _as_named(data, file, encoding)


def _refuse_marks(data: bytes, file: str) -> None:
    for mark, name in _BOMS:
        if data.startswith(mark):
            raise _refused(file, name)
    begin = data[:2000]
    few, many = sorted((begin[::2].count(0), begin[1::2].count(0)))
    # the high bytes of ASCII in UTF-16 are zeros at every second place
    if few + many > len(begin) // 4 or (many > len(begin) // 20 + 3 and few * 10 <= many):
        raise _refused(file, "UTF-16 (no BOM)")


def _as_named(data: bytes, file: str, encoding: str) -> str:
    try:
        return _standard(data.decode(encoding)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _refused_row(data, file, encoding, error.start) from None


def _standard(text: str) -> str:
    return text.translate(_OLD_PRIVATE) if _PRIVATE.search(text) else text


def _gb18030(data: bytes, file: str) -> str:
    try:
        text = data.decode(_GB)
    except UnicodeDecodeError:
        raise _refused(file, _guess(data)) from None
    text = _standard(text).removeprefix("\ufeff")
    if others := other_readings(data):
        raise _unsure(file, data, (("GB18030", _GB), *others))
    return text


def _plainly_utf8(text: str) -> bool:
    """Whether characters of three bytes stand in a text, and none that stand in no text."""
    if _WIDE.search(text) is None:
        return False
    return len(text) > _LONG or not any(map(_nowhere, set(text) - _CONTROLS))


_WIDE = re.compile("[\u0800-\U0010ffff]")
_CONTROLS = frozenset(map(chr, range(0x80)))
_LONG = 100_000
"""Characters of a text that is no valid UTF-8 by chance."""


def _nowhere(c: str) -> bool:
    """Whether a character stands in no text: a control, a private or an unassigned one."""
    return unicodedata.category(c) in ("Cc", "Co", "Cn") and not is_han(c)


def _utf8_or_gb18030(data: bytes, text: str, file: str) -> str:
    """Return what valid UTF-8 says that is nearly all of two bytes a character: GB18030 reads each
    as a Chinese one, and its `太原` is valid UTF-8. It is UTF-8 if it makes words."""
    runs = list(dict.fromkeys(re.findall(r"[^\x00-\x7f]+", text)))
    try:
        other = data.decode(_GB)
    except UnicodeDecodeError:
        return text
    if not all(c.isascii() or "\u4e00" <= c <= "\u9fff" for c in set(other)):
        return text
    if any(len(run) > 1 and not re.fullmatch(_SCRIPT, run) for run in runs):
        return other
    if all(re.fullmatch(_WORD, run) for run in runs) or re.search(_IN_WORD, text):
        return text
    raise _unsure(file, data, (("GB18030", _GB), ("UTF-8", "utf-8")))


_SCRIPTS = ("\u00c0-\u017f", "\u0370-\u03ff", "\u0400-\u04ff", "\u0590-\u05ff", "\u0600-\u06ff")
_SCRIPT = "|".join(f"[{letters}]+" for letters in _SCRIPTS)
_WORD = "|".join(f"[{letters}]{{3,}}" for letters in _SCRIPTS) + "|[\u0620-\u06d5]{2}"
"""Letters of one script that make a word and no chance."""
_IN_WORD = "[a-z][\u00c0-\u017f]|[\u00c0-\u017f][a-z]"


def _refuse_mixed(data: bytes, file: str, bad: int) -> None:
    """Refuse a text of which some rows are plainly UTF-8, while at the byte `bad` it is none."""
    for match in _PLAIN.finditer(data):
        start, end = data.rfind(b"\n", 0, match.start()) + 1, data.find(b"\n", match.end())
        try:
            data[start : end if end >= 0 else None].decode("utf-8")
        except UnicodeDecodeError:
            continue
        good, row = (data.count(b"\n", 0, at) + 1 for at in (start, bad))
        raise InputError(
            [
                Problem(
                    f"{file} row {row}",
                    f"这一行不是 UTF-8，第{good}行却是：一个文件两种编码，请另存为 UTF-8",
                    f"not UTF-8, while row {good} is: two encodings in one file; save it as UTF-8",
                )
            ]
        )


_PLAIN = re.compile(rb"[\xe3-\xe9][\x80-\xbf][\x80-\xbf][\xe3-\xe9][\x80-\xbf][\x80-\xbf]")
"""Two Chinese characters in UTF-8."""


def _guess(data: bytes) -> str:
    for name in _OTHERS:
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        return name.upper()
    return "?"  # latin-1 accepts any byte, so this is never reached


def _refused(file: str, name: str) -> InputError:
    return InputError(
        [
            Problem(
                file,
                "编码应为 UTF-8 或 GB18030，请另存为 UTF-8，或用 --encoding 写明编码",
                "the encoding must be UTF-8 or GB18030; save it as UTF-8, or name it with "
                "--encoding",
                name,
            )
        ]
    )


def _unsure(file: str, data: bytes, readings: tuple[tuple[str, str], ...]) -> InputError:
    """Return the error that shows what is read in each encoding."""
    names = [name for name, _ in readings]
    cell = _CELL.search(data)
    words = (cell[0] if cell else b"").strip()[:_SHOWN]
    shown = "; ".join(f"{name}: {words.decode(codec, 'ignore')}" for name, codec in readings)
    return InputError(
        [
            Problem(
                file,
                f"编码无法确定，可能是 {' 或 '.join(names)}：请用 --encoding 写明"
                f"（如 --encoding {names[0].lower()}），或另存为 UTF-8",
                f"the encoding cannot be told: {' or '.join(names)}; name it, as in --encoding "
                f"{names[0].lower()}, or save it as UTF-8",
                shown,
            )
        ]
    )


_CELL = re.compile(rb'[^\x00-\x1f,;"]*[\x80-\xff][^\x00-\x1f,;"]*')
_SHOWN = 24
"""Bytes of the first cell that are shown in each encoding."""


def _refused_row(data: bytes, file: str, encoding: str, at: int) -> InputError:
    row = data.count(b"\n", 0, at) + 1
    found = " ".join(f"{b:02X}" for b in data[at : at + 4])
    return InputError(
        [
            Problem(
                f"{file} row {row}",
                f"从这里起不是 {encoding}，请核对编码，或另存为 UTF-8",
                f"not {encoding} from here on; name the right encoding or save it as UTF-8",
                found,
            )
        ]
    )
