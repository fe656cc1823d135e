"""The search for remedies: what can be edited in the part of the data that a verdict rests on.

What follows from an edit the evaluating rules say; here they are only given what to choose from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice

from attrs import field, frozen

from pingan_logic.catalogue import Policy
from pingan_logic.exact import LARGEST
from pingan_logic.order import in_order, natural
from pingan_logic.questions.part import counted_in_rates, due_of_best, programs, weights
from pingan_logic.questions.scene import Scene
from pingan_logic.questions.symmetry_breaking import Order
from pingan_logic.recorded import only_of
from pingan_logic.rules.find import policy_file
from pingan_logic.rules.proven import known_proof
from pingan_logic.solving.asking import Asking, Dated, Term, dated, ledgers_of_earlier_years
from pingan_logic.solving.derived_atoms import plain
from pingan_logic.solving.encode import quote
from pingan_logic.solving.grouping import of_judged

__all__ = ["WHOLE", "Planned", "hinted", "planning"]

_GOALS = ("change", "demanded", "goal", "possible", "unpriced", "finding", "against",
          "earlier_year", "incident_type")  # fmt: skip
# in ever larger steps, and by the settings for crafted problems, the best plan is proven several
# times sooner than in single ones and by those for any
_SEARCH = ("--opt-strategy=bb,inc", "--configuration=crafty")
_STATED = frozenset({"incident", "score", "poll", "requirement", "value", "given"})
WHOLE = "whole"
"""The demand that the verdict itself be met, beside those of the clauses."""


@lru_cache(maxsize=32)
def _proven(files: Sequence[Dated]) -> bool:
    return known_proof([path for path, _ in files]) is not None


def hinted(policy: Policy) -> bool:
    """Whether the rules are as they were when the properties that the hints rest on were proven;
    of values they say nothing: more is better for one clause and worse for another; nor of levels:
    what is closer to one may be further from another."""
    if not _proven(dated(policy.files)) or policy.measuring or policy.levels:
        return False
    rests = [plain(p) for p in Asking(policy, [], ("hints_rest_on",), "").terms("hints_rest_on")]
    stated = [policy_file(policy.folder, f"properties/{p}.lp") for p in rests]
    return bool(rests) and all(p.is_file() for p in stated)


_POINTS = 101


@frozen
class Planned:
    """A search that is grounded: change(P), demanded(C), possible(P,N). `sizes` are the units
    written, each with the number for which it stands; `blocks` are those of them at which a change
    is one at each of several units, all of them `alike`. `hinted` says that edits only help, and
    `cheapest` that the cheapest can be asked for."""

    asking: Asking
    sizes: Mapping[str, int]
    hinted: bool
    cheapest: bool
    blocks: Mapping[str, Sequence[str]] = field(factory=dict)
    alike: Sequence[Sequence[str]] = ()

    def first_of(self, units: Iterable[str]) -> dict[str, str]:
        """Return which units to see to instead of some: of those alike, the first."""
        seen_to = set(units)
        instead = {u: u for u in seen_to}
        for alike in self.alike:
            instead.update(zip(filter(seen_to.__contains__, alike), alike, strict=False))
        return instead

    @property
    def all_made(self) -> bool:
        """Whether all changes are made, so that what follows is certain."""
        return self.hinted and not self.cheapest

    @cached_property
    def against(self) -> set[Term]:
        """The demands that are certainly not met."""
        return {x for (x,) in self.asking.rows("against", 1)}

    @cached_property
    def goal(self) -> list[Term]:
        """The demands that a plan meets."""
        return sorted(self.asking.terms("goal"))

    @cached_property
    def demands(self) -> list[Term]:
        """The clauses of the unit, and `WHOLE`."""
        return sorted(self.asking.terms("demanded"))

    def able(self, demands: Sequence[Term], until: float | None) -> bool:
        """Whether some demands can be met together. Raises TimeoutError when that is not known by
        `until`."""
        if self.all_made:
            return self.against.isdisjoint(demands)
        but = {"demanded": [d for d in self.demands if d not in demands]}
        end = self.asking.best({"demanded": demands}, but, until, optimal=False)
        if end.atoms is None and not end.proven:
            raise TimeoutError
        return end.atoms is not None

    def barred(self, until: float | None) -> tuple[list[Term], bool]:
        """Return the demands that cannot be met by themselves, or else fewest that cannot be met
        together, and whether that is settled: `until` ends the search with what is known."""
        core, alone = self.demands, list[Term]()
        try:
            for d in core:
                if str(d) != WHOLE and not self.able([d], until):
                    alone.append(d)
            if alone:
                return alone, True
            for d in sorted(core, key=lambda d: str(d) != WHOLE):
                rest = [x for x in core if x != d]
                if not self.able(rest, until):
                    core = rest
        except TimeoutError:
            return alone or core, False
        return core, True


def planning(
    scene: Scene, *, cheapest: bool = True, any_plan: bool = False, ordered: bool = True
) -> Planned:
    """Return the search for a scene.

    With `any_plan` one of the cheapest will do, so that plans which only differ in which of several
    units is seen to are not all told apart; if not `ordered`, units alike are. Without `cheapest`
    it only says whether there is a plan: where edits only help, what is done for one of units alike
    may as well be done for all.
    """
    files = programs(scene.policy, "matters.lp", "plan.lp")
    program = _Program(scene, cheapest, any_plan, ordered)
    asking = Asking(scene.policy, files, _GOALS, program.text(), _SEARCH)
    return Planned(asking, program.sizes, program.hinted, cheapest, program.blocks, program.alike)


class _Program:
    """The facts of a search."""

    def __init__(self, scene: Scene, cheapest: bool, any_plan: bool, ordered: bool) -> None:
        self.cheapest, self.any_plan, self.ordered = cheapest, any_plan, ordered
        self.scene, self.policy = scene, scene.policy
        self.hinted = hinted(self.policy)
        self.blocks: dict[str, list[str]] = {}
        self.alike: list[list[str]] = []
        self.sizes = self._sizes()
        self.facts = only_of(scene.facts, scene.policy, self.sizes)
        text = "".join(f"{a}.\n" for some in self._atoms().values() for a in some)
        matters = programs(self.policy, "matters.lp")
        text += "".join(f"{a}.\n" for a in self._wanted())
        goals = ("holder", "matters", "now", "now_given")
        known = Asking(self.policy, matters, goals, text)
        held = [(plain(i), plain(u)) for i, u in known.rows("holder", 2)]
        self.held = sorted(held, key=lambda row: (natural(row[0]), natural(row[1])))
        self.matters = {plain(u) for u in known.terms("matters")}
        self.standing = [
            f"{name}({','.join(map(str, row))})."
            for name, source in (("stands", "now"), ("stands_given", "now_given"))
            for row in known.rows(source, 3)
        ]

    def _sizes(self) -> dict[str, int]:
        """Return the units to write, each with the number for which it stands: met units alike
        are one where the hints are sound, as no edit at them helps; of others alike so many can be
        seen to as some blocks of 1, 2, 4, ... are together."""
        sizes = dict.fromkeys(self.scene.wanted, 1)
        wanted = frozenset(sizes)
        for members in self.scene.groups.members.values():
            alike = in_order(u for u in members if u not in wanted)
            if not (self.hinted and alike):
                sizes.update(dict.fromkeys(alike, 1))
            elif self._folded(alike[0]):
                sizes[alike[0]] = len(alike)
            elif not self.any_plan:
                sizes.update(dict.fromkeys(alike, 1))
            else:
                self.alike.append(alike)
                rest = iter(alike)
                for number in weights(len(alike), self._largest_block):
                    block = list(islice(rest, number))
                    sizes[block[0]] = number
                    if number > 1:
                        self.blocks[block[0]] = block
        return sizes

    @cached_property
    def _largest_block(self) -> int:
        """How many units at most may be seen to as one, so that no effort leaves 32 bits: an edit
        is one effort, or one for each point of a score or for each item of a ledger."""
        efforts = [plain(n) for n in Asking(self.policy, [], ("cost",), "").terms("cost")]
        return int(LARGEST // (max(_POINTS, len(self.policy.types)) * max(1, *efforts)))

    def _folded(self, unit: str) -> bool:
        """Whether units alike can be written as one."""
        return not self.cheapest or self.scene.status(unit) in ("met", None)

    def _atoms(self) -> Mapping[str, Sequence[str]]:
        return self.scene.atoms(self.facts, {u: n for u, n in self.sizes.items() if n > 1})

    def _wanted(self) -> Iterator[str]:
        """Yield what the search is for."""
        yield from (f"wanted({quote(u)})" for u in self.scene.wanted)
        if self.scene.level is not None:
            yield f"to_level({self.scene.level})"

    def text(self) -> str:
        """Return the facts as they are written."""
        lines = [
            f"stated_{atom}." if name in _STATED else f"{atom}."
            for name, some in self._atoms().items()
            for atom in some
        ]
        lines += (f"{a}." for a in self._wanted())
        lines += ["cheapest."] * self.cheapest
        lines += ["hinted."] * self.hinted + ["year_open."] * self.scene.open_year
        lines.append(ledgers_of_earlier_years(self.policy))
        lines += (f"several({quote(u)},{len(b)})." for u, b in self.blocks.items())
        lines += (f"held({quote(i)},{quote(u)})." for i, u in self.held)
        if self.hinted and not self.cheapest:
            return "\n".join(lines) + "\n"
        self.gaps = self._gaps()
        for unit in sorted(self.gaps, key=natural):
            lines += (f"lacks({quote(unit)},{t})." for t in sorted(self.gaps[unit]))
        lines += (f"waits({quote(i)})." for i in sorted(self._waiting(), key=natural))
        lines += [*self._bare(), *self._unmet(), *self.standing]
        units = self.facts.units.column("id")
        lines += counted_in_rates(self.scene.outcome, self.policy, units)
        lines += due_of_best(self.scene.outcome)
        if self.cheapest and self.ordered and not self.policy.proof.distinctions:
            lines += Order(
                self.scene, self.facts, self.sizes, self.blocks, self.gaps, self.held,
                self.matters, self.hinted, self.any_plan,
            ).lines()  # fmt: skip
        return "\n".join(lines) + "\n"

    def _gaps(self) -> dict[str, set[str]]:
        gaps: dict[str, set[str]] = defaultdict(set)
        if not self.hinted:
            for unit in self.facts.units.column("id"):
                if self.scene.outcome.verdicts.get(unit):
                    gaps[unit] = set(self.policy.types)
            return gaps
        standing = self.scene.outcome.groups.standing
        written: dict[str, list[str]] = defaultdict(list)
        for unit in self.facts.units.column("id"):
            written[standing.get(unit, unit)].append(unit)
        for (_, _, one), items in of_judged(self.scene.outcome.unrecorded).items():
            for unit in written.get(one, ()):
                gaps[unit].update(items)
        return gaps

    def _waiting(self) -> set[str]:
        happened = {i for i, _ in self.held}
        if self.hinted:
            return happened.intersection(
                i for some in self.scene.outcome.ungraded.values() for i in some
            )
        blank = (i.id for i in self.facts.incidents if not (i.grade and i.liability))
        return happened.intersection(blank)

    def _bare(self) -> Iterator[str]:
        for unit in self.facts.units.column("id"):
            for clause, found in self.scene.outcome.findings.get(unit, {}).items():
                if clause in self.policy.may_be_declared and not (
                    self.hinted and found[0] == "met"
                ):
                    yield f"bare({clause},{quote(unit)})."

    def _unmet(self) -> Iterator[str]:
        for clause in self.policy.measuring:
            for unit in self.facts.units.column("id"):
                if clause.id in self.scene.outcome.findings.get(unit, ()):
                    yield f"unmet({clause.id},{quote(unit)})."
