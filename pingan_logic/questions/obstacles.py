"""What stands against a clause that cannot be met, by the evaluating rules over all changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import frozen

from pingan_logic.catalogue import Clause
from pingan_logic.order import natural
from pingan_logic.questions.part import programs
from pingan_logic.questions.planning import Planned
from pingan_logic.questions.scene import Scene
from pingan_logic.solving.asking import Asking, Term
from pingan_logic.solving.derived_atoms import plain
from pingan_logic.verdicts import Assessment

_TOLD = {"brought": 2, "stays": 3, "blocks": 2, "others": 1}
__all__ = ["Obstacle", "obstacle", "reached"]


@frozen
class Obstacle:
    """A clause that no change can meet for this year.

    `incidents` break it whatever is done. For a ratio, `needed` more members must be met, at most
    `repairable` can be, each by itself, `barred` cannot, and `members` counts these by the clauses
    that bar them. With `others` it is not settled: it rests on what is not recorded of other units.
    """

    clause: str
    incidents: tuple[str, ...] = ()
    needed: int | None = None
    repairable: int | None = None
    members: tuple[tuple[str, int], ...] = ()
    barred: int = 0
    others: bool = False

    def to_dict(self, clause: Clause, lang: str) -> dict[str, Any]:
        """Return the obstacle as JSON values."""
        return {
            "clause": self.clause,
            "source": clause.source,
            "text": clause.text(lang),
            "incidents": list(self.incidents),
            "needed": self.needed,
            "repairable": self.repairable,
            "barred": self.barred,
            "members": [{"clause": c, "units": n} for c, n in self.members],
        }


def reached(asking: Asking, scene: Scene, clause: str) -> bool:
    """Whether changes can reach a clause, or its form says that they cannot.

    A clause of a form that the policy declares (prohibitions, a ratio, a mark, the poll) is known
    for all that it looks at. Of rules of the clause's own that come to the same whatever is
    changed, nobody has said what they look at.
    """
    c = scene.policy.clauses[clause]
    if scene.policy.decided_by_facts(c):
        return True
    found = [
        a for a in asking.ctl.symbolic_atoms.by_signature("finding", 5)
        if str(a.symbol.arguments[0]) == clause and plain(a.symbol.arguments[2]) == scene.unit
    ]  # fmt: skip
    return any(not a.is_fact for a in found)


def obstacle(
    planned: Planned,
    a: Assessment,
    scene: Scene,
    clauses: Sequence[str],
    until: float | None,
) -> tuple[Obstacle, ...]:
    """Return what stands against each of the clauses, in a search that is not for the cheapest.
    Raises TimeoutError when that is not known by `until`."""
    if not clauses:
        return ()
    (path,) = programs(scene.policy, "obstacles.lp")
    text = path.read_text(encoding="utf-8")
    planned.asking.add(text)
    if planned.all_made:
        # changes only help: what is not met when all are made is met by none of them
        can = always = {name: planned.asking.rows(name, n) for name, n in _TOLD.items()}
    else:
        can = _rows(planned.asking, "brave", until)
        always = _rows(planned.asking, "cautious", until)
    sizes = planned.sizes
    order = list(scene.policy.clauses)
    others = {c for (c,) in _told(can["others"])}
    found = []
    for clause in clauses:
        basis = a.outcome.findings[scene.unit].get(clause, ("", ""))[1]
        if basis != "share":
            incidents = sorted({i for c, i in _told(always["blocks"]) if c == clause}, key=natural)
            found.append(Obstacle(clause, tuple(incidents), others=clause in others))
            continue
        met, _, total = a.outcome.shares[clause, scene.unit]
        n, d = scene.policy.clauses[clause].threshold or (1, 1)
        able = {x for c, x in _told(can["brought"]) if c == clause}
        kinds = scene.policy.clauses[clause].members
        inside = {scene.unit, *a.inside(scene.unit)}
        unmet = [
            x for x in sizes
            if x in inside
            and any(a.outcome.verdicts.get(x, {}).get(kind, "met") != "met" for kind in kinds)
        ]  # fmt: skip
        barred = [x for x in unmet if x not in able]
        bars: dict[str, set[str]] = defaultdict(set)
        for c, k, x in _told(always["stays"]):
            if c == clause:
                bars[x].add(k)
        count: Counter[str] = Counter()
        for x in barred:
            count.update(dict.fromkeys(bars.get(x, ()), sizes[x]))
        number, all_ = (sum(sizes[x] for x in some) for some in (barred, unmet))
        members = sorted(count.items(), key=lambda row: order.index(row[0]))
        needed = -(-total * n // d) - met
        found.append(
            Obstacle(
                clause, (), needed, all_ - number, tuple(members), number, others=clause in others
            )
        )
    return tuple(found)


def _told(rows: Iterable[Sequence[Term]]) -> Iterator[Sequence[Any]]:
    """Yield rows as plain values."""
    return (tuple(map(plain, row)) for row in rows)


def _rows(asking: Asking, mode: str, until: float | None) -> dict[str, list[Sequence[Term]]]:
    """Return what holds in some answer (brave) or in each (cautious)."""
    end = asking.consequences(mode, {}, {"demanded": asking.terms("demanded")}, until)
    if not end.proven:
        raise TimeoutError
    return {name: end.rows(name, n) for name, n in _TOLD.items()}
