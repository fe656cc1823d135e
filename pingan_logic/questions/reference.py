"""The reference of the questions, generated from their description.

`python -m pingan_logic.questions.reference > docs/dev/questions.md` writes it; a test says when it
is stale.
"""

from __future__ import annotations

from collections.abc import Iterator

from pingan_logic.questions.catalogue import COMMON, QUESTIONS
from pingan_logic.questions.described import CLI, HTTP, LIBRARY, Input, Question

__all__ = ["reference"]

_WORDS = {
    "zh": {
        "title": "# 能问什么\n\n由 `python -m pingan_logic.questions.reference` 生成，不要手改。",
        "head": "每个问题的命令、库函数、服务的地址同名，回答相同；结构见 [JSON 的版本](json.md)。",
        "language": "## 中文",
        "unit": "问一个单位", "county": "问一份数据", "rules": "问规则本身", "file": "问一个文件",
        "command": "命令", "library": "库", "service": "服务", "answer": "回答",
        "table": "| 输入 | 命令行 | 服务 | 取值 | 说明 |\n|---|---|---|---|---|",
        "common": "除问规则和文件的以外，各问题都可以给：",
        "unit_form": "编号、名称", "kind_form": "类别", "text_form": "文字",
        "flag_form": "是或否", "settings_form": "若干设置", "names_form": "若干名称",
        "rows_form": "按表的行", "data_form": "数据", "rules_form": "规则", "whole_form": "整数",
        "path_form": "路径",
        "range": "{low} 至 {high}", "least": "不小于 {low}", "default": "默认 {value}",
        "comma": "，", "json": "JSON 结构", "none": "—",
    },
    "en": {
        "title": "## English",
        "head": "Command, library function and address of a question have one name and one answer; "
        "its JSON is described in [versions of the JSON answers](json.md).",
        "language": "",
        "unit": "About a unit", "county": "About data", "rules": "About the rules",
        "file": "About a file",
        "command": "command", "library": "library", "service": "service", "answer": "answer",
        "table": "| input | command line | service | value | meaning |\n|---|---|---|---|---|",
        "common": "Questions about units and data also take:",
        "unit_form": "id, name", "kind_form": "kind",
        "text_form": "text", "flag_form": "yes or no", "settings_form": "settings",
        "names_form": "names", "rows_form": "rows by table", "data_form": "data",
        "rules_form": "a policy", "whole_form": "whole number", "path_form": "path",
        "range": "{low} to {high}", "least": "at least {low}", "default": "default {value}",
        "comma": ", ", "json": "JSON schema", "none": "—",
    },
}  # fmt: skip
_COMMANDS = {
    "certificate": "evaluate --certificate",
    "expand": "policy expand",
    "params": "policy params",
    "show": "policy show",
    "switches": "whatif --each-switch",
}


def reference() -> str:
    """Return the reference as Markdown, Chinese first, each language in full."""
    return "\n".join(line for lang in ("zh", "en") for line in _in(lang))


def _in(lang: str) -> Iterator[str]:
    w = _WORDS[lang]
    yield from (w["title"], "", w["head"], "")
    yield from (w["common"], "", *_table(COMMON, lang), "")
    for about in ("county", "unit", "rules", "file"):
        yield from (f"### {w[about]}", "")
        for question in QUESTIONS.values():
            if question.of == about:
                yield from _question(question, lang)


def _question(q: Question, lang: str) -> Iterator[str]:
    w = _WORDS[lang]
    yield from (f"#### {q.name}", "", q.en[0].upper() + q.en[1:] if lang == "en" else q.zh, "")
    yield f"- {w['command']} `{_COMMANDS.get(q.name, q.name)}`"
    taken = [i.name for i in q.taken(LIBRARY) if not i.shows]
    yield f"- {w['library']} `pingan_logic.{q.name}({', '.join([q.about, *taken])})`"
    ways = [f"`POST /{q.name}`"] * q.posted
    ways += [f"`GET /{q.name}{'/{unit}' if q.of == 'unit' else ''}`"] * q.got
    if ways:
        yield f"- {w['service']} {w['comma'].join(ways)}"
    yield from (f"- {w['answer']} `{q.returns}`", "")
    if q.inputs:
        yield from (*_table(q.inputs, lang), "")


def _table(inputs: tuple[Input, ...], lang: str) -> Iterator[str]:
    w = _WORDS[lang]
    yield w["table"]
    for i in inputs:
        option = "`UNIT`" if i.form == "unit" else f"`{i.flag}`"
        sent = i.flag.strip("-") if i.form == "names" else i.name
        cells = (
            f"`{i.name}`",
            option if CLI in i.faces else w["none"],
            f"`{sent}`" if HTTP in i.faces else w["none"],
            _value(i, lang),
            i.zh if lang == "zh" else i.en,
        )
        yield f"| {' | '.join(cells)} |"


def _value(i: Input, lang: str) -> str:
    w = _WORDS[lang]
    said = [("、" if lang == "zh" else ", ").join(i.choices) or w[f"{i.form}_form"]]
    if i.form == "whole":
        bounds = {"low": i.least, "high": i.most}
        said.append(w["least" if i.most is None else "range"].format(**bounds))
        if i.default is not None:
            said.append(w["default"].format(value=i.default))
    return w["comma"].join(said)


if __name__ == "__main__":
    print(reference(), end="")
