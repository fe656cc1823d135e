"""The rules of the linter. Each has a page in docs/rules/lint, with a good and a bad example."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from attrs import evolve, field, frozen

from pingan_logic.lint.costs import missing_costs
from pingan_logic.lint.sums import assigned_sums
from pingan_logic.rules.predicates import KNOWN, SUPPLIED
from pingan_logic.rules.slips import KINDS, slips
from pingan_logic.rules.strata import NOT_ONE, loops
from pingan_logic.rules.syntax import Atom, Rule, Syntax, Term, matches
from pingan_logic.solving.program import searched

__all__ = ["RULES", "SLIPS", "Hit", "LintRule", "Scope"]

Hit = tuple[str, int, int, str, str]
"""File, line, column and the message in Chinese and English."""


@frozen
class Scope:
    """What is linted: the rules, the heads and inputs that other files give them, and what is read
    from outside (`read`) or by searches (`used`)."""

    syntax: Syntax
    heads: dict[str, list[Atom]] = field(factory=dict)
    given: frozenset[str] = frozenset()
    read: frozenset[str] = KNOWN
    used: frozenset[str] = frozenset()
    searched: bool = False


@frozen
class LintRule:
    """A rule of the linter; `everywhere` says that it holds for searches (properties) too."""

    name: str
    zh: str
    en: str
    check: Callable[[Scope], Iterator[Hit]]
    everywhere: bool = False


def _heads(scope: Scope) -> dict[str, list[Atom]]:
    found: dict[str, list[Atom]] = defaultdict(list)
    for name, atoms in scope.heads.items():
        found[name] += atoms
    for rule in scope.syntax.rules:
        for atom in rule.head:
            found[atom.signature].append(atom)
    return found


def _clauses(scope: Scope) -> dict[str, Rule]:
    return {
        c: rule
        for rule in scope.syntax.rules
        for atom in rule.head
        if atom.signature == "clause/4"
        for c in atom.constants(0)
    }


def _clause_without_rule(scope: Scope) -> Iterator[Hit]:
    decided = {
        c
        for rule in scope.syntax.rules
        for atom in rule.head
        if atom.signature
        in (
            "prohibits/5",
            "finding/5",
            "threshold/3",
            "members/2",
            "measures/2",
            "any_of/2",
            "all_of/2",
        )
        for c in atom.constants(0)
    }
    for clause, rule in _clauses(scope).items():
        if clause not in decided:
            yield (
                rule.file, rule.line, rule.column,
                f"条款 `{clause}` 没有规则：应有 prohibits 或 finding",
                f"clause `{clause}` has no rule: expected prohibits or finding",
            )  # fmt: skip


def _rule_without_clause(scope: Scope) -> Iterator[Hit]:
    clauses = _clauses(scope)
    first = {"prohibits/5", "finding/5", "threshold/3", "pass_mark/2", "english/2", "size/3",
             "members/2", "poll_clause/1", "measures/2", "asks_for/3", "asks_for/4",
             "asks_for_given/3", "any_of/2", "all_of/2", "adds/4", "group_limits/4",
             "base_points/2"}  # fmt: skip
    for rule in scope.syntax.rules:
        for atom in rule.head:
            if atom.signature not in first:
                continue
            for clause in atom.constants(0):
                if clause not in clauses:
                    yield (
                        rule.file, atom.line, atom.column,
                        f"`{atom.name}` 提到的条款 `{clause}` 不存在",
                        f"`{atom.name}` speaks of clause `{clause}`, which does not exist",
                    )  # fmt: skip


def _links(rules: list[Rule]) -> list[dict[int, bool]]:
    """Return which rules read the head of each; true when through `not` or an aggregate."""
    readers: dict[str, list[tuple[int, Atom]]] = defaultdict(list)
    for n, rule in enumerate(rules):
        for atom in rule.body:
            readers[atom.signature].append((n, atom))
    links: list[dict[int, bool]] = [{} for _ in rules]
    for n, rule in enumerate(rules):
        for head in rule.head:
            for reader, atom in readers[head.signature]:
                if matches(head, atom):
                    links[n][reader] = links[n].get(reader, False) or atom.negated or atom.inner
    return links


def _kind_variable(scope: Scope) -> Iterator[Hit]:
    rules = [r for r in scope.syntax.rules if r.body]
    links = _links(rules)
    for component in loops(links):
        inside = set(component)
        if not any(hard for n in component for to, hard in links[n].items() if to in inside):
            continue
        places = ", ".join(f"{rules[n].file}:{rules[n].line}" for n in component)
        for n in component:
            for atom in rules[n].head:
                if any(t.kind == "var" for t in atom.args):
                    yield (
                        rules[n].file, atom.line, atom.column,
                        f"`{atom.signature}` 经聚合或否定依赖自己（{places}）；把类别写成常量",
                        f"`{atom.signature}` depends on itself through an aggregate or a negation "
                        f"({places}); write the kind as a constant",
                    )  # fmt: skip


def _numbers(term: Term) -> Iterator[Term]:
    return (t for t in term.walk() if t.kind == "num" and t.name not in ("0", "1"))


def _magic_number(scope: Scope) -> Iterator[Hit]:
    for rule in scope.syntax.rules:
        if rule.fact or rule.choice:
            continue
        terms = [t for c in rule.comparisons for t in c.terms]
        terms += [t for a in (*rule.head, *rule.body) for t in a.args]
        terms += [t for a in rule.aggregates for e in a.elements for t in e.terms]
        for number in (n for t in terms for n in _numbers(t)):
            yield (
                rule.file, number.line, number.column,
                f"规则里直接写了数字 {number.name}；改为有名字的事实",
                f"the number {number.name} stands in a rule; make it a named fact",
            )  # fmt: skip


def _undefined(scope: Scope) -> Iterator[Hit]:
    heads = _heads(scope)
    known = set(heads) | set(scope.syntax.inputs) | scope.given
    for rule in scope.syntax.rules:
        for atom in rule.body:
            if atom.signature not in known:
                yield (
                    rule.file, atom.line, atom.column,
                    f"`{atom.signature}` 没有规则、事实，也没有 #defined",
                    f"`{atom.signature}` has no rule, no fact and no #defined",
                )  # fmt: skip


def _unused(scope: Scope) -> Iterator[Hit]:
    used = {a.signature for r in scope.syntax.rules for a in r.body} | scope.read | scope.used
    told: set[str] = set()
    for rule in scope.syntax.rules:
        for atom in rule.head:
            if atom.signature not in used and atom.signature not in told:
                told.add(atom.signature)
                yield (
                    rule.file, atom.line, atom.column,
                    f"`{atom.signature}` 没有任何规则使用",
                    f"`{atom.signature}` is used by no rule",
                )  # fmt: skip
    for signature, (file, line) in scope.syntax.inputs.items():
        if signature not in used | told | SUPPLIED:
            yield (
                file, line, 1, f"输入 `{signature}` 没有任何规则使用",
                f"input `{signature}` is used by no rule",
            )  # fmt: skip


def _missing_docstring(scope: Scope) -> Iterator[Hit]:
    for file, header in scope.syntax.headers.items():
        if not header:
            yield file, 1, 1, "文件开头缺少说明 %*! ... *%", "the file has no header %*! ... *%"
    documented = {d.signature for d in scope.syntax.docs}
    written: dict[str, set[str]] = defaultdict(set)
    first: dict[str, tuple[str, Atom]] = {}
    for rule in scope.syntax.rules:
        for atom in rule.head:
            written[atom.signature].add(rule.file)
            first.setdefault(atom.signature, (rule.file, atom))
    read_in: dict[str, set[str]] = defaultdict(set)
    for rule in scope.syntax.rules:
        for atom in rule.body:
            read_in[atom.signature].add(rule.file)
    for signature, (file, line) in scope.syntax.inputs.items():
        if signature not in documented:
            yield (
                file,
                line,
                1,
                f"输入 `{signature}` 缺少说明",
                f"input `{signature}` has no docstring",
            )
    for signature, (file, atom) in first.items():
        public = signature in scope.read or read_in[signature] - written[signature]
        if public and signature not in documented and not scope.searched:
            yield (
                file, atom.line, atom.column,
                f"`{signature}` 在别处使用，缺少说明 %*! {atom.name}（...）",
                f"`{signature}` is used elsewhere and has no docstring %*! {atom.name}(...)",
            )  # fmt: skip


def _constraint(scope: Scope) -> Iterator[Hit]:
    for rule in scope.syntax.rules:
        if rule.constraint:
            yield (
                rule.file, rule.line, rule.column,
                "约束 :- ... 只会让结果消失；改写为 defect(...) :- ...",
                "a constraint only makes results vanish; write defect(...) :- ... instead",
            )  # fmt: skip


def _choice(scope: Scope) -> Iterator[Hit]:
    for rule in scope.syntax.rules:
        if rule.choice:
            yield rule.file, rule.line, rule.column, *NOT_ONE


def _aggregate_key(scope: Scope) -> Iterator[Hit]:
    for rule in scope.syntax.rules:
        for aggregate in rule.aggregates:
            for element in (e.terms for e in aggregate.elements):
                weighted = aggregate.function in ("sum", "sum+")
                variables = [t for t in element[weighted:] for v in t.walk() if v.kind == "var"]
                if weighted and not element[1:]:
                    zh, en = "相同的数值会合并成一个", "equal values merge into one"
                elif not weighted and aggregate.function == "count" and not variables:
                    zh, en = "所有成员会合并成一个", "all members merge into one"
                else:
                    continue
                yield (
                    rule.file, aggregate.line, aggregate.column,
                    f"#{aggregate.function} 的元组缺少主键：{zh}",
                    f"the tuple of #{aggregate.function} has no key: {en}",
                )  # fmt: skip


_COMPARE = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq,
    "!=": operator.ne,
}  # fmt: skip
_FLIP = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def _impossible(scope: Scope) -> Iterator[Hit]:
    for rule in scope.syntax.rules:
        yield from _impossible_comparison(rule)
        positive = {(a.name, a.args) for a in rule.body if not a.negated and not a.inner}
        for atom in rule.body:
            anonymous = any(t.name == "_" for a in atom.args for t in a.walk())
            both = atom.negated and not atom.inner and (atom.name, atom.args) in positive
            if both and not anonymous:
                yield (
                    rule.file, atom.line, atom.column,
                    f"同时要求 `{atom.name}` 成立和不成立，条件永远不成立",
                    f"asks for `{atom.name}` and not `{atom.name}`: never true",
                )  # fmt: skip
    if not scope.searched:
        yield from _never_derived(scope)


def _impossible_comparison(rule: Rule) -> Iterator[Hit]:
    bounds: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for comparison in rule.comparisons:
        pairs = zip(pairwise(comparison.terms), comparison.signs, strict=True)
        for (left, right), sign in pairs:
            kinds = {left.kind, right.kind}
            wrong = False
            if kinds == {"num"}:
                wrong = not _COMPARE[sign](int(left.name), int(right.name))
            elif kinds == {"num", "str"}:
                wrong = True
            elif kinds == {"var", "num"}:
                name, number, way = (
                    (left.name, right.name, sign)
                    if left.kind == "var"
                    else (right.name, left.name, _FLIP[sign])
                )
                bounds[name].append((way, int(number)))
                wrong = not _satisfiable(bounds[name])
            if wrong:
                yield (
                    rule.file, comparison.line, comparison.column,
                    "这个比较永远不成立（或比较了数字和文字）",
                    "this comparison is never true (or compares a number with text)",
                )  # fmt: skip


def _satisfiable(bounds: list[tuple[str, int]]) -> bool:
    edges = {n + d for _, n in bounds for d in (-1, 0, 1)}
    return any(all(_COMPARE[sign](x, n) for sign, n in bounds) for x in edges)


_KIND_AT = {"unit/2": 0, "standard/2": 0, "verdict/3": 0, "finding/5": 1, "clause/4": 1,
            "members/2": 1}  # fmt: skip


def _never_derived(scope: Scope) -> Iterator[Hit]:
    heads = _heads(scope)
    # a rule may wait for a value that a switch can take but has not taken
    heads["switch/2"] += [evolve(a, name="switch") for a in heads["switch_value/2"]]
    kinds = {c for a in heads.get("kind/4", []) for c in a.constants(0)}
    for rule in scope.syntax.rules:
        for atom in (*rule.head, *rule.body):
            at = _KIND_AT.get(atom.signature)
            wrong = at is not None and kinds and not kinds.issuperset(atom.constants(at))
            if not wrong and atom in rule.body and atom.signature not in scope.syntax.inputs:
                able = heads.get(atom.signature, [])
                wrong = bool(able) and not any(matches(head, atom) for head in able)
            if wrong:
                yield (
                    rule.file, atom.line, atom.column,
                    f"没有任何规则或事实能给出这样的 `{atom.signature}`：名称写错了？",
                    f"no rule or fact can give such a `{atom.signature}`: a misspelt name?",
                )  # fmt: skip


def _missing_cost(scope: Scope) -> Iterator[Hit]:
    for file, line, column, name in missing_costs(scope.syntax):
        zh = f"条款的整改措施没有工作量 `{name}`：不能回答怎样才能达标"
        en = f"a clause needs the cost `{name}` of its remedy: without it there is no answer"
        yield file, line, column, zh, en


def _assigned_sum(scope: Scope) -> Iterator[Hit]:
    return assigned_sums(scope.syntax.rules, scope.used)


def _slips(kind: str) -> Callable[[Scope], Iterator[Hit]]:
    def check(scope: Scope) -> Iterator[Hit]:
        for s in slips(scope.syntax, SUPPLIED, scope.used, searched()):
            if s.kind == kind:
                problem = s.problem()
                yield s.file, s.line, s.column, problem.what("zh"), problem.what("en")

    return check


SLIPS = {name: LintRule(name, zh, en, _slips(name)) for name, (zh, en) in KINDS.items()}
"""Slips of the pen, which break what comes after them."""

RULES: dict[str, LintRule] = SLIPS | {
    rule.name: rule
    for rule in (
        LintRule("clause-without-rule", "条款没有规则", "a clause without a rule",
                 _clause_without_rule),
        LintRule("rule-without-clause", "规则没有条款", "a rule without a clause",
                 _rule_without_clause),
        LintRule("kind-variable", "递归的规则头把类别写成变量",
                 "the kind as a variable in a recursive head", _kind_variable),
        LintRule("magic-number", "规则里直接写数字", "a number in a rule", _magic_number),
        LintRule("undefined-predicate", "谓词没有定义", "an undefined predicate", _undefined, True),
        LintRule("unused-predicate", "谓词没有使用", "an unused predicate", _unused),
        LintRule("missing-docstring", "缺少说明", "a missing docstring", _missing_docstring, True),
        LintRule("constraint", "用约束代替 defect", "a constraint where a defect belongs",
                 _constraint),
        LintRule("choice", "规则头是选择或析取", "a choice or a disjunction in the head", _choice),
        LintRule("aggregate-key", "聚合元组缺少主键", "an aggregate tuple without its key",
                 _aggregate_key, True),
        LintRule("assigned-sum", "把结论的合计赋给变量", "a sum over verdicts given to a variable",
                 _assigned_sum),
        LintRule("missing-cost", "整改措施没有工作量", "a remedy without its cost", _missing_cost),
        LintRule("impossible-condition", "条件永远不成立", "an impossible condition", _impossible,
                 True),
    )
}  # fmt: skip
