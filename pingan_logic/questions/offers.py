"""Hints of the search for remedies: which ledgers of containers are kept before which others.

A ledger may be passed over for one that costs no more and for which no fewer units become met; none
of these hints changes what the cheapest plan costs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from attrs import define, field, frozen

from pingan_logic.order import natural
from pingan_logic.solving.encode import quote

__all__ = ["Lacking", "offers"]


@frozen
class Lacking:
    """A unit that lacks ledgers: `row` are units that count for the same, None where it has none;
    `size` is the number for which it stands. With `enough` one ledger makes it met."""

    row: int | None
    size: int
    chain: Sequence[str]
    gaps: frozenset[str]
    enough: bool


@define
class _Offer:
    """A ledger of a container: it `gains` so many units for sure, and `most` with other edits."""

    unit: str
    item: str
    rows: set[int | None] = field(factory=set)
    gains: int = 0
    most: int = 0


def offers(units: Sequence[Lacking], standards: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the ledgers that containers could keep, those that gain most first, and for each those
    that gain no less; `standards` are those of the containers that may be passed over."""
    groups: dict[tuple[int, tuple[str, ...]], list[_Offer]] = defaultdict(list)
    for offer in _offered(units, standards).values():
        row = offer.rows.pop()
        if row is not None and not offer.rows:
            groups[row, standards[offer.unit]].append(offer)
    for some in groups.values():
        some.sort(key=lambda o: (-o.gains, o.most, natural(o.unit), o.item))
    numbered = list(enumerate(groups.items()))
    for number, ((row, _), some) in numbered:
        for place, offer in enumerate(some):
            it = f"{quote(offer.unit)},{offer.item}"
            yield f"offered({number},{place},{it})."
            for other, ((its_row, _), others) in numbered:
                if its_row == row:
                    ahead = others[:place] if other == number else others
                    if last := sum(o.gains >= offer.most for o in ahead):
                        yield f"gains_less({it},{other},{last - 1})."


def _offered(
    units: Sequence[Lacking], standards: Mapping[str, tuple[str, ...]]
) -> dict[tuple[str, str], _Offer]:
    found: dict[tuple[str, str], _Offer] = {}
    for unit in units:
        for place in filter(standards.__contains__, unit.chain):
            for item in unit.gaps:
                offer = found.setdefault((place, item), _Offer(place, item))
                offer.rows.add(unit.row)
                offer.most += unit.size
                offer.gains += unit.size if unit.enough else 0
    return found
