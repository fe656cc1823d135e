"""Slips of the pen in rule files, told from the rules themselves before any of them is run.

What a predicate is called and how many places it has is what the rules that read it, the inputs and
the docstrings say; what a fact may be about is what the rules ask for by name. One slip is reported
once, where it was made, and not again by what it breaks elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from attrs import evolve, frozen

from pingan_logic.errors import Problem, nearest
from pingan_logic.rules.find import base_folder
from pingan_logic.rules.names import declared, misspelt, uses
from pingan_logic.rules.predicates import KNOWN
from pingan_logic.rules.syntax import Atom, Rule, Syntax, Term, matches

__all__ = ["KINDS", "Slip", "slips"]

KINDS = {
    "fact-variable": ("大写字母开头的是变量", "a capital letter where a constant belongs"),
    "misspelt-name": ("名称或项数写错", "a misspelt name, or a wrong number of places"),
    "missing-fact": ("缺少规则要用的事实", "a fact that the rules need is missing"),
    "redefined-predicate": (
        "通知的规则给出了共同规则或数据的谓词",
        "a rule of the notice gives a predicate of the shared rules or of the data",
    ),
}
"""The slips, by name, in Chinese and English."""

_CLOSE = 0.7


@frozen
class Slip:
    """A slip of one of the KINDS at file:line:column."""

    kind: str
    file: str
    line: int
    column: int
    zh: str
    en: str
    found: str | None = None
    nearest: str | None = None

    def problem(self) -> Problem:
        """Return the slip as a problem of the policy."""
        place = f"{self.file}:{self.line}:{self.column}"
        return Problem(place, self.zh, self.en, self.found, self.nearest)


def slips(
    syntax: Syntax,
    supplied: frozenset[str],
    used: frozenset[str] = frozenset(),
    internal: Mapping[str, str] | None = None,
) -> list[Slip]:
    """Return the slips in rule files; `supplied` are predicates of the data, `used` those that
    searches read, `internal` those that the shared searches derive, each with its place.

    While one is found of a kind that breaks what comes after it, nothing after it is looked at.
    """
    looked = _Look(syntax, supplied, used | KNOWN)
    return (
        list(looked.variables())
        or list(_misspelt(syntax))
        or [*looked.names(), *looked.missing()]
        or list(_redefined(syntax, supplied, internal or {}))
    )


_ASKED = frozenset({"shares", "attainment", "year_end"})
"""What a run can be asked for: words of the program, which a policy may read but once."""


def _misspelt(syntax: Syntax) -> Iterator[Slip]:
    """Yield each place of the names that are one letter off another."""
    used, words = uses(syntax.rules)
    predicates = {head.name for rule in syntax.rules for head in rule.head}
    for name, right in misspelt(used, words, declared(syntax.rules)).items():
        same = {at for *_, at in used[name]} & {at for *_, at in used[right]}
        # a notice may name a thing much as the shared rules name a predicate
        if name in _ASKED or (right in predicates and not same):
            continue
        for file, line, column, _ in dict.fromkeys(used[name]):
            yield Slip(
                "misspelt-name", file, line, column, "这个名称与别处的只差一个字母",
                "this name is one letter off that of other places", name, right,
            )  # fmt: skip


def _redefined(
    syntax: Syntax, supplied: frozenset[str], internal: Mapping[str, str]
) -> Iterator[Slip]:
    """Yield where a file of the notice's own gives what the shared rules derive, or the data gives:
    that would hold beside what they say. What a notice may give is declared (`#defined`), or named
    by `may_give/2`; a file of the same name as a shared one stands in its place, and may."""
    shared = frozenset(p.name for p in base_folder().glob("*.lp"))
    may = {
        f"{name}/{head.args[1].name}"
        for rule in syntax.rules
        for head in rule.head
        if head.signature == "may_give/2" and rule.file in shared
        for name in head.constants(0)
    }
    own = [r for r in syntax.rules if r.file not in shared and not r.choice]
    if all(r.file not in shared for r in syntax.rules):
        return  # a file by itself
    derived = {h.signature: r for r in syntax.rules if r.file in shared for h in r.head}
    told: set[str] = set()
    for rule in own:
        for head in rule.head:
            name = head.signature
            if name in may or name in told:
                continue
            if name in supplied:
                zh, en = "`{0}` 是数据给出的", "`{0}` is given by the data"
            elif name in syntax.inputs:
                continue
            elif name in derived:
                where = f"{derived[name].file}:{derived[name].line}"
                zh = f"`{{0}}` 由共同规则得出（{where}）"
                en = f"`{{0}}` is derived by the shared rules ({where})"
            elif name in internal:
                zh = f"`{{0}}` 是共同规则内部的名称（{internal[name]}）"
                en = f"`{{0}}` is a name that the shared rules use themselves ({internal[name]})"
            else:
                continue
            told.add(name)
            yield Slip(
                "redefined-predicate", rule.file, head.line, head.column,
                zh.format(name) + "，通知的规则不得再给出：换一个名称；条款的结论写 finding/5",
                en.format(name) + ", a rule of the notice may not give it too: take another name; "
                "what a clause comes to is finding/5",
                name, f"own_{head.name}/{len(head.args)}",
            )  # fmt: skip


class _Look:
    def __init__(self, syntax: Syntax, supplied: frozenset[str], used: frozenset[str]) -> None:
        self.supplied = supplied
        self.rules = syntax.rules
        self.documented = {d.signature: d for d in syntax.docs}
        self.inputs = set(syntax.inputs)
        self.given: dict[str, list[Atom]] = defaultdict(list)
        self.read = set(used) | set(self.documented)
        self.constants: dict[tuple[str, int], set[str]] = defaultdict(set)
        for rule in syntax.rules:
            for atom in rule.head:
                self.given[atom.signature].append(atom)
            self.read.update(a.signature for a in rule.body)
            for atom in (*rule.head, *rule.body):
                for at in range(len(atom.args)):
                    self.constants[atom.signature, at].update(atom.constants(at))
        self.broken: set[str] = set()

    def variables(self) -> Iterator[Slip]:
        """Yield variables in facts, and those that are a constant but for the capital letter."""
        for rule in self.rules:
            for atom in (*rule.head, *rule.body):
                for at, term in enumerate(atom.args):
                    for part in term.walk():
                        if part.kind == "var":
                            yield from self.variable(rule, atom, at, part)

    def variable(self, rule: Rule, atom: Atom, at: int, part: Term) -> Iterator[Slip]:
        known = self.constants[atom.signature, at]
        meant = next((c for c in sorted(known) if c == part.name.lower()), None)
        if rule.fact or (meant is not None and len(meant) > 1):
            yield Slip(
                "fact-variable", rule.file, part.line, part.column,
                "大写字母（或“_”）开头的是变量，这里应写常量（小写字母开头）",
                "what begins with a capital letter (or _) is a variable; a constant is expected",
                part.name, part.name.lower().strip("_") or None,
            )  # fmt: skip

    def names(self) -> Iterator[Slip]:
        """Yield predicates that nothing reads, or nothing gives, but one of a like name does."""
        told: set[str] = set()
        for rule in self.rules:
            for atom in rule.head:
                if atom.signature not in self.read:
                    yield from self.name(rule, atom, self.read, told)
        for rule in self.rules:
            for atom in rule.body:
                known = {*self.given, *self.inputs}
                if atom.signature not in known and atom.signature not in self.broken:
                    yield from self.name(rule, atom, known, told)

    def name(self, rule: Rule, atom: Atom, known: set[str], told: set[str]) -> Iterator[Slip]:
        places = {s for s in known if s.rpartition("/")[0] == atom.name}
        if places:
            wanted = min(places, key=lambda s: (s not in self.documented, s))
            zh = f"`{atom.name}` 应有{wanted.rpartition('/')[2]}项，这里有{len(atom.args)}项"
            en = f"`{atom.name}` has {wanted.rpartition('/')[2]} places, here {len(atom.args)}"
        else:
            same = {s.rpartition("/")[0]: s for s in known if s.endswith(f"/{len(atom.args)}")}
            near = nearest(atom.name, same, _CLOSE)
            if near is None:
                return
            wanted = same[near]
            zh, en = "没有规则用到这个名称", "no rule knows this name"
            self.given[wanted].append(evolve(atom, name=near))
        self.broken.add(wanted)
        if (key := f"{rule.file}:{atom.line}:{atom.column}") not in told:
            told.add(key)
            yield Slip(
                "misspelt-name", rule.file, atom.line, atom.column, zh, en, atom.signature,
                self.shown(wanted),
            )  # fmt: skip

    def shown(self, signature: str) -> str:
        doc = self.documented.get(signature)
        return signature if doc is None else f"{doc.name}({','.join(doc.arguments)})"

    def missing(self) -> Iterator[Slip]:
        """Yield what the rules ask for by name and no rule or fact gives."""
        told: set[tuple[str, tuple[str, ...]]] = set()
        for rule in self.rules:
            for atom in rule.body:
                if atom.signature in self.supplied or atom.signature in self.broken:
                    continue
                named = any(t.constant for t in atom.args)
                if not named or atom.signature not in self.given or self.is_given(atom):
                    continue
                key = atom.signature, tuple(t.constant or "" for t in atom.args)
                if key in told:
                    continue
                told.add(key)
                culprit = self.culprit(atom)
                if culprit is not None:
                    yield culprit
                    continue
                shown = _shown(atom)
                place = rule.file, atom.line, atom.column
                if rule.asked:  # what a template lacks is to be stated with the clause
                    file, _, line = rule.asked.partition(":")
                    place = file, int(line), 1
                yield Slip(
                    "missing-fact", *place,
                    f"没有事实或规则给出 `{shown}`：被删去或写错了？",
                    f"no fact or rule gives `{shown}`: was it deleted or misspelt?",
                    None, self.meant(atom),
                )  # fmt: skip

    def is_given(self, atom: Atom) -> bool:
        # what has another form, such as at_least(G), a notice may leave unused
        loose = tuple(t if t.constant else Term("var", "V") for t in atom.args)
        atom = evolve(atom, args=loose)
        able = self.given.get(atom.signature, [])
        if atom.signature != "switch/2":
            return any(matches(head, atom) for head in able)
        # a rule may wait for a value that a switch can take but has not taken
        named = [evolve(h, args=(h.args[0], Term("var", "V"))) for h in able]
        values = [evolve(h, name="switch") for h in self.given.get("switch_value/2", [])]
        return any(matches(h, atom) for h in named) and any(
            matches(h, atom) for h in [*able, *values]
        )

    def meant(self, wanted: Atom) -> str | None:
        """Return the name that, in place of one of the atom's, would be given."""
        for at, term in enumerate(wanted.args):
            known = {c for head in self.given[wanted.signature] for c in head.constants(at)}
            near = term.constant and nearest(term.constant, sorted(known), _CLOSE)
            if near and self.is_given(_with(wanted, at, evolve(term, name=near))):
                return near
        return None

    def culprit(self, wanted: Atom) -> Slip | None:
        """Return the fact that would be the one wanted but for one name that nobody asks for."""
        asked = {
            (at, c)
            for rule in self.rules
            for atom in rule.body
            if atom.signature == wanted.signature
            for at in range(len(atom.args))
            for c in atom.constants(at)
        }
        for rule in self.rules:
            for head in rule.head if rule.fact else ():
                if head.signature != wanted.signature:
                    continue
                for at, term in enumerate(wanted.args):
                    for part in head.args[at].args or (head.args[at],):
                        name = part.constant
                        if (
                            term.constant is not None
                            and name is not None
                            and (at, name) not in asked
                            and nearest(name, [term.constant], _CLOSE)
                            and matches(_with(head, at, term), wanted)
                        ):
                            return Slip(
                                "misspelt-name", rule.file, part.line, part.column,
                                f"`{head.name}` 里的这个名称没有规则用到",
                                f"no rule asks `{head.name}` for this name",
                                name, term.constant,
                            )  # fmt: skip
        return None


def _with(atom: Atom, at: int, term: Term) -> Atom:
    return evolve(atom, args=(*atom.args[:at], term, *atom.args[at + 1 :]))


def _shown(atom: Atom) -> str:
    inner = ",".join(t.name if t.kind in ("fun", "var", "num") else "…" for t in atom.args)
    return f"{atom.name}({inner})" if inner else atom.name
