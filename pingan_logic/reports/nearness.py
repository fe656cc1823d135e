"""Units that are nearly there: failed by a few members or by a single clause."""

from __future__ import annotations

from attrs import frozen

from pingan_logic.memory import Once
from pingan_logic.order import natural
from pingan_logic.verdicts import Assessment, Finding, Line, Status

__all__ = ["FEW", "Near", "nearly_there"]

FEW = 5
"""How many members short still counts as few. Of print only: it decides nothing."""


@frozen
class Near:
    """A failed unit with what it lacks: `failed` clauses, and `short` members in all of them.

    `open` clauses are undetermined beside; `short` is None when one clause fails that no number
    of members can mend.
    """

    unit: str
    failed: tuple[Finding, ...]
    open: int
    short: int | None

    @property
    def distance(self) -> tuple[bool, int, int]:
        """Order of the list: what an incident has settled last; what is missing; what is open."""
        settled = any(f.basis == "prohibition" for f in self.failed)
        return (settled, 1 if self.short is None else self.short, self.open)


def nearly_there(a: Assessment) -> list[Near]:
    """Return the failed units that lack one clause, or at most `FEW` members, nearest first.

    Units that are only counted, such as households, are left out: each falls by a single clause.
    """
    found = []
    shares = {c.id for c in a.policy.clauses.values() if c.members}

    def near(line: Line) -> bool:
        one = len(line.failed) == 1 or shares.issuperset(line.failed)
        return line.status is Status.FAILED and one

    chosen = Once(near)
    lacking_little = (
        (unit, line)
        for kind, units, _, lines in a.listed()
        if kind not in a.policy.counted_only
        for unit, line in zip(units, lines, strict=True)
        if chosen[line]
    )
    for unit, line in lacking_little:
        failed = tuple(a.finding(unit, clause, members=False) for clause in line.failed)
        open_ = len(line.undetermined)
        lacking = [f.share.short for f in failed if f.share]
        short = sum(lacking) if len(lacking) == len(failed) else None
        if len(failed) == 1 or (short is not None and short <= FEW):
            found.append(Near(unit, failed, open_, short))
    order = {k: n for n, k in enumerate(a.policy.kinds)}
    return sorted(found, key=lambda n: (n.distance, order[a.units[n.unit].kind], natural(n.unit)))
