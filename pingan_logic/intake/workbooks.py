"""Workbooks: which format it is, told by what the file holds. A module of its own because its
readers take longer to import than most data to read as CSV."""

from __future__ import annotations

from pingan_logic.intake.disguised import refuse_other
from pingan_logic.intake.ods import read_ods
from pingan_logic.intake.sheets import Sheet, add_sheets
from pingan_logic.intake.source import Source
from pingan_logic.intake.xls import read_xls
from pingan_logic.intake.xlsx import read_xlsx

__all__ = ["add_workbook"]


def add_workbook(source: Source, data: bytes, file: str, stem: str, prefix: str = "") -> None:
    """Add the sheets of a workbook to `source`. Raises InputError when it is none."""
    add_sheets(source, _sheets(data, file), stem, prefix)


def _sheets(data: bytes, file: str) -> list[Sheet]:
    if data.startswith(b"PK"):
        if b"mimetypeapplication/vnd.oasis.opendocument" in data[:200]:
            return read_ods(data, file)
        return read_xlsx(data, file)
    refuse_other(data, file)
    return read_xls(data, file)
