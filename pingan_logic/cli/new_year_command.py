"""`new-year`: the next year's data workbook, from this year's register."""

from __future__ import annotations

import click

from pingan_logic.cli.options import PATH, Command, encoding_option, facts_first_option, help_option
from pingan_logic.cli.outputs import Inputs, check_outputs, overwrite_option
from pingan_logic.cli.running import read_facts, rules_for
from pingan_logic.cli.steps import checking, said
from pingan_logic.cli.terminal import progress, quiet_option, say
from pingan_logic.export.convert import check_target, write_facts
from pingan_logic.intake.database_url import shown_place
from pingan_logic.model import Facts

__all__ = ["command"]

EXAMPLES = (
    (
        "python -m pingan_logic new-year 2014.xlsx 2015.xlsx",
        "由2014年的填报表生成2015年的：名册照抄，其余留空",
        "next year's workbook: the register is carried over, the rest is empty",
    ),
)
_WORDS = {
    "zh": "已写出 {target}：沿用单位{units}行、变更{changes}行，其余各表留空。年内的增减、更名、"
    "划转请在“变更”表逐条登记。",
    "zh_lasting": "已写出 {target}：沿用单位{units}行、变更{changes}行、一直有效的数值{values}行，"
    "其余各表留空。年内的增减、更名、划转请在“变更”表逐条登记。",
    "en_lasting": "wrote {target}: {units} units, {changes} changes and {values} values that last "
    "carried over, all other tables empty. Record what opens, closes, moves or is renamed.",
    "en": "wrote {target}: {units} units and {changes} changes carried over, all other tables "
    "empty. Record what opens, closes, moves or is renamed.",
}


@click.command("new-year", cls=Command, examples=EXAMPLES)
@click.argument("old", type=PATH, metavar="OLD")
@click.argument("new", type=PATH, metavar="NEW")
@facts_first_option
@click.option("--policy", type=PATH, metavar="NAME|DIR", help="规则名称或文件夹 / policy")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language")
@encoding_option
@overwrite_option
@quiet_option
@help_option
def command(old: str, new: str, policy: str | None, lang: str, overwrite: bool) -> None:
    """开始下一年度：沿用名册，案（事）件、台账、得分等留空 / start the next year's data."""
    rules = rules_for(policy, lang)
    folder = check_target(new, overwrite=True)
    check_outputs({"NEW": new}, Inputs([old], [rules.folder]), overwrite=overwrite, folder=folder)
    facts = read_facts(old, rules, lang)
    lasting = [n for n, i in enumerate(facts.values.column("item")) if rules.inputs[i].lasting]
    kept = facts.values.take(lasting)
    register = Facts(units=facts.units, changes=facts.changes, values=kept)
    with progress(lang) as watch:
        write_facts(register, new, rules, lang=lang, overwrite=overwrite, watch=watch)
    shown = shown_place(new)
    counts = {"units": len(register.units), "changes": len(register.changes)}
    counts["values"] = len(kept)
    words = _WORDS[lang if not kept else f"{lang}_lasting"]
    say(words.format(target=shown, **counts))
    if further := said([(checking(new, {"since": old}), "")], lang, "filled"):
        say(further)
