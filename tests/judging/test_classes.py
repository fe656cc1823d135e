"""Judging one unit of each class for all of it gives what judging each gives."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pingan_logic
from pingan_logic import Assessment, Facts, Incident, InputError, Ledger, Policy, Unit
from pingan_logic.catalogue import Setting
from pingan_logic.intake import read_document
from pingan_logic.judging import surroundings
from pingan_logic.judging.classes import classes
from pingan_logic.order import in_order, natural
from pingan_logic.solving.judge import derive
from tests.policies import copy_policy
from tests.worlds import (
    DAYS,
    EVENTS,
    County,
    crowded_county,
    merging_county,
    random_county,
    with_copies,
    with_more,
    with_more_incidents,
    with_register,
)

POLICY = pingan_logic.load_policy()
seeds = st.integers(0, 10**9)


def crowded(seed: int, policy: Policy = POLICY) -> Facts:
    """Return a random county in which many units and containers are like others, some of them
    changed by the register."""
    rng = random.Random(seed)
    while True:
        data: County = rng.choice([random_county, random_county, crowded_county])(rng)
        if rng.random() < 0.2:
            data = merging_county(rng, policy)
        if rng.random() < 0.5:
            data = {**with_more(data, rng), "changes": data.get("changes", [])}
        if rng.random() < 0.5 and len(data["units"]) < 60:
            events = rng.choice([("opened", *EVENTS), ("moved", "renamed")])
            days = (*DAYS, "2014-06-30")
            data = with_register(data, rng, days, events, policy, few=rng.choice([None, 3]))
        data = with_more_incidents(with_copies(data, rng), rng)
        rng.shuffle(data["units"])
        try:
            return read_document(data, "data", policy)
        except InputError:  # a copy in a place where it may not be
            continue


def everything(result: Assessment) -> dict[str, Any]:
    """Return all that an assessment says."""
    out = result.outcome
    lists = ("breaches", "below", "ungraded", "unrecorded", "accountable")
    return {
        **{name: {k: sorted(v) for k, v in getattr(out, name).items()} for name in lists},
        **{name: dict(getattr(out, name)) for name in ("overall", "relocated", "named", "heirs")},
        "units": {u: (result[u], result.explain(u).text("zh", every=True)) for u in result},
        "counts": result.to_dict(),
        "absent": out.absent,
        "attainment": out.attainment,
        "verdicts": {u: dict(v) for u, v in out.verdicts.items()},
        "findings": {u: dict(f) for u, f in out.findings.items()},
        "holds": {u: set(h) for u, h in out.holds.items()},
        "lengths": [len(x) for x in (out.verdicts, out.findings, out.breaches, out.unrecorded)],
    }


def compare(facts: Facts, policy: Policy, day: date | None) -> tuple[int, int]:
    """Judge in classes and each by itself; return how many units there are, and classes."""
    merged = pingan_logic.evaluate(facts, policy, 2014, as_of=day, attainment=True)
    each = pingan_logic.evaluate(facts, policy, 2014, as_of=day, attainment=True, grouped=False)
    assert everything(merged) == everything(each)
    return len(facts.units), len(merged.outcome.groups.sizes)


@pytest.mark.no_cover
@given(seeds, st.sampled_from([None, None, date(2014, 6, 15), date(2014, 12, 30)]))
@settings(max_examples=24, deadline=None)
def test_classes_and_each_by_itself_say_the_same(seed: int, day: date | None) -> None:
    compare(crowded(seed), POLICY, day)


@pytest.mark.no_cover
def test_the_compared_counties_have_classes_of_every_kind() -> None:
    seen = {"container": 0, "incident": 0, "change": 0}
    for seed in range(40):
        facts = crowded(seed)
        standing = classes(facts, POLICY, 2014, date(2014, 12, 31)).groups.standing
        others = {u for u, one in standing.items() if u != one}
        seen["container"] += bool(others & facts.contents.keys())
        seen["incident"] += bool(others & {*facts.incidents.column("unit")})
        seen["change"] += bool(others & {*facts.changes.column("unit")})
    assert all(seen.values()), seen


SWITCHED = [(name, value) for name, values in POLICY.switch_values.items() for value in values]


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("name", "value"), [s for s in SWITCHED if s not in POLICY.switches.items()]
)
def test_classes_are_exact_under_every_switch(name: str, value: Any) -> None:
    policy = pingan_logic.load_policy(None, (Setting("switch", name, (value,)),))
    assert policy.proof.distinctions == ()
    compare(crowded(len(name) + len(str(value)), policy), policy, None)


@pytest.mark.no_cover
@given(seeds, st.data())
@settings(max_examples=20, deadline=None)
def test_one_unit_asked_for_alone_is_judged_as_with_all_others(
    seed: int, draw: st.DataObject
) -> None:
    facts = crowded(seed)
    whole = pingan_logic.evaluate(facts, POLICY, 2014)
    standing = [u.id for u in facts.units if u.id not in whole.outcome.absent]
    unit = draw.draw(st.sampled_from(standing))
    alone = pingan_logic.evaluate(facts, POLICY, 2014, unit=unit)
    for lang in ("zh", "en"):
        assert alone.explain(unit).text(lang) == whole.explain(unit).text(lang)
        assert alone.explain(unit).to_dict(lang) == whole.explain(unit).to_dict(lang)
    assert set(alone) <= {unit, *whole.inside(unit)}
    assert set(alone.notices) <= set(whole.notices)


@pytest.mark.parametrize("kept", [0, 3, 50_000])
def test_what_shapes_inherit_is_said_anew_or_known_from_other_data(
    kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surroundings, "_KEPT", kept)
    surroundings._known.cache_clear()
    asked = []

    def noted(policy: Policy, atoms: Any) -> Any:
        asked.append(atoms)
        return derive(policy, atoms)

    monkeypatch.setattr(surroundings, "derive", noted)
    for seed in range(4):
        for day in (None, date(2014, 6, 30)):
            compare(crowded(seed), POLICY, day)
    first = len(asked)
    for seed in range(4):
        compare(crowded(seed), POLICY, None)
    assert (len(asked) == first) == (kept == 50_000)


def test_what_is_said_of_an_incident_is_said_of_no_unit_with_its_id() -> None:
    facts = Facts(
        units=[Unit("B", "building"), *(Unit(f"H{n}", "household", "", "B") for n in range(3))],
        incidents=[Incident("H0", "B", "mass_petition", date(2014, 5, 1))],
    )
    for grouped in (True, False):
        result = pingan_logic.evaluate(facts, POLICY, 2014, grouped=grouped)
        assert [x for n, x in result.notices if n == "petition_by_place"] == ["H0"]


def test_a_unit_is_explained_from_all_data_where_a_rule_looks_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "policy"
    copy_policy(folder)
    path = folder / "common.lp"
    rule = "some_failed(household,U) :- standard(household,U), placed(U,P), breach(_,_,P,_)."
    path.write_text(path.read_text("utf-8") + rule + "\n", encoding="utf-8")
    policy = pingan_logic.load_policy(folder)
    facts = Facts(
        units=[Unit("V", "village"), *(Unit(f"H-{n}", "household", "", "V") for n in (1, 2))],
        incidents=[Incident("I", "H-1", "gambling", date(2014, 1, 1))],
        ledgers=[Ledger("V", "*", 2014)],
    )
    alone = pingan_logic.evaluate(facts, policy, 2014, unit="H-2")
    assert alone.status("H-2").value == "failed"
    assert list(alone) == ["H-2"]


def test_a_policy_that_tells_units_apart_judges_each(tmp_path: Path) -> None:
    """One household of two alike is failed by name: the other must not fail with it."""
    folder = tmp_path / "policy"
    copy_policy(folder)
    path = folder / "common.lp"
    rule = 'some_failed(household,U) :- standard(household,U), U == "H-2".\n'
    path.write_text(path.read_text("utf-8") + rule, encoding="utf-8")
    policy = pingan_logic.load_policy(folder)
    facts = Facts(
        units=[Unit("V", "village"), *(Unit(f"H-{n}", "household", "", "V") for n in (1, 2))],
        ledgers=[Ledger("V", "*", 2014)],
    )
    result = pingan_logic.evaluate(facts, policy, 2014)
    assert [result.status(u).value for u in ("H-1", "H-2")] == ["met", "failed"]
    (notice,) = [x for n, x in result.notices if n == "tells_apart"]
    assert notice.startswith("common.lp:")


@given(
    st.lists(st.integers(0, 10**6)),
    st.sampled_from(["", "H-", "H-0", "第", "H1-"]),
    st.sampled_from(["", "0", "x"]),
)
def test_ids_that_differ_in_one_number_come_in_natural_order(
    numbers: list[int], before: str, odd: str
) -> None:
    ids = [f"{before}{n}" for n in numbers]
    ids += [f"{before}{odd}{n}" for n in numbers[:1]]
    assert in_order(ids) == sorted(ids, key=natural)
