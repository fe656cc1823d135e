"""Copies of the shipped policy, for tests to change: the shared rules and the notice in one folder,
where each file stands in place of the shipped one of its name."""

from __future__ import annotations

import shutil
from pathlib import Path

from pingan_logic.policy.find import base_folder, find_policy


def copy_policy(folder: Path | str, *without: str) -> Path:
    """Copy the shipped policy and the shared rules into `folder`, but for what `without` names."""
    leave = shutil.ignore_patterns(*without) if without else None
    for source in (base_folder(), find_policy(None)):
        shutil.copytree(source, folder, ignore=leave, dirs_exist_ok=True)
    return Path(folder)
