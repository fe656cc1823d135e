"""Facts from data frames and JSON values, and back: what `Facts` offers as its own methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pingan_logic.catalogue import Policy
from pingan_logic.export.json_document import to_tables
from pingan_logic.intake import to_facts
from pingan_logic.intake.frames import read_frames
from pingan_logic.intake.json_tables import read_tables
from pingan_logic.model import Facts
from pingan_logic.solving.load_policy import as_policy

__all__ = ["of_frames", "of_tables", "to_tables"]


def of_frames(frames: Mapping[str, object], policy: Policy | str | Path | None) -> Facts:
    """Return checked facts from data frames by table. Raises as `Facts.from_frames` does."""
    return to_facts(read_frames(frames), as_policy(policy))


def of_tables(
    document: Mapping[str, Sequence[Mapping[str, Any]]], policy: Policy | str | Path | None
) -> Facts:
    """Return checked facts from tables of rows. Raises InputError with every problem."""
    return to_facts(read_tables(document, "facts"), as_policy(policy))
