"""From all instances of rules to one well-founded derivation of each atom that is claimed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from pingan_logic.memory import Once
from pingan_logic.order import natural
from pingan_logic.solving.trace import Step

__all__ = ["prove"]


def prove(
    steps: Iterable[Step], stated: Collection[str], claimed: Callable[[str], bool]
) -> list[Step]:
    """Return one step for each claimed atom and for each atom that such a step rests on.

    Every step comes after those it rests on, so that none rests on itself in the end; `stated` are
    the atoms of the data, which need none. Of several derivations of an atom a shortest is taken,
    and of these the one whose rule and body come first in natural order: the same one in each run.
    """
    places = Once(natural)
    ordered = sorted(steps, key=lambda s: (places[s[0]], s[1:]))
    derived = Once[str, bool](lambda e: not e.startswith(("not ", "= ")) and e not in stated)
    rests = [[e for e in s[2] if derived[e]] for s in ordered]
    missing = [len(set(r)) for r in rests]
    waiting: dict[str, list[int]] = defaultdict(list)
    for n, atoms in enumerate(rests):
        for atom in set(atoms):
            waiting[atom].append(n)
    found: dict[str, int] = {}
    ready = [n for n, count in enumerate(missing) if not count]
    while ready:
        new: dict[str, int] = {}
        for n in sorted(ready):
            if ordered[n][1] not in found:
                new.setdefault(ordered[n][1], n)
        found |= new
        ready = []
        for atom in new:
            for n in waiting.get(atom, ()):
                missing[n] -= 1
                if not missing[n]:
                    ready.append(n)
    used: set[int] = set()
    open_ = [n for atom, n in found.items() if claimed(atom)]
    while open_:
        n = open_.pop()
        if n not in used:
            used.add(n)
            open_ += [found[atom] for atom in rests[n]]
    return [ordered[n] for n in found.values() if n in used]
