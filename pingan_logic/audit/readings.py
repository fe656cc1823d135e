"""The page of readings, generated from the rule files: what the notice leaves open, and the
default.

`python -m pingan_logic.audit.readings > docs/rules/readings.md` writes it; a test says when it is
stale.
"""

from __future__ import annotations

from pingan_logic.catalogue import Policy
from pingan_logic.solving.load_policy import load_policy

__all__ = ["readings_page"]

_HEAD = """\
# 适用口径

通知没有写明、需要确定怎样适用的{n}处。每处是规则文件里的一个 `interpretation/4` 事实，
写明默认的口径和理由；通知只能由发文机关解释，
这里只说程序怎样适用。本页由 `python -m pingan_logic.audit.readings` 从规则 `{policy}` 生成，
不要手改。
([English below](#english))

能切换的写成 `switch(名称, 取值)`，见第二张表：改这个事实，或者用 `whatif --set` 试改，
不必动程序。每处在您的数据里影响几个单位：

```sh
pingan whatif --each-switch
```

另有可增删的事实：`same_matter/2`（哪些可能是同一件事）、
`by_responsible_unit/1`（哪些事项按责任单位计）、
`also_by_responsible_unit/1`（哪些
事项也计入责任单位）、`residence/1`（住人的类别）、`belongs_to/2`（某类单位应在哪一类之内）、
`may_be_declared/1`（哪些条款可申报“不适用”）、
`assigned/2`（幼儿园等归入哪一类）。取值写错的，自检拒绝。

## 全部口径

| 条 | 口径和理由 | 名称 |
|---:|---|---|
"""
_SWITCHES = """
## 能切换的

| 条 | 名称 | 默认 | 别的取值 |
|---:|---|---|---|
"""
_ENGLISH = """
## English

The {n} points that the notice leaves open, each one fact `interpretation/4` of the rules with its
default and reason. Only the
issuing body interprets its notice; this is how the program applies it. This page is generated; do
not edit it. Points that can be
switched are in the second table: change the fact, or try it with `pingan whatif --set`; `pingan
whatif --each-switch --lang en` says
how many units each one decides in your data.

| no. | reading and reason | name |
|---:|---|---|
"""
_ENGLISH_SWITCHES = """
| no. | name | default | other values |
|---:|---|---|---|
"""


def readings_page(policy: Policy) -> str:
    """Return every reading and every switch of a policy as Markdown, in both languages."""
    readings = sorted(policy.interpretations.values(), key=lambda i: i.number)
    named = {"n": len(readings), "policy": policy.name}
    parts = [_HEAD.format(**named)]
    parts += [f"| {i.number} | {i.zh} | `{i.name}` |\n" for i in readings]
    parts += [_SWITCHES, *_switches(policy, "zh"), _ENGLISH.format(**named)]
    parts += [f"| {i.number} | {i.en} | `{i.name}` |\n" for i in readings]
    return "".join([*parts, _ENGLISH_SWITCHES, *_switches(policy, "en")])


def _switches(policy: Policy, lang: str) -> list[str]:
    rows = []
    for name, (number, *words) in sorted(policy.switch_words.items(), key=lambda s: s[1][0]):
        now = policy.switches[name]
        plain = policy.grades.get(str(now), (str(now), str(now)))
        spoken = policy.value_words.get((name, now), plain)[lang == "en"]
        said = words[lang == "en"].format(value=spoken)
        colon, comma = (": ", ", ") if lang == "en" else ("：", "、")
        others = [f"`{v}`" for v in policy.switch_values.get(name, ()) if v != now]
        rows.append(
            f"| {number} | `{name}` | `{now}`{colon}{said} | {comma.join(others) or '—'} |\n"
        )
    return rows


if __name__ == "__main__":
    print(readings_page(load_policy()), end="")
