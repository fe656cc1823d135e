"""The words of the data of the next period."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "written": (
        "已写出 {target}：沿用单位{units}行、变更{changes}行，其余各表留空。年内的增减、更名、"
        "划转请在“变更”表逐条登记。",
        "wrote {target}: {units} units and {changes} changes carried over, all other tables "
        "empty. Record what opens, closes, moves or is renamed.",
    ),
    "written_lasting": (
        "已写出 {target}：沿用单位{units}行、变更{changes}行、一直有效的数值{values}行，"
        "其余各表留空。年内的增减、更名、划转请在“变更”表逐条登记。",
        "wrote {target}: {units} units, {changes} changes and {values} values that last "
        "carried over, all other tables empty. Record what opens, closes, moves or is renamed.",
    ),
    "computed": (
        "“{item}”：由{old}的判定得出{n}个单位，登记在{new}。",
        "“{item}”: units judged for {old} and recorded for {new}: {n}.",
    ),
    "stated": (
        "“{item}”：原来登记在{new}的{n}个单位照旧。",
        "“{item}”: units that were recorded for {new} and stay as they are: {n}.",
    ),
    "differing": (
        "“{item}”：{n}个单位登记的与判定不同，照登记的：{units}。请核对。",
        "“{item}”: recorded other than judged, and kept as recorded ({n}): {units}. Compare them.",
    ),
    "differs": (
        "{unit}登记“{stated}”、判定“{judged}”",
        "{unit}, recorded “{stated}”, judged “{judged}”",
    ),
    "open": (
        "“{item}”：{n}个单位待核，没有填：{units}。补齐{old}的记录后再运行，或者自己登记。",
        "“{item}”: undetermined and left empty ({n}): {units}. Complete the records of {old} and "
        "run it again, or record them yourself.",
    ),
    "not_over": (
        "“{item}”没有计算：{old}还没有结束。结束以后再运行；数据说的是以前的，用 --year 写明。",
        "“{item}” was not computed: {old} is not over. Run it again then; if the data is about "
        "an earlier one, say so with --year.",
    ),
    "list": "common.list",
    "more_units": "common.more_units",
}

WORDS = in_languages("new_year", TEXTS)
