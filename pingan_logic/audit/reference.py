"""The predicate reference, generated from the docstrings of the rule files.

`python -m pingan_logic.audit.reference > docs/rules/predicates.md` writes it; a test says when
it is stale.
"""

from __future__ import annotations

import re
from collections import defaultdict

from pingan_logic.catalogue import Policy
from pingan_logic.characters import is_han
from pingan_logic.rules.predicates import GIVEN
from pingan_logic.rules.syntax import Docstring
from pingan_logic.solving.load_policy import load_policy
from pingan_logic.solving.program import read_rules

__all__ = ["reference"]

_HEAD = """\
# 谓词参考

由 `python -m pingan_logic.audit.reference` 从规则文件 `{policy}` 的说明生成，不要手改。
怎样读规则，见[怎样读一条规则](read-a-rule.md)。
"""


def reference(policy: Policy) -> str:
    """Return the reference of a policy as Markdown: each file, each documented predicate."""
    syntax = read_rules(policy.files)
    written: dict[str, list[str]] = defaultdict(list)
    read: dict[str, list[str]] = defaultdict(list)
    for rule in syntax.rules:
        for atom in rule.head:
            written[atom.signature].append(rule.file)
        for atom in rule.body:
            read[atom.signature].append(rule.file)
    parts = [_HEAD.format(policy=policy.name)]
    for path in syntax.files:
        docs = [d for d in syntax.docs if d.file == path.name]
        parts.append(f"\n## {path.name}\n\n{_prose(syntax.headers[path.name])}\n")
        for doc in docs:
            name = doc.signature
            given = GIVEN.get(doc.name) == len(doc.arguments)
            parts.append(_entry(doc, given, _files(written[name]), _files(read[name])))
    return "".join(parts)


def _files(names: list[str]) -> str:
    found = list(dict.fromkeys(names))
    if len(found) > 4:
        return f"{len(found)}个文件"
    return "、".join(f"`{n}`" for n in found)


def _prose(text: str) -> str:
    """Return a docstring with the Chinese first, each language in a paragraph of its own."""
    text, args, rest = text.strip().partition("Args:\n")
    lines = [line for line in text.strip().split("\n") if line]
    chinese = [line for line in lines if _is_chinese(line)]
    english = [line for line in lines if line not in chinese]
    said = "\n\n".join("\n".join(some) for some in (chinese, english) if some)
    if args:
        items = re.split(r"^ *- ", rest, flags=re.MULTILINE)[1:]
        said += "\n\n参数：\n\n" + "\n".join(map(_argument, items))
    return said.strip()


def _is_chinese(line: str) -> bool:
    """Whether a line is in Chinese, whatever names of files and predicates stand in it."""
    letters = len(re.findall(r"[A-Za-z]", line))
    return is_han(line[0]) or sum(map(is_han, line)) * _LETTERS > letters


_LETTERS = 2
"""Letters for one Chinese character: what a Chinese line holds at most of names."""


def _argument(item: str) -> str:
    """Return an argument as a line, or as a list of the values that it may have."""
    name, _, said = " ".join(item.split()).partition(": ")
    values = said.split(" | ")
    if len(values) == 1:
        return f"- `{name}`: {said}"
    listed = (re.sub(r"^(\w+(?:\([\w,]*\))?)", r"`\1`", value) for value in values)
    return "\n".join([f"- `{name}`:", *(f"    - {value}" for value in listed)])


def _entry(doc: Docstring, given: bool, written: str, read: str) -> str:
    lines = [f"\n### `{doc.name}({','.join(doc.arguments)})`\n", f"\n{_prose(doc.text)}\n"]
    notes = []
    if given:
        notes.append("由数据给出")
    if written:
        notes.append(f"写于{written}")
    if read:
        notes.append(f"用于{read}")
    if notes:
        lines.append(f"\n{'；'.join(notes)}。\n")
    return "".join(lines)


if __name__ == "__main__":
    print(reference(load_policy()), end="")
