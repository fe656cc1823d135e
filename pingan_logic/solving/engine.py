"""Judges one set of facts with clingo.

Grounding alone decides a stratified policy: every atom must then be a fact. What is not a fact is
refused, because a choice or a loop in a policy is a design error, not a slow case.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import clingo
from attrs import define
from clingo import ast
from clingo.ast import AST, ProgramBuilder, Transformer, parse_files, parse_string

from pingan_logic.catalogue import (
    Asked,
    Clause,
    IncidentType,
    Input,
    Interpretation,
    Kind,
    Policy,
    Prohibition,
    Setting,
)
from pingan_logic.errors import (
    PolicyError,
    Problem,
    RequestError,
    visible,
)
from pingan_logic.model import Facts
from pingan_logic.reading import Reading
from pingan_logic.rules.find import find_policy, rule_files
from pingan_logic.rules.placing import Defect, place_defects, place_problem
from pingan_logic.rules.proven import known_proof
from pingan_logic.rules.scan import scan
from pingan_logic.rules.syntax import Atom, Term
from pingan_logic.solving.encode import INPUTS, REPORTED, SUPPLIED, fact_atoms
from pingan_logic.solving.grouping import Groups, ungrouped
from pingan_logic.solving.incomplete import incomplete
from pingan_logic.solving.log import Log
from pingan_logic.solving.program import (
    check_templates,
    expansion,
    read_rules,
    searched,
    statements,
    without,
)
from pingan_logic.solving.shapes import misshapen
from pingan_logic.solving.sound import unsound
from pingan_logic.solving.towards import statement, towards

__all__ = [
    "Outcome",
    "Step",
    "as_policy",
    "derivations",
    "derive",
    "load_policy",
    "plain",
    "self_check",
    "solve",
    "stated",
]

Derived = tuple[str, str, tuple[int, ...]]
"""Status, basis and numbers of a finding."""


@define
class Outcome:
    """What clingo derived, as plain values keyed by unit id.

    `groups` says which unit was judged for which others; the mappings speak of every unit.
    """

    groups: Groups
    verdicts: Mapping[str, dict[str, str]]
    findings: Mapping[str, dict[str, Derived]]
    overall: Mapping[str, str]
    breaches: Mapping[tuple[str, str, str], list[str]]
    below: Mapping[tuple[str, str, str], list[str]]
    ungraded: Mapping[tuple[str, str, str], list[str]]
    unrecorded: Mapping[tuple[str, str, str], list[str]]
    unrecorded_then: Mapping[tuple[str, str, str], list[tuple[int, str]]]
    """Years before the one judged, and the items whose ledgers are lacking for them."""
    holds: Mapping[str, set[str]]
    notices: list[tuple[str, str]]
    answers: dict[str, list[str]]
    accountable: dict[str, list[str]]
    absent: set[str]
    relocated: Mapping[str, str | None]
    named: dict[str, str]
    heirs: dict[str, str]
    attainment: dict[tuple[str, str], tuple[int, int, int, int, str]]
    final: bool
    shares: Mapping[tuple[str, str], tuple[int, ...]]
    """Met, undetermined and all units of each ratio, by clause and unit."""
    amounts: Mapping[tuple[str, str], Mapping[str, int]]
    """The values that each clause measures and compares with, by clause and unit, then by item."""
    no_value: Mapping[tuple[str, str], list[str]]
    """The items that are not recorded, by clause and unit."""
    refuted: Mapping[tuple[str, str], list[str]]
    """The measures that are not as asked for, whatever is still recorded, by clause and unit."""
    compared: Mapping[tuple[str, str], list[tuple[str, int]]]
    """What each measure of a clause is compared with: a comparison and the integer."""


def _load(ctl: clingo.Control, files: Sequence[Path], settings: Sequence[Setting]) -> None:
    """Load rule files; a fact that a setting replaces is left out and the setting put in."""
    if not settings:
        for path in files:
            ctl.load(str(path))
        return
    replaced = {(s.predicate, len(s.values) + 1, s.key) for s in settings}
    with ProgramBuilder(ctl) as builder:

        def take(node: AST) -> None:
            kept = without(node, replaced)
            if kept is not None:
                builder.add(kept)

        parse_files([str(path) for path in files], take)
    ctl.add("base", [], "\n".join(s.fact for s in settings))


class _Given:
    """Facts as terms, which rules take by `@given(predicate)`: a term is parsed four times faster
    than a fact of a program, each word of which clingo notes with its place."""

    terms: dict[str, list[clingo.Symbol]]

    def __init__(self, atoms: Mapping[str, Sequence[str]], log: Log) -> None:
        self.terms = {
            name: clingo.parse_term(f"({','.join(some)},)", logger=log).arguments
            for name, some in atoms.items()
            if some
        }

    def rules(self) -> str:
        """Return the rules that make the terms facts."""
        atoms = (f"{name}({','.join('ABCDEF'[: INPUTS[name]])})" for name in self.terms)
        return "".join(f"{a} :- {a} = @given({a.partition('(')[0]}).\n" for a in atoms)

    def given(self, name: clingo.Symbol) -> Sequence[clingo.Symbol]:
        """Return the facts of a predicate to clingo."""
        return self.terms[name.name]


def _ground(
    files: tuple[Path, ...],
    program: str,
    settings: Sequence[Setting] = (),
    facts: Mapping[str, Sequence[str]] | None = None,
) -> clingo.Control:
    """Ground rules and facts."""
    made = expansion(files)
    log = Log(expansion=made)
    ctl = clingo.Control(["--warn=all"], logger=log, message_limit=200)
    try:
        _load(ctl, files, settings)
        given = _Given(facts or {}, log)
        ctl.add("base", [], made.text + program + given.rules())
        ctl.ground([("base", [])], context=given)
    except (RuntimeError, MemoryError) as error:
        raise log.refusal(error) from None
    if log.messages:
        raise PolicyError(log.problems())
    if ctl.is_conflicting:
        raise _contradiction()
    return ctl


def _contradiction() -> PolicyError:
    return PolicyError(
        [
            Problem(
                "clingo",
                "规则互相矛盾（约束 :- ... 不成立）；请改写为 defect(...)",
                "the rules contradict themselves; write constraints as defect(...)",
            )
        ]
    )


def _rows(ctl: clingo.Control, name: str, arity: int) -> list[list[clingo.Symbol]]:
    rows = []
    for atom in ctl.symbolic_atoms.by_signature(name, arity):
        if not atom.is_fact:
            raise PolicyError(
                [
                    Problem(
                        "clingo",
                        "规则含有选择或循环，结果不唯一",
                        "the policy has a choice or a loop: its result is not unique",
                        str(atom.symbol),
                    )
                ]
            )
        rows.append(atom.symbol.arguments)
    return rows


def _defects(
    texts: Iterable[str],
    files: Sequence[Path],
    values: Callable[[str], Iterable[Sequence[Term]]] = lambda _: (),
) -> PolicyError:
    """Return the error that self-checks make, given as text, each at the fact behind it."""
    syntax = read_rules(files)
    words = {
        head.args[0].name: (head.args[1].name, head.args[2].name)
        for rule in syntax.rules
        for head in rule.head
        if head.signature == "defect_text/3"
    }
    found = []
    for text in sorted(set(texts)):
        term = _as_term(clingo.parse_term(text))
        found.append(Defect(term, text, words.get(term.name)))
    return PolicyError(place_defects(found, syntax, values))


def _as_term(symbol: clingo.Symbol) -> Term:
    """Return a symbol as a term of a rule file."""
    if symbol.type == clingo.SymbolType.Number:
        return Term("num", str(symbol.number))
    if symbol.type == clingo.SymbolType.String:
        return Term("str", symbol.string)
    if symbol.type == clingo.SymbolType.Function:
        return Term("fun", symbol.name, tuple(map(_as_term, symbol.arguments)))
    return Term("other", str(symbol))


def _placed(problems: Iterable[Problem], files: Sequence[Path]) -> PolicyError:
    """Return the error of problems with facts of a policy, each at the fact it speaks of."""
    syntax = read_rules(files)
    made = []
    for problem in problems:
        atom = None
        if problem.found is not None and re.fullmatch(r"[a-z]\w*\(.*\)", problem.found, re.DOTALL):
            with suppress(RuntimeError):
                atom = _as_term(clingo.parse_term(problem.found))
        made.append(place_problem(problem, syntax, atom))
    return PolicyError(made)


def as_policy(policy: Policy | str | Path | None) -> Policy:
    """Return a policy that is given as such, by its name or folder, or None for the shipped one.

    Raises RequestError and PolicyError as `load_policy` does.
    """
    if isinstance(policy, Policy):
        return policy
    if policy is None or isinstance(policy, (str, Path)):
        return load_policy(policy)
    zh, en = "应为规则名称、文件夹或 Policy", "expected a name, a folder or a Policy"
    raise RequestError([Problem("--policy", zh, en, type(policy).__name__)])


def load_policy(name_or_path: str | Path | None = None, settings: Sequence[Setting] = ()) -> Policy:
    """Load a policy by name or folder, with some of its facts replaced by `settings`.

    Raises RequestError when there is none, PolicyError with every problem when the files cannot
    be used.
    """
    folder = find_policy(name_or_path)
    files = tuple(rule_files(folder))
    reading = Reading()
    for path in files:
        reading.note(path)
    proof = known_proof(files)
    proven = proof is not None
    if proof is None:
        from pingan_logic.rules.may_merge import prove_merging
        from pingan_logic.rules.slips import slips
        from pingan_logic.rules.strata import check_strata

        scan(list(files))
        syntax = read_rules(files)
        if found := slips(syntax, SUPPLIED, internal=searched()):
            raise PolicyError(s.problem() for s in found)
        check_templates(files)
        check_strata(syntax)
        proof = prove_merging(syntax.rules)
    ctl = _ground(files, "", settings)
    if changed := reading.changed():
        raise PolicyError(changed)
    if (settings or not proven) and (odd := list(misshapen(ctl.symbolic_atoms))):
        raise _placed(odd, files)
    _check_facts(ctl, files)

    english = {r[0].name: r[1].string for r in _rows(ctl, "english", 2)}
    thresholds = {r[0].name: (r[1].number, r[2].number) for r in _rows(ctl, "threshold", 3)}
    marks = {r[0].name: r[1].number for r in _rows(ctl, "pass_mark", 2)}
    members: dict[str, list[str]] = defaultdict(list)
    for c, k in _rows(ctl, "members", 2):
        members[c.name].append(k.name)
    prohibitions: dict[str, list[Prohibition]] = defaultdict(list)
    looked_back = {(c.name, m.name): n.number for c, m, n in _rows(ctl, "looks_back", 3)}
    for c, m, test, zh, en in _rows(ctl, "prohibits", 5):
        over = looked_back.get((c.name, m.name), 1)
        prohibitions[c.name].append(
            Prohibition(c.name, m.name, str(test), zh.string, en.string, over)
        )
    may_sit_in: dict[str, set[str]] = defaultdict(set)
    for k, p in _rows(ctl, "may_sit_in", 2):
        may_sit_in[k.name].add(p.name)
    years = [r[0].number for r in _rows(ctl, "default_year", 1)]
    bodies = {b.name: (z.string, e.string) for b, z, e in _rows(ctl, "body", 3)}
    roles: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    broken_roles = []
    for role, k, b in _rows(ctl, "role", 3):
        if b.name in bodies:
            roles[k.name][role.name] = bodies[b.name]
        else:
            broken_roles.append(
                Problem("role/3", "没有定义这个名称", "this name is not defined", b.name)
            )
    lists: dict[str, set[str]] = defaultdict(set)
    for role, status in _rows(ctl, "lists", 2):
        lists[role.name].add(status.name)
    measures: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for c, measure in _rows(ctl, "measures", 2):
        measures[c.name].append(tuple(i.name for i in measure.arguments))
    asked = _asked(ctl)
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
        )
        for c, k, place, zh in _rows(ctl, "clause", 4)
    }
    answering: dict[str, set[str]] = defaultdict(set)
    for matter, kind_of in _rows(ctl, "answers", 2):
        answering[matter.name].add(kind_of.name)
    also_called: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for group, code, word in _rows(ctl, "also_called", 3):
        also_called[group.name][word.string].add(code.name)
    inputs = _inputs(ctl)
    titles = {kind.name: said.string for kind, said in _rows(ctl, "title", 2)}
    policy = Policy(
        name=visible(folder.resolve().name),
        folder=folder,
        files=files,
        kinds={
            k.name: Kind(k.name, z.string, e.string, m.string)
            for k, z, e, m in _rows(ctl, "kind", 4)
        },
        types={
            t.name: IncidentType(t.name, z.string, e.string)
            for t, z, e in _rows(ctl, "incident_type", 3)
        },
        grades={g.name: (z.string, e.string) for g, _, z, e in _rows(ctl, "grade", 4)},
        clauses=clauses,
        may_sit_in={k: frozenset(v) for k, v in may_sit_in.items()},
        affiliable=frozenset(r[0].name for r in _rows(ctl, "affiliable", 1)),
        notice_texts={n.name: (z.string, e.string) for n, z, e in _rows(ctl, "notice_text", 3)},
        said_by_check=frozenset(r[0].name for r in _rows(ctl, "said_by_check", 1)),
        may_be_declared=frozenset(r[0].name for r in _rows(ctl, "may_be_declared", 1)),
        targets={k.name: (n.number, d.number) for k, n, d in _rows(ctl, "target", 3)},
        notice=next(((z.string, e.string) for z, e in _rows(ctl, "notice_name", 2)), ("", "")),
        programme=next(
            ((z.string, e.string) for z, e in _rows(ctl, "programme_name", 2)), ("", "")
        ),
        areas=frozenset(r[0].name for r in _rows(ctl, "attainment_by", 1)),
        bodies=bodies,
        roles=dict(roles),
        one_for_each={b.name: k.name for b, k in _rows(ctl, "one_for_each", 2)},
        role_names={r.name: (z.string, e.string) for r, z, e in _rows(ctl, "role_name", 3)},
        titles=titles,
        list_names={
            (k.name, place.string): said.string for k, place, said, _ in _rows(ctl, "list_of", 4)
        },
        posted=frozenset(r[0].name for r in _rows(ctl, "posted", 1)),
        lists={r: frozenset(s) for r, s in lists.items()},
        programme_years=tuple(sorted(r[0].number for r in _rows(ctl, "programme_year", 1))),
        default_year=min(years) if years else None,
        switches={n.name: plain(v) for n, v in _rows(ctl, "switch", 2)},
        switch_values=_switch_values(ctl),
        switch_words={
            n.name: (point.number, z.string, x.string)
            for n, point, z, x in _rows(ctl, "switch_words", 4)
        },
        value_words={
            (n.name, plain(v)): (z.string, x.string) for n, v, z, x in _rows(ctl, "value_words", 4)
        },
        settings=tuple(settings),
        poll_clauses=frozenset(r[0].name for r in _rows(ctl, "poll_clause", 1)),
        only_at_year_end=frozenset(r[0].name for r in _rows(ctl, "only_at_year_end", 1)),
        assigned=frozenset(r[0].name for r in _rows(ctl, "assigned", 2)),
        proof=proof,
        also_called={
            group: {word: tuple(sorted(codes)) for word, codes in words.items()}
            for group, words in also_called.items()
        },
        counted=_counted(clauses, answering),
        matters={m: tuple(sorted(some)) for m, some in answering.items()},
        inputs=inputs,
        interpretations={
            name.name: Interpretation(n.number, name.name, z.string, e.string)
            for n, name, z, e in sorted(_rows(ctl, "interpretation", 4), key=lambda r: r[0])
        },
    )
    problems = [*broken_roles, *incomplete(policy)]
    if problems:
        raise _placed(problems, files)
    return policy


def _inputs(ctl: clingo.Control) -> dict[str, Input]:
    """Return the items that the table of values may hold, in the order of the policy."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for item, kind in _rows(ctl, "recorded_of", 2):
        kinds[item.name].add(kind.name)
    limits = {i.name: (a.number, b.number) for i, a, b in _rows(ctl, "input_limits", 3)}
    declared = _rows(ctl, "input", 5)
    if unlimited := sorted({i.name for i, *_ in declared} - limits.keys()):
        said = ("这一项没有 input_limits/3", "the item has no input_limits/3")
        raise PolicyError(Problem(f"input({name})", *said, name) for name in unlimited)
    units = {i.name: (z.string, e.string) for i, z, e in _rows(ctl, "input_unit", 3)}
    choices: dict[str, dict[str, tuple[int, str, str]]] = defaultdict(dict)
    for item, n, code, zh, en in sorted(_rows(ctl, "input_choice", 5), key=lambda r: r[1]):
        choices[item.name][code.name] = (n.number, zh.string, en.string)
    given, lasting, claimed = (
        {r[0].name for r in _rows(ctl, name, 1)}
        for name in ("given_for_kind", "lasting", "on_claim")
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
        )
        for i, _, sort, zh, en in declared
    }


def _asked(ctl: clingo.Control) -> dict[str, Asked]:
    """Return what clauses ask of the values that they measure."""
    found = {c.name: Asked(o.name, n.number) for c, o, n in _rows(ctl, "asks_for", 3)}
    for c, o, n, d in _rows(ctl, "asks_for", 4):
        found[c.name] = Asked(o.name, n.number, d.number)
    for c, o, item in _rows(ctl, "asks_for_given", 3):
        found[c.name] = Asked(o.name, given=item.name)
    return found


def _counted(
    clauses: Mapping[str, Clause], answering: Mapping[str, Set[str]]
) -> dict[str, tuple[str, ...]]:
    """Return the clauses for which each type of incident can count."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for clause in clauses.values():
        for prohibition in clause.prohibitions:
            for kind in answering.get(prohibition.matter, ()):
                found[kind][clause.id] = None
    return {kind: tuple(ids) for kind, ids in found.items()}


def self_check(files: Sequence[Path]) -> None:
    """Run rule files without data, for their self-checks. Raises PolicyError when one fails."""
    _check_facts(_ground(tuple(files), ""), files)


def stated(files: Sequence[Path], settings: Sequence[Setting] = ()) -> Iterator[Atom]:
    """Yield what rule files state without data, as the atoms that follow."""
    ctl = _ground(tuple(files), "", settings)
    for atom in ctl.symbolic_atoms:
        symbol = atom.symbol
        yield Atom(symbol.name, tuple(map(_as_term, symbol.arguments)), 0, 0)


def _check_facts(ctl: clingo.Control, files: Sequence[Path]) -> None:
    """Raise PolicyError with what the self-checks of ground rules say, each at its fact."""

    def values(signature: str) -> Iterator[Sequence[Term]]:
        name, _, arity = signature.partition("/")
        for atom in ctl.symbolic_atoms.by_signature(name, int(arity)):
            yield tuple(map(_as_term, atom.symbol.arguments))

    if wrong := _rows(ctl, "defect", 1):
        raise _defects([str(row[0]) for row in wrong], files, values)


def _switch_values(ctl: clingo.Control) -> dict[str, tuple[int | str, ...]]:
    values: dict[str, list[int | str]] = defaultdict(list)
    for name, value in _rows(ctl, "switch_value", 2):
        values[name.name].append(plain(value))
    return {name: tuple(found) for name, found in values.items()}


def solve(
    facts: Facts,
    policy: Policy,
    year: int,
    cut_off: date,
    *,
    asked: Iterable[str] = ("shares",),
    beside: Mapping[str, Sequence[str]] | None = None,
) -> Outcome:
    """Derive verdicts and findings for `year`, and shares or attainment if `asked`.

    `beside` are atoms that are given beside the facts, by predicate (`judging.classes`).
    Raises PolicyError when the policy is unsound.
    """
    shown = "".join(f"#show {name}/{arity}.\n" for name, arity in _READ)
    atoms = {**fact_atoms(facts, policy, year, cut_off, asked), **(beside or {})}
    ctl = _ground(policy.files, shown, policy.settings, atoms)
    try:
        out = _outcome(_Derived(ctl), ungrouped(facts), policy.files)
    except ValueError:  # no number where one is read
        raise _placed(misshapen(ctl.symbolic_atoms), policy.files) from None
    if problems := unsound(out, facts, policy, shares="shares" in asked):
        raise PolicyError(problems)
    return out


def derive(policy: Policy, atoms: Mapping[str, Sequence[str]]) -> _Derived:
    """Return what units inherit from their surroundings, by the rules of the policy that say so."""
    log = Log()
    ctl = clingo.Control(["--warn=none"], logger=log)
    given = _Given(atoms, log)
    heads: set[str] = set()

    def take(node: AST) -> None:
        kept = without(node, replaced)
        heads.add(_head_of(node))
        if kept is not None:
            builder.add(kept)

    replaced = {(s.predicate, len(s.values) + 1, s.key) for s in policy.settings}
    try:
        if replaced:
            with ProgramBuilder(ctl) as builder:
                parse_string(policy.proof.upwards, take, logger=log)
            facts = (s.fact for s in policy.settings if s.predicate in heads)
            ctl.add("base", [], "\n".join(facts))
        else:
            ctl.add("base", [], policy.proof.upwards)
        shown = "".join(f"#show {name}/{arity}.\n" for name, arity in _INHERITED)
        ctl.add("base", [], shown + given.rules())
        ctl.ground([("base", [])], context=given)
    except (RuntimeError, MemoryError) as error:
        raise log.refusal(error) from None
    return _Derived(ctl)


def _head_of(node: AST) -> str:
    symbol = getattr(getattr(getattr(node, "head", None), "atom", None), "symbol", None)
    return str(getattr(symbol, "name", ""))


_INHERITED = (("inside", 2), ("relocated", 1), ("put", 2), ("named", 2))
"""What units have from their surroundings."""


def _outcome(found: _Derived, groups: Groups, files: Sequence[Path]) -> Outcome:
    if wrong := found.written("defect", 1):
        raise _defects([row[0] for row in wrong], files)
    verdicts: dict[str, dict[str, str]] = defaultdict(dict)
    twice = []
    for kind, unit, status in found["verdict", 3]:
        if verdicts[unit].setdefault(kind, status) != status:
            twice.append(f"{kind} {unit}")
    if twice:
        raise PolicyError(
            Problem("verdict", "同一单位有两个结论", "one unit has two verdicts", t) for t in twice
        )
    findings: dict[str, dict[str, Derived]] = defaultdict(dict)
    shares: dict[tuple[str, str], tuple[int, ...]] = {
        (c, u): (int(a), int(q), int(t)) for c, u, t, a, q in found["tally", 5]
    }
    for clause, _, unit, status, evidence in found["finding", 5]:
        basis, numbers = _evidence(evidence)
        findings[unit][clause] = (status, basis, numbers)
    breaches: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    ungraded: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    unrecorded: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    below: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for name, target in (
        ("breach", breaches), ("below", below), ("ungraded", ungraded), ("unrecorded", unrecorded),
    ):  # fmt: skip
        for c, m, u, x in found[name, 4]:
            target[c, m, u].append(x)
    unrecorded_then: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
    for c, m, u, item, of in found["unrecorded_then", 5]:
        unrecorded_then[c, m, u].append((int(of), item))
    holds: dict[str, set[str]] = defaultdict(set)
    for u, t in found["holds", 2]:
        holds[u].add(t)
    answers: dict[str, list[str]] = defaultdict(list)
    for m, t in found["answers", 2]:
        answers[m].append(t)
    amounts: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for c, u, item, number in found["amount", 4]:
        amounts[c, u][item] = int(number)
    no_value: dict[tuple[str, str], list[str]] = defaultdict(list)
    for c, u, item in found["no_value", 3]:
        no_value[c, u].append(item)
    refuted: dict[tuple[str, str], list[str]] = defaultdict(list)
    for c, u, about in found["refuted", 3]:
        refuted[c, u].append(about)
    compared: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for c, comparison, number, about in found["compared", 4]:
        compared[c, about].append((comparison, int(number)))
    accountable: dict[str, list[str]] = defaultdict(list)
    for u, i in found["accountable", 2]:
        accountable[u].append(i)
    relocated: dict[str, str | None] = {u: None for (u,) in found["relocated", 1]}
    relocated.update(found["put", 2])
    return Outcome(
        groups,
        dict(verdicts),
        dict(findings),
        dict(found["overall", 2]),
        dict(breaches),
        dict(below),
        dict(ungraded),
        dict(unrecorded),
        {key: sorted(some) for key, some in unrecorded_then.items()},
        dict(holds),
        sorted(found["notice", 2]),
        dict(answers),
        dict(accountable),
        {unit for (unit,) in found["absent", 1]},
        relocated,
        dict(found["named", 2]),
        dict(found["heir", 2]),
        _attainment(found),
        bool(found["final", 0]),
        shares,
        dict(amounts),
        dict(no_value),
        dict(refuted),
        dict(compared),
    )


_READ = (
    ("verdict", 3), ("overall", 2), ("finding", 5), ("tally", 5), ("breach", 4), ("below", 4),
    ("ungraded", 4), ("unrecorded", 4), ("holds", 2), ("notice", 2), ("answers", 2),
    ("accountable", 2), ("absent", 1), ("relocated", 1), ("put", 2), ("named", 2), ("heir", 2),
    ("attainment", 5), ("short", 3), ("attained", 3), ("final", 0), ("defect", 1),
    ("amount", 4), ("no_value", 3), ("refuted", 3), ("compared", 4), ("unrecorded_then", 5),
)  # fmt: skip
"""The predicates whose atoms are read."""
_TEXT = r'"(?:[^"\\\n]|\\.)*"'
_ARGUMENT = rf'({_TEXT}|[^",()\n]+)'


@cache
def _pattern(arity: int) -> re.Pattern[str]:
    arguments = ",".join([*[_ARGUMENT] * (arity - 1), "(.+)"])
    return re.compile(rf"^\({arguments}\)$", re.MULTILINE)


@cache
def _plain_pattern(arity: int) -> re.Pattern[str]:
    """Return the pattern of arguments of which the last one may be any term without texts."""
    argument, last = (rf'"?((?<=")[^"\n]*(?=")|(?<!")[^{other}\n]+)"?' for other in ('",()', '"'))
    return re.compile(rf"^\({','.join([*[argument] * (arity - 1), last])}\)$", re.MULTILINE)


class _Derived:
    """The atoms that follow, by name and arity: their arguments, names and texts alike as text.

    They are read from the one answer there is, and as text: several times faster than argument by
    argument. Raises PolicyError when the answer is not unique, or there is none: all atoms of a
    stratified policy are facts, which leaves the solver nothing to decide.
    """

    def __init__(self, ctl: clingo.Control) -> None:
        with ctl.solve(yield_=True) as handle:
            model = handle.model()
            if model is None:
                raise _contradiction()
            symbols = model.symbols(shown=True)
        if ctl.statistics["problem"]["generator"]["vars"]:
            raise _not_unique(ctl)
        self.atoms: dict[str, list[str]] = defaultdict(list)
        for atom in _written(symbols):
            name, _, arguments = atom.partition("(")
            self.atoms[name].append(f"({arguments}")

    def __getitem__(self, signature: tuple[str, int]) -> list[Any]:
        name, arity = signature
        atoms = self.atoms.get(name, [])
        lines = "\n".join(atoms)
        if arity and "\\" not in lines:  # no quote within a text: those there are its ends
            found = _plain_pattern(arity).findall(lines)
            if len(found) == len(atoms):
                return [(row,) for row in found] if arity == 1 else found
        return [tuple(map(_unquoted, row)) for row in self.written(name, arity)]

    def written(self, name: str, arity: int) -> list[Any]:
        """Return the arguments as they are written: texts in quotes."""
        atoms = self.atoms.get(name, [])
        if arity == 0:
            return [()] * len(atoms)
        lines = "\n".join(atoms)
        found = _pattern(arity).findall(lines)
        if len(found) != len(atoms):
            odd = next(a for a in atoms if not _pattern(arity).match(a))
            raise PolicyError(
                [
                    Problem(
                        "clingo", "结论的形式无法读取", "a result in a form that cannot be read",
                        f"{name}{odd}",
                    )
                ]
            )  # fmt: skip
        return [(row,) for row in found] if arity == 1 else found


def _written(symbols: Sequence[clingo.Symbol]) -> list[str]:
    """Return each symbol as it is written, asking clingo once for all: three times faster.

    They are written as one tuple with a text between them that is nowhere else: in a text a quote
    would have a backslash before it, and data holds no line feed.
    """
    if not symbols:
        return []
    items = [clingo.String("\n")] * (2 * len(symbols))
    items[::2] = symbols
    text = str(clingo.Tuple_(items))
    return text.removeprefix("(").removesuffix(',"\\n")').split(',"\\n",')


def _not_unique(ctl: clingo.Control) -> PolicyError:
    some = sorted(str(a.symbol) for a in ctl.symbolic_atoms if not a.is_fact)
    return PolicyError(
        [
            Problem(
                "clingo",
                "规则含有选择或循环，结果不唯一",
                "the policy has a choice or a loop: its result is not unique",
                some[0] if some else None,
            )
        ]
    )


_ESCAPES = {"\\n": "\n", '\\"': '"', "\\\\": "\\"}


def _unquoted(text: str) -> str:
    if text[:1] != '"':
        return text
    if "\\" not in text:
        return text[1:-1]
    return re.sub(r"\\.", lambda m: _ESCAPES[m[0]], text[1:-1])


@lru_cache(maxsize=65536)
def _evidence(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the basis of a finding and its numbers, such as `share` and met, open, all."""
    name, _, rest = text.partition("(")
    arguments = rest.removesuffix(")").split(",") if rest else []
    numbers = tuple(int(a) for a in arguments if re.fullmatch(r"-?\d+", a))
    return (f"{name}_{arguments[0]}" if arguments and not numbers else name), numbers


def _attainment(found: _Derived) -> dict[tuple[str, str], tuple[int, int, int, int, str]]:
    """Return met, undetermined, all, short and what follows, by kind and scope (empty: the
    data)."""
    short = {(k, z): int(m) for k, z, m in found.written("short", 3)}
    attained = {(k, z): r for k, z, r in found.written("attained", 3)}
    result = {}
    for k, z, met, open_, total in found.written("attainment", 5):
        numbers = int(met), int(open_), int(total), short.get((k, z), 0), attained.get((k, z), "")
        result[k, _unquoted(z) if z.startswith('"') else ""] = numbers
    return result


def plain(symbol: clingo.Symbol) -> Any:
    """Return a term as int, str or a tuple (name, arguments...)."""
    if symbol.type == clingo.SymbolType.Number:
        return symbol.number
    if symbol.type == clingo.SymbolType.String:
        return symbol.string
    if symbol.type == clingo.SymbolType.Function:
        if symbol.arguments:
            return (symbol.name, *(plain(a) for a in symbol.arguments))
        return symbol.name
    return str(symbol)


Step = tuple[str, str, tuple[str, ...]]
"""An instance of a rule: file:line, the atom it derives, and what it rests on: atoms, `not` atoms
and the values of aggregates (`= 3`)."""

_PARTS = ',"\t",'
"""Between what a step rests on, as it is written in one: data and rules hold no tab in a text."""
_WANTED, _STEP, _ANY = "__wanted_", "__step", "__any"
"""Names that the rules below add to a program; two underscores keep them apart from a policy's."""


class _Traced(Transformer):
    """Turns a rule into one that says with which body it derives an atom that is wanted."""

    name: str
    at: Any
    names: int

    def __init__(self, number: int, rule: AST, derived: set[tuple[str, int]]) -> None:
        self.name, self.at, self.names = f"{_STEP}{number}", rule.location, 0
        self.body: list[AST] = []
        self.terms: list[AST] = []
        self.forms: list[str] = []
        self.wants: list[AST] = []
        for literal in rule.body:
            self._take(literal, derived)

    def visit_Variable(self, node: AST) -> AST:
        return self._variable() if node.name == "_" else node

    def _variable(self) -> AST:
        self.names += 1
        return ast.Variable(self.at, f"__Value{self.names}")

    def _take(self, literal: AST, derived: set[tuple[str, int]]) -> None:
        kind, atom = literal.atom.ast_type.name, literal.atom
        if kind == "SymbolicAtom" and literal.sign == ast.Sign.Negation:
            self.terms.append(_Projected().visit(atom.symbol))
            self.forms.append("not {}")
        elif kind == "SymbolicAtom":
            literal = self.visit(literal)
            term = literal.atom.symbol
            self.terms.append(term)
            self.forms.append("{}")
            if (term.name, len(term.arguments)) in derived:
                self.wants.append(term)
        elif kind == "BodyAggregate":
            guard = atom.left_guard
            if guard.comparison != ast.ComparisonOperator.Equal or atom.right_guard is not None:
                guard = ast.Guard(ast.ComparisonOperator.Equal, self._variable())
                value = atom.update(left_guard=guard, right_guard=None)
                self.body.append(literal.update(atom=value))
            self.terms.append(guard.term)
            self.forms.append("= {}")
        self.body.append(literal)

    def rules(self, head: AST) -> list[AST]:
        """Return the rule that reports the instances, and those that want what they rest on."""
        body, arguments = list(self.body), list(head.arguments)
        for n, term in enumerate(arguments):
            if term.ast_type.name == "Interval":
                arguments[n] = self._variable()
                equal = ast.Comparison(
                    arguments[n], [ast.Guard(ast.ComparisonOperator.Equal, term)]
                )
                body.append(ast.Literal(self.at, ast.Sign.NoSign, equal))
        atom = head.update(arguments=arguments)
        tab = ast.SymbolicTerm(self.at, clingo.String("\t"))
        parts = [t for term in (atom, *self.terms) for t in (term, tab)]
        step = self._literal(self.name, ast.Function(self.at, "", [*parts, tab], False))
        found = [ast.Rule(self.at, step, [self._wanted(atom), *body])]
        return found + [ast.Rule(self.at, self._wanted(t), [step]) for t in self.wants]

    def _wanted(self, term: AST) -> AST:
        """Return that an atom is wanted. Each predicate, and each rule's step, has a name of its
        own: of one for all clingo would look through all again and again."""
        return self._literal(_WANTED + term.name, *term.arguments)

    def _literal(self, name: str, *terms: AST) -> AST:
        atom = ast.SymbolicAtom(ast.Function(self.at, name, terms, False))
        return ast.Literal(self.at, ast.Sign.NoSign, atom)


class _Projected(Transformer):
    """Puts a constant for each `_`, of which a negated atom has no value to report."""

    def visit_Variable(self, node: AST) -> AST:
        return ast.Function(node.location, _ANY, [], False) if node.name == "_" else node


def derivations(
    facts: Facts,
    policy: Policy,
    year: int,
    cut_off: date,
    wanted: Mapping[str, int],
    beside: Mapping[str, Sequence[str]] | None = None,
) -> tuple[list[Step], dict[str, str | int]]:
    """Return all instances of rules that derive the atoms of the predicates `wanted` (with their
    arities), down to the facts of the data and the atoms `beside`, in no order.

    Also returns the switches in force, as they are written. Raises PolicyError when the policy is
    unsound.
    """
    log = Log()
    atoms = {**fact_atoms(facts, policy, year, cut_off, REPORTED), **(beside or {})}
    given = _Given(atoms, log)
    text = given.rules()
    for name, arity in wanted.items():
        wish = f"{name}({','.join(f'X{n}' for n in range(arity))})"
        text += f"#defined {name}/{arity}.\n{_WANTED}{wish} :- {wish}.\n"
    wishes = (*wanted, "switch")
    parsed = [s.node for s in towards(list(map(statement, statements(policy.files))), wishes)]
    rules = [r for n in parsed if n.ast_type == ast.ASTType.Rule for r in n.unpool()]
    rules = [r for r in rules if r.head.atom.ast_type == ast.ASTType.SymbolicAtom]
    heads = [r.head.atom.symbol for r in rules]
    derived = {(h.name, len(h.arguments)) for h in heads}
    traced = [_Traced(n, r, derived) for n, r in enumerate(rules)]
    ctl = clingo.Control(["--warn=none"], logger=log)
    try:
        with ProgramBuilder(ctl) as builder:
            for node in parsed:
                builder.add(node)
            for trace, head in zip(traced, heads, strict=True):
                for rule in trace.rules(head):
                    builder.add(rule)
        ctl.add("base", [], text)
        ctl.ground([("base", [])], context=given)
    except (RuntimeError, MemoryError) as error:
        raise log.refusal(error) from None
    places = [f"{Path(r.location.begin.filename).name}:{r.location.begin.line}" for r in rules]
    steps = []
    for place, trace in zip(places, traced, strict=True):
        found = ctl.symbolic_atoms.by_signature(trace.name, 1)
        for text in _written([atom.symbol for atom in found]):
            head, *values = text[len(trace.name) + 2 :].split(_PARTS)[:-1]
            steps.append((place, head, tuple(map(str.format, trace.forms, values))))
    switches = {
        n.name: v.number if v.type == clingo.SymbolType.Number else str(v)
        for n, v in _rows(ctl, "switch", 2)
    }
    return steps, switches
