"""What the facts of a policy say of each clause, as a sentence beside the words of the notice.

Someone who reads no rules compares the two. The sentence comes from the facts that decide the
clause, never from its words: the types of incident that answer to what it prohibits, the test, the
kinds that it counts, the share, the mark.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from pingan_logic.catalogue import Clause, Policy, Prohibition
from pingan_logic.errors import check_words
from pingan_logic.explain.measures import said_of_measure
from pingan_logic.explain.text import kind_name, place_of
from pingan_logic.figures import SCHEMA
from pingan_logic.layout import broken
from pingan_logic.messages.policy import WORDS
from pingan_logic.shown import Answer
from pingan_logic.verdicts import exact_rate, hundredths

__all__ = ["Sentence", "Sentences", "sentence", "sentences"]


@frozen
class Sentence:
    """A clause, its place, the words of the notice, and what the facts say, in both languages."""

    clause: str
    kind: str
    source: str
    notice: tuple[str, str]
    said: tuple[str, str]


@frozen(repr=False)
class Sentences(Answer[Sentence]):
    """The clauses of a policy in the order of its kinds."""

    policy: Policy
    found: tuple[Sentence, ...]

    @property
    def rows(self) -> tuple[Sentence, ...]:
        """The clauses."""
        return self.found

    def name_of(self, row: Sentence) -> str:
        """Return the clause."""
        return row.clause

    def about(self) -> str:
        """Return the policy."""
        return f"of {self.policy.name}"

    def text(self, lang: str = "zh") -> str:
        """Return the clauses of each kind, each with the notice's words above the sentence."""
        check_words(lang)
        w, at = WORDS[lang], int(lang == "en")
        lines = self._period(lang)
        for kind in self.policy.judged_kinds:
            lines += ["", *broken(self._heading(kind, lang))]
            for s in self.found:
                if s.kind == kind:
                    source = place_of(s.source, lang)
                    said = f"{source} {w['notice']}{s.notice[at]}"
                    lines += broken(said, indent="  ", hang="    ")
                    lines += broken(w["rules"] + s.said[at], indent="    ")
        return "\n".join(lines[1:]) + "\n"

    def _heading(self, kind: str, lang: str) -> str:
        """Name a standard; of a level its rank, and the levels whose clauses count for it too."""
        policy, w = self.policy, WORDS[lang]
        k = policy.kinds[kind]
        title = policy.titles.get(kind, k.zh) if lang == "zh" else k.en
        if kind not in policy.level_of:
            return title
        of = policy.level_of[kind]
        some = [i for i in policy.levels[of] if i in policy.includes[kind]]
        words = {
            "title": title, "kind": kind_name(policy, of, lang),
            "n": policy.levels[of].index(kind) + 1,
            "others": w["list"].join(kind_name(policy, i, lang) for i in some),
        }  # fmt: skip
        return w["level_with" if some else "level"].format(**words)

    def _period(self, lang: str) -> list[str]:
        """Return the line that says what one judgement looks at, where that is no calendar year,
        after a blank one."""
        period = self.policy.period
        if period.calendar:
            return []
        year = self.policy.default_year or period.around(self.policy.programme_years[0])
        said = {"length": period.length(lang), "period": period.said(year, lang)}
        return ["", WORDS[lang]["period"].format(**said)]

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Return the clauses as JSON values, and the levels of kinds that have some."""
        at, policy = int(lang == "en"), self.policy
        levels = [
            {"standard": s, "kind": kind, "rank": n, "includes": sorted(policy.includes[s])}
            for kind, some in policy.levels.items()
            for n, s in enumerate(some, 1)
        ]
        return {
            "schema": SCHEMA,
            "policy": self.policy.name,
            "version": self.policy.version,
            **({"levels": levels} if levels else {}),
            "clauses": [
                {
                    "clause": s.clause,
                    "kind": s.kind,
                    "source": s.source,
                    "text": s.notice[at],
                    "said": s.said[at],
                }
                for s in self.found
            ],
        }


def sentences(policy: Policy) -> Sentences:
    """Return what the facts of a policy say of each clause."""
    found = [
        Sentence(
            c.id, c.kind, c.source, (c.zh, c.en or c.zh),
            (sentence(policy, c, "zh"), sentence(policy, c, "en")),
        )
        for kind in policy.judged_kinds
        for c in policy.clauses_of(kind)
    ]  # fmt: skip
    return Sentences(policy, tuple(found))


def sentence(policy: Policy, clause: Clause, lang: str) -> str:
    """Return what the facts that decide a clause say, as one sentence."""
    w = WORDS[lang]
    said = w["semicolon"].join(_parts(policy, clause, lang)) + w["stop"]
    return said[0].upper() + said[1:]


def _parts(policy: Policy, clause: Clause, lang: str) -> Iterator[str]:
    w = WORDS[lang]
    if not policy.decided_by_facts(clause):
        yield w["own"]
    for test, together in _by_test(clause):
        yield _prohibited(policy, test, together, lang)
    if clause.prohibitions:
        back = any(p.years > 1 for p in clause.prohibitions)
        yield w[_of_period(policy, "ledgers_back") if back else "ledgers"]
    if clause.threshold and clause.members:
        kinds = w["list"].join(kind_name(policy, k, lang) for k in clause.members)
        bases = dict.fromkeys(policy.level_of.get(k) for k in clause.members)
        units = w["list"].join(kind_name(policy, b, lang) for b in bases if b is not None)
        key = "share" if None in bases else "share_of_levels"
        yield w[key].format(kinds=kinds, units=units, rate=exact_rate(*clause.threshold))
    if clause.pass_mark is not None:
        yield w["mark"].format(mark=hundredths(clause.pass_mark))
    if clause.id in policy.poll_clauses:
        yield w["poll"]
    for names in clause.measures:
        yield said_of_measure(policy, clause, names, lang)
    if clause.parts:
        parts = [
            w["nth"].format(n=n, said=w["semicolon"].join(_parts(policy, policy.clauses[p], lang)))
            for n, p in enumerate(clause.parts, 1)
        ]
        key = "every_part" if clause.every else "one_part"
        yield w[key].format(n=len(parts), parts=w["semicolon"].join(parts))


def _by_test(clause: Clause) -> Iterator[tuple[str, list[Prohibition]]]:
    """Yield the prohibitions with the same test together; what is counted is counted by itself."""
    found: dict[object, list[Prohibition]] = {}
    for p in clause.prohibitions:
        same = p if p.test.startswith("repeated") else (p.test, p.years)
        found.setdefault(same, []).append(p)
    yield from ((some[0].test, some) for some in found.values())


def _prohibited(policy: Policy, test: str, some: Sequence[Prohibition], lang: str) -> str:
    name, _, bound = test.removesuffix(")").partition("(")
    grade = policy.grades[bound][lang == "en"] if bound in policy.grades else bound
    answering = {t for p in some for t in policy.matters.get(p.matter, ())}
    types = [t for t in policy.types.values() if t.id in answering]
    names = WORDS[lang]["list"].join(t.en if lang == "en" else t.zh for t in types)
    years = some[0].years
    if years == 1:
        key = _of_period(policy, name) if name == "repeated" else name
        return WORDS[lang][key].format(types=names, grade=grade)
    key = "repeated_back" if name == "repeated" else name
    said = WORDS[lang][key].format(types=names, grade=grade)
    return WORDS[lang][_of_period(policy, "back")].format(years=years, said=said)


def _of_period(policy: Policy, key: str) -> str:
    """Return the key of a text about years, or about periods where they are no calendar years."""
    return key if policy.period.calendar else f"{key}_in_period"
