"""Quotations of the notice against its text, and the rules and tests behind each.

The text is `notice.txt` (as received) and `notice.md` (the same words with the place of each
paragraph); what answers it is written in the rule files: clause/4, list_of/4 and `coverage.lp`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

from attrs import evolve

from pingan_logic.audit.entries import AuditLedger, Entry, Orphan, Paragraph
from pingan_logic.audit.figures import Said, wrong_figures
from pingan_logic.audit.quotations import clauses_in, named, rules_of, show, together
from pingan_logic.cases import Case, load_cases
from pingan_logic.catalogue import Policy
from pingan_logic.errors import Problem, RequestError
from pingan_logic.questions.verify import property_names
from pingan_logic.rules.find import rule_files
from pingan_logic.rules.notice import PARAGRAPH, fold
from pingan_logic.rules.quotations import Quotation, quoted_by, strings
from pingan_logic.rules.syntax import Atom, Syntax, Term
from pingan_logic.solving.program import read_rules

__all__ = [
    "audit",
]


_HEADING = re.compile(r"^## (.+)$((?:\n(?!## ).*)*)", re.MULTILINE)


_NUMBER = re.compile("^(?:[0-9]+[.、]|（[一二三四五六七八九十]+）|第[一二三四五六七八九十百]+条 ?)")


_PUNCTUATION = set("，；：。、 ")


_NO_DIGIT = "(?![一二三四五六七八九十百0-9])"


_SECTION = re.compile(r"^(?:第?[一二三四五六七八九十百]+[、章条部]|[0-9]+、)")


_SIGNED = re.compile(r"^[0-9年月日 ]*$")


_ANCHOR = re.compile(r'<a id="[^"]*"></a>')


def audit(policy: Policy) -> AuditLedger:
    """Make the ledger of every section of the policy's notice.

    What is background is said by the policy, with the reason, in `background/3`. Words are compared
    without regard to the width of marks and digits.

    Raises RequestError when the policy has no notice, InputError when its cases cannot be read.
    """
    source = policy.folder / "notice.md"
    if not source.is_file():
        raise RequestError(
            [Problem(policy.name, "规则文件夹缺少 notice.md", "the policy has no notice.md")]
        )
    text = fold(source.read_text(encoding="utf-8"))
    paragraphs: dict[str, list[str]] = defaultdict(list)
    for place, words in PARAGRAPH.findall(text):
        paragraphs[place].append(words)
    syntax = read_rules(rule_files(policy.folder))
    background = dict(_background(syntax))
    orphans = list(_against_source(text, policy.folder / "notice.txt", background))
    orphans += _unmarked(text)
    quotations, inner = _whole_and_parts(list(quoted_by(syntax)), policy)
    orphans += _beside_whole(quotations, inner, policy)
    tests = _tests(policy, syntax)
    figures = list(_said(quotations))
    quotations = list(together(quotations, policy))
    made = []
    for place, texts in paragraphs.items():
        if (why := _background_of(place, background)) is not None:
            whole = [Entry(0, words, "scope", "background", reason=why) for words in texts]
            made += [Paragraph(place, e.text, (e,)) for e in whole]
            continue
        waiting = [q for q in quotations if q.place == place]
        for words in texts:
            entries = _entries(words, waiting, syntax, tests, policy)
            made.append(Paragraph(place, words, tuple(entries)))
            orphans += [
                Orphan(
                    f"notice.md [{place}]",
                    f"没有规则回答，也没有标明由人判断或不在范围内：“{e.text}”",
                    f'no rule answers this, nor is it marked otherwise: "{e.text}"',
                )
                for e in entries
                if e.state == "orphan"
            ]
        orphans += [
            Orphan(
                q.at,
                f"原文 {place} 没有这些字：“{q.text}”",
                f'{place} lacks these words: "{q.text}"',
            )
            for q in waiting
        ]
    for q in quotations:
        if q.place not in paragraphs:
            orphans.append(
                Orphan(q.at, f"通知没有 {q.place} 处", f"the notice has no place {q.place}")
            )
    if not made:
        zh = "没有读到任何一段：段落前要写 **[位置]**"
        orphans.append(Orphan("notice.md", zh, "no paragraph has its place before it, **[place]**"))
    orphans += _unanswered(made, quotations, syntax)
    orphans += [Orphan(*o) for o in wrong_figures(policy, syntax, figures)]
    headings: dict[str, str] = {}
    for heading, inside in _HEADING.findall(text):
        headings |= dict.fromkeys((place for place, _ in PARAGRAPH.findall(inside)), heading)
    title = text.partition("\n")[0].lstrip("# ")
    return AuditLedger(policy.name, title, headings, tuple(made), tuple(orphans))


def _background(syntax: Syntax) -> Iterator[tuple[str, tuple[str, str]]]:
    for rule in syntax.rules:
        for atom in rule.head:
            if atom.signature == "background/3":
                for place in strings(atom.args[0]):
                    yield fold(place), (atom.args[1].name, atom.args[2].name)


def _background_of(place: str, background: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    """Return why a place is background: it or the section that it is in."""
    found = [p for p in background if re.match(rf"{re.escape(p)}{_NO_DIGIT}", place)]
    return background[max(found, key=len)] if found else None


def _unmarked(marked: str) -> Iterator[Orphan]:
    """Find paragraphs of notice.md without their place: nobody would answer them."""
    lines = [_ANCHOR.sub("", line).strip() for line in marked.splitlines()]
    start = next((n for n, line in enumerate(lines) if line.startswith("## ")), len(lines))
    for number, line in enumerate(lines[start:], start + 1):
        if line and not line.startswith("## ") and not PARAGRAPH.fullmatch(line):
            yield Orphan(
                f"notice.md:{number}",
                f"这一段没有写位置 **[...]**：“{line[:20]}”",
                f'this paragraph has no place **[...]**: "{line[:20]}"',
            )


def _left_out(
    theirs: list[str], ours: list[str], background: Mapping[str, tuple[str, str]]
) -> Iterator[Orphan]:
    """Find sections, and text after the last, that notice.md leaves out without a reason."""
    first = next((n for n, line in enumerate(theirs) if _SECTION.match(line)), len(theirs))
    known, passed = set(ours), False
    for line in theirs[first:]:
        if _SECTION.match(line):
            passed = line not in known and line.partition("、")[0] in background
        if line not in known and not passed and not _SIGNED.match(line):
            yield Orphan(
                "notice.txt",
                f"notice.md 没有这一段，也没有用 background 标明是背景：“{line[:20]}”",
                f'notice.md lacks this, and background does not pass it over: "{line[:20]}"',
            )


def _against_source(
    marked: str, source: Path, background: Mapping[str, tuple[str, str]]
) -> Iterator[Orphan]:
    """Compare the paragraphs of notice.md with the text as received, character by character."""
    if not source.is_file():
        yield Orphan(source.name, "规则文件夹缺少通知原文", "the text as received is missing")
        return
    lines = [_ANCHOR.sub("", line).strip() for line in marked.splitlines()]
    words = [PARAGRAPH.sub(r"\2", line).strip() for line in lines]
    body = words[next(n for n, line in enumerate(lines) if line.startswith("## ")) :]
    ours = [line.removeprefix("## ") for line in body if line]
    received = fold(source.read_text(encoding="utf-8"))
    theirs = [line.strip() for line in received.splitlines()]
    theirs = [line for line in theirs if line]
    yield from _left_out(theirs, ours, background)
    first = next((n for n, line in enumerate(theirs) if ours and line == ours[0]), None)
    if first is None:
        yield Orphan(
            "notice.md", "第一个标题不在通知原文中", "its first heading is not in the text received"
        )
        return
    theirs = theirs[first : first + len(ours)]
    for mine, received in zip(ours, [*theirs, *[""] * (len(ours) - len(theirs))], strict=True):
        if mine != received:
            at = next(
                (n for n, (a, b) in enumerate(zip(mine, received, strict=False)) if a != b),
                min(len(mine), len(received)),
            )
            here, there = mine[at : at + 12], received[at : at + 12]
            yield Orphan(
                "notice.md",
                f"与通知原文不同，第{at + 1}字起：“{here}”，原文“{there}”",
                f'differs from the text received at character {at + 1}: "{here}", there "{there}"',
            )


def _whole_and_parts(
    quotations: list[Quotation], policy: Policy
) -> tuple[list[Quotation], list[Quotation]]:
    """Return what is quoted of the notice, and what parts of clauses quote of these."""

    def is_part(q: Quotation) -> bool:
        return any(policy.clauses[c].within is not None for c in clauses_in(q.by))

    return [q for q in quotations if not is_part(q)], [q for q in quotations if is_part(q)]


def _said(quotations: list[Quotation]) -> Iterator[Said]:
    """Yield what rules answer, the words of one clause from all its paragraphs together."""
    clauses: dict[str, Said] = {}
    for q in quotations:
        if q.state != "rule":
            continue
        if q.by.name != "clause":
            yield Said(q.by, q.text, q.at)
        elif (known := clauses.get(show(q.by))) is None:
            clauses[show(q.by)] = Said(q.by, q.text, q.at)
        else:
            clauses[show(q.by)] = evolve(known, text=f"{known.text}；{q.text}")
    yield from clauses.values()


def _beside_whole(
    quotations: list[Quotation], inner: list[Quotation], policy: Policy
) -> Iterator[Orphan]:
    """Find parts of clauses with words that the clause does not have."""
    said = {c: q for q in (*quotations, *inner) for c in clauses_in(q.by)}
    for q in inner:
        whole = said[policy.clauses[clauses_in(q.by)[0]].within or ""]
        if q.text not in whole.text:
            zh = f"合成的条款（{whole.at}）没有这些字：“{q.text}”"
            yield Orphan(q.at, zh, f'the clause ({whole.at}) lacks these words: "{q.text}"')


def _tests(policy: Policy, syntax: Syntax) -> dict[str, list[str]]:
    """Return the cases and properties that test each clause or fact, by its shown name."""
    tests: dict[str, list[str]] = defaultdict(list)
    folder = policy.folder / "cases"
    cases: list[Case] = load_cases(folder, policy) if folder.is_dir() else []
    for case in cases:
        name = f"{case.file}:{case.line} {case.name}"
        answered = {e.clause.partition(".")[0] for e in case.expect if e.clause}
        answered |= {c for e in case.expect for c in e.reasons or ()}
        for clause in sorted(answered):
            tests[f"clause({clause})"].append(name)
            kind = policy.clauses[clause].kind
            tests[f"list_of({kind})"].append(name)
            tests[f"kind({kind})"].append(name)
        for kind, what, _ in case.programme:
            subject = f"target({kind})" if what == "target" else f"role({what}, {kind})"
            tests[subject].append(name)
    for rule in syntax.rules:
        for atom in rule.head:
            if atom.signature == "tested_by/2":
                tests[show(atom.args[0])] += [f"properties/{p}" for p in atom.constants(1)]
    known = set(property_names(policy))
    for file in rule_files(policy.folder, "properties"):
        if file.stem in known:
            for clause in _property_clauses(file):
                tests[f"clause({clause})"].append(f"properties/{file.stem}")
    return tests


def _property_clauses(file: Path) -> list[str]:
    return [
        c
        for rule in read_rules([file]).rules
        for atom in rule.head
        if atom.signature == "property_clause/1"
        for c in atom.constants(0)
    ]


def _spread(term: Term) -> list[str]:
    """Name each fact that a term with pools stands for."""
    shown = [""]
    if not term.args:
        return [term.name]
    for n, a in enumerate(term.args):
        choices = a.args if a.kind == "pool" else (a,)
        shown = [f"{s}{', ' if n else ''}{show(c)}" for s in shown for c in choices]
    return [f"{term.name}({s})" for s in shown]


def _entries(
    text: str,
    waiting: list[Quotation],
    syntax: Syntax,
    tests: dict[str, list[str]],
    policy: Policy,
) -> list[Entry]:
    """Cut a paragraph into entries; quotations that are found leave `waiting`."""
    taken: list[tuple[int, int, Entry]] = []

    def free(start: int, end: int) -> bool:
        return all(end <= a or start >= b for a, b, _ in taken)

    for q in sorted(waiting, key=lambda q: -len(q.text)):
        at = text.find(q.text)
        while at >= 0 and not free(at, at + len(q.text)):
            at = text.find(q.text, at + 1)
        if at < 0:
            continue
        waiting.remove(q)
        rules = rules_of(q.by, syntax, policy) if q.state == "rule" else ()
        found = dict.fromkeys(t for s in _spread(q.by) for t in tests.get(s, ()))
        entry = Entry(at, q.text, q.state, show(q.by), rules, tuple(found), q.reason)
        taken.append((at, at + len(q.text), entry))
    joining = [
        fold(words) for r in syntax.rules for h in r.head if h.signature == "connective/1"
        for words in strings(h.args[0])
    ]  # fmt: skip
    entries = [e for _, _, e in taken]
    at = 0
    for start, end, _ in [*sorted(taken, key=lambda t: t[0]), (len(text), len(text), None)]:
        entries += _between(text[at:start], at, joining)
        at = max(at, end)
    return sorted(entries, key=lambda e: e.start)


def _between(text: str, start: int, joining: list[str]) -> Iterator[Entry]:
    rest = text
    if start == 0:
        rest = _NUMBER.sub(lambda m: " " * len(m[0]), rest)
    for word in joining:
        rest = rest.replace(word, " " * len(word))
    left = "".join(" " if c in _PUNCTUATION else c for c in rest)
    if text:
        state = "orphan" if left.strip() else "joining"
        yield Entry(start, text, state)


def _unanswered(
    paragraphs: list[Paragraph], quotations: list[Quotation], syntax: Syntax
) -> Iterator[Orphan]:
    """Find quotations without a rule or a test, and facts that quote nothing."""
    for p in paragraphs:
        for e in p.entries:
            if e.state != "rule":
                continue
            what = f"{p.place} {e.subject}"
            if not e.rules:
                yield Orphan(what, "没有这样的规则", "there is no such rule")
            if not e.tests:
                yield Orphan(what, "没有检验用例，也没有性质", "no case and no property tests it")
    quoted = [q.by for q in quotations if q.state == "rule"]
    for rule in syntax.rules:
        for atom in rule.head:
            if atom.signature not in ("target/3", "role/3"):
                continue
            for one in _each(atom):
                if not any(named(term, one) for term in quoted):
                    shown = f"{one.name}({', '.join(show(a) for a in one.args)})"
                    yield Orphan(
                        f"{rule.file}:{rule.line} {shown}",
                        "没有引用通知的任何一句",
                        "quotes no words of the notice",
                    )


def _each(atom: Atom) -> Iterator[Atom]:
    """Yield the atoms that one with pools stands for."""
    choices = [a.args if a.kind == "pool" else (a,) for a in atom.args]
    for args in product(*choices):
        yield evolve(atom, args=args)
