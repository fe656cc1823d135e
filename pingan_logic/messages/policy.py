"""The words of what a policy says in sentences."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "any": ("没有计入的{types}", "no {types} counts"),
    "at_least": (
        "没有计入的等级为“{grade}”及以上的{types}，未定级的待核",
        "no {types} graded “{grade}” or above counts, and an ungraded one leaves it undetermined",
    ),
    "liable_at_least": (
        "没有计入的等级为“{grade}”及以上、认定有责任的{types}，未定级、未认定的待核",
        "no {types} graded “{grade}” or above with liability counts, and one without grade or "
        "finding leaves it undetermined",
    ),
    "repeated": (
        "计入的{types}全年少于{grade}起",
        "fewer than {grade} of these count in the year: {types}",
    ),
    "repeated_in_period": (
        "计入的{types}在期间内少于{grade}起",
        "fewer than {grade} of these count in the period: {types}",
    ),
    "back": (
        "看{years}年（含判定年度），{said}",
        "over {years} years, with the year judged, {said}",
    ),
    "back_in_period": (
        "看{years}年（含判定的期间），{said}",
        "over {years} years, with the period judged, {said}",
    ),
    "repeated_back": (
        "计入的{types}合计少于{grade}起",
        "fewer than {grade} of these count together: {types}",
    ),
    "ledgers_back": (
        "缺其中一年台账的待核",
        "without the ledgers of one of the years it is undetermined",
    ),
    "ledgers_back_in_period": (
        "缺其中一个期间台账的待核",
        "without the ledgers of one of the periods it is undetermined",
    ),
    "ledgers": ("缺台账的待核", "without the ledgers it is undetermined"),
    "share": (
        "辖内{kinds}中达标的不少于{rate}，待核的只放宽上限；没有{kinds}的待核，申报“不适用”的除外",
        "at least {rate} of the units inside ({kinds}) are met, undetermined ones only widen "
        "the upper bound; without such units it is undetermined, unless declared not applicable",
    ),
    "share_of_levels": (
        "辖内{units}中达到{kinds}的不少于{rate}，待核的只放宽上限；没有{units}的待核，申报“不适用”的除外",
        "at least {rate} of the units inside ({units}) reach {kinds}, undetermined ones only widen "
        "the upper bound; without such units it is undetermined, unless declared not applicable",
    ),
    "mark": (
        "年度考评得分不低于{mark}分，没有登记的待核",
        "the annual score is at least {mark}, and undetermined until recorded",
    ),
    "poll": (
        "民调达到要求，或者名次不低于上级的要求；没有登记民调或要求的待核",
        "the poll meets the requirement, or its rank is not below the one required; "
        "undetermined until both are recorded",
    ),
    "one_part": ("以下{n}项有一项达标即达标：{parts}", "one of these {n} will do: {parts}"),
    "every_part": ("以下{n}项都达标才达标：{parts}", "each of these {n} is required: {parts}"),
    "nth": ("（{n}）{said}", "({n}) {said}"),
    "period": (
        "判定期间：{length}，如{period}",
        "one judgement looks at: {length}, such as {period}",
    ),
    "own": ("由这份通知自己的规则判定", "rules of this notice's own decide it"),
    "level": ("{title}（{kind}的第{n}级）", "{title} (level {n} of {kind})"),
    "level_with": (
        "{title}（{kind}的第{n}级，包含{others}的各条）",
        "{title} (level {n} of {kind}, with the clauses of {others})",
    ),
    "list": "common.list",
    "semicolon": "common.semicolon",
    "stop": "common.stop",
    "notice": ("原文：", "notice: "),
    "rules": ("规则：", "rules: "),
}

WORDS = in_languages("policy", TEXTS)
