"""What commands do with their options: rules and data read, judged and written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pingan_logic.catalogue import Policy, check_language
from pingan_logic.cli.options import read_tables
from pingan_logic.cli.terminal import progress, say, watching
from pingan_logic.errors import Problem, RequestError
from pingan_logic.evaluation import evaluate
from pingan_logic.explain import notices_text
from pingan_logic.files import replace_file
from pingan_logic.intake import to_facts
from pingan_logic.intake.source import Source
from pingan_logic.memory import without_collector
from pingan_logic.messages.command import WORDS as SAID
from pingan_logic.messages.explain import WORDS
from pingan_logic.model import Facts
from pingan_logic.rules.differences import differences
from pingan_logic.rules.find import sample_county
from pingan_logic.search import find_unit
from pingan_logic.solving.load_policy import load_policy
from pingan_logic.solving.program import read_rules
from pingan_logic.verdicts import Assessment

if TYPE_CHECKING:
    from pingan_logic.programme import Programme

__all__ = [
    "assess",
    "assess_programme",
    "day_of",
    "facts_path",
    "read_facts",
    "read_to_ask",
    "rules_for",
    "say_notices",
    "say_passed_over",
    "write_certificate",
]


def rules_for(policy: str | None, lang: str) -> Policy:
    """Load the policy; in English every clause must have its English words."""
    rules = load_policy(policy)
    say_differences(rules, lang)
    check_language(rules, lang, "--policy")
    return rules


def say_differences(rules: Policy, lang: str) -> None:
    """Say on standard error in which rules a policy differs from the shipped one."""
    found = differences(rules.folder, read_rules)
    if found is None or not found[1]:
        return
    name, some = found
    more = len(some) - _DIFFERENCES
    lines = [d.words(lang) for d in some[:_DIFFERENCES]]
    if more > 0:
        lines.append(f"… {more} more" if lang == "en" else f"……另有{more}处")
    say("\n  ".join([_DIFFER[lang].format(name=name, n=len(some)), *lines]))


_DIFFERENCES = 10


_DIFFER = {
    "zh": "提示：规则与自带的 {name} 有{n}处不同",
    "en": "note: the rules differ from the shipped {name} in {n} places",
}


def facts_path(facts: str | None, policy: Path, lang: str) -> str:
    """Return the path of the data; that of the sample of a policy, said so, when none is named."""
    if facts is not None:
        return facts
    sample = sample_county(policy)
    say(WORDS[lang]["sample"])
    return str(sample)


def day_of(as_of: str | None) -> date | None:
    """Read `--as-of`."""
    try:
        return None if as_of is None else date.fromisoformat(as_of)
    except ValueError:
        raise RequestError(
            [Problem("--as-of", "应为日期，如 2014-06-30", "expected a date", as_of)]
        ) from None


def read_facts(facts: str | None, rules: Policy, lang: str) -> Facts:
    """Read the data with a progress bar, and say what was passed over on standard error."""
    path = facts_path(facts, rules.folder, lang)
    with without_collector(), watching("reading …" if lang == "en" else "读取中 …"):
        source = read_tables(path)
    with without_collector(), progress(lang) as watch:
        read = to_facts(source, rules, watch=watch)
    say_passed_over(source, lang)
    return read


def say_passed_over(source: Source, lang: str) -> None:
    """Say on standard error what reading passed over."""
    for zh, en in source.notices:
        say(f"{WORDS[lang]['notice']}{WORDS[lang]['colon']}{en if lang == 'en' else zh}")


def assess(
    facts: str | None, year: int | None, policy: str | None, lang: str, as_of: str | None
) -> Assessment:
    """Read data and policy, judge for a list, and say the notices on standard error."""
    rules = rules_for(policy, lang)
    day = day_of(as_of)
    data = read_facts(facts, rules, lang)
    with watching(SAID[lang]["judging"]):
        result = evaluate(data, rules, year, as_of=day, shares=False)
    say_notices(result, lang)
    return result


def read_to_ask(
    unit: str, facts: str | None, policy: str | None, lang: str, as_of: str | None
) -> tuple[Facts, Policy, date | None, str]:
    """Read policy, day and data, and return them with the id of the unit that `unit` means: an id,
    a name or a part of a name. What was found by name is said."""
    rules = rules_for(policy, lang)
    day = day_of(as_of)
    data = read_facts(facts, rules, lang)
    found = find_unit(data, unit)
    if found.id != unit:
        say(_FOUND[lang].format(unit=f"{found.id} {found.name}"))
    return data, rules, day, found.id


_FOUND = {"zh": "提示：按名称找到 {unit}", "en": "note: found by name: {unit}"}


def write_certificate(
    result: Assessment, facts: str | None, target: Path, lang: str, *, overwrite: bool
) -> None:
    """Write the certificate of a run over the data at `facts` (None: the sample of its policy)."""
    from pingan_logic.certificate import certificate

    path = sample_county(result.policy.folder) if facts is None else Path(facts)
    with watching("certifying …" if lang == "en" else "写核验凭证 …"):
        # standard input, pipes and databases are no files that could be hashed
        lines = certificate(result, path if path.is_file() or path.is_dir() else None)
        replace_file(target, b"".join(lines), overwrite=overwrite)


def assess_programme(
    facts: str | None, year: int | None, policy: str | None, lang: str, as_of: str | None
) -> Programme:
    """Read data and policy, judge the years up to `year`, and say the notices."""
    from pingan_logic.programme import programme

    rules = rules_for(policy, lang)
    day = day_of(as_of)
    data = read_facts(facts, rules, lang)
    with watching(SAID[lang]["judging"]):
        result = programme(data, rules, year, as_of=day)
    say_notices(result.current, lang)
    return result


def say_notices(result: Assessment, lang: str, *, part: bool = False) -> None:
    """Print what the run has to say beside its answer on standard error; of a `part` of the data
    nothing about whole kinds, of which there may be more units outside."""
    kinds = {n for n, x in result.notices if x in result.policy.kinds and x not in result.units}
    only = {n for n, _ in result.notices} - kinds if part else None
    for line in notices_text(result, lang, only=only):
        say(line)


def echo(pieces: Iterable[str]) -> None:
    """Print an answer piece by piece."""
    for piece in pieces:
        click.echo(piece, nl=False, color=True)
