"""JSON Schema of the data document, generated from the attrs classes.

Run `python -m pingan_logic.schema > docs/facts.schema.json` after a change of the model.
"""

from __future__ import annotations

import json
from typing import Any

import attrs

from pingan_logic.exact import LARGEST
from pingan_logic.model import TABLES

__all__ = ["facts_schema"]

_WHOLE: dict[str, Any] = {"type": ["integer", "string"], "pattern": r"^\d+$"}
_KINDS: dict[str, dict[str, Any]] = {
    "id": {"type": "string", "maxLength": 200},
    "word": {"type": "string", "maxLength": 200},
    "text": {"type": "string", "maxLength": 200},
    "year": {"type": ["integer", "string"], "pattern": r"^\d{4}$", "minimum": 1949},
    "count": {**_WHOLE, "minimum": 1, "maximum": LARGEST},
    "score": {
        "type": ["number", "string"],
        "pattern": r"^\d{1,3}(\.\d{1,2}0*)?$",
        "minimum": 0,
        "maximum": 100,
    },
    "value": {"type": ["number", "string"], "maxLength": 200},
    "date": {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
}


def facts_schema() -> dict[str, Any]:
    """Return the schema of `{"units": [...], ...}`."""
    tables: dict[str, Any] = {}
    for table, cls in TABLES.items():
        properties: dict[str, Any] = {}
        required = []
        for column in attrs.fields(cls):
            entry = dict(_KINDS[column.metadata["kind"]])
            if column.default is attrs.NOTHING:
                required.append(column.name)
            else:  # blank and null both mean: not stated
                entry = {"anyOf": [entry, {"const": ""}, {"type": "null"}]}
            properties[column.name] = entry
        tables[table] = {
            "type": "array",
            "description": (cls.__doc__ or "").split("\n\n")[0],
            "items": {
                "type": "object",
                "properties": properties,
                "required": required,
                "additionalProperties": False,
            },
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pingan_logic facts",
        "type": "object",
        "properties": tables,
        "required": ["units"],
        "additionalProperties": False,
    }


if __name__ == "__main__":
    print(json.dumps(facts_schema(), ensure_ascii=False, indent=1))
