"""The words of values that clauses measure."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "at_least": "common.at_least",
    "at_most": ("不高于{n}", "at most {n}"),
    "above": ("高于{n}", "more than {n}"),
    "below": ("低于{n}", "less than {n}"),
    "rank_at_least": ("{n}或以后", "{n} or worse"),
    "rank_at_most": ("{n}以内", "{n} or better"),
    "rank_above": ("在{n}以后", "worse than {n}"),
    "rank_below": ("在{n}以前", "better than {n}"),
    "date_at_least": ("不早于{n}", "{n} or later"),
    "date_at_most": ("不晚于{n}", "{n} or earlier"),
    "date_above": ("晚于{n}", "after {n}"),
    "date_below": ("早于{n}", "before {n}"),
    "years": ("{n}年之内", "no older than {n} years"),
    "any_date": ("有", "any date"),
    "to_be": ("为“{n}”", "“{n}”"),
    "step": ("{n}档", "{n} step"),
    "steps": ("{n}档", "{n} steps"),
    "ratio": ("两者之比{required}", "a ratio of {required}"),
    "given": ("{required}（上级规定）", "{required} (from above)"),
    "to_be_given": ("达到上级规定的{name}", "what is required from above: {name}"),
    "value": ("{name}：{value}；要求{required}", "{name}: {value}; required: {required}"),
    "rate": (
        "{name} {value}，{other} {of}；要求{required}",
        "{name} {value}, {other} {of}; required: {required}",
    ),
    "so_far": ("已计入{value}", "{value} so far"),
    "points": ("{name}{value}；要求{required}", "{name}: {value}; required: {required}"),
    "at_most_points": ("至多{n}", "at most {n}"),
    "low_to_high": ("{low}至{high}", "{low} to {high}"),
    "of_values": ("计分的：{values}", "values that count: {values}"),
    "of_value": ("{name} {value}", "{name} {value}"),
    "unrecorded_values": ("没有登记：{names}", "not recorded: {names}"),
    "says_points": ("{name}{required}：{parts}", "{name} are {required}: {parts}"),
    "base": ("起评{n}", "they begin with {n}"),
    "adds": ("{name}每{one}加{n}", "{name} adds {n} for each {one}"),
    "takes": ("{name}每{one}扣{n}", "{name} takes {n} for each {one}"),
    "adds_yes": ("{name}为“{one}”加{n}", "{name} adds {n} if it is “{one}”"),
    "takes_yes": ("{name}为“{one}”扣{n}", "{name} takes {n} if it is “{one}”"),
    "limits": ("（{names}）合计按{low}至{high}计", "({names}) together count {low} to {high}"),
    "open_points": (
        "，没有登记、缺台账的，按范围的两端计，待核",
        ", and undetermined while values or ledgers that may tell are not recorded",
    ),
    "semicolon": "common.semicolon",
    "lacking": ("没有登记{names}；要求{required}", "not recorded: {names}; required: {required}"),
    "of_before": ("{name}（上一期间的结论）", "{name} (what the period before came to)"),
    "to_judge_before": (
        "数据中有上一期间（{period}），用 new-year 由它的判定得出",
        "the data holds the period before ({period}): new-year judges it",
    ),
    "not_claimed": (
        "没有登记{name}，按没有计；要求{required}",
        "{name} is not recorded and counts as none; required: {required}",
    ),
    "list": "common.list",
    "says": ("{name}{required}", "{name} is {required}"),
    "says_yes_no": ("{name}为“{required}”", "{name} is “{required}”"),
    "says_any_date": ("有{name}", "there is a date of {name}"),
    "says_within_years": (
        "{name}的日期在判定期间末日之前{n}年之内",
        "the date of {name} is no more than {n} years before the last day of the period judged",
    ),
    "says_rate": ("{name}与{other}之比{required}", "the ratio of {name} to {other} is {required}"),
    "says_at_least": (
        "{name}不低于上级对这类单位规定的{given}",
        "{name} is at least the {given} that is set from above for the kind",
    ),
    "says_at_most": (
        "{name}不高于上级对这类单位规定的{given}",
        "{name} is at most the {given} that is set from above for the kind",
    ),
    "says_above": (
        "{name}高于上级对这类单位规定的{given}",
        "{name} is more than the {given} that is set from above for the kind",
    ),
    "says_below": (
        "{name}低于上级对这类单位规定的{given}",
        "{name} is less than the {given} that is set from above for the kind",
    ),
    "says_rank_at_least": (
        "{name}不在上级对这类单位规定的{given}以前",
        "{name} is not better than the {given} that is set from above for the kind",
    ),
    "says_rank_at_most": (
        "{name}不在上级对这类单位规定的{given}以后",
        "{name} is not worse than the {given} that is set from above for the kind",
    ),
    "says_rank_above": (
        "{name}在上级对这类单位规定的{given}以后",
        "{name} is worse than the {given} that is set from above for the kind",
    ),
    "says_rank_below": (
        "{name}在上级对这类单位规定的{given}以前",
        "{name} is better than the {given} that is set from above for the kind",
    ),
    "lasts": ("最近一次登记的{said}", "as last recorded, {said}"),
    "says_tally": (
        "判定期间计入的{name}与{other}之比{required}",
        "the ratio of {name}, as they count in the period judged, to {other} is {required}",
    ),
    "best_number": ("前{n}名", "the first {n}"),
    "best_share": ("前{n}", "the first {n}"),
    "best_now": ("{quota}，现须{required}", "{quota}, now {required}"),
    "best_open": (
        "{quota}，界线待其他单位补记",
        "{quota}; the mark awaits the records of others",
    ),
    "among_all": ("全部{kind}", "all units of this kind ({kind})"),
    "among_inside": (
        "每个{container}辖内的{kind}",
        "the units of this kind ({kind}) in each {container}",
    ),
    "tied_in": ("并列的都算", "all that tie are in"),
    "tied_out": ("并列的超出名额都不算", "those that tie beyond the number are out"),
    "says_best": (
        "在{among}中，{name}{order}排在{quota}，{ties}；别的没有登记的，可能排在前面的待核",
        "among {among}, {name} is one of {quota}, {order}, and {ties}; where others are "
        "not recorded that may be ahead it is undetermined",
    ),
    "highest_first": ("从高到低", "the highest first"),
    "lowest_first": ("从低到高", "the lowest first"),
    "open": ("，没有登记的待核", ", and undetermined until recorded"),
    "open_tally": (
        "，没有登记{other}、缺台账的待核",
        ", and undetermined until {other} and the ledgers are recorded",
    ),
    "open_graded": (
        "，没有登记{other}、缺台账，或者未定级的可能使它超出的，待核",
        ", and undetermined until {other} and the ledgers are recorded, or while one without "
        "grade may take it beyond that",
    ),
    "none": ("，没有登记的按没有计", ", and none counts where it is not recorded"),
}

WORDS = in_languages("measures", TEXTS)
