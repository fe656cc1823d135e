"""The words of records still needed, and margins."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "open": "common.open_bracket",
    "close": "common.close_bracket",
    "comma": "common.comma",
    "list": "common.list",
    "end": "common.stop",
    "more_units": ("等{n}个", ", {n} in all"),
    "settled": ("结论已定，没有待补记录。", "It is decided: no record is needed."),
    "settled_ahead": (
        "没有待补记录；{year}结束以后才能作出结论。",
        "No record is needed; it can be decided when {year} is over.",
    ),
    "records": (
        "待补记录{n}份。补齐以后，无论结果如何，都能作出结论。",
        "Records still needed: {n}. With them it is decided, whatever they say.",
    ),
    "records_partly": (
        "待补记录{n}份。补齐以后，除以下说明的条款以外，都能作出结论。",
        "Records still needed: {n}. With them all is decided but the clauses named below.",
    ),
    "lower": (
        "时限内没有证明这是最少的；至少需要{n}份。",
        "Not proven to be the fewest in the time given; at least {n} are needed.",
    ),
    "undecided": (
        "时限已到：补录记录不能使哪些条款得出结论，没有查完。",
        "Time limit reached: which clauses no record can decide is not settled.",
    ),
    "record": ("记录", "record"),
    "held": ("登记在", "held by"),
    "item": ("项目", "item"),
    "ledger": ("台账{n}份", "ledger: {n}"),
    "grade": ("定级{n}份", "grade: {n}"),
    "liability": ("责任认定{n}份", "liability: {n}"),
    "score": ("考评得分1份", "score: 1"),
    "poll": ("民调结果1份", "survey result: 1"),
    "requirement": ("名次要求1份", "rank required: 1"),
    "value": ("数值{n}份", "value: {n}"),
    "incident": ("案事件{id}（{type}，{date}）", "incident {id} ({type}, {date})"),
    "score_item": ("年度考评得分", "annual score"),
    "poll_item": ("综治民调结果", "survey result"),
    "requirement_item": ("上级下达的名次要求", "rank required by the higher authority"),
    "authority": ("上级", "higher authority"),
    "year_item": ("{item}（{year}）", "{item} ({year})"),
    "ahead": (
        "其中{n}份要到{end}才能完成：台账。",
        "Only at {end}: {n} (ledgers).",
    ),
    "how_ledger": (
        "确无此类案事件的，登记零报告；有的，登记在“案事件”表。",
        "Where nothing happened, file a nil return; what did happen goes into the sheet of "
        "incidents.",
    ),
    "how_grade": (
        "未定级、未认定责任的，请有权机关依法定级、认定。",
        "Have the competent authority grade it and establish liability.",
    ),
    "how_said": (
        "得分、民调结果和名次要求，以有权机关公布的为准。",
        "Scores, survey results and required ranks are those that are published.",
    ),
    "how_value": (
        "数值登记在“数值”表，以有权机关核定的为准。",
        "Values go into the table of values, as the competent authority confirms them.",
    ),
    "verdict_after": ("补齐以后，以判定为准。", "After that the data is judged."),
    "no_members": (
        "没有登记辖内{kind}，无法计算比例：{unit}，{clause}。确有的，请在“单位”表补录；确无的，"
        "请申报“不适用”并写明理由。",
        "No {kind} is registered inside, so there is no share: {unit}, {clause}. Add them, or "
        "declare the clause not applicable with the reason.",
    ),
    "unsettled": (
        "补录记录不能使这一条得出结论：{unit}，{clause}。",
        "No record can decide this clause: {unit}, {clause}.",
    ),
    "margins": ("各条的余量", "margin of each clause"),
    "measured": "common.actual",
    "required": ("要求", "required"),
    "to_spare": ("余量", "to spare"),
    "prohibitions": ("{source} {name}（{n}条）", "{source} prohibitions ({n})"),
    "prohibited": ("禁止事项", "prohibitions"),
    "matter": ("{source} {clause}：{matter}", "{source} {clause}: {matter}"),
    "none": ("无", "none"),
    "unknown": "common.undetermined",
    "incidents": ("{n}起", "{n}"),
    "members": "common.members",
    "members_short": ("差{n}{measure}", "{n} short"),
    "points": ("{n}分", "{n} points"),
    "points_short": ("差{n}分", "{n} points short"),
    "ranks": ("{n}名", "{n}"),
    "ranks_short": ("差{n}名", "{n} short"),
    "value_spare": ("{n}", "{n}"),
    "value_short": ("差{n}", "{n} short"),
    "over": ("多{n}起", "{n} too many"),
    "rank": ("第{n}名", "rank {n}"),
    "rank_limit": ("前{n}名内", "{n} or better"),
    "fewer_than": "common.fewer_than",
    "polled": ("达到要求", "met"),
    "polled_failed": ("未达到要求", "not met"),
    "at_least": ("至少{spare}", "at least {spare}"),
    "to": "common.to",
    "so_far": (
        "时限已到：以下是已证明的，没有查完。",
        "Time limit reached: this is what is proven; the rest is not settled.",
    ),
    "met": "common.met",
    "not_met": ("{status}，不计算余量。", "It is {status}: there is no margin."),
    "kept": ("仍然达标", "it is still met"),
    "kept_level": ("仍达到{level}", "it still reaches {level}"),
    "lost": "common.failed",
    "lost_level": ("达不到{level}", "fall below {level}"),
    "lose": (
        "再有{n}{measure}{kind}未达标，{kept}；再有{m}{measure}，就可能{lost}（例如{names}）。",
        "{n} more of them ({kind}) may fall short and {kept}; {m} more can make it "
        "{lost}, for example {names}.",
    ),
    "lose_one": (
        "没有余量：再有1{measure}{kind}未达标，就可能{lost}（例如{names}）。",
        "Nothing to spare: one more of them ({kind}) that falls short can make it {lost}, for "
        "example {names}.",
    ),
    "lose_so_far": (
        "已证明再有{n}{measure}{kind}未达标{kept}；更多的没有查完。",
        "{n} more of them ({kind}) may fall short and {kept} (proven); with more it "
        "is not settled.",
    ),
    "lose_any": (
        "{kind}无论多少{measure}未达标，都不影响结论。",
        "However many of them ({kind}) are not met, the verdict stays.",
    ),
    "falls": (
        "连带影响最大的一个：{unit}未达标时，{falls}也不再达标。",
        "Widest knock-on effect: if {unit} were not met, neither would be {falls}.",
    ),
    "falls_level": (
        "连带影响最大的一个：{unit}未达标或降级时，{falls}也不再达标或降级。",
        "Widest knock-on effect: if {unit} were not met, or lost its level, so would {falls}.",
    ),
    "falls_so_far": (
        "时限内没有查到连带影响。",
        "No knock-on effect was found within the time limit.",
    ),
    "falls_none": (
        "辖内任何一个单位未达标，都不影响所在单位的结论。",
        "No single unit inside decides the verdict of a unit around it.",
    ),
}

WORDS = in_languages("records", TEXTS)
