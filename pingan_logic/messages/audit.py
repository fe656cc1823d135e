"""The words of the clause comparison."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "summary": (
        "{n}段，规则回答{rule}处，由人判断{human}处，不在范围{scope}处；两边对不上的{orphans}处",
        "{n} paragraphs: {rule} passages answered by rules, {human} left to people, {scope}"
        " out of scope; {orphans} without a counterpart",
    ),
    "written": ("已写入 {file}", "written to {file}"),
    "title": ("条文对照", "The clause comparison"),
    "lead": (
        "左边是通知原文，右边是回答它的规则。点击左边的文字，跳到右边的规则；每条规则注明文件和"
        "行。灰色的是背景段落，没有可核对的内容。",
        "The notice is on the left, the rules that answer it on the right. Words on the left "
        "lead to their rules; each rule names its file and line. What is grey is background.",
    ),
    "rule": ("由规则回答", "answered by a rule"),
    "human": ("由人判断", "left to people"),
    "scope": ("不在范围内", "out of scope"),
    "orphan": ("没有对应", "no counterpart"),
    "orphans": ("两边对不上的", "without a counterpart"),
    "no_orphans": (
        "两边完全对上：每一句都有规则或说明，每条规则都有出处。",
        "Both sides match: every sentence has a rule or a reason, every rule a source.",
    ),
    "tests": ("检验：", "tested by: "),
    "tests_more": ("等{n}个检验用例和性质", "and more, {n} cases and properties in all"),
    "code": ("规则原文", "the rules themselves"),
    "target": ("目标：{kind}达标率 ≥ {rate}", "target: share of met units ({kind}) ≥ {rate}"),
    "list_of": ("共{n}项，规则自检数目", "{n} items, counted by the rules themselves"),
    "kind": ("类别：{kind}", "kind: {kind}"),
    "interpretations": (
        "通知没有写明、由适用口径补充的",
        "What the notice leaves open and readings fill in",
    ),
    "interpretation": ("适用口径第{n}条", "reading {n}"),
    "reading_link": ("见", "see "),
    "in_force": ("可改，现行：{value}", "can be switched; in force: {value}"),
    "back": ("回到原文", "back to the text"),
}

WORDS = in_languages("audit", TEXTS)
