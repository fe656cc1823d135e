"""`--set`: one setting as text; now and then an accepted one is put in force."""

from __future__ import annotations

import zlib

from pingan_logic import PinganError
from pingan_logic.policy.settings import parse_setting
from pingan_logic.questions.comparison import policy_with
from tests.fuzz.checks import refused, rules
from tests.fuzz.mutate import TOKENS
from tests.fuzz.target import Target, target

_SEEDS = (
    *("threshold(building_households)=95/100", "threshold(township_households)=90%"),
    *("pass_mark(township_score)=85.5", "target(village)=90%", "switch(repeated)=3"),
)


def _seeds() -> list[bytes]:
    more = [f"switch({k})={v}" for k, v in rules().switches.items()]
    return [s.encode() for s in (*_SEEDS, *more)]


def _run(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    try:
        setting = parse_setting(text, rules())
    except PinganError as error:
        refused(error)
        return
    assert setting.fact.count("\n") == 0
    assert all(isinstance(v, str) or -(2**31) <= v < 2**31 for v in setting.values)
    if setting.predicate in ("threshold", "target"):
        n, d = setting.values
        assert isinstance(n, int)
        assert isinstance(d, int)
        assert 0 <= n <= d > 0, "a share without a whole"
    if zlib.crc32(data) % 200 == 0:
        policy_with(rules(), [setting])


_MORE = (b"=", b"/", b"%", b".", b"(", b")", b"threshold", b"switch", b"target", b"pass_mark",
         b"0/0", b"1/0", b"100.00", b"\xd9\xa3", b" ")  # fmt: skip

target(Target("settings", _seeds, _run, (*TOKENS, *_MORE), weight=250))
