"""The JSON answers by version: what was written under a version keeps to its schema."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import pingan_logic
from pingan_logic.answers import answers_schema
from pingan_logic.figures import SCHEMA

ROOT = Path(__file__).parents[2]
EXAMPLES = Path(__file__).parents[1] / "schemas"
CLOSED = {1: "fb98e84116eeccb86d59637811ae182f9ed57fcd24899f30bbf671dfa914e983"}
"""The digests of the schemas of versions that are no longer written: they never change."""


def schema_of(version: int) -> tuple[bytes, dict[str, Any]]:
    name = "answers.schema.json" if version == SCHEMA else f"answers.schema.{version}.json"
    text = (ROOT / "docs" / name).read_bytes()
    return text, json.loads(text)


@pytest.mark.parametrize("version", range(1, SCHEMA + 1))
def test_examples_keep_to_the_schema_of_their_version(version: int) -> None:
    _, schema = schema_of(version)
    found = sorted((EXAMPLES / str(version)).glob("*.json"))
    assert {p.stem for p in found} >= {
        "check", "evaluate", "explain", "fix", "margin", "missing", "programme", "whatif",
    }  # fmt: skip
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)  # once: it takes long
    for path in found:
        answer = json.loads(path.read_text(encoding="utf-8"))
        assert answer["schema"] == version
        fits = validator({**schema, "$ref": f"#/$defs/{path.stem}"})
        fits.validate(answer)
        with pytest.raises(jsonschema.ValidationError):
            fits.validate({**answer, "more": 1})


def test_old_versions_do_not_change_and_each_is_described() -> None:
    assert set(CLOSED) == set(range(1, SCHEMA))
    page = (ROOT / "docs" / "dev" / "json.md").read_text(encoding="utf-8")
    for version, digest in CLOSED.items():
        text, schema = schema_of(version)
        assert sha256(text).hexdigest() == digest
        assert schema["$defs"]["evaluate"]["properties"]["schema"] == {"const": version}
        assert f"schema {version}" in page.lower()
    assert schema_of(SCHEMA)[1] == answers_schema()
    assert f"schema {SCHEMA}" in page.lower()


def numbers(version: int, name: str) -> Any:
    return json.loads((EXAMPLES / str(version) / f"{name}.json").read_text(encoding="utf-8"))


def test_numbers_are_numbers_beside_the_text(policy: pingan_logic.Policy) -> None:
    facts = pingan_logic.load_facts(EXAMPLES / "county.json", policy)
    result = pingan_logic.evaluate(facts, policy, 2014)
    rows = {row["kind"]: row for row in result.summary()}
    households = rows["household"]
    assert households["rate"] == {"low": 1, "high": 1, "of": 2}
    assert households["target"] == {"numerator": 95, "denominator": 100}
    assert households["target_text"] == "≥95%"
    found = {f["clause"]: f for f in result.explain("T").to_dict()["findings"]}
    assert found["township_score"]["figures"] == {
        "measure": "hundredths", "low": 8450, "high": 8450, "of": None, "least": 8500,
        "most": None,
    }  # fmt: skip
    assert found["township_poll"]["figures"] == {
        "measure": "ranks", "low": 3, "high": 3, "of": None, "least": None, "most": 5,
    }  # fmt: skip
    village = {f["clause"]: f for f in result.explain("V").to_dict()["findings"]}
    assert village["village_property_crime"]["figures"] == {
        "measure": "incidents", "low": 1, "high": 1, "of": None, "least": None, "most": 1,
    }  # fmt: skip
    # what is said in text in both versions is the same
    old, new = numbers(1, "evaluate")["summary"], numbers(2, "evaluate")["summary"]
    assert [r["rate"] for r in old] == [r["rate_text"] for r in new]
    assert [r["target"] for r in old] == [r["target_text"] for r in new]
