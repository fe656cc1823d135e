"""The words of comparisons."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "comparing": ("正在比较", "comparing"),
    "whatif_head": ("比较：{before}；{after}", "Comparison: {before}; {after}"),
    "whatif_same": (
        "比较：{before}，改动前和改动后",
        "Comparison: {before}, before and after the change",
    ),
    "whatif_side": ("{year}，规则{policy}，数据{data}", "{year}, rules {policy}, data {data}"),
    "whatif_changes": ("改变：{changes}", "Changed: {changes}"),
    "whatif_data": ("数据按{file}增删", "rows added or removed by {file}"),
    "set_threshold": (
        "{clause}，要求由{old}改为{new}",
        "{clause}: {new} required instead of {old}",
    ),
    "set_asks_for": "comparison.set_threshold",
    "set_best_of": (
        "{clause}，名额由{old}改为{new}",
        "{clause}: {new} instead of {old}",
    ),
    "set_looks_back": (
        "{clause}，所看的年数由{old}年改为{new}年",
        "{clause}: over {new} years instead of {old}",
    ),
    "set_pass_mark": (
        "{clause}，分数线由{old}分改为{new}分",
        "{clause}: pass mark {new} instead of {old}",
    ),
    "set_target": ("{kind}的目标由{old}改为{new}", "target for {kind}: {new} instead of {old}"),
    "reading": ("适用口径（第{n}条）", "reading {n}: "),
    "set_switch": ("{reading}{old}，改为{new}", "{reading}{new} (was: {old})"),
    "flips": ("结论不同的单位{n}个", "Units with another verdict: {n}"),
    "flip": ("{unit}：{before}→{after}", "{unit}: {before} → {after}"),
    "flip_by": ("依据{clauses}", "basis {clauses}"),
    "direction": ("{before}→{after}{n}个", "{before} → {after}: {n}"),
    "beneath": (
        "结论相同、标准或条款的结论不同的单位{n}个",
        "Units with the same verdict but another by a standard or of a clause: {n}",
    ),
    "statuses": ("{name} {before}→{after}", "{name} {before} → {after}"),
    "by_standard": ("按{kind}标准", "by the standard for {kind}"),
    "unjudged": ("不适用", "not judged"),
    "only_before": ("只在前者中参评：{units}", "judged only in the first: {units}"),
    "only_after": ("只在后者中参评：{units}", "judged only in the second: {units}"),
    "no_flips": ("没有一个单位的结论不同", "no unit has another verdict"),
    "switch_head": (
        "各条适用口径改用其他取值，对{year}判定结果的影响：",
        "What each other value of each reading would change, {year}:",
    ),
    "switch_line": ("{reading}{value}，改为{other}", "{reading}{other} (now: {value})"),
    "switch_none": ("没有影响", "nothing"),
    "switch_some": (
        "{n}个单位的结论不同（{directions}）",
        "units with another verdict: {n} ({directions})",
    ),
    "switch_beneath": (
        "{n}个单位只是标准或条款的结论不同",
        "units with another verdict only by a standard or of a clause: {n}",
    ),
    "switch_only": ("参评的单位不同{n}个", "units judged in one of the two only: {n}"),
    "more_units": "common.and_more",
}

WORDS = in_languages("comparison", TEXTS)
