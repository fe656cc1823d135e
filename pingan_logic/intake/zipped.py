"""The XML parts of a zipped workbook (xlsx, ods): unpacked once, under limits, and checked.

What the libraries then read is put together from the checked parts, so that they see nothing that
was not checked: no second part of the same name, no more bytes than were announced.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from pingan_logic.errors import InputError, PinganError, Problem
from pingan_logic.limits import (
    BOMB_BYTES,
    PARTS,
    RATIO,
    TAGS,
    UNPACKED_BYTES,
    too_large,
)

__all__ = ["Odd", "broken", "checked", "damaged", "pack", "parser", "unpack"]

_KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_XML = (".xml", ".rels")
_UNUSED = ("customXml/", "docProps/")
_ENCODING = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*<(?:\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)|(?!\?xml[^>]*encoding))"""
)


class Odd(ValueError):
    """What stands in a workbook that no spreadsheet writes; the words are as they stand there."""


def unpack(data: bytes, file: str, *, every: bool = False) -> dict[str, bytes]:
    """Return the parts of a workbook by name, the XML of a workbook checked; with `every` also that
    of its properties.

    Raises InputError when it is no whole workbook or goes beyond a limit.
    """
    if data.count(b"PK\x01\x02") > PARTS:
        raise _too_many_parts(file)
    with damaged(file), zipfile.ZipFile(io.BytesIO(data)) as book:
        infos = book.infolist()
        _refuse_bombs(infos, file)
        names = Counter(i.filename for i in infos)
        if twice := [name for name, times in names.items() if times > 1]:
            raise Odd(f"2 × {twice[0]}")
        parts = {i.filename: book.read(i) for i in infos}
        for name, content in parts.items():
            if name.lower().endswith(_XML) and (every or not name.startswith(_UNUSED)):
                parts[name] = checked(name, content)
        if sum(content.count(b"<") for content in parts.values()) > TAGS:
            raise too_large(
                file,
                f"内容超过{TAGS}个 XML 标记，拒绝读取",
                f"more than {TAGS} XML tags: refused",
            )
    return parts


@contextmanager
def damaged(file: str) -> Iterator[None]:
    """Raise InputError for whatever goes wrong inside: damage shows in many kinds of error, of the
    zip, the XML, its encoding, the numbers in it."""
    try:
        yield
    except (PinganError, MemoryError):
        raise
    except Odd as odd:
        raise broken(file, str(odd)) from None
    except Exception:
        raise broken(file) from None


def checked(name: str, xml: bytes) -> bytes:
    """Return the XML of a part without comments and CDATA sections: the libraries pass over text in
    them or divided by them.

    Raises Odd for what no spreadsheet writes. A document type can define entities, which blow up in
    memory or read other files.
    """
    declared = _ENCODING.match(xml[:1000])
    encoding = b"utf-8" if declared is None or declared[1] is None else declared[1].lower()
    if declared is None or b"\x00" in xml[:1000] or encoding not in (b"utf-8", b"us-ascii"):
        raise Odd(f"{name}: {xml[:60].decode('ascii', 'backslashreplace')}")
    if b"<!" in xml:
        xml = b"".join(_plain(name, xml))
    return xml


def _plain(name: str, xml: bytes) -> Iterator[bytes]:
    end = 0
    while (at := xml.find(b"<!", end)) >= 0:
        before = xml[end:at]
        yield before
        mark = next((m for m in _ENDS if xml.startswith(m, at)), b"")
        if before.rfind(b"<?") > before.rfind(b"?>"):
            mark = b""  # it stands in an instruction, where it is none
        end = xml.find(_ENDS[mark], at + len(mark)) if mark else -1
        if end < 0:
            raise Odd(f"{name}: {xml[at : at + 9].decode('ascii', 'backslashreplace')}")
        if mark == _CDATA:
            yield escape(xml[at + len(mark) : end].decode("utf-8")).encode()
        end += len(_ENDS[mark])
    yield xml[end:]


_CDATA = b"<![CDATA["
_ENDS = {b"<!--": b"-->", _CDATA: b"]]>"}


def _refuse_bombs(infos: list[zipfile.ZipInfo], file: str) -> None:
    if len(infos) > PARTS:
        raise _too_many_parts(file)
    size = sum(i.file_size for i in infos)
    if size > UNPACKED_BYTES:
        most = UNPACKED_BYTES // 2**20
        raise too_large(
            file,
            f"文件解压后超过{most}MiB，拒绝读取",
            f"the file unpacks to more than {most} MiB: refused",
            f"{size // 2**20} MiB",
        )
    for i in infos:
        if i.compress_type not in _KINDS or i.flag_bits & 1:
            raise Odd(f"{i.filename}: compress_type={i.compress_type} flag_bits={i.flag_bits:#x}")
        if i.file_size > max(BOMB_BYTES, RATIO * i.compress_size):
            raise too_large(
                file,
                f"其中 {i.filename} 解压后超过原大小的{RATIO}倍，拒绝读取",
                f"its part {i.filename} unpacks to more than {RATIO} times its size: refused",
                f"{i.file_size // 2**20} MiB",
            )


def _too_many_parts(file: str) -> InputError:
    return too_large(
        file,
        f"压缩包内的文件超过{PARTS}个，拒绝读取",
        f"the file holds more than {PARTS} parts: refused",
    )


def pack(parts: Mapping[str, bytes]) -> io.BytesIO:
    """Return a workbook made of these parts, uncompressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    out.seek(0)
    return out


def broken(file: str, found: str | None = None) -> InputError:
    """Return the error of a zipped workbook that cannot be read, with what was found in it."""
    return InputError(
        [
            Problem(
                file,
                "不是完整的工作簿（文件损坏或不是 xlsx、ods），请重新另存",
                "is not a whole workbook (damaged, or not xlsx or ods); save it again",
                found,
            )
        ]
    )


def parser() -> Any:
    """Return an XML parser for a checked part."""
    return expat.ParserCreate("utf-8", " ")
