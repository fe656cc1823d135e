"""A world in words: units, incidents, records and what the rules say of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from pingan_logic.catalogue import Policy
from pingan_logic.messages.explain import WORDS as COMMON
from pingan_logic.messages.proofs import WORDS
from pingan_logic.model import Facts
from pingan_logic.questions.verify import World
from pingan_logic.verdicts import hundredths

__all__ = ["world_lines"]


def _kind(policy: Policy, kind: str, lang: str) -> str:
    k = policy.kinds[kind]
    return k.en if lang == "en" else k.zh


def _runs(ids: Iterable[str], lang: str, measure: str) -> str:
    """Name units, a run of consecutive numbers as its first and last."""
    w = WORDS[lang]
    parts = []
    numbered = [(i.rsplit("-", 1)[0], int(i.rsplit("-", 1)[1])) for i in ids]
    for _, group in itertools.groupby(enumerate(numbered), lambda p: (p[1][0], p[1][1] - p[0])):
        run = [f"{kind}-{n}" for _, (kind, n) in group]
        if len(run) > 2:
            parts.append(w["range"].format(first=run[0], last=run[-1], n=len(run), measure=measure))
        else:
            parts += run
    return COMMON[lang]["list"].join(parts)


def _unit_lines(facts: Facts, policy: Policy, lang: str) -> list[str]:
    """Name the units; like numbers of members in several containers go on one line."""
    w, c = WORDS[lang], COMMON[lang]
    kinds = {u.id: u.kind for u in facts.units}
    inside: dict[tuple[str, str | None, str | None], list[str]] = {}
    for u in facts.units:
        inside.setdefault((u.kind, u.parent, u.affiliation), []).append(u.id)
    alike: dict[tuple[str, str | None, str | None, int], tuple[list[str], list[str]]] = {}
    for (kind, parent, affiliation), ids in inside.items():
        key = (kind, kinds.get(parent or ""), affiliation, len(ids) if parent else 0)
        members, containers = alike.setdefault(key, ([], []))
        members += ids
        containers += [parent] if parent else []
    lines = []
    for (kind, _, affiliation, each), (members, containers) in alike.items():
        measure = policy.kinds[kind].measure
        text = f"{_kind(policy, kind, lang)}{c['colon']}{_runs(members, lang, measure)}"
        notes = []
        if containers:
            outer = policy.kinds[kinds[containers[0]]].measure
            notes.append(w["in"].format(parent=_runs(containers, lang, outer)))
        if len(containers) > 1:
            notes.append(w["each"].format(n=each, measure=measure))
        if affiliation:
            notes.append(w["county_affiliated"])
        if notes:
            text += c["open_bracket"] + c["comma"].join(notes) + c["close_bracket"]
        lines.append(text)
    return lines


def world_lines(world: World, policy: Policy, lang: str) -> list[str]:
    """Return a world as lines: units, incidents, ledgers, scores, polls, verdicts."""
    w, c = WORDS[lang], COMMON[lang]
    facts, brief = world.facts, policy.period.brief
    lines = []
    if world.as_of:
        lines.append(w["cut_off"].format(day=world.as_of))
    lines += _unit_lines(facts, policy, lang)
    lines += _incident_lines(facts, policy, lang)
    items: dict[tuple[str, int], list[str]] = {}
    for ledger in facts.ledgers:
        items.setdefault((ledger.item, ledger.year), []).append(ledger.unit)
    for (item, year), ids in items.items():
        if item == "*":
            said = w["every_item"]
        else:
            said = policy.types[item].en if lang == "en" else policy.types[item].zh
        kept = f"{brief(year)} {said}{c['comma']}{_runs(ids, lang, '')}"
        lines.append(f"{w['ledgers']}{c['colon']}{kept}")
    for s in facts.scores:
        lines.append(f"{w['scores']}{c['colon']}{s.unit} {hundredths(int(s.score * 100))}")
    for p in facts.polls:
        result = w[f"poll_{p.result}"] if p.result else w["rank"].format(rank=p.rank)
        lines.append(f"{w['polls']}{c['colon']}{p.unit} {result}")
    for r in facts.requirements:
        limit = w["requirement"].format(rank=r.max_rank)
        lines.append(f"{_kind(policy, r.kind, lang)} {limit}")
    for v in facts.values:
        about = policy.inputs[v.item]
        of = _kind(policy, v.unit, lang) if about.given else v.unit
        item = about.en if lang == "en" else about.zh
        lines.append(f"{item}{c['colon']}{of} {brief(v.year)} {about.said(v.value, lang)}")
    for n in facts.not_applicable:
        clause = policy.clauses[n.clause]
        lines.append(f"{w['declared']}{c['colon']}{n.unit} {clause.source} {clause.text(lang)}")
    lines += _verdict_lines(world, policy, lang)
    lines += [f"{w['refused']}{c['colon']}{p.words(lang)}" for p in world.refused]
    return lines


def _incident_lines(facts: Facts, policy: Policy, lang: str) -> list[str]:
    w, c = WORDS[lang], COMMON[lang]
    lines = []
    for i in facts.incidents:
        type_ = policy.types[i.type]
        parts = [i.date.isoformat(), i.unit, type_.en if lang == "en" else type_.zh]
        parts.append(policy.grades[i.grade][lang == "en"] if i.grade else c["grade_none"])
        if i.liability:
            parts.append(c[f"liable_{i.liability}"])
        if i.responsible_unit:
            parts.append(f"→ {i.responsible_unit}")
        lines.append(f"{w['incidents']}{c['colon']}{i.id} {c['comma'].join(parts)}")
    return lines


def _verdict_lines(world: World, policy: Policy, lang: str) -> list[str]:
    w, c = WORDS[lang], COMMON[lang]
    lines = []
    verdicts: dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for unit, kind_of, status, failed, open_ in world.statuses:
        verdicts.setdefault((kind_of, status, failed, open_), []).append(unit)
    for (_, status, failed, open_), ids in verdicts.items():
        measure = policy.kinds[ids[0].rsplit("-", 1)[0]].measure
        text = f"{w['verdicts']}{c['colon']}{_runs(ids, lang, measure)} {c[status]}"
        why = failed if status == "failed" else open_
        if why:
            named = (f"{policy.clauses[x].source} {policy.clauses[x].text(lang)}" for x in why)
            text += c["colon"] + c["list"].join(named)
        lines.append(text)
    return lines
