"""The encoding and the description of forms that a command was given, for what reads data in it."""

from __future__ import annotations

import click

__all__ = [
    "ENCODING",
    "FORMS",
    "named_encoding",
    "named_forms",
]


ENCODING = "pingan_logic.encoding"


FORMS = "pingan_logic.forms"


def named_forms() -> str | None:
    """Return the file of local forms that the command line names."""
    found: str | None = click.get_current_context().meta.get(FORMS)
    return found


def named_encoding() -> str | None:
    """Return the encoding that the command line names."""
    found: str | None = click.get_current_context().meta.get(ENCODING)
    return found
