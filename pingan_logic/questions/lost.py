"""Units that cannot be met for the year whatever is done: asked of many at once.

`find_remedy` answers for each of them too, in two searches of its own; here it is two for all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from attrs import frozen

from pingan_logic.questions.fix import Remedy
from pingan_logic.questions.planning import hinted, planning
from pingan_logic.questions.scene import Scene
from pingan_logic.solving.derived_atoms import plain
from pingan_logic.solving.slices import slice_facts
from pingan_logic.verdicts import Assessment, Status

__all__ = ["lost_for_the_year"]


def lost_for_the_year(a: Assessment, units: Iterable[str]) -> dict[str, Remedy]:
    """Return the remedies of those of some failed units that cannot be met for the year and can be
    in the next: without the obstacles, which is said (`complete`).

    Nothing is said of the others, nor where edits may do harm, a cost is missing or the year is
    not over: that is for `find_remedy`. Raises PolicyError when the rules cannot be used.
    """
    failed = [u for u in units if a.status(u) is Status.FAILED]
    if not failed or a.preliminary or not hinted(a.policy):
        return {}
    facts = slice_facts(a.facts, a.policy, *failed)
    first, *others = failed
    scene = Scene(
        a.policy, facts, first, a.year, a.cut_off, a.asked, False, a.outcome, others
    )  # fmt: skip
    now = _found(scene)
    lost = [u for u in failed if now is not None and not now.met(u) and now.known(u)]
    if not lost:
        return {}
    year = a.year + a.policy.period.years
    end = a.policy.period.ends(year)
    ahead = end >= date.today() or year > max([a.year, *facts.years(a.policy.period)])
    later = Scene(a.policy, facts, first, year, end, (), ahead, None, others)
    then = _found(later)
    return {
        u: Remedy(u, a.year, Status.FAILED, a, first_year=year, complete=False)
        for u in lost
        if then is not None and then.met(u) and not then.against[u]
    }


@frozen
class _Found:
    """What the rules say after all edits that can be made: `verdicts` and the clauses `against`."""

    scene: Scene
    verdicts: dict[str, set[str]]
    against: dict[str, set[str]]

    def met(self, unit: str) -> bool:
        return self.verdicts[unit] == {"met"}

    def known(self, unit: str) -> bool:
        """Whether all that stands against a unit is a clause that the facts decide."""
        policy, against = self.scene.policy, self.against[unit]
        return bool(against) and all(policy.decided_by_facts(policy.clauses[c]) for c in against)


def _found(scene: Scene) -> _Found | None:
    planned = planning(scene, cheapest=False)
    asking = planned.asking
    if not planned.all_made or asking.terms("unpriced"):
        return None
    verdicts: dict[str, set[str]] = defaultdict(set)
    against: dict[str, set[str]] = defaultdict(set)
    for _, unit, status in asking.rows("verdict", 3):
        verdicts[plain(unit)].add(plain(status))
    for clause, _, unit, status, _ in asking.rows("finding", 5):
        if plain(status) != "met":
            against[plain(unit)].add(plain(clause))
    return _Found(scene, verdicts, against)
