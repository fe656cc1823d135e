"""Rule files whose static checks are known to pass: they need not be made again at every start.

The checks (`scan`, `strata`, `symmetry`, `locality`, the shapes of what Python reads) read every
word and rule, which takes longer than judging a village. Their outcome depends on nothing but the
text of the rules, so `policies/proven.txt` names the shipped files by digest; one changed
character, and they are checked. A test checks them all.

`python -m pingan_logic.policy.proven > policies/proven.txt` writes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from pingan_logic.policy.find import data_folder, policy_names
from pingan_logic.policy.scan import MOST_BYTES, rule_files

__all__ = ["digest", "is_proven"]


def digest(files: Iterable[Path]) -> str:
    """Return the SHA-256 of rule files: of their names and contents, in order."""
    found = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        found.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def is_proven(files: Sequence[Path]) -> bool:
    """Whether the static checks of exactly these files are known to pass."""
    known = data_folder("policies") / "proven.txt"
    with suppress(OSError):
        if all(path.is_file() and path.stat().st_size <= MOST_BYTES for path in files):
            return digest(files) in known.read_text(encoding="ascii").split()
    return False


if __name__ == "__main__":
    for name in policy_names():
        print(digest(rule_files(data_folder("policies") / name)), name)
