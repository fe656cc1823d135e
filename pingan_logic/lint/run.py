"""Lint a policy folder (with the searches in its subfolders) or single rule files."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import evolve, frozen

from pingan_logic.errors import PolicyError, Problem, RequestError, visible
from pingan_logic.lint.rules import RULES, SLIPS, Hit, LintRule, Scope
from pingan_logic.rules.find import rule_files
from pingan_logic.rules.notice import paragraphs_in
from pingan_logic.rules.predicates import KNOWN
from pingan_logic.rules.scan import scan
from pingan_logic.rules.syntax import Atom, Syntax
from pingan_logic.rules.unstated import unstated
from pingan_logic.solving.load_policy import load_policy
from pingan_logic.solving.program import read_rules, templated
from pingan_logic.solving.stated import self_check

__all__ = ["RUN_RULES", "TEXT_RULES", "LintFinding", "lint", "lint_text"]

TEXT_RULES = {
    "unquoted-chinese": ("引号和注释之外的中文", "Chinese outside quotes and comments"),
    "forbidden-directive": ("规则文件不允许的指令", "a directive that rule files may not use"),
    "unsafe-text": (
        "求解器读不对的文字：有误的引号、隐藏的字符、过大的数、过长的语句",
        "text that the solver misreads: bad quotes, hidden characters, huge numbers or statements",
    ),
}
"""Rules that look at the text before it is parsed."""

RUN_RULES = {
    "self-check": ("规则自检不通过", "a self-check of the rules fails"),
}
"""Rules that run the files, without data, once nothing else is wrong with them."""

_SEARCHES = ("properties", "remedies")
"""Folders whose files search among worlds or plans: they may choose and exclude."""


@frozen(order=True)
class LintFinding:
    """One finding at file:line:column, with the name of its rule."""

    file: str
    line: int
    column: int
    rule: str
    zh: str
    en: str

    def words(self, lang: str = "zh") -> str:
        """Return the finding as one line, with the page that explains its rule."""
        said = self.en if lang == "en" else self.zh
        place = f"{visible(self.file)}:{self.line}:{self.column}"
        line = " ".join(visible(part.strip()) for part in said.splitlines())
        return f"{place}: [{self.rule}] {line} (docs/rules/lint/{self.rule}.md)"


def lint_text(text: str, name: str = "", path: str | Path | None = None) -> list[LintFinding]:
    """Return the findings in a text that is not saved yet: as the file `name` of the policy at
    `path`, in whose place it stands, or by itself.

    Raises as `lint` does.
    """
    with TemporaryDirectory() as place:
        folder = Path(place) / "policy"
        if path is None:
            folder.mkdir()
            file = folder / (Path(name).name or "stdin.lp")
            file.write_text(text, encoding="utf-8")
            return lint(file)
        shutil.copytree(path, folder)
        target = folder / (Path(name).relative_to(path) if Path(name).is_absolute() else name)
        if not target.resolve().is_relative_to(folder.resolve()):
            zh, en = "应为规则文件夹中的文件", "expected the name of a file in the policy"
            raise RequestError([Problem("--stdin-filename", zh, en, name)])
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        inside = target.relative_to(folder).as_posix()
        return [f for f in lint(folder) if f.file == inside]


def lint(path: str | Path) -> list[LintFinding]:
    """Return the findings in a policy folder or a rule file, in the order of the files.

    Raises RequestError when there is nothing at `path`, PolicyError when a file does not parse.
    """
    path = Path(path)
    files = [path] if path.is_file() else _of_folder(path)
    if not files:
        raise RequestError(
            [Problem("PATH", "应为 .lp 文件或含有 .lp 文件的文件夹",
                     "expected a rule file or a folder with rule files", str(path))]
        )  # fmt: skip
    searches = {name: rule_files(path, name) if path.is_dir() else [] for name in _SEARCHES}
    found = _text_findings(files, choices=False)
    for name, members in searches.items():
        found += [evolve(f, file=f"{name}/{f.file}") for f in _text_findings(members, choices=True)]
    if found:
        # without these files the others would seem to lack much
        return sorted(found)
    syntax = read_rules(files)
    parsed = {
        f"{name}/{file.name}": read_rules([file])
        for name, members in searches.items()
        for file in members
    }
    used = {a.signature for s in parsed.values() for r in s.rules for a in r.body}
    of_templates = templated(files)
    used |= of_templates
    scope = Scope(syntax, read=KNOWN, used=frozenset(used))
    if slips := _check(scope, SLIPS):
        # they break what comes after them
        return sorted(found + slips)
    found += _check(scope)
    for place, own in parsed.items():
        folder = place.partition("/")[0]
        given = _heads(syntax)
        inputs = frozenset(syntax.inputs)
        for other, beside in parsed.items():
            # the programs of remedies are read together, properties beside their worlds
            together = folder == "remedies" and other.startswith("remedies/")
            if other != place and (together or other == f"{folder}/worlds.lp"):
                for name, atoms in _heads(beside).items():
                    given[name] += atoms
                inputs |= frozenset(beside.inputs)
        inputs |= of_templates
        twins = frozenset(f"twin_{n}" for n in (*given, *inputs))
        scope = Scope(own, given, inputs | twins, searched=True)
        found += [evolve(f, file=place) for f in _check(scope)]
    if path.is_dir() or not found:
        said = _run(path, files)
        found = _without_doubles(found or _missing(path, syntax, said), said)
    return sorted(found)


def _missing(path: Path, syntax: Syntax, said: list[LintFinding]) -> list[LintFinding]:
    """Return what the words of the notice ask for and no fact states, unless the run says more."""
    paragraphs = paragraphs_in(path) if path.is_dir() else {}
    found = [
        LintFinding(file, line, column, "missing-fact", zh, en)
        for file, line, column, zh, en in unstated(syntax, paragraphs)
    ]
    places = {(f.file, f.line) for f in found}
    return found if all((f.file, f.line) in places for f in said) else []


def _of_folder(path: Path) -> list[Path]:
    """Return what is read with a folder that has rule files."""
    return rule_files(path) if path.is_dir() and any(path.glob("*.lp")) else []


_FOLLOW = {"impossible-condition", "missing-cost"}
"""Rules that also find what a misspelt name breaks."""
_BREAK = {"self-check", "clause-without-rule", "rule-without-clause"}
"""Rules whose findings break conditions elsewhere, in every rule that reads the same."""


def _without_doubles(found: list[LintFinding], said: list[LintFinding]) -> list[LintFinding]:
    """Return both, without what the other says of the same line: the rules know their names best"""
    where = {(f.file, f.line) for f in said}
    broken = any(f.rule in _BREAK for f in (*found, *said))
    kept = [
        f
        for f in found
        if f.rule not in _FOLLOW
        or not ((broken and f.rule == "impossible-condition") or (f.file, f.line) in where)
    ]
    told = {(f.file, f.line) for f in kept if f.rule != "unused-predicate"}
    return kept + [f for f in said if (f.file, f.line) not in told]


def _run(path: Path, files: list[Path]) -> list[LintFinding]:
    """Return what the rules themselves say, or the program of them, when they are run."""
    try:
        if path.is_dir() and any("kind/4" in f.read_text(encoding="utf-8") for f in files):
            load_policy(path)
        else:
            self_check(files)
    except PolicyError as error:
        return [_at(p) for p in error.problems]
    return []


def _at(problem: Problem) -> LintFinding:
    place, _, rest = problem.place.partition(" ")
    file, _, where = place.partition(":")
    line, _, column = where.partition(":")
    zh, en = (f"{rest}: {problem.what(lang)}" if rest else problem.what(lang) for lang in _LANGS)
    begin = column.partition("-")[0]
    at = (int(line) if line.isdecimal() else 1, int(begin) if begin.isdecimal() else 1)
    return LintFinding(file, *at, "self-check", zh, en)


_LANGS = ("zh", "en")


def _heads(syntax: Syntax) -> dict[str, list[Atom]]:
    heads: dict[str, list[Atom]] = defaultdict(list)
    for rule in syntax.rules:
        for atom in rule.head:
            heads[atom.signature].append(atom)
    return heads


def _check(scope: Scope, rules: Mapping[str, LintRule] = RULES) -> list[LintFinding]:
    def made(name: str, hit: Hit) -> LintFinding:
        file, line, column, zh, en = hit
        return LintFinding(file, line, column, name, zh, en)

    return list(
        dict.fromkeys(
            made(rule.name, hit)
            for rule in rules.values()
            if rule.everywhere or not scope.searched
            for hit in rule.check(scope)
        )
    )


def _text_findings(files: list[Path], *, choices: bool) -> list[LintFinding]:
    found = []
    for file in files:
        try:
            scan([file], choices=choices)
        except PolicyError as error:
            for p in error.problems:
                _, line, column = p.place.rsplit(":", 2)
                said = (p.zh, p.en)
                if p.found is not None:
                    said = (f"{p.zh}:`{visible(p.found)}`", f"{p.en}: `{visible(p.found)}`")
                found.append(LintFinding(file.name, int(line), int(column), _rule(p.found), *said))
    return found


def _rule(found: str | None) -> str:
    """Return the rule that a problem of the text breaks, by what was found."""
    if found is None or visible(found) != found:
        return "unsafe-text"
    if found.startswith(("#", "@")):
        return "forbidden-directive"
    return "unsafe-text" if found.isascii() else "unquoted-chinese"
