"""Case files (YAML)."""

from __future__ import annotations

from pingan_logic import PinganError
from pingan_logic.cases import load_cases, run_case
from pingan_logic.rules.find import data_folder
from tests.fuzz.checks import clean, refused, room, rules
from tests.fuzz.mutate import TOKENS
from tests.fuzz.target import Target, target

_SMALL = 60


def _seeds() -> list[bytes]:
    found = []
    for path in sorted((data_folder("policies") / "xiangyin-2014" / "cases").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        pieces = text.split("\n- ")
        found += [("- " + p.removeprefix("- ") + "\n").encode() for p in pieces[1:4]]
    return found


def _run(data: bytes) -> None:
    path = room() / "case.yaml"
    path.write_bytes(data)
    try:
        cases = load_cases(path, rules())
    except PinganError as error:
        refused(error)
        return
    for case in cases[:2]:
        if len(case.facts.units) <= _SMALL:
            for found in run_case(case, rules()).differences:
                clean(found.actual)


_MORE = (
    *(
        b"&a ",
        b"*a",
        b"!!python/object/apply:os.system [id]",
        b"!!binary x",
        b"<<: *a",
        b"? ",
        b"- ",
    ),
    *(b": ", b"|\n", b">\n", b'"\\UFFFFFFFF"', b'"\\ud800"', b"[" * 100, b"{a: " * 100, b"---\n"),
    *(b"{name}", b"rows:\n", b"1..99999", b"..9" + b"9" * 30, b"units: x", b"expect: []", b"~"),
    *(b"programme: 1", b"ledgers: all except", b"by", b"->", b"%YAML 1.2\n", b"\t", b"#", b"null"),
)

target(Target("cases", _seeds, _run, (*TOKENS, *_MORE), weight=9, seconds=10))
