"""What clauses measure and ask for, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pingan_logic.catalogue import Asked, Best, Clause, Input, Points, Policy
from pingan_logic.measured import ANY, Measured, as_recorded, measured_of, ratio_asked
from pingan_logic.messages.measures import WORDS
from pingan_logic.verdicts import exact_rate

if TYPE_CHECKING:
    from pingan_logic.verdicts import Assessment, Finding

__all__ = [
    "any_will_do",
    "asked_words",
    "difference_words",
    "item_name",
    "measure_reasons",
    "measured_words",
    "quota_words",
    "ratio_words",
    "required_words",
    "said_of_measure",
    "value_words",
    "wanted_words",
    "written_words",
]


def item_name(item: Input, lang: str) -> str:
    """Return the name of an item."""
    return item.en if lang == "en" else item.zh


def value_words(item: Input, number: int, lang: str) -> str:
    """Return a value, given as the integer of the rules, in words."""
    return item.said(item.value(number), lang)


def compared_words(item: Input, sign: str, number: int, lang: str) -> str:
    """Say that a value has to be at_least, at_most, above or below another."""
    kind = f"{item.type}_{sign}" if item.type in ("rank", "date") else sign
    return WORDS[lang][kind].format(n=value_words(item, number, lang))


def required_words(m: Measured, lang: str) -> str:
    """Say what a clause asks of a measure."""
    w, asked, (item, *_) = WORDS[lang], m.asked, m.items
    if asked.of is not None:
        return w["ratio"].format(required=rate_words(asked, lang))
    if m.limit is None:
        assert m.given is not None  # any other limit is the policy's own
        return w["to_be_given"].format(name=item_name(m.given, lang))
    if (wanted := m.yes_or_no) is not None:
        return item.said(wanted, lang)
    if asked.comparison == "any":
        return w["any_date"]
    if m.best is not None and not item.least <= m.limit <= item.most:
        return w["best_open"].format(quota=quota_words(m.best, lang))
    said = compared_words(item, m.sign, m.limit, lang)
    if m.best is not None:
        return w["best_now"].format(quota=quota_words(m.best, lang), required=said)
    return w["given"].format(required=said) if m.given else said


def asked_words(policy: Policy, clause: Clause, asked: Asked, lang: str) -> str:
    """Say a number that a clause may ask for."""
    if asked.of is not None:
        return rate_words(asked, lang)
    item = policy.item(clause.measures[0][0])
    if asked.comparison == "within_years":
        return WORDS[lang]["years"].format(n=asked.number)
    return compared_words(item, asked.comparison, asked.number, lang)


def rate_words(asked: Asked, lang: str) -> str:
    """Say what a ratio has to be."""
    return WORDS[lang][asked.comparison].format(n=ratio_asked(asked))


def ratio_words(policy: Policy, asked: Asked, names: Sequence[str], lang: str) -> str:
    """Say what the ratio of two items has to be."""
    name, other = (item_name(policy.item(n), lang) for n in names)
    required = rate_words(asked, lang)
    return WORDS[lang]["says_rate"].format(name=name, other=other, required=required)


def measured_words(m: Measured, lang: str) -> str | None:
    """Return the value that is measured in words; None while it is not recorded."""
    (value,) = m.values
    if value is None:
        return None
    w, total = WORDS[lang], m.items[0]
    most = value_words(total, value + m.may_count, lang)
    if m.no_ledger:
        return w["at_most_points"].format(n=most)
    return w["low_to_high"].format(low=value, high=most) if m.may_count else most


def difference_words(item: Input, number: int, lang: str) -> str:
    """Return by how much two values differ, given in the integers of the rules, in words."""
    if item.type == "rank":
        return str(number) if lang == "en" else f"{number}名"
    if item.type == "choice":
        return WORDS[lang]["step" if number == 1 else "steps"].format(n=number)
    return value_words(item, number, lang)


def said_of_measure(policy: Policy, clause: Clause, names: Sequence[str], lang: str) -> str:
    """Say what the facts ask of one measure of a clause, whatever the unit."""
    w, items = WORDS[lang], [policy.item(n) for n in names]
    item, asked = items[0], clause.asked or ANY
    words = {"name": item_name(item, lang), "n": asked.number}
    if item.result:
        words["name"] = w["of_before"].format(**words)
    tally = policy.tallies.get(names[0])
    if (points := policy.points.get(names[0])) is not None:
        required = compared_words(item, asked.comparison, asked.number, lang)
        parts = w["semicolon"].join(_parts_of(policy, points, lang))
        said = w["says_points"].format(name=item_name(item, lang), required=required, parts=parts)
        return said + w["open_points"]
    if (best := policy.best.get(clause.id)) is not None:
        key, words["quota"] = "says_best", quota_words(best, lang)
        words["among"] = kind_words(policy, best.within, clause.kind, lang)
        words["ties"] = w["tied_out" if best.tied_out else "tied_in"]
        words["order"] = w["lowest_first" if best.lowest else "highest_first"]
    elif asked.of is not None:
        key, words["other"] = "says_tally" if tally else "says_rate", item_name(items[1], lang)
        words["required"] = rate_words(asked, lang)
    elif asked.given is not None:
        key = f"says_rank_{asked.comparison}" if item.type == "rank" else f"says_{asked.comparison}"
        words["given"] = item_name(policy.inputs[asked.given], lang)
    elif asked.comparison == "within_years":
        key = "says_within_years"
    elif asked is ANY and item.type == "date":
        key = "says_any_date"
    else:
        limit = 1 if asked is ANY else asked.number
        m = Measured((item,), (None,), asked, limit, None, "met")
        key = "says_yes_no" if m.yes_or_no else "says"
        words["required"] = required_words(m, lang)
    said = w[key].format(**words)
    if any(i.lasting for i in items):
        said = w["lasts"].format(said=said)
    if tally is not None:
        return said + w["open_tally" if tally.test == "any" else "open_graded"].format(**words)
    return said + w["none" if all(i.on_claim for i in items) else "open"]


def quota_words(best: Best, lang: str) -> str:
    """Say how many of the best there are: 前3名, 前10%."""
    w = WORDS[lang]
    if best.of is None:
        return w["best_number"].format(n=best.number)
    return w["best_share"].format(n=exact_rate(best.number, best.of))


def kind_words(policy: Policy, within: str | None, kind: str, lang: str) -> str:
    """Say among which units: all of a kind, whatever their level, or those inside each unit of
    another."""
    w, at = WORDS[lang], int(lang == "en")
    of = policy.kinds[policy.level_of.get(kind, kind)]
    name = (of.zh, of.en)[at]
    if within is None:
        return w["among_all"].format(kind=name)
    other = policy.kinds[within]
    return w["among_inside"].format(kind=name, container=(other.zh, other.en)[at])


def _parts_of(policy: Policy, points: Points, lang: str) -> Iterator[str]:
    """Say what adds and takes points, and within which limits."""
    w, total = WORDS[lang], points.total
    some = [(g, policy.inputs[i], n) for i, (g, n) in points.adds.items()]
    some += [(g, t.item, n) for g, t, n in points.takes]
    if points.base:
        yield w["base"].format(n=value_words(total, points.base, lang))
    for _, item, n in some:
        one = "1" if item.type == "choice" else value_words(item, 1, lang)
        key = ("adds" if n > 0 else "takes") + "_yes" * (item.type == "yes_no")
        number = value_words(total, abs(n), lang)
        yield w[key].format(name=item_name(item, lang), one=one, n=number)
    for group, (low, high) in points.limits.items():
        names = w["list"].join(item_name(i, lang) for g, i, _ in some if g == group)
        ends = (value_words(total, n, lang) for n in (low, high))
        yield w["limits"].format(names=names, **dict(zip(("low", "high"), ends, strict=True)))


def wanted_words(policy: Policy, clause: Clause, item: Input, text: str, lang: str) -> str:
    """Say what a value has to be for a clause, of which `text` is the least that will do."""
    asked = clause.asked or ANY
    if asked is ANY and item.type == "date":
        return WORDS[lang]["any_date"]
    if item.type == "yes_no":
        return WORDS[lang]["to_be"].format(n=item.said(text, lang))
    sign = "at_least" if _rises(policy, clause, item) else "at_most"
    return compared_words(item, sign, item.number(as_recorded(text)), lang)


def any_will_do(policy: Policy, clause: Clause, item: Input, text: str) -> bool:
    """Whether a clause asks no more of a value than that it is recorded, if `text` is the least
    that will do."""
    end = item.least if _rises(policy, clause, item) else item.most
    return item.type not in ("yes_no", "date") and item.number(as_recorded(text)) == end


def _rises(policy: Policy, clause: Clause, item: Input) -> bool:
    """Whether more of a value is better for a clause."""
    if (best := policy.best.get(clause.id)) is not None:
        return not best.lowest
    asked = clause.asked or ANY
    rising = asked.comparison in ("at_least", "above", "within_years", "any")
    if any(item.id in names[1:] for names in clause.measures):
        rising = not rising  # more of what is divided by makes less
    points = policy.points_of(clause)
    if points is not None and points.adds.get(item.id, ("", 1))[1] < 0:
        rising = not rising
    return rising


def written_words(item: Input, text: str, lang: str) -> str:
    """Return a value that is written as in data, in words."""
    return item.said(as_recorded(text), lang)


def measure_reasons(a: Assessment, unit: str, f: Finding, lang: str) -> list[str]:
    """Say why a clause that measures has its status: a line for each measure with that status."""
    clause = a.policy.clauses[f.clause]
    found = measured_of(a.outcome, a.policy, clause, unit)
    against = [m for m in found if m.status == f.status.value]
    lines = [_reason(m, lang) for m in against]
    if a.policy.points_of(clause) is not None:
        against, lines = found, list(_point_lines(found[0], lang))
    if any(i.result for m in against for i in m.lacking) and _holds_before(a):
        before = a.policy.period.said(a.year - a.policy.period.years, lang)
        lines.append(WORDS[lang]["to_judge_before"].format(period=before))
    return lines


def _holds_before(a: Assessment) -> bool:
    """Whether the data holds the period before the one judged."""
    if "holds_before" not in a.memo:
        period = a.policy.period
        a.memo["holds_before"] = a.year - period.years in a.facts.years(period)
    found: bool = a.memo["holds_before"]
    return found


def _point_lines(m: Measured, lang: str) -> Iterator[str]:
    """Say how many points there are, by which values, and which are not recorded."""
    w, (total,) = WORDS[lang], m.items
    words = {"value": measured_words(m, lang), "required": required_words(m, lang)}
    yield w["points"].format(name=item_name(total, lang), **words)
    known = [
        w["of_value"].format(name=item_name(i, lang), value=value_words(i, v, lang))
        for i, v in m.parts
        if v is not None
    ]
    if known:
        yield w["of_values"].format(values=w["list"].join(known))
    if m.lacking:
        names = w["list"].join(item_name(i, lang) for i in m.lacking)
        yield w["unrecorded_values"].format(names=names)


def _reason(m: Measured, lang: str) -> str:
    w, required, (item, *others) = WORDS[lang], required_words(m, lang), m.items
    if m.lacking:
        names = w["list"].join(item_name(i, lang) for i in m.lacking)
        return w["lacking"].format(names=names, required=required)
    said = [
        None if v is None else value_words(i, v, lang)
        for i, v in zip(m.items, m.values, strict=True)
    ]
    name = item_name(item, lang)
    if m.no_ledger:
        said[0] = w["so_far"].format(value=said[0])
    if said[0] is None:
        return w["not_claimed"].format(name=name, required=required)
    if not others:
        return w["value"].format(name=name, value=said[0], required=required)
    other = item_name(others[0], lang)
    return w["rate"].format(name=name, value=said[0], other=other, of=said[1], required=required)
