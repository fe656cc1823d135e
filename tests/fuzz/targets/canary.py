"""A target that fails in every way there is: shows that a run finds what it should."""

from __future__ import annotations

import os

from pingan_logic import PinganError, Problem
from tests.fuzz.checks import clean, refused
from tests.fuzz.target import Target, target

_SEEDS = (b"good", b"raise", b"loop", b"memory", b"end", b"hidden", b"silent", b"good again")


def _run(data: bytes) -> None:
    if data == b"raise":
        raise KeyError(data)
    if data == b"loop":
        while True:
            pass
    if data == b"memory":
        bytearray(2**40)
    if data == b"end":
        os._exit(3)
    if data == b"hidden":
        clean("a\u202eb")
    if data == b"silent":
        refused(PinganError([Problem("", "", "")]))


target(Target("canary", lambda: list(_SEEDS), _run, seconds=0.2, weight=0, memory=2**30))
