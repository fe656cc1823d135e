"""Rechecks a certificate of verdicts with nothing but Python; docs/certificate.md has the format.

    python checker.py CERTIFICATE --facts FOLDER|FILE.json --policy FOLDER [--lang en]
It reads rules and data itself and lets SQLite derive, rule by rule, all that follows. Then every
step must be an instance of its rule and rest on facts or other steps, and none may be missing. Exit
status: 0 verified, 1 not, 2 unreadable, 3 over PINGAN_MAX_TIME (3600 s) or _MEMORY (8192 MB, Linux)
"""

import argparse
import csv
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from hashlib import sha256
from itertools import groupby, product
from os import _exit, environ
from pathlib import Path
from threading import TIMEOUT_MAX, Event, Thread
from typing import Any

_FACTS = {
    "units": "unit kind id, parent id parent, affiliation id affiliation, opened id opened, "
    "closed id closed",
    "incidents": "incident id unit type grade liability date, responsible id responsible_unit",
    "ledgers": "ledger unit item year",
    "scores": "score unit year score",
    "polls": "poll unit year result, poll unit year ranked",
    "requirements": "requirement kind year max_rank",
    "not_applicable": "not_applicable unit clause year",
    "changes": "changed unit date changed",
}
CERTIFIED = ("verdict_3", "finding_5", "tally_5", "attainment_5", "attained_3", "accountable_2")


class Unreadable(Exception):
    """Something that this checker cannot read, so that nothing is verified: place, zh, en."""


# A term is a number, a constant or a "text" as written, a variable (Var), a list of alternatives as
# (a;b) or 1..3, or a tuple (name, terms...) or (sign, term, term). A literal is an atom, which is
# such a tuple, ("not", atom) or (sign, term, term), where a term may be an aggregate ("#count",
# ((terms, literals), ...)). A rule is (file:line, head, literals).
_TOKEN = re.compile(r"""(?asx) (?P<skip>\s+|%\*.*?\*%|%[^\n]*|\#defined[^.]*\.)
    |(?P<text>"(?:\\.|[^"\\\n])*")|(?P<number>\d+)|(?P<variable>_*[A-Z]\w*|_(?!\w))
    |(?P<name>(?!not\b)_*[a-z][a-z0-9_]*\b)|(?P<mark>:-|\.\.|[!<>=]=|\#?\w+|.)""")  # fmt: skip
_COMPARED, _SIGNS = {"=", "==", "!=", "<", "<=", ">", ">="}, {"+", "-", "*", "/", "||"}
_LEVELS = (_COMPARED, {".."}, {"+", "-"}, {"*", "/"})
_TOTALS = {"#count": "count(*)", "#sum": "coalesce(sum(a1), 0)",
           "#max": "coalesce(max(a1), '#inf')", "#min": "coalesce(min(a1), '#sup')"}  # fmt: skip


class Var(str):
    """A variable, as the column that holds it: X is vX, each _ is an any... of its own."""


class Reader:
    """Reads the part of the rule language that docs/certificate.md describes."""

    def __init__(self, text: str, file: str = "") -> None:
        self.tokens = [("end", "", file)]  # the next one is the last
        for m in reversed([m for m in _TOKEN.finditer(text) if m.lastgroup != "skip"]):
            line = text.count("\n", 0, m.start()) + 1
            self.tokens.append((str(m.lastgroup), m.group(), f"{file}:{line}"))

    def take(self, *texts: str, must: bool = False) -> str:
        _, token, place = self.tokens[-1]
        if must and token not in texts:
            raise Unreadable(place, f"不认识的写法 `{token}`", f"not understood: `{token}`")
        return self.tokens.pop()[1] if token in texts else ""

    def rules(self) -> Iterator[Any]:
        """Yield the rules and facts, one for each alternative of their pools."""
        while self.tokens[1:]:
            place = self.tokens[-1][2]
            head = [("defect", "constraint")] if self.tokens[-1][1] == ":-" else self.literal()
            body = self.groups(".", 1) if self.take(":-", ".", must=True) == ":-" else []
            for chosen in alternatives((*head, *(x for _, group in body for x in group))):
                yield place, chosen[0], chosen[1:]

    def groups(self, end: str, side: int = 0) -> list[tuple[list[Any], list[Any]]]:
        """Read up to `end` what semicolons part: terms, and literals after a colon."""
        found, now, mark = list[tuple[list[Any], list[Any]]]([([], [])]), side, ""
        while mark != end:
            found[-1][now].extend(self.literal() if now else [self.term(1)])
            mark = self.take(",", ";", end, *":"[now:], must=True)
            now = 1 if mark == ":" else side if mark == ";" else now
            found += [([], [])] if mark == ";" else []
        return found

    def literal(self) -> list[Any]:
        negated, term = self.take("not"), self.term()
        atom = term if isinstance(term, tuple) else (term,)
        if atom[0] in _COMPARED and isinstance(atom[1], tuple) and atom[1][0] in _COMPARED:
            return [atom[1], (atom[0], atom[1][2], atom[2])]  # 1 < X < 5
        return [("not", atom) if negated else atom]

    def term(self, level: int = 0) -> Any:
        if level == len(_LEVELS):
            return self.factor()
        left = self.term(level + 1)
        while sign := self.take(*_LEVELS[level]):
            right = self.term(level + 1)
            if sign == ".." and not (isinstance(left, int) and isinstance(right, int)):
                self.take(must=True)
            left = list(range(left, right + 1)) if sign == ".." else (sign, left, right)
        return left

    def factor(self) -> Any:
        kind, token, place = self.tokens.pop()
        if kind == "number" or (token == "-" and self.tokens[-1][0] == "number"):
            return int(token) if kind == "number" else -self.factor()
        if kind == "variable":
            plain = "v" + re.sub("([a-z])", r"$\1", token)  # names of columns ignore case
            return Var(f"any{len(self.tokens)}" if token == "_" else plain)
        if token in _TOTALS and self.take("{"):
            elements = [(tuple(terms), tuple(given)) for terms, given in self.groups("}")]
            return token, tuple(x for element in elements for x in alternatives(element))
        if kind == "text" or (kind == "name" and not self.take("(")):
            return token
        lists = [terms for terms, _ in self.groups(")")] if kind == "name" or token == "(" else []
        if not lists or (token == "(" and any(len(x) != 1 for x in lists)):
            raise Unreadable(place, f"不认识的写法 `{token}`", f"not understood: `{token}`")
        found = [x[0] if token == "(" else (token, *x) for x in lists]
        return found if len(found) > 1 else found[0]


def alternatives(x: Any) -> list[Any]:
    """Return what `x` stands for when one alternative is taken from each of its pools."""
    if isinstance(x, list):
        return [b for a in x for b in alternatives(a)]
    return list(product(*map(alternatives, x))) if isinstance(x, tuple) else [x]


def written(x: Any) -> str:
    """Return a term or an atom as it is written in rules."""
    return f"{x[0]}({','.join(map(written, x[1:]))})" if isinstance(x, tuple) else str(x)


def part(term: Any, name: str, arity: int, place: int) -> Any:
    """Return an argument of a written term (place 0: its name), None if it is another term."""
    found = Reader(str(term)).term()
    if not isinstance(found, tuple) or (found[0], len(found)) != (name, arity + 1):
        return None
    return found[place] if isinstance(found[place], int) else written(found[place])


# The atoms p(a,"b",3) are rows of the table p_3 with columns a1, a2, a3: numbers or written terms.
# A body is a table with a column for each variable, the natural join of its atoms; a rule INSERTs.
class Body:
    """What satisfies literals: the table `o`, or `i` in an aggregate of a body with columns."""

    def __init__(self, literals: Iterable[Any], around: Iterable[str] = ()) -> None:
        self.columns, seen = set[str](), ""
        atoms = [self.atom(x) for x in literals if x[0] not in {"not", *_COMPARED}]
        self.source = " NATURAL JOIN ".join(["(SELECT 0)", *(f"({atom})" for atom in atoms)])
        self.tests = ["1", *(f"i.{v} = o.{v}" for v in around if v in self.columns)]
        self.tests += [f"NOT EXISTS ({self.atom(x[1], True)})" for x in literals if x[0] == "not"]
        for sign, *terms in (x for x in literals if x[0] in _COMPARED):
            new = [t for t in terms if isinstance(t, Var) and t not in {*self.columns, *around}]
            if any(repr(t) in seen for t in new):
                raise Unreadable(sign, f"{new} 应先赋值后使用", f"{new} is used before it is set")
            seen += repr(terms)
            if new and sign in ("=", "=="):
                term = self.sql(terms[1] if new[0] is terms[0] else terms[0])
                self.source = f"(SELECT *, {term} AS {new[0]} FROM (SELECT * FROM {self.source}) o)"
                self.columns.add(new[0])
            else:
                self.tests.append(f"{self.sql(terms[0])} {sign} {self.sql(terms[1])}")

    def atom(self, atom: Any, negated: bool = False) -> str:
        """Return the SELECT of an atom's variables; if it is negated they are those around it."""
        found, tests = dict[str, str](), ["1"]

        def bind(term: Any, value: str) -> None:
            if isinstance(term, Var) and (term[0] == "a" or not (negated or term in found)):
                found[term] = value
            elif isinstance(term, tuple) and term[0] not in _SIGNS:
                for n, t in enumerate(term):
                    bind(t, f"part({value}, '{term[0]}', {len(term) - 1}, {n})")
            else:
                tests.append(f"{value} = {found.get(term) or self.sql(term)}")

        for n, term in enumerate(atom[1:], 1):
            bind(term, f"a{n}")
        self.columns |= found.keys() if not negated else set()
        chosen = ", ".join(f"{value} AS {v}" for v, value in found.items()) or "0"
        return f"SELECT {chosen} FROM {atom[0]}_{len(atom) - 1} WHERE {' AND '.join(tests)}"

    def sql(self, x: Any) -> str:
        if isinstance(x, int) or (isinstance(x, Var) and (x[0] == "v" or x in self.columns)):
            return str(x)
        if isinstance(x, str):
            return "'_'" if isinstance(x, Var) else "'" + x.replace("'", "''") + "'"
        if x[0] in _TOTALS:
            sets = [Body(given, self.columns).select(terms, "i") for terms, given in x[1]]
            return f"(SELECT {_TOTALS[x[0]]} FROM ({' UNION '.join(sets)}))"
        terms = [self.sql(t) for t in x[1:]]
        if x[0] in _SIGNS:
            return f"({terms[0]} {x[0]} {terms[1]})"
        inner = " || ',' || ".join(terms)
        return f"('{x[0]}(' || {inner} || ')')" if terms else f"'{x[0]}'"

    def select(self, terms: Iterable[Any], name: str = "o") -> str:
        """Return the SELECT of terms as columns a1, a2, ..."""
        chosen = ", ".join(f"{self.sql(t)} AS a{n}" for n, t in enumerate(terms, 1)) or "0 AS a0"
        tests = " AND ".join(self.tests)
        return f"SELECT DISTINCT {chosen} FROM (SELECT * FROM {self.source}) {name} WHERE {tests}"


def needed(x: Any, strictly: bool = False) -> list[tuple[Any, bool]]:
    """Return the atoms of a literal, and whether all such atoms must be known before."""
    if x[0] not in _COMPARED:
        return [(x[1], True) if x[0] == "not" else (x, strictly)]
    totals = [t for t in x[1:] if isinstance(t, tuple) and t[0] in _TOTALS]
    return [y for t in totals for _, given in t[1] for z in given for y in needed(z, True)]


def derive(rules: Sequence[Any], facts: Sequence[Any]) -> sqlite3.Connection:
    """Return a database of all that follows: rules after those they rest on, loops together."""
    db = sqlite3.connect(":memory:")
    db.create_function("part", 4, part, deterministic=True)
    heads = [head for _, head, _ in rules]
    atoms = [*facts, *heads, *(a for _, _, body in rules for x in body for a, _ in needed(x))]
    for name in {*CERTIFIED, "defect_1", "switch_2", *(f"{a[0]}_{len(a) - 1}" for a in atoms)}:
        columns = [f"a{n}" for n in range(1, int(name.rpartition("_")[2]) + 1)] or ["a0"]
        db.execute(f"CREATE TABLE {name} ({', '.join(columns)}, UNIQUE ({', '.join(columns)}))")
        db.executescript("".join(f"CREATE INDEX {name}_{c} ON {name} ({c});" for c in columns[1:]))
    for name, *terms in facts:
        marks = ", ".join("?" * len(terms))
        db.execute(f"INSERT OR IGNORE INTO {name}_{len(terms)} VALUES ({marks})", terms)
    db.execute("ANALYZE")
    links: list[dict[int, bool]] = [{} for _ in rules]
    for n, (_, _, body) in enumerate(rules):
        for atom, strictly in (y for x in body for y in needed(x)):
            for m in (m for m, head in enumerate(heads) if len(head) == len(atom)):
                pairs = zip(heads[m], atom, strict=True)  # a rule for p(a,X) is none for p(b,Y)
                if all(x == y or {type(x), type(y)} - {int, str} for x, y in pairs):
                    links[n][m] = strictly or links[n].get(m, False)
    below, wider = [{n} for n in range(len(rules))], [{n, *x} for n, x in enumerate(links)]
    while below != wider:
        below, wider = wider, [x.union(*(wider[m] for m in x)) for x in wider]
    order = sorted(range(len(rules)), key=lambda n: (len(below[n]), sorted(below[n])))
    for _, same in groupby(order, key=lambda n: below[n]):
        group = list(same)
        if any(links[n].get(m) for n in group for m in group):
            raise Unreadable(rules[group[0]][0], "经否定或聚合的循环", "a loop through negation")
        tables = [f"{heads[n][0]}_{len(heads[n]) - 1}" for n in group]
        found = (Body(rules[n][2]).select(heads[n][1:]) for n in group)
        inserts = [f"INSERT OR IGNORE INTO {t} {f}" for t, f in zip(tables, found, strict=True)]
        while sum(db.execute(x).rowcount for x in inserts) and {*group} & links[group[0]].keys():
            pass
        db.executescript("".join(f"ANALYZE {table};" for table in tables))
    return db


def cell(column: str, text: str) -> Any:
    """Return what stands in a column as a term. Raises ValueError for anything but codes."""
    if column in ("id", "unit", "parent", "responsible_unit", "value", "name", "reason"):
        return '"' + re.sub(r'([\\"])', r"\\\1", text).replace("\n", "\\n") + '"'
    if not (column + text).isascii():
        raise ValueError(text)
    if not text[0].isdigit():
        return text.replace("*", "all")
    return int(Decimal(text.replace("-", "")) * (100 if column == "score" else 1))


def data(path: Path) -> Iterator[tuple[Any, ...]]:
    """Yield the facts that a folder of CSV files or a JSON document states."""
    if path.is_dir():
        files = sorted(path.glob("*.csv"))
        tables = {f.stem: csv.DictReader(f.read_text("utf-8-sig").splitlines(True)) for f in files}
    else:
        tables = json.loads(path.read_text("utf-8-sig"), parse_int=str, parse_float=str)
    for name, rows in tables.items():
        for row in rows:
            cells: dict[str, Any] = {"grade": "none", "liability": "none"}
            cells |= {c: cell(c, t.strip()) for c, t in row.items() if t and t.strip()}
            cells["ranked"] = f"rank({cells['rank']})" if "rank" in cells else None
            cells["changed"] = f"{cells.get('change')}({cells.get('value')})"
            for predicate, *columns in map(str.split, _FACTS[name].split(",")):
                if None not in (terms := [cells.get(c) for c in columns]):
                    yield predicate, *terms


def instances(rule: Any) -> str:
    """Return the SELECT of a rule's instances: lines of head, atoms and values of aggregates."""
    text = rule[1]
    for x in rule[2]:
        totals = [("||", "= ", t) for t in x[1:] if isinstance(t, tuple) and t[0] in _TOTALS]
        shown = [("||", "not ", x[1])] if x[0] == "not" else [x]
        for piece in totals if x[0] in _COMPARED else shown:
            text = ("||", ("||", text, "\n"), piece)
    return Body(rule[2]).select([text])


def claimed(number: int, line: bytes) -> Iterator[tuple[str, str, int]]:
    """Yield rule, instance and number of the steps in a line; no rule if the line was changed."""
    try:
        block = json.loads(line)
        text = json.dumps(block, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if text.encode() + b"\n" != line:
            raise ValueError(line)
        for row in block.get("rows", ()):
            cells = [cell("id", x) if isinstance(x, str) else str(x) for x in row]
            for place, *step in block["steps"]:
                parts = re.split(r"\$(\d+)", "\n".join(step))
                parts[1::2] = [cells[int(n) - 1] for n in parts[1::2]]
                yield place, "".join(parts), number
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        yield "", str(number), number


def recheck(certificate: Path, facts: Path, policy: Path) -> list[tuple[str, str]]:
    """Return what is wrong with a certificate, in Chinese and English. Raises Unreadable."""
    lines = certificate.read_bytes().splitlines(keepends=True)
    claims: dict[str, dict[str, int]] = {}
    for place, step, number in (c for n, x in enumerate(lines, 1) for c in claimed(n, x)):
        claims.setdefault(place, {})[step] = number
    changed = claims.pop("", {}).values()
    wrong = [(f"证书行 {n}:被改动", f"line {n}: it was changed") for n in changed]
    if {1, len(lines)} & {*changed}:
        return wrong
    header = json.loads(lines[0]) | json.loads(lines[-1])

    def compare(found: dict[str, Any], kind: str) -> None:
        for k in sorted({k for k in header if k.startswith(kind)} | found.keys()):
            if header.get(k) != found.get(k):
                wrong.append((f"{k} 与证书不符", f"{k} is not what the certificate says"))

    given = sorted(facts.glob("*.csv")) if facts.is_dir() else [facts]
    listed = any(f"file {f.name}" in header for f in given)  # else it was a workbook or the like
    rule_files = sorted(policy.glob("*.lp"))
    files = [*rule_files, *policy.glob("notice.*"), *(given if listed else [])]
    sealed = {"header": lines[0], "sha256": b"".join(lines[:-1])}
    sealed |= {f"file {f.name}": f.read_bytes() for f in files}
    compare({"format": 1, **{k: sha256(v).hexdigest() for k, v in sealed.items()}}, "file ")
    try:
        rules = [r for f in rule_files for r in Reader(f.read_text("utf-8-sig"), f.name).rules()]
        atoms = [("asked", "shares"), ("asked", "attainment"), *data(facts)]
        atoms += ((k, header.get(k)) for k in ("year", "cut_off"))
        db, stated = derive(rules, atoms), {written(atom) for atom in atoms}
    except Exception as e:  # nothing that goes wrong here may count as verified
        said = e.args if isinstance(e, Unreadable) else (facts.name, "先 convert", "`convert` it")
        if not wrong or isinstance(e, MemoryError):
            raise Unreadable(*said) from e
        return [*wrong, (f"{said[0]}:{said[1]}", f"{said[0]}: {said[2]}")]
    compare({"facts": sha256("\n".join(sorted(stated)).encode()).hexdigest()}, "facts")
    compare({f"switch {k}": v for k, v in db.execute("SELECT * FROM switch_2")}, "switch ")
    proved, rests = set[str](), set[str]()
    for place, steps in claims.items():
        for step in steps:
            head, *evidence = step.split("\n")
            proved.add(head)
            rests.update(e for e in evidence if not e.startswith(("not ", "= ")))
        for (step,) in (x for r in rules if r[0] == place for x in db.execute(instances(r))):
            steps.pop(step, None)
        bad = [f"{number}: {step.split(chr(10))[0]}, {place}" for step, number in steps.items()]
        wrong += [(f"证书行 {b}:不是规则的实例", f"line {b}: no instance of the rule") for b in bad]
    wrong += [(f"没有推导 {a}", f"no step proves {a}") for a in sorted(rests - proved - stated)]
    for name in (*CERTIFIED, "defect_1"):
        found = {written((name[:-2], *row)) for row in db.execute(f"SELECT * FROM {name}")}
        wrong += [(f"证书缺少 {a}", f"the certificate lacks {a}") for a in sorted(found - proved)]
    return sorted(wrong, key=lambda said: "(" in said[1] and "verdict(" not in said[1])


def over(seconds: float) -> None:
    """End this process after so many seconds, whatever it is doing then."""
    Event().wait(seconds or TIMEOUT_MAX)
    print("超出时间或内存上限,没有核对 / over the limit of time or memory: not checked", flush=True)
    _exit(3)


def main() -> int:
    parser = argparse.ArgumentParser(description="核对证书 / recheck a certificate")
    parser.add_argument("certificate", type=Path)
    parser.add_argument("--facts", type=Path, required=True)
    parser.add_argument("--policy", type=Path, required=True)
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    options = parser.parse_args()
    try:
        Thread(None, over, None, [float(environ.get("PINGAN_MAX_TIME", 3600))], daemon=True).start()
        memory = int(environ.get("PINGAN_MAX_MEMORY", 8192)) * 2**20
        if memory and Path("/proc").is_dir():  # not on every system
            most = (resource := __import__("resource")).getrlimit(resource.RLIMIT_AS)[1]
            resource.setrlimit(resource.RLIMIT_AS, (min(memory, most % 2**63), most))
        wrong = recheck(options.certificate, options.facts, options.policy)
    except Exception as error:
        if isinstance(error.__cause__ or error, MemoryError):
            over(1e-9)
        parser.exit(2, " ".join(map(str, error.args)) + "\n")
    said = [words[options.lang == "en"] for words in wrong or [("核对无误", "verified")]]
    print("\n".join(said[:20]), *[f"... {len(said)}"] * (len(said) > 20), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
