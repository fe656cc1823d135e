"""Every question that the command line answers, as a typed call.

Questions about data take `Facts`, or an `Assessment` that was made of them already: it brings its
own policy, year and day. A unit is named by its id, its name or a part of the name. All raise
InputError, PolicyError or RequestError, with every problem at once. One module because it is one
list: a signature and two or three lines for each question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pingan_logic.arguments import facts_of
from pingan_logic.catalogue import Policy
from pingan_logic.errors import Problem, RequestError, check_words
from pingan_logic.evaluation import evaluate
from pingan_logic.intake import check_facts
from pingan_logic.model import Facts
from pingan_logic.questions.given import given
from pingan_logic.search import find_unit
from pingan_logic.solving.load_policy import as_policy
from pingan_logic.solving.slices import slice_facts
from pingan_logic.verdicts import Assessment

# each question imports what it takes when it is asked: a command waits for no other's modules
if TYPE_CHECKING:
    from pingan_logic.audit import AuditLedger
    from pingan_logic.cases import Tested
    from pingan_logic.certificate import Certificate
    from pingan_logic.explain import Explanation
    from pingan_logic.intake.load import DataSource
    from pingan_logic.lint import Linted
    from pingan_logic.policy.expand import Expanded
    from pingan_logic.policy.params import Params
    from pingan_logic.policy.sentences import Sentences
    from pingan_logic.programme import Programme
    from pingan_logic.questions.checked import Checked
    from pingan_logic.questions.described import Question
    from pingan_logic.questions.fix import Remedy
    from pingan_logic.questions.margin import Margin
    from pingan_logic.questions.missing import Missing
    from pingan_logic.questions.verified import Verification
    from pingan_logic.questions.whatif import Switches, WhatIf

__all__ = [
    "audit",
    "certificate",
    "check",
    "convert",
    "evaluate",
    "expand",
    "explain",
    "fix",
    "lint",
    "margin",
    "missing",
    "params",
    "programme",
    "report",
    "show",
    "switches",
    "test",
    "verify",
    "whatif",
]

Rules = Policy | str | Path | None
"""A policy, its name, its folder, or None for the shipped one."""
Data = Facts | Assessment


def ask(question: Question, data: Any, given: Mapping[str, Any], **common: Any) -> Any:
    """Answer a question about data, or rules, with the inputs `given`; `common` are policy, year
    and cut-off. An assessment may be the answer already."""
    if type(data).__name__ == question.returns:
        return data
    return globals()[question.name](data, **common, **question.asked(given))


@given
def explain(
    data: Data,
    unit: str,
    policy: Rules = None,
    year: int | None = None,
    *,
    as_of: date | None = None,
) -> Explanation:
    """Tell why a unit is met, failed or undetermined; of a county, the summary by kind."""
    from pingan_logic.explain import Explanation

    judged, unit = _of_unit(data, unit, policy, year, as_of, alone=True)
    return Explanation(judged, judged.standing(unit))


@given
def fix(
    data: Data,
    unit: str,
    policy: Rules = None,
    year: int | None = None,
    *,
    as_of: date | None = None,
    alternatives: int = 1,
    level: str | None = None,
    time_limit: int = 60,
) -> Remedy:
    """Find what would make a unit met, or one that is judged by levels reach a `level` (its rank,
    id or name; by default the next), at the least cost, or what stands in the way; when
    `time_limit` (seconds) ends first, what is proven until then."""
    from pingan_logic.questions.fix import find_remedy

    judged, unit = _of_unit(data, unit, policy, year, as_of)
    return find_remedy(judged, unit, alternatives, time_limit, level)


@given
def margin(
    data: Data,
    unit: str,
    policy: Rules = None,
    year: int | None = None,
    *,
    as_of: date | None = None,
    time_limit: int = 60,
) -> Margin:
    """Tell how far a unit is from failing, or what is proven of it within `time_limit` seconds."""
    from pingan_logic.questions.margin import find_margin

    judged, unit = _of_unit(data, unit, policy, year, as_of, alone=True)
    return find_margin(judged, unit, time_limit)


@given
def missing(
    data: Data,
    unit: str,
    policy: Rules = None,
    year: int | None = None,
    *,
    as_of: date | None = None,
    time_limit: int = 60,
) -> Missing:
    """Find the records that would settle an undetermined unit, whatever they say; when `time_limit`
    (seconds) ends first, ones that settle it, with the proven bound."""
    from pingan_logic.questions.missing import find_missing

    judged, unit = _of_unit(data, unit, policy, year, as_of, alone=True)
    return find_missing(judged, unit, time_limit)


@given
def programme(
    data: Data,
    policy: Rules = None,
    year: int | None = None,
    *,
    as_of: date | None = None,
) -> Programme:
    """Judge the programme's years up to one: targets, trend and rosters."""
    from pingan_logic.programme import programme as judge_programme

    facts, policy, year, as_of = _of_data(data, policy, year, as_of)
    return judge_programme(facts, policy, year, as_of=as_of)


@given
def report(
    data: Data | Programme,
    path: str | Path,
    policy: Rules = None,
    year: int | None = None,
    *,
    as_of: date | None = None,
    lang: str = "zh",
    overwrite: bool = False,
) -> Path:
    """Write the report as a page (.html), a workbook (.xlsx) or a list to post (.docx)."""
    from pingan_logic.programme import Programme
    from pingan_logic.reports import write_report

    check_words(lang)
    found = data if isinstance(data, Programme) else programme(data, policy, year, as_of=as_of)
    return write_report(found, path, lang, overwrite=overwrite)


@given
def whatif(
    data: Data,
    policy: Rules = None,
    year: int | None = None,
    *,
    as_of: date | None = None,
    set: str | Sequence[str] = (),
    add: Mapping[str, Any] | None = None,
    remove: Mapping[str, Any] | None = None,
    policy_b: Rules = None,
    facts_b: Facts | None = None,
    year_b: int | None = None,
) -> WhatIf:
    """Compare with other values (`set`: "threshold(CLAUSE)=95/100"), rows, rules, data or year."""
    from pingan_logic.questions.whatif import what_if

    before = _assessed(data, policy, year, as_of)
    return what_if(
        before.facts,
        before,
        settings=set,
        change={"add": dict(add or {}), "remove": dict(remove or {})},
        policy_b=None if policy_b is None else as_policy(policy_b),
        facts_b=facts_b,
        year_b=year_b,
        as_of=before.cut_off if isinstance(data, Assessment) and before.preliminary else as_of,
    )


@given
def switches(
    data: Data,
    policy: Rules = None,
    year: int | None = None,
    *,
    as_of: date | None = None,
    set: str | Sequence[str] = (),
) -> Switches:
    """Tell what each other value of each switch would change; `set` holds meanwhile."""
    from pingan_logic.policy.settings import parse_setting
    from pingan_logic.questions.comparison import each_switch, policy_with
    from pingan_logic.questions.whatif import Switches

    facts, policy, year, as_of = _of_data(data, policy, year, as_of)
    rules = as_policy(policy)
    if set:
        rules = policy_with(rules, [parse_setting(s, rules) for s in set])
    return Switches(rules, tuple(each_switch(facts, rules, year, as_of)))


@given
def certificate(
    data: Data,
    source: str | Path | None = None,
    policy: Rules = None,
    year: int | None = None,
    *,
    as_of: date | None = None,
) -> Certificate:
    """Return every verdict with its derivation, for `recheck`; `source` is where the data stands
    as files, whose hashes it then names."""
    from pingan_logic.certificate import Certificate
    from pingan_logic.certificate import certificate as certify

    judged = _assessed(data, policy, year, as_of)
    return Certificate(tuple(certify(judged, None if source is None else Path(source))))


@given
def check(
    source: DataSource,
    policy: Rules = None,
    *,
    since: DataSource | None = None,
    encoding: str | None = None,
) -> Checked:
    """Find every problem of a source of data; `since` is another one, of the year before."""
    from attrs import evolve

    from pingan_logic.intake import load_facts
    from pingan_logic.questions.checked import checked
    from pingan_logic.questions.rollover import unrecorded

    rules = as_policy(policy)
    found = checked(lambda: load_facts(source, rules, encoding=encoding), rules)
    if since is None or found.facts is None:
        return found
    gaps = unrecorded(load_facts(since, rules, encoding=encoding), found.facts, rules)[1]
    return evolve(found, since=tuple(gaps))


@given
def convert(
    source: DataSource | Facts,
    target: str | Path,
    policy: Rules = None,
    *,
    lang: str = "zh",
    csv_encoding: str = "utf-8-sig",
    overwrite: bool = False,
) -> Facts:
    """Write data to a workbook, a JSON file, a folder of CSV or a database, and read it back to be
    sure; return it."""
    from pingan_logic.export import write_facts
    from pingan_logic.intake import load_facts

    check_words(lang)
    rules = as_policy(policy)
    facts = source if isinstance(source, Facts) else load_facts(source, rules)
    write_facts(facts, str(target), rules, lang=lang, encoding=csv_encoding, overwrite=overwrite)
    return facts


@given
def verify(
    policy: Rules = None,
    properties: Iterable[str] = (),
    *,
    bound: int | None = None,
    time_limit: int | None = None,
    jobs: int | None = None,
) -> Verification:
    """Prove properties of the rules over all small worlds, or find the smallest counterexample.

    `bound` replaces the size of worlds of each property, `time_limit` is in seconds for each
    search, `jobs` are searched at a time.
    """
    from pingan_logic.questions.verified import verification

    return verification(as_policy(policy), properties, bound, time_limit, jobs)


@given
def audit(policy: Rules = None) -> AuditLedger:
    """Set every sentence of the notice beside the rules and tests that answer it."""
    from pingan_logic.audit import audit as audit_policy

    return audit_policy(as_policy(policy))


@given
def lint(policy: Rules = None) -> Linted:
    """Check how the rules of a policy, or those in a folder or file, are written."""
    from pingan_logic.lint import Linted
    from pingan_logic.lint import lint as lint_policy
    from pingan_logic.rules.find import find_policy

    if not isinstance(policy, (str, Path, type(None))):
        policy = as_policy(policy).folder
    return Linted(tuple(lint_policy(find_policy(None) if policy is None else policy)))


@given
def params(policy: Rules = None) -> Params:
    """List every threshold, mark, target, switch and cost of a policy with its place."""
    from pingan_logic.policy.params import policy_params

    return policy_params(as_policy(policy))


@given
def show(policy: Rules = None) -> Sentences:
    """Set the words of each clause beside the sentence that the facts deciding it make."""
    from pingan_logic.policy.sentences import sentences

    return sentences(as_policy(policy))


@given
def expand(policy: Rules = None) -> Expanded:
    """Write out all rules of a policy as one program in plain clingo."""
    from pingan_logic.policy.expand import expand as expand_policy

    return expand_policy(as_policy(policy))


@given
def test(policy: Rules = None, path: str | Path | None = None) -> Tested:  # noqa: PT028
    """Run the cases of a policy, or those at `path`."""
    from pingan_logic.cases import Tested, load_cases, run_cases

    rules = as_policy(policy)
    cases = load_cases(rules.folder / "cases" if path is None else Path(path), rules)
    return Tested(rules, tuple(run_cases(cases, rules)))


def _of_data(
    data: Data, policy: Rules, year: int | None, as_of: date | None
) -> tuple[Facts, Rules, int | None, date | None]:
    """Return what is to be judged: by an assessment, its own data, policy, year and day."""
    if isinstance(data, Assessment):
        _refuse_beside(policy, year, as_of)
        return data.facts, data.policy, data.year, data.cut_off
    return data, policy, year, as_of


def _assessed(data: Any, policy: Rules, year: int | None, as_of: date | None) -> Assessment:
    if isinstance(data, Assessment):
        _refuse_beside(policy, year, as_of)
        return data
    return evaluate(data, policy, year, as_of=as_of)


def _of_unit(
    data: Any,
    unit: str,
    policy: Rules,
    year: int | None,
    as_of: date | None,
    *,
    alone: bool = False,
) -> tuple[Assessment, str]:
    """Return an assessment that holds a unit, and its id; `alone`: of nothing else."""
    if isinstance(data, Assessment):
        _refuse_beside(policy, year, as_of)
        return data, find_unit(data.facts, unit).id
    rules = as_policy(policy)
    facts = check_facts(facts_of(data), rules)
    found = find_unit(facts, unit).id
    if alone:
        return evaluate(facts, rules, year, as_of=as_of, unit=found), found
    latest = next(reversed(facts.years(rules.period)), None) if year is None else year
    return evaluate(slice_facts(facts, rules, found), rules, latest, as_of=as_of), found


def _refuse_beside(policy: Rules, year: int | None, as_of: date | None) -> None:
    given = {"--policy": policy, "--year": year, "--as-of": as_of}
    zh = "已给出判定结果，规则、年度、截止日以它为准，不能另给"
    en = "an assessment is given: its own policy, year and day hold, so name none beside it"
    problems = [Problem(name, zh, en) for name, value in given.items() if value is not None]
    if problems:
        raise RequestError(problems)
