"""The smallest sets that hit every one of some sets, found one after another."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import clingo

__all__ = ["Smallest"]


class Smallest:
    """The sets of numbers that hit every core, fewest first, and of those the lightest.

    `loads` are the weights of the numbers 0, 1, ..., and `items` what they are about; of those
    about the same of `single` items one at most is needed. Each of `alike` says of some numbers to
    which of several interchangeable members they belong.
    """

    items: list[int]
    single: set[int]
    parts: int
    text: list[str]
    loads: Sequence[int]

    def __init__(
        self,
        loads: Sequence[int],
        items: Sequence[str],
        single: Iterable[str],
        alike: Iterable[Mapping[int, int]],
    ) -> None:
        names = {item: n for n, item in enumerate(dict.fromkeys(items))}
        self.items = [names[item] for item in items]
        self.single = {names[item] for item in single}
        self.group_of: dict[int, tuple[int, int]] = {}
        self.sizes: list[int] = []
        self.parts = 0
        self.loads = loads
        self.found: list[set[int]] = []
        text = [f"{{ s({n}) }}. load({n},{load}).\n" for n, load in enumerate(loads)]
        text += [f"about({n},{item}).\n" for n, item in enumerate(self.items)]
        text += [f":- #count {{ N : s(N), about(N,{i}) }} > 1.\n" for i in self.single]
        text.append("#minimize { 1@2,N : s(N) ; L@1,N : s(N), load(N,L) }.\n")
        for number, members in enumerate(alike):
            self.sizes.append(len(set(members.values())))
            for n, member in members.items():
                self.group_of[n] = (number, member)
                text.append(f"touched({number},{member},{self.items[n]}) :- s({n}).\n")
        self.text = text
        """What is still to be told to the solver, which is not asked where each core is about one
        item of which one is enough."""

    def hit(self, core: Iterable[int]) -> None:
        """Ask that one of a core be hit, and of each that differs from it in which of the
        interchangeable members it names."""
        core = set(core)
        self.found.append(core)
        here = [n for n in core if n not in self.group_of]
        members: dict[int, set[int]] = defaultdict(set)
        about: dict[int, set[int]] = defaultdict(set)
        for n in core - set(here):
            group, member = self.group_of[n]
            members[group].add(member)
            about[group].add(self.items[n])
        missed = [f"not s({n})" for n in here]
        text = f":- {','.join(f'not s({n})' for n in core)}.\n"
        if members:
            spared = [
                f"#count {{ {' ; '.join(f'M : touched({g},M,{i})' for i in sorted(about[g]))} }}"
                f" <= {self.sizes[g] - len(some)}"
                for g, some in members.items()
                # no more than one for each item can be touched
                if about[g] - self.single or self.sizes[g] - len(some) < len(about[g])
            ]
            text += f":- {','.join([*missed, *spared])}.\n"
        self.text.append(text)

    @cached_property
    def ctl(self) -> clingo.Control:
        """The solver."""
        return clingo.Control(["--warn=none", "--opt-strategy=usc,oll", "--opt-usc-shrink=min"])

    def tell(self) -> None:
        """Tell the solver what it does not know yet."""
        self.parts += 1
        name = f"part_{self.parts}"
        self.ctl.add(name, [], "".join(self.text))
        self.ctl.ground([(name, [])])
        self.text.clear()

    def best(self, until: float | None = None) -> set[int]:
        """Return the best set. Raises TimeoutError when it is not found by `until`."""
        apart = [{self.items[n] for n in core} for core in self.found]
        if all(len(items) == 1 and items <= self.single for items in apart):
            return self._one_each(list(zip((min(i) for i in apart), self.found, strict=True)))
        self.tell()
        found: set[int] = set()
        with self.ctl.solve(yield_=True, async_=True) as handle:
            while True:
                handle.resume()
                if until is not None and not handle.wait(max(until - time.monotonic(), 0)):
                    handle.cancel()
                    raise TimeoutError
                if (model := handle.model()) is None:
                    return found
                atoms = model.symbols(atoms=True)
                found = {a.arguments[0].number for a in atoms if a.match("s", 1)}

    def _one_each(self, cores: Sequence[tuple[int, set[int]]]) -> set[int]:
        """Return the lightest number for each item when each core is about one of which one is
        enough."""
        left: dict[int, set[int]] = {}
        for item, core in cores:
            sure = {n for n in core if n not in self.group_of or self._whole(n, core)}
            left[item] = left.get(item, sure) & sure
        return {min(some, key=lambda n: (self.loads[n], n)) for some in left.values()}

    def _whole(self, number: int, core: set[int]) -> bool:
        """Whether a core names every member that is interchangeable with that of a number."""
        group, _ = self.group_of[number]
        members = {self.group_of[n][1] for n in core if self.group_of.get(n, (-1, 0))[0] == group}
        return len(members) == self.sizes[group]
