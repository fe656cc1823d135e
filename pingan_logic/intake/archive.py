"""A zip of data files: what a folder is, in one file."""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import PurePosixPath

__all__ = ["is_archive", "members"]

_OF_BOOKS = ("[Content_Types].xml", "content.xml", "mimetype")
"""Parts that make a zip a workbook."""


def is_archive(data: bytes) -> bool:
    """Whether a file is a zip, and no workbook."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    import zipfile

    with suppress(zipfile.BadZipFile, ValueError, OSError), zipfile.ZipFile(io.BytesIO(data)) as z:
        return not any(name in _OF_BOOKS for name in z.namelist())
    return False


def members(data: bytes, file: str) -> dict[str, bytes]:
    """Return the files in an archive by name, without their folders, in order of their names.

    Raises InputError when it is damaged or goes beyond the limits of a workbook.
    """
    from pingan_logic.intake.zipped import unpack

    found: dict[str, bytes] = {}
    for path, content in sorted((_name(n), c) for n, c in unpack(data, file).items()):
        name = PurePosixPath(path.replace("\\", "/")).name
        if path.endswith(("/", "\\")) or path.startswith("__MACOSX/"):
            continue
        if name.startswith((".", "~$")):
            continue
        # two of one name, in different folders, are told apart by these
        found[path if name in found else name] = content
    return found


def _name(name: str) -> str:
    """Return a name as it was written on a Chinese Windows, which does not say how."""
    with suppress(UnicodeError):
        return name.encode("cp437").decode("gb18030")
    return name
