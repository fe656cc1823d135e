"""The programme of one small county over three years, whatever the words."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any

import pytest

from pingan_logic import Policy, load_policy
from pingan_logic.explain.words import WORDS as COMMON
from pingan_logic.intake import read_document
from pingan_logic.programme import Programme, programme, rosters
from pingan_logic.programme.text import attainment_rows, programme_text, roster_rows
from pingan_logic.programme.words import WORDS
from tests.core.marked import golden, mark
from tests.core.test_explain import county


def three_years(policy: Policy) -> dict[str, list[dict[str, Any]]]:
    """The county of the explanations, which has more households and ledgers later."""
    data = county(policy)
    data["units"] += [
        *({"id": f"J{n}", "kind": "household", "parent": "T2"} for n in range(1, 13)),
        {"id": "S2", "kind": "school", "name": "小学", "parent": "T2"},
    ]
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
    assert programme_text(over).splitlines()[1] == "<outside>"


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


def test_the_office_of_a_unit_far_below_it() -> None:
    """A body that each township has deals with all that lies in the township, however deep."""
    a = of(2015).current
    found = {(r.office, r.kind): r.units for r in rosters(a) if r.role == "assesses"}
    assert found["T", "household"][:2] == ("F", "G1")
    assert found["T2", "household"] == tuple(f"J{n}" for n in range(1, 13))
    assert found["T", "building"] == ("B",)
    assert (None, "township") in found
