"""Whether the words of a policy fit together: what one fact names, another must have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pingan_logic.catalogue import Clause, Policy
from pingan_logic.errors import Problem, nearest

__all__ = ["incomplete"]

_NAME = re.compile("[a-z][a-zA-Z0-9_]*")
_JOINING = re.compile("[无不和及与或、,，。;；:：]")
_YEARS = re.compile(
    r"(?:最近|近|过去|连续)?[\d零一二两三四五六七八九十]+年(?:以内|之内|内|以来|来)?"
)
"""Over how many years a clause looks: `looks_back` answers it, the audit compares the number."""
_CONSEQUENCE = re.compile("的[，,][^，,]*(?:不得|不予|不能|否决|取消|撤销|降).*")
"""What follows from an incident, in a list of vetoes: “发生亡人火灾的，一票否决”."""
_HAPPENING = re.compile("(?:全年|当年|年内)?(?:未|没有|不)?(?:发生|出现|存在)")
_FEWER = re.compile(
    r"(?:不(?:满|足|到|超过|多于|高于)|少于|低于|未满)[\d一二两三四五六七八九十百]+[起次例件人名户]"
)
"""How many are borne: `repeated` answers it, the audit compares the number."""
_REMAINDER = 2
"""Characters between what is prohibited that name nothing, such as 问题 or 等."""


def incomplete(policy: Policy) -> Iterator[Problem]:
    """Yield every problem of a policy that was read: names unknown or unfit, shares beyond 1."""
    for place, names in (
        ("kind/4", policy.kinds),
        ("incident_type/3", policy.types),
        ("grade/4", policy.grades),
        ("clause/4", policy.clauses),
        ("switch/2", policy.switches),
    ):
        for name in names:
            if not _NAME.fullmatch(name):
                yield Problem(
                    place,
                    "名称应以小写字母开头，只用英文字母、数字和下划线",
                    "a name begins with a small letter and has letters, digits and underscores",
                    name,
                )
    for clause in policy.clauses.values():
        yield from _known("clause/4", clause.kind, policy.kinds)
        for kind in clause.members:
            yield from _known("members/2", kind, policy.kinds)
        if clause.threshold is not None:
            yield from _share(f"threshold({clause.id})", *clause.threshold)
        if clause.pass_mark is not None and not 0 <= clause.pass_mark <= 10000:
            yield Problem(
                f"pass_mark({clause.id})",
                "应为0至10000（百分之一分）",
                "expected 0 to 10000 hundredths of a point",
                str(clause.pass_mark),
            )
        yield from _unanswered(clause)
    for kind, target in policy.targets.items():
        yield from _known("target/3", kind, policy.kinds)
        yield from _share(f"target({kind})", *target)
    for kind, roles in policy.roles.items():
        yield from _known("role/3", kind, policy.kinds)
        for role in roles:
            yield from _known("role/3", role, policy.role_names)
            yield from _known("role/3", role, policy.lists)
    for about in policy.inputs.values():
        try:
            about.value(about.least), about.value(about.most)
        except ValueError:
            zh, en = "范围的两端不是这一项的值", "the limits are no values of the item"
            if about.type == "date":
                zh, en = "应为日历上有的日期，写作 YYYYMMDD", "expected real dates, as YYYYMMDD"
            yield Problem(f"input_range({about.id})", zh, en, f"{about.least}, {about.most}")
    for body, kind in policy.one_for_each.items():
        yield from _known("one_for_each/2", body, policy.bodies)
        yield from _known("one_for_each/2", kind, policy.kinds)


def _unanswered(clause: Clause) -> Iterator[Problem]:
    """Yield the words of a clause that none of its prohibitions quotes: one may be deleted."""
    rest = clause.zh
    if any(p.years > 1 for p in clause.prohibitions):
        rest = _YEARS.sub("", rest)
    if any(p.test.startswith("repeated") for p in clause.prohibitions):
        rest = _FEWER.sub("", rest)
    for words in sorted((p.zh for p in clause.prohibitions), key=len, reverse=True):
        rest = rest.replace(words, "、", 1)
    rest = _HAPPENING.sub("、", _CONSEQUENCE.sub("", rest))
    left = [piece for piece in _JOINING.split(rest) if len(piece) > _REMAINDER]
    if clause.prohibitions and left:
        yield Problem(
            "clause/4",
            f"条款里的“{left[0]}”没有 prohibits 回答：被删去或写错了？",
            f'no prohibits/5 answers "{left[0]}" in the clause: was one deleted or misspelt?',
            clause.id,
        )


def _known(place: str, name: str, names: Mapping[str, object]) -> Iterator[Problem]:
    if name not in names:
        yield Problem(
            place, "没有定义这个名称", "this name is not defined", name, nearest(name, names)
        )


def _share(place: str, n: int, d: int) -> Iterator[Problem]:
    if not 0 <= n <= d or d == 0:
        yield Problem(place, "应为不大于1的比例", "expected a share of at most 1", f"{n}/{d}")
