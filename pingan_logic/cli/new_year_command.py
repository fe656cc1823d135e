"""`new-year`: the data of the next period, from the register and the results of this one."""

from __future__ import annotations

from collections.abc import Iterator

import click

from pingan_logic.cli.options import PATH, Command, encoding_option, facts_first_option, help_option
from pingan_logic.cli.outputs import Inputs, check_outputs, overwrite_option
from pingan_logic.cli.running import read_facts, rules_for, say_notices
from pingan_logic.cli.steps import checking, said
from pingan_logic.cli.terminal import progress, quiet_option, say, watching
from pingan_logic.explain.text import unit_title
from pingan_logic.export.convert import check_target, write_facts
from pingan_logic.intake.database_url import shown_place
from pingan_logic.messages.command import WORDS as SAID
from pingan_logic.messages.new_year import WORDS
from pingan_logic.model import Facts, Value
from pingan_logic.programme.results_before import ItemResults, ResultsBefore, results_before
from pingan_logic.questions.catalogue import YEAR

__all__ = ["command"]

EXAMPLES = (
    (
        "python -m pingan_logic new-year 2014.xlsx 2015.xlsx",
        "由2014年的填报表生成2015年的：名册照抄，其余留空",
        "next year's workbook: the register is carried over, the rest is empty",
    ),
)
_FIRST = 10
"""How many units a line names."""


@click.command("new-year", cls=Command, examples=EXAMPLES)
@click.argument("old", type=PATH, metavar="OLD")
@click.argument("new", type=PATH, metavar="NEW")
@facts_first_option
@click.option(
    YEAR.flag,
    type=int,
    metavar=YEAR.metavar,
    help="OLD 的年度，上期结果由它的判定得出 / year of OLD, of which results are judged",
)
@click.option("--policy", type=PATH, metavar="NAME|DIR", help="规则名称或文件夹 / policy")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language")
@encoding_option
@overwrite_option
@quiet_option
@help_option
def command(
    old: str, new: str, year: int | None, policy: str | None, lang: str, overwrite: bool
) -> None:
    """开始下一年度：沿用名册，登记上期结果，其余留空 / start the next year's data."""
    rules = rules_for(policy, lang)
    folder = check_target(new, overwrite=True)
    check_outputs({"NEW": new}, Inputs([old], [rules.folder]), overwrite=overwrite, folder=folder)
    facts = read_facts(old, rules, lang)
    kept = [v for v in facts.values if rules.inputs[v.item].lasting]
    before = None
    if year is not None or rules.result_items:
        with watching(SAID[lang]["judging"]):
            before = results_before(facts, rules, year)
    results: list[Value] = [] if before is None else before.values
    register = Facts(units=facts.units, changes=facts.changes, values=[*kept, *results])
    with progress(lang) as watch:
        write_facts(register, new, rules, lang=lang, overwrite=overwrite, watch=watch)
    counts = {"units": len(register.units), "changes": len(register.changes), "values": len(kept)}
    words = WORDS[lang]["written_lasting" if kept else "written"]
    say(words.format(target=shown_place(new), **counts))
    if further := said([(checking(new, {"since": old}), "")], lang, "filled"):
        say(further)
    if before is not None:
        if not before.assessment.preliminary:
            say_notices(before.assessment, lang)
        for results_of in before.of_items:
            for line in _lines(before, results_of, lang):
                say(line)


def _lines(before: ResultsBefore, found: ItemResults, lang: str) -> Iterator[str]:
    """Say what became of an item that records the results of the period before."""
    w, a = WORDS[lang], before.assessment
    words = {
        "item": found.item.en if lang == "en" else found.item.zh,
        "old": a.policy.period.said(a.year, lang),
        "new": a.policy.period.said(before.recorded_in, lang),
    }
    if found.stated:
        yield w["stated"].format(n=len(found.stated), **words)
    if a.preliminary:
        yield w["not_over"].format(**words)
        return
    yield w["computed"].format(n=len(found.computed), **words)
    if found.differing:
        differing = [
            w["differs"].format(
                unit=unit_title(a.units[stated.unit], lang),
                stated=found.item.said(stated.value, lang),
                judged=found.item.said(judged.value, lang),
            )
            for stated, judged in found.differing
        ]
        yield w["differing"].format(n=len(differing), units=_first(differing, lang), **words)
    if found.open:
        titles = [unit_title(a.units[u], lang) for u in found.open]
        yield w["open"].format(n=len(titles), units=_first(titles, lang), **words)


def _first(names: list[str], lang: str) -> str:
    """Name the first of several, and say how many there are if those are not all."""
    w = WORDS[lang]
    more = w["more_units"].format(n=len(names)) if len(names) > _FIRST else ""
    return w["list"].join(names[:_FIRST]) + more
