"""What is asked of the served rules: the same answers as the command line's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import pingan_logic
from pingan_logic import Policy
from tests.server.here import Here
from tests.server.test_served import SAMPLE, answered, printed


@pytest.fixture(scope="module")
def here() -> Iterator[Here]:
    served = Here(SAMPLE)
    yield served
    served.close()


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("params", ("policy", "params")),
        ("show", ("policy", "show")),
        ("audit", ("audit",)),
        ("lint", ("lint",)),
    ],
)
def test_the_rules_answer_as_the_command_line_does(
    here: Here, name: str, command: tuple[str, ...]
) -> None:
    quiet = ["--lang", "en", "--json"]
    told = here.get(f"/{name}?lang=en")
    answered(told, name)
    wanted = json.loads(printed(*command, *quiet)) if name != "lint" else {"findings": []}
    assert {k: told.json()[k] for k in wanted} == wanted
    again = here.get(f"/{name}?lang=en", headers={"if-none-match": told.headers["etag"]})
    assert again.status_code == 304
    assert here.get(f"/{name}?year=2014").status_code == 422


def test_a_property_is_proven_and_an_unknown_one_is_said(here: Here) -> None:
    told = answered(here.get("/verify?property=empty_ratio&bound=1"), "verify")
    assert [p["name"] for p in told["properties"]] == ["empty_ratio"]
    assert told["as_expected"] is True
    refused = here.get("/verify?property=empty_ration&bound=1&lang=en")
    assert refused.status_code == 400
    (problem,) = refused.json()["problems"]
    assert (problem["place"], problem["nearest"]) == ("property", "empty_ratio")
    assert here.get("/verify").status_code == 422


def test_a_certificate_is_that_of_the_library(here: Here, policy: Policy, tmp_path: Path) -> None:
    told = here.get("/certificate?year=2014")
    assert told.status_code == 200
    facts = pingan_logic.load_facts(SAMPLE, policy)
    assert told.content == b"".join(pingan_logic.certificate(facts, None, policy, 2014))
