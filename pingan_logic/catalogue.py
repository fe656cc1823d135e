"""A policy as Python sees it: its words (kinds, types, clauses), never its decisions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from attrs import field, frozen

from pingan_logic.errors import Problem, RequestError, nearest
from pingan_logic.exact import LARGEST
from pingan_logic.inputs import YES_NO, Best, Input, Points, Tally, Words
from pingan_logic.period import CALENDAR, Period
from pingan_logic.rules.proof import NO_PROOF, Proof

__all__ = [
    "YES_NO", "Asked", "Best", "Clause", "IncidentType", "Input", "Interpretation", "Kind",
    "Points", "Policy", "Prohibition", "Setting", "Tally", "Words", "check_kind",
    "check_language",
]  # fmt: skip


@frozen
class Kind:
    """A kind of unit, its names, and the Chinese measure word for counting it."""

    id: str
    zh: str
    en: str
    measure: str


@frozen
class IncidentType:
    """A type of incident and its names."""

    id: str
    zh: str
    en: str


@frozen
class Prohibition:
    """An atomic prohibition of a clause; `test` is its severity test as written in the policy, and
    `years` over how many years it looks, the year judged among them."""

    clause: str
    matter: str
    test: str
    zh: str
    en: str
    years: int = 1

    @property
    def id(self) -> str:
        """Identifier, unique in the policy."""
        return f"{self.clause}.{self.matter}"


@frozen
class Asked:
    """What a clause asks of the values that it measures: `comparison` is at_least, at_most, above,
    below or within_years; with `number`, as the integer of the rules, or `number`/`of` for a rate,
    or with the item `given` from above."""

    comparison: str
    number: int = 0
    of: int | None = None
    given: str | None = field(default=None, kw_only=True)


@frozen
class Clause:
    """A clause of the notice: id, kind, place in the notice and its exact Chinese words.

    Its share counts the units of the kinds in `members`, several together. It measures each of
    `measures`: one item, or two of which the first, an item or incidents (`Policy.tallies`), is
    measured per the second; what it asks of them is `asked`, None where a yes, or any date, will
    do. It may be made of `parts`, clauses too: met if one of them is, or with `every` only if each
    is; a part is `within` another clause.
    """

    id: str
    kind: str
    source: str
    zh: str
    en: str | None = None
    prohibitions: tuple[Prohibition, ...] = ()
    threshold: tuple[int, int] | None = None
    pass_mark: int | None = None
    members: tuple[str, ...] = ()
    measures: tuple[tuple[str, ...], ...] = ()
    asked: Asked | None = None
    parts: tuple[str, ...] = ()
    every: bool = False
    within: str | None = None

    def text(self, lang: str = "zh") -> str:
        """Return the words of the clause."""
        return self.en if lang == "en" and self.en else self.zh


@frozen
class Setting:
    """The facts `predicate(key, ...)` of a policy are replaced by one with these values.

    `said` is how they are written where that is not as the rules have them.
    """

    predicate: str
    key: str
    values: tuple[int | str, ...]
    said: str = field(default="", eq=False)

    def __str__(self) -> str:
        return f"{self.predicate}({self.key})={self.said or '/'.join(map(str, self.values))}"

    @property
    def replaces(self) -> tuple[str, int, str]:
        """Which facts it stands in place of: their predicate, its places and the first of them."""
        return self.predicate, len(self.values) + 1, self.key

    @property
    def fact(self) -> str:
        """The fact in the rule language."""
        return f"{self.predicate}({self.key},{','.join(map(str, self.values))})."


@frozen
class Interpretation:
    """An open point of the notice, the default taken and its reason."""

    number: int
    name: str
    zh: str
    en: str


@frozen(repr=False)
class Policy:
    """A loaded, scanned and complete policy folder; `notice` is what it is called in reports, and
    `programme` what their titles call it.

    `targets` are the shares that section 二 asks for, by kind, over the `programme_years`; `roles`
    name, by kind, the body (Chinese, English) that `assesses`, `forwards`, `recognises` and
    `awards` (section 四). `bodies` are their names by id; one in `one_for_each` exists once for
    each unit of a kind. `lists` holds, by role, the statuses of the units on its roster; rosters
    of `posted` roles go on a list for public notice, where a kind is called by its `titles`;
    `list_names` are those of the lists of prohibitions, by kind and place, such as “七无”;
    `listed_by` says of kinds whether lists hold units by name or by number.
    `switches` are the interpretations in force, `switch_values` what each can be,
    `switch_words` and `value_words` how that is said; `settings` replace facts of the files.
    `poll_clauses` look at the poll; remedies that are `only_at_year_end` are completed then.
    `settle_words` say how an incident of a type is settled, `effort` what effort 1 is about.
    Attainment is also counted for each unit of the kinds in `areas`. Kinds without a standard of
    their own that are judged by another's are `assigned`. `proof` says
    whether units alike may be judged once, and a unit from its own part of the data. `also_called`
    are the codes that everyday words may mean, by group of columns and word; `matters`
    are the types of incident that answer to each matter.
    `inputs` are the items that the table of values may hold, `tallies` the incidents that rates
    count, by the name that they have in `Clause.measures`, and `points` how clauses count points,
    by the name of their total there. `period` is what one judgement looks at, and `best`
    says, by clause, how many of the best meet it.
    A kind may have `levels`: standards, the lowest first, which are among the `kinds` for their
    words though no unit is of them (`unit_kinds`); `includes` are the levels whose clauses count
    for a level too. Rosters of the roles in `lists_highest` hold a unit at its highest level alone.
    """

    name: str
    folder: Path
    files: tuple[Path, ...]
    kinds: dict[str, Kind]
    types: dict[str, IncidentType]
    grades: dict[str, tuple[str, str]]
    clauses: dict[str, Clause]
    may_sit_in: dict[str, frozenset[str]]
    affiliable: frozenset[str]
    notice_texts: dict[str, tuple[str, str]]
    said_by_check: frozenset[str]
    may_be_declared: frozenset[str]
    targets: dict[str, tuple[int, int]]
    roles: dict[str, dict[str, tuple[str, str]]]
    notice: tuple[str, str]
    programme: tuple[str, str]
    areas: frozenset[str]
    bodies: dict[str, tuple[str, str]]
    one_for_each: dict[str, str]
    role_names: dict[str, tuple[str, str]]
    posted: frozenset[str]
    titles: dict[str, str]
    list_names: dict[tuple[str, str], str]
    lists: dict[str, frozenset[str]]
    listed_by: dict[str, str]
    programme_years: tuple[int, ...]
    default_year: int | None = field(default=None)
    interpretations: dict[str, Interpretation] = field(factory=dict)
    switches: dict[str, int | str] = field(factory=dict)
    switch_values: dict[str, tuple[int | str, ...]] = field(factory=dict)
    switch_words: dict[str, tuple[int, str, str]] = field(factory=dict)
    value_words: dict[tuple[str, int | str], tuple[str, str]] = field(factory=dict)
    settings: tuple[Setting, ...] = ()
    poll_clauses: frozenset[str] = frozenset()
    only_at_year_end: frozenset[str] = frozenset()
    settle_words: dict[str, tuple[str, str]] = field(factory=dict)
    effort: tuple[str, str] | None = None
    assigned: frozenset[str] = frozenset()
    proof: Proof = NO_PROOF
    also_called: dict[str, dict[str, tuple[str, ...]]] = field(factory=dict)
    matters: dict[str, tuple[str, ...]] = field(factory=dict)
    inputs: dict[str, Input] = field(factory=dict)
    tallies: dict[str, Tally] = field(factory=dict)
    points: dict[str, Points] = field(factory=dict)
    levels: dict[str, tuple[str, ...]] = field(factory=dict)
    includes: dict[str, frozenset[str]] = field(factory=dict)
    lists_highest: frozenset[str] = frozenset()
    period: Period = CALENDAR
    best: dict[str, Best] = field(factory=dict)

    def item(self, name: str) -> Input:
        """Return what a clause measures: an item of the table of values, or a number of
        incidents."""
        if (tally := self.tallies.get(name)) is not None:
            return tally.item
        points = self.points.get(name)
        return self.inputs[name] if points is None else points.total

    def points_of(self, clause: Clause) -> Points | None:
        """Return how a clause counts points; None of any other clause."""
        return next((p for n, *_ in clause.measures if (p := self.points.get(n))), None)

    def items_of(self, clause: Clause) -> list[str]:
        """Return the items of the table of values at which a clause looks."""
        points = self.points_of(clause)
        found = [n for names in clause.measures for n in names if n in self.inputs]
        return found if points is None else list(points.adds)

    def tally_of(self, clause: Clause) -> Tally | None:
        """Return the incidents of which a clause measures the rate; None of any other clause."""
        return next((t for n, *_ in clause.measures if (t := self.tallies.get(n))), None)

    def tallies_of(self, clause: Clause) -> list[Tally]:
        """Return the incidents that a clause counts, in a rate or as points."""
        tally, points = self.tally_of(clause), self.points_of(clause)
        if points is not None:
            return [t for _, t, _ in points.takes]
        return [] if tally is None else [tally]

    def matters_of(self, clause: Clause) -> list[str]:
        """Return the matters at whose incidents a clause looks."""
        counted = (t.matter for t in self.tallies_of(clause))
        return list(dict.fromkeys([*(p.matter for p in clause.prohibitions), *counted]))

    @cached_property
    def counted(self) -> dict[str, tuple[str, ...]]:
        """The clauses for which each type of incident can count."""
        found: dict[str, dict[str, None]] = {}
        for clause in self.clauses.values():
            for matter in self.matters_of(clause):
                for kind in self.matters.get(matter, ()):
                    found.setdefault(kind, {})[clause.id] = None
        return {kind: tuple(ids) for kind, ids in found.items()}

    @property
    def measuring(self) -> list[Clause]:
        """The clauses that measure values."""
        return [c for c in self.clauses.values() if c.measures]

    @cached_property
    def counted_only(self) -> frozenset[str]:
        """The kinds of units that are only counted, such as households: those of which the policy
        says so or, where it says nothing, no standard counts what they contain."""
        counting = [c for c in self.clauses.values() if c.members]
        of = self.level_of
        counted = {of.get(k, k) for c in counting for k in c.members}
        innermost = counted - {of.get(c.kind, c.kind) for c in counting}
        said = {k for k, how in self.listed_by.items() if how == "number"}
        only = said | (innermost - self.listed_by.keys())
        return frozenset(only).union(*(self.levels.get(k, ()) for k in only))

    @cached_property
    def level_of(self) -> dict[str, str]:
        """The kind whose level a standard is."""
        return {s: kind for kind, some in self.levels.items() for s in some}

    @cached_property
    def unit_kinds(self) -> dict[str, Kind]:
        """The kinds of which units are: all but the standards of levels."""
        return {k: kind for k, kind in self.kinds.items() if k not in self.level_of}

    def is_counted_once(self, standard: str) -> bool:
        """Whether counts by this standard count each unit once beside those by others: of the
        levels of a kind the lowest alone."""
        kind = self.level_of.get(standard)
        return kind is None or self.levels[kind][0] == standard

    def deciding(self, standard: str) -> list[Clause]:
        """Return the clauses that decide a standard: its own, and those of the levels that it
        includes."""
        some = {standard, *self.includes.get(standard, ())}
        return [c for k in self.kinds if k in some for c in self.clauses_of(k)]

    def decided_by_facts(self, clause: Clause) -> bool:
        """Whether the shared rules judge a clause by what facts say of it, and no rule of its own
        has to."""
        marked = clause.pass_mark is not None
        forms = (clause.prohibitions, clause.members, marked, clause.measures)
        made = bool(clause.parts) and all(
            self.decided_by_facts(self.clauses[p]) for p in clause.parts
        )
        return any(forms) or made or clause.id in self.poll_clauses

    def made_of(self, clause: Clause) -> list[Clause]:
        """Return a clause with all its parts, and theirs."""
        parts = (self.clauses[p] for p in clause.parts)
        return [clause, *(c for part in parts for c in self.made_of(part))]

    def measure_of(self, kinds: Sequence[str]) -> str:
        """Return the Chinese measure word of units of these kinds, 个 where they differ."""
        found = {self.kinds[kind].measure for kind in kinds}
        return found.pop() if len(found) == 1 else "个"

    @property
    def given_items(self) -> frozenset[str]:
        """The items that are requirements from above, recorded of a kind."""
        return frozenset(i.id for i in self.inputs.values() if i.given)

    @property
    def result_items(self) -> list[Input]:
        """The items that record the result of the period before."""
        return [i for i in self.inputs.values() if i.result]

    def __repr__(self) -> str:
        changed = "".join(f" {setting}" for setting in self.settings)
        return f"<Policy {self.name}: {len(self.clauses)} clauses{changed}>"

    @property
    def version(self) -> str:
        """The semantic version that the policy gives itself in `version.txt`; empty for none."""
        path = self.folder / "version.txt"
        return path.read_text(encoding="utf-8").strip() if path.is_file() else ""

    def clauses_of(self, kind: str) -> list[Clause]:
        """Return the clauses of a standard as the notice orders them, but the parts of others."""
        return [c for c in self.clauses.values() if c.kind == kind and c.within is None]

    def with_parts(self, kind: str) -> list[Clause]:
        """Return the clauses of a standard and their parts."""
        return [c for c in self.clauses.values() if c.kind == kind]

    @property
    def most_units(self) -> int:
        """The most units that the rules can count: T*N+D-1 for every share N/D stays in 32 bits."""
        shares = [c.threshold for c in self.clauses.values() if c.threshold]
        shares += [(b.number, b.of) for b in self.best.values() if b.of is not None]
        largest = max([1, *map(max, [*shares, *self.targets.values()])])
        return (LARGEST + 1) // largest - 1

    @property
    def judged_kinds(self) -> list[str]:
        """Kinds that have a standard, and the standards of levels, in policy order."""
        judged = {c.kind for c in self.clauses.values()}
        return [k for k in self.kinds if k in judged]

    @property
    def judged_units(self) -> list[str]:
        """Kinds of units that have a standard, or levels, in policy order."""
        return list(dict.fromkeys(self.level_of.get(k, k) for k in self.judged_kinds))


def check_kind(policy: Policy, kind: str, place: str) -> None:
    """Raise RequestError, naming `place`, when the policy has no such kind of units."""
    if kind not in policy.kinds:
        raise RequestError(
            [
                Problem(
                    place,
                    f"应为 {'、'.join(policy.kinds)}",
                    f"expected one of {', '.join(policy.kinds)}",
                    kind,
                    nearest(kind, policy.kinds),
                )
            ]
        )


def check_language(policy: Policy, lang: str, place: str) -> None:
    """Raise RequestError, naming `place` and each clause without its words, when the policy cannot
    answer in a language: in English (`en`) every clause must have its English words."""
    silent = [c for c in policy.clauses.values() if not c.en] if lang == "en" else []
    if silent:
        raise RequestError(
            Problem(
                f"{place} {policy.name}",
                f"条款没有英文：在规则文件中加 english({c.id}, ...)",
                f"the clause has no English words: add english({c.id}, ...)",
                c.id,
            )
            for c in silent
        )
