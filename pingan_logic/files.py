"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pingan_logic.errors import Problem, RequestError, reason

__all__ = ["replace_file", "unwritable"]


def replace_file(path: Path, content: bytes) -> None:
    """Write `content` to a temporary file beside `path`, then rename it there.

    An interrupt leaves the old file or none. Raises RequestError when it cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise unwritable(path, error) from None
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise unwritable(path, error) from None
        raise


def unwritable(path: Path, error: OSError) -> RequestError:
    """Return the error of a path that cannot be written, with the system's reason."""
    zh, en = reason(error)
    return RequestError([Problem(str(path), f"无法写入:{zh}", f"cannot be written: {en}")])
