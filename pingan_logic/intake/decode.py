"""Bytes to text: UTF-8 (with or without BOM) and GB18030; anything else is refused by name."""

from __future__ import annotations

from pingan_logic.errors import InputError, Problem

__all__ = ["BLANK", "decode"]

BLANK = b"\xef\xbb\xbf \t\r\n"
"""What may stand before the first character of a text."""

_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"PK\x03\x04", "xlsx/zip"),
    (b"\xd0\xcf\x11\xe0", "xls"),
)
_OTHERS = ("big5", "shift_jis", "euc_kr", "latin-1")


def decode(data: bytes, file: str) -> str:
    """Return the text of `data`. Raises InputError naming the encoding that was found."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            raise _refused(file, name)
    if data[:2000].count(0) > len(data[:2000]) // 4:
        raise _refused(file, "UTF-16 (no BOM)")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        raise _refused(file, _guess(data)) from None
    wide = [c for c in text if ord(c) > 127]
    common = sum(_in_gb2312(c) for c in wide)
    if common * 10 < len(wide) * 7:
        raise _refused(file, _guess(data))
    return text


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


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
                "编码应为 UTF-8 或 GB18030,请另存为“CSV UTF-8”",
                "the encoding must be UTF-8 or GB18030; save it as 'CSV UTF-8'",
                name,
            )
        ]
    )
