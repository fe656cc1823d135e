"""No number leaves 32 bits: ranges at their ends, and a list of everything that is computed."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import pingan_logic
from pingan_logic import Facts, InputError, Policy, PolicyError, Score, Unit
from pingan_logic.policy.settings import parse_setting
from pingan_logic.questions.comparison import policy_with
from pingan_logic.rules.find import data_folder
from pingan_logic.solving import control, trace, worlds
from tests.policies import copy_policy

SHIPPED = data_folder("policies") / "xiangyin-2014"
MOST = 2**31 - 1
COUNT = 21_474_836
"""Whoever multiplies by 100 and forgets what is added to round up takes this for safe."""


def with_rules(tmp_path: Path, text: str) -> str:
    folder = tmp_path / "policy"
    copy_policy(folder)
    (folder / "zz.lp").write_text(text, encoding="utf-8")
    return str(folder)


def derived(policy: Policy, program: str) -> Any:
    return control.ground(policy.files, program, policy.settings)


def attained(policy: Policy, kind: str, met: int, open_: int, total: int) -> tuple[str, int]:
    """Return what the rules say of counts that no test could build units for."""
    ctl = derived(policy, f"attainment({kind},all,{met},{open_},{total}).")
    (row,) = ctl.symbolic_atoms.by_signature("attained", 3)
    short = [a.symbol.arguments[2].number for a in ctl.symbolic_atoms.by_signature("short", 3)]
    return row.symbol.arguments[2].name, short[0] if short else 0


def exactly(share: tuple[int, int], met: int, open_: int, total: int) -> tuple[str, int]:
    n, d = share
    short = max(0, -(-total * n // d) - met)
    if met * d >= total * n:
        return "proven_met", 0
    return ("proven_missed" if (met + open_) * d < total * n else "open"), short


SETTINGS = ("", "target(village)=9999/9999", "target(village)=9998/9999", "target(village)=1/1",
            "target(village)=33%")  # fmt: skip


@pytest.mark.parametrize("setting", SETTINGS)
def test_counts_up_to_the_most_units_are_compared_exactly(policy: Policy, setting: str) -> None:
    if setting:
        policy = policy_with(policy, [parse_setting(setting, policy)])
    share = policy.targets["village"]
    for total in (policy.most_units, policy.most_units - 1):
        need = -(-total * share[0] // share[1])
        for met in (0, need - 1, need, total):
            for open_ in {0, max(0, need - met - 1), max(0, need - met), total - met}:
                counts = (met, open_, total)
                assert attained(policy, "village", *counts) == exactly(share, *counts), counts


def test_one_unit_more_would_wrap(policy: Policy) -> None:
    assert policy.most_units == COUNT - 1
    assert policy.targets["township"] == (100, 100)
    right = exactly((100, 100), 0, 0, COUNT)
    assert attained(policy, "township", 0, 0, COUNT - 1)[1] == COUNT - 1
    assert attained(policy, "township", 0, 0, COUNT) != right


@pytest.mark.parametrize("total", [COUNT - 1, COUNT - 2])
def test_clauses_compare_exactly_at_the_most_units(policy: Policy, total: int) -> None:
    for clause in (c for c in policy.clauses.values() if c.threshold):
        n, d = clause.threshold or (1, 1)
        need = -(-total * n // d)
        rows = {(need, 0): "met", (need - 1, 0): "failed", (need - 1, 1): "undetermined",
                (0, total): "undetermined", (0, need - 1): "failed"}  # fmt: skip
        for (met, open_), status in rows.items():
            failed = total - met - open_
            counts = {"met": met, "undetermined": open_, "failed": failed}
            facts = f'size({clause.id},"X",{total}).'
            for each, number in counts.items():
                facts += f'counts("{each}","X",{number}).'
                facts += f'verdict({clause.members[0]},"{each}",{each}).'
            ctl = derived(policy, facts)
            found = [
                a.symbol.arguments[3].name
                for a in ctl.symbolic_atoms.by_signature("finding", 5)
                if str(a.symbol.arguments[2]) == '"X"'
            ]
            assert found == [status], (clause.id, met, open_)


def test_finer_shares_allow_fewer_units(tmp_path: Path) -> None:
    folder = with_rules(tmp_path, "target(county, 999999, 1000000).")
    policy = pingan_logic.load_policy(folder)
    assert policy.most_units == 2146
    units = [Unit(f"C{n}", "county") for n in range(policy.most_units + 1)]
    assert len(list(pingan_logic.evaluate(Facts(units=units[1:]), policy, 2014))) == 0
    with pytest.raises(InputError, match=f"单位数不得超过{policy.most_units}") as error:
        pingan_logic.evaluate(Facts(units=units), policy, 2014)
    assert error.value.problems[0].found == str(len(units))


@pytest.mark.parametrize(
    "rule",
    [
        "threshold(building_households, 90, 2147483647).",
        "threshold(building_households, 101, 100).",
        "threshold(building_households, -1, 100).",
        "threshold(building_households, 0, 0).",
        'threshold(building_households, "90", 100).',
        'threshold(building_households, 90, "100").',
        "target(county, 1000001, 1000001).",
        "pass_mark(township_score, 2147483647).",
        "pass_mark(township_score, -1).",
        'pass_mark(township_score, "85").',
        "point_cost(1000001).",
        "settle_cost(gambling, household, -1).",
        'record_cost(score, "5").',
    ],
)
def test_numbers_of_a_policy_that_could_wrap_are_refused(tmp_path: Path, rule: str) -> None:
    with pytest.raises(PolicyError, match=r"zz\.lp:1"):
        pingan_logic.load_policy(with_rules(tmp_path, rule))


@pytest.mark.parametrize(
    "setting",
    ["threshold(building_households)=0/0", "threshold(building_households)=10000/10000",
     "target(village)=101%", "pass_mark(township_score)=100.01", "switch(repeated)=2147483648"],
)  # fmt: skip
def test_settings_that_could_wrap_are_refused(policy: Policy, setting: str) -> None:
    with pytest.raises(pingan_logic.RequestError):
        parse_setting(setting, policy)


def test_the_largest_values_of_every_field_are_judged_exactly(policy: Policy) -> None:
    units = [Unit("C", "county"), Unit("T", "township", parent="C")]
    polls = {MOST: "failed", MOST - 1: "met"}
    for rank, status in polls.items():
        facts = Facts(
            units=units,
            scores=[Score("T", 2014, Decimal(100))],
            polls=[pingan_logic.Poll("T", 2014, rank=rank)],
            requirements=[pingan_logic.Requirement("township", 2014, MOST - 1)],
        )
        result = pingan_logic.evaluate(facts, policy, 2014, as_of=date(2014, 12, 31))
        found = {f.clause: f.status.value for f in result["T"].findings}
        assert found["township_poll"] == status
        assert found["township_score"] == "met"
    too_much = Facts(units=units, polls=[pingan_logic.Poll("T", 2014, rank=MOST + 1)])
    with pytest.raises(InputError, match=str(MOST)):
        pingan_logic.evaluate(too_much, policy, 2014)


def test_sums_of_costs_may_exceed_32_bits() -> None:
    ctl = control.clingo.Control()
    ctl.add("base", [], "a. b. #minimize { 2000000000,a : a ; 2000000000,b : b }.")
    ctl.ground([("base", [])])
    assert worlds.optimum(ctl, []).cost == 4_000_000_000


def computed() -> dict[str, set[str]]:
    """Return every arithmetic term and sum in the shipped rule files."""
    found: dict[str, set[str]] = {}

    class Look(trace.Transformer):  # type: ignore[name-defined,misc]
        def visit_BinaryOperation(self, node: Any) -> Any:
            found.setdefault(str(node), set()).add(path.name)
            return node

        def visit_BodyAggregate(self, node: Any) -> Any:
            for element in node.elements if node.function in (1, 2) else ():
                added = str(element.terms[0])
                binders = [str(c) for c in element.condition if re.search(rf"\b{added}\b", str(c))]
                terms = ",".join(map(str, element.terms))
                found.setdefault(f"#sum {terms}: {', '.join(binders)}", set()).add(path.name)
            return self.visit_children(node) or node

        def visit_Minimize(self, node: Any) -> Any:
            found.setdefault(f"#minimize {node.weight}", set()).add(path.name)
            return self.visit_children(node) or node

    for path in sorted(p for f in (SHIPPED, SHIPPED.parent / "base") for p in f.rglob("*.lp")):
        control.parse_files([str(path)], Look().visit)
    return found


def test_every_computed_number_has_a_proof_of_its_range() -> None:
    text = (SHIPPED.parents[1] / "docs" / "evidence" / "numbers.md").read_text(encoding="utf-8")
    table = text[text.index("| 式子 |") :]
    proven = set(re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE))
    assert set(computed()) == proven
