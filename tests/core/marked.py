"""Words that only name themselves: what an output is made of, whatever the wording."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from pingan_logic.messages.period import WORDS as PERIOD

__all__ = ["golden", "mark"]

GOLDEN = Path(__file__).parent / "golden"


def mark(monkeypatch: pytest.MonkeyPatch, *words: dict[str, dict[str, str]]) -> None:
    """Let each text say its key, its language and what is put into it."""
    for table in (PERIOD, *words):
        for lang, texts in table.items():
            for key, text in texts.items():
                named = sorted(set(re.findall(r"\{\w+\}", text)))
                said = f"<{'' if lang == 'zh' else 'en '}{' '.join([key, *named])}>"
                monkeypatch.setitem(texts, key, said)


def golden(name: str, text: str) -> None:
    """Compare with a text that was read through; REWRITE_GOLDEN=1 writes it anew."""
    path = GOLDEN / name
    if os.environ.get("REWRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
