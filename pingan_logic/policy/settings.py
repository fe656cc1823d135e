"""A changed value of a policy for one question: a number of a clause, a target or a switch."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pingan_logic.catalogue import Clause, Policy, Setting
from pingan_logic.errors import Problem, RequestError, nearest
from pingan_logic.exact import LARGEST
from pingan_logic.measured import plain_value
from pingan_logic.policy.asked import (
    compared_item,
    parse_asked,
    parse_best,
    settable,
    years_back,
    years_looked_back,
)

__all__ = ["parse_setting"]

_FORM = re.compile(r"\s*([a-z_]+)\s*\(\s*([a-z][a-z0-9_]{0,199})\s*\)\s*=\s*(\S+)\s*")


def parse_setting(text: str, policy: Policy) -> Setting:
    """Read `threshold(building_households)=95/100`, `pass_mark(township_score)=85.5`,
    `target(village)=90%`, `switch(repeated)=3` or, where a clause measures values, what it asks for
    as it is written in data, `asks_for(village_income)=20000`, or as a fraction for a rate. Where
    clauses take the best, `best_of(market_best)=10`, or a share; where they look at several years,
    `looks_back(village_crime)=3`.

    Raises RequestError naming what was found, what is expected and the nearest valid choice.
    """
    keys = {
        "threshold": [c.id for c in policy.clauses.values() if c.threshold],
        "pass_mark": [c.id for c in policy.clauses.values() if c.pass_mark is not None],
        "target": list(policy.targets),
        "switch": list(policy.switches),
    }
    if policy.measuring:
        keys["asks_for"] = settable(policy)
    if policy.best:
        keys["best_of"] = list(policy.best)
    if back := [c.id for c in policy.clauses.values() if years_looked_back(c)]:
        keys["looks_back"] = back
    match = _FORM.fullmatch(text)
    if match is None or match[1] not in keys:
        name = match[1] if match else text.partition("(")[0]
        raise _refuse(text, f"应为 {'、'.join(keys)} 之一，如 threshold(CLAUSE)=95/100",
                      f"expected one of {', '.join(keys)}, as threshold(CLAUSE)=95/100",
                      _whole(text, keys) or nearest(name, keys))  # fmt: skip
    predicate, key, value = match[1], match[2], match[3]
    if key not in keys[predicate]:
        raise _refuse(text, f"{predicate} 没有 {key}", f"{predicate} has no {key}",
                      nearest(key, keys[predicate]))  # fmt: skip
    if predicate == "switch":
        return Setting(predicate, key, (_switch(text, value, key, policy),))
    if predicate == "asks_for":
        return _asked(text, value, policy.clauses[key], policy)
    if predicate == "best_of":
        return _best(text, value, key, policy)
    if predicate == "looks_back":
        return _back(text, value, policy.clauses[key], policy)
    if predicate == "pass_mark":
        mark = re.fullmatch(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?", value)
        hundredths = int(mark[1]) * 100 + int((mark[2] or "0").ljust(2, "0")) if mark else -1
        if not 0 <= hundredths <= 10000:
            raise _refuse(text, "应为0至100的分数，最多两位小数",
                          "expected 0 to 100 points with at most two decimals")  # fmt: skip
        return Setting(predicate, key, (hundredths,))
    share = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", value)
    percent = re.fullmatch(r"([0-9]{1,3})%", value)
    n, d = (
        (int(share[1]), int(share[2])) if share else (int(percent[1]), 100) if percent else (1, 0)
    )
    if not 0 <= n <= d or d == 0:
        raise _refuse(text, "应为不大于1的比例，如 95/100 或 95%",
                      "expected a share of at most 1, as 95/100 or 95%")  # fmt: skip
    return Setting(predicate, key, (n, d))


def _whole(text: str, keys: Mapping[str, Sequence[str]]) -> str | None:
    """Return the whole form of a setting that only names what it sets: `repeated=3`."""
    name, _, value = (part.strip() for part in text.partition("="))
    found = (group for group, names in keys.items() if name in names)
    return next((f"{group}({name})={value}" for group in found), None) if value else None


def _asked(text: str, value: str, clause: Clause, policy: Policy) -> Setting:
    values = parse_asked(policy, clause, value)
    if values is None:
        item = compared_item(policy, clause)
        if item is None:
            zh, en = "应为分数，如 3/1000", "expected a fraction, as 3/1000"
            if clause.asked and clause.asked.of is None:
                zh, en = "应为0至100年", "expected 0 to 100 years"
        else:
            low, high = (plain_value(item, n) for n in (item.least, item.most))
            zh = f"应为“{item.zh}”的值，{low}至{high}"
            en = f"expected a value of {item.en}, {low} to {high}"
        raise _refuse(text, zh, en)
    return Setting("asks_for", clause.id, values, value)


def _best(text: str, value: str, clause: str, policy: Policy) -> Setting:
    best = policy.best[clause]
    values = parse_best(best, value)
    if values is not None:
        return Setting("best_of", clause, values, value)
    if best.of is None:
        raise _refuse(text, "应为前几名的数，1至9999", "expected how many of the best, 1 to 9999")
    zh = "应为大于0、不大于1的比例，如 10/100 或 10%"
    raise _refuse(text, zh, "expected a share above 0 and of at most 1, as 10/100 or 10%")


def _back(text: str, value: str, clause: Clause, policy: Policy) -> Setting:
    known = [str(n) for n in years_back(policy)]
    if value not in known:
        zh, en = f"应为 {'、'.join(known)} 年", f"expected {', '.join(known)} years"
        raise _refuse(text, zh, en, nearest(value, known))
    matters = [p.matter for p in clause.prohibitions if p.years > 1]
    together = matters[0] if len(matters) == 1 else f"({';'.join(matters)})"
    return Setting("looks_back", clause.id, (together, int(value)), value)


def _switch(text: str, value: str, key: str, policy: Policy) -> int | str:
    known = policy.switch_values.get(key, ())
    number = re.fullmatch("0*([1-9][0-9]{0,9})", value)
    if number and isinstance(policy.switches[key], int) and int(number[1]) <= LARGEST:
        return int(number[1])
    if isinstance(policy.switches[key], int) or value not in known:
        shown = [str(k) for k in known]
        raise _refuse(text, f"应为 {'、'.join(shown)}", f"expected one of {', '.join(shown)}",
                      nearest(value, shown))  # fmt: skip
    return value


def _refuse(found: str, zh: str, en: str, near: str | None = None) -> RequestError:
    return RequestError([Problem("--set", zh, en, found, near)])
