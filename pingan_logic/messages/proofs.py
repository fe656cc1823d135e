"""The words of proofs, and the worlds that refute a claim."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "holds": ("成立", "holds"),
    "refuted": ("有反例", "refuted"),
    "unfinished": ("超时未完成", "unfinished (time limit)"),
    "mixed": ("分项不同", "differs by aim"),
    "verify_line": ("[{mark}] {name}：{claim}", "[{mark}] {name}: {claim}"),
    "as_expected": ("符合预期", "as expected"),
    "unexpected": ("与预期不符", "UNEXPECTED"),
    "result": ("结果：{result}（预期：{expected}）", "result: {result} (expected: {expected})"),
    "result_many": (
        "结果：{refuted}项有反例，{holds}项成立（共{n}项）",
        "result: {refuted} refuted, {holds} hold (of {n})",
    ),
    "bound": (
        "范围：{sizes}（至多{n}个单位、{incidents}起事件）",
        "bound: {sizes} (units: {n} at most; incidents: {incidents})",
    ),
    "bound_none": ("范围：只看规则本身", "bound: the rules alone"),
    "holds_up_to": (
        "对至多{n}个单位的所有可能数据逐一检验，没有反例",
        "no counterexample in any data of up to {n} units",
    ),
    "static_holds": ("规则本身没有反例", "no counterexample in the rules"),
    "smallest": (
        "最小的反例（已证明）：{units}个单位、{incidents}起事件",
        "smallest counterexample (proven): {units} units, {incidents} incidents",
    ),
    "not_smallest": (
        "目前找到的反例（时限已到，未证明最小）：{units}个单位、{incidents}起事件",
        "best counterexample so far (time limit, not proven smallest): {units} units, "
        "{incidents} incidents",
    ),
    "static": ("反例：{subjects}", "counterexample: {subjects}"),
    "before": ("变化前：", "before the change:"),
    "after": ("变化后：", "after the change:"),
    "range": ("{first} 至 {last} 共{n}{measure}", "{first} to {last} ({n} in all)"),
    "in": ("在 {parent}", "in {parent}"),
    "each": ("各{n}{measure}", "{n} each"),
    "incidents": ("事件", "incidents"),
    "ledgers": ("台账", "ledgers"),
    "every_item": ("全部事项", "every item"),
    "scores": ("得分", "scores"),
    "polls": ("民调", "polls"),
    "requirement": ("上级要求：第{rank}名以内", "requirement: rank {rank} or better"),
    "rank": ("第{rank}名", "rank {rank}"),
    "poll_met": ("达到要求", "requirement met"),
    "poll_failed": ("未达到要求", "requirement not met"),
    "county_affiliated": ("县属", "county-affiliated"),
    "declared": ("申报不适用", "declared not applicable"),
    "verdicts": ("结论", "verdicts"),
    "refused": ("拒绝判定", "refused to judge"),
    "cut_off": ("数据截至{day}", "data up to {day}"),
    "replay": ("重放：{command}", "replay: {command}"),
    "summary": (
        "{n}个性质，{ok}个符合预期，{bad}个不符；用时{seconds}秒",
        "properties: {n}; as expected: {ok}; not as expected: {bad}; {seconds} s",
    ),
    "verifying": ("正在证明", "proving"),
}

WORDS = in_languages("proofs", TEXTS)
