"""Run the command line as a person does: another process, its own streams."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

__all__ = ["run"]


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Return the finished command with its output as text."""
    return subprocess.run(
        [sys.executable, "-m", "pingan_logic", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
