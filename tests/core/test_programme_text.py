"""The programme of one small county over three years, whatever the words."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any

import pytest

from pingan_logic import Policy, load_policy
from pingan_logic.intake import read_document
from pingan_logic.messages.explain import WORDS as COMMON
from pingan_logic.messages.programme import WORDS
from pingan_logic.programme import Programme, programme, rosters
from pingan_logic.programme.rows import attainment_rows, roster_rows
from pingan_logic.programme.text import programme_text
from tests.core.marked import golden, mark
from tests.core.test_explain import county


def three_years(policy: Policy) -> dict[str, list[dict[str, Any]]]:
    """The county of the explanations, which has more households and ledgers later."""
    data = county(policy)
    data["units"] += [
        *({"id": f"J{n}", "kind": "household", "parent": "T2"} for n in range(1, 13)),
        {"id": "S2", "kind": "school", "name": "小学", "parent": "T2"},
        # nearly there, and names that a spreadsheet would take for something else
        {"id": "S3", "kind": "school", "name": "00012", "parent": "T2"},
        {"id": "E2", "kind": "enterprise", "name": "http://127.0.0.1/", "parent": "T2"},
        {"id": "V4", "kind": "village", "name": "新村", "parent": "T2"},
        {"id": "B2", "kind": "building", "name": "=1+1", "parent": "V4"},
        *({"id": f"L{n}", "kind": "household", "parent": "B2"} for n in range(1, 4)),
        {"id": "V3", "kind": "village", "name": "飞地"},
    ]
    data["incidents"] += [
        {"id": "s", "unit": "S3", "type": "arbitrary_charges", "date": "2016-05-01"},
        {"id": "b", "unit": "L2", "type": "neighbour_dispute", "date": "2016-05-02"},
    ]
    data["ledgers"].append({"unit": "V3", "item": "*", "year": 2016})
    for year in (2015, 2016):
        data["ledgers"].append({"unit": "C", "item": "*", "year": year})
        data["incidents"].append(
            {"id": f"g{year}", "unit": "G1", "type": "gambling", "date": f"{year}-03-04"}
        )
    return data


@cache
def of(year: int, day: date | None = None) -> Programme:
    policy = load_policy()
    return programme(read_document(three_years(policy), "data", policy), policy, year, as_of=day)


@pytest.fixture
def over() -> Programme:
    return of(2016)


@pytest.fixture(autouse=True)
def _marked(monkeypatch: pytest.MonkeyPatch) -> None:
    mark(monkeypatch, COMMON, WORDS)


def test_text_in_chinese(over: Programme) -> None:
    golden("programme.zh.txt", programme_text(over))


def test_text_in_english(over: Programme) -> None:
    golden("programme.en.txt", programme_text(over, "en", every=True))


def test_text_of_a_first_year_that_is_not_over() -> None:
    first = of(2014, date(2014, 12, 30))
    golden("programme-first.txt", programme_text(first))
    assert first.to_dict()["preliminary"] is True
    assert first.to_dict()["final"] is False


def test_text_where_no_programme_runs(over: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(over.current.policy), "programme_years", ())
    assert not over.within
    monkeypatch.setitem(WORDS["zh"], "head", "{stage}")
    assert programme_text(over).splitlines()[0] == "<outside>"


def test_document(over: Programme) -> None:
    told = over.to_dict()
    lines = []
    for key, value in told.items():
        several = value if isinstance(value, list) else [value]
        lines += [key, *(json.dumps(v, ensure_ascii=False) for v in several)]
    golden("programme-document.txt", "\n".join(lines) + "\n")
    english = over.to_dict("en")
    assert {k for k in told if told[k] != english[k]} == {"rosters"}
    names = over.current.policy.bodies
    assert [r["body_name"] for r in told["rosters"]] == [names[r.body][0] for r in over.rosters]
    assert [r["body_name"] for r in english["rosters"]] == [names[r.body][1] for r in over.rosters]


def test_rows(over: Programme) -> None:
    rows = [*attainment_rows(over), *roster_rows(over)]
    golden("programme.csv", "".join(",".join(map(str, r)) + "\n" for r in rows))


def test_rosters_come_in_the_order_of_the_policy() -> None:
    """By body, then office, those of no office last, then by role and kind."""
    a = of(2016).current
    found = [(r.body, r.office, r.role, r.kind) for r in rosters(a)]
    assert len(set(found)) == len(found)
    p = a.policy
    bodies, roles, kinds = list(p.bodies), list(p.role_names), list(p.kinds)
    offices = [None, "T", "T2", ""]
    assert {o for _, o, _, _ in found} == set(offices)

    def place(key: tuple[str, str | None, str, str]) -> tuple[int, ...]:
        body, office, role, kind = key
        at = bodies.index(body), offices.index(office), roles.index(role), kinds.index(kind)
        return tuple(at)

    assert found == sorted(found, key=place)
    assert found[0] == ("county_leading_group", None, "assesses", "township")
    (lost,) = (r for r in rosters(a) if r.office == "" and r.role == "assesses")
    assert lost.units == ("V3",)
    assert lost.to_dict(a)["office_name"] is None


def test_years_are_whole(policy: Policy) -> None:
    """What is kept of a year, judged anew."""
    facts = read_document(three_years(policy), "data", policy)
    found = programme(facts, policy, 2015, as_of=date(2015, 12, 30))
    assert [(y.year, y.final, y.preliminary) for y in found.years] == [
        (2014, False, False), (2015, False, True),
    ]  # fmt: skip
    rows = list(found.now.rows)
    order = list(policy.kinds)
    assert rows == sorted(rows, key=lambda r: (order.index(r[0]), r[1]))
    assert found.now.of("household") == found.now.of("household", "")
    assert [r.kind for r in found.attainments()] == list(policy.judged_kinds)
    document = found.to_dict()
    assert document["year"] == 2015
    assert found.to_dict("en")["rosters"] != document["rosters"]
    assert programme(facts).now.year == 2016
    assert programme(facts, policy).current.policy is policy
    assert programme(facts, policy.folder, 2014).now.year == 2014


def test_the_office_of_a_unit_far_below_it() -> None:
    """A body that each township has deals with all that lies in the township, however deep."""
    a = of(2015).current
    found = {(r.office, r.kind): r.units for r in rosters(a) if r.role == "assesses"}
    assert found["T", "household"][:2] == ("F", "G1")
    homes = [*(f"J{n}" for n in range(1, 13)), "L1", "L2", "L3"]
    assert found["T2", "household"] == tuple(homes)
    assert found["T", "building"] == ("B",)
    assert found["", "village"] == ("V3",)
    assert (None, "township") in found
