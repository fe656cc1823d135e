"""The words of remedies: what has to turn out, never what to write down."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "list": "common.list",
    "colon": "common.colon",
    "comma": "common.comma",
    "semicolon": "common.semicolon",
    "already_met": ("已经达标，不需要整改。", "Met already: nothing to remedy."),
    "met_as": ("达标", "is met"),
    "be_met": ("达标", "be met"),
    "reaches_as": "common.reaches",
    "reach": ("达到{level}", "reach {level}"),
    "already_reached": (
        "已经达到{level}，不需要整改。",
        "It reaches {level} already: nothing to remedy.",
    ),
    "to_level": ("要达到的级别：{level}", "Level to reach: {level}"),
    "plan": (
        "整改方案：{steps}，工作量{cost}。已证明没有工作量更小的方案。",
        "Remedy: {steps}, effort {cost}. No remedy takes less effort (proven).",
    ),
    "plan_so_far": (
        "整改方案：{steps}，工作量{cost}（时限内找到的，其中没有可以省去的；已证明的下限{lower}"
        "，未证明最小）。",
        "Remedy: {steps}, effort {cost} (found within the time limit, with none that can be "
        "spared; proven lower bound {lower}, not proven least).",
    ),
    "plan_cut_short": (
        "整改方案：{steps}，工作量{cost}（时限内找到的，其中可能有可以省去的；已证明的下限"
        "{lower}，未证明最小）。",
        "Remedy: {steps}, effort {cost} (found within the time limit, perhaps with some that "
        "can be spared; proven lower bound {lower}, not proven least).",
    ),
    "alternative": (
        "另一方案（{number}）：{steps}，工作量{cost}",
        "Another remedy ({number}): {steps}, effort {cost}",
    ),
    "no_plan_yet": (
        "时限已到，还没有找到方案（已证明的下限{lower}）。",
        "Time limit reached without a remedy (proven lower bound {lower}).",
    ),
    "step": ("1项措施", "1 step"),
    "steps": ("{n}项措施", "{n} steps"),
    "effort": ("    工作量{cost}", "    effort {cost}"),
    "at_the_end": ("（{end}完成）", " (at {end})"),
    "settle": ("调处化解、纠正“{item}”：{where}", "Settle or put right “{item}”: {where}"),
    "settle_as": ("{how}：{where}", "{how}: {where}"),
    "grade": ("请有权机关依法定级：{where}", "Have it graded by the competent authority: {where}"),
    "grade_turns": (
        "定为“{grade}”以下的，有关条款达标；定为“{grade}”及以上的，未达标",
        "Graded below “{grade}”, the clause is met; otherwise it is not",
    ),
    "liability": (
        "请有权机关依法认定责任：{where}",
        "Have liability found by the competent authority: {where}",
    ),
    "liability_turns": (
        "认定无责任的，有关条款达标；认定有责任的，未达标",
        "Without liability, the clause is met; otherwise it is not",
    ),
    "ledger": (
        "核实后如实补报台账（{items}）：{where}",
        "Check, then file the ledger ({items}): {where}",
    ),
    "ledger_then": (
        "核实后如实补报{year}的台账（{items}）：{where}",
        "Check, then file the ledger of {year} ({items}): {where}",
    ),
    "score": (
        "{who}年度考评得分{before}分，须达到{after}分（差{n}分）：{clause}",
        "{who}: the annual score is {before}; {after} is needed ({n} more): {clause}",
    ),
    "score_turns": (
        "以考评机关核定的得分为准；得分已经核定的，不能更改",
        "The score is the one that the assessing body confirms; a confirmed score cannot be "
        "changed",
    ),
    "record_score": ("录入年度考评得分：{who}", "Record the annual score: {who}"),
    "record_score_turns": (
        "不低于{after}分的，本条达标",
        "A score of {after} or above meets the clause",
    ),
    "record_poll": ("录入上级公布的民调结果：{who}", "Record the published survey result: {who}"),
    "record_poll_turns": (
        "达到要求的，本条达标",
        "The clause is met if the result meets the requirement",
    ),
    "record_requirement": (
        "录入上级下达的名次要求（{kind}）",
        "Record the rank required by the higher authority ({kind})",
    ),
    "record_requirement_turns": (
        "要求为第{after}名以内或更宽的，本条达标",
        "The clause is met if the rank is {after} or a larger number",
    ),
    "value": (
        "{who}{name}现为{before}，须{required}：{clause}",
        "{who}: {name} is {before}, and has to be {required}: {clause}",
    ),
    "value_turns": (
        "以有权机关核定的为准",
        "What counts is the value that the competent authority confirms",
    ),
    "record_value": ("登记{name}：{who}", "Record {name}: {who}"),
    "record_value_turns": ("{required}的，本条达标", "The clause is met if it is {required}"),
    "record_ratio_turns": ("{required}的，本条达标", "The clause is met if {required}"),
    "record_any_turns": ("登记以后，本条达标", "The clause is met once it is recorded"),
    "record_given": (
        "登记上级规定的{name}（{kind}）",
        "Record what is required from above: {name} ({kind})",
    ),
    "record_given_turns": (
        "规定的不严于{required}的，本条达标",
        "The clause is met if what is required is no stricter than {required}",
    ),
    "declare": (
        "确无此类单位的，申报“不适用”并写明理由：{who}，{clause}",
        "If there is no such member, declare it not applicable with the reason: {who}, {clause}",
    ),
    "declare_turns": ("确有的，请在“单位”表补录", "If there is one, add it to the units"),
    "condition": (
        "以上措施完成，并且核实的结果均为“无”（或不计入）的，{unit}{met}。",
        "When all this is done and what was checked turns out to be none (or not to count), "
        "{unit} {met}.",
    ),
    "condition_said": (
        "以上措施完成，核实的结果均为“无”（或不计入），其余结果符合所写条件的，{unit}{met}。",
        "When all this is done, what was checked turns out to be none (or not to count), and the "
        "rest turns out as said above, {unit} {met}.",
    ),
    "as_said": (
        "以上措施完成，并且结果符合所写条件的，{unit}{met}。",
        "When all this is done and turns out as said above, {unit} {met}.",
    ),
    "done": ("以上措施完成的，{unit}{met}。", "When all this is done, {unit} {met}."),
    "truth": (
        "核实发现有此类案（事）件的，应当登记，不得报零。",
        "What did happen is recorded, never a nil return.",
    ),
    "measure": (
        "工作量1约为{effort}，只用来比较方案。",
        "Effort 1 is about {effort}; it only ranks remedies.",
    ),
    "measure_only": ("工作量只用来比较方案。", "Effort only ranks remedies."),
    "impossible": ("{year}已不能{be}。", "Can no longer {be} for {year}."),
    "open": (
        "{year}能否{be}，取决于其他单位还没有登记的数值，请先补记：",
        "Whether it can {be} for {year} rests on values of other units that are not recorded yet: "
        "record these first.",
    ),
    "no_value": ("{reasons}；登记什么都不能达到", "{reasons}; nothing that is recorded meets it"),
    "open_value": (
        "{reasons}；其他单位补记以后才能确定",
        "{reasons}; not settled until other units are recorded",
    ),
    "barred": ("不能整改的条款：", "Clauses that cannot be remedied:"),
    "barred_so_far": (
        "时限已到：不能整改的条款没有查完，以上只是已查到的。",
        "Time limit reached: these were found; which others cannot be remedied is not settled.",
    ),
    "irreparable": (
        "已经发生，不能撤销：{incidents}",
        "has happened and cannot be undone: {incidents}",
    ),
    "cannot": ("没有可以改变它的措施", "no remedy changes it"),
    "short": (
        "还差{needed}{measure}，可以整改{repairable}{measure}",
        "{needed} short, {repairable} can be remedied",
    ),
    "others": ("；其余{n}{measure}不能整改：", "; the other {n} cannot: "),
    "first_year": (
        "从{year}起可以重新参评；{that}各条都符合的，{met}。",
        "It can be assessed again for {year}; it {met} if every clause holds in {that}.",
    ),
    "no_first_year": (
        "等到以后年度也不能{be}：须先改变单位的登记情况。",
        "Later years do not help either: what the register says of the unit has to change first.",
    ),
    "never_before": (
        "等到以后年度也不能{be}：有条款看上一期间的结论。",
        "Later years do not help either: a clause looks at the result of the period before.",
    ),
    "first_year_open": (
        "时限已到：已证明到{year}为止都不能{be}，以后的年度没有查完。",
        "Time limit reached: it is proven that it cannot {be} up to {year}; later years are "
        "not settled.",
    ),
    "empty": (
        "没有登记辖内单位，无法计算比例。确有的，请在“单位”表补录；确无而允许申报的，请申报“不"
        "适用”并写明理由。",
        "No member is registered inside, so there is no share: add them, or where that is "
        "allowed declare the clause not applicable with the reason.",
    ),
    "final_score": (
        "年度考评得分{before}分，须达到{after}分（差{n}分）；得分已经核定，不能更改",
        "the annual score is {before}; {after} is needed ({n} more); a confirmed score cannot "
        "be changed",
    ),
    "final_value": (
        "{reasons}；已经登记，不能更改",
        "{reasons}; it is recorded and cannot be changed",
    ),
    "final_poll": (
        "上级公布的民调结果未达到要求，不能更改",
        "the published survey result does not meet the requirement and cannot be changed",
    ),
    "unanswered": (
        "不能回答怎样才能{be}：下列条款由规则另行规定，列出的措施都改变不了它。",
        "There is no answer: these clauses have rules of their own that no listed remedy reaches.",
    ),
    "unanswered_whole": ("结论由规则另行规定", "the verdict has rules of its own"),
    "and_more": "common.and_more",
    "case": ("，案事件{cases}", ", incident {cases}"),
    "cases": ("，案事件{cases}", ", incidents {cases}"),
}

WORDS = in_languages("remedy", TEXTS)
