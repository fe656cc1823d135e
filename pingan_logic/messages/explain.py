"""The words of units, clauses and reasons; the words of the notice come from the policy."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "id": ("编号", "id"),
    "name": ("名称", "name"),
    "status": ("结论", "status"),
    "failed_clauses": "common.failed_clauses",
    "open_clauses": ("待核条款", "clauses undetermined"),
    "met": "common.met",
    "failed": "common.failed",
    "undetermined": "common.undetermined",
    "met_level": ("达到", "reached"),
    "failed_level": ("未达到", "not reached"),
    "head": ("{year}判定结果（规则 {policy}）", "Verdicts for {year} (rules {policy})"),
    "head_preliminary": ("{year}结果（规则 {policy}）", "Verdicts for {year} (rules {policy})"),
    "preliminary": (
        "预评（数据截至{day}）：未达标的已可确定，达标的须到{end}才能确定",
        "Preliminary (data up to {day}): “not met” is final, “met” must wait for {end}",
    ),
    "reaches": "common.reaches",
    "level_open": ("{reached}（{levels}待核）", "{reached} ({levels} undetermined)"),
    "next_lacks": ("{level}还缺：{clauses}", "Lacking for {level}: {clauses}"),
    "next_open": ("{level}待核：{clauses}", "Undetermined for {level}: {clauses}"),
    "actual": ("实际{measured}，要求{required}", "It is {measured}; {required} is required"),
    "short": ("；还差{n}{measure}", "; {n} short"),
    "no_members": (
        "没有登记辖内单位，无法计算比例。确有的，请在“单位”表补录；确无的，请申报“不适用”并写明"
        "理由",
        "No unit is registered inside, so there is no share: add them, or declare the clause "
        "not applicable with the reason",
    ),
    "not_applicable": ("不适用：{reason}", "It is declared not applicable: {reason}"),
    "no_score": (
        "没有录入考评得分；要求{required}分",
        "No score is recorded; {required} is required",
    ),
    "no_poll": ("没有录入民调结果", "No survey result is recorded"),
    "no_requirement": (
        "第{measured}名；没有录入上级要求的名次",
        "Its rank is {measured}; the rank required is not recorded",
    ),
    "polled_met": ("民调结果：达到要求", "The survey result meets the requirement"),
    "polled_failed": ("民调结果：未达到要求", "The survey result does not meet the requirement"),
    "rank": ("第{measured}名；要求{required}", "Its rank is {measured}; {required} is required"),
    "one_part": ("{n}项中有一项达标即达标", "One of these {n} will do"),
    "every_part": ("{n}项都达标才达标", "Each of these {n} is required"),
    "part": ("“{clause}”{status}", "“{clause}” is {status}"),
    "missing": ("缺台账：{items}", "No ledger is filed for: {items}"),
    "missing_then": ("缺{year}的台账：{items}", "No ledger is filed for {year}: {items}"),
    "to_come": (
        "台账已经登记，须记到{end}：{items}",
        "The ledger is entered, and has to be kept until {end}: {items}",
    ),
    "ungraded": ("未定级或未认定责任", "The grade or the liability is not yet found"),
    "incidents": ("案事件", "These incidents count"),
    "below": ("已计入{n}起，要求{required}", "Counted so far: {n}; it has to be {required}"),
    "ledger_counted": (
        "依据：{units}{year}台账，没有其他计入的案事件",
        "Basis: ledger of {units} for {year}; no other incident counts",
    ),
    "ledger": (
        "依据：{units}{year}台账，没有计入的案事件",
        "Basis: ledger of {units} for {year}; no incident counts",
    ),
    "members_failed": ("未达标的{kind}{n}{measure}：{names}", "Not met ({kind}, {n}): {names}"),
    "members_failed_level": (
        "没有达到{kind}的{n}{measure}：{names}",
        "Below {kind} ({n}): {names}",
    ),
    "members_undetermined": (
        "待核的{kind}{n}{measure}：{names}",
        "Undetermined ({kind}, {n}): {names}",
    ),
    "grade_none": ("未定级", "not graded"),
    "liable_yes": ("有责任", "liable"),
    "liable_no": ("无责任", "not liable"),
    "colon": "common.colon",
    "comma": "common.comma",
    "list": "common.list",
    "open_bracket": "common.open_bracket",
    "close_bracket": "common.close_bracket",
    "kind": "common.kind",
    "counted": ("应评", "judged"),
    "rate": ("达标率", "rate"),
    "target": "common.target",
    "no_target": ("无目标", "no target"),
    "assesses": ("考核评比", "assessed"),
    "forwards": ("上报", "forwarded"),
    "recognises": ("认定", "recognised"),
    "awards": ("授牌", "awarded"),
    "semicolon": "common.semicolon",
    "accountable": (
        "责任追究情形提示（通知第四部分末段；不影响结论，是否追究由有权机关认定）：{incidents}",
        "Possible accountability (end of section 四 of the notice; does not affect the "
        "verdict, the competent body decides): {incidents}",
    ),
    "summary": ("按类别汇总", "By kind"),
    "by_area": ("按{kinds}汇总", "By {kinds}"),
    "no_units": ("没有符合条件的单位", "There is no such unit."),
    "notice": ("提示", "note"),
    "more_units": "common.more_units",
    "no_standard": (
        "通知对该类单位没有标准，不参评",
        "The notice has no standard for this kind: it is not judged",
    ),
    "no_ledgers": (
        "该年度没有登记任何台账，“无……”各条款只能待核，请在“台账”表登记",
        "no ledger was filed for that year; clauses that say “none” stay undetermined until one is",
    ),
    "tells_apart": (
        "本规则须逐个单位判定，用时较长，结果不受影响",
        "these rules must judge every unit separately; this is slower, with the same result",
    ),
    "no_results": (
        "没有登记上一期间的结论；数据中有上一期间，用 new-year 由它的判定得出",
        "results of the period before are not recorded; the data holds that period: new-year "
        "judges it",
    ),
    "no_year": (
        "数据中没有年度，按规则的首年判定，可用 --year 指定",
        "the data names no year: the policy's first year is judged; see --year",
    ),
    "no_data": ("数据中没有该年度的记录", "the data has no record of the year that is judged"),
    "preliminary_notice": (
        "该年度尚未结束，结果为预评",
        "the year is not over: the result is preliminary",
    ),
    "sample": (
        "未指定 --facts，使用自带的虚构样例县",
        "no --facts given: the synthetic sample county is used",
    ),
    "year": ("{year}：{status}", "{year}: {status}"),
    "year_preliminary": ("{year}预评", "{year}, preliminary"),
    "preliminary_status": ("预评结论", "preliminary status"),
    "standard": (
        "适用标准：通知{place}{kind}。{n}条：{counts}。",
        "Standard: {place} of the notice, {kind}. {n} clauses: {counts}.",
    ),
    "clauses": ("{n}条{status}", "{n} {status}"),
    "share": (
        "实际{met}/{total}{measure}，{rate}；要求{required}",
        "{met} of {total}, {rate}; {required} is required",
    ),
    "share_counts": (
        "{has}{met}{measure}，待核{open}{measure}，{lacks}{failed}{measure}，共{total}{measure}",
        "{met} {has}, {open} undetermined, {failed} {lacks}, of {total}",
    ),
    "has": ("已达标", "met"),
    "lacks": "common.failed",
    "has_level": ("已达到", "at the level"),
    "lacks_level": ("未达到", "below it"),
    "share_open": (
        "达标比例{rate}；要求{required}（{needed}{measure}）",
        "share {rate}; {required} ({needed}) is required",
    ),
    "no_rate": ("无法计算", "no share"),
    "to": "common.to",
    "at_least": "common.at_least",
    "at_most": ("第{n}名以内", "{n} or better"),
    "fewer_than": "common.fewer_than",
    "score": ("{measured}分；要求{required}分", "It has {measured} points; {required} is required"),
    "basis_ledger": "explain.ledger",
    "list_met": ("{place} {name}（{n}条）", "{place} all {n} prohibitions"),
    "list_rest": ("{place} {name}的其余{n}条", "{place} the other {n} prohibitions"),
    "not_named": ("编号用 --details 列出", "ids with --details"),
    "more_all": ("等（--all 全部列出）", " and more (--all lists every one)"),
    "all_inside": ("都在{unit}", "All of them are in {unit}"),
    "concerned": ("涉及的条款：{clauses}", "Clauses concerned: {clauses}"),
    "clause_count": ("{clause}{n}{measure}", "{clause}: {n}"),
    "clause_count_apart": ("{clause}（{n}{measure}）", "{clause}: {n}"),
    "one_of": ("1{measure}{kind}", "one {kind}"),
    "and": ("、", " and "),
    "role_of": ("{roles}：{body}", "{roles} by {body}"),
    "bodies": ("{bodies}。达标不等于授牌。", "{bodies}. Being met is not the award."),
    "internal": (
        "内部资料，涉及{kinds}情况，不得公开。",
        "Internal: concerns {kinds} data; not for publication.",
    ),
    "internal_plain": ("内部资料，不得公开。", "Internal: not for publication."),
    "total": (
        "共{n}个单位{counted}：达标{met}，未达标{failed}，待核{undetermined}。",
        "{n} units{counted}: {met} met, {failed} not met, {undetermined} undetermined.",
    ),
    "total_counted": ("（含{kind}{n}{measure}）", " ({kind}: {n})"),
    "failed_units": ("未达标的单位（{n}个{without}）", "Not met ({n}{without})"),
    "failed_without": ("，不含{kind}", ", without {kind}"),
    "open_units": (
        "待核的单位{n}个，列出用 --status undetermined",
        "Undetermined: {n}; list them with --status undetermined",
    ),
    "failed_counted": (
        "另有未达标的{kind}{n}{measure}，列出用 --status failed --kind {kind}",
        "Not met ({kind}): {n}; list them with --status failed --kind {kind}",
    ),
    "all_clauses": ("全部{status}", "all {status}"),
    "quote": ("“{text}”", "“{text}”"),
    "none": "common.none",
}

WORDS = in_languages("explain", TEXTS)
