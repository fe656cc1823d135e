"""Rechecks a certificate of verdicts with nothing but Python; see docs/dev/certificate.md.

    python checker.py CERTIFICATE --facts FOLDER|FILE.json --policy FOLDER [--base FOLDER]
                      [--lang zh|en]

A policy states a notice; the rules that no notice owns are in the folder `base` beside it, or where
`--base` says. A file of the policy's own stands in place of a shared one of the same name.

One file because whoever doubts the program copies this file alone, and reads all that it trusts.

What is trusted: Python, the SQLite in it, this file, and the data and rules that the reader of the
certificate names. Nothing is taken from the certificate but what it claims.

1. Rules      the rule files are read (`Reader`).
2. SQL        each rule becomes one INSERT; SQLite derives all that follows (`derive`).
3. Data       the data is read in one strict form, and refused if it is not possible (`read_data`).
4. Units alike  a certificate may let one unit speak for units that differ in nothing but their id;
              that they do not, and that no rule could tell them apart, is checked (`Alike`).
5. Certificate  each line must be of the format, to the byte (`read_certificate`).
6. Comparison each step must be an instance of the rule it names, rest on data or on other steps,
              and be needed; each verdict that follows must be proved (`recheck`).

Exit status: 0 verified; 1 not verified; 2 not readable, so that nothing was checked; 3 more than
PINGAN_MAX_TIME (seconds, 3600) or PINGAN_MAX_MEMORY (MB, 8192, Linux only); 130 interrupted.
"""

from __future__ import annotations

import argparse
import csv
import gc
import json
import os
import re
import sqlite3
import sys
import threading
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from hashlib import sha256
from itertools import groupby, pairwise, product
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TextIO

FORMAT = 4
"""The version of the format of certificates that is read."""

CERTIFIED = {
    "verdict": 3, "finding": 5, "tally": 5, "attainment": 5, "attained": 3, "accountable": 2,
}  # fmt: skip
"""The predicates, with their arities, of which a certificate proves every atom."""


REPORTED = ("shares", "attainment")
"""What a certified run is asked for beside verdicts."""


class Problem(NamedTuple):
    """What is wrong, in Chinese and English, and where: a file and line, an atom, or the number of
    a line of the certificate."""

    place: str | int
    zh: str
    en: str

    def text(self, lang: str) -> str:
        if isinstance(self.place, int):
            place = f"certificate line {self.place}" if lang == "en" else f"凭证第{self.place}行"
        else:
            place = self.place
        return f"{place}: {self.en}" if lang == "en" else f"{place}：{self.zh}"


class Unreadable(Exception):
    """Rules or data that this checker does not read, so that nothing was checked."""

    problems: tuple[Problem, ...]

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


def shown(text: object) -> str:
    """Return text from a file so that it cannot steer a terminal or hide what it is."""
    return "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in str(text)[:200])


# ---------------------------------------------------------------------------------------------
# 1. Rules
#
# A term is a number, a constant or a "text" as it is written, a variable (Var), a list of
# alternatives as (a;b) or 1..3, or a tuple: (name, terms...) or (sign, left, right).
# A literal is an atom (name, terms...), ("not", atom) or a comparison (sign, left, right), where
# a side may be an aggregate: ("#count", ((terms, literals), ...)).
# ---------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""
      (?P<skip>      \s+ | %\*.*?\*% | %[^\n]* | \#defined[^.]*\. )
    | (?P<text>      "(?:\\.|[^"\\\n])*" )
    | (?P<number>    \d+ )
    | (?P<variable>  _*[A-Z]\w* | _(?!\w) )
    | (?P<name>      (?!not\b)_*[a-z][a-z0-9_]*\b )
    | (?P<mark>      :- | \.\. | [!<>=]= | \#?\w+ | . )
    """,
    re.ASCII | re.DOTALL | re.VERBOSE,
)
_COMPARED = {"=", "==", "!=", "<", "<=", ">", ">="}
_SIGNS = {"+", "-", "*", "/", "||"}
_LEVELS = (_COMPARED, {".."}, {"+", "-"}, {"*", "/"})
"""Operators, those that bind least first."""
_AGGREGATES = {
    "#count": "count(*)",
    "#sum": "coalesce(sum(a1), 0)",
    "#max": "coalesce(max(a1), '#inf')",
    "#min": "coalesce(min(a1), '#sup')",
}
"""How SQL says them of a table of different rows a1, a2, ..."""


class Var(str):
    """A variable, as the column that holds it: X is vX, and each _ is an any... of its own."""

    __slots__ = ()


class Rule(NamedTuple):
    place: str
    """The file and line of its head."""
    head: Any
    body: tuple[Any, ...]


Token = tuple[str, str, str]
"""Kind, text and place."""


class Template(NamedTuple):
    """Rules that are written out for each template(name(...)), with names for its parameters."""

    name: str
    parameters: tuple[str, ...]
    tokens: tuple[Token, ...]

    def written_out(self, arguments: Sequence[str]) -> Iterator[Rule]:
        """Yield the rules with these arguments; what stands before a bracket is no parameter."""
        given = dict(zip(self.parameters, arguments, strict=True))
        reader = Reader("")
        for n, (kind, text, place) in enumerate(self.tokens):
            called = self.tokens[n + 1 : n + 2] and self.tokens[n + 1][1] == "("
            new = given.get(text) if kind == "name" and not called else None
            found = [(kind, text)] if new is None else [t[:2] for t in Reader(new).tokens[:0:-1]]
            reader.tokens += [(*token, place) for token in found]
        reader.tokens[1:] = reader.tokens[:0:-1]
        yield from reader.rules()


class Reader:
    """Reads the part of the rule language that docs/dev/certificate.md describes."""

    def __init__(self, text: str, file: str = "") -> None:
        self.tokens: list[Token] = [("end", "", file)]
        """The tokens that are left; the next one is the last."""
        self.templates: list[Template] = []
        lines, at = 1, 0
        found = []
        for match in _TOKEN.finditer(text):
            lines, at = lines + text.count("\n", at, match.start()), match.start()
            if match.lastgroup != "skip":
                found.append((str(match.lastgroup), match.group(), f"{file}:{lines}"))
        self.tokens += reversed(found)

    def rules(self) -> Iterator[Rule]:
        """Yield the rules and facts, one for each choice of alternatives in them."""
        while len(self.tokens) > 1:
            if self.accept("#program"):
                self.template()
                continue
            place = self.tokens[-1][2]
            is_constraint = self.tokens[-1][1] == ":-"
            head = [("defect", "constraint")] if is_constraint else self.literal()
            elements = self.elements(".", in_body=True) if self.expect(":-", ".") == ":-" else []
            literals = [x for _, conditions in elements for x in conditions]
            for chosen in alternatives((*head, *literals)):
                yield Rule(place, chosen[0], chosen[1:])

    def template(self) -> None:
        """Read the words after #program, and what follows up to the next one: a template, unless
        its name is base."""
        name, mark = self.tokens.pop()[1], self.expect("(", ".")
        parameters = []
        while mark != ".":
            parameters.append(self.tokens.pop()[1])
            mark = self.expect(",", ")")
            if mark == ")":
                mark = self.expect(".")
        if name == "base":
            return
        block = []
        while self.tokens[-1][0] != "end" and self.tokens[-1][1] != "#program":
            block.append(self.tokens.pop())
        self.templates.append(Template(name, tuple(parameters), tuple(block)))

    def accept(self, *texts: str) -> str:
        """Take the next token if it is one of `texts`; else return nothing."""
        return self.tokens.pop()[1] if self.tokens[-1][1] in texts else ""

    def expect(self, *texts: str) -> str:
        """Take the next token, which must be one of `texts`."""
        if self.tokens[-1][1] not in texts:
            raise self.not_understood(*self.tokens[-1][1:])
        return self.tokens.pop()[1]

    def not_understood(self, token: str, place: str) -> Unreadable:
        said = shown(token)
        return Unreadable(
            Problem(place, f"核验器不认识的写法 `{said}`", f"the checker does not read `{said}`")
        )

    def elements(self, end: str, in_body: bool = False) -> list[tuple[list[Any], list[Any]]]:
        """Read up to `end` what semicolons part: terms, and after a colon literals.

        A body has literals only.
        """
        found: list[tuple[list[Any], list[Any]]] = [([], [])]
        after_colon = in_body
        while True:
            if after_colon:
                found[-1][1].extend(self.literal())
                mark = self.expect(",", ";", end)
            else:
                found[-1][0].append(self.term(1))
                mark = self.expect(",", ";", ":", end)
            if mark == end:
                return found
            if mark == ":":
                after_colon = True
            if mark == ";":
                found.append(([], []))
                after_colon = in_body

    def literal(self) -> list[Any]:
        """Read a literal; a chain of comparisons as 1 < X < 5 is two."""
        negated = self.accept("not")
        term = self.term()
        atom = term if isinstance(term, tuple) else (term,)
        if atom[0] in _COMPARED and isinstance(atom[1], tuple) and atom[1][0] in _COMPARED:
            return [atom[1], (atom[0], atom[1][2], atom[2])]
        return [("not", atom) if negated else atom]

    def term(self, level: int = 0) -> Any:
        if level == len(_LEVELS):
            return self.factor()
        left = self.term(level + 1)
        while sign := self.accept(*_LEVELS[level]):
            place = self.tokens[-1][2]
            right = self.term(level + 1)
            if sign != "..":
                left = (sign, left, right)
            elif isinstance(left, int) and isinstance(right, int):
                left = list(range(left, right + 1))
            else:
                raise self.not_understood("..", place)
        return left

    def factor(self) -> Any:
        kind, token, place = self.tokens.pop()
        if kind == "number":
            return int(token)
        if token == "-" and self.tokens[-1][0] == "number":
            return -self.factor()
        if kind == "variable":
            # names of columns ignore case: a small letter gets a mark of its own
            column = "v" + re.sub("([a-z])", r"$\1", token)
            return Var(f"any{len(self.tokens)}" if token == "_" else column)
        if kind == "text":
            return token
        if token in _AGGREGATES and self.accept("{"):
            elements = [(tuple(terms), tuple(given)) for terms, given in self.elements("}")]
            return token, tuple(x for element in elements for x in alternatives(element))
        if kind == "name" and not self.accept("("):
            return token
        if kind != "name" and token != "(":
            raise self.not_understood(token, place)
        lists = [terms for terms, _ in self.elements(")")]
        if kind == "name":
            found = [(token, *terms) for terms in lists]
        elif all(len(terms) == 1 for terms in lists):
            found = [terms[0] for terms in lists]
        else:
            raise self.not_understood(token, place)
        return found if len(found) > 1 else found[0]


def alternatives(x: Any) -> list[Any]:
    """Return what `x` stands for when one alternative is taken from each of its lists."""
    if isinstance(x, list):
        return [b for a in x for b in alternatives(a)]
    return list(product(*map(alternatives, x))) if isinstance(x, tuple) else [x]


def written(x: Any) -> str:
    """Return a term or an atom as it is written in rules."""
    if not isinstance(x, tuple):
        return str(x)
    terms = [written(term) if isinstance(term, tuple) else str(term) for term in x[1:]]
    return f"{x[0]}({','.join(terms)})" if terms else str(x[0])


# ---------------------------------------------------------------------------------------------
# 2. SQL
#
# The atoms p(a,"b",3) are rows of the table p_3 with the columns a1, a2, a3: numbers, or terms as
# they are written. A body is a table with a column for each variable, the natural join of its
# atoms; a rule inserts what it selects from its body into the table of its head.
# ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=100_000)
def part(term: Any, name: str, arity: int, place: int) -> Any:
    """Return an argument of a written term (place 0: its name), None if it is another term."""
    found = Reader(str(term)).term()
    if not isinstance(found, tuple) or (found[0], len(found)) != (name, arity + 1):
        return None
    return found[place] if isinstance(found[place], int) else written(found[place])


def table_of(atom: Any) -> str:
    """Return the table that holds atoms such as this one."""
    return f"{atom[0]}_{len(atom) - 1}"


class Body:
    """What satisfies literals, as SQL: the table `o`, or `i` inside an aggregate of a body whose
    columns are `around`."""

    source: str
    tests: list[str]

    def __init__(self, literals: Iterable[Any], around: Iterable[str] = ()) -> None:
        literals = list(literals)
        outer = set(around)
        self.columns: set[str] = set()
        atoms = [self.atom(x) for x in literals if x[0] not in {"not", *_COMPARED}]
        self.source = " NATURAL JOIN ".join(["(SELECT 0)", *(f"({atom})" for atom in atoms)])
        self.tests = ["1", *(f"i.{v} = o.{v}" for v in sorted(outer & self.columns))]
        negated = [x[1] for x in literals if x[0] == "not"]
        self.tests += [f"NOT EXISTS ({self.atom(x, negated=True)})" for x in negated]
        used = ""
        for comparison in (x for x in literals if x[0] in _COMPARED):
            self.compare(comparison, outer, used)
            used += repr(comparison[1:])

    def compare(self, comparison: Any, outer: set[str], used: str) -> None:
        """Add a comparison: a test, or a column for the variable that it sets."""
        sign, left, right = comparison
        new = [
            t for t in (left, right)
            if isinstance(t, Var) and t not in self.columns and t not in outer
        ]  # fmt: skip
        if any(repr(t) in used for t in new):
            raise Unreadable(
                Problem(sign, "变量应先赋值后使用", "a variable is used before it is set")
            )
        if new and sign in ("=", "=="):
            value = self.sql(right if new[0] is left else left)
            self.source = f"(SELECT *, {value} AS {new[0]} FROM (SELECT * FROM {self.source}) o)"
            self.columns.add(new[0])
        else:
            self.tests.append(f"{self.sql(left)} {sign} {self.sql(right)}")

    def atom(self, atom: Any, negated: bool = False) -> str:
        """Return the SELECT of an atom's variables; if it is negated they are those around it."""
        found: dict[str, str] = {}
        tests = ["1"]

        def bind(term: Any, value: str) -> None:
            if isinstance(term, Var) and (term[0] == "a" or not (negated or term in found)):
                found[term] = value
            elif isinstance(term, tuple) and term[0] not in _SIGNS:
                for place, inner in enumerate(term):
                    bind(inner, f"part({value}, '{term[0]}', {len(term) - 1}, {place})")
            else:
                tests.append(f"{value} = {found.get(term) or self.sql(term)}")

        for place, term in enumerate(atom[1:], 1):
            bind(term, f"a{place}")
        if not negated:
            self.columns |= found.keys()
        chosen = ", ".join(f"{value} AS {v}" for v, value in found.items()) or "0"
        return f"SELECT {chosen} FROM {table_of(atom)} WHERE {' AND '.join(tests)}"

    def sql(self, x: Any) -> str:
        """Return a term as an SQL expression."""
        if isinstance(x, Var):
            # an any... that no atom holds is shown as it is written
            return str(x) if x[0] == "v" or x in self.columns else "'_'"
        if isinstance(x, int):
            return str(x)
        if isinstance(x, str):
            return "'" + x.replace("'", "''") + "'"
        if x[0] in _AGGREGATES:
            sets = [Body(given, self.columns).select(terms, "i") for terms, given in x[1]]
            return f"(SELECT {_AGGREGATES[x[0]]} FROM ({' UNION '.join(sets)}))"
        terms = [self.sql(t) for t in x[1:]]
        if x[0] in _SIGNS:
            return f"({terms[0]} {x[0]} {terms[1]})"
        inner = " || ',' || ".join(terms)
        return f"('{x[0]}(' || {inner} || ')')" if terms else f"'{x[0]}'"

    def select(self, terms: Iterable[Any], name: str = "o") -> str:
        """Return the SELECT of terms as the columns a1, a2, ..."""
        chosen = ", ".join(f"{self.sql(t)} AS a{n}" for n, t in enumerate(terms, 1)) or "0 AS a0"
        tests = " AND ".join(self.tests)
        return f"SELECT DISTINCT {chosen} FROM (SELECT * FROM {self.source}) {name} WHERE {tests}"


def rests_on(literal: Any, wholly: bool = False) -> list[tuple[Any, bool]]:
    """Return the atoms of a literal, and whether all such atoms must be known before."""
    if literal[0] == "not":
        return [(literal[1], True)]
    if literal[0] not in _COMPARED:
        return [(literal, wholly)]
    return [
        found
        for side in literal[1:] if isinstance(side, tuple) and side[0] in _AGGREGATES
        for _, conditions in side[1]
        for condition in conditions
        for found in rests_on(condition, wholly=True)
    ]  # fmt: skip


def may_give(head: Any, atom: Any) -> bool:
    """Whether a rule with this head may derive such an atom: one for p(a,X) gives no p(b,Y)."""
    same_size = len(head) == len(atom)
    return same_size and all(
        x == y or not {type(x), type(y)} <= {int, str} for x, y in zip(head, atom, strict=True)
    )


def in_order(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Return the rules in groups, each after those it rests on; rules in a loop are one group."""
    links: list[dict[int, bool]] = []
    by_table: dict[str, list[int]] = defaultdict(list)
    for n, rule in enumerate(rules):
        by_table[table_of(rule.head)].append(n)
    for rule in rules:
        mine: dict[int, bool] = {}
        for atom, wholly in (found for literal in rule.body for found in rests_on(literal)):
            for m in by_table.get(table_of(atom), ()):
                if may_give(rules[m].head, atom):
                    mine[m] = wholly or mine.get(m, False)
        links.append(mine)
    below, wider = [{n} for n in range(len(rules))], [{n, *x} for n, x in enumerate(links)]
    while below != wider:
        below, wider = wider, [x.union(*(wider[m] for m in x)) for x in wider]
    order = sorted(range(len(rules)), key=lambda n: (len(below[n]), sorted(below[n])))
    groups = []
    for _, loop in groupby(order, key=lambda n: below[n]):
        group = list(loop)
        if any(links[n].get(m) for n in group for m in group):
            said = ("经否定或聚合的循环", "a loop through negation or an aggregate")
            raise Unreadable(Problem(rules[group[0]].place, *said))
        groups.append([rules[n] for n in group])
    return groups


def derive(rules: Sequence[Rule], facts: Sequence[Any]) -> sqlite3.Connection:
    """Return a database of all that follows from facts by rules."""
    db = sqlite3.connect(":memory:", check_same_thread=False)
    db.execute("PRAGMA journal_mode = OFF")  # nothing is ever taken back
    db.create_function("part", 4, part, deterministic=True)
    atoms = [atom for rule in rules for literal in rule.body for atom, _ in rests_on(literal)]
    rows: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for fact in facts:
        rows[fact[0], len(fact) - 1].append(fact[1:] or (0,))
    tables = {table_of(atom) for atom in (*atoms, *(rule.head for rule in rules))}
    tables |= {f"{name}_{arity}" for name, arity in rows}
    tables |= {f"{name}_{arity}" for name, arity in (*CERTIFIED.items(), *_READ_OF_RULES.items())}
    for table in sorted(tables):
        arity = int(table.rpartition("_")[2])
        columns = [f"a{n}" for n in range(1, arity + 1)] or ["a0"]
        db.execute(f"CREATE TABLE {table} ({', '.join(columns)}, UNIQUE ({', '.join(columns)}))")
        for column in columns[1:]:
            db.execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")
    for (name, arity), given in sorted(rows.items()):
        marks = ", ".join("?" * len(given[0]))
        db.executemany(f"INSERT OR IGNORE INTO {name}_{arity} VALUES ({marks})", given)
    for rule in rules:
        if not rule.body:
            db.execute(insert_of(rule))
    db.execute("ANALYZE")
    for loop in in_order([rule for rule in rules if rule.body]):
        inserts = list(map(insert_of, loop))
        loops = len(loop) > 1 or any(
            may_give(loop[0].head, atom) for x in loop[0].body for atom, _ in rests_on(x)
        )
        while sum(db.execute(insert).rowcount for insert in inserts) and loops:
            pass
        for table in sorted({table_of(rule.head) for rule in loop}):
            db.execute(f"ANALYZE {table}")
    return db


def insert_of(rule: Rule) -> str:
    """Return the INSERT of what a rule derives."""
    return f"INSERT OR IGNORE INTO {table_of(rule.head)} {Body(rule.body).select(rule.head[1:])}"


def rule_files(policy: Path, base: Path | None = None) -> list[Path]:
    """Return the rule files of a policy by name: its own, and the shared ones that none of its own
    replaces. Raises Unreadable when it has none of its own."""
    own = {file.name: file for file in policy.glob("*.lp")}
    if not own:
        raise Unreadable(Problem(shown(policy), "没有规则文件（.lp）", "no rule files (.lp)"))
    shared = policy.resolve().parent / "base" if base is None else base
    found = {file.name: file for file in shared.glob("*.lp")} | own
    return [found[name] for name in sorted(found)]


def read_rules(policy: Path, base: Path | None = None) -> list[Rule]:
    """Return the rules of a policy. Raises Unreadable."""
    files = rule_files(policy, base)
    found: list[Rule] = []
    templates: list[Template] = []
    for file in files:
        try:
            text = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise Unreadable(Problem(file.name, "应为 UTF-8", "expected UTF-8")) from None
        reader = Reader(text, file.name)
        found += reader.rules()
        templates += reader.templates
    return [*found, *(rule for rules in written_out(found, templates) for rule in rules)]


def written_out(rules: Sequence[Rule], templates: Sequence[Template]) -> Iterator[Iterator[Rule]]:
    """Yield the rules of each template that is used; which are, follows from the other rules."""
    asking = {n for n, rule in enumerate(rules) if table_of(rule.head) == "template_1"}
    if not asking:
        return
    while True:
        read = {table_of(a) for n in asking for x in rules[n].body for a, _ in rests_on(x)}
        more = {n for n, rule in enumerate(rules) if table_of(rule.head) in read} - asking
        if not more:
            break
        asking |= more
    db = derive([rules[n] for n in sorted(asking)], ())
    known = {(t.name, len(t.parameters)): t for t in templates}
    if len(known) < len(templates):
        raise Unreadable(Problem("#program", "样板写了两次", "a template is there twice"))
    for (term,) in db.execute("SELECT a1 FROM template_1 ORDER BY a1"):
        used = Reader(str(term)).factor()
        name, *arguments = used if isinstance(used, tuple) else (used,)
        template = known.get((name, len(arguments)))
        if template is None:
            raise Unreadable(
                Problem(f"template({shown(term)})", "没有这个样板", "no such template")
            )
        yield template.written_out([argument(x) for x in arguments])


def argument(x: Any) -> str:
    """Return an argument of a template as it is written out: of either(a,b) each, as (a;b)."""
    is_either = isinstance(x, tuple) and x[0] == "either"
    return f"({';'.join(map(written, x[1:]))})" if is_either else written(x)


# ---------------------------------------------------------------------------------------------
# 3. Data
#
# The data is read in one form only, the one that `convert` writes: a folder of CSV files named
# after the tables, or one JSON document; English column names, codes, dates as 2014-05-01. What is
# written in another way, or cannot be (an incident at no unit), is refused by place: read more
# loosely, data could mean one thing here and another to the program that judged it.
# ---------------------------------------------------------------------------------------------

TABLES = {
    "units": "id! kind! name parent affiliation? opened? closed?",
    "incidents": "id! unit! type! date! grade responsible_unit? liability?",
    "ledgers": "unit! item! year!",
    "scores": "unit! year! score!",
    "polls": "unit! year! result? rank?",
    "requirements": "kind! year! max_rank!",
    "not_applicable": "unit! clause! year! reason!",
    "changes": "unit! date! change! value!",
    "values": "unit! item! year! value!",
}
"""Columns: with ! no cell is empty, with ? a CSV file need not have it."""

_COLUMNS = {table: [c.rstrip("!?") for c in text.split()] for table, text in TABLES.items()}
_NEEDED = {table: re.findall(r"(\w+)!", text) for table, text in TABLES.items()}

FORMS = {
    "id": "id", "unit": "id", "parent": "id", "responsible_unit": "id",
    "name": "text", "reason": "text", "value": "text",
    "date": "date", "opened": "date", "closed": "date",
    "year": "year", "score": "score", "rank": "count", "max_rank": "count",
    "amount": "amount",
}  # fmt: skip
"""How the cells of a column are written; the other columns hold words."""
_OTHERWISE = {("values", "item"): "input", ("values", "value"): "amount"}
"""What is in a column of a table whose name another table has for something else."""

_OWN_WORDS = {
    "affiliation": {"county", "township"},
    "liability": {"yes", "no"},
    "result": {"met", "failed"},
    "change": {"renamed", "moved", "merged_into"},
}
_READ_OF_RULES = {
    "kind": 4, "incident_type": 3, "grade": 4, "may_be_declared": 1, "may_sit_in": 2,
    "affiliable": 1, "switch": 2, "threshold": 3, "target": 3, "defect": 1, "counts": 3, "alike": 2,
    "input": 5, "input_limits": 3, "input_choice": 5, "recorded_of": 2, "given_for_kind": 1,
    "period_years": 2, "span": 3, "best_of": 3,
}  # fmt: skip
"""The predicates of the rules that this file reads itself, with their arities."""

_FIRST_YEAR, _LONGEST, _MOST = 1949, 200, 2**31 - 1
_NOT_IN_TEXT = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of characters that no text holds: controls, invisible ones, line separators."""
_SPACES = " \t\u3000\xa0"
_FORMULA = re.compile("'*[=+@\\-\t\r\uff1d\uff0b\uff20\uff0d]")
"""Text that a spreadsheet would run has an apostrophe before it in CSV."""


class Number(str):
    """A number of a JSON document, as it is written there."""

    __slots__ = ()


class Row(NamedTuple):
    place: str
    cells: dict[str, str]
    """The cells that are not empty, by column."""


Tables = dict[str, list[Row]]
Expected = tuple[str, str]
"""What a cell should have been, in Chinese and English."""


class Input(NamedTuple):
    """An item of the table of values: how it is written, and the integers that this stands for."""

    type: str
    places: int
    least: int
    most: int
    kinds: set[str]
    given: bool
    choices: dict[str, int]

    def number(self, text: str) -> int | None:
        """Return the integer for a value as `convert` writes it; None if it is none."""
        found: int | None = None
        if self.type == "yes_no":
            found = {"no": 0, "yes": 1}.get(text)
        elif self.type == "choice":
            found = self.choices.get(text)
        elif self.type == "date":
            if is_day(text) or (is_real_day(text) and self.most < _LAST_DAY):
                found = number_of(text)
        elif match := _AMOUNT.fullmatch(text):
            sign, whole, decimals = match.groups(default="")
            digits = decimals.rstrip("0") if self.places else decimals
            if len(digits) <= self.places:
                found = int(sign + whole + digits.ljust(self.places, "0"))
        return found if found is not None and self.least <= found <= self.most else None


_AMOUNT = re.compile(r"(-?)(0|[1-9][0-9]{0,9})(?:\.([0-9]{1,30}))?")
_LAST_DAY = 99991231
"""The last day of an item without a range of its own."""


class Vocabulary(NamedTuple):
    """What the rules say of words in the data."""

    words: dict[str, set[str]]
    """The words of a column, by its name."""
    may_sit_in: set[tuple[str, str]]
    affiliable: set[str]
    most_units: int
    """With more, a share of them times its denominator would not stay in 32 bits."""
    inputs: dict[str, Input]
    cycle: tuple[int, int]
    """How many years a period takes, and a year in which one begins."""


def vocabulary(rules: Sequence[Rule]) -> Vocabulary:
    """Derive what the rules say by themselves of words in the data."""
    said = {f"{name}_{arity}" for name, arity in _READ_OF_RULES.items()}
    db = derive(resting(rules, said - {"defect_1", "counts_3", "alike_2"}), [])

    def column(table: str) -> set[str]:
        return {str(word) for (word,) in db.execute(f"SELECT a1 FROM {table}")}

    types, shares = (
        column("incident_type_3"),
        db.execute(
            "SELECT a2, a3 FROM threshold_3 UNION SELECT a2, a3 FROM target_3 "
            "UNION SELECT a2, a3 FROM best_of_3"
        ),
    )
    largest = max([1, *(n for share in shares for n in share if isinstance(n, int))])
    words = {
        **_OWN_WORDS, "kind": column("kind_4"), "type": types, "item": types | {"*"},
        "grade": column("grade_4"), "clause": column("may_be_declared_1"),
    }  # fmt: skip
    sits = {(str(a), str(b)) for a, b in db.execute("SELECT a1, a2 FROM may_sit_in_2")}
    inputs = inputs_of(db)
    words["input"] = set(inputs)
    cycles = list(db.execute("SELECT a1, a2 FROM period_years_2"))
    most, cycle = 2**31 // largest - 1, cycles[0] if cycles else (1, 0)
    return Vocabulary(words, sits, column("affiliable_1"), most, inputs, cycle)


def inputs_of(db: sqlite3.Connection) -> dict[str, Input]:
    """Return the items that the table of values may hold."""
    given = {str(item) for (item,) in db.execute("SELECT a1 FROM given_for_kind_1")}
    found = {}
    for item, type_of in db.execute("SELECT a1, a3 FROM input_5"):
        name, _, places = str(type_of).rstrip(")").partition("(")
        asked = (item,)
        kinds = db.execute("SELECT a2 FROM recorded_of_2 WHERE a1 = ?", asked)
        choices = db.execute("SELECT a3, a2 FROM input_choice_5 WHERE a1 = ?", asked)
        (limits,) = db.execute("SELECT a2, a3 FROM input_limits_3 WHERE a1 = ?", asked)
        number = 2 if name == "percent" else int(places or 0)
        of = {str(kind) for (kind,) in kinds}
        codes = {str(code): n for code, n in choices}
        least, most = limits
        found[str(item)] = Input(name, number, least, most, of, str(item) in given, codes)
    return found


def is_real_day(text: str) -> bool:
    """Whether it is a day of the calendar, not before 1949."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        return date.fromisoformat(text).year >= _FIRST_YEAR
    except ValueError:
        return False


def is_day(text: str) -> bool:
    """Whether it is a real day, not before 1949 and not after today."""
    return is_real_day(text) and date.fromisoformat(text) <= date.today()


def is_plain(text: str) -> bool:
    """Whether it holds no control or invisible characters."""
    return text.isprintable() or not any(unicodedata.category(c) in _NOT_IN_TEXT for c in text)


def is_text(text: str) -> bool:
    return is_plain(text) and len(text) <= _LONGEST and text == text.strip(_SPACES)


_PLAIN_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,199}")


def is_id(text: str) -> bool:
    return _PLAIN_ID.fullmatch(text) is not None or (
        is_text(text)
        and text[0].isalnum()
        and text == text.strip()
        and text == unicodedata.normalize("NFKC", text)
        and not set(text) & set("\"'`\\")
        and not re.fullmatch(r"\d(\.\d+)?[eE]\+\d{2,3}", text)
    )


def is_count(text: str) -> bool:
    return re.fullmatch(r"[1-9][0-9]{0,9}", text) is not None and int(text) <= _MOST


def is_year(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}", text):
        return False
    return _FIRST_YEAR <= int(text) <= date.today().year


_WRITTEN: dict[str, tuple[Callable[[str], bool], Expected]] = {
    "id": (is_id, ("应为规范写法的编号", "expected an id in canonical form")),
    "text": (is_text, ("应为不含控制字符的文字", "expected text without control characters")),
    "date": (
        is_day,
        ("应为不晚于今天的日期，如 2014-05-01", "expected a day up to today, as 2014-05-01"),
    ),
    "year": (is_year, ("应为四位年份", "expected a year of four digits")),
    "count": (is_count, ("应为正整数", "expected a positive whole number")),
    "amount": (is_text, ("应为数值", "expected a value")),
    "score": (
        lambda text: re.fullmatch(r"(100(\.00?)?|[1-9]?[0-9](\.[0-9]{1,2})?)", text) is not None,
        ("应为0至100，最多两位小数", "expected 0 to 100 with at most two decimals"),
    ),
}


class Cells(dict[str, str]):
    """The right texts of a column, each held once and looked at once; others raise KeyError."""

    def __init__(self, is_right: Callable[[str], bool]) -> None:
        self.is_right = is_right

    def __missing__(self, text: str) -> str:
        if not self.is_right(text):
            raise KeyError(text)
        self[text] = text
        return text


def right_in(column: str, words: Mapping[str, set[str]]) -> Callable[[str], bool]:
    """Return what tells whether a text is right in a column."""
    form = FORMS.get(column)
    return words[column].__contains__ if form is None else _WRITTEN[form][0]


class DataReader:
    """Reads data, and names every cell that is not as it should be."""

    words: Mapping[str, set[str]]

    def __init__(self, words: Mapping[str, set[str]]) -> None:
        self.words = words
        self.problems: list[Problem] = []
        columns = {c for t in TABLES for c in _COLUMNS[t]}.union(_OTHERWISE.values())
        self.right: dict[str, Cells] = {c: Cells(right_in(c, words)) for c in columns}
        self.unguarded: Cells = Cells(lambda text: is_text(text) and not _FORMULA.match(text))
        """Text of a CSV file that needs no apostrophe before it, and has none."""

    def add(self, place: str, zh: str, en: str) -> None:
        self.problems.append(Problem(place, zh, en))

    def expected(self, column: str) -> Expected:
        """Return what a cell should have been."""
        if (form := FORMS.get(column)) is not None:
            return _WRITTEN[form][1]
        options = "、".join(sorted(self.words[column])[:30])
        return f"应为 {options}", f"expected one of {options.replace('、', ', ')}"

    def row(self, table: str, place: str, cells: dict[str, str]) -> Row:
        for column in _NEEDED[table]:
            if column not in cells:
                self.add(f"{place} {column}", "不能为空", "must not be empty")
        for column, text in cells.items():
            held = _OTHERWISE.get((table, column), column)
            try:
                cells[column] = self.right[held][text]
            except KeyError:
                (zh, en), found = self.expected(held), shown(text)
                self.add(f"{place} {column}", f"{zh}，实为 `{found}`", f"{en}: `{found}`")
        return Row(place, cells)

    def folder(self, folder: Path) -> Tables:
        """Read a folder of CSV files; other data in it is refused, other files passed over."""
        tables: Tables = {table: [] for table in TABLES}
        for file in sorted(folder.iterdir()):
            if file.name.startswith((".", "~$")) or not file.is_file():
                continue
            if file.suffix == ".csv" and file.stem in TABLES:
                tables[file.stem] = list(self.csv(file.stem, file))
            elif file.stem.casefold() in TABLES or file.suffix.casefold() in _DATA_SUFFIXES:
                names = "、".join(f"{t}.csv" for t in TABLES)
                en = f"is not read: expected {names.replace('、', ', ')}"
                self.add(shown(file.name), f"不读取，应为 {names}", en)
        return tables

    def csv(self, table: str, file: Path) -> Iterator[Row]:
        """Read a CSV file: UTF-8, commas, a header, a row a line."""
        with file.open(encoding="utf-8-sig", newline="") as text:
            lines = csv.reader(text, strict=True)
            try:
                header = next(lines, [])
                if self.is_header(table, header):
                    yield from self.lines(table, file.name, header, lines)
                else:
                    names = "、".join(_COLUMNS[table])
                    en = f"expected the columns {names.replace('、', ', ')}"
                    self.add(f"{file.name}:1", f"列应为 {names}", en)
            except UnicodeDecodeError:
                self.add(file.name, "应为 UTF-8", "expected UTF-8")
            except csv.Error:
                self.add(f"{file.name}:{lines.line_num}", "不是合法的 CSV", "is not valid CSV")

    def is_header(self, table: str, header: Sequence[str]) -> bool:
        """Whether the columns of a file are those of the table, in any order."""
        known = dict(zip(_COLUMNS[table], TABLES[table].split(), strict=True))
        needed = {name for name, c in known.items() if not c.endswith("?")}
        return len(set(header)) == len(header) and needed <= set(header) <= known.keys()

    def lines(self, table: str, file: str, header: Sequence[str], lines: Any) -> Iterator[Row]:
        """Read the lines after the header."""
        held = {c: _OTHERWISE.get((table, c), c) for c in header}
        texts = {c for c in header if FORMS.get(held[c]) == "text"}
        columns = [(c, self.unguarded if c in texts else self.right[held[c]]) for c in header]
        needed = set(_NEEDED[table])
        for cells in lines:
            place = f"{file}:{lines.line_num}"
            if len(cells) != len(header):
                self.add(place, f"应有{len(header)}格", f"expected {len(header)} cells")
                continue
            try:
                row = {c: right[t] for (c, right), t in zip(columns, cells, strict=True) if t}
            except KeyError:
                row = {}  # something in it is wrong
            if needed <= row.keys():
                yield Row(place, row)
                continue
            row = {c: t for c, t in zip(header, cells, strict=True) if t}
            for column in texts & row.keys():
                row[column] = self.without_guard(place, column, row[column])
            yield self.row(table, place, row)

    def without_guard(self, place: str, column: str, text: str) -> str:
        """Return the text of a cell without the apostrophe that keeps spreadsheets from running
        it; one that lacks it is refused."""
        if not _FORMULA.match(text):
            return text
        if text[0] != "'":
            zh, en = "以公式符号开头，应加撇号", "expected an apostrophe before it"
            self.add(f"{place} {column}", zh, en)
        return text.removeprefix("'")

    def document(self, file: Path) -> Tables:
        """Read a JSON document {"units": [{...}, ...], ...}."""
        tables: Tables = {table: [] for table in TABLES}
        try:
            text = file.read_bytes().decode("utf-8-sig")
            read = json.loads(
                text, parse_int=Number, parse_float=Number, parse_constant=Number,
                object_pairs_hook=without_duplicates,
            )  # fmt: skip
        except (ValueError, RecursionError) as error:
            said = shown(error)
            self.add(shown(file.name), f"不是合法的 JSON：{said}", f"is not valid JSON: {said}")
            return tables
        for table, rows in read.items() if isinstance(read, dict) else [("", None)]:
            if table not in TABLES or not isinstance(rows, list):
                names = "、".join(TABLES)
                zh, en = f"应为 {names} 的列表", f"expected lists of {names.replace('、', ', ')}"
                self.add(f"{shown(file.name)} {shown(table)}".strip(), zh, en)
                continue
            for number, row in enumerate(rows):
                place = f"{table}[{number}]"
                cells: dict[str, Any] = row if isinstance(row, dict) else {"": None}
                wrong = [c for c, t in cells.items() if not self.is_cell(table, c, t)]
                for column in wrong:
                    zh, en = "没有这一列，或写法不对", "no such column, or not so written"
                    self.add(f"{place} {shown(column)}".strip(), zh, en)
                if not wrong:
                    tables[table].append(self.row(table, place, cells))
        return tables

    def is_cell(self, table: str, column: str, value: object) -> bool:
        """Whether a value of a JSON document may stand in a column at all."""
        if column not in _COLUMNS[table]:
            return False
        form = FORMS.get(_OTHERWISE.get((table, column), column))
        number = form in ("year", "count", "score", "amount")
        return isinstance(value, str) and value != "" and (number or type(value) is str)


_DATA_SUFFIXES = {
    ".csv", ".xlsx", ".xlsm", ".xls", ".ods", ".et", ".tsv", ".json", ".xlsb", ".numbers",
    ".fods", ".ots", ".xltx",
}  # fmt: skip


def without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("duplicate key")
    return found


class Register:
    """Which units there are, when, and where; names every record that cannot be."""

    tables: Tables
    vocabulary: Vocabulary
    units: dict[str, dict[str, str]]

    def __init__(self, tables: Tables, vocabulary: Vocabulary) -> None:
        self.tables, self.vocabulary = tables, vocabulary
        self.problems: list[Problem] = []
        self.units = {row.cells["id"]: row.cells for row in tables["units"]}
        self.merged: dict[str, str] = {}
        self.moves: dict[str, list[str]] = defaultdict(list)
        for row in tables["changes"]:
            cells = row.cells
            if cells["change"] == "merged_into":
                self.merged.setdefault(cells["unit"], cells["date"])
            elif cells["change"] == "moved":
                self.moves[cells["unit"]].append(cells["value"])

    def add(self, row: Row, column: str, zh: str, en: str) -> None:
        found = shown(row.cells.get(column, ""))
        where = f"{row.place} {column}"
        self.problems.append(Problem(where, f"{zh}：`{found}`", f"{en}: `{found}`"))

    def check(self) -> list[Problem]:
        """Return the problems of all tables."""
        self.names()
        if self.problems:
            return self.problems
        self.places()
        if self.problems:
            return self.problems
        self.changes()
        self.records()
        return self.problems

    def names(self) -> None:
        """Check that no row stands twice, and that all units named are there."""
        keys = {
            "units": "id", "incidents": "id", "scores": "unit year", "polls": "unit year",
            "requirements": "kind year", "not_applicable": "unit clause year",
            "changes": "unit change date", "values": "unit item year",
        }  # fmt: skip
        for table, key in keys.items():
            seen = set()
            columns = key.split()
            key_of = itemgetter(*columns)
            for row in self.tables[table]:
                found = key_of(row.cells)
                if found in seen:
                    self.add(row, columns[0], "重复", "stands twice")
                seen.add(found)
        years, first = self.vocabulary.cycle
        for row in (r for rows in self.tables.values() for r in rows if "year" in r.cells):
            if (int(row.cells["year"]) - first) % years:
                self.add(row, "year", "没有从这一年开始的期间", "no period begins in this year")
        if len(self.units) > self.vocabulary.most_units:
            most = self.vocabulary.most_units
            self.problems.append(Problem("units", f"单位最多{most}个", f"at most {most} units"))
        if not self.units:
            self.problems.append(Problem("units", "没有单位", "there are no units"))
        for table, rows in self.tables.items():
            named = sorted({"unit", "parent", "responsible_unit"} & set(_COLUMNS[table]))
            for row in rows:
                cells = row.cells
                if table == "values" and self.vocabulary.inputs[cells["item"]].given:
                    continue  # of a kind
                wrong = [c for c in named if c in cells and cells[c] not in self.units]
                if table == "changes" and cells["change"] != "renamed":
                    wrong += ["value"] * (cells["value"] not in self.units)
                for column in wrong:
                    self.add(row, column, "没有这个单位", "there is no such unit")

    def places(self) -> None:
        """Check kinds of containers, loops, affiliations, and the days of opening and closing."""
        holding = {row.cells.get("parent") for row in self.tables["units"]}
        holding |= {home for homes in self.moves.values() for home in homes}
        for row in self.tables["units"]:
            unit = row.cells
            if "affiliation" in unit and unit["kind"] not in self.vocabulary.affiliable:
                self.add(row, "affiliation", "该类别不填隶属", "this kind has no affiliation")
            if "parent" in unit:
                self.contained(row, "parent", unit["kind"], unit["parent"])
            if unit["id"] in holding and unit["id"] in self.above(unit["id"]):
                self.add(row, "parent", "所在单位的关系成环", "the containers form a loop")
            if unit.get("closed", "9") <= unit.get("opened", ""):
                self.add(row, "closed", "应晚于设立日期", "expected a day after the opening")
            if {"parent", "opened"} <= unit.keys():
                self.standing(row, "opened", unit["parent"], unit["opened"])

    def contained(self, row: Row, column: str, kind: str, container: str) -> None:
        """Check that a unit of this kind may have this container."""
        if (kind, self.units[container]["kind"]) not in self.vocabulary.may_sit_in:
            self.add(row, column, "不能作该类别的所在单位", "is no container for this kind")

    def stands(self, unit: str, day: str) -> bool:
        """Whether the unit exists on that day: from its opening on, to before its end."""
        found = self.units[unit]
        end = found.get("closed") or self.merged.get(unit) or "9"
        return found.get("opened", "") <= day < end

    def standing(self, row: Row, column: str, unit: str, day: str) -> None:
        if not self.stands(unit, day):
            said = shown(unit)
            zh = f"{said} 这一天不存在（尚未设立、已撤销或已并入）"
            self.add(row, column, zh, f"{said} does not exist on that day")

    def above(self, unit: str) -> set[str]:
        """Return all units that ever contained it."""
        found: set[str] = set()
        waiting = [unit]
        while waiting:
            here = waiting.pop()
            homes = [self.units[here].get("parent"), *self.moves[here]]
            new = {home for home in homes if home is not None and home not in found}
            found |= new
            waiting += new
        return found

    def changes(self) -> None:
        for row in self.tables["changes"]:
            cells = row.cells
            unit, day, other = self.units[cells["unit"]], cells["date"], cells["value"]
            if cells["change"] == "merged_into":
                if self.merged[unit["id"]] != day:
                    self.add(row, "date", "一个单位只能并入一次", "a unit merges only once")
                if "closed" in unit:
                    zh, en = "并入的单位不填撤销日期", "a merged unit has no closing day"
                    self.add(row, "unit", zh, en)
                if day <= unit.get("opened", ""):
                    self.add(row, "date", "该日尚未设立", "it was not open yet")
                if self.units[other]["kind"] != unit["kind"]:
                    self.add(row, "value", "应并入同类单位", "expected a unit of the same kind")
            else:
                self.standing(row, "date", unit["id"], day)
            if cells["change"] == "moved":
                self.contained(row, "value", unit["kind"], other)
            if cells["change"] != "renamed":
                self.standing(row, "value", other, day)

    def opening(self, unit: str) -> str:
        """Return the day a unit opened; without one it opened with its first container."""
        while "opened" not in self.units[unit] and "parent" in self.units[unit]:
            unit = self.units[unit]["parent"]
        return self.units[unit].get("opened", "")

    def records(self) -> None:
        """Check that incidents happened where there was a unit, and that a poll says one thing."""
        for row in self.tables["incidents"]:
            day = row.cells["date"]
            for column in ("unit", "responsible_unit"):
                if column in row.cells:
                    self.standing(row, column, row.cells[column], day)
                    if day < self.opening(row.cells[column]):
                        self.add(row, column, "该日尚未设立", "it was not open yet")
        for row in self.tables["values"]:
            about, unit = self.vocabulary.inputs[row.cells["item"]], row.cells["unit"]
            if (unit if about.given else self.units[unit]["kind"]) not in about.kinds:
                self.add(row, "unit", "该项目不在它名下登记", "the item is not recorded of it")
            if about.number(row.cells["value"]) is None:
                self.add(row, "value", "不是该项目的数值", "is no value of the item")
        for row in self.tables["polls"]:
            if ("result" in row.cells) == ("rank" in row.cells):
                zh, en = "结果和名次应填且只填一个", "expected either a result or a rank"
                self.add(row, "result", zh, en)


def quoted(text: str) -> str:
    """Return text as a term."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def number_of(day: str) -> int:
    return int(day.replace("-", ""))


def taken(rows: list[Row]) -> Iterator[dict[str, str]]:
    """Take rows out one by one, so that a county is not held twice."""
    rows.reverse()
    while rows:
        yield rows.pop().cells


def facts_of(tables: Tables, inputs: Mapping[str, Input]) -> Iterator[tuple[Any, ...]]:
    """Yield the facts that tables state, as docs/dev/certificate.md lists them; empties the
    tables."""
    for row in taken(tables["units"]):
        unit = quoted(row["id"])
        yield "unit", row["kind"], unit
        if "parent" in row:
            yield "parent", unit, quoted(row["parent"])
        if "affiliation" in row:
            yield "affiliation", unit, row["affiliation"]
        for column in ("opened", "closed"):
            if column in row:
                yield column, unit, number_of(row[column])
    for row in taken(tables["incidents"]):
        graded = row.get("grade", "none"), row.get("liability", "none")
        incident, day = quoted(row["id"]), number_of(row["date"])
        yield "incident", incident, quoted(row["unit"]), row["type"], *graded, day
        if "responsible_unit" in row:
            yield "responsible", incident, quoted(row["responsible_unit"])
    for row in taken(tables["ledgers"]):
        item = "all" if row["item"] == "*" else row["item"]
        yield "ledger", quoted(row["unit"]), item, int(row["year"])
    for row in taken(tables["scores"]):
        whole, _, decimals = row["score"].partition(".")
        yield "score", quoted(row["unit"]), int(row["year"]), int(whole + f"{decimals:0<2}")
    for row in taken(tables["polls"]):
        result = row["result"] if "result" in row else f"rank({row['rank']})"
        yield "poll", quoted(row["unit"]), int(row["year"]), result
    for row in taken(tables["requirements"]):
        yield "requirement", row["kind"], int(row["year"]), int(row["max_rank"])
    for row in taken(tables["values"]):
        about = inputs[row["item"]]
        said = row["item"], int(row["year"]), about.number(row["value"])
        unit = row["unit"]
        yield ("given", unit, *said) if about.given else ("value", quoted(unit), *said)
    for row in taken(tables["not_applicable"]):
        yield "not_applicable", quoted(row["unit"]), row["clause"], int(row["year"])
    for row in taken(tables["changes"]):
        change = f"{row['change']}({quoted(row['value'])})"
        yield "changed", quoted(row["unit"]), number_of(row["date"]), change


def read_data(path: Path, words: Vocabulary) -> list[tuple[Any, ...]]:
    """Return the facts that a folder of CSV files or a JSON document states.

    Raises Unreadable with every cell and row that is not in canonical form, or cannot be.
    """
    said = (
        "核验器只读 convert 写出的写法，请先 convert",
        "the checker reads the form that `convert` writes: convert it first",
    )
    place = shown(path.name)
    if not path.is_dir() and path.suffix != ".json":
        raise Unreadable(Problem(place, *said))
    reader = DataReader(words.words)
    tables = reader.folder(path) if path.is_dir() else reader.document(path)
    problems = reader.problems or Register(tables, words).check()
    if reader.problems:
        problems.append(Problem(place, *said))
    if problems:
        raise Unreadable(*problems)
    del reader
    return list(facts_of(tables, words.inputs))


# ---------------------------------------------------------------------------------------------
# 4. Units alike
#
# A certificate may let one unit speak for others. That nothing else follows of them is seen twice.
#
# In one place: units whose rows in the data differ in nothing but their own id, and that the data
# names nowhere else, can change places without changing the data; so whatever follows for one
# follows for each, by rules that name none of them, put them in no order, and speak of one at a
# time. One of them is derived with the rows it has (`Alike`), and `counts` says how many it is:
# that the numbers come out the same is seen from the rules, too (`apart`). They may add up these
# numbers, each with its unit, or hand them on.
#
# Anywhere: the rules are parted into those that read how many units something contains, or what
# follows from that, and those before (`parted`). What comes before is derived of every place. Then
# each unit of a class must have, with its incidents, the same rows in all that the later rules
# read, but for its own ids, and no row may name another unit (`Merged`): only `counts` says what
# contains it. So the later rules tell these units apart by nothing but their containers; and
# they may hand on a unit with its container, or add up the units of one container, but say nothing
# of a unit because of the container that it is counted in (`Spread`).
# ---------------------------------------------------------------------------------------------

Spot = tuple[str, int]
"""A place in a table, as the column a1."""
_SUBJECTS: set[Spot] = {
    ("unit_2", 2), ("parent_2", 1), ("affiliation_2", 1), ("opened_2", 1), ("closed_2", 1),
    ("ledger_3", 1), ("score_3", 1), ("poll_3", 1), ("not_applicable_3", 1), ("changed_3", 1),
    ("value_4", 1),
}  # fmt: skip
"""Where a fact of the data has the unit that it is about."""
_SUBJECT = {table.rpartition("_")[0]: place for table, place in _SUBJECTS}
_COUNTED, _COUNTED_IN, _COUNT = (("counts_3", n) for n in (1, 2, 3))


class Alike:
    """Units that a certificate says are alike, one of those in one place for all of these."""

    stated: list[Any]
    """What the data states of the units that are left."""
    sizes: dict[str, int]
    """How many units each one speaks for, where these are several."""
    classes: list[list[str]]
    """The units of each class that are left; the first one speaks for all."""
    problems: list[Problem]

    def __init__(
        self, classes: Iterable[Sequence[str]], facts: Sequence[Any], rules: Sequence[Rule]
    ) -> None:
        self.problems: list[Problem] = []
        self.classes = []
        class_of = {quoted(unit): n for n, units in enumerate(classes) for unit in units}
        if len(class_of) < sum(map(len, classes)):
            self.add("alike", "一个单位列入了两类", "a unit is listed in two classes")
        named = set(texts([(rule.head, rule.body) for rule in rules]))
        self.named: frozenset[str] = frozenset(named)
        rows: dict[str, tuple[int, ...]] = {}
        number_of: dict[Any, int] = {}
        for fact in facts:
            place = _SUBJECT.get(fact[0], 0)
            subject = fact[place] if place else ""
            row = fact[:place] + fact[place + 1 :]
            number = number_of.get(row)
            if number is None:
                number = number_of[row] = len(number_of)
                named.update(texts(row))
            if subject in class_of:
                rows[subject] = (*rows.get(subject, ()), number)
        self.one_of: dict[str, str] = {}
        one_of = self.one_of
        first: dict[Any, str] = {}
        for unit, number in class_of.items():
            if unit not in rows:
                self.add(shown(unit), "没有这个单位", "there is no such unit")
            said = unit if unit in named else frozenset(rows.get(unit, ()))
            one_of[unit] = first.setdefault((number, said), unit)
        self.sizes = {unit: n for unit, n in Counter(one_of.values()).items() if n > 1}
        by_class = groupby(first.items(), key=lambda item: item[0][0])
        self.classes = [[unit for _, unit in found] for _, found in by_class]
        self.stated = [
            fact for fact in facts
            if one_of.get(subject := fact[_SUBJECT.get(fact[0], 0)], subject) == subject
        ]  # fmt: skip
        for rule, (zh, en) in apart(rules) if classes else ():
            zh, en = f"规则能区分同类单位：{zh}", f"the rule tells units alike apart: {en}"
            self.add(rule.place, zh, en)

    def add(self, place: str, zh: str, en: str) -> None:
        self.problems.append(Problem(place, zh, en))

    def facts(self) -> Iterator[Any]:
        """Yield which units speak for several, and for how many."""
        for unit, size in self.sizes.items():
            yield "alike", unit
            yield "alike", unit, size


class Merged:
    """The units of each class, with their incidents, as one, in what the later rules read."""

    facts: list[Any]
    """The rows that the later rules read, of one unit of each class."""
    counts: list[Any]
    """How many units of each class every container contains."""
    sizes: dict[str, int]
    """How many units each one speaks for."""
    problems: list[Problem]

    def __init__(self, alike: Alike, early: sqlite3.Connection, parts: Parts) -> None:
        self.problems, self.facts = [], []
        self.may_hold: set[Spot] = parts.may_hold
        self.one_of: dict[str, str] = {unit: units[0] for units in alike.classes for unit in units}
        self.sizes = {
            units[0]: sum(alike.sizes.get(unit, 1) for unit in units) for units in alike.classes
        }
        self.owners: dict[str, str] = self.owners_of(alike)
        self.rows: dict[str, list[Any]] = defaultdict(list)
        numbers: dict[tuple[str, str], int] = defaultdict(int)
        there = {name for (name,) in early.execute("SELECT name FROM sqlite_master")}
        for table in sorted(parts.read & there):  # what nothing derives so far has no table
            name = table.rpartition("_")[0]
            for row in early.execute(f"SELECT * FROM {table}"):
                about = {
                    self.owners[text] for cell in row if isinstance(cell, str) and '"' in cell
                    for text in _TEXT.findall(cell) if text in self.owners
                }  # fmt: skip
                unit = min(about - {""}, default="")
                if name == "counts" and about and row[0] == unit and about <= {unit, ""}:
                    numbers[self.one_of[unit], row[1]] += row[2]
                    continue
                if unit:
                    self.take(table, row, about)
                if self.one_of.get(unit, unit) == unit:
                    self.facts.append((name, *row) if table[-2:] != "_0" else (name,))
        self.counts = [("counts", unit, place, n) for (unit, place), n in numbers.items()]
        shapes = {unit: self.shape(unit) for unit in self.one_of}
        for unit, one in self.one_of.items():
            if self.owners.get(unit) != unit or shapes[unit] != shapes[one]:
                self.add(unit, f"与 {shown(one)} 不同类", f"it is not like {shown(one)}")

    def add(self, unit: str, zh: str, en: str) -> None:
        self.problems.append(Problem(shown(unit), zh, en))

    def owners_of(self, alike: Alike) -> dict[str, str]:
        """Return, for the id of each unit and incident, the unit of a class that it belongs to,
        or "": an incident belongs to the unit where it happened."""
        facts, named = alike.stated, alike.named
        units = {fact[2] for fact in facts if fact[0] == "unit"}
        found = {unit: unit if unit in self.one_of else "" for unit in units}
        for fact in facts:
            if fact[0] == "incident":
                _, incident, unit, *_ = fact
                found[incident] = "" if incident in found else found.get(unit, "")
        return found | dict.fromkeys(found.keys() & named, "")

    def take(self, table: str, row: Sequence[Any], about: set[str]) -> None:
        """Keep a row for the comparison of the units that it is about."""
        for unit in sorted(about - {""}):
            self.rows[unit].append((table, row))
            mine = [n for n, cell in enumerate(row, 1) if self.owners.get(cell) == unit]
            inside = sum(self.owners.get(t) == unit for t in texts(row)) > len(mine)
            if len(about) > 1 or inside or any((table, n) not in self.may_hold for n in mine):
                self.add(unit, "另有记载，不能并入一类", "it is named elsewhere, and stands alone")

    def shape(self, unit: str) -> frozenset[Any]:
        """Return the rows about a unit with numbers for its ids: 0, and for its incidents 1, 2, ...
        in the order of what is said of each. Another order of incidents of which the same is said
        gives the same rows, or units alike are told apart, which does no harm."""
        rows = self.rows[unit]
        said: dict[str, list[str]] = {}
        for table, row in rows:
            for cell in row:
                if cell != unit and self.owners.get(cell) == unit:
                    ids = {unit: 0, cell: 1}
                    blank = [ids.get(c, 2 if c in self.owners else str(c)) for c in row]
                    said.setdefault(cell, []).append(f"{table}{blank}")
        order = sorted(said, key=lambda incident: sorted(said[incident]))
        of = {unit: (0,), **{incident: (n,) for n, incident in enumerate(order, 1)}}
        return frozenset((table, tuple([of.get(c, c) for c in row])) for table, row in rows)


def is_counting(rule: Rule) -> bool:
    """Whether a rule says of a unit that speaks for no other that it counts as one."""
    head = rule.head
    counts = (head[0], len(head), head[-1]) == ("counts", 4, 1)
    return counts and ("not", ("alike", head[1])) in rule.body


def counting(rule: Rule) -> Rule:
    """Return such a rule as it holds for a unit that speaks for several."""
    unit, number = rule.head[1], Var("v0")  # no variable of a rule is called so
    body = [x for x in rule.body if x != ("not", ("alike", unit))]
    return Rule(rule.place, (*rule.head[:-1], number), (*body, ("alike", unit, number)))


def texts(x: Any) -> Iterator[str]:
    """Yield the texts in terms and literals, those inside of written terms too."""
    if isinstance(x, (tuple, list)):
        for part in x:
            yield from texts(part)
    elif isinstance(x, str) and '"' in x:
        yield from _TEXT.findall(x)


_TEXT = re.compile(r'"(?:\\.|[^"\\])*"')


def spots(atom: Any) -> Iterator[tuple[Spot, Var]]:
    """Yield the variables of an atom, those inside of terms too, with their places."""
    for n, term in enumerate(atom[1:], 1):
        for name in variables(term):
            yield (table_of(atom), n), name


def variables(x: Any) -> list[Var]:
    """Return the variables in a term or literal, as often as they stand there."""
    if isinstance(x, tuple):
        return [v for part in x for v in variables(part)]
    return [x] if isinstance(x, Var) else []


def atoms_in(literals: Iterable[Any]) -> list[Any]:
    return [x for x in literals if x[0] not in {"not", *_COMPARED}]


def held(atoms: Iterable[Any], may_hold: set[Spot]) -> set[Var]:
    """Return the variables that can be one of several units alike: what each place can hold."""
    found: dict[Var, bool] = {}
    for spot, name in (x for atom in atoms for x in spots(atom)):
        found[name] = found.get(name, True) and spot in may_hold
    return {name for name, may in found.items() if may}


class Flow(NamedTuple):
    """Where units alike go by rules: the places that can hold one (or an incident of one), those
    that say how many it is, and those of a container in which this is its number."""

    may_hold: set[Spot]
    numbers: set[Spot]
    places: set[Spot]

    def through(self, rules: Sequence[Rule]) -> Flow:
        """Add the places to which rules hand them on."""
        size = 0
        while size != sum(map(len, self)):
            size = sum(map(len, self))
            for rule in rules:
                atoms = atoms_in(rule.body)
                units = held(atoms, self.may_hold)
                own = numbers_of(atoms, units, self.numbers)
                where = {v for term, _ in self.counted_in(atoms, units) for v in variables(term)}
                head = list(spots(rule.head))
                self.may_hold.update(spot for spot, name in head if name in units)
                self.numbers.update(spot for spot, name in head if name in own)
                if any(name in units - where for _, name in head):
                    self.places.update(spot for spot, name in head if name in where)
        return self

    def counted_in(self, atoms: Iterable[Any], units: set[Var]) -> set[tuple[Any, frozenset[Var]]]:
        """Return the containers that atoms say of units alike, each with these units."""
        found = set()
        for atom in atoms:
            for n, term in enumerate(atom[1:], 1):
                about = units & set(variables(atom)) - set(variables(term))
                if about and (table_of(atom), n) in self.places:
                    found.add((term, frozenset(about)))
        return found


def flow(rules: Sequence[Rule]) -> Flow:
    """Return where units alike in one place go."""
    return Flow({*_SUBJECTS, ("alike_2", 1)}, {("alike_2", 2)}, set()).through(rules)


def numbers_of(atoms: Iterable[Any], units: set[Var], numbers: set[Spot]) -> set[Var]:
    """Return the variables that say how many one of the units is."""
    return {
        name for atom in atoms if units & set(variables(atom))
        for spot, name in spots(atom) if spot in numbers
    }  # fmt: skip


class Parts(NamedTuple):
    """Rules that do not rest on how many units something contains, and those that do."""

    early: list[Rule]
    late: list[Rule]
    read: set[str]
    """The tables that are read after units are counted."""
    may_hold: set[Spot]
    """The places in them where the ids of units alike anywhere, and of their incidents, may stand;
    that they stand nowhere else is checked."""


def parted(rules: Sequence[Rule]) -> Parts:
    """Part rules."""
    reads = [{table_of(atom) for x in r.body for atom, _ in rests_on(x)} for r in rules]
    counted, size = {"counts_3"}, 0
    while size != len(counted):
        size = len(counted)
        counted |= {table_of(r.head) for r, x in zip(rules, reads, strict=True) if x & counted}
    counted.remove("counts_3")
    late = [rule for rule in rules if table_of(rule.head) in counted]
    early = [rule for rule in rules if table_of(rule.head) not in counted]
    read = {table_of(atom) for rule in late for x in rule.body for atom, _ in rests_on(x)}
    read = (read | certified() | {"defect_1", "switch_2"}) - counted
    seeds = {*_SUBJECTS, ("incident_6", 1), ("incident_6", 2)}
    may_hold = Flow(seeds, set(), set()).through(early).may_hold
    elsewhere, size = {("parent_2", 2)}, 0
    while size != len(elsewhere):
        size = len(elsewhere)
        for rule in early:
            where = {v for atom in atoms_in(rule.body) for spot, v in spots(atom)
                     if spot in elsewhere}  # fmt: skip
            elsewhere |= {spot for spot, name in spots(rule.head) if name in where}
    alone = read - {table for table, _ in elsewhere}
    return Parts(early, late, read, {spot for spot in may_hold if spot[0] in alone})


def certified() -> set[str]:
    """Return the tables of which a certificate proves every row."""
    return {f"{name}_{arity}" for name, arity in CERTIFIED.items()}


def needed(rules: Sequence[Rule]) -> list[Rule]:
    """Return the rules on which rests what is certified, or read by this file."""
    read = {f"{name}_{arity}" for name, arity in _READ_OF_RULES.items()}
    return resting(rules, certified() | read)


def resting(rules: Sequence[Rule], tables: set[str]) -> list[Rule]:
    """Return the rules on which rest the tables."""
    tables, size = set(tables), 0
    while size != len(tables):
        size = len(tables)
        for rule in rules:
            if table_of(rule.head) in tables:
                tables |= {table_of(atom) for x in rule.body for atom, _ in rests_on(x)}
    return [rule for rule in rules if table_of(rule.head) in tables]


def apart(rules: Sequence[Rule]) -> Iterator[tuple[Rule, Expected]]:
    """Yield the rules that could tell units alike apart, or are not seen to count them right."""
    read = [counting(rule) if is_counting(rule) else rule for rule in rules]
    here = flow(read)
    parts = parted(rules)
    seeds = {*parts.may_hold, _COUNTED}, {_COUNT}, {_COUNTED_IN}
    anywhere = Flow(*seeds).through(parts.late)
    late = set(map(id, parts.late))
    for rule, as_read in zip(rules, read, strict=True):
        given = [(rule.head, False), *(found for x in rule.body for found in rests_on(x))]
        reason = Apart(as_read, here).reason()
        if rule is as_read and any(atom[0] == "alike" for atom, _ in given):
            reason = "看 alike", "it reads alike"
        if reason is None and id(rule) in late:
            reason = Apart(rule, anywhere).reason()
        if reason is not None:
            yield rule, reason


_TWO = "一次看两个单位", "it reads two units at once"
_COMPARES = "计算或比较编号", "it computes or compares ids"
_OTHERWISE_USED = "另作他用的单位数", "it uses their number for something else"
_WITHOUT = "单位数离开了单位", "it hands on their number without them"
_BY_PLACE = "因所在单位区分单位", "it tells units apart by what contains them"


class Apart:
    """What one rule does with units that are alike, with how many they are, and where."""

    rule: Rule
    atoms: list[Any]
    units: set[Var]
    """The variables of the body that can be one of several units alike, or of its incidents."""
    own: set[Var]
    """Those that say how many it is."""

    def __init__(self, rule: Rule, flow: Flow) -> None:
        self.rule = rule
        self.flow: Flow = flow
        self.atoms = atoms_in(rule.body)
        self.units = held(self.atoms, flow.may_hold)
        self.own = numbers_of(self.atoms, self.units, flow.numbers)

    def reason(self) -> Expected | None:
        rule, head = self.rule, set(variables(self.rule.head))
        counted_in = self.flow.counted_in(self.atoms, self.units)
        where = {v for term, _ in counted_in for v in variables(term)}
        if len(counted_in) > 1 or not connected(self.units - where, self.atoms):
            return _TWO
        if any(self.units & set(variables(x)) for x in self.computed((rule.head, *rule.body))):
            return _COMPARES
        if self.counted(rule.body, self.atoms, self.units, self.own):
            return _OTHERWISE_USED
        with_unit = bool((self.units - where) & head)
        if self.own & head and not with_unit:
            return _WITHOUT
        if with_unit and self.another_number(may_be_one=not counted_in):
            return "改写单位数", "it says another number of them"
        if with_unit and any(not isinstance(x, Var) or x not in head for x, _ in counted_in):
            return _BY_PLACE
        if self.denied(rule.body, self.units):
            return _BY_PLACE
        aggregates = [
            (side[0], terms, given) for x in rule.body if x[0] in _COMPARED
            for side in x[1:] if isinstance(side, tuple) and side[0] in _AGGREGATES
            for terms, given in side[1]
        ]  # fmt: skip
        return next(filter(None, (self.element(*e) for e in aggregates)), None)

    def another_number(self, may_be_one: bool) -> bool:
        """Whether the head says a number of units that is not theirs. In itself each is one: what
        is read of a unit, and of no container, names no other unit."""
        head = self.rule.head
        terms = [((table_of(head), n), term) for n, term in enumerate(head[1:], 1)]
        said = [term for spot, term in terms if spot in self.flow.numbers]
        itself = may_be_one and any(
            term in self.units for spot, term in terms if spot in self.flow.places
        )
        return any(term not in self.own and not (itself and term == 1) for term in said)

    def denied(self, literals: Iterable[Any], units: set[Var]) -> bool:
        """Whether it is read of units that some container does not count them."""
        return any(
            units & set(variables(x)) - set(variables(term))
            for x in literals if x[0] == "not"
            for n, term in enumerate(x[1][1:], 1) if (table_of(x[1]), n) in self.flow.places
        )  # fmt: skip

    def computed(self, literals: Iterable[Any]) -> Iterator[Any]:
        """Yield comparisons, without the aggregates in them, and terms that are computed."""
        for x in literals:
            if isinstance(x, tuple) and x[0] in _AGGREGATES:
                continue
            if isinstance(x, tuple):
                sides = [t for t in x[1:] if not (isinstance(t, tuple) and t[0] in _AGGREGATES)]
                if x[0] in _COMPARED | _SIGNS:
                    yield tuple(sides)
                yield from self.computed(sides)

    def counted(
        self, literals: Sequence[Any], atoms: Sequence[Any], units: set[Var], own: set[Var]
    ) -> bool:
        """Whether a number of units alike is read more than once, or has to be a certain one."""
        everywhere = [v for x in literals for v in variables(x)]
        fixed = any(
            (table_of(atom), n) in self.flow.numbers and units & set(variables(atom))
            and not (isinstance(term, Var) and (atom in atoms or term[0] == "a"))
            for x in literals for atom, _ in rests_on(x) for n, term in enumerate(atom[1:], 1)
            if x[0] not in _COMPARED
        )  # fmt: skip
        return fixed or any(everywhere.count(name) > 1 for name in own)

    def element(self, name: str, terms: Sequence[Any], given: Sequence[Any]) -> Expected | None:
        """Say what is wrong with one set of an aggregate: it may add up the number of each unit."""
        outer = {v for atom in self.atoms for v in variables(atom)}
        atoms = atoms_in(given)
        here = held(atoms, self.flow.may_hold)
        inner = here - outer
        never = {v for atom in atoms for v in variables(atom)} & self.units - here
        units = inner | {v for v in self.units - never if v[0] != "a"}
        own = numbers_of(atoms, units, self.flow.numbers)
        said = [v for t in terms for v in variables(t)]
        counted_in = self.flow.counted_in(atoms, here)
        where = {v for term, _ in counted_in for v in variables(term)}
        about = units - where
        if inner and not (len(about) <= 1 or (self.flow.places and connected(about, atoms))):
            return _TWO
        if any(units & set(variables(x)) for x in self.computed(given)):
            return _COMPARES
        if self.counted(given, atoms, units, own) or (self.own & set(said)):
            return _OTHERWISE_USED
        if (
            len(counted_in) > 1 or self.denied(given, here)
            or any(found & outer for _, found in counted_in) or not where <= outer | set(said)
        ):  # fmt: skip
            return _BY_PLACE
        if not about & set(said):
            return (
                ("单位数离开了单位", "it adds their number without them")
                if own & set(said)
                else None
            )
        adds = name == "#sum" and said.count(terms[0]) == 1 and terms[0] in own
        if not (adds and inner & about & set(terms[1:]) and not own & set(said[1:])):
            return "数单位而不看单位数", "it counts units, and not how many they are"
        return None


def connected(units: Iterable[Var], atoms: Iterable[Any]) -> bool:
    """Whether atoms link all variables that can be of a unit alike, so that they are of one."""
    left = set(units)
    found = {left.pop()} if left else set()
    links = [set(variables(atom)) for atom in atoms]
    while new := {v for link in links if link & found for v in link & left}:
        found |= new
        left -= new
    return not left


# ---------------------------------------------------------------------------------------------
# 5. Certificate
#
# Each line is one JSON object in canonical form. The first says what was judged, each line between
# names units alike or holds steps for the rows in it, the last seals the lines before.
# ---------------------------------------------------------------------------------------------

_HASH = re.compile(r"[0-9a-f]{64}")
_PLACE = re.compile(r"\$(\d+)")
_HEADER = {
    "cut_off", "data", "facts", "format", "policy", "rules", "source", "switches", "year",
}  # fmt: skip


class Certificate(NamedTuple):
    header: dict[str, Any]
    alike: tuple[tuple[str, ...], ...]
    """Units that are said to be alike; the first of each speaks for all."""
    claims: dict[str, dict[str, int]]
    """By the place of a rule: the steps that are claimed to be its instances, with their lines."""


class BadLine(ValueError):
    """A line that is not of the format: what is wrong, in Chinese and English."""


def canonical(value: object) -> bytes:
    """Return the one way to write a line of a certificate."""
    return _WRITER.encode(value).encode() + b"\n"


_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_line(line: bytes) -> dict[str, Any]:
    """Return the object of a line. Raises BadLine unless it is written in canonical form."""
    try:
        text = line.decode("utf-8")
        found = json.loads(text)
        same = isinstance(found, dict) and canonical(found) == line
        clean = is_plain(text[:-1])
    except (ValueError, RecursionError):
        same = clean = False
    if not (same and clean):
        raise BadLine("不是规范写法，或被改动", "not in canonical form, or changed")
    assert isinstance(found, dict)
    return found


def is_hashes(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(v, str) and _HASH.fullmatch(v) for v in value.values()
    )


def check_header(header: dict[str, Any]) -> None:
    """Raise BadLine unless every field of the first line is there and of its type."""
    if header.get("format") != FORMAT or isinstance(header.get("format"), bool):
        said = shown(header.get("format"))
        raise BadLine(f"应为格式{FORMAT}，实为 `{said}`", f"expected format {FORMAT}: `{said}`")
    if header.keys() != _HEADER:
        names = "、".join(shown(key) for key in sorted(header.keys() ^ _HEADER))
        raise BadLine(f"缺少或多出的字段：{names}", f"fields missing or unknown: {names}")
    numbers = {k: header[k] for k in ("year", "cut_off")}
    if any(type(n) is not int for n in numbers.values()):
        raise BadLine("年度和截止日应为整数", "year and cut-off must be whole numbers")
    day = str(header["cut_off"])
    day = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    if not (is_year(str(header["year"])) and len(day) == 10 and is_day(day)):
        raise BadLine("没有这样的年度或日期", "there is no such year or day")
    hashes = (header["data"], header["rules"], header["source"])
    single = {"facts": header["facts"], "policy": header["policy"]}
    if not all(map(is_hashes, (*hashes, single))):
        raise BadLine("摘要应为64位十六进制数", "hashes must be 64 hexadecimal digits")
    switches = header["switches"]
    if not isinstance(switches, dict) or not {type(v) for v in switches.values()} <= {str, int}:
        raise BadLine("适用口径应为名称和值", "switches must be names and values")
    if header["data"] and header["source"]:
        raise BadLine("数据只能有一种", "data and source are both given")


def alike_in(line: dict[str, Any]) -> tuple[str, ...]:
    """Return the units of a line that names units alike. Raises BadLine."""
    unit, others = line.get("unit"), line.get("alike")
    if line.keys() != {"unit", "alike"} or not (isinstance(others, list) and others):
        raise BadLine("应有 unit 和 alike，alike 不能为空", "expected a unit and units alike")
    units = [unit, *others]
    if not all(type(u) is str for u in units) or any(a >= b for a, b in pairwise(units)):
        raise BadLine("单位重复，或次序不对", "units stand twice or out of order")
    return tuple(units)


def steps_of(block: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the rule and the text of each step of a block, for each of its rows.

    Raises BadLine if it is not of the format.
    """
    rows, steps = block.get("rows"), block.get("steps")
    if block.keys() != {"rows", "steps"} or not (isinstance(rows, list) and rows):
        raise BadLine("应有 rows 和 steps，rows 不能为空", "expected rows and steps, some rows")
    if not (isinstance(steps, list) and steps) or not all(
        isinstance(step, list) and len(step) > 1 and all(type(text) is str for text in step)
        for step in steps
    ):
        raise BadLine("steps 不合格式", "steps are not of the format")
    if not all(
        isinstance(row, list)
        and len(row) == len(rows[0])
        and all(type(x) in (str, int) for x in row)
        for row in rows
    ):
        raise BadLine("rows 不合格式", "rows are not of the format")
    if not (in_canonical_order(rows) and in_canonical_order(steps)):
        raise BadLine("行或步骤重复，或次序不对", "rows or steps stand twice or out of order")
    used = {int(n) for step in steps for text in step[1:] for n in _PLACE.findall(text)}
    if used != set(range(1, len(rows[0]) + 1)):
        raise BadLine("rows 的列与 steps 不符", "the columns of rows are not those of steps")
    for row in rows:
        cells = [quoted(x) if isinstance(x, str) else str(x) for x in row]
        for place, *step in steps:
            pieces = _PLACE.split("\n".join(step))
            pieces[1::2] = [cells[int(n) - 1] for n in pieces[1::2]]
            yield place, "".join(pieces)


def in_canonical_order(items: Sequence[object]) -> bool:
    """Whether items stand in the order of how they are written, none twice."""
    lines = [canonical(x) for x in items]
    return all(a < b for a, b in pairwise(lines))


def read_header(path: Path) -> dict[str, Any]:
    """Return the first line of a certificate, nothing if it is not of the format."""
    with path.open("rb") as file:
        try:
            found = read_line(file.readline())
            check_header(found)
        except BadLine:
            return {}
    return found


def read_certificate(path: Path) -> tuple[Certificate | None, list[Problem]]:
    """Return a certificate and what is wrong with its lines; nothing without a first line."""
    lines = path.read_bytes().splitlines(keepends=True)
    claims: dict[str, dict[str, int]] = defaultdict(dict)
    alike: list[tuple[str, ...]] = []
    problems: list[Problem] = []
    header: dict[str, Any] = {}

    def bad(number: int, zh: str, en: str) -> None:
        problems.append(Problem(number, zh, en))

    if len(lines) < 2:
        bad(1, "文件是空的，或不完整", "the file is empty or incomplete")
        return None, problems
    for number, line in enumerate(lines, 1):
        try:
            found = read_line(line)
            if number == 1:
                check_header(found)
                header = found
            elif number == len(lines):
                if found != seal(lines[:-1]):
                    raise BadLine("封印与前面各行不符", "the seal does not fit the lines before")
            else:
                if number > 2 and line <= lines[number - 2]:
                    raise BadLine("各行重复，或次序不对", "lines stand twice or out of order")
                if "alike" in found:
                    alike.append(alike_in(found))
                    continue
                for place, step in steps_of(found):
                    if step in claims[place]:
                        raise BadLine("同一步骤写了两次", "a step stands twice")
                    claims[place][step] = number
        except BadLine as error:
            bad(number, *error.args)
    return (Certificate(header, tuple(alike), claims) if header else None), problems


def seal(lines: Sequence[bytes]) -> dict[str, str]:
    """Return what the last line says of those before it."""
    return {"header": sha256(lines[0]).hexdigest(), "sha256": sha256(b"".join(lines)).hexdigest()}


# ---------------------------------------------------------------------------------------------
# 6. Comparison
# ---------------------------------------------------------------------------------------------


class World(NamedTuple):
    """What the reader of a certificate has: rules and data, and what follows from them."""

    rules: list[Rule]
    facts: set[str]
    """What the data states of the units derived, and how many they are, as written atoms."""
    digest: str
    """The hash of all that the data states."""
    problems: list[Problem]
    """What is wrong with the units that are said to be alike; then nothing was derived."""
    derived: list[tuple[list[Rule], sqlite3.Connection]]
    """The rules before units are counted and after, each with all that follows by then."""
    sizes: dict[str, int]
    """How many units each one speaks for."""
    title: str
    """The first line of the notice."""

    @property
    def db(self) -> sqlite3.Connection:
        """All that follows in the end."""
        return self.derived[-1][1]


def files_of(policy: Path, base: Path | None = None) -> list[Path]:
    """Return the files by which rules are known: the rules and the notice they encode."""
    files = [*rule_files(policy, base), *policy.glob("notice.*")]
    return sorted(files, key=lambda file: file.name)


def hashes(files: Iterable[Path]) -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in files}


def digest(named: Mapping[str, object]) -> str:
    """Return one hash for files by name."""
    return sha256(canonical(dict(named))).hexdigest()


def stated(facts: Path, rules: Sequence[Rule], year: int, cut_off: int) -> list[Any]:
    """Return all facts of a run over data. Raises Unreadable."""
    found = read_data(facts, vocabulary(rules))
    return [*found, ("year", year), ("cut_off", cut_off), *(("asked", x) for x in REPORTED)]


def lines_of(facts: Iterable[Any]) -> set[str]:
    """Return facts as they are written; terms in them are numbers, and texts as written."""
    return {f"{name}({','.join(map(str, terms))})" for name, *terms in facts}


def digest_of(lines: Iterable[str]) -> str:
    """Return the hash of facts as they are written."""
    return sha256("\n".join(sorted(lines)).encode()).hexdigest()


def world(
    facts: Path,
    policy: Path,
    year: int,
    cut_off: int,
    classes: tuple[tuple[str, ...], ...] = (),
    base: Path | None = None,
) -> World:
    """Derive all that follows from the data and the rules, of units alike for one. Raises
    Unreadable."""
    try:
        rules = read_rules(policy, base)
        whole = stated(facts, rules, year, cut_off)
        hashed = digest_of(lines_of(whole))
        alike = Alike(classes, whole, needed(rules))
        del whole
        found = World(rules, set(), hashed, alike.problems, [], {}, title_of(policy))
        return found if found.problems else derived(found, alike)
    except (OSError, sqlite3.Error, ValueError, LookupError, RecursionError) as error:
        place = shown(Path(getattr(error, "filename", None) or facts).name)
        said = shown(getattr(error, "strerror", None) or error)
        raise Unreadable(Problem(place, f"读不了：{said}", f"cannot be read: {said}")) from error


def derived(world: World, alike: Alike) -> World:
    """Return the world with what follows."""
    parts = parted(needed(world.rules))
    more = [counting(rule) for rule in parts.early if is_counting(rule)]
    early = derive([*parts.early, *more], [*alike.stated, *alike.facts()])
    merged = Merged(alike, early, parts)
    known = {written(fact) for fact in (*alike.stated, *alike.facts(), *merged.counts)}
    del alike
    late = derive(parts.late, [*merged.facts, *merged.counts])
    return world._replace(
        facts=known, problems=merged.problems, sizes=merged.sizes,
        derived=[(parts.early, early), (parts.late, late)],
    )  # fmt: skip


def title_of(policy: Path) -> str:
    """Return the first line of the notice."""
    notice = policy / "notice.txt"
    text = notice.read_text("utf-8-sig", "replace") if notice.is_file() else ""
    return next((line.strip() for line in text.split("\n") if line.strip()), policy.name)


def instances(rule: Rule, db: sqlite3.Connection) -> list[str]:
    """Return a rule's instances: lines of its head, its atoms and the values of its aggregates."""
    text = rule.head
    for literal in rule.body:
        if literal[0] in _COMPARED:
            pieces = [
                ("||", "= ", side)
                for side in literal[1:] if isinstance(side, tuple) and side[0] in _AGGREGATES
            ]  # fmt: skip
        else:
            pieces = [("||", "not ", literal[1])] if literal[0] == "not" else [literal]
        for piece in pieces:
            text = ("||", ("||", text, "\n"), piece)
    return [instance for (instance,) in db.execute(Body(rule.body).select([text]))]


def differences(header: Mapping[str, Any], mine: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the fields, and the names in them, of which the first line says otherwise."""
    for key, value in mine.items():
        values = value if isinstance(value, dict) else {key: value}
        claimed = header[key] if isinstance(value, dict) else {key: header[key]}
        for name in sorted(claimed.keys() | values.keys()):
            if claimed.get(name) != values.get(name):
                zh = f"{shown(name)} 与凭证所写不符"
                en = f"{shown(name)} is not what the certificate says"
                yield Problem(key, zh, en)


def compare_files(
    header: Mapping[str, Any], facts: Path, policy: Path, base: Path | None = None
) -> list[Problem]:
    """Return the reader's own files that are not those of the first line."""
    rules = hashes(files_of(policy, base))
    mine: dict[str, Any] = {"policy": digest(rules), "rules": rules}
    if header["data"]:
        mine["data"] = hashes(sorted(facts.glob("*.csv")) if facts.is_dir() else [facts])
    return list(differences(header, mine))


def compare_facts(header: Mapping[str, Any], found: World) -> list[Problem]:
    """Return what the first line says of facts and switches otherwise than data and rules."""
    mine: dict[str, Any] = {"facts": found.digest}
    if found.derived:
        mine["switches"] = dict(found.db.execute("SELECT a1, a2 FROM switch_2"))
    return list(differences(header, mine))


def compare_steps(claims: Mapping[str, dict[str, int]], found: World) -> Iterator[Problem]:
    """Yield each step that is false, rests on nothing or is of no use, and what is not proved."""
    by_place: dict[str, list[tuple[Rule, sqlite3.Connection]]] = defaultdict(list)
    for rule, db in ((rule, db) for rules, db in found.derived for rule in rules):
        by_place[rule.place].append((rule, db))
    evidence: dict[str, tuple[int, list[str]]] = {}
    for place, steps in claims.items():
        left = dict(steps)
        for rule, db in by_place.get(place, ()):
            for step in instances(rule, db):
                left.pop(step, None)
        for step, number in left.items():
            said = f"{shown(step.partition(chr(10))[0])}, {shown(place)}"
            yield Problem(number, f"不是规则的实例：{said}", f"no instance of the rule: {said}")
        for step, number in steps.items():
            head, *rests = step.split("\n")
            if head in evidence:
                said = shown(head)
                yield Problem(number, f"推导了两次：{said}", f"proved twice: {said}")
            atoms = [x for x in rests if not x.startswith(("not ", "= "))]
            evidence[head] = (number, [x for x in atoms if x not in found.facts])
    yield from compare_proofs(evidence, found)


def compare_proofs(
    evidence: Mapping[str, tuple[int, list[str]]], found: World
) -> Iterator[Problem]:
    """Yield what is not proved from the data in the end, what is lacking and what is too much."""
    rests = {x for _, atoms in evidence.values() for x in atoms}
    for atom in sorted(rests - evidence.keys()):
        yield Problem(shown(atom), "没有推导", "no step proves it")
    waiting = {head: len(set(atoms)) for head, (_, atoms) in evidence.items()}
    used_by: dict[str, list[str]] = defaultdict(list)
    for head, (_, atoms) in evidence.items():
        for atom in set(atoms):
            used_by[atom].append(head)
    ready = [head for head, count in waiting.items() if not count]
    proved = set()
    while ready:
        atom = ready.pop()
        proved.add(atom)
        for head in used_by[atom]:
            waiting[head] -= 1
            if not waiting[head]:
                ready.append(head)
    for atom in sorted(evidence.keys() - proved):
        if all(x in evidence for x in evidence[atom][1]):
            yield Problem(shown(atom), "推导循环，没有从数据出发", "its proof is a circle")
    wanted: set[str] = set()
    for name, arity in CERTIFIED.items():
        rows = found.db.execute(f"SELECT * FROM {name}_{arity}")
        wanted |= {written((name, *row)) for row in rows}
    for atom in sorted(wanted - evidence.keys()):
        yield Problem(shown(atom), "凭证缺少这一条", "the certificate lacks it")
    for atom in sorted(evidence.keys() - wanted - rests):
        yield Problem(shown(atom), "没有用处的步骤", "a step of no use")
    for (defect,) in found.db.execute("SELECT a1 FROM defect_1"):
        yield Problem(shown(defect), "规则自检不通过", "the rules are defective")


def recheck(
    certificate: Path, facts: Path, policy: Path, lang: str = "zh", base: Path | None = None
) -> tuple[list[str], list[Problem]]:
    """Return what was verified, as lines in Chinese or English, or what is wrong.

    Raises Unreadable when the reader's rules or data cannot be read, OSError without a certificate.
    """
    was_on = gc.isenabled()
    gc.disable()  # millions of small things without cycles: looking for some takes a fifth longer
    try:
        return rechecked(certificate, facts, policy, lang, base)
    finally:
        if was_on:
            gc.enable()


def rechecked(
    certificate: Path, facts: Path, policy: Path, lang: str, base: Path | None
) -> tuple[list[str], list[Problem]]:
    found, problems = read_certificate(certificate)
    if found is None:
        return [], problems
    problems += compare_files(found.header, facts, policy, base)
    try:
        run = found.header["year"], found.header["cut_off"]
        own = world(facts, policy, *run, found.alike, base)
    except Unreadable as error:
        raise Unreadable(*problems, *error.problems) from error
    problems += compare_facts(found.header, own)
    problems += own.problems or compare_steps(found.claims, own)
    return ([] if problems else list(summary(found.header, own, lang))), problems


# ---------------------------------------------------------------------------------------------
# Command line
# ---------------------------------------------------------------------------------------------

_WORDS = {
    "zh": {
        "notice": "通知：{}", "policy": "规则：sha256 {}", "reading": "  适用口径：{}",
        "year": "年度：{}", "day": "数据截止：{}", "early": "数据截止：{}（预评）",
        "data": "数据：sha256 {}",
        "met": "达标{}", "failed": "未达标{}", "undetermined": "待核{}", "kind": "  {}：{}",
        "comma": "，", "verified": "核验无误", "not": "核验不通过：{}处", "more": "  ……共{}处",
    },
    "en": {
        "notice": "notice: {}", "policy": "rules: sha256 {}", "reading": "  reading: {}",
        "year": "year: {}", "day": "data up to: {}", "early": "data up to: {} (preliminary)",
        "data": "data: sha256 {}", "met": "met {}", "failed": "not met {}",
        "undetermined": "undetermined {}", "kind": "  {}: {}", "comma": ", ",
        "verified": "verified", "not": "not verified: {} differences", "more": "  ... {} in all",
    },
}  # fmt: skip
_SHOWN = 20
"""Problems that are shown of many."""


def readings(own: World, lang: str) -> Iterator[str]:
    """Yield the switches in force, each with the words of the reading that it sets."""
    stated: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for rule in own.rules:
        stated[rule.head[0], len(rule.head) - 1].append(rule.head[1:])
    place = 2 if lang == "zh" else 3
    words = {reading[0]: plain(reading[place]) for reading in stated["interpretation", 4]}
    said = {name: words.get(number, "") for name, number, *_ in stated["switch_words", 4]}
    for name in dict.fromkeys(str(name) for name, _ in stated["switch", 2]):
        for (value,) in own.db.execute("SELECT a2 FROM switch_2 WHERE a1 = ?", [name]):
            told = said.get(name, "")
            yield f"{name} = {shown(value)}" + (f"（{told}）" if lang == "zh" else f" ({told})")


def plain(term: object) -> str:
    """Return the text that a term is."""
    return shown(re.sub(r"\\(.)", r"\1", str(term).strip('"')))


def summary(header: Mapping[str, Any], own: World, lang: str) -> Iterator[str]:
    """Yield what was verified: notice, rules, readings, year, data, and the verdicts by kind."""
    words = _WORDS[lang]
    day = str(header["cut_off"])
    yield words["notice"].format(shown(own.title))
    yield words["policy"].format(header["policy"])
    for said in readings(own, lang):
        yield words["reading"].format(said)
    yield words["year"].format(header["year"])
    over = own.db.execute("SELECT 1 FROM span_3 WHERE a1 = ? AND a3 = ?",
                          [header["year"], header["cut_off"]])  # fmt: skip
    early = "day" if over.fetchone() else "early"
    yield words[early].format(f"{day[:4]}-{day[4:6]}-{day[6:]}")
    yield words["data"].format(header["facts"])
    found = Counter[tuple[str, str]]()
    for kind, unit, status in own.db.execute("SELECT a1, a2, a3 FROM verdict_3"):
        found[kind, status] += own.sizes.get(unit, 1)
    for rule in own.rules:  # kinds in the order of the rules
        if rule.head[0] == "kind" and len(rule.head) == 5:
            _, kind, zh, en, _ = rule.head
            mine = [words[s].format(found[kind, s]) for s in _STATUSES]
            if any((kind, s) in found for s in _STATUSES):
                name = plain(zh if lang == "zh" else en)
                yield words["kind"].format(name, words["comma"].join(mine))


_STATUSES = ("met", "failed", "undetermined")


def limit_memory() -> None:
    """Keep to PINGAN_MAX_MEMORY where the system can."""
    megabytes = int(os.environ.get("PINGAN_MAX_MEMORY", 8192))
    if sys.platform == "win32" or not megabytes or not Path("/proc").is_dir():
        return
    import resource

    soft, hard = megabytes * 2**20, resource.getrlimit(resource.RLIMIT_AS)[1]
    most = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def end_over_limit() -> None:
    said = "超出时间或内存上限，没有核验 / over the limit of time or memory: not checked"
    print(said, flush=True)
    os._exit(3)


def limit_time() -> None:
    """End this process after PINGAN_MAX_TIME seconds, whatever it is doing then."""
    seconds = float(os.environ.get("PINGAN_MAX_TIME", 3600))
    if seconds:
        timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), end_over_limit)
        timer.daemon = True
        timer.start()


def main() -> int:
    parser = argparse.ArgumentParser(description="核验凭证 / recheck a certificate")
    parser.add_argument("certificate", type=Path)
    parser.add_argument("--facts", type=Path, required=True)
    parser.add_argument("--policy", type=Path, required=True)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    options = parser.parse_args()
    try:
        limit_time()
        limit_memory()
        named = options.certificate, options.facts, options.policy
        verified, wrong = recheck(*named, options.lang, options.base)
    except Unreadable as error:
        print_problems(error.problems, options.lang, sys.stderr)
        return 2
    except OSError as error:
        print(f"{shown(options.certificate)}: {shown(error.strerror)}", file=sys.stderr)
        return 2
    except MemoryError:
        end_over_limit()
    except KeyboardInterrupt:
        return 130
    words = _WORDS[options.lang]
    if wrong:
        print(words["not"].format(len(wrong)))
        print_problems(wrong, options.lang, sys.stdout)
        return 1
    print("\n".join([*verified, words["verified"]]))
    return 0


def print_problems(problems: Sequence[Problem], lang: str, out: TextIO) -> None:
    for problem in problems[:_SHOWN]:
        print(f"  {problem.text(lang)}", file=out)
    if len(problems) > _SHOWN:
        print(_WORDS[lang]["more"].format(len(problems)), file=out)


if __name__ == "__main__":
    raise SystemExit(main())
