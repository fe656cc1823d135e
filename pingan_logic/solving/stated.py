"""What rule files state by themselves, without data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pingan_logic.catalogue import Setting
from pingan_logic.rules.syntax import Atom
from pingan_logic.solving.control import ground
from pingan_logic.solving.defects import as_term, check_facts

__all__ = ["self_check", "stated"]


def self_check(files: Sequence[Path]) -> None:
    """Run rule files without data, for their self-checks. Raises PolicyError when one fails."""
    check_facts(ground(tuple(files), ""), files)


def stated(files: Sequence[Path], settings: Sequence[Setting] = ()) -> Iterator[Atom]:
    """Yield what rule files state without data, as the atoms that follow."""
    ctl = ground(tuple(files), "", settings)
    for atom in ctl.symbolic_atoms:
        symbol = atom.symbol
        yield Atom(symbol.name, tuple(map(as_term, symbol.arguments)), 0, 0)
