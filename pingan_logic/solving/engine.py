"""Calls clingo. The only module that imports it.

Grounding alone decides a stratified policy: every atom must then be a fact. What is not a fact is
refused, because a choice or a loop in a policy is a design error, not a slow case.
"""

from __future__ import annotations

import io
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import clingo
from attrs import Factory, define
from clingo.ast import AST, ProgramBuilder, Transformer, parse_files

from pingan_logic.errors import PolicyError, Problem, visible
from pingan_logic.model import Facts
from pingan_logic.policy.catalogue import (
    Clause,
    IncidentType,
    Interpretation,
    Kind,
    Policy,
    Prohibition,
    Setting,
)
from pingan_logic.policy.find import find_policy
from pingan_logic.policy.scan import rule_files, scan
from pingan_logic.policy.syntax import (
    Aggregate,
    Atom,
    Comparison,
    Docstring,
    Rule,
    Syntax,
    Term,
    docstrings,
)
from pingan_logic.policy.whole import incomplete
from pingan_logic.solving.encode import INPUTS, write_facts
from pingan_logic.solving.shapes import misshapen
from pingan_logic.solving.sound import unsound

__all__ = [
    "Found",
    "Optimum",
    "Outcome",
    "Planning",
    "Search",
    "load_policy",
    "plain",
    "read_rules",
    "solve",
]

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

    def refusal(self, error: Exception) -> PolicyError:
        """Return the error to raise when the solver gave up."""
        problems = [p for p in self.problems() if p.found != "stopped because of errors"]
        return PolicyError(
            problems or [Problem("clingo", "求解失败", "solving failed", str(error))]
        )


def _load(ctl: clingo.Control, files: Sequence[Path], settings: Sequence[Setting]) -> None:
    """Load rule files; a fact that a setting replaces is left out and the setting put in."""
    if not settings:
        for path in files:
            ctl.load(str(path))
        return
    replaced = {(s.predicate, len(s.values) + 1, s.key) for s in settings}
    with ProgramBuilder(ctl) as builder:

        def take(node: AST) -> None:
            kept = _without(node, replaced)
            if kept is not None:
                builder.add(kept)

        parse_files([str(path) for path in files], take)
    ctl.add("base", [], "\n".join(s.fact for s in settings))


def _without(node: AST, replaced: set[tuple[str, int, str]]) -> AST | None:
    """Return a statement without the facts that are replaced; None when nothing is left."""
    head: Any = getattr(node, "head", None)
    symbol = getattr(getattr(head, "atom", None), "symbol", None)
    if symbol is None or symbol.ast_type.name != "Function" or node.body or not symbol.arguments:
        return node
    name, arity, first = symbol.name, len(symbol.arguments), symbol.arguments[0]
    pool = list(first.arguments) if first.ast_type.name == "Pool" else [first]
    kept = [t for t in pool if (name, arity, str(t)) not in replaced]
    if len(kept) == len(pool):
        return node
    if not kept:
        return None
    narrower = first.update(arguments=kept)
    arguments = [narrower, *list(symbol.arguments)[1:]]
    atom = head.atom.update(symbol=symbol.update(arguments=arguments))
    return node.update(head=head.update(atom=atom))


def _ground(
    files: tuple[Path, ...], program: str, settings: Sequence[Setting] = ()
) -> clingo.Control:
    log = _Log()
    ctl = clingo.Control(["--warn=all"], logger=log, message_limit=200)
    try:
        _load(ctl, files, settings)
        ctl.add("base", [], program)
        ctl.ground([("base", [])])
    except (RuntimeError, MemoryError) as error:
        raise log.refusal(error) from None
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


def _refuse_misshapen(ctl: clingo.Control) -> None:
    problems = list(misshapen(ctl.symbolic_atoms))
    if problems:
        raise PolicyError(problems)


def load_policy(name_or_path: str | Path | None = None, settings: Sequence[Setting] = ()) -> Policy:
    """Load a policy by name or folder, with some of its facts replaced by `settings`.

    Raises RequestError when there is none, PolicyError with every problem when the files cannot
    be used.
    """
    folder = find_policy(name_or_path)
    files = tuple(rule_files(folder))
    scan(list(files))
    ctl = _ground(files, "", settings)
    _refuse_misshapen(ctl)
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
        switches={n.name: plain(v) for n, v in _rows(ctl, "switch", 2)},
        switch_values=_switch_values(ctl),
        settings=tuple(settings),
        interpretations={
            name.name: Interpretation(n.number, name.name, z.string, e.string)
            for n, name, z, e in sorted(_rows(ctl, "interpretation", 4), key=lambda r: r[0])
        },
    )
    problems = [*broken_roles, *incomplete(policy)]
    if problems:
        raise PolicyError(problems)
    return policy


def _switch_values(ctl: clingo.Control) -> dict[str, tuple[int | str, ...]]:
    values: dict[str, list[int | str]] = defaultdict(list)
    for name, value in _rows(ctl, "switch_value", 2):
        values[name.name].append(plain(value))
    return {name: tuple(found) for name, found in values.items()}


def solve(facts: Facts, policy: Policy, year: int, cut_off: date) -> Outcome:
    """Derive verdicts and findings for `year`. Raises PolicyError when the policy is unsound."""
    text = io.StringIO()
    write_facts(facts, year, cut_off, text)
    ctl = _ground(policy.files, text.getvalue(), policy.settings)
    _refuse_defects(ctl)
    try:
        out = _read_outcome(ctl)
    except RuntimeError as error:  # an argument of another kind than is read
        raise PolicyError(
            list(misshapen(ctl.symbolic_atoms))
            or [Problem("clingo", "求解失败", "solving failed", str(error))]
        ) from None
    problems = unsound(out, facts, policy)
    if problems:
        raise PolicyError(problems)
    return out


def _read_outcome(ctl: clingo.Control) -> Outcome:
    out = Outcome()
    twice = []
    for kind, unit, status in _rows(ctl, "verdict", 3):
        if out.verdicts[unit.string].setdefault(kind.name, status.name) != status.name:
            twice.append(f"{kind.name} {unit.string}")
    if twice:
        raise PolicyError(
            Problem("verdict", "同一单位有两个结论", "one unit has two verdicts", t) for t in twice
        )
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
            met.number, open_.number, total.number, short.get(key, 0), attained.get(key, ""),
        )  # fmt: skip
    out.final = any(True for _ in ctl.symbolic_atoms.by_signature("final", 0))


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


@define
class Found:
    """The end of one search: whether a counterexample exists, and the smallest one."""

    refuted: bool
    proven: bool
    world: dict[str, list[tuple[Any, ...]]]
    twin: dict[str, list[tuple[Any, ...]]]
    subjects: list[Any]
    choices: int
    conflicts: int
    seconds: float


class _Prefix(Transformer):
    """Puts a prefix before every predicate: a second copy of the rules in one program."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def visit_SymbolicAtom(self, atom: AST) -> AST:
        symbol = atom.symbol
        if symbol.ast_type.name == "Pool":
            arguments = [a.update(name=self.prefix + a.name) for a in symbol.arguments]
            return atom.update(symbol=symbol.update(arguments=arguments))
        return atom.update(symbol=symbol.update(name=self.prefix + symbol.name))

    def visit_Defined(self, node: AST) -> AST:
        return node.update(name=self.prefix + node.name)


def void(_: object) -> None:
    """Take a value and do nothing."""


def mentions(path: Path, prefix: str) -> bool:
    """Say whether a rule file speaks of a predicate whose name starts with `prefix`."""
    found = False

    class Look(Transformer):
        def visit_SymbolicAtom(self, atom: AST) -> AST:
            nonlocal found
            found = found or str(atom.symbol).startswith(prefix)
            return atom

    look = Look()
    parse_files([str(path)], lambda node: void(look.visit(node)), logger=_Log())
    return found


class Search:
    """A search for counterexamples over all worlds that a property's files generate.

    `files` ends with the property itself; if that speaks of predicates that start with `prefix`,
    the rules of the policy are there a second time under it. Each aim is pursued by itself.
    Raises PolicyError when the files cannot be used.
    """

    def __init__(self, policy: Policy, files: Sequence[Path], program: str, prefix: str) -> None:
        self.prefix = prefix
        scan(list(files), choices=True)
        log = _Log()
        self.ctl = clingo.Control(["--warn=all", "--sat-prepro=2"], logger=log, message_limit=200)
        try:
            _load(self.ctl, (*policy.files, *files), policy.settings)
            self.ctl.add("base", [], program)
            if mentions(files[-1], prefix):
                self.ctl.add("base", [], "twin_world.")
                rename = _Prefix(prefix)
                with ProgramBuilder(self.ctl) as builder:
                    parse_files(
                        [str(p) for p in policy.files],
                        lambda node: builder.add(rename.visit(node)),
                        logger=log,
                    )
            self.ctl.ground([("base", [])])
        except (RuntimeError, MemoryError) as error:
            raise log.refusal(error) from None
        if log.messages:
            raise PolicyError(log.problems())

    @staticmethod
    def fact(path: Path, name: str) -> int:
        """Return the number N of the fact name(N) that a property file states."""
        scan([path], choices=True)
        values: list[int] = []

        def look(node: AST) -> None:
            head = getattr(node, "head", None)
            atom = getattr(getattr(head, "atom", None), "symbol", None)
            if atom is not None and getattr(atom, "name", "") == name and not node.body:
                values.append(atom.arguments[0].symbol.number)

        log = _Log()
        try:
            parse_files([str(path)], look, logger=log)
        except RuntimeError:
            raise PolicyError(log.problems()) from None
        if len(values) != 1:
            raise PolicyError(
                [
                    Problem(
                        path.name,
                        f"应有且只有一条 {name}(整数)",
                        f"expected exactly one {name}(number)",
                        str(len(values)),
                    )
                ]
            )
        return values[0]

    def rows(self, name: str, arity: int) -> list[tuple[Any, ...]]:
        """Return the atoms of a predicate that hold in every world."""
        return [
            tuple(plain(a) for a in atom.symbol.arguments)
            for atom in self.ctl.symbolic_atoms.by_signature(name, arity)
            if atom.is_fact
        ]

    def aims(self) -> list[Any]:
        """Return what is asked, one search each, in order."""
        return [plain(a.symbol.arguments[0]) for a in sorted(self._aims(), key=lambda a: a.symbol)]

    def _aims(self) -> list[clingo.SymbolicAtom]:
        return list(self.ctl.symbolic_atoms.by_signature("pursued", 1))

    @property
    def size(self) -> tuple[int, int]:
        """Return the number of ground atoms and the number of solver constraints."""
        problem = self.ctl.statistics["problem"]
        return len(self.ctl.symbolic_atoms), int(problem["generator"]["constraints"])

    def smallest(self, aim: Any, limit: float | None = None) -> Found:
        """Pursue one aim: the smallest counterexample, proven so unless `limit` seconds pass."""
        wanted = [(a.symbol, plain(a.symbol.arguments[0]) == aim) for a in self._aims()]
        end = optimum(self.ctl, wanted, limit)
        world: dict[str, list[tuple[Any, ...]]] = {}
        twin: dict[str, list[tuple[Any, ...]]] = {}
        subjects: list[Any] = []
        for symbol in sorted(end.symbols):
            base = symbol.name.removeprefix(self.prefix)
            if symbol.name == "refuted_by":
                subjects.append(plain(symbol.arguments[0]))
            elif {**INPUTS, "verdict": 3}.get(base) == len(symbol.arguments):
                target = world if base == symbol.name else twin
                target.setdefault(base, []).append(tuple(plain(a) for a in symbol.arguments))
        return Found(
            end.satisfiable, end.proven, world, twin, subjects, end.choices, end.conflicts,
            end.seconds,
        )  # fmt: skip


@define
class Optimum:
    """The end of an optimising search: the best model, its cost and the proven lower bound.

    Without a model `satisfiable` is false; `proven` says that this is final (the model is the
    best there is, or there is none), not cut short by the time limit.
    """

    satisfiable: bool
    proven: bool
    symbols: list[clingo.Symbol]
    cost: int
    lower: int
    choices: int
    conflicts: int
    seconds: float


def optimum(
    ctl: clingo.Control,
    assumptions: Sequence[tuple[clingo.Symbol, bool]],
    limit: float | None = None,
) -> Optimum:
    """Solve under assumptions to the proven optimum, or for at most `limit` seconds."""
    start = time.perf_counter()
    last: list[clingo.Symbol] = []
    cost = 0
    satisfiable, proven = False, True
    with ctl.solve(assumptions=assumptions, yield_=True, async_=True) as handle:
        while True:
            handle.resume()
            left = None if limit is None else limit - (time.perf_counter() - start)
            if left is not None and (left <= 0 or not handle.wait(left)):
                handle.cancel()
                proven = False
                break
            model = handle.model()
            if model is None:
                break
            satisfiable = True
            last = model.symbols(atoms=True)
            cost = model.cost[-1] if model.cost else 0
    statistics = ctl.statistics
    solving = statistics["solving"]["solvers"]
    bounds = list(statistics["summary"]["lower"]) if "lower" in statistics["summary"] else []
    lower = cost if proven else int(bounds[-1]) if bounds else 0
    return Optimum(
        satisfiable, proven, last, cost, lower, int(solving["choices"]),
        int(solving["conflicts"]), time.perf_counter() - start,
    )  # fmt: skip


class Planning:
    """A search for the cheapest changes: the policy's words, a planning program and its facts.

    Raises PolicyError when the files cannot be used.
    """

    def __init__(self, policy: Policy, files: Sequence[Path], program: str) -> None:
        scan(list(files), choices=True)
        log = _Log()
        self.ctl = clingo.Control(
            ["--warn=all", "--opt-strategy=usc,oll", "--opt-usc-shrink=min"], logger=log
        )
        self.rounds = 0
        try:
            _load(self.ctl, (*policy.files, *files), policy.settings)
            self.ctl.add("base", [], program)
            self.ctl.ground([("base", [])])
        except (RuntimeError, MemoryError) as error:
            raise log.refusal(error) from None
        if log.messages:
            raise PolicyError(log.problems())

    def terms(self, name: str) -> list[Any]:
        """Return the single arguments of the atoms name(X), possible or certain, in order."""
        found = self.ctl.symbolic_atoms.by_signature(name, 1)
        return [plain(s) for s in sorted(a.symbol.arguments[0] for a in found)]

    def rows(self, name: str, arity: int) -> list[tuple[Any, ...]]:
        """Return the atoms of a predicate that are certain."""
        found = self.ctl.symbolic_atoms.by_signature(name, arity)
        return [tuple(plain(a) for a in f.symbol.arguments) for f in found if f.is_fact]

    def best(
        self, switch: str, on: set[Any], shown: str, limit: float | None = None
    ) -> tuple[Optimum, list[Any]]:
        """Solve with exactly the atoms switch(X) for X in `on`; return the X of shown(X)."""
        assumed = [
            (a.symbol, plain(a.symbol.arguments[0]) in on)
            for a in self.ctl.symbolic_atoms.by_signature(switch, 1)
        ]
        end = optimum(self.ctl, assumed, limit)
        chosen = sorted(
            s.arguments[0] for s in end.symbols if s.name == shown and len(s.arguments) == 1
        )
        self._last = chosen
        return end, [plain(s) for s in chosen]

    def exclude(self, shown: str) -> None:
        """Ask the next search for something that does not contain the last answer."""
        self.rounds += 1
        body = ",".join(f"{shown}({s})" for s in self._last)
        part = f"not_again_{self.rounds}"
        self.ctl.add(part, [], f":- {body}.")
        self.ctl.ground([(part, [])])


_SIGNS = {0: ">", 1: "<", 2: "<=", 3: ">=", 4: "!=", 5: "="}
_FUNCTIONS = ("count", "sum", "sum+", "min", "max")


def _term(node: AST) -> Term:
    begin = node.location.begin
    kind = node.ast_type.name
    if kind == "Variable":
        return Term("var", node.name, (), begin.line, begin.column)
    if kind == "SymbolicTerm":
        symbol = node.symbol
        if symbol.type == clingo.SymbolType.Number:
            return Term("num", str(symbol.number), (), begin.line, begin.column)
        if symbol.type == clingo.SymbolType.String:
            return Term("str", symbol.string, (), begin.line, begin.column)
        return Term("fun", str(symbol), (), begin.line, begin.column)
    if kind == "Function":
        return Term("fun", node.name, tuple(map(_term, node.arguments)), begin.line, begin.column)
    if kind == "Pool":
        return Term("pool", "", tuple(map(_term, node.arguments)), begin.line, begin.column)
    if kind in ("UnaryOperation", "BinaryOperation", "Interval"):
        parts = [node.argument] if kind == "UnaryOperation" else [node.left, node.right]
        return Term("op", kind, tuple(map(_term, parts)), begin.line, begin.column)
    return Term("other", str(node), (), begin.line, begin.column)


class _Parts(Transformer):
    """Collects atoms, comparisons and aggregates of a part of a rule."""

    def __init__(self) -> None:
        self.atoms: list[Atom] = []
        self.comparisons: list[Comparison] = []
        self.aggregates: list[Aggregate] = []
        self.negated = False
        self.depth = 0

    def visit_Literal(self, node: AST) -> AST:
        outer, self.negated = self.negated, self.negated or node.sign == 1
        self.visit_children(node)
        self.negated = outer
        return node

    def visit_SymbolicAtom(self, node: AST) -> AST:
        choices = node.symbol.arguments if node.symbol.ast_type.name == "Pool" else [node.symbol]
        for symbol in choices:
            at = symbol.location.begin
            arguments = tuple(map(_term, symbol.arguments))
            self.atoms.append(
                Atom(symbol.name, arguments, at.line, at.column, self.negated, self.depth > 0)
            )
        return node

    def visit_Comparison(self, node: AST) -> AST:
        terms = (_term(node.term), *(_term(g.term) for g in node.guards))
        signs = tuple(_SIGNS[g.comparison] for g in node.guards)
        at = terms[0]
        self.comparisons.append(Comparison(terms, signs, at.line, at.column))
        return node

    def visit_BodyAggregate(self, node: AST) -> AST:
        at = node.location.begin
        tuples = tuple(tuple(map(_term, e.terms)) for e in node.elements)
        self.aggregates.append(Aggregate(_FUNCTIONS[node.function], tuples, at.line, at.column))
        for guard in (node.left_guard, node.right_guard):
            if guard is not None:
                term = _term(guard.term)
                self.comparisons.append(
                    Comparison(
                        (Term("other", "aggregate"), term), (_SIGNS[guard.comparison],),
                        term.line, term.column,
                    )
                )  # fmt: skip
        self.depth += 1
        self.visit_children(node)
        self.depth -= 1
        return node


def read_rules(files: Sequence[Path]) -> Syntax:
    """Return rule files as plain values. Raises PolicyError when one cannot be parsed."""
    rules: list[Rule] = []
    inputs: dict[str, tuple[str, int]] = {}
    docs: list[Docstring] = []
    headers: dict[str, str] = {}
    for path in files:

        def take(node: AST, name: str = path.name) -> None:
            kind = node.ast_type.name
            at = node.location.begin
            if kind == "Defined":
                inputs[f"{node.name}/{node.arity}"] = (name, at.line)
            elif kind in ("Rule", "Minimize"):
                head, body = _Parts(), _Parts()
                if kind == "Rule":
                    head.visit(node.head)
                body.visit_sequence(node.body)
                choice = kind == "Rule" and node.head.ast_type.name == "Aggregate"
                rules.append(
                    Rule(
                        name, at.line, at.column, str(node), tuple(head.atoms), tuple(body.atoms),
                        (*head.comparisons, *body.comparisons),
                        (*head.aggregates, *body.aggregates), choice,
                        kind == "Rule" and not head.atoms, kind.lower(),
                    )
                )  # fmt: skip

        log = _Log()
        try:
            parse_files([str(path)], take, logger=log)
        except RuntimeError:
            raise PolicyError(log.problems()) from None
        headers[path.name], found = docstrings(path)
        docs += found
    return Syntax(tuple(rules), inputs, tuple(docs), headers, tuple(files))
