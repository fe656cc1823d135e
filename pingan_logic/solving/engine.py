"""Calls clingo. The only module that imports it.

Grounding alone decides a stratified policy: every atom must then be a fact. What is not a fact is
refused, because a choice or a loop in a policy is a design error, not a slow case.
"""

from __future__ import annotations

import io
from collections import defaultdict
from datetime import date
from pathlib import Path

import clingo
from attrs import Factory, define

from pingan_logic.errors import PolicyError, Problem
from pingan_logic.model import Facts
from pingan_logic.policy.catalogue import Clause, IncidentType, Kind, Policy, Prohibition
from pingan_logic.policy.find import find_policy
from pingan_logic.policy.scan import rule_files, scan
from pingan_logic.solving.encode import write_facts

__all__ = ["Outcome", "load_policy", "solve"]

_MESSAGES = (
    ("atom does not occur in any rule head", "谓词没有任何规则或事实定义"),
    ("unsafe variables", "有不安全(未受约束)的变量"),
    ("syntax error", "语法错误"),
    ("operation undefined", "运算对象不是整数"),
    ("global variable", "聚合中的变量是全局变量"),
)


@define
class Outcome:
    """What clingo derived, as plain values keyed by unit id."""

    verdicts: dict[str, dict[str, str]] = Factory(lambda: defaultdict(dict))
    findings: dict[str, dict[str, tuple[str, str, tuple[int, ...]]]] = Factory(
        lambda: defaultdict(dict)
    )
    breaches: dict[tuple[str, str, str], list[str]] = Factory(lambda: defaultdict(list))
    ungraded: dict[tuple[str, str, str], list[str]] = Factory(lambda: defaultdict(list))
    unrecorded: dict[tuple[str, str, str], list[str]] = Factory(lambda: defaultdict(list))
    complete: dict[str, set[str]] = Factory(lambda: defaultdict(set))
    notices: list[tuple[str, str]] = Factory(list)
    answers: dict[str, list[str]] = Factory(lambda: defaultdict(list))
    accountable: dict[str, list[str]] = Factory(lambda: defaultdict(list))
    absent: set[str] = Factory(set)
    relocated: dict[str, str | None] = Factory(dict)
    named: dict[str, str] = Factory(dict)
    heirs: dict[str, str] = Factory(dict)
    attainment: dict[tuple[str, str], tuple[int, int, int, int, str]] = Factory(dict)
    final: bool = False


class _Log:
    def __init__(self) -> None:
        self.messages: list[str] = []

    def __call__(self, code: clingo.MessageCode, message: str) -> None:
        self.messages.append(message)

    def problems(self) -> list[Problem]:
        found = []
        for message in self.messages:
            place, _, said = message.strip().partition(": ")
            said = " ".join(said.split())
            zh = next((z for key, z in _MESSAGES if key in said), "clingo 不接受此处规则")
            found.append(Problem(Path(place).name or place, zh, "clingo rejects this rule", said))
        return found


def _ground(files: tuple[Path, ...], program: str) -> clingo.Control:
    log = _Log()
    ctl = clingo.Control(["--warn=all"], logger=log, message_limit=200)
    try:
        for path in files:
            ctl.load(str(path))
        ctl.add("base", [], program)
        ctl.ground([("base", [])])
    except (RuntimeError, MemoryError) as error:
        problems = [p for p in log.problems() if p.found != "stopped because of errors"]
        raise PolicyError(
            problems or [Problem("clingo", "求解失败", "solving failed", str(error))]
        ) from None
    if log.messages:
        raise PolicyError(log.problems())
    if ctl.is_conflicting:
        raise PolicyError(
            [
                Problem(
                    "clingo",
                    "规则互相矛盾(约束 :- ... 不成立);请改写为 defect(...)",
                    "the rules contradict themselves; write constraints as defect(...)",
                )
            ]
        )
    return ctl


def _rows(ctl: clingo.Control, name: str, arity: int) -> list[list[clingo.Symbol]]:
    rows = []
    for atom in ctl.symbolic_atoms.by_signature(name, arity):
        if not atom.is_fact:
            raise PolicyError(
                [
                    Problem(
                        "clingo",
                        "规则含有选择或循环,结果不唯一",
                        "the policy has a choice or a loop: its result is not unique",
                        str(atom.symbol),
                    )
                ]
            )
        rows.append(atom.symbol.arguments)
    return rows


def _refuse_defects(ctl: clingo.Control) -> None:
    defects = sorted(str(row[0]) for row in _rows(ctl, "defect", 1))
    if defects:
        raise PolicyError(
            [Problem("defect", "规则自检不通过", "the policy's self-check fails", d)
             for d in defects]
        )  # fmt: skip


def load_policy(name_or_path: str | Path | None = None) -> Policy:
    """Load a policy by name or folder.

    Raises RequestError when there is none, PolicyError with every problem when the files cannot
    be used.
    """
    folder = find_policy(name_or_path)
    files = tuple(rule_files(folder))
    scan(list(files))
    ctl = _ground(files, "")
    _refuse_defects(ctl)

    english = {r[0].name: r[1].string for r in _rows(ctl, "english", 2)}
    thresholds = {r[0].name: (r[1].number, r[2].number) for r in _rows(ctl, "threshold", 3)}
    marks = {r[0].name: r[1].number for r in _rows(ctl, "pass_mark", 2)}
    members = {r[0].name: r[1].name for r in _rows(ctl, "members", 2)}
    prohibitions: dict[str, list[Prohibition]] = defaultdict(list)
    for c, m, test, zh, en in _rows(ctl, "prohibits", 5):
        prohibitions[c.name].append(Prohibition(c.name, m.name, str(test), zh.string, en.string))
    may_sit_in: dict[str, set[str]] = defaultdict(set)
    for k, p in _rows(ctl, "may_sit_in", 2):
        may_sit_in[k.name].add(p.name)
    years = [r[0].number for r in _rows(ctl, "default_year", 1)]
    bodies = {b.name: (z.string, e.string) for b, z, e in _rows(ctl, "body", 3)}
    roles: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for role, k, b in _rows(ctl, "role", 3):
        roles[k.name][role.name] = bodies[b.name]
    lists: dict[str, set[str]] = defaultdict(set)
    for role, status in _rows(ctl, "lists", 2):
        lists[role.name].add(status.name)
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
            members.get(c.name),
        )
        for c, k, place, zh in _rows(ctl, "clause", 4)
    }
    return Policy(
        name=folder.resolve().name,
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
        may_be_declared=frozenset(r[0].name for r in _rows(ctl, "may_be_declared", 1)),
        targets={k.name: (n.number, d.number) for k, n, d in _rows(ctl, "target", 3)},
        notice=next(((z.string, e.string) for z, e in _rows(ctl, "notice_name", 2)), ("", "")),
        bodies=bodies,
        roles=dict(roles),
        one_for_each={b.name: k.name for b, k in _rows(ctl, "one_for_each", 2)},
        role_names={r.name: (z.string, e.string) for r, z, e in _rows(ctl, "role_name", 3)},
        posted=frozenset(r[0].name for r in _rows(ctl, "posted", 1)),
        lists={r: frozenset(s) for r, s in lists.items()},
        programme_years=tuple(sorted(r[0].number for r in _rows(ctl, "programme_year", 1))),
        default_year=min(years) if years else None,
    )


def solve(facts: Facts, policy: Policy, year: int, cut_off: date) -> Outcome:
    """Derive verdicts and findings for `year`. Raises PolicyError when the policy is unsound."""
    text = io.StringIO()
    write_facts(facts, year, cut_off, text)
    ctl = _ground(policy.files, text.getvalue())
    _refuse_defects(ctl)
    out = Outcome()
    for kind, unit, status in _rows(ctl, "verdict", 3):
        out.verdicts[unit.string][kind.name] = status.name
    for clause, _, unit, status, evidence in _rows(ctl, "finding", 5):
        numbers: tuple[int, ...] = ()
        if evidence.arguments:
            numbers = tuple(
                a.number for a in evidence.arguments if a.type == clingo.SymbolType.Number
            )
            label = f"{evidence.name}_{evidence.arguments[0].name}" if not numbers else (
                evidence.name
            )  # fmt: skip
        else:
            label = evidence.name
        out.findings[unit.string][clause.name] = (status.name, label, numbers)
    for name, target in (("breach", out.breaches), ("ungraded", out.ungraded)):
        for c, m, u, i in _rows(ctl, name, 4):
            target[c.name, m.name, u.string].append(i.string)
    for c, m, u, t in _rows(ctl, "unrecorded", 4):
        out.unrecorded[c.name, m.name, u.string].append(t.name)
    for u, t in _rows(ctl, "complete", 2):
        out.complete[u.string].add(t.name)
    for m, t in _rows(ctl, "answers", 2):
        out.answers[m.name].append(t.name)
    for u, i in _rows(ctl, "accountable", 2):
        out.accountable[u.string].append(i.string)
    for row in _rows(ctl, "absent", 1):
        out.absent.add(row[0].string)
    out.relocated = {row[0].string: None for row in _rows(ctl, "relocated", 1)}
    for u, p in _rows(ctl, "put", 2):
        out.relocated[u.string] = p.string
    out.named = {u.string: n.string for u, n in _rows(ctl, "named", 2)}
    out.heirs = {u.string: s.string for u, s in _rows(ctl, "heir", 2)}
    _read_attainment(ctl, out)
    out.notices = sorted((n.name, x.string) for n, x in _rows(ctl, "notice", 2))
    return out


def _read_attainment(ctl: clingo.Control, out: Outcome) -> None:
    """Read met, undetermined, all, short and what follows, by kind and scope (`all`: the data)."""
    short = {(k.name, str(z)): m.number for k, z, m in _rows(ctl, "short", 3)}
    attained = {(k.name, str(z)): r.name for k, z, r in _rows(ctl, "attained", 3)}
    for k, z, met, open_, total in _rows(ctl, "attainment", 5):
        key = (k.name, str(z))
        scope = "" if z.type == clingo.SymbolType.Function else z.string
        out.attainment[k.name, scope] = (
            met.number, open_.number, total.number, short.get(key, 0), attained[key],
        )  # fmt: skip
    out.final = any(True for _ in ctl.symbolic_atoms.by_signature("final", 0))
