"""What is proven of the rules of a policy."""

from __future__ import annotations

from attrs import frozen

from pingan_logic.errors import Problem

__all__ = ["NO_PROOF", "Proof"]


@frozen
class Proof:
    """What was found: `distinctions` are the rules for which units alike may not be merged,
    `elsewhere` those by which a verdict rests on more than the unit, its inside and surroundings.

    `upwards` are the rules that surroundings obey, as text, and `tables` the records read there;
    `templates` are those that the rules use, each with its constants.
    """

    distinctions: tuple[Problem, ...]
    elsewhere: tuple[Problem, ...]
    upwards: str
    tables: tuple[str, ...]
    templates: tuple[str, ...] = ()


NO_PROOF = Proof((), (), "", ())
"""That of no rules at all."""
