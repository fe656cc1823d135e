"""The pages: names put no element and no attribute into them."""

from __future__ import annotations

import itertools
import json
import zlib
from collections import Counter
from functools import cache
from unittest.mock import patch

import attrs
import lxml.html

from pingan_logic import Facts, Policy
from pingan_logic.programme import programme
from pingan_logic.reports.html_page import render
from tests.fuzz.checks import rules
from tests.fuzz.hostile import MORE, SEEDS, accepted, county, texts
from tests.fuzz.target import Target, target

Skeleton = Counter[tuple[str, tuple[str, ...]]]


def _skeleton(text: str) -> Skeleton:
    """Count the elements of a page by name and attributes."""
    root = lxml.html.document_fromstring(text)
    return Counter(
        (str(e.tag), tuple(sorted(e.attrib))) for e in root.iter() if isinstance(e.tag, str)
    )


def _report(facts: Facts, policy: Policy, lang: str) -> Skeleton:
    with patch("pingan_logic.reports.view._REMEDIES", 0):  # they take most of the time
        text = render(programme(facts, policy, 2015), lang).decode("utf-8")
    root = lxml.html.document_fromstring(text)
    scripts = root.findall(".//script")
    assert len(scripts) == 2
    nodes = json.loads(scripts[0].text_content())["nodes"]
    assert {n[0] for n in nodes} <= {u.id for u in facts.units}
    return _skeleton(text)


def _policy(names: list[str]) -> Policy:
    """Return the policy with the words of clauses and kinds replaced."""
    if not names:
        return rules()
    n = itertools.cycle(names)
    return attrs.evolve(
        rules(),
        clauses={
            k: attrs.evolve(c, zh=next(n), en=next(n), source=next(n))
            for k, c in rules().clauses.items()
        },
        kinds={k: attrs.evolve(v, zh=next(n), en=next(n)) for k, v in rules().kinds.items()},
        notice=(next(n), next(n)),
    )


@cache
def _plain(lang: str, reworded: bool) -> Skeleton:
    return _report(county([], ["名"]), _policy(["词"] if reworded else []), lang)


def _run(data: bytes) -> None:
    names = texts(data)
    chance = zlib.crc32(data)
    lang = ("zh", "en")[chance % 2]
    ids = list(accepted(names, "id")) if chance % 4 < 2 else []
    used = list(accepted(names, "name"))
    reworded = chance % 8 == 0
    facts = county(ids, used or ["名"])
    found = _report(facts, _policy(used) if reworded and used else rules(), lang)
    wanted = _plain(lang, bool(reworded and used))
    assert found == wanted, f"elements differ: {(found - wanted) + (wanted - found)}"


target(Target("page", lambda: SEEDS, _run, MORE, weight=1))
