"""How much a source of data may be: beyond it, it is refused by name instead of filling memory."""

from __future__ import annotations

from pingan_logic.errors import InputError, Problem

__all__ = [
    "BOMB_BYTES",
    "CELLS",
    "COLUMNS",
    "CONNECT_SECONDS",
    "DATABASE_ROWS",
    "DATABASE_SECONDS",
    "FILE_BYTES",
    "LOCK_SECONDS",
    "NAME",
    "PARTS",
    "RATIO",
    "ROWS",
    "TAGS",
    "UNPACKED_BYTES",
    "too_large",
    "within",
]

FILE_BYTES = 2**30
"""Bytes of a file, 1 GiB: about ten million households in CSV."""
UNPACKED_BYTES = 512 * 2**20
"""Bytes that the parts of a zipped workbook may have together once unpacked."""
PARTS = 2000
"""Parts of a zipped workbook."""
RATIO = 200
"""How many times larger a part may be than what it unpacks from; spreadsheets reach about 50."""
BOMB_BYTES = 16 * 2**20
"""Parts up to this size may have any ratio."""
ROWS = 2**20
"""Rows of a sheet, as spreadsheets have them."""
COLUMNS = 2**14
"""Columns of a sheet, as spreadsheets have them."""
DATABASE_ROWS = 5_000_000
"""Rows of a table of a database."""
CONNECT_SECONDS = 15
"""Seconds that a database server may take to answer at all; an address can name others."""
DATABASE_SECONDS = 120
"""Seconds that a database may take to give its rows: it may hold queries that never end."""
LOCK_SECONDS = 30
"""Seconds that writing waits for a table of a database that others keep."""
CELLS = 10_000_000
"""Cells of a workbook, blank ones between others counted: nine columns of a full sheet."""
TAGS = 6 * CELLS
"""XML tags of a zipped workbook."""
NAME = 200
"""Characters of a name that can still be one of ours: of a table, column, unit or word."""


def too_large(place: str, zh: str, en: str, found: object = None) -> InputError:
    """Return the error of a source that goes beyond a limit."""
    return InputError([Problem(place, zh, en, None if found is None else str(found))])


def within(data: bytes, file: str) -> bytes:
    """Return the bytes of a file. Raises InputError when they are more than a file may have."""
    if len(data) <= FILE_BYTES:
        return data
    most = FILE_BYTES // 2**20
    raise too_large(
        file, f"文件超过{most}MiB，拒绝读取", f"the file is larger than {most} MiB: refused"
    )
