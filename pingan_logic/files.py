"""Writing a file or a folder whole or not at all, durably, without touching what was there before.

Everything is written under a temporary name beside its place (`.NAME.xxxxxxxx.pingan-tmp`), flushed
to the disk and then renamed: whoever looks, and whenever the machine stops, sees the old content or
the new. What a killed run leaves behind has such a name; readers pass it over, and the next run to
write the same place removes it once it is an hour old.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pingan_logic.errors import Problem, RequestError, reason

__all__ = [
    "LEFTOVER",
    "discard_temporaries",
    "output_file",
    "replace_file",
    "replace_folder",
    "staged_file",
]

LEFTOVER = ".pingan-tmp"
"""Stands in the name of what is not finished."""

_OLD = 3600
_temporaries: set[Path] = set()


def replace_file(
    path: Path,
    content: bytes,
    check: Callable[[Path], None] | None = None,
    *,
    overwrite: bool = True,
) -> None:
    """Put `content` at `path`, whole or not at all.

    `check` looks at the finished temporary file and raises to keep it from being put in place. The
    permissions of a file that is there are kept, a symbolic link keeps pointing at it, and a device
    or pipe is written to. Raises RequestError when it cannot be written, or when a file has come to
    be there that is not to be overwritten.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        with _named(path):
            path.write_bytes(content)
        return
    with staged_file(path, overwrite=overwrite) as temporary:
        with open(temporary, "xb") as out:
            out.write(content)
        if check is not None:
            check(temporary)


@contextmanager
def output_file(path: Path, *, overwrite: bool = True) -> Iterator[BinaryIO]:
    """Give a file to write to, which is put at `path` when the block ends well; a device or pipe is
    written to as it is. Raises RequestError as `staged_file` does."""
    if path.exists() and not path.is_file() and not path.is_dir():
        with _named(path), open(path, "wb") as file:
            yield file
    else:
        with staged_file(path, overwrite=overwrite) as place, open(place, "xb") as file:
            yield file


@contextmanager
def staged_file(path: Path, *, overwrite: bool = True) -> Iterator[Path]:
    """Give the name of a file to make; when the block ends well it is put at `path`.

    Raises RequestError when that cannot be done, or would replace a file without `overwrite`.
    """
    with _named(path):
        place = path.resolve()
        with _temporary(place) as temporary:
            yield temporary
            if not overwrite and place.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
            _flush(temporary)
            _like(place, temporary)
            os.replace(temporary, place)
        _flush(place.parent)


def replace_folder(
    folder: Path,
    write: Callable[[Path], None],
    replaced: frozenset[str],
    check: Callable[[Path], None] | None = None,
) -> None:
    """Make `folder` hold what `write` writes into the folder it is given, whole or not at all.

    Files of the names in `replaced`, there or deeper inside, make room for it; all others in the
    folder stay. `check` looks at the finished temporary folder and raises to keep it from being put
    in place. Raises RequestError when that cannot be done.
    """
    with _named(folder):
        place = folder.resolve()
        there = place.is_dir()
        if there and place in (Path.cwd(), *Path.cwd().parents):
            raise RequestError(
                [
                    Problem(
                        str(folder),
                        "不能整体替换当前所在的文件夹，请换一个文件夹名",
                        "the folder one stands in cannot be replaced as a whole; name another one",
                    )
                ]
            )
        place.parent.mkdir(parents=True, exist_ok=True)
        with _temporary(place) as temporary:
            temporary.mkdir()
            write(temporary)
            if check is not None:
                check(temporary)
            if there:
                _carry_over(place, temporary, replaced)
            for path in [p for p in temporary.rglob("*") if not p.is_symlink()]:
                _flush(path)
            _flush(temporary)
            _like(place, temporary)
            _exchange(temporary, place, there=there)
        _flush(place.parent)


def discard_temporaries() -> None:
    """Remove what is not finished: for a process that is about to end without unwinding."""
    for path in tuple(_temporaries):
        _remove(path)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Raise a RequestError that names `path` for what the system refuses."""
    try:
        yield
    except OSError as error:
        zh, en = reason(error)
        raise RequestError(
            [Problem(str(path), f"无法写入：{zh}", f"cannot be written: {en}")]
        ) from None


@contextmanager
def _temporary(place: Path) -> Iterator[Path]:
    """Give a name beside `place`; whatever bears it when the block ends is removed."""
    now = time.time()
    with suppress(OSError):
        for old in place.parent.glob(f".{_escaped(place.name)}.*{LEFTOVER}*"):
            if now - old.stat().st_mtime > _OLD:
                _remove(old)
    # a name may be 255 bytes long, and Chinese takes three for a character
    short = place.name.encode()[:200].decode(errors="ignore")
    temporary = place.with_name(f".{short}.{os.urandom(4).hex()}{LEFTOVER}")
    _temporaries.add(temporary)
    try:
        yield temporary
    finally:
        _remove(temporary)
        _temporaries.discard(temporary)


def _escaped(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _like(place: Path, new: Path) -> None:
    """Give what is new the permissions and, where allowed, the owner of what it replaces."""
    if sys.platform == "win32" or not place.exists():
        return
    old = place.stat()
    with suppress(OSError):
        os.chown(new, old.st_uid, old.st_gid)
    os.chmod(new, stat.S_IMODE(old.st_mode))


def _flush(path: Path) -> None:
    """Have the disk keep a file, or the names in a folder."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    except OSError:
        # some file systems cannot flush a folder: the rename itself is whole all the same
        if not path.is_dir():
            raise
    finally:
        os.close(handle)


def _carry_over(old: Path, new: Path, replaced: frozenset[str]) -> None:
    """Bring the files of `old` that are not replaced into `new`, as links where possible."""
    for entry in os.scandir(old):
        source, target = Path(entry.path), new / entry.name
        if entry.is_dir(follow_symlinks=False):
            if LEFTOVER in entry.name:
                continue
            made = not target.exists()
            target.mkdir(exist_ok=True)
            _carry_over(source, target, replaced)
            if made:
                _like(source, target)
                if any(source.iterdir()) and not any(target.iterdir()):
                    target.rmdir()
        elif entry.name not in replaced and LEFTOVER not in entry.name:
            try:
                os.link(source, target, follow_symlinks=False)
            except OSError:
                shutil.copy2(source, target, follow_symlinks=False)


def _exchange(new: Path, place: Path, *, there: bool) -> None:
    """Put the folder `new` at `place`; what was there then bears the name of `new`."""
    if not there:
        os.rename(new, place)
    elif not _swap(new, place):
        # two steps: killed between them, the old folder stands under its temporary name
        aside = new.with_name(f".{os.urandom(4).hex()}{new.name}")
        os.rename(place, aside)
        try:
            os.rename(new, place)
        except OSError:
            os.rename(aside, place)
            raise
        os.rename(aside, new)


def _swap(one: Path, other: Path) -> bool:
    """Exchange two names in one step; False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes  # needed for this alone, and slow to import

    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    here = -100
    exchange = 2
    return rename is not None and (
        rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0
    )
