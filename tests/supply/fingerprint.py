"""The fingerprint of what a policy decides: its rules without comments and layout.

    python -m tests.supply.fingerprint

prints it for each shipped policy. A changed fingerprint needs an entry in CHANGELOG.md.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from pingan_logic.rules.find import data_folder, policy_names, rule_files

__all__ = ["fingerprint"]

_TEXT_OR_COMMENT = re.compile(r'("(?:\\.|[^"\\\n])*")|%\*.*?\*%|%[^\n]*', re.DOTALL)
_TEXT_OR_SPACE = re.compile(r'("(?:\\.|[^"\\\n])*")|\s+')


def fingerprint(folder: Path) -> str:
    """Return the SHA-256 of the rule files of a policy, by name, and of the notice's own text."""
    digest = hashlib.sha256()
    for path in rule_files(folder):
        text = path.read_text(encoding="utf-8-sig")
        text = _TEXT_OR_COMMENT.sub(lambda m: m[1] or " ", text)
        text = _TEXT_OR_SPACE.sub(lambda m: m[1] or " ", text).strip()
        digest.update(f"{path.name}\0{text}\0".encode())
    digest.update((folder / "notice.txt").read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    for name in policy_names():
        print(name, fingerprint(data_folder("policies") / name))
