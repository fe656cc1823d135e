"""The words of the reports."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "lang": "common.lang",
    "title": ("{place}{year}{programme}报告", "{place}: report on the {programme}, {year}"),
    "basis": ("依据{notice}，规则 {policy}", "by {notice}; policy {policy}"),
    "jump": ("跳到逐级查看", "skip to the tree"),
    "summary": ("总体情况", "summary"),
    "summary_line": (
        "共{counted}个单位参评{included}：达标{met}，未达标{failed}，待核{undetermined}。{targets}",
        "{counted} units judged{included}: {met} met, {failed} not met, "
        "{undetermined} undetermined. {targets}",
    ),
    "targets_line": (
        "{n}项目标中，已达到{proven_met}项，达不到{proven_missed}项，待核{open}项。",
        "Targets: {n}; {proven_met} reached, {proven_missed} out of reach, {open} undetermined.",
    ),
    "included": ("（含{kinds}）", " ({kinds} units included)"),
    "attainment": ("达标率与目标", "attainment against target"),
    "chart_alt": (
        "{kind}：达标率{rate}，目标{target}，{result}",
        "{kind}: rate {rate}, target {target}, {result}",
    ),
    "legend_target": "common.target",
    "trend": ("逐年变化", "year by year"),
    "trend_note": (
        "色带为达标率的下限至上限（待核越多越宽），虚线为目标。",
        "The band runs from the lower to the upper bound of the rate (the more is "
        "undetermined, the wider); the dashed line is the target.",
    ),
    "programme": ("创建", "programme"),
    "areas": ("各{kinds}", "by {kinds}"),
    "own_status": ("{kinds}自身", "itself"),
    "matrix_note": (
        "每格为已达标/应评；左侧色条：绿为已达到目标，红为达不到，黄为待核，灰为无目标。",
        "Each cell is met/judged; the bar at its left is green when the target is reached, red "
        "when it is out of reach, yellow when undetermined, grey without a target.",
    ),
    "near": ("只差一点的单位", "nearly there"),
    "near_note": (
        "只有一条未达标，或还差不超过{few}个的未达标单位。整改措施工作量最小（已证明）；辖内未"
        "达标、待核的单位合计超过{most}个的，此处不列。",
        "Units that are not met by one clause, or at most {few} members short. A remedy takes "
        "the least effort, proven, and is not given where more than {most} units inside are "
        "not met or undetermined.",
    ),
    "near_members": ("差{n}{measure}", "{n} short ({kind})"),
    "near_clause": ("一条未达标", "one clause not met"),
    "near_open": ("，另有{n}条待核", ", {n} undetermined beside"),
    "near_more": (
        "共{n}个，这里是最接近的{m}个；全部见工作簿（.xlsx）。",
        "The nearest {m} of {n}; all are in the workbook (.xlsx).",
    ),
    "near_none": ("没有这样的单位。", "There is no such unit."),
    "distance": ("差多少", "how far"),
    "short_by": "common.short",
    "text": ("条款原文", "words"),
    "lacking": ("差什么", "lacking"),
    "remedy": ("整改措施", "remedy"),
    "browse": ("逐级查看", "level by level"),
    "browse_note": (
        "从上到下逐级展开。方向键移动，回车查看理由。",
        "Open level by level. Arrow keys move, Enter shows the reasons.",
    ),
    "tree": ("单位", "units"),
    "search": ("查找编号或名称", "find an id or a name"),
    "search_hint": ("例如 B-12", "for example B-12"),
    "all_kinds": ("全部类别", "all kinds"),
    "clear": ("清除", "clear"),
    "results": ("找到{n}个", "{n} found"),
    "results_first": ("找到{n}个，显示前{m}个", "{n} found, the first {m} shown"),
    "no_results": (
        "没有找到。已达标的{kinds}只计数，未列入本页；需要时用 explain 命令查询。",
        "Nothing found. Of {kinds} the met ones are only counted on this page.",
    ),
    "show_more": ("再显示{n}个（余{m}个）", "show {n} more ({m} left)"),
    "met_more": ("另有{n}{measure}{kind}达标，未逐个列出", "{n} more met, not listed ({kind})"),
    "unjudged": ("不参评", "not judged"),
    "choose": (
        "选择一个单位，这里显示它的结论和逐条理由。",
        "Choose a unit: its status and the reasons, clause by clause, appear here.",
    ),
    "where": ("所在", "in"),
    "inside": ("辖内单位", "units inside"),
    "others_met": (
        "其余{n}条没有计入的案事件，台账齐全，达标",
        "the other {n} clauses: no incident counts, ledgers complete, met",
    ),
    "blockers": ("{status}的{kind}（{n}）", "{status}: {kind} ({n})"),
    "close": ("收起", "close"),
    "short": ("还差{n}{measure}", "{n} short"),
    "failures": ("未达标条款", "clauses that are not met"),
    "clause": ("条款", "clause"),
    "units": "pages.tree",
    "failed_units": ("未达标单位", "units that are not met"),
    "failures_note": (
        "按未达标单位数排列；一个单位可有多条。",
        "Ordered by the number of units that are not met; a unit can miss several clauses.",
    ),
    "rosters": ("各机关办理数量", "what the bodies have to deal with"),
    "rosters_note": (
        "达标不等于授牌：这里是按本年度判定结果列出的数量，名单见工作簿（.xlsx）。",
        "Being met is not the award: these are the units to deal with by the verdicts of the "
        "year; the lists are in the workbook (.xlsx).",
    ),
    "offices": ("{n}个", "{n}"),
    "rate_low": ("达标率下限", "rate, at least"),
    "rate_high": ("达标率上限", "rate, at most"),
    "sheet_page": ("第&P页，共&N页", "page &P of &N"),
    "sheet_attainment": ("达标率与目标", "attainment"),
    "sheet_trend": "pages.trend",
    "sheet_failures": "common.failed_clauses",
    "sheet_near": ("只差一点", "nearly there"),
    "reason": ("理由", "reason"),
    "statuses": (
        "达标：各条都有依据证明符合；未达标：至少一条有依据证明不符合；待核：记录不全，尚不能判"
        "定。",
        "Met: every clause is shown to be fulfilled. Not met: at least one clause is shown to "
        "be broken. Undetermined: records are missing.",
    ),
    "no_script": (
        "逐级查看需要浏览器允许脚本；以上各表不受影响。",
        "The tree needs scripts allowed in the browser; the tables above do not.",
    ),
    "posting_title": (
        "关于{place}{year}{programme}拟授牌单位的公示（稿）",
        "Draft public notice: units proposed for the award, {place}, {year}",
    ),
    "posting_lead": (
        "根据{notice}，经按{year}数据初步判定，下列单位符合标准，拟报有权机关审定后授牌，现"
        "予公示。",
        "By {notice}, on the data of {year} the units below meet the standard; they are "
        "proposed for the award, which the competent body decides, and published for comment.",
    ),
    "posting_apart": (
        "公示期：____年__月__日至____年__月__日（由发布机关填写）。意见反映：________（单位、电"
        "话，由发布机关填写）。",
        "Period: ________ to ________ (filled in by the publishing body). Comments to: "
        "________ (body and telephone, filled in by the publishing body).",
    ),
    "posting_counted": ("{kind}只公布数量，不列名单。", "Of {kind} only the number is published."),
    "posting_first": ("{number}、{text}", "{number}. {text}"),
    "posting_second": ("（{number}）{text}", "({number}) {text}"),
    "posting_group": ("拟授牌“{title}”（{n}{measure}）", "Proposed: {title} ({n})"),
    "number": ("序号", "no."),
    "count": ("数量", "number"),
    "area": ("所在地区", "area"),
    "none_met": (
        "根据{notice}，经按{year}数据初步判定，没有符合标准的{kinds}，没有拟授牌的单位。",
        "By {notice}, on the data of {year} no unit of these kinds meets its standard, and none "
        "is proposed for the award: {kinds}.",
    ),
    "none_posted": (
        "{notice}没有须公示的名单：没有一个机关的名单（授牌等）是要公示的。",
        "By {notice} there is no list to post: none of a body, such as of awards, is posted.",
    ),
    "too_many": ("名单超过一张工作表的行数", "a list has more rows than a sheet can hold"),
    "posting_signed": (
        "________________（发布机关，盖章）|____年__月__日",
        "________________ (publishing body, seal)|Date: ________",
    ),
    "nameless": ("（没有登记名称）", "(no name recorded)"),
    "internal": (
        "内部资料：含{kinds}和个人敏感情况，不得公开、不得外传。",
        "Internal: contains sensitive {kinds} data; not for publication.",
    ),
    "internal_plain": (
        "内部资料：含单位和个人敏感情况，不得公开、不得外传。",
        "Internal: contains sensitive data; not for publication.",
    ),
}

WORDS = in_languages("pages", TEXTS)
