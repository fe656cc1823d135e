"""The words of the clause comparison in both languages."""

from __future__ import annotations

__all__ = ["WORDS"]

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "summary": "{n}段，规则回答{rule}处，由人判断{human}处，不在范围{scope}处；"
        "两边对不上的{orphans}处",
        "written": "已写入 {file}",
        "title": "条文对照",
        "lead": "左边是通知原文，右边是回答它的规则。点击左边的文字，跳到右边的规则；"
        "每条规则注明文件和行。灰色的是背景段落，没有可核对的内容。",
        "rule": "由规则回答",
        "human": "由人判断",
        "scope": "不在范围内",
        "orphan": "没有对应",
        "orphans": "两边对不上的",
        "no_orphans": "两边完全对上：每一句都有规则或说明，每条规则都有出处。",
        "tests": "检验：",
        "tests_more": "等{n}个检验用例和性质",
        "code": "规则原文",
        "target": "目标：{kind}达标率 ≥ {rate}",
        "list_of": "共{n}项，规则自检数目",
        "kind": "类别：{kind}",
        "interpretations": "通知没有写明、由适用口径补充的",
        "interpretation": "适用口径第{n}条",
        "reading_link": "见",
        "in_force": "可改，现行：{value}",
        "back": "回到原文",
    },
    "en": {
        "summary": "{n} paragraphs: {rule} passages answered by rules, {human} left to people, "
        "{scope} out of scope; {orphans} without a counterpart",
        "written": "written to {file}",
        "title": "The clause comparison",
        "lead": "The notice is on the left, the rules that answer it on the right. Words on the "
        "left lead to their rules; each rule names its file and line. What is grey is background.",
        "rule": "answered by a rule",
        "human": "left to people",
        "scope": "out of scope",
        "orphan": "no counterpart",
        "orphans": "without a counterpart",
        "no_orphans": "Both sides match: every sentence has a rule or a reason, every rule "
        "a source.",
        "tests": "tested by: ",
        "tests_more": "and more, {n} cases and properties in all",
        "code": "the rules themselves",
        "target": "target: share of met units ({kind}) ≥ {rate}",
        "list_of": "{n} items, counted by the rules themselves",
        "kind": "kind: {kind}",
        "interpretations": "What the notice leaves open and readings fill in",
        "interpretation": "reading {n}",
        "reading_link": "see ",
        "in_force": "can be switched; in force: {value}",
        "back": "back to the text",
    },
}
