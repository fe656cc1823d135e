"""Where the data is: paths and database addresses as people (or programs) may write them."""

from __future__ import annotations

import os

from tests.fuzz.checks import room
from tests.fuzz.mutate import TOKENS
from tests.fuzz.reading import read
from tests.fuzz.target import Target, target

_SEEDS = (
    *("facts", "data.csv", "units.csv", "台账.xlsx", "sqlite:///data.db", "sqlite:///a@b:c.db"),
    *(
        "sqlite+pysqlite:///data.db?timeout=5",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///x y.db",
    ),
    *("sqlite:///file:data.db?mode=ro&uri=true", "sqlite:///data.db?plugin=x&cache=shared"),
)


def _run(data: bytes) -> None:
    home = room() / "address"
    home.mkdir(exist_ok=True)
    (home / "data.db").touch()
    (home / "units.csv").write_bytes(b"id,kind,name,parent\n")
    (home / "facts").mkdir(exist_ok=True)
    os.chdir(home)
    text = data.decode("utf-8", "surrogateescape")
    scheme, mark, rest = text.partition("://")
    if mark:
        # other schemes would open connections
        text = (scheme if scheme.startswith("sqlite") else "sqlite") + mark + rest
    # not standard input, and nothing outside of the folder
    if text == "-" or text.startswith("/") or ".." in text or "////" in text:
        return
    read(text, data)


_MORE = (b"://", b"?", b"&", b"=", b"%00", b"%", b"@", b":", b"//", b"..",
         b"?uri=true&mode=rwc", b"isolation_level=x", b"check_same_thread=x",
         b"cached_statements=-1", b"sqlite")  # fmt: skip

target(Target("address", lambda: [s.encode() for s in _SEEDS], _run, (*TOKENS, *_MORE), weight=110))
