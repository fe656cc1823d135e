"""Facts to the JSON document that reads back as the same facts."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from pingan_logic.intake.rows import columns
from pingan_logic.model import TABLES, Facts

__all__ = ["to_document", "to_tables"]


def to_tables(facts: Facts) -> dict[str, list[dict[str, Any]]]:
    """Return the rows by table; blanks are left out, scores and dates are text to stay exact."""
    return {
        table: [
            {n: _value(v) for n in columns(table) if (v := getattr(row, n)) not in (None, "")}
            for row in getattr(facts, table)
        ]
        for table in TABLES
        if table == "units" or getattr(facts, table)
    }


def to_document(facts: Facts) -> str:
    """Return `{"units": [...], ...}` as JSON text."""
    tables = to_tables(facts)
    text = json.dumps(tables, ensure_ascii=False, indent=1)
    if not text.isascii() and max(text) <= "\u07ff":
        # letters of two bytes alone could as well be another encoding
        text = json.dumps(tables, indent=1)
    return text + "\n"


def _value(value: Any) -> Any:
    return str(value) if isinstance(value, (date, Decimal)) else value
