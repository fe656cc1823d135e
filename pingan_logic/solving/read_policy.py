"""What the ground rules of a policy state, as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from pathlib import Path

import clingo

from pingan_logic.catalogue import (
    Asked,
    Best,
    Clause,
    IncidentType,
    Input,
    Interpretation,
    Kind,
    Points,
    Policy,
    Prohibition,
    Setting,
    Tally,
)
from pingan_logic.errors import PolicyError, Problem, visible
from pingan_logic.exact import LARGEST
from pingan_logic.period import CALENDAR, Period
from pingan_logic.rules.notice import fold, places_in
from pingan_logic.rules.proof import Proof
from pingan_logic.solving.control import rows
from pingan_logic.solving.derived_atoms import plain

__all__ = ["policy_of"]


def policy_of(
    ctl: clingo.Control,
    folder: Path,
    files: tuple[Path, ...],
    settings: Sequence[Setting],
    proof: Proof,
) -> tuple[Policy, list[Problem]]:
    """Return the policy that ground rules state, and what is wrong with its bodies."""
    clauses = _clauses(ctl, folder)
    may_sit_in: dict[str, set[str]] = defaultdict(set)
    for k, p in rows(ctl, "may_sit_in", 2):
        may_sit_in[k.name].add(p.name)
    years = [r[0].number for r in rows(ctl, "default_year", 1)]
    bodies, roles, broken_roles = _bodies(ctl)
    lists: dict[str, set[str]] = defaultdict(set)
    for role, status in rows(ctl, "lists", 2):
        lists[role.name].add(status.name)
    answering: dict[str, set[str]] = defaultdict(set)
    for matter, kind_of in rows(ctl, "answers", 2):
        answering[matter.name].add(kind_of.name)
    also_called: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for group, code, word in rows(ctl, "also_called", 3):
        also_called[group.name][word.string].add(code.name)
    inputs = _inputs(ctl)
    titles = {kind.name: said.string for kind, said in rows(ctl, "title", 2)}
    levels, includes = _levels(ctl)
    policy = Policy(
        name=visible(folder.resolve().name),
        folder=folder,
        files=files,
        kinds=_kinds(ctl, levels),
        types={
            t.name: IncidentType(t.name, z.string, e.string)
            for t, z, e in rows(ctl, "incident_type", 3)
        },
        grades={g.name: (z.string, e.string) for g, _, z, e in rows(ctl, "grade", 4)},
        clauses=clauses,
        may_sit_in={k: frozenset(v) for k, v in may_sit_in.items()},
        affiliable=frozenset(r[0].name for r in rows(ctl, "affiliable", 1)),
        notice_texts={n.name: (z.string, e.string) for n, z, e in rows(ctl, "notice_text", 3)},
        said_by_check=frozenset(r[0].name for r in rows(ctl, "said_by_check", 1)),
        may_be_declared=frozenset(r[0].name for r in rows(ctl, "may_be_declared", 1)),
        targets={k.name: (n.number, d.number) for k, n, d in rows(ctl, "target", 3)},
        notice=next(((z.string, e.string) for z, e in rows(ctl, "notice_name", 2)), ("", "")),
        programme=next(((z.string, e.string) for z, e in rows(ctl, "programme_name", 2)), ("", "")),
        areas=frozenset(r[0].name for r in rows(ctl, "attainment_by", 1)),
        bodies=bodies,
        roles=dict(roles),
        one_for_each={b.name: k.name for b, k in rows(ctl, "one_for_each", 2)},
        role_names={r.name: (z.string, e.string) for r, z, e in rows(ctl, "role_name", 3)},
        titles=titles,
        list_names={
            (k.name, place.string): said.string for k, place, said, _ in rows(ctl, "list_of", 4)
        },
        listed_by={k.name: how.name for k, how in rows(ctl, "listed_by", 2)},
        settle_words={t.name: (z.string, e.string) for t, z, e in rows(ctl, "settle_words", 3)},
        effort=next(((z.string, e.string) for z, e in rows(ctl, "effort_is", 2)), None),
        posted=frozenset(r[0].name for r in rows(ctl, "posted", 1)),
        lists={r: frozenset(s) for r, s in lists.items()},
        lists_highest=frozenset(r[0].name for r in rows(ctl, "lists_highest", 1)),
        levels=levels,
        includes=includes,
        programme_years=tuple(sorted(r[0].number for r in rows(ctl, "programme_year", 1))),
        default_year=min(years) if years else None,
        switches={n.name: plain(v) for n, v in rows(ctl, "switch", 2)},
        switch_values=_switch_values(ctl),
        switch_words={
            n.name: (point.number, z.string, x.string)
            for n, point, z, x in rows(ctl, "switch_words", 4)
        },
        value_words={
            (n.name, plain(v)): (z.string, x.string) for n, v, z, x in rows(ctl, "value_words", 4)
        },
        settings=tuple(settings),
        poll_clauses=frozenset(r[0].name for r in rows(ctl, "poll_clause", 1)),
        only_at_year_end=frozenset(r[0].name for r in rows(ctl, "only_at_year_end", 1)),
        assigned=frozenset(r[0].name for r in rows(ctl, "assigned", 2)),
        proof=proof,
        also_called={
            group: {word: tuple(sorted(codes)) for word, codes in words.items()}
            for group, words in also_called.items()
        },
        matters={m: tuple(sorted(some)) for m, some in answering.items()},
        inputs=inputs,
        tallies=_tallies(ctl, answering),
        points=_points(ctl, answering),
        period=_period(ctl),
        best=_best(ctl),
        interpretations={
            name.name: Interpretation(n.number, name.name, z.string, e.string)
            for n, name, z, e in sorted(rows(ctl, "interpretation", 4), key=lambda r: r[0])
        },
    )
    return policy, broken_roles


def _levels(
    ctl: clingo.Control,
) -> tuple[dict[str, tuple[str, ...]], dict[str, frozenset[str]]]:
    """Return the standards of the levels of each kind, the lowest first, and those that each
    includes, directly or not."""
    ranks: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for kind, rank, standard in rows(ctl, "level", 3):
        ranks[kind.name].append((rank.number, standard.name))
    levels = {k: tuple(s for _, s in sorted(some)) for k, some in ranks.items()}
    direct: dict[str, set[str]] = defaultdict(set)
    for standard, other in rows(ctl, "includes", 2):
        direct[standard.name].add(other.name)
    includes: dict[str, frozenset[str]] = {}
    for name in (s for ranked in levels.values() for s in ranked):
        some = direct.get(name, set())
        includes[name] = frozenset(some).union(*(includes.get(o, frozenset()) for o in some))
    return levels, includes


def _kinds(ctl: clingo.Control, levels: Mapping[str, Sequence[str]]) -> dict[str, Kind]:
    """Return the kinds in the order of the policy, each before the standards of its levels."""
    stated = {
        k.name: Kind(k.name, z.string, e.string, m.string) for k, z, e, m in rows(ctl, "kind", 4)
    }
    standards = {s for some in levels.values() for s in some}
    ordered = (x for k in stated if k not in standards for x in (k, *levels.get(k, ())))
    return {k: stated[k] for k in ordered if k in stated}


def _clauses(ctl: clingo.Control, folder: Path) -> dict[str, Clause]:
    """Return the clauses, those of a kind in the order of the notice."""
    english = {r[0].name: r[1].string for r in rows(ctl, "english", 2)}
    thresholds = {r[0].name: (r[1].number, r[2].number) for r in rows(ctl, "threshold", 3)}
    marks = {r[0].name: r[1].number for r in rows(ctl, "pass_mark", 2)}
    members: dict[str, list[str]] = defaultdict(list)
    for c, k in rows(ctl, "members", 2):
        members[c.name].append(k.name)
    prohibitions: dict[str, list[Prohibition]] = defaultdict(list)
    looked_back = {(c.name, m.name): n.number for c, m, n in rows(ctl, "looks_back", 3)}
    for c, m, test, zh, en in rows(ctl, "prohibits", 5):
        over = looked_back.get((c.name, m.name), 1)
        prohibitions[c.name].append(
            Prohibition(c.name, m.name, str(test), zh.string, en.string, over)
        )
    measures: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for c, measure in rows(ctl, "measures", 2):
        measures[c.name].append(_measured(c, measure))
    asked = _asked_of(ctl)
    parts: dict[str, list[str]] = defaultdict(list)
    within: dict[str, str] = {}
    for name in ("any_of", "all_of"):
        for c, p in rows(ctl, name, 2):
            parts[c.name].append(p.name)
            within[p.name] = c.name
    every = {c.name for c, _ in rows(ctl, "all_of", 2)}
    clauses = {
        c.name: Clause(
            c.name,
            k.name,
            place.string,
            zh.string,
            english.get(c.name),
            tuple(prohibitions[c.name]),
            thresholds.get(c.name),
            marks.get(c.name),
            tuple(sorted(members[c.name])),
            tuple(sorted(measures[c.name])),
            asked.get(c.name),
            tuple(parts[c.name]),
            c.name in every,
            within.get(c.name),
        )
        for c, k, place, zh in rows(ctl, "clause", 4)
    }
    order = places_in(folder)
    kinds = list(dict.fromkeys(c.kind for c in clauses.values()))
    found = sorted(
        clauses.values(), key=lambda c: (kinds.index(c.kind), order.get(fold(c.source), len(order)))
    )
    return {c.id: c for c in found}


def _bodies(
    ctl: clingo.Control,
) -> tuple[dict[str, tuple[str, str]], dict[str, dict[str, tuple[str, str]]], list[Problem]]:
    """Return the bodies, which of them has each role for each kind, and what is not defined."""
    bodies = {b.name: (z.string, e.string) for b, z, e in rows(ctl, "body", 3)}
    roles: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    broken_roles = []
    for role, k, b in rows(ctl, "role", 3):
        if b.name in bodies:
            roles[k.name][role.name] = bodies[b.name]
        else:
            broken_roles.append(
                Problem("role/3", "没有定义这个名称", "this name is not defined", b.name)
            )
    return bodies, roles, broken_roles


def _inputs(ctl: clingo.Control) -> dict[str, Input]:
    """Return the items that the table of values may hold, in the order of the policy."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for item, kind in rows(ctl, "recorded_of", 2):
        kinds[item.name].add(kind.name)
    limits = {i.name: (a.number, b.number) for i, a, b in rows(ctl, "input_limits", 3)}
    declared = rows(ctl, "input", 5)
    if unlimited := sorted({i.name for i, *_ in declared} - limits.keys()):
        said = ("这一项没有 input_limits/3", "the item has no input_limits/3")
        raise PolicyError(Problem(f"input({name})", *said, name) for name in unlimited)
    units = {i.name: (z.string, e.string) for i, z, e in rows(ctl, "input_unit", 3)}
    choices: dict[str, dict[str, tuple[int, str, str]]] = defaultdict(dict)
    for item, n, code, zh, en in sorted(rows(ctl, "input_choice", 5), key=lambda r: r[1]):
        choices[item.name][code.name] = (n.number, zh.string, en.string)
    given, lasting, claimed, results = (
        {r[0].name for r in rows(ctl, name, 1)}
        for name in ("given_for_kind", "lasting", "on_claim", "result_before")
    )
    return {
        i.name: Input(
            i.name,
            sort.name,
            sort.arguments[0].number if sort.arguments else 2 * (sort.name == "percent"),
            zh.string,
            en.string,
            frozenset(kinds[i.name]),
            units.get(i.name, ("", "")),
            *limits[i.name],
            choices[i.name],
            i.name in given,
            i.name in lasting,
            i.name in claimed,
            i.name in results,
        )
        for i, _, sort, zh, en in declared
    }


def _asked_of(ctl: clingo.Control) -> dict[str, Asked]:
    """Return what clauses ask of the values that they measure."""
    found = {c.name: Asked(o.name, n.number) for c, o, n in rows(ctl, "asks_for", 3)}
    for c, o, n, d in rows(ctl, "asks_for", 4):
        found[c.name] = Asked(o.name, n.number, d.number)
    for c, o, item in rows(ctl, "asks_for_given", 3):
        found[c.name] = Asked(o.name, given=item.name)
    return found


def _measured(clause: clingo.Symbol, measure: clingo.Symbol) -> tuple[str, ...]:
    """Return the names of what is measured: an item, or two of which the first is counted, or
    measured, per the second; or the points of the clause."""
    if measure.name == "points":
        return (f"points({clause})",)
    names = [str(a) for a in measure.arguments]
    if measure.name != "rate":
        return tuple(names)
    counted = ",".join([names[0], *names[2:]])
    return f"incidents({counted})", names[1]


def _tallies(ctl: clingo.Control, answering: Mapping[str, Set[str]]) -> dict[str, Tally]:
    """Return the incidents that rates count, by the names of `_measured`."""
    rates = {
        _measured(c, measure)[0]: tuple(map(str, measure.arguments))
        for c, measure in rows(ctl, "measures", 2)
        if measure.name == "rate"
    }
    return {
        name: _tally(ctl, answering, name, matter, tests[0] if tests else "any")
        for name, (matter, _, *tests) in rates.items()
    }


def _tally(
    ctl: clingo.Control, answering: Mapping[str, Set[str]], name: str, matter: str, test: str
) -> Tally:
    """Return the incidents of a matter that pass a test."""
    types = [(t.name, z.string, e.string) for t, z, e in rows(ctl, "incident_type", 3)]
    grades = {g.name: (z.string, e.string) for g, _, z, e in rows(ctl, "grade", 4)}
    some = [(zh, en) for t, zh, en in types if t in answering.get(matter, ())]
    zh, en = "、".join(z for z, _ in some), ", ".join(e for _, e in some)
    kind, _, grade = test.removesuffix(")").partition("(")
    if grade in grades:
        zh = f"等级为“{grades[grade][0]}”及以上的{zh}"
        en = f"{en} graded “{grades[grade][1]}” or above"
    if kind == "liable_at_least":
        zh, en = f"认定有责任、{zh}", f"{en} with liability"
    return Tally(matter, test, _number(name, zh, en, ("起", ""), 0))


def _number(name: str, zh: str, en: str, unit: tuple[str, str], least: int) -> Input:
    """Return a number that is counted as if it were an item."""
    kinds = frozenset[str]()
    return Input(name, "whole", 0, zh, en, kinds, unit, least, LARGEST, {}, False, False, False)


def _points(ctl: clingo.Control, answering: Mapping[str, Set[str]]) -> dict[str, Points]:
    """Return how clauses count points, by the names of `_measured`."""
    base = {c.name: n.number for c, n in rows(ctl, "base_points", 2)}
    limits = {(c.name, str(g)): (a.number, b.number) for c, g, a, b in rows(ctl, "group_limits", 4)}
    alike = {r[0]: r[1] for r in rows(ctl, "points_like", 2)}
    found = {}
    for c, measure in rows(ctl, "measures", 2):
        if measure.name != "points":
            continue
        counted = alike.get(c, c)  # in the order in which they are stated
        adds: dict[str, tuple[str, int]] = {}
        takes = []
        for clause, group, what, number in rows(ctl, "adds", 4):
            if clause == counted and what.name == "item":
                adds[str(what.arguments[0])] = (str(group), number.number)
            elif clause == counted:
                matter, *tests = map(str, what.arguments)
                tally = _tally(ctl, answering, str(what), matter, tests[0] if tests else "any")
                takes.append((str(group), tally, number.number))
        (name,) = _measured(c, measure)
        total = _number(name, "得分", "points", ("分", "points"), -LARGEST)
        own = {g: some for (clause, g), some in limits.items() if clause == counted.name}
        found[name] = Points(total, base.get(c.name, 0), adds, tuple(takes), own)
    return found


def _best(ctl: clingo.Control) -> dict[str, Best]:
    """Return how many of the best meet a clause, by clause."""
    within = {c.name: k.name for c, k in rows(ctl, "best_within", 2)}
    out, low = ({r[0].name for r in rows(ctl, n, 1)} for n in ("tied_out", "lowest_first"))
    quotas: list[tuple[str, int, int | None]] = [
        (c.name, n.number, None) for c, n in rows(ctl, "best_of", 2)
    ]
    quotas += [(c.name, n.number, d.number) for c, n, d in rows(ctl, "best_of", 3)]
    return {c: Best(n, d, within.get(c), c in out, c in low) for c, n, d in quotas}


def _period(ctl: clingo.Control) -> Period:
    """Return the days that one judgement looks at."""
    days = [(m.number, d.number) for m, d in rows(ctl, "period_begins", 2)] or [(1, 1)]
    cycles = [(n.number, y.number) for n, y in rows(ctl, "period_years", 2)] or [(1, 0)]
    try:
        return Period(*days[0], *cycles[0])
    except ValueError:  # the rules' own checks say what is wrong
        return CALENDAR


def _switch_values(ctl: clingo.Control) -> dict[str, tuple[int | str, ...]]:
    values: dict[str, list[int | str]] = defaultdict(list)
    for name, value in rows(ctl, "switch_value", 2):
        values[name.name].append(plain(value))
    return {name: tuple(found) for name, found in values.items()}
