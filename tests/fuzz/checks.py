"""What must hold for every input: clean messages, and what was accepted survives being written."""

from __future__ import annotations

import tempfile
import unicodedata
import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path

import pingan_logic
from pingan_logic import Facts, PinganError, Policy
from pingan_logic.export.convert import write_facts
from pingan_logic.intake.load import EXAMPLES

__all__ = ["MARKS", "clean", "refused", "room", "rules", "survives"]

MARKS = tuple(EXAMPLES.values())
"""How the examples of a template begin."""

_LONGEST = 4000
"""Characters of the longest message of one problem."""
_OPEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


@cache
def rules() -> Policy:
    """Return the shipped policy."""
    return pingan_logic.load_policy()


@cache
def room() -> Path:
    """Return a folder of this process, in memory where there is such a place."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="fuzz-", dir=memory if memory.is_dir() else None))


def clean(text: str, *, lines: bool = True) -> None:
    """Check that a terminal shows `text` as it stands: no control characters, nothing hidden."""
    text.encode("utf-8")
    for c in text:
        if unicodedata.category(c) in _OPEN and not (lines and c == "\n"):
            raise AssertionError(f"unprintable U+{ord(c):04X} in a message: {text[:200]!r}")


def refused(error: PinganError) -> None:
    """Check the messages of an error in both languages."""
    assert error.problems, "an error without a problem"
    for lang in ("zh", "en"):
        clean(error.words(lang))
        for problem in error.problems:
            words = problem.words(lang)
            assert problem.place, "a problem without a place"
            assert problem.zh, "a problem without words"
            assert problem.en, "a problem without English words"
            assert len(words) <= _LONGEST, f"{len(words)} characters in one message"


def survives(facts: Facts, data: bytes) -> None:
    """Check that accepted facts are the same after they were written and read.

    JSON and CSV are tried each time, the slower formats now and then, chosen by the input itself.
    """
    folder = room() / "written"
    folder.mkdir(exist_ok=True)
    chance = zlib.crc32(data)
    formats = ["out.json", "csv"]
    for n, slower in enumerate(("out.ods", "out.xls", "out.xlsx", "sqlite")):
        if chance % 40 == n:
            formats.append(slower)
    for name in formats:
        target = f"sqlite:///{folder}/out.db" if name == "sqlite" else str(folder / name)
        # an id that begins as a template's example cannot stand in a workbook; it is refused
        with suppress(*_refusal(facts)):
            write_facts(facts, target, rules(), overwrite=True)


def _refusal(facts: Facts) -> tuple[type[PinganError], ...]:
    ids = {u.id for u in facts.units} | {i.id for i in facts.incidents}
    return (PinganError,) if any(i.startswith(MARKS) for i in ids) else ()
