"""Where in the rule files a problem comes from that was only found by running the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from attrs import evolve, frozen

from pingan_logic.errors import Problem, nearest
from pingan_logic.rules.syntax import Atom, Rule, Syntax, Term, matches, unify

__all__ = ["Defect", "place_defects", "place_problem"]

_CLOSE = 0.75
_DEEP = 4
"""Rules between a defect and the fact behind it."""


@frozen
class Defect:
    """What a self-check of the rules says, as a term, and its words if the policy has some."""

    term: Term
    text: str
    words: tuple[str, str] | None = None


def place_defects(
    defects: Iterable[Defect], syntax: Syntax, values: Callable[[str], Iterable[Sequence[Term]]]
) -> list[Problem]:
    """Return the problems that defects are, each at the fact behind it.

    `values` returns the arguments of the atoms of a predicate: what a name could be instead is one
    of those that the self-check asked for in vain. What only follows from a misspelt name is left
    out: that name is the cause.
    """
    every = [_Found(d, *_cause(d, syntax, values)) for d in defects]
    # what only compares what was derived follows from something else, if that is wrong
    found = [f for f in every if f.places is not None] or every
    wrong = [f for f in found if f.wrong is not None]
    problems = [p for name in dict.fromkeys(f.wrong for f in wrong)
                for p in _of_name([f for f in wrong if f.wrong == name], syntax)]  # fmt: skip
    touched = {
        name for f in wrong for name in (*_names(f.defect.term), f.near or "", *_names_of(f.cause))
    }
    problems += [
        _problem(f)
        for f in sorted(found, key=lambda f: not f.places)
        if f.wrong is None and not touched & set(_names(f.defect.term))
    ]
    # two values of one thing make two of what follows from them
    first: dict[str, Problem] = {}
    for problem in problems:
        first.setdefault(problem.place if problem.choices else problem.words(), problem)
    return list(first.values())


@frozen
class _Found:
    """A defect, the fact behind it, the places of several that do not go together, and the name in
    it that is not defined, with one like it."""

    defect: Defect
    cause: tuple[Rule, Atom] | None
    places: tuple[str, ...] | None
    wrong: str | None
    near: str | None


def _of_name(found: list[_Found], syntax: Syntax) -> list[Problem]:
    """Return the problem that a name is not defined: once, and where it was misspelt."""
    wrong, near = found[0].wrong, found[0].near
    places = [(rule, t) for rule in syntax.rules for h in rule.head for a in h.args
              for t in a.walk() if t.constant == near]  # fmt: skip
    if near is not None and len(places) == 1 and len(found) > 1:
        # what is defined is used by nobody, and what is used is not defined
        rule, term = places[0]
        place = f"{rule.file}:{term.line}:{term.column}"
        zh, en = "别处用的不是这个名称", "elsewhere another name is used"
        return [Problem(place, zh, en, near, wrong)]
    defined = tuple(f"{r.file}:{t.line}:{t.column} {r.text}" for r, t in places[:1])
    return [_problem(evolve(found[0], places=defined if len(places) == 1 else ()))]


def _problem(found: _Found) -> Problem:
    zh, en = found.defect.words or ("规则自检不通过", "the policy's self-check fails")
    at = found.cause
    place = "defect" if at is None else f"{at[0].file}:{at[1].line}:{at[1].column}"
    return Problem(place, zh, en, found.defect.text, found.near, found.places or ())


def _names(term: Term) -> Iterator[str]:
    return (t.name for a in term.args for t in a.walk() if t.constant is not None)


def _names_of(cause: tuple[Rule, Atom] | None) -> Iterator[str]:
    if cause is not None:
        for arg in cause[1].args:
            yield from (t.name for t in arg.walk() if t.constant is not None)


def _cause(
    defect: Defect, syntax: Syntax, values: Callable[[str], Iterable[Sequence[Term]]]
) -> tuple[tuple[Rule, Atom] | None, tuple[str, ...] | None, str | None, str | None]:
    """Return what `_Found` holds of a defect."""
    for rule in syntax.rules:
        for head in rule.head:
            if head.signature != "defect/1" or not unify(head.args[0], defect.term):
                continue
            bound = _bind(head.args[0], defect.term)
            if _refuted(rule, bound, values):
                continue
            cause = _fact(rule, bound, syntax, _DEEP)
            if cause is not None:
                places = _several(rule, bound, cause[1].signature, syntax)
                return cause, places, *_likely(rule, bound, values)
    return None, (), None, None


def _refuted(
    rule: Rule, bound: Mapping[str, Term], values: Callable[[str], Iterable[Sequence[Term]]]
) -> bool:
    """Whether a rule cannot have said it, for what it says is not so is."""
    for atom in rule.body:
        if atom.negated and not atom.inner:
            wanted = _put(atom, bound)
            if all(t.kind != "var" for t in wanted.args) and any(
                tuple(row) == wanted.args for row in values(wanted.signature)
            ):
                return True
    return False


def _bind(pattern: Term, term: Term) -> dict[str, Term]:
    """Return what each variable of a pattern stands for in a term that it fits."""
    if pattern.kind == "var":
        return {pattern.name: term}
    bound: dict[str, Term] = {}
    for one, other in zip(pattern.args, term.args, strict=False):
        bound |= _bind(one, other)
    return bound


def _put(atom: Atom, bound: Mapping[str, Term]) -> Atom:
    return evolve(atom, args=tuple(_filled(t, bound) for t in atom.args))


def _filled(term: Term, bound: Mapping[str, Term]) -> Term:
    if term.kind == "var":
        return bound.get(term.name, term)
    return evolve(term, args=tuple(_filled(t, bound) for t in term.args))


def _fact(
    rule: Rule, bound: Mapping[str, Term], syntax: Syntax, deep: int
) -> tuple[Rule, Atom] | None:
    """Return the first fact on which a rule rests, through the rules between them."""
    for atom in rule.body:
        if atom.negated or atom.inner:
            continue
        wanted = _put(atom, bound)
        if not any(t.kind != "var" for t in wanted.args):
            continue
        for other in syntax.rules:
            for head in other.head:
                if not matches(head, wanted):
                    continue
                if other.fact:
                    return other, head
                if deep:
                    inner: dict[str, Term] = {}
                    for one, term in zip(head.args, wanted.args, strict=True):
                        if term.kind != "var":
                            inner |= _bind(one, term)
                    found = _fact(other, inner, syntax, deep - 1)
                    if found is not None:
                        return found
    return None


def _several(
    rule: Rule, bound: Mapping[str, Term], signature: str, syntax: Syntax
) -> tuple[str, ...] | None:
    """Return the facts that a self-check compares with each other; None when what it compares is
    derived, from facts that have a check of their own."""
    positive = [a for a in rule.body if not (a.negated or a.inner)]
    compared = next((a for a in positive if [b.signature for b in positive].count(a.signature) > 1),
                    None)  # fmt: skip
    if compared is None:
        return ()
    if compared.signature != signature:
        return None
    wanted = _put(compared, bound)
    return tuple(
        f"{r.file}:{r.line}:{r.column} {r.text}"
        for r in syntax.rules
        if r.fact and any(matches(h, wanted) for h in r.head)
    )


def _likely(
    rule: Rule, bound: Mapping[str, Term], values: Callable[[str], Iterable[Sequence[Term]]]
) -> tuple[str | None, str | None]:
    """Return the name that a self-check looked up in vain, and the one most like it."""
    wrong = None
    for atom in rule.body:
        if not atom.negated or atom.inner:
            continue
        wanted = _put(atom, bound)
        rows = list(values(wanted.signature))
        for at, term in enumerate(wanted.args):
            if term.constant is None:
                continue
            able = {row[at].name for row in rows if row[at].constant and _fits(row, wanted, at)}
            if term.constant not in {row[at].constant for row in rows}:
                wrong = term.constant
            if near := nearest(term.name, sorted(able), _CLOSE):
                return term.constant, near
    return wrong, None


def _fits(row: Sequence[Term], wanted: Atom, free: int) -> bool:
    pairs = enumerate(zip(row, wanted.args, strict=True))
    return all(unify(one, other) for at, (one, other) in pairs if at != free)


def place_problem(problem: Problem, syntax: Syntax, wanted: Term | None) -> Problem:
    """Return a problem that names a predicate, or one of its facts, at that fact.

    `wanted` is the atom that was found, if the problem names one.
    """
    name, _, rest = problem.place.partition("/")
    key = None
    if "(" in name:
        name, _, key = name.removesuffix(")").partition("(")
    for rule in syntax.rules:
        for head in rule.head:
            if head.name != name or (rest and len(head.args) != int(rest)):
                continue
            if wanted is not None and wanted.args:
                fits = unify(Term("fun", head.name, head.args), wanted)
            else:
                sought = key or problem.found
                parts = (t for a in head.args for t in a.walk())
                fits = any(t.name == sought and t.kind in ("fun", "str", "num") for t in parts)
            if fits:
                return evolve(
                    problem, place=f"{rule.file}:{head.line}:{head.column} {problem.place}"
                )
    return problem
