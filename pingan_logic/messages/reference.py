"""The words of the reference of questions."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "title": (
        "# 能问什么\n\n由 `python -m pingan_logic.questions.reference` 生成，不要手改。",
        "## English",
    ),
    "head": (
        "每个问题的命令、库函数、服务的地址同名，回答相同；结构见 [JSON 的版本](json.md)。",
        "Command, library function and address of a question have one name and one answer; its "
        "JSON is described in [versions of the JSON answers](json.md).",
    ),
    "language": ("## 中文", ""),
    "unit": ("问一个单位", "About a unit"),
    "county": ("问一份数据", "About data"),
    "rules": ("问规则本身", "About the rules"),
    "file": ("问一个文件", "About a file"),
    "command": ("命令", "command"),
    "library": ("库", "library"),
    "service": ("服务", "service"),
    "answer": ("回答", "answer"),
    "table": (
        "| 输入 | 命令行 | 服务 | 取值 | 说明 |\n|---|---|---|---|---|",
        "| input | command line | service | value | meaning |\n|---|---|---|---|---|",
    ),
    "common": (
        "除问规则和文件的以外，各问题都可以给：",
        "Questions about units and data also take:",
    ),
    "unit_form": ("编号、名称", "id, name"),
    "kind_form": "common.kind",
    "text_form": ("文字", "text"),
    "flag_form": ("是或否", "yes or no"),
    "settings_form": ("若干设置", "settings"),
    "names_form": ("若干名称", "names"),
    "rows_form": ("按表的行", "rows by table"),
    "data_form": ("数据", "data"),
    "rules_form": ("规则", "a policy"),
    "whole_form": ("整数", "whole number"),
    "path_form": ("路径", "path"),
    "range": ("{low} 至 {high}", "{low} to {high}"),
    "least": ("不小于 {low}", "at least {low}"),
    "default": ("默认 {value}", "default {value}"),
    "comma": "common.comma",
    "json": ("JSON 结构", "JSON schema"),
    "none": ("—", "—"),
}

WORDS = in_languages("reference", TEXTS)
