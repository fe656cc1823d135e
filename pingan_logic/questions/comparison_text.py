"""Comparisons of two evaluations in words: no code stands for what the policy has a word for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve, frozen

from pingan_logic.catalogue import Asked, Policy, Setting
from pingan_logic.explain.measures import asked_words, quota_words
from pingan_logic.explain.text import internal_line, kind_name, place_of, unit_title, year_text
from pingan_logic.messages.comparison import WORDS
from pingan_logic.messages.explain import WORDS as COMMON
from pingan_logic.policy.asked import years_looked_back
from pingan_logic.questions.comparison import Comparison, Difference, Flip, SwitchEffect
from pingan_logic.verdicts import Assessment, hundredths, rate

__all__ = ["Side", "comparison_text", "reading_words", "setting_words", "switches_text"]

_FIRST = 10


@frozen
class Side:
    """One of two evaluations, and the name of its data."""

    assessment: Assessment
    data: str


def comparison_text(
    before: Side, after: Side, changes: Sequence[str], found: Comparison, lang: str
) -> str:
    """Return a comparison in words: what was changed, the units whose verdict differs with the
    clauses that decide, then those of which only a standard or a clause differs."""
    w = WORDS[lang]
    first, second = before.assessment, after.assessment
    sides = [
        w["whatif_side"].format(year=year_text(a, lang), policy=a.policy.name, data=side.data)
        for side in (before, after)
        for a in (side.assessment,)
    ]
    key = "whatif_same" if sides[0] == sides[1] else "whatif_head"
    lines = [w[key].format(before=sides[0], after=sides[1])]
    if changes:
        joined = ("; " if lang == "en" else "；").join(changes)
        lines.append(w["whatif_changes"].format(changes=joined))
    lines.append(w["flips"].format(n=len(found.flips)))
    for (old, new), n in found.directions().items():
        ends = {"before": _name(first.policy, old, lang), "after": _name(second.policy, new, lang)}
        lines.append("  " + w["direction"].format(**ends, n=n))
    lines.append("")
    lines += [_flip_line(first, second, flip, lang) for flip in found.flips]
    if not found.flips:
        lines.append(w["no_flips"])
    if found.beneath:
        lines += ["", w["beneath"].format(n=len(found.beneath))]
        lines += [_beneath_line(first, second, d, lang) for d in found.beneath]
    for key, units, a in (
        ("only_before", found.only_before, first), ("only_after", found.only_after, second),
    ):  # fmt: skip
        if units:
            lines.append(w[key].format(units=_named(a, units, lang)))
    named = [*(f.unit for f in found.flips), *(d.unit for d in found.beneath)]
    lines += internal_line(second, named, lang)
    return "\n".join(lines) + "\n"


def _name(policy: Policy, name: str, lang: str) -> str:
    """Return a status, or a level, in words."""
    if name not in policy.level_of:
        return COMMON[lang][name]
    return COMMON[lang]["reaches"].format(level=kind_name(policy, name, lang))


def _title(after: Assessment, unit: str, kind: str, lang: str) -> str:
    return unit_title(after.units[unit], lang, kind_name(after.policy, kind, lang))


def _known(before: Assessment, after: Assessment, clause: str, lang: str) -> str:
    return _clause(after.policy if clause in after.policy.clauses else before.policy, clause, lang)


def _flip_line(before: Assessment, after: Assessment, flip: Flip, lang: str) -> str:
    w, c = WORDS[lang], COMMON[lang]
    unit = _title(after, flip.unit, flip.kind, lang)
    old, new = flip.direction
    ends = {"before": _name(before.policy, old, lang), "after": _name(after.policy, new, lang)}
    line = w["flip"].format(unit=unit, **ends)
    said = c["list"].join(_known(before, after, x, lang) for x in flip.clauses)
    return line + (_comma(lang) + w["flip_by"].format(clauses=said) if said else "")


def _beneath_line(before: Assessment, after: Assessment, found: Difference, lang: str) -> str:
    def statuses() -> Iterator[str]:
        for kind, old, new in found.standards:
            policy = after.policy if kind in after.policy.kinds else before.policy
            name = w["by_standard"].format(kind=kind_name(policy, kind, lang))
            yield w["statuses"].format(name=name, before=status(old), after=status(new))
        for clause, old, new in found.clauses:
            name = _known(before, after, clause, lang)
            yield w["statuses"].format(name=name, before=status(old), after=status(new))

    def status(name: str | None) -> str:
        return c[name] if name else w["unjudged"]

    w, c = WORDS[lang], COMMON[lang]
    unit = _title(after, found.unit, found.kind, lang)
    return unit + _colon(lang) + c["list"].join(statuses())


def switches_text(policy: Policy, effects: Sequence[SwitchEffect], lang: str) -> str:
    """Return what each other value of each reading changes, one line each."""
    w, c = WORDS[lang], COMMON[lang]
    year = year_text(effects[0].base, lang) if effects else c["none"]
    lines = [w["switch_head"].format(year=year), ""]
    for e in effects:
        line = w["switch_line"].format(
            reading=_reading(policy, e.switch, lang),
            value=reading_words(policy, e.switch, e.value, lang),
            other=reading_words(policy, e.switch, e.other, lang),
        )
        found, said = e.comparison, []
        if count := found.directions():
            directions = c["list"].join(
                w["direction"].format(
                    before=_name(policy, b, lang), after=_name(policy, x, lang), n=n
                )
                for (b, x), n in count.items()
            )
            said.append(w["switch_some"].format(n=len(found.flips), directions=directions))
        if found.beneath:
            said.append(w["switch_beneath"].format(n=len(found.beneath)))
        if alone := len(found.only_before) + len(found.only_after):
            said.append(w["switch_only"].format(n=alone))
        lines.append(line + _colon(lang) + (_comma(lang).join(said) or w["switch_none"]))
    return "\n".join(lines) + "\n"


def setting_words(policy: Policy, setting: Setting, lang: str) -> str:
    """Return a changed value of a policy in words, with the one in force."""
    w, key, values = WORDS[lang], setting.key, setting.values
    if setting.predicate == "switch":
        old, new = (
            reading_words(policy, key, str(v), lang) for v in (policy.switches[key], values[0])
        )
        return w["set_switch"].format(reading=_reading(policy, key, lang), old=old, new=new)
    if setting.predicate == "target":
        named = kind_name(policy, key, lang)
        old, new = rate(*policy.targets[key]), rate(int(values[0]), int(values[1]))
        return w["set_target"].format(kind=named, old=old, new=new)
    clause = policy.clauses[key]
    named = _clause(policy, key, lang)
    if setting.predicate == "asks_for":
        new_asked = Asked(str(values[0]), *map(int, values[1:]))
        old, new = (asked_words(policy, clause, x, lang) for x in (clause.asked, new_asked) if x)
    elif setting.predicate == "best_of":
        best = policy.best[key]
        number, *of = map(int, values)
        new_best = evolve(best, number=number, of=of[0] if of else None)
        old, new = (quota_words(b, lang) for b in (best, new_best))
    elif setting.predicate == "looks_back":
        old = COMMON[lang]["list"].join(map(str, years_looked_back(clause)))
        new = str(values[1])
    elif setting.predicate == "pass_mark":
        old, new = hundredths(clause.pass_mark or 0), hundredths(int(values[0]))
    else:
        old, new = rate(*(clause.threshold or (1, 1))), rate(int(values[0]), int(values[1]))
    return w[f"set_{setting.predicate}"].format(clause=named, old=old, new=new)


def _reading(policy: Policy, switch: str, lang: str) -> str:
    said = policy.switch_words.get(switch)
    return WORDS[lang]["reading"].format(n=said[0]) if said else ""


def reading_words(policy: Policy, switch: str, value: str, lang: str) -> str:
    """Return what a switch with a value says; the codes only where the policy has no words."""
    known = {str(v): words for (name, v), words in policy.value_words.items() if name == switch}
    words = known.get(value) or policy.grades.get(value)
    shown = words[lang == "en"] if words else value
    if switch not in policy.switch_words:
        return f"{switch} {shown}"
    _, zh, en = policy.switch_words[switch]
    return (en if lang == "en" else zh).replace("{value}", shown)


def _clause(policy: Policy, clause: str, lang: str) -> str:
    found = policy.clauses[clause]
    return f"{place_of(found.source, lang)} " + COMMON[lang]["quote"].format(text=found.text(lang))


def _named(a: Assessment, units: Sequence[str], lang: str) -> str:
    """Name the first of some units, and how many there are."""
    text = COMMON[lang]["list"].join(unit_title(a.units[u], lang) for u in units[:_FIRST])
    if len(units) > _FIRST:
        more = WORDS[lang]["more_units"].format(n=len(units))
        text += f" {more}" if lang == "en" else more
    return text


def _colon(lang: str) -> str:
    return ": " if lang == "en" else "："


def _comma(lang: str) -> str:
    return ", " if lang == "en" else "，"
