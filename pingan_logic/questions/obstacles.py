"""What stands against a clause that cannot be met, by the evaluating rules over all changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from attrs import frozen

from pingan_logic.order import natural
from pingan_logic.policy.catalogue import Clause
from pingan_logic.questions.planning import Planned, Scene, planning, programs
from pingan_logic.solving.asking import Asking, Term
from pingan_logic.solving.engine import plain
from pingan_logic.verdicts import Assessment

_TOLD = ("brought", "stays", "blocks")
__all__ = ["Obstacle", "obstacle", "reached"]


@frozen
class Obstacle:
    """A clause that no change can meet for this year.

    `incidents` break it whatever is done. For a ratio, `needed` more members must be met, at most
    `repairable` can be, each by itself, `barred` cannot, and `members` counts these by the clauses
    that bar them.
    """

    clause: str
    incidents: tuple[str, ...]
    needed: int | None
    repairable: int | None
    members: tuple[tuple[str, int], ...]
    barred: int = 0

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
    if (
        c.prohibitions
        or c.members
        or c.pass_mark is not None
        or clause in scene.policy.poll_clauses
    ):
        return True
    found = [
        a for a in asking.ctl.symbolic_atoms.by_signature("finding", 5)
        if str(a.symbol.arguments[0]) == clause and plain(a.symbol.arguments[2]) == scene.unit
    ]  # fmt: skip
    return any(not a.is_fact for a in found)


def obstacle(
    planned: Planned, a: Assessment, scene: Scene, clauses: Sequence[str]
) -> tuple[Obstacle, ...]:
    """Return what stands against each of the clauses."""
    if not clauses:
        return ()
    (path,) = programs(scene.policy, "obstacles.lp")
    text = path.read_text(encoding="utf-8")
    if planned.hinted:
        # edits only help: what is not met when all are made is met by none of them
        planned = planning(scene, cheapest=False)
        planned.asking.add(text)
        can = always = _rows(planned.asking, set(planned.everything()))
    else:
        planned.asking.add(text)
        can = _rows(planned.asking, (), "brave")
        always = _rows(planned.asking, (), "cautious")
    sizes = planned.sizes
    order = list(scene.policy.clauses)
    found = []
    for clause in clauses:
        _, basis, numbers = a.outcome.findings[scene.unit].get(clause, ("", "", ()))
        if basis != "share":
            incidents = sorted({r[1] for r in always["blocks"] if r[0] == clause}, key=natural)
            found.append(Obstacle(clause, tuple(incidents), None, None, ()))
            continue
        met, _, total = numbers
        n, d = scene.policy.clauses[clause].threshold or (1, 1)
        able = {x for c, x in can["brought"] if c == clause}
        kind = scene.policy.clauses[clause].members or ""
        inside = {scene.unit, *a.inside(scene.unit)}
        unmet = [
            x for x in sizes
            if x in inside and a.outcome.verdicts.get(x, {}).get(kind, "met") != "met"
        ]  # fmt: skip
        barred = [x for x in unmet if x not in able]
        bars: dict[str, set[str]] = defaultdict(set)
        for c, k, x in always["stays"]:
            if c == clause:
                bars[x].add(k)
        count: Counter[str] = Counter()
        for x in barred:
            count.update(dict.fromkeys(bars.get(x, ()), sizes[x]))
        number, all_ = (sum(sizes[x] for x in some) for some in (barred, unmet))
        members = sorted(count.items(), key=lambda row: order.index(row[0]))
        needed = -(-total * n // d) - met
        found.append(Obstacle(clause, (), needed, all_ - number, tuple(members), number))
    return tuple(found)


def _rows(
    asking: Asking, made: Collection[Term], mode: str = "auto"
) -> dict[str, set[tuple[Any, ...]]]:
    """Return what holds with the changes `made`, in some answer (brave) or in each (cautious)."""
    ctl = asking.ctl
    solving: Any = ctl.configuration.solve
    literals = [(a.symbol, False) for a in ctl.symbolic_atoms.by_signature("demanded", 1)]
    changes = ctl.symbolic_atoms.by_signature("change", 1)
    literals += [(a.symbol, True) for a in changes if a.symbol.arguments[0] in made]
    solving.opt_mode, solving.enum_mode, solving.models = "ignore", mode, "1" if made else "0"
    last: Sequence[Any] = ()
    with ctl.solve(assumptions=literals, yield_=True) as handle:
        for model in handle:
            last = model.symbols(atoms=True)
    solving.enum_mode = "auto"
    rows: dict[str, set[tuple[Any, ...]]] = {name: set() for name in _TOLD}
    for symbol in last:
        if symbol.name in rows:
            rows[symbol.name].add(tuple(map(plain, symbol.arguments)))
    return rows
