"""A PostgreSQL server that may say anything, read through the real client library."""

from __future__ import annotations

import io
import os
import random
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from functools import cache
from unittest.mock import patch

from pingan_logic.intake import database, patience
from tests.fuzz.checks import clean
from tests.fuzz.mutate import TOKENS, by_cells
from tests.fuzz.postgres import Server
from tests.fuzz.reading import read
from tests.fuzz.target import Target, target

__all__ = ["WELL"]

_OIDS = (16, 17, 18, 20, 23, 25, 26, 114, 600, 701, 869, 1000, 1007, 1009, 1082, 1083, 1114, 1182,
         1184, 1186, 1266, 1700, 2249, 2950, 3802, 3904, 4451, 90001)  # fmt: skip
_SECONDS, _BYTES = 0.25, 2**24
"""The limits of the reader while it is under test: a hostile server always goes to the limit."""

_GOOD = """\
? ssl
! N
? startup
R 0
S server_version=15.4
S client_encoding=UTF8
S standard_conforming_strings=on
S TimeZone=Asia/Shanghai
S integer_datetimes=on
Z I
? pg_catalog.version()
T version:25
D PostgreSQL 15.4 on x86_64-pc-linux-gnu
C SELECT 1
? current_schema
T current_schema:19
D public
C SELECT 1
? show standard_conforming_strings
T standard_conforming_strings:25
D on
C SHOW
? show transaction isolation
T transaction_isolation:25
D read committed
C SHOW
? BEGIN
C BEGIN
? COMMIT
C COMMIT
? ROLLBACK
C ROLLBACK
? RELEASE
C RELEASE
? SAVEPOINT
C SAVEPOINT
? CLOSE
C CLOSE CURSOR
? = ANY (ARRAY[$1::VARCHAR, $2::VARCHAR])
T relname:19
D units
D scores
D 名册
C SELECT 3
? = ANY (ARRAY[$1::VARCHAR])
T relname:19
D polls
C SELECT 1
? SELECT pg_catalog.pg_class.oid, pg_catalog.pg_class.relname
T oid:26|relname:19
D 7|units
D 8|scores
D 9|polls
C SELECT 3
? SELECT attr.conrelid
T conrelid:26|cols:1009|conname:19|description:25|indnkeyatts:21|indnullsnotdistinct:16
D 7|{id}|units_pkey|~|1|f
C SELECT 1
? SELECT pg_catalog.pg_namespace.nspname
T nspname:19
D public
C SELECT 1
? pg_type t
T name:19
C SELECT 0
? DECLARE
C DECLARE CURSOR
? AGAIN
C FETCH 0
"""
_UNITS = """\
? FROM units
T id:25|kind:1043|name:25|parent:25|opened:1082
D 7|township|青竹镇|~|2013-01-01
D H|household|~|7|~
C FETCH 2
"""
_OTHERS = """\
? FROM scores
T unit:20|year:23|score:1700
D 7|2014|84.99
C FETCH 1
? FROM polls
T unit:25|year:21|result:90001|rank:23
D 7|2014|met|~
C FETCH 1
"""
_TYPES = """\
? FROM units
T id:17|kind:114|name:1114|parent:1184|opened:1186
D \\x00ff|{"a": [1]}|2014-05-01 00:00:00|2014-05-01 00:00:00+08|1 year 2 mons
C FETCH 1
? FROM scores
T unit:1007|year:869|score:701
D {1,NULL,3}|10.0.0.1/8|NaN
C FETCH 1
? FROM polls
T unit:2950|year:3904|result:90001|rank:1182
D a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|[1,5)|met|{2014-05-01}
C FETCH 1
"""


WELL = (_GOOD + _UNITS + _OTHERS).encode()
"""What a server says that means well."""

_HOSTILE = {
    "? startup": ("H", "X", "R 3", "R 5 salt", "R 10 SCRAM-SHA-256", "E \x1b[2J", "N \x1b[2J", "Q",
                  "L 2147483647\nR 0", "S client_encoding=SQL_ASCII\n* 99999999"),
    "? ssl": ("E \x1b[2J",),
    "? FROM units": ("H", "X", "N x\n* 9999999999", "S a=b\n* 9999999999",
                     "A a\n* 9999999999", "C FETCH 1\n* 9999999999", "L 2147483646\nN x", "y",
                     "T id:25\n* 9999999999", "G \x00\x00\x00", "S client_encoding=SQL_ASCII"),
    "D 7|township|青竹镇|~|2013-01-01": ("H", "L 2147483646\nD x", "L 3\nD x", "* 9999999999",
                                      "D 7|township\n* 9999999999", "T id:25"),
}  # fmt: skip


def _seeds() -> list[bytes]:
    hostile = [
        WELL.replace(f"{line}\n".encode(), f"{line}\n{said}\n".encode())
        for line, all_said in _HOSTILE.items()
        for said in all_said
    ]
    return [WELL, (_GOOD + _TYPES).encode(), *hostile]


def _change(
    data: bytes, rng: random.Random, seeds: Sequence[bytes], tokens: Sequence[bytes]
) -> bytes:
    if rng.random() < 0.6:
        data = rng.choice(seeds[:2])  # the others mostly go to the limit of time
    return by_cells(data, rng, seeds, tokens)


@cache
def _server() -> Server:
    return Server()


@contextmanager
def _silence() -> Iterator[None]:
    """Check that nothing unprintable was written past the program: by the client library (in C), a
    warning or a log."""
    said = io.StringIO()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 2)
        try:
            with redirect_stderr(said), warnings.catch_warnings():
                warnings.simplefilter("always")
                yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        file.seek(0)
        clean(file.read().decode("utf-8", "surrogateescape") + said.getvalue())


def _run(data: bytes) -> None:
    server = _server()
    server.script = data
    start = time.monotonic()
    with (
        patch.object(patience, "DATABASE_SECONDS", _SECONDS),
        patch.object(patience, "FILE_BYTES", _BYTES),
        patch.object(database, "FILE_BYTES", _BYTES),
        patch.object(database, "CONNECT_SECONDS", 2),
        _silence(),
    ):
        read(f"postgresql://clerk:secret@127.0.0.1:{server.port}/ledger", data)
    assert time.monotonic() - start < 10, "too long"


_MORE = (
    *(b"~", b"{}", b"{{1}}", b'{"a"', b"\\x00", b"infinity", b"-infinity", b"0001-01-01 BC", b"t"),
    *(
        b"294276-12-31",
        b"24:00:00",
        b"NaN",
        b"[1,",
        b"units",
        b"incidents",
        b"\xe5\x8d\x95\xe4\xbd\x8d",
    ),
    *(b"SQL_ASCII", b"LATIN1", b"EUC_TW", b"UTF8", b"DateStyle", b"German, DMY", b"row_number"),
    *(str(oid).encode() for oid in _OIDS),
    *(b"double precision", b"timestamp with time zone", b"text[]", b"interval day to second"),
    *(b'public."x"', b"numeric(9999,9999)", b"hstore", b"geometry(x)"),
)

# the threads of the server count as memory of this process
target(
    Target(
        "postgresql", _seeds, _run, (*TOKENS, *_MORE), weight=4, change=_change, memory=6 * 2**30
    )
)
