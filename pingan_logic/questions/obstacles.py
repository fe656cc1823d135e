"""What stands against a clause that cannot be met, by the evaluating rules over all changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from attrs import frozen

from pingan_logic.order import natural
from pingan_logic.policy.catalogue import Clause
from pingan_logic.questions.planning import Scene, programs
from pingan_logic.solving.asking import Asking
from pingan_logic.solving.engine import plain
from pingan_logic.verdicts import Assessment

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
    asking: Asking, a: Assessment, scene: Scene, clauses: Sequence[str]
) -> tuple[Obstacle, ...]:
    """Return what stands against each of the clauses."""
    if not clauses:
        return ()
    (path,) = programs(scene.policy, "obstacles.lp")
    asking.add(path.read_text(encoding="utf-8"))
    can = _all_rows(asking, "brave", "brought")
    always = _all_rows(asking, "cautious", "stays", "blocks")
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
        unmet = [x for x in _members(a, scene, clause) if scene.status(x) != "met"]
        barred = [x for x in unmet if x not in able]
        bars: dict[str, set[str]] = defaultdict(set)
        for c, k, x in always["stays"]:
            if c == clause:
                bars[x].add(k)
        count = Counter(k for x in barred for k in bars.get(x, ()))
        members = sorted(count.items(), key=lambda row: order.index(row[0]))
        needed = -(-total * n // d) - met
        able_ = len(unmet) - len(barred)
        found.append(Obstacle(clause, (), needed, able_, tuple(members), len(barred)))
    return tuple(found)


def _members(a: Assessment, scene: Scene, clause: str) -> list[str]:
    kind = scene.policy.clauses[clause].members or ""
    return [x for x in a.inside(scene.unit) if kind in a.outcome.verdicts.get(x, {})]


def _all_rows(asking: Asking, mode: str, *names: str) -> dict[str, set[tuple[Any, ...]]]:
    """Return the atoms of predicates that hold in some answer (brave) or in each (cautious)."""
    ctl = asking.ctl
    solving: Any = ctl.configuration.solve
    literals = [(a.symbol, False) for a in ctl.symbolic_atoms.by_signature("demanded", 1)]
    solving.opt_mode, solving.enum_mode, solving.models = "ignore", mode, "0"
    last: Sequence[Any] = ()
    with ctl.solve(assumptions=literals, yield_=True) as handle:
        for model in handle:
            last = model.symbols(atoms=True)
    solving.enum_mode = "auto"
    rows: dict[str, set[tuple[Any, ...]]] = {name: set() for name in names}
    for symbol in last:
        if symbol.name in rows:
            rows[symbol.name].add(tuple(map(plain, symbol.arguments)))
    return rows
