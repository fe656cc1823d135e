"""What the targets of readers of facts share: one file in, refused cleanly or kept whole."""

from __future__ import annotations

from pathlib import Path

from pingan_logic import PinganError, load_facts
from tests.fuzz.checks import refused, rules, survives

__all__ = ["read"]


def read(path: Path | str, data: bytes) -> None:
    """Read facts at `path`, which were made from the input `data`."""
    try:
        facts = load_facts(path, rules())
    except PinganError as error:
        refused(error)
    else:
        survives(facts, data)
