"""A certificate, as it is and with a seal that fits again: what is verified must be true."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

import pingan_logic
from pingan_logic.certificate import certificate
from pingan_logic.recheck import checker
from tests.fuzz.checks import room, rules
from tests.fuzz.mutate import TOKENS, by_words
from tests.fuzz.target import Target, target

_DATA = {
    "units": "id,kind,name,parent\nB,building,一栋,\nH,household,,B\nK,household,,B\n",
    "incidents": "id,unit,type,date,grade\nI,H,gambling,2014-05-01,\n",
    "ledgers": "unit,item,year\nB,*,2014\n",
}


@cache
def _county() -> tuple[Path, bytes]:
    """Return the folder of a small county and its certificate."""
    folder = room() / "county"
    folder.mkdir()
    for table, text in _DATA.items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    facts = pingan_logic.load_facts(folder, rules())
    result = pingan_logic.evaluate(facts, rules(), 2014)
    return folder, b"".join(certificate(result, folder))


def _verifies(content: bytes) -> bool:
    folder, _ = _county()
    path = room() / "certificate"
    path.write_bytes(content)
    try:
        return not checker.recheck(path, folder, rules().folder)[1]
    except checker.Unreadable:
        return False


def _proved(content: bytes) -> Iterator[str]:
    """Yield what the steps of a certificate prove."""
    for line in content.splitlines(keepends=True)[1:-1]:
        for _, step in checker.steps_of(checker.read_line(line)):
            yield step.partition("\n")[0]


def _sealed(content: bytes) -> bytes:
    """Return a certificate with its last line made to fit, as a forger would."""
    *lines, _ = content.splitlines(keepends=True) or [b""]
    seal = {"header": sha256(b"".join(lines[:1])), "sha256": sha256(b"".join(lines))}
    last = json.dumps({k: v.hexdigest() for k, v in seal.items()}, separators=(",", ":"))
    return b"".join(lines) + last.encode() + b"\n"


def _run(data: bytes) -> None:
    _, true = _county()
    assert _verifies(data) == (data == true)
    forged = _sealed(data)
    if _verifies(forged):
        assert set(_proved(forged)) == set(_proved(true))


_MORE = (b'"$1"', b'"steps":', b'"rows":', b"common.lp:1", b"not ", b"= 3", b"verdict(", b"met",
         b"failed", b"undetermined", b"\\n", b"[" * 400, b"null", b"true", b"1e999")  # fmt: skip

target(
    Target(
        "certificate",
        lambda: [_county()[1]],
        _run,
        (*TOKENS, *_MORE),
        change=by_words,
        weight=1,
    )
)
