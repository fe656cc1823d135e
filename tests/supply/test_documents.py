"""Every document that the project names is there."""

from __future__ import annotations

import re
from pathlib import Path

from pingan_logic.policy.find import data_folder

ROOT = data_folder("policies").parent
NAMED = re.compile(r"\bdocs/[\w./-]+\.\w+")
LINK = re.compile(r"\]\((?!https?:|#)([\w./-]+\.\w+)")


def test_every_document_that_is_named_is_there() -> None:
    texts = [p for d in ("pingan_logic", "policies", "tests") for p in (ROOT / d).rglob("*.py")]
    texts += [*(ROOT / "policies").rglob("*.lp"), *_pages()]
    named = {(p, n) for p in texts for n in NAMED.findall(p.read_text(encoding="utf-8"))}
    assert len(named) > 20
    assert [f"{p}: {n}" for p, n in sorted(named) if not (ROOT / n).is_file()] == []


def test_every_link_of_a_page_leads_somewhere() -> None:
    links = {(p, n) for p in _pages() for n in LINK.findall(p.read_text(encoding="utf-8"))}
    assert len(links) > 20
    assert [f"{p}: {n}" for p, n in sorted(links) if not (p.parent / n).exists()] == []


def _pages() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
