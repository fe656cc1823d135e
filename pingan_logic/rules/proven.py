"""Rule files whose static checks are known to pass: they need not be made again at every start.

The checks (`scan`, `strata`, `may_merge`, the shapes of what Python reads) read every word
and rule, which takes longer than judging a village. Their outcome depends on nothing but the text
of the rules, so `policies/proven.txt` names the shipped files by digest, with what was proven of
them; one changed character, and they are checked. A test checks them all.

`pingan_logic.policy.proven` writes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from pingan_logic.errors import Problem
from pingan_logic.rules.find import data_folder
from pingan_logic.rules.proof import Proof
from pingan_logic.rules.scan import MOST_BYTES

__all__ = ["APART", "ELSEWHERE", "digest", "known_proof"]

APART = "apart\t"
"""Begins the line of a rule that tells units alike apart: its place, why, and the rule."""
ELSEWHERE = "elsewhere\t"
"""Begins the line of a rule by which a verdict rests on more than a unit's own part, likewise."""


def digest(files: Iterable[Path]) -> str:
    """Return the SHA-256 of rule files: of their names and contents, in order."""
    found = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        found.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def known_proof(files: Sequence[Path]) -> Proof | None:
    """Return what is proven of exactly these files, if their static checks are known to pass."""
    known = data_folder("policies") / "proven.txt"
    with suppress(OSError):
        if all(path.is_file() and path.stat().st_size <= MOST_BYTES for path in files):
            text = known.read_text(encoding="utf-8")
            _, found, rest = text.partition(f"{digest(files)} ")
            if found:
                tables, templates, *more = rest.partition("\n\n")[0].split("\n")[1:]
                named = (tuple(line.split()[1:]) for line in (tables, templates))
                rules = (line for line in more if not line.startswith((APART, ELSEWHERE)))
                apart, elsewhere = _told(more, APART), _told(more, ELSEWHERE)
                return Proof(apart, elsewhere, "\n".join(rules), *named)
    return None


def _told(lines: Iterable[str], start: str) -> tuple[Problem, ...]:
    """Return the rules of which lines with this beginning tell."""
    found = (line.split("\t")[1:] for line in lines if line.startswith(start))
    return tuple(Problem(place, zh, en, rule) for place, zh, en, rule in found)
