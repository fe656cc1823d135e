"""The program of a policy: its rule files, and what is written out of their templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import clingo
from clingo.ast import AST, ASTType, Location, Position, parse_files, parse_string

from pingan_logic.catalogue import Setting
from pingan_logic.errors import PolicyError, Problem, nearest
from pingan_logic.rules.find import base_folder, rule_files
from pingan_logic.rules.predicates import SUPPLIED
from pingan_logic.rules.proven import known_proof
from pingan_logic.rules.strata import check_strata
from pingan_logic.rules.syntax import Rule, Syntax
from pingan_logic.rules.templates import Expansion, Instance, Template, templates_in
from pingan_logic.solving.log import Log
from pingan_logic.solving.parse import instance_rules, rules_of

__all__ = [
    "check_templates",
    "expansion",
    "own_statements",
    "read_rules",
    "searched",
    "set_statements",
    "statements",
    "templated",
    "used_templates",
    "without",
    "written_out",
]

_USED = "template/1"
_SET = {"threshold/3": 1, "pass_mark/2": 1, "target/3": 1, "switch/2": 0,
        "asks_for/3": 1, "asks_for/4": 1}  # fmt: skip
"""What a question may set, and the first place that it changes."""

Texts = tuple[tuple[Path, str], ...]
"""Rule files and what is in them."""


def expansion(files: Sequence[Path]) -> Expansion:
    """Return what is written out of the templates in rule files.

    Raises PolicyError when that cannot be told.
    """
    texts = _texts(files)
    if not any("#program" in text for _, text in texts):
        return Expansion()
    return _expansion(texts)


@lru_cache(maxsize=16)
def _expansion(texts: Texts) -> Expansion:
    proof = known_proof([path for path, _ in texts])
    asked = _used(texts) if proof is None else proof.templates
    known = {t.signature: t for path, text in texts for t in templates_in(path, text)}
    made = []
    for term in asked:
        symbol = clingo.parse_term(term)
        template = known.get(f"{symbol.name}/{len(symbol.arguments)}")
        if template is not None:
            made.append(Instance(template, tuple(map(_argument, symbol.arguments))))
    return Expansion(tuple(made), partial(_asked_at, texts))


def _argument(symbol: clingo.Symbol) -> str:
    """Return an argument as it is written out: of either(a,b) each, as (a;b)."""
    if symbol.match("either", 2):
        return f"({';'.join(map(str, symbol.arguments))})"
    return str(symbol)


def _texts(files: Iterable[Path]) -> Texts:
    return tuple((path, path.read_text(encoding="utf-8-sig")) for path in files)


def used_templates(files: Iterable[Path]) -> tuple[str, ...]:
    """Return the templates that a policy uses, each with its constants, in order.

    They follow from what the policy states: no data and no setting has a part in it. None are used
    by rules that cannot be grounded: what is wrong is said, by place, when all of them are.
    """
    return _used(_texts(files))


def _used(texts: Texts) -> tuple[str, ...]:
    rules = _asking(texts)
    check_strata(Syntax(rules, {}, (), {}, ()))
    log = Log()
    ctl = clingo.Control(["--warn=none"], logger=log)
    try:
        ctl.add("base", [], "\n".join(rule.text for rule in rules))
        ctl.ground([("base", [])])
    except MemoryError as error:
        raise log.refusal(error) from None
    except RuntimeError:
        return ()
    atoms = ctl.symbolic_atoms.by_signature("template", 1)
    return tuple(str(s) for s in sorted(a.symbol.arguments[0] for a in atoms))


def _asking(texts: Texts) -> tuple[Rule, ...]:
    """Return the rules from which follows what templates are used."""
    every = [rule for path, text in texts for rule in rules_of(path.name, text).rules]
    wanted, seen = [_USED], {_USED}
    kept = set()
    while wanted:
        name = wanted.pop()
        for number, rule in enumerate(every):
            if number not in kept and any(h.signature == name for h in rule.head):
                kept.add(number)
                new = {a.signature for a in rule.body} - seen
                seen |= new
                wanted += sorted(new)
    return tuple(every[n] for n in sorted(kept))


def _asked_at(texts: Texts, instance: Instance) -> str:
    """Return file and line of the first clause that an instance of a template speaks of."""
    for place in (0, 1):
        for path, text in texts:
            for rule in rules_of(path.name, text).rules:
                for head in rule.head:
                    if head.signature == "clause/4" and any(
                        c in instance.arguments for c in head.constants(place)
                    ):
                        return f"{rule.file}:{rule.line}"
    return ""


def read_rules(files: Sequence[Path]) -> Syntax:
    """Return rule files as plain values. Raises PolicyError when one cannot be parsed."""
    found = [rules_of(path.name, path.read_text(encoding="utf-8-sig")) for path in files]
    made = expansion(files)
    return Syntax(
        tuple(rule for s in found for rule in s.rules)
        + tuple(r for i in made.instances for r in instance_rules(i, made.asked(i))),
        {name: place for s in found for name, place in s.inputs.items()},
        tuple(doc for s in found for doc in s.docs),
        {name: text for s in found for name, text in s.headers.items()},
        tuple(files),
        frozenset(name for s in found for name in s.constants),
    )


def templated(files: Iterable[Path]) -> frozenset[str]:
    """Return the predicates of the templates in rule files, also of those that no clause uses.

    Raises PolicyError when one cannot be parsed.
    """
    rules = (
        rule
        for path, text in _texts(files)
        for template in templates_in(path, text)
        for rule in instance_rules(Instance(template, template.parameters), "")
    )
    return frozenset(atom.signature for rule in rules for atom in (*rule.head, *rule.body))


@lru_cache(maxsize=1)
def searched() -> Mapping[str, str]:
    """Return the predicates that the shared searches derive, each with the place of the first."""
    found: dict[str, str] = {}
    for path in rule_files(base_folder(), "remedies"):
        for rule in rules_of(path.name, path.read_text(encoding="utf-8")).rules:
            for head in rule.head:
                found.setdefault(head.signature, f"remedies/{path.name}:{rule.line}")
    return found


def statements(files: Sequence[Path], log: Log | None = None) -> list[AST]:
    """Return the statements of rule files as the solver's trees, templates written out, each at its
    place. Raises RuntimeError when a file cannot be parsed."""
    return [*own_statements(files, log), *written_out(files)]


def set_statements(files: Sequence[Path], settings: Sequence[Setting]) -> list[AST]:
    """Return the statements of rule files, with settings in place of the facts that they replace.

    Raises RuntimeError when a file cannot be parsed.
    """
    replaced = {s.replaces for s in settings}
    found = statements(files)
    kept = (without(node, replaced) for node in found) if replaced else found
    put_in: list[AST] = []
    parse_string("".join(s.fact for s in settings), put_in.append)
    facts = (node for node in put_in if node.ast_type == ASTType.Rule)
    return [*(node for node in kept if node is not None), *facts]


def own_statements(files: Sequence[Path], log: Log | None = None) -> list[AST]:
    """Return the statements of rule files but those of their templates."""
    found: list[AST] = []
    inside = False

    def take(node: AST) -> None:
        nonlocal inside
        if node.ast_type == ASTType.Program:
            inside = node.name != "base"
        elif not inside:
            found.append(node)

    parse_files([str(path) for path in files], take, logger=log)
    return found


def written_out(files: Sequence[Path], *, placed: bool = True) -> Iterator[AST]:
    """Yield the statements that are written out of the templates in rule files, each at its place;
    if not `placed`, nowhere, in a fraction of the time."""
    instances = expansion(files).instances
    if not placed:
        found: list[AST] = []
        parse_string("\n".join(instance.text for instance in instances), found.append)
        yield from found
        return
    for instance in instances:
        nodes: list[AST] = []
        parse_string(instance.text, nodes.append)
        for node in nodes:
            if node.ast_type != ASTType.Program:
                yield node.update(location=_location(instance, node.location))


def _location(instance: Instance, place: Location) -> Location:
    name = str(instance.template.path)
    ends = ((p.line, p.column) for p in (place.begin, place.end))
    begin, end = (Position(name, *instance.at(*at)) for at in ends)
    return Location(begin, end)


def without(node: AST, replaced: set[tuple[str, int, str]]) -> AST | None:
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


def check_templates(files: Sequence[Path]) -> None:
    """Refuse templates that nothing can ask for, or that are asked for in vain, or by what a run
    changes. Raises PolicyError with every problem."""
    texts = _texts(files)
    known: dict[str, Template] = {}
    problems = []
    for template in (t for path, text in texts for t in templates_in(path, text)):
        other = known.setdefault(template.signature, template)
        if other is not template:
            first = f"{other.path.name}:{other.line}"
            zh, en = f"样板写了两次，先在 {first}", f"the template is there already, at {first}"
            problems.append(Problem(_at(template), zh, en, template.signature))
    rules = _asking(texts)
    asked: set[str] = set()
    for rule in rules:
        for head in rule.head:
            if head.signature != _USED:
                continue
            term = head.args[0]
            for choice in term.args if term.kind == "pool" else (term,):
                signature = f"{choice.name}/{len(choice.args)}"
                asked.add(signature)
                if signature not in known:
                    zh, en = "没有这个样板", "there is no such template"
                    near = nearest(signature, known)
                    problems.append(Problem(rule.place, zh, en, signature, near))
        problems += _changing(rule)
    for signature in sorted(known.keys() - asked):
        zh, en = "没有 template(...) 要用这个样板", "no template(...) asks for it"
        problems.append(
            Problem(_at(known[signature]), zh, en, signature, nearest(signature, asked))
        )
    if problems:
        raise PolicyError(problems)


def _changing(rule: Rule) -> Iterator[Problem]:
    """Yield what a rule reads that a run gives or a question sets."""
    for atom in rule.body:
        first = _SET.get(atom.signature)
        looked = first is not None and (first == 0 or any(t.name != "_" for t in atom.args[first:]))
        if atom.signature in SUPPLIED or looked:
            zh = "用哪些样板不得取决于数据和可改的数、开关"
            en = "which templates are used may not rest on data, or on what a question sets"
            yield Problem(rule.place, zh, en, atom.signature)


def _at(template: Template) -> str:
    return f"{template.path.name}:{template.line}:1"
