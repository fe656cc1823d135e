"""The words of the programme."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "year": "common.year",
    "county": ("全县", "whole county"),
    "body": ("办理机关", "body"),
    "office": ("所在", "of"),
    "role": ("事项", "role"),
    "scope": ("范围", "scope"),
    "preliminary_result": ("结论（含预评）", "result (preliminary)"),
    "preliminary_year": ("{year}预评", "{year} preliminary"),
    "head": ("目标任务完成情况：{year}（{stage}）", "Targets of the programme: {year} ({stage})"),
    "basis": ("依据{notice}（规则 {policy}）。", "By {notice} (rules {policy}). "),
    "counts": (
        "{n}项目标：已达到{proven_met}，达不到{proven_missed}，待核{open}。",
        "Targets: {n}; {proven_met} reached, {proven_missed} out of reach, {open} undetermined.",
    ),
    "no_targets": "common.no_targets",
    "span": ("创建活动{years}年，{stage}", "{years}, {stage}"),
    "span_of_periods": ("创建活动{span}，{stage}", "{span}, {stage}"),
    "years": "common.from_to",
    "final": ("期满，本年度为期末结果", "the programme is over: final result"),
    "progress": ("尚未期满，本年度为进展", "the programme is not over: progress"),
    "outside": ("本年度不在创建活动期内", "the year is outside the programme"),
    "attainment": ("全县达标率与目标", "Attainment rate against target, whole county"),
    "trend": ("逐年达标率（全县）", "Attainment rate by year, whole county"),
    "lists": (
        "各机关名单（按本年度判定结果列出，供核对，不是授牌决定；达标不等于授牌）",
        "Lists of the bodies (by the verdicts of the year, to be checked; being met is not the "
        "award)",
    ),
    "of_kind": ("{kind}{n}{measure}", "{kind} {n}"),
    "result": ("结果", "result"),
    "short": "common.short",
    "proven_met": ("已达到", "reached"),
    "proven_missed": ("达不到", "out of reach"),
    "open": "common.undetermined",
    "no_target": ("无目标", "none"),
    "no_units": ("无应评", "no units"),
    "short_of": "common.members",
    "more": ("等{n}个（--all 全部列出）", " and others, {n} in all (--all lists every one)"),
    "unknown_office": ("（数据未写明所在）", "(not stated in the data)"),
    "statuses": (
        "达标{met}，未达标{failed}，待核{undetermined}",
        "{met} met, {failed} not met, {undetermined} undetermined",
    ),
    "statuses_level": (
        "达到{met}，没有达到{failed}，待核{undetermined}",
        "{met} reach it, {failed} do not, {undetermined} undetermined",
    ),
    "none": "common.none",
}

WORDS = in_languages("programme", TEXTS)
