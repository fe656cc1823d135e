"""The smallest set of records that decides an undetermined unit, whatever they say.

Contents that leave the unit undetermined although some records are there show that one of the
others is needed; the smallest set that meets all such needs is asked for in turn, until none can
be found. The contents are judged by the evaluating rules (`remedies/missing.lp` of the policy). One
module because the search and the answer that it fills are read together.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from pingan_logic.bound import bound
from pingan_logic.errors import check_words
from pingan_logic.evaluation import evaluate
from pingan_logic.model import Ledger
from pingan_logic.order import natural
from pingan_logic.questions.part import counted_in_rates, due_of_best, part_of, programs, weights
from pingan_logic.questions.year_end import at_year_end
from pingan_logic.shown import Answer
from pingan_logic.solving.asking import (
    Asking,
    End,
    Term,
    ledgers_of_earlier_years,
    verdicts_read,
)
from pingan_logic.solving.derived_atoms import plain
from pingan_logic.solving.encode import quote
from pingan_logic.solving.slices import slice_facts
from pingan_logic.solving.smallest import Smallest
from pingan_logic.verdicts import Assessment, Status

__all__ = ["Missing", "Record", "find_missing"]

_GOALS = ("known", "record", "sought", "reach", "earlier_year", "incident_type", "left")
_STATED = ("incident", "score", "poll", "requirement", "value", "given")
"""Predicates of the data whose blanks a record fills in."""
_OPEN = frozenset({Status.UNDETERMINED.value})
_FEW = 16
"""Up to so many units alike are written one by one."""


@frozen
class Record:
    """A record that is missing.

    `kind` is ledger, grade, liability, score, poll, requirement or value; `unit` holds it (None for
    a requirement), `item` is the ledger's item, the requirement's kind or that of the value, `year`
    that of a ledger. The `unit` of a value that is required from above is the kind.
    `effect` is what it could decide alone: fail (it can only make the unit fail), meet (only make
    it met), either, none; unknown when time ended before that was settled. Of a unit that is judged
    by levels it speaks of the lowest that is undetermined. `at_year_end` says that it can only be
    made when the year is over.
    """

    kind: str
    unit: str | None
    item: str | None
    incident: str | None
    effect: str
    year: int | None = None
    at_year_end: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the record as JSON values."""
        return {
            "record": self.kind,
            "unit": self.unit,
            "item": self.item,
            "incident": self.incident,
            "year": self.year,
            "effect": self.effect,
            "at_year_end": self.at_year_end,
        }


@frozen(repr=False)
class Missing(Answer[Record]):
    """The answer for a unit: the records, and the (clause, unit) pairs that no record can settle.

    Both are empty when the unit is settled. `proven` says that no smaller set would do; else
    `lower` is the proven bound of its size. `decides` is false when time ended before it was clear
    which clauses no record can settle: with the records all that can be settled is. `assessment`
    is what was asked: of an unfinished year how things stand on its last day.
    """

    assessment: Assessment = field(repr=False)
    unit: str
    status: Status
    records: tuple[Record, ...]
    unsettled: tuple[tuple[str, str], ...]
    proven: bool = True
    lower: int = 0
    decides: bool = True

    @property
    def open(self) -> bool:
        """Whether something is undetermined: the verdict, or a level above the one reached."""
        return bool(_open_at(self.assessment, self.unit))

    @property
    def rows(self) -> tuple[Record, ...]:
        """The records."""
        return self.records

    def name_of(self, row: Record) -> str:
        """Return the unit or the incident that a record is of."""
        return row.incident or row.unit or row.kind

    def about(self) -> str:
        """Return unit and verdict."""
        return f"of {self.unit}, {self.status}"

    def text(self, lang: str = "zh") -> str:
        """Return the answer in words."""
        check_words(lang)
        said: str = bound("missing_text")(self, lang)
        return said

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON values."""
        return {
            **self.assessment.header(self.unit),
            "records": [r.to_dict() for r in self.records],
            "unsettled": [{"clause": c, "unit": u} for c, u in self.unsettled],
            "proven": self.proven,
            "lower_bound": self.lower,
            "decides": self.decides,
        }


def find_missing(assessment: Assessment, unit: str, limit: float | None = None) -> Missing:
    """Return the smallest set of records that decides `unit`; of an unfinished year, on its last
    day.

    A ledger that is completed names every incident of its item, graded and with liability
    established. `limit` is the time in seconds for the search; when it ends first, a set that
    decides is returned with the proven bound. Raises RequestError for an unknown unit or one
    without a standard, PolicyError when the policy has no such search.
    """
    assessment.standing(unit)
    a = at_year_end(assessment, unit)
    here = a[unit]
    if not _open_at(a, unit):
        return Missing(a, unit, here.status, (), ())
    return _Search(a, unit).answer(limit)


def _open_at(a: Assessment, unit: str) -> tuple[str, ...]:
    """Return by which standards something is undetermined of a unit: its levels, or any."""
    here = a[unit]
    if here.levels is not None:
        return here.levels.open
    return here.standards if here.status is Status.UNDETERMINED else ()


_EFFECTS = {
    (True, True): "either", (True, False): "fail", (False, True): "meet", (False, False): "none",
}  # fmt: skip
"""What a record can do alone, by whether it can make the unit fail and met."""


class _Search:
    """The search for one unit, by the numbers of the records that could be made."""

    def __init__(self, a: Assessment, unit: str) -> None:
        self.a, self.unit = a, unit
        waits = {i for some in a.outcome.ungraded.values() for i in some}
        repeated = _repeated(a)
        self.earlier = ledgers_of_earlier_years(a.policy)
        part = part_of(a, unit)
        sizes: dict[str, int] = {}
        self.alike: list[list[str]] = []
        for group in part.groups:
            shares = self.split(group, repeated)
            sizes.update(zip(group, shares, strict=False))
            self.alike.append(group[: shares.count(1)])
        facts = [*part.atoms(a, sizes, _STATED), f"wanted({quote(unit)}).\n"]
        if a[unit].levels is not None:
            facts.append(f"to_level({_open_at(a, unit)[0]}).\n")
        for x, number in sizes.items():
            facts += (f"lacks({quote(x)},{t}).\n" for t in sorted(self.lacking(x)))
            if number > 1:
                facts.append(f"shared({quote(x)}).\n")
        facts += self.standing(sizes)
        facts += counted_in_rates(a.outcome, a.policy, sizes)
        facts += due_of_best(a.outcome)
        facts += (f"waits({quote(i)}).\n" for i in part.facts.incidents.column("id") if i in waits)
        facts += (f"rests_on({k}).\n" for k in verdicts_read(a.policy))
        facts.append(self.earlier)
        self.facts = "".join(facts)
        self.files = programs(a.policy, "missing.lp", "matters.lp")
        self.ask(())

    def ask(self, passed_over: Iterable[str]) -> None:
        """Prepare the question, without some clauses of the unit."""
        facts = self.facts + "".join(f"passed_over({c}).\n" for c in passed_over)
        options = ["--heuristic=Domain", "--dom-mod=3,16"]
        self.asking = Asking(self.a.policy, self.files, _GOALS, facts, options)
        self.records: list[Term] = sorted(self.asking.terms("record"))
        self.numbers = {r: n for n, r in enumerate(self.records)}
        self.told: list[tuple[Any, ...]] = list(map(plain, self.records))
        """The records as kind and arguments."""

    def split(self, alike: Sequence[str], repeated: set[str]) -> list[int]:
        """Say for how many of units alike the first of them stand.

        At most one ledger of an item is needed, as that of the unit asked about covers all that
        others do: with so many written one by one, no more of them need one of their own.
        """
        number = len(alike)
        if _OPEN.isdisjoint(self.a.outcome.verdicts.get(alike[0], {}).values()):
            return [number]
        items = self.lacking(alike[0])
        apart = not items or items & repeated or self.without_value(alike[0])
        if number <= _FEW or apart or self.earlier:
            return [1] * number
        return [1] * len(items) + list(weights(number - len(items)))

    def standing(self, units: Iterable[str]) -> Iterator[str]:
        """Yield the values that stand, as the rules take them."""
        for c in self.a.policy.measuring:
            for x in units:
                for item, number in self.a.outcome.amounts.get((c.id, x), {}).items():
                    if self.a.policy.inputs[item].given:
                        kind = self.a.policy.level_of.get(c.kind, c.kind)
                        yield f"stands_given({kind},{item},{number}).\n"
                    else:
                        yield f"stands({quote(x)},{item},{number}).\n"

    def without_value(self, x: str) -> bool:
        """Whether a value of `x` is lacking: each unit alike needs its own."""
        return any(self.a.outcome.no_value.get((c.id, x)) for c in self.a.policy.measuring)

    def lacking(self, x: str) -> set[str]:
        """Return the items of which `x` lacks the ledger."""
        unrecorded, clauses_of = self.a.outcome.unrecorded, self.a.policy.with_parts
        return {
            t
            for kind in self.a.outcome.verdicts.get(x, ())
            for c in clauses_of(kind)
            for matter in self.a.policy.matters_of(c)
            for t in unrecorded.get((c.id, matter, x), ())
        }

    def contents(
        self, some: Iterable[int], until: float | None = None, *, whole: bool = False
    ) -> End:
        """Return contents that leave the unit undetermined although `some` records are there, and
        as many others as can be: the atoms known(R) of those that are not there, or the `whole`."""
        known = [self.records[n] for n in some]
        sought = {"known": known, "sought": [self.asking.name("open")]}
        return self.asking.best(sought, until=until, optimal=False, whole=whole, untrue=not whole)

    def unsettled(self, until: float | None) -> tuple[tuple[tuple[str, str], ...], bool]:
        """Pass over the clauses of the unit that records cannot settle; return them, or those of
        the members by which they stay open, and whether these are all."""
        found: dict[tuple[str, str], None] = {}
        passed: set[str] = set()
        while True:
            end = self.contents(range(len(self.records)), until, whole=True)
            if end.atoms is None:
                break
            left: dict[str, list[tuple[str, str]]] = {}
            for clause, x, basis in end.rows("left", 3):
                left.setdefault(x.string, []).append((clause.name, basis.name))
            passed.update(c for c, _ in left[self.unit])
            found.update(dict.fromkeys(self.causes(self.unit, left)))
            self.ask(sorted(passed))
        order = list(self.a.policy.clauses)
        some = sorted(found, key=lambda f: (order.index(f[0]), natural(f[1])))
        return tuple(some), end.proven

    def causes(
        self, x: str, left: Mapping[str, list[tuple[str, str]]]
    ) -> Iterator[tuple[str, str]]:
        """Yield the clauses, and the units where, by which the ones left open at `x` are so."""
        for clause, basis in left[x]:
            kinds = self.a.policy.clauses[clause].members
            if basis != "share" or not kinds:
                yield clause, x
                continue
            for y in self.a.inside(x):
                if y in left and not self.a.outcome.verdicts.get(y, {}).keys().isdisjoint(kinds):
                    yield from self.causes(y, left)

    def answer(self, limit: float | None) -> Missing:
        """Search for at most so many seconds."""
        until = None if limit is None else time.monotonic() + limit
        unsettled, decides = self.unsettled(until)
        chosen, lower, proven = self.smallest(until)
        effects = self.effects(chosen, until)
        records = [
            self.record(self.told[n], effects.get(r, "unknown"))
            for n, r in ((n, self.records[n]) for n in sorted(chosen))
        ]
        if self.a.at_year_end:
            records = list(self.timed(records))
        records.sort(key=lambda r: (r.kind, natural(r.unit or ""), r.item or "", r.incident or ""))
        status = self.a.status(self.unit)
        return Missing(
            self.a, self.unit, status, tuple(records), unsettled, proven, lower, decides
        )  # fmt: skip

    def timed(self, records: Sequence[Record]) -> Iterator[Record]:
        """Say of each record whether it can only be made when the year is over: the rules take a
        ledger that is made before as none."""
        a = self.a
        facts = slice_facts(a.facts, a.policy, self.unit)
        ledgers: Any = [
            *facts.ledgers,
            *(Ledger(str(r.unit), str(r.item), r.year) for r in records if r.year is not None),
        ]
        early = evolve(facts, ledgers=ledgers, checked_by=None)
        lacking: dict[str, set[str]] = {}
        found = evaluate(early, a.policy, a.year, as_of=a.cut_off).outcome.unrecorded
        for (_, _, x), items in found.items():
            lacking.setdefault(x, set()).update(items)
        for r in records:
            holder = r.unit or ""
            covered = (holder, *a.inside(holder)) if r.year == a.year else ()
            late = any(r.item in lacking.get(x, ()) for x in covered)
            yield evolve(r, at_year_end=late)

    def smallest(self, until: float | None) -> tuple[set[int], int, bool]:
        """Return the smallest set of records that decides, the proven bound of its size, and
        whether it is proven; one that decides, when time runs out."""
        reach = {a.string: n.number for a, n in self.asking.rows("reach", 2)}
        loads = [reach.get(r[1], 0) + 1 if r[0] == "ledger" else 1 for r in self.told]
        items = [f"{r[0]} {r[2:] if r[0] == 'ledger' else r[1:]}" for r in self.told]
        # one ledger of an item is enough where the unit itself can hold it; other records are one
        single = [] if self.earlier else [items[n] for n, r in enumerate(self.told) if self.own(r)]
        outer = Smallest(loads, items, single, self.interchangeable())
        every = set(range(len(self.records)))

        def core(some: set[int]) -> set[int] | None:
            """Return records one of which is needed beside `some`; None when these decide."""
            end = self.contents(some, until)
            if not end.proven:
                raise TimeoutError
            if end.atoms is None:
                return None
            return {self.numbers[r] for r in end.terms("known")}

        # the ledgers of the unit itself will do for all inside
        best = {n for n in every if self.own(self.told[n])}
        found: set[int] = set()
        try:
            if core(best) is not None:
                best = set(every)
            for n in sorted(best, reverse=True):
                if (needed := core(best - {n})) is None:
                    best.remove(n)
                else:
                    outer.hit(needed)
            while (needed := core(found := outer.best(until))) is not None:
                outer.hit(needed)
        except TimeoutError:
            return best, len(found), False
        return found, len(found), True

    def own(self, record: tuple[Any, ...]) -> bool:
        """Whether a record is a ledger of the unit asked about, or none."""
        return record[0] != "ledger" or bool(record[1] == self.unit)

    def effects(self, some: set[int], until: float | None) -> dict[Term, str]:
        """Return what each of the records can do alone, as far as it is known by `until`."""
        if not some:
            return {}
        one = ";".join(f"known({self.records[n]})" for n in sorted(some))
        self.asking.add(f":- not 1 {{ {one} }} 1.\n")
        others = {"known": [r for n, r in enumerate(self.records) if n not in some]}
        can, settled = [], True
        for status in ("failed", "met"):
            sought = {"sought": [self.asking.name(status)]}
            end = self.asking.consequences("brave", sought, others, until)
            can.append(end.terms("known"))
            settled = settled and end.proven
        fails, meets = can
        records = map(self.records.__getitem__, some)
        return {
            r: _EFFECTS[r in fails, r in meets]
            for r in records
            if settled or (r in fails and r in meets)
        }

    def interchangeable(self) -> list[dict[int, int]]:
        """Return, for units alike, which of them each of their ledgers belongs to."""
        held: dict[str, list[int]] = {}
        for n, r in enumerate(self.told):
            if r[0] == "ledger":
                held.setdefault(r[1], []).append(n)
        return [
            {n: m for m, u in enumerate(members) for n in held.get(u, ())}
            for members in self.alike
            if len(members) > 1
        ]

    def record(self, told: tuple[Any, ...], effect: str) -> Record:
        """Return a record in plain words of the data."""
        kind, first = told[:2]
        if kind == "ledger":
            return Record(kind, first, told[2], None, effect, told[3])
        if kind == "requirement":
            return Record(kind, None, first, None, effect)
        if kind in ("value", "given"):
            return Record("value", first, told[2], None, effect)
        if kind in ("grade", "liability"):
            event = self.a.incidents[first]
            held = event.responsible_unit or event.unit
            return Record(kind, held, event.type, event.id, effect)
        return Record(kind, first, None, None, effect)


def _repeated(a: Assessment) -> set[str]:
    """Return the items whose incidents are counted: there one unit cannot stand for several."""
    clauses = a.policy.clauses.values()
    some = [p.matter for c in clauses for p in c.prohibitions if p.test.startswith("repeated")]
    some += (m for c in a.policy.measuring for m in a.policy.matters_of(c))
    return {t for matter in some for t in a.outcome.answers.get(matter, ())}
