"""xlsx through both libraries that read it."""

from __future__ import annotations

import io
import sys
from functools import cache

from tests.fuzz import zips
from tests.fuzz.checks import room
from tests.fuzz.mutate import TOKENS
from tests.fuzz.reading import read
from tests.fuzz.target import Target, target
from tests.intake.books import good_book


@cache
def _whole() -> bytes:
    out = io.BytesIO()
    good_book().save(out)
    return out.getvalue()


@cache
def _good() -> dict[str, bytes]:
    return zips.parts(_whole())


def _seeds() -> list[bytes]:
    return zips.seeds(_good(), _whole())


def _run(data: bytes) -> None:
    path = room() / "book.xlsx"
    path.write_bytes(zips.pack(data, _good()))
    read(path, data)


def _run_openpyxl(data: bytes) -> None:
    kept = sys.modules.get("python_calamine")
    sys.modules["python_calamine"] = None  # type: ignore[assignment]
    try:
        _run(data)
    finally:
        if kept is None:
            del sys.modules["python_calamine"]
        else:
            sys.modules["python_calamine"] = kept


_MORE = (
    *(b'r="XFD1048576"', b'r="A1048576"', b'r="ZZZZZ1"', b'r="A0"', b'r="1"', b"<f>1</f>", b"<v/>"),
    *(
        b't="s"',
        b't="e"',
        b't="d"',
        b't="b"',
        b't="str"',
        b't="inlineStr"',
        b's="1"',
        b' hidden="1"',
    ),
    *(b'<!DOCTYPE a [<!ENTITY b "c">]>', b"&b;", b"&#x1;", b"&#x41;", b"<c>", b"</c>", b"<row>"),
    *(b'<row r="1048577">', b'<mergeCell ref="A1:XFD1048576"/>', b'<col min="1" max="99999999"/>'),
    *(b'<dimension ref="A1:XFD1048576"/>', b'<sheet name="x" sheetId="9" r:id="rId1"/>', b"<is>"),
    *(b"../../../etc/passwd", b'TargetMode="External"', b"<v>inf</v>", b"<v>1e999</v>", b"_x0041_"),
)

target(Target("xlsx-calamine", _seeds, _run, (*TOKENS, *_MORE), weight=4))
target(Target("xlsx-openpyxl", _seeds, _run_openpyxl, (*TOKENS, *_MORE), weight=3))
