"""JSON text as the command line prints it and the service sends it."""

from __future__ import annotations

import json

from pingan_logic.errors import visible

__all__ = ["to_json"]


def to_json(value: object) -> str:
    """Return a JSON document and a line end: nothing in it moves a terminal's cursor."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return "\n".join(map(_escaped, text.split("\n"))) + "\n"


def _escaped(line: str) -> str:
    if line.isprintable():
        return line
    # characters beyond the first 65,536 are two escapes in JSON
    return "".join(c if visible(c) == c else json.dumps(c)[1:-1] for c in line)
