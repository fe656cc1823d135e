"""Files that bear the name of a workbook and hold something else, as web systems export them."""

from __future__ import annotations

import codecs
import csv
import re

from attrs import frozen

from pingan_logic.errors import InputError, Problem
from pingan_logic.intake.decode import BLANK
from pingan_logic.intake.headers import looks_like_header, table_like, table_of

__all__ = ["MAGIC", "Text", "is_text", "refuse_other", "text_table"]

MAGIC = (b"PK", b"\xd0\xcf\x11\xe0")
"""What workbooks begin with: zipped ones, and those of 1997 to 2003."""

_BIFF = re.compile(rb"\x09[\x00\x02\x04\x08]")
"""What workbooks before 1997 begin with."""
_OTHERS = (
    (re.compile(rb"mime-version:|.{0,500}multipart/related", re.DOTALL),
     "网页存档（MHTML）", "a web archive (MHTML)"),
    (re.compile(rb"<.*urn:schemas-microsoft-com:office:spreadsheet", re.DOTALL),
     "“XML 表格 2003”", "an XML spreadsheet of 2003"),
    (re.compile(rb"<.*<(?:html|table)\b|<(?:html|table)\b", re.DOTALL), "网页", "a web page"),
    (re.compile(rb"<"), "XML", "XML"),
    (re.compile(rb"%pdf"), "PDF", "a PDF"),
    (re.compile(rb"\{\\rtf"), "RTF 文档", "an RTF document"),
    (re.compile(rb"rar!|7z\xbc\xaf|\x1f\x8b"), "压缩包", "an archive"),
)  # fmt: skip
_SEEN = 4000
_LINES = 10
_SEPARATORS = {"\t": ("制表符", "tabs"), ",": ("逗号", "commas"), ";": ("分号", "semicolons")}


def refuse_other(data: bytes, file: str) -> None:
    """Refuse what is plainly no workbook, saying what it is. Raises InputError."""
    begin = data.lstrip(BLANK)[:_SEEN].lower()
    for mark, zh, en in _OTHERS:
        if mark.match(begin):
            raise InputError(
                [
                    Problem(
                        file,
                        f"其实是{zh}，不是工作簿，请用 Excel 或 WPS 打开后另存为 xlsx",
                        f"is {en}, not a workbook; open it in a spreadsheet and save it as xlsx",
                    )
                ]
            )


def is_text(data: bytes) -> bool:
    """Whether a file is text, not a workbook of any age."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    return bool(data.strip()) and not (
        data.startswith(MAGIC) or _BIFF.match(data) or b"\x00" in data[:_SEEN]
    )


@frozen
class Text:
    """A table that stands as text in a file named as a workbook."""

    table: str
    separator: str
    said: tuple[str, str]


def text_table(text: str, file: str, stem: str) -> Text:
    """Return which table a text holds, and what parts its columns: told by its header.

    Raises InputError when none of its first lines is a header.
    """
    for line in text.splitlines()[:_LINES]:
        for separator, (zh, en) in _SEPARATORS.items():
            cells = next(csv.reader([line], delimiter=separator))
            named = table_of(stem)
            table = named if named and looks_like_header(named, cells) else table_like(cells)
            if table is not None:
                said = (
                    f"{file}：其实是用{zh}分隔的文本，已照此读取",
                    f"{file}: is text separated by {en} and was read so",
                )
                return Text(table, separator, said)
    raise InputError(
        [
            Problem(
                file,
                "其实是文本，不是工作簿，开头也没有表头；请用 Excel 或 WPS 打开后另存为 xlsx",
                "is text, not a workbook, and begins with no header; open it in a spreadsheet and "
                "save it as xlsx",
                text.lstrip().partition("\n")[0].partition("\t")[0].strip(),
            )
        ]
    )
