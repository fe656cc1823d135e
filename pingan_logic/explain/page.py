"""The explanation of one unit as a page: the verdict first, then what stands against it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from pingan_logic.explain.text import (
    clause_count,
    counts_levels,
    finding_reasons,
    incident_text,
    internal_words,
    kind_name,
    lacking_then,
    ledger_years,
    masking,
    next_level_lines,
    place_of,
    preliminary_line,
    unit_title,
    year_status,
)
from pingan_logic.layout import broken, edges, pad, width
from pingan_logic.messages.explain import WORDS

if TYPE_CHECKING:
    from pingan_logic.model import Unit
    from pingan_logic.verdicts import Assessment, Finding

__all__ = ["render_unit"]

_ITEM = re.compile(r"(?<=条).+|[0-9]+$")
"""What stands after the place of a standard: the number of an item."""
_ROLES = ("assesses", "forwards", "recognises", "awards")
_ORDER = ("failed", "undetermined", "met")


def render_unit(
    a: Assessment, unit: Unit, lang: str, limit: int | None, *, details: bool = False
) -> str:
    """Return the explanation of a judged unit.

    Of the members that stand in the way the first `limit` are named (None: all), and with
    `details` each with its own reasons, which may say an offence of a household.
    """
    return "\n".join(_Page(a, unit, lang, limit, details).lines()) + "\n"


class _Page:
    def __init__(
        self, a: Assessment, unit: Unit, lang: str, limit: int | None, details: bool
    ) -> None:
        self.a, self.unit, self.lang, self.limit, self.details = a, unit, lang, limit, details
        self.w = WORDS[lang]
        self.counted_only = a.policy.counted_only
        self.internal = unit.kind in self.counted_only or details
        self.masked = None if details else masking(a, unit.id, lang)

    def lines(self) -> Iterator[str]:
        a, w, here = self.a, self.w, self.a[self.unit.id]
        kind = kind_name(a.policy, self.unit.kind, self.lang)
        status = year_status(a, here, self.lang)
        yield edges(unit_title(self.unit, self.lang, kind), status)
        if a.preliminary:
            yield from broken(preliminary_line(a, self.lang))
        for kind in here.standards:
            yield from broken(self.standard(kind, here.findings))
        for said in next_level_lines(a.policy, here.line, self.lang):
            yield from broken(said)
        flagged = sorted(a.outcome.accountable.get(self.unit.id, ()))
        if flagged:
            yield from broken(w["accountable"].format(incidents=self.incidents(flagged)))
        yield ""
        met: dict[tuple[str, ...], list[Finding]] = {}
        for f in sorted(here.findings, key=lambda f: _ORDER.index(f.status.value)):
            if f.basis == "prohibition" and f.status.value == "met" and not f.counted:
                met.setdefault((f.source, ledger_years(a, f, self.lang), *f.evidence), []).append(f)
            elif f.status.value != "met" or not met:
                yield from self.finding(f)
            else:
                yield from self.all_met(met)
                met = {}
                yield from self.finding(f)
        yield from self.all_met(met)
        yield from self.foot(here.standards)

    def standard(self, kind: str, findings: Sequence[Finding]) -> str:
        """Say by which standard the unit is judged, and how many clauses stand how."""
        w, policy = self.w, self.a.policy
        deciding = {c.id: c.source for c in policy.deciding(kind)}
        mine = [f for f in findings if f.clause in deciding]
        title = policy.titles.get(kind, policy.kinds[kind].zh)
        name = policy.kinds[kind].en if self.lang == "en" else title
        counts = Counter(f.status.value for f in mine)
        said = w["comma"].join(
            w["clauses"].format(n=counts[s], status=w[s]) for s in _ORDER if counts[s]
        )
        if len(counts) == 1:
            said = w["all_clauses"].format(status=w[next(iter(counts))])
        sources = dict.fromkeys(_ITEM.sub("", f.source) for f in mine)
        order = list(deciding.values())
        places = sorted(sources, key=lambda s: next(n for n, o in enumerate(order) if s in o))
        place = w["list"].join(place_of(s, self.lang) for s in places)
        place += w["comma"] * (len(places) > 1 and self.lang == "zh")
        return w["standard"].format(place=place, kind=name, n=len(mine), counts=said)

    def head(self, status: str, said: str) -> list[str]:
        mark = f"[{self.w[status]}]"
        room = max(width(f"[{self.w[s]}]") for s in _ORDER) + 1
        return broken(pad(mark, room) + said, hang="    ")

    def sentence(self, said: str) -> str:
        """Return words as they stand at the head of a line."""
        return said[:1].upper() + said[1:] if self.lang == "en" else said

    def finding(self, f: Finding) -> Iterator[str]:
        """Yield a clause and its reasons."""
        said = f"{place_of(f.source, self.lang)} {f.words(self.lang)}"
        yield from self.head(f.status.value, said)
        shown = finding_reasons(self.a, self.unit.id, f, self.lang, self.masked)
        for reason in shown:
            yield from broken(self.sentence(reason), indent="    ")
        if f.share and f.status.value != "met" and f.evidence:
            yield from self.members(f)

    def all_met(self, groups: dict[tuple[str, ...], list[Finding]]) -> Iterator[str]:
        """Yield the prohibitions that are kept: one line for those of one list and one basis."""
        w = self.w
        for (source, year, *holders), some in groups.items():
            kinds = self.a.policy.clauses[some[0].clause].kind
            name = self.a.policy.list_names.get((kinds, source))
            place = place_of(source, self.lang)
            short = self.limit is not None and self.unit.kind not in self.counted_only
            if name and len(some) > 1 and short:
                clauses = self.a.policy.clauses.values()
                total = sum(c.kind == kinds and c.source == source for c in clauses)
                key = "list_met" if len(some) == total else "list_rest"
                said = w[key].format(place=place, name=name, n=len(some))
            else:
                texts = [f.words(self.lang) for f in some]
                said = f"{place} {w['list'].join(texts)}"
            yield from self.head("met", said)
            units = w["list"].join(unit_title(self.a.units[u], self.lang) for u in holders)
            yield from broken(w["basis_ledger"].format(units=units, year=year), indent="    ")

    def members(self, f: Finding) -> Iterator[str]:
        """Name the members in the way, and count the clauses against them."""
        a, w = self.a, self.w
        kinds = a.policy.clauses[f.clause].members
        measure = a.policy.measure_of(kinds)
        status = f.status.value
        shown = f.evidence if self.limit is None else f.evidence[: self.limit]
        hidden = any(a.units[u].kind in self.counted_only for u in shown)
        if hidden:
            self.internal = True
        names = w["list"].join(
            u if a.units[u].kind in self.counted_only else unit_title(a.units[u], self.lang)
            for u in shown
        )
        deciding = {c.id for k in kinds for c in a.policy.deciding(k)}
        counts = Counter(
            own.clause
            for u in f.evidence
            for own in a[u].findings
            if own.status is f.status and own.clause in deciding
            and not own.missing and not own.missing_then
        )  # fmt: skip
        if len(shown) < len(f.evidence):
            names += w["more_all"].format(n=len(f.evidence))
        named = w["list"].join(kind_name(a.policy, k, self.lang) for k in kinds)
        words = {"kind": named, "measure": measure}
        if hidden and len(counts) == 1 and not self.details:
            names = w["not_named"]  # a code beside the one clause would say who did what
        below = status == "failed" and counts_levels(a.policy, kinds)
        key = "members_failed_level" if below else f"members_{status}"
        said = w[key].format(n=len(f.evidence), names=names, **words)
        yield from broken(said, indent="    ")
        if status == "undetermined":
            around = self.around(f.evidence)
            if around:
                said = w["all_inside"].format(unit=unit_title(a.units[around], self.lang))
                yield from broken(said, indent="    ")
            open_ = [o for u in f.evidence for o in a[u].findings if o.status is f.status]
            if lacking := list(dict.fromkeys(m for own in open_ for m in own.missing)):
                types = [a.policy.types[m] for m in lacking]
                items = w["list"].join(t.en if self.lang == "en" else t.zh for t in types)
                yield from broken(w["missing"].format(items=items), indent="    ")
            for of, items in lacking_then(a, open_, self.lang).items():
                yield from broken(w["missing_then"].format(year=of, items=items), indent="    ")
        said = w["list"].join(
            clause_count(a.policy, clause, n, measure, self.lang) for clause, n in counts.items()
        )
        if said:
            yield from broken(w["concerned"].format(clauses=said), indent="    ")
        if self.details:
            for u in shown:
                yield from broken(unit_title(a.units[u], self.lang), indent="      ")
                for own in a[u].findings:
                    if own.status is f.status:
                        reasons = finding_reasons(a, u, own, self.lang, self.masked)
                        line = (
                            f"{place_of(own.source, self.lang)} {own.words(self.lang)}{w['colon']}"
                        )
                        yield from broken(line + w["semicolon"].join(reasons), indent="        ")

    def around(self, units: Iterable[str]) -> str | None:
        """Return the smallest container of all `units` that is not the unit itself."""
        common: list[str] | None = None
        for u in units:
            chain = []
            here = self.a.units[u].parent
            while here and here != self.unit.id:
                chain.append(here)
                here = self.a.units[here].parent
            common = chain if common is None else [c for c in common if c in chain]
            if not common:
                return None
        return common[0] if common else None

    def incidents(self, some: Iterable[str]) -> str:
        return self.w["list"].join(
            incident_text(self.a, i, self.lang, mask=self.masked) for i in some
        )

    def foot(self, standards: Sequence[str]) -> Iterator[str]:
        """Yield who assesses and awards, whether the page is internal, after an empty line."""
        w, policy = self.w, self.a.policy
        found: dict[str, list[str]] = {}
        for kind in standards:
            bodies: dict[str, list[str]] = {}
            for role in _ROLES:
                if role in policy.roles.get(kind, {}):
                    name = policy.roles[kind][role][self.lang == "en"]
                    bodies.setdefault(name, []).append(w[role])
            said = w["semicolon"].join(
                w["role_of"].format(roles=w["and"].join(roles), body=body)
                for body, roles in bodies.items()
            )
            if said:
                found.setdefault(said, []).append(kind)
        lines: list[str] = []
        for said, kinds in found.items():
            text = w["bodies"].format(bodies=said[:1].upper() + said[1:])
            if len(found) > 1 and kinds[0] in policy.level_of:  # which level it is about
                text = (
                    w["list"].join(kind_name(policy, k, self.lang) for k in kinds)
                    + w["colon"]
                    + text
                )
            lines += broken(text)
        if self.internal:
            lines.append(internal_words(self.a.policy, w, self.lang))
        yield from ["", *lines] if lines else ()
